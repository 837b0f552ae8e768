"""Every serialisation of a document says the same, to whichever library reads it."""

import hashlib
import json
import re

import httpx
import pyoxigraph as ox
import pytest
import rdflib
from pyld import jsonld
from tests.conftest import WORLD

from trilateral.prefixes import prefixes
from trilateral.serve.linked_data.jsonld import Context, make_context, write
from trilateral.serve.workers import source

# Of a class that rdflib's own reader of JSON-LD uses.
pytestmark = pytest.mark.filterwarnings("ignore:ConjunctiveGraph is:DeprecationWarning")

BASE = "https://w3id.org/trilateral/"
PARSERS = {
    "ttl": ox.RdfFormat.TURTLE,
    "nt": ox.RdfFormat.N_TRIPLES,
    "rdf": ox.RdfFormat.RDF_XML,
    "trig": ox.RdfFormat.TRIG,
    "nq": ox.RdfFormat.N_QUADS,
}
RDF_TYPE = ox.NamedNode(prefixes()["rdf"] + "type")
# The page of the ontology leads to its documents.
NO_DATA = ("ontology",)
LABEL = ox.NamedNode(prefixes()["skos"] + "prefLabel")
PART_OF = [
    ox.NamedNode(prefixes()["rdfs"] + "isDefinedBy"),
    ox.NamedNode(prefixes()["skos"] + "inScheme"),
]


@pytest.fixture(scope="module")
def world_served():
    """What the server of the tiny world has loaded: its files and the agreement figures."""
    return source.load(WORLD / "data", None)[0]


def things_of(store):
    """Return the IRIs of the project that a store describes, by kind.

    Without terms, and without what is retired, which has no document any more.
    """
    deprecated = ox.NamedNode("http://www.w3.org/2002/07/owl#deprecated")
    retired = {quad.subject for quad in store.quads_for_pattern(None, deprecated, None)}
    names = {quad.subject for quad in store} - retired
    kinds = {}
    for name in sorted(each.value for each in names if isinstance(each, ox.NamedNode)):
        if name.startswith(BASE) and "#" not in name:
            kinds.setdefault(name.removeprefix(BASE).partition("/")[0], []).append(name)
    return kinds


def expected(store, name):
    """Return the quads that a document holds, by the words of `documents`."""
    node = ox.NamedNode(name)
    found = set(store.quads_for_pattern(node, None, None))
    found.update(store.quads_for_pattern(None, None, node))
    for part_of in PART_OF:
        for link in store.quads_for_pattern(None, part_of, node):
            found.update(store.quads_for_pattern(link.subject, None, None))
    return found


def triples(quads):
    return {quad.triple for quad in quads}


def read(client, path, ending):
    answer = client.get(f"{path}.{ending}")
    assert answer.status_code == 200, (path, ending, answer.text)
    return list(ox.parse(answer.content, format=PARSERS[ending]))


def read_with_rdflib(text, context):
    """Read JSON-LD with rdflib, the context put in the place of its URL."""
    document = json.loads(text)
    assert document["@context"].endswith("/context.jsonld")
    document["@context"] = context["@context"]
    graph = rdflib.Graph().parse(data=json.dumps(document), format="json-ld")
    written = graph.serialize(format="nt")
    return triples(ox.parse(written, format=ox.RdfFormat.N_TRIPLES))


def read_with_pyld(text, url):
    """Read JSON-LD with pyld, which fetches the context from the server that names it."""

    def load(address, _options):
        assert address.startswith(url), address
        answer = httpx.get(address, timeout=30)
        assert answer.headers["content-type"] == "application/ld+json"
        return {"contextUrl": None, "documentUrl": address, "document": answer.json()}

    options = {"documentLoader": load, "format": "application/n-quads"}
    written = jsonld.to_rdf(json.loads(text), options)
    return triples(ox.parse(written, format=ox.RdfFormat.N_QUADS))


@pytest.fixture(autouse=True)
def exact_literals(monkeypatch):
    """Rdflib writes literals in another form where it may."""
    monkeypatch.setattr(rdflib, "NORMALIZE_LITERALS", False)


