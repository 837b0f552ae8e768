"""What programs find out about the server is so: counts, addresses, examples, sitemap."""

import asyncio
import urllib.parse
import xml.etree.ElementTree as ET
from types import SimpleNamespace

import pyoxigraph as ox
import pytest
import yaml
from tests.conftest import WORLD

from trilateral.prefixes import prefixes
from trilateral.serve.generation import Kept
from trilateral.serve.linked_data.discovery import _sitemap
from trilateral.serve.linked_data.statistics import read_statistics
from trilateral.serve.workers.limits import Limits
from trilateral.serve.workers.peer import JobError, Result

BASE = "https://w3id.org/trilateral/"
VOID = "http://rdfs.org/ns/void#"
DCAT = "http://www.w3.org/ns/dcat#"
DCT = "http://purl.org/dc/terms/"
SH = "http://www.w3.org/ns/shacl#"
SPACE = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
FORMATS = {
    "ttl": ("text/turtle", ox.RdfFormat.TURTLE),
    "nt": ("application/n-triples", ox.RdfFormat.N_TRIPLES),
    "rdf": ("application/rdf+xml", ox.RdfFormat.RDF_XML),
    "trig": ("application/trig", ox.RdfFormat.TRIG),
    "nq": ("application/n-quads", ox.RdfFormat.N_QUADS),
}


def described(client, path):
    """Return a description as values by subject and predicate."""
    answer = client.get(path, headers={"accept": "application/n-triples"}, follow_redirects=True)
    assert answer.status_code == 200, answer.text
    found = {}
    for quad in ox.parse(answer.content, format=ox.RdfFormat.N_TRIPLES):
        key = quad.subject.value, quad.predicate.value
        found.setdefault(key, set()).add(quad.object.value)
    return found


def number(client, query):
    answer = client.get("/sparql", params={"query": query})
    assert answer.status_code == 200, answer.text
    row = answer.json()["results"]["bindings"][0]
    return int(row["n"]["value"])


@pytest.mark.parametrize("name", ["void", "dcat", "sparql-examples"])
def test_description_is_given_in_every_format(world_client, name):
    wanted = None
    for ending, (media, form) in FORMATS.items():
        answer = world_client.get(f"/{name}", headers={"accept": media})
        assert (answer.status_code, answer.headers["location"]) == (303, f"/{name}.{ending}")
        document = world_client.get(f"/{name}.{ending}")
        found = {quad.triple for quad in ox.parse(document.content, format=form)}
        wanted = wanted or found
        assert found == wanted
        assert len(found) > 20
    assert world_client.get(f"/{name}.jsonld").json()["@context"][0].endswith("/context.jsonld")


@pytest.mark.parametrize("name", ["void", "sparql-examples"])
def test_well_known_places_lead_to_the_descriptions(world_client, name):
    accept = {"accept": "text/turtle"}
    answer = world_client.get(f"/.well-known/{name}", headers=accept)
    assert (answer.status_code, answer.headers["location"]) == (303, f"/{name}.ttl")
    assert answer.headers["vary"] == "Accept"
    assert (
        world_client.get(f"/.well-known/{name}", headers={"accept": "image/*"}).status_code == 406
    )


@pytest.mark.parametrize("place", ["world", "shipped"])
def test_void_counts_equal_count_queries(request, place):
    client = request.getfixturevalue(f"{place}_client")
    found = described(client, "/.well-known/void")
    dataset = BASE + "void#dataset"

    def value(subject, name):
        (only,) = found[subject, VOID + name]
        return only

    distinct = "{ SELECT DISTINCT ?s ?p ?o { ?s ?p ?o } }"
    own = f"{{ ?s ?p ?o FILTER (STRSTARTS(STR(?s), '{BASE}')) }}"
    for name, query in {
        "triples": f"SELECT (COUNT(*) AS ?n) {distinct}",
        "classes": "SELECT (COUNT(DISTINCT ?c) AS ?n) { ?s a ?c }",
        "properties": "SELECT (COUNT(DISTINCT ?p) AS ?n) { ?s ?p ?o }",
        "distinctSubjects": "SELECT (COUNT(DISTINCT ?s) AS ?n) { ?s ?p ?o }",
        "distinctObjects": "SELECT (COUNT(DISTINCT ?o) AS ?n) { ?s ?p ?o }",
        "entities": f"SELECT (COUNT(DISTINCT ?s) AS ?n) {own}",
    }.items():
        assert int(value(dataset, name)) == number(client, query), name
    # Every partition, against one query for all.
    partitions = {
        "class": ("entities", "(COUNT(DISTINCT ?s) AS ?n) { ?s a ?x }"),
        "property": ("triples", "(COUNT(*) AS ?n) { { SELECT DISTINCT ?s ?x ?o { ?s ?x ?o } } }"),
    }
    for kind, (count, pattern) in partitions.items():
        query = f"SELECT ?x {pattern} GROUP BY ?x"
        parts = found[dataset, f"{VOID}{kind}Partition"]
        told = {value(part, kind): int(value(part, count)) for part in parts}
        rows = client.get("/sparql", params={"query": query}).json()["results"]["bindings"]
        assert told == {row["x"]["value"]: int(row["n"]["value"]) for row in rows}
        assert len(told) == len(parts)


