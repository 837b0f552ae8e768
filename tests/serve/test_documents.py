"""The IRI of a thing leads to one URL for each format, and every answer keeps the rules of HTTP."""

import gzip
import http.client
import re
import urllib.parse

import pyoxigraph as ox
import pytest

from trilateral.licences import OF_DATA

BASE = "https://w3id.org/trilateral/"
MEDIA = {
    "html": "text/html; charset=utf-8",
    "ttl": "text/turtle; charset=utf-8",
    "jsonld": "application/ld+json",
    "nt": "application/n-triples",
    "rdf": "application/rdf+xml",
    "trig": "application/trig",
    "nq": "application/n-quads",
}
THINGS = [
    "/actor/ada-orr",
    "/ontology",
    "/scheme/polarity",
    "/graph/actors/persons",
]
WITHOUT_PAGE = ["/dataset", "/void", "/dcat", "/sparql-examples"]
QUERY = "/sparql?query=" + urllib.parse.quote("SELECT ?s { ?s ?p ?o } ORDER BY ?s LIMIT 100")
SELECT = {"accept": "application/sparql-results+json"}
# Every kind of route, with what is accepted where an answer is negotiated.
ROUTES = [
    *[(f"{path}.{ending}", {}) for path in THINGS for ending in MEDIA],
    *[(f"{path}.{ending}", {}) for path in WITHOUT_PAGE for ending in list(MEDIA)[1:]],
    ("/shapes.ttl", {}),
    ("/", {}),
    ("/context.jsonld", {}),
    ("/sitemap.xml", {}),
    ("/robots.txt", {}),
    ("/actor/", {}),
    ("/graphs?default", {"accept": "text/turtle"}),
    (f"/graphs?graph={BASE}graph/actors/persons", {"accept": "application/ld+json"}),
    ("/graphs", {"accept": "text/turtle"}),
    ("/graphs", {"accept": "text/html"}),
    ("/sparql", {"accept": "application/trig"}),
    (QUERY, SELECT),
    (QUERY, {"accept": "application/sparql-results+xml"}),
    (QUERY, {"accept": "text/csv"}),
    (QUERY, {"accept": "text/tab-separated-values"}),
]
NEGOTIATED = {"/graphs", "/sparql"}


def links_of(answer):
    """Return the relations of the Link header with target and type."""
    found = re.findall(r'<([^>]*)>; rel="([^"]*)"(?:; type="([^"]*)")?', answer.headers["link"])
    return {(relation, target, media) for target, relation, media in found}


@pytest.mark.parametrize("ending", MEDIA)
@pytest.mark.parametrize("path", THINGS)
def test_thing_leads_to_the_document_that_is_accepted(world_client, path, ending):
    accept = MEDIA[ending].partition(";")[0]
    answer = world_client.get(path, headers={"accept": accept})
    assert answer.status_code == 303
    assert answer.headers["location"] == f"{path}.{ending}"
    assert answer.headers["vary"] == "Accept"
    assert answer.headers["cache-control"].startswith("private")
    document = world_client.get(answer.headers["location"])
    assert document.status_code == 200
    assert document.headers["content-type"] == MEDIA[ending]
    assert "accept" not in document.headers["vary"].lower().split(", ")


def test_thing_without_wishes_leads_to_the_page_in_the_language_asked(world_client):
    assert world_client.get("/actor/ada-orr").headers["location"] == "/actor/ada-orr.html"
    answer = world_client.get("/actor/ada-orr?lang=ja&x=1", headers={"accept": "text/html"})
    assert answer.headers["location"] == "/actor/ada-orr.html?lang=ja"
    answer = world_client.get("/actor/ada-orr?lang=ja", headers={"accept": "text/turtle"})
    assert answer.headers["location"] == "/actor/ada-orr.ttl"


def test_what_is_accepted_in_no_form_is_told_what_there_is(world_client):
    answer = world_client.get("/actor/ada-orr", headers={"accept": "image/png"})
    assert answer.status_code == 406
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["vary"] == "Accept"
    for media in MEDIA.values():
        assert media.partition(";")[0] in answer.json()["detail"]


@pytest.mark.parametrize(
    "path",
    [
        "/actor/nobody",
        "/actor/nobody.ttl",
        "/actor/nobody.nq",
        "/graph/nowhere",
        "/graph/nowhere.ttl",
        "/nothing/at/all",
        "/nothing",
        "/actor/ada-orr/",
        "/actor/ada-orr.ttl.ttl",
        "/.ttl",
        "/%3Cscript%3E",
        "/a%20b.ttl",
        "/a%0d%0aset-cookie:%20x=1",
        "/%00",
        "/%ff.nt",
        "/actor/..%2f..%2fetc%2fpasswd",
    ],
)
def test_what_is_not_there_is_not_found_nor_promised(world_client, path):
    answer = world_client.get(path, headers={"accept": "text/turtle"})
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"
    assert "set-cookie" not in answer.headers
    page = world_client.get(path, headers={"accept": "text/html"})
    assert page.status_code == 404
    assert page.headers["content-type"].startswith("text/html")
    assert "<script>" not in page.text