@pytest.mark.parametrize("place", ["world", "shipped"])
def test_all_formats_of_a_thing_of_each_kind_are_one_graph(request, place, world_served, store):
    client = request.getfixturevalue(f"{place}_client")
    served = world_served if place == "world" else store
    context = client.get("/context.jsonld").json()
    kinds = things_of(served)
    # Figures are made while loading, so that the fixture of the shipped data has none.
    assert len(kinds) > 40
    for kind, names in kinds.items():
        if kind == "agreement" and place == "shipped":
            continue
        name = names[len(names) // 2]
        path = name.removeprefix(BASE.rstrip("/"))
        wanted = expected(served, name)
        assert set(read(client, path, "nq")) == set(read(client, path, "trig")) == wanted, name
        for ending in ("ttl", "nt", "rdf"):
            assert triples(read(client, path, ending)) == triples(wanted), (name, ending)
        text = client.get(f"{path}.jsonld").text
        assert read_with_rdflib(text, context) == triples(wanted), name
        if place == "shipped":
            continue
        page = client.get(f"{path}.html").text
        embedded = re.findall(
            r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL
        )
        # A page leaves out what would be longer than itself.
        if len(wanted) <= 200 and kind not in NO_DATA:
            assert [json.loads(each) for each in embedded] == [json.loads(text)], name


def test_data_in_a_page_are_read_as_data_alone(tmp_path, serve, browser):
    """A label that ends scripts and begins others is a label, in Chromium as anywhere."""
    hostile = "</script><script>window.run = 1</script><!--<script>"
    thing = ox.NamedNode(BASE + "actor/odd")
    graph = ox.NamedNode(BASE + "graph/odd")
    quads = [
        ox.Quad(thing, RDF_TYPE, own("Actor"), graph),
        ox.Quad(thing, LABEL, ox.Literal(hostile, language="en"), graph),
    ]
    data = ox.serialize(quads, format=ox.RdfFormat.N_QUADS)
    (tmp_path / "dataset.nq").write_bytes(data)
    digest = hashlib.sha256(data).hexdigest()
    manifest = {"rdfc10_sha256": digest, "files": {"dataset.nq": {"sha256": digest}}}
    (tmp_path / "manifest.json").write_text(json.dumps(manifest))
    with serve("--build", tmp_path) as (_, url):
        page = browser.new_page()
        refused = []
        page.on("console", lambda message: refused.append(message.text))
        page.goto(f"{url}/actor/odd.html")
        text = page.locator('script[type="application/ld+json"]').text_content()
        assert page.evaluate("window.run") is None
        page.close()
    # The store holds no ontology, so that nothing has a term.
    (node,) = json.loads(text)["@graph"]
    assert hostile in json.dumps(node)
    assert not [each for each in refused if "Content Security Policy" in each]


def test_every_thing_of_the_world_has_a_document(world_client, world_served):
    for names in things_of(world_served).values():
        for name in names:
            path = name.removeprefix(BASE.rstrip("/"))
            wanted = triples(expected(world_served, name))
            assert triples(read(world_client, path, "ttl")) == wanted, name


def test_all_data_as_json_ld_are_all_data(world_client, world_url, world_served):
    text = world_client.get("/dataset.jsonld").text
    wanted = triples(world_served)
    assert read_with_pyld(text, world_url) == wanted
    assert read_with_rdflib(text, world_client.get("/context.jsonld").json()) == wanted


def test_json_ld_is_compact(world_client, world_url):
    document = world_client.get("/actor/ada-orr.jsonld").json()
    assert document["@context"] == f"{world_url}/context.jsonld"
    node = document["@graph"][0]
    # What the document is about comes first, under names without prefix.
    assert node["id"] == BASE + "actor/ada-orr"
    assert node["type"] == "Person"
    assert node["prefLabel"]["en"] == "Ada Orr"
    assert node["actorKind"] == BASE + "actor-kind/person"


def test_turtle_declares_the_prefixes_that_it_uses_and_no_other(world_client):
    for path in ("/actor/ada-orr.ttl", "/scheme/polarity.trig", "/ontology.ttl", "/void.ttl"):
        lines = world_client.get(path).text.splitlines()
        head = [line for line in lines if line.startswith("@prefix")]
        body = "\n".join(lines[len(head) :])
        assert head == sorted(head)
        assert len(head) > 2
        for line in head:
            prefix = line.split()[1]
            assert prefix in body, (path, prefix)


def test_ontology_document_holds_all_terms(shipped_client, store):
    found = triples(read(shipped_client, "/ontology", "ttl"))
    namespace = prefixes()["tri"]
    terms = {
        quad.triple
        for quad in store
        if quad.subject.value.startswith(namespace) or quad.subject.value == BASE + "ontology"
    }
    assert len(terms) > 1000
    assert terms <= found


def test_shapes_document_holds_the_shapes(world_client, home):
    files = [path for path in home.turtle_files() if path.is_relative_to(home.shapes)]
    wanted = ox.Dataset(q for path in files for q in ox.parse(path=path))
    for ending in ("ttl", "nt", "rdf", "trig", "nq"):
        found = ox.Dataset(read(world_client, "/shapes", ending))
        for dataset in (wanted, found):
            dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
        assert found == wanted, ending


def test_graph_document_holds_the_graph(world_client, world_served):
    graph = ox.NamedNode(BASE + "graph/ontology/schemes/polarity")
    wanted = set(world_served.quads_for_pattern(None, None, None, graph))
    assert wanted
    assert set(read(world_client, "/graph/ontology/schemes/polarity", "trig")) == wanted
    assert set(read(world_client, "/graph/ontology/schemes/polarity", "nq")) == wanted


# ---------------------------------------------------------------- what the data do not have

THING, OTHER = ox.NamedNode("http://a.example/a"), ox.NamedNode("http://a.example/b")


def own(name):
    return ox.NamedNode(prefixes()["tri"] + name)


def typed(text, name):
    return ox.Literal(text, datatype=ox.NamedNode(prefixes()["xsd"] + name))


ODD = [
    ox.Literal("</script><script>alert(1)</script>"),
    ox.Literal("\u202eoverridden \u0000".replace("\u0000", ""), language="ar"),
    ox.Literal('quote " backslash \\ line\nfeed\ttab'),
    ox.Literal("text", language="zh-hans"),
    ox.Literal(""),
    typed("1", "integer"),
    typed("007", "integer"),
    typed("-0", "integer"),
    typed("123456789012345678901234567890", "integer"),
    typed("true", "boolean"),
    typed("1", "boolean"),
    typed("1.50", "decimal"),
    typed("1e400", "double"),
    typed("2024-05", "gYearMonth"),
    typed("not a date", "date"),
    OTHER,
    ox.BlankNode("b"),
    ox.NamedNode("javascript:alert(1)"),
    ox.NamedNode("urn:isbn:1"),
]


@pytest.mark.parametrize(
    "name",
    # Text by language, a link, a datatype, and what has no term at all.
    ["skos:prefLabel", "tri:holder", "tri:latitude", "tri:claim", "rdf:type", "foaf:nick", "x:y"],
)
def test_json_ld_holds_any_value_under_any_property(store, name):
    predicate = ox.NamedNode(prefixes().expand(name) or "http://x.example/ns#y")
    context = make_context(store)
    wanted = {ox.Triple(THING, predicate, value) for value in ODD}
    text = write(sorted(wanted, key=str), context, "http://h.example/context.jsonld")
    canonical = []
    for found in (wanted, read_with_rdflib(text, context.document())):
        dataset = ox.Dataset(ox.Quad(t.subject, t.predicate, t.object) for t in found)
        dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
        canonical.append(dataset)
    assert canonical[0] == canonical[1]


def test_json_ld_writes_out_an_iri_that_a_prefix_would_change(store):
    context = make_context(store)
    clash = ox.NamedNode("skos:prefLabel")
    text = write([ox.Triple(clash, own("holder"), clash)], context, "http://h.example/c.jsonld")
    document = json.loads(text)
    assert "@context" not in document
    assert document["@graph"][0]["@id"] == "skos:prefLabel"


def test_json_ld_refuses_a_triple_within_a_triple():
    inner = ox.Triple(THING, own("holder"), OTHER)
    with pytest.raises(ValueError, match="triple within a triple"):
        write([ox.Triple(THING, own("holder"), inner)], Context(), "http://h.example/c.jsonld")