def test_counts_are_made_once_for_all_who_ask_and_again_when_they_failed(world_store):
    class Engine:
        """Answers from the tiny world, but for the first job."""

        jobs = 0

        async def run(self, job, seconds):
            assert seconds > Limits.seconds
            self.jobs += 1
            await asyncio.sleep(0)
            if self.jobs == 1:
                raise JobError("busy", "Too many queries wait already.")
            found = world_store.query(
                job["query"], prefixes=dict(prefixes()), use_default_graph_as_union=True
            )
            return Result({}, found.serialize(format=ox.QueryResultsFormat.JSON), 0.0)

    site = SimpleNamespace(kept=Kept(), engine=Engine(), limits=Limits())

    async def play():
        both = (read_statistics(site), read_statistics(site))
        refused = await asyncio.gather(*both, return_exceptions=True)
        assert [each.status for each in refused] == [503, 503]
        assert site.engine.jobs == 1
        # Who hangs up leaves the counting to the others.
        gone = asyncio.create_task(read_statistics(site))
        await asyncio.sleep(0)
        gone.cancel()
        first, second = await asyncio.gather(read_statistics(site), read_statistics(site))
        assert gone.cancelled()
        assert first is second is await read_statistics(site)
        assert site.engine.jobs == 1 + 5
        assert first.triples == len({quad.triple for quad in world_store})

    asyncio.run(play())


def test_void_says_what_is_so(world_client, world_url):
    found = described(world_client, "/void")
    dataset = BASE + "void#dataset"
    assert found[dataset, VOID + "sparqlEndpoint"] == {f"{world_url}/sparql"}
    assert found[dataset, VOID + "uriSpace"] == {BASE}
    assert found[dataset, DCT + "license"] == {"https://creativecommons.org/licenses/by/4.0/"}
    for dump in found[dataset, VOID + "dataDump"]:
        assert world_client.head(dump).status_code == 200
    for example in found[dataset, VOID + "exampleResource"]:
        path = example.removeprefix(BASE.rstrip("/"))
        assert world_client.get(path).status_code == 303


def test_catalogue_names_what_there_is_and_nobody_else(world_client, world_url):
    found = described(world_client, "/dcat")
    dataset = BASE + "void#dataset"
    assert found[BASE + "dcat", DCAT + "dataset"] == {dataset}
    citation = yaml.safe_load((WORLD.parents[1] / "CITATION.cff").read_text())
    assert found[dataset, DCT + "title"] == {citation["title"]}
    assert found[dataset, DCT + "description"] == {citation["abstract"]}
    assert found[dataset, DCAT + "keyword"] == set(citation["keywords"])
    (creator,) = found[dataset, DCT + "creator"]
    assert found[creator, prefixes()["foaf"] + "name"] == {
        each["name"] for each in citation["authors"]
    }
    for thing in (dataset, BASE + "dcat"):
        assert found[thing, DCT + "publisher"] == {creator}

    parts = found[dataset, DCAT + "distribution"]
    assert len(parts) == 6
    for part in parts:
        (url,) = found[part, DCAT + "downloadURL"]
        (media,) = found[part, DCAT + "mediaType"]
        head = world_client.head(url)
        assert head.status_code == 200
        media = media.removeprefix("https://www.iana.org/assignments/media-types/")
        assert head.headers["content-type"].partition(";")[0] == media
        assert found[part, DCT + "license"]
    for service in found[BASE + "dcat", DCAT + "service"]:
        assert found[service, DCAT + "servesDataset"] == {dataset}
        for name in ("endpointURL", "endpointDescription"):
            (url,) = found[service, DCAT + name]
            assert url.startswith(world_url)
            assert world_client.get(url, follow_redirects=True).status_code == 200