@pytest.mark.parametrize("ending", ["", *(f".{each}" for each in MEDIA)])
def test_what_is_retired_leads_for_good_to_what_stands_in_its_place(world_client, ending):
    answer = world_client.get(f"/actor/gazette-of-corland{ending}?lang=ja")
    assert answer.status_code == 301
    assert answer.headers["location"] == f"/actor/corland-gazette{ending}?lang=ja"
    head = world_client.head(f"/actor/gazette-of-corland{ending}")
    assert head.status_code == 301
    assert head.headers["location"] == f"/actor/corland-gazette{ending}"


@pytest.mark.parametrize("ending", ["", *(f".{each}" for each in MEDIA)])
def test_what_is_retired_without_successor_is_gone_and_says_why(world_client, ending):
    path = f"/actor/strait-commission{ending}"
    answer = world_client.get(path, headers={"accept": "text/turtle, application/json"})
    assert answer.status_code == 410
    assert answer.json()["title"] == "Gone"
    assert answer.json()["detail"] == (
        f"{BASE}actor/strait-commission was retired on 2022-12-01. "
        "Strait Commission. No document speaks of it."
    )
    page = world_client.get(f"{path}?lang=ko", headers={"accept": "text/html"})
    assert page.status_code == 410
    assert '<span lang="en">Strait Commission. No document speaks of it.</span>' in page.text
    assert "폐지" in page.text


def test_what_is_retired_stands_in_the_data_and_in_no_list(world_client):
    graph = world_client.get("/graph/retired.ttl").text
    assert "actor:strait-commission " in graph
    assert "strait-commission" not in world_client.get("/actor/").text
    assert "strait-commission" not in world_client.get("/search?q=strait+commission").text
    assert "strait-commission" not in world_client.get("/sitemap.xml").text


def test_things_without_a_label_are_known_too(world_client, world_store):
    """Passages have no label: what is known is what the graph speaks of."""
    label = ox.NamedNode("http://www.w3.org/2004/02/skos/core#prefLabel")
    passages = {
        quad.subject
        for quad in world_store
        if quad.subject.value.startswith(BASE + "passage/")
        and not list(world_store.quads_for_pattern(quad.subject, label, None))
    }
    for passage in sorted(passages, key=str)[:3]:
        path = passage.value.removeprefix(BASE.rstrip("/"))
        assert world_client.get(path, headers={"accept": "text/turtle"}).status_code == 303


@pytest.mark.parametrize("version", ["0.4.0", "0.3.0"])
def test_version_of_the_ontology_leads_to_the_ontology(world_client, version):
    answer = world_client.get(f"/ontology/{version}", headers={"accept": "text/turtle"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/ontology.ttl")


def test_links_of_a_thing_and_of_its_document(world_client):
    thing = links_of(world_client.get("/actor/ada-orr", headers={"accept": "text/turtle"}))
    document = links_of(world_client.get("/actor/ada-orr.ttl"))
    for ending, media in MEDIA.items():
        alternate = ("alternate", f"/actor/ada-orr.{ending}", media.partition(";")[0])
        assert alternate in thing
        assert (alternate in document) == (ending != "ttl")
    for found in (thing, document):
        assert ("cite-as", BASE + "actor/ada-orr", "") in found
        assert ("license", OF_DATA, "") in found
    assert ("describedby", "/actor/ada-orr.ttl", "text/turtle") in thing
    assert ("describedby", "/.well-known/void", "text/turtle") in document
    assert ("canonical", BASE + "actor/ada-orr.ttl", "") in document
    for _, target, _ in thing | document:
        if target.startswith("/"):
            accept = {"accept": "text/turtle"}
            assert world_client.get(target, headers=accept, follow_redirects=True).is_success


def test_license_is_that_of_the_ontology(store):
    predicate = ox.NamedNode("http://purl.org/dc/terms/license")
    quads = store.quads_for_pattern(ox.NamedNode(BASE + "ontology"), predicate, None)
    assert [quad.object.value for quad in quads] == [OF_DATA]


def test_the_base_is_mapped_under_whatever_host(world_client):
    for host in ("data.example.org", "localhost:1", "[::1]:80"):
        headers = {"host": host, "accept": "text/turtle"}
        answer = world_client.get("/actor/ada-orr", headers=headers)
        assert answer.headers["location"] == "/actor/ada-orr.ttl"
        document = world_client.get("/actor/ada-orr.jsonld", headers=headers).json()
        assert document["@context"] == f"http://{host}/context.jsonld"
        assert document["@graph"][0]["id"] == BASE + "actor/ada-orr"


@pytest.mark.parametrize("host", ["a b", 'a"b', "a/b", "evil.example<script>", "a:b", ""])
def test_host_that_is_none_is_put_into_no_document(world_client, host):
    for path in ("/actor/ada-orr.jsonld", "/void.ttl", "/sitemap.xml", "/robots.txt"):
        answer = world_client.get(path, headers={"host": host})
        assert answer.status_code == 400
        assert host == "" or host not in answer.headers.get("link", "")


# ---------------------------------------------------------------- HTTP, over every route


@pytest.mark.parametrize(("path", "headers"), ROUTES, ids=lambda value: str(value)[:50])
def test_answers_keep_the_rules_of_http(world_client, path, headers):
    headers = {"accept-encoding": "identity", **headers}
    got = world_client.get(path, headers=headers)
    assert got.status_code == 200, got.text
    ending = urllib.parse.urlsplit(path).path.rpartition(".")[2]
    if ending in MEDIA:
        assert got.headers["content-type"] == MEDIA[ending]
    elif "accept" in headers:
        assert got.headers["content-type"].partition(";")[0] == headers["accept"]

    # Anybody may read, and nobody may take it for something else.
    assert got.headers["access-control-allow-origin"] == "*"
    assert got.headers["x-content-type-options"] == "nosniff"
    varies = {each.strip().lower() for each in got.headers.get("vary", "").split(",")}
    assert "accept-encoding" in varies
    negotiated = path.partition("?")[0] in NEGOTIATED
    assert ("accept" in varies) == negotiated
    # Some shared caches pass over Vary: what is negotiated is not for them.
    whose = "private" if negotiated else "public"
    assert got.headers["cache-control"].startswith(whose)

    # HEAD is GET without the body.
    head = world_client.head(path, headers=headers)
    assert (head.status_code, head.content) == (200, b"")
    changing = {"date", "x-request-id", "server-timing", "age"}
    assert {k: v for k, v in head.headers.items() if k not in changing} == {
        k: v for k, v in got.headers.items() if k not in changing
    }
    assert int(got.headers["content-length"]) == len(got.content)

    # The validator is strong and stays, and who has the answer gets it once.
    etag = got.headers["etag"]
    assert re.fullmatch(r'"[\x21\x23-\x7e]+"', etag)
    again = world_client.get(path, headers=headers)
    assert (again.headers["etag"], again.content) == (etag, got.content)
    for known in (etag, f"W/{etag}", f'"other", {etag}', "*"):
        same = world_client.get(path, headers={**headers, "if-none-match": known})
        assert (same.status_code, same.content) == (304, b""), known
        for name in ("etag", "cache-control", "vary"):
            assert same.headers.get(name) == got.headers.get(name), name
        assert "content-encoding" not in same.headers
    other = world_client.get(path, headers={**headers, "if-none-match": '"other"'})
    assert (other.status_code, other.content) == (200, got.content)

    # Compressed it is the same, under a validator of its own.
    raw = raw_get(world_client, path, {**headers, "accept-encoding": "gzip"})
    if len(got.content) >= 1024:
        assert raw.getheader("content-encoding") == "gzip"
        assert gzip.decompress(raw.body) == got.content
        assert raw.getheader("etag") != etag
        headers["accept-encoding"] = "gzip"
        known = {**headers, "if-none-match": raw.getheader("etag")}
        assert world_client.get(path, headers=known).status_code == 304
    else:
        assert raw.getheader("content-encoding") is None


def raw_get(client, path, headers):
    """Return an answer as it comes over the wire; the client would decompress it."""
    url = client.base_url
    connection = http.client.HTTPConnection(url.host, url.port, timeout=30)
    try:
        connection.request("GET", path, headers=headers)
        answer = connection.getresponse()
        answer.body = answer.read()
        return answer
    finally:
        connection.close()


@pytest.mark.parametrize("path", ["/actor/ada-orr", "/actor/ada-orr.ttl", "/sparql", "/graphs"])
def test_preflight_of_a_browser_is_answered(world_client, path):
    headers = {"origin": "https://a.example", "access-control-request-method": "GET"}
    answer = world_client.options(path, headers=headers)
    assert answer.status_code == 204
    assert answer.headers["access-control-allow-origin"] == "*"
    assert "GET" in answer.headers["access-control-allow-methods"]
    assert "GET" in answer.headers["allow"]


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
def test_documents_are_read_only(world_client, method):
    answer = world_client.request(method, "/actor/ada-orr.ttl")
    assert answer.status_code == 405
    assert "GET" in answer.headers["allow"]