def test_every_question_is_an_example_that_runs(world_client, world_url, home):
    found = described(world_client, "/.well-known/sparql-examples")
    names = {path.stem for path in home.queries.glob("*.rq")}
    target = prefixes()["schema"] + "target"
    examples = {subject for subject, predicate in found if predicate == target}
    assert examples == {f"{BASE}sparql-examples#{name}" for name in names}
    rdf_type = prefixes()["rdf"] + "type"
    for number_, example in enumerate(sorted(examples)):
        assert found[example, target] == {f"{world_url}/sparql"}
        assert SH + "SPARQLExecutable" in found[example, rdf_type]
        assert found[example, prefixes()["rdfs"] + "comment"]
        texts = [found.get((example, SH + form)) for form in ("select", "ask", "construct")]
        ((text,),) = [each for each in texts if each]
        # All stand on the same ground; each tenth is run, all are in the tests of questions.
        if number_ % 10 == 0:
            answer = world_client.post("/sparql", data={"query": text})
            assert answer.status_code == 200, (example, answer.text)


def test_sitemap_names_pages_that_are_there(world_client, world_url, world_store):
    answer = world_client.get("/sitemap.xml")
    assert answer.headers["content-type"] == "application/xml"
    root = ET.fromstring(answer.content)
    assert root.tag == f"{SPACE}urlset"
    urls = [each.text for each in root.iter(f"{SPACE}loc")]
    assert len(urls) == len(set(urls))
    assert f"{world_url}/actor/ada-orr.html" in urls
    label = ox.NamedNode(prefixes()["skos"] + "prefLabel")
    for quad in world_store.quads_for_pattern(None, label, None):
        assert quad.subject.value.replace(BASE, f"{world_url}/") + ".html" in urls
    for url in [*urls[:6], *urls[::60]]:
        assert world_client.head(url).status_code == 200, url
    assert world_client.get("/sitemap-2.xml").status_code == 404


def test_long_sitemap_is_an_index_of_parts():
    """As the protocol has it, a file holds 50,000 URLs; what is special in XML is escaped."""
    from starlette.requests import Request

    labels = dict.fromkeys([f"{BASE}actor/{at}" for at in range(50_000)] + [f"{BASE}a/&<'"])
    site = SimpleNamespace(
        labels=labels, version="0" * 64, path=lambda iri: "/" + iri.removeprefix(BASE)
    )

    def get(part=None):
        scope = {
            "type": "http", "method": "GET", "path": "/", "query_string": b"", "scheme": "https",
            "headers": [(b"host", b"a.example")], "path_params": {"part": part} if part else {},
            "app": SimpleNamespace(state=SimpleNamespace(site=site)),
        }  # fmt: skip
        return ET.fromstring(asyncio.run(_sitemap(Request(scope))).body)

    index = get()
    assert index.tag == f"{SPACE}sitemapindex"
    parts = [each.text for each in index.iter(f"{SPACE}loc")]
    assert parts == [f"https://a.example/sitemap-{number}.xml" for number in (1, 2)]
    urls = [each.text for part in (1, 2) for each in get(part).iter(f"{SPACE}loc")]
    assert len(list(get(1))) == 50_000
    assert len(set(urls)) == len(urls) == 50_001 + 5
    assert f"https://a.example/a/{urllib.parse.quote(chr(38) + '<' + chr(39))}.html" in urls


def test_robots_may_read_pages_and_ask_no_queries(world_client, world_url):
    answer = world_client.get("/robots.txt")
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    lines = answer.text.splitlines()
    assert lines[0] == "User-agent: *"
    assert {"Disallow: /sparql?", "Disallow: /graphs?", "Disallow: /search"} <= set(lines)
    assert f"Sitemap: {world_url}/sitemap.xml" in lines
    # The descriptions are for them: no rule may keep them out.
    rules = [line.removeprefix("Disallow: ") for line in lines if line.startswith("Disallow")]
    for path in ("/actor/ada-orr.html", "/void.ttl", "/sparql-examples.ttl", "/ontology.html"):
        assert not any(path == rule or path.startswith(rule) for rule in rules), path


def test_context_has_the_terms_of_the_ontology(world_client, store):
    answer = world_client.get("/context.jsonld")
    assert answer.headers["content-type"] == "application/ld+json"
    context = answer.json()["@context"]
    own = prefixes()["tri"]
    # By what ontology/stances.ttl, time.ttl and actors.ttl say of them.
    assert context["holder"] == {"@id": own + "holder", "@type": "@id"}
    assert context["latitude"] == {"@id": own + "latitude", "@type": prefixes()["xsd"] + "decimal"}
    assert context["occurrences"] == {"@id": own + "occurrences"}
    assert context["Stance"] == own + "Stance"
    assert context["prefLabel"] == {
        "@id": prefixes()["skos"] + "prefLabel", "@container": "@language"
    }  # fmt: skip
    rdf_type = ox.NamedNode(prefixes()["rdf"] + "type")
    for kind in ("Class", "ObjectProperty", "DatatypeProperty"):
        node = ox.NamedNode(prefixes()["owl"] + kind)
        for quad in store.quads_for_pattern(None, rdf_type, node):
            if quad.subject.value.startswith(own):
                assert quad.subject.value.removeprefix(own) in context
