"""The SPARQL 1.1 Graph Store Protocol, for reading; the names of cases are those of the W3C."""

import pyoxigraph as ox
import pytest

GRAPH = "https://w3id.org/trilateral/graph/"
STATES = GRAPH + "actors/states"
FORMATS = {
    "text/turtle": ox.RdfFormat.TURTLE,
    "application/n-triples": ox.RdfFormat.N_TRIPLES,
    "application/rdf+xml": ox.RdfFormat.RDF_XML,
    "application/trig": ox.RdfFormat.TRIG,
    "application/n-quads": ox.RdfFormat.N_QUADS,
}


def triples(answer):
    media = answer.headers["content-type"].partition(";")[0]
    return {quad.triple for quad in ox.parse(answer.content, format=FORMATS[media])}


def stored(store, name):
    return {q.triple for q in store.quads_for_pattern(None, None, None, ox.NamedNode(name))}


@pytest.mark.parametrize("media", FORMATS)
def test_get_of_a_named_graph(world_client, world_store, media):
    answer = world_client.get("/graphs", params={"graph": STATES}, headers={"accept": media})
    assert answer.status_code == 200
    assert answer.headers["content-type"].partition(";")[0] == media
    assert answer.headers["vary"].startswith("Accept")
    assert triples(answer) == stored(world_store, STATES)


def test_get_of_the_default_graph_is_the_union(world_client, world_store):
    answer = world_client.get("/graphs?default", headers={"accept": "application/n-triples"})
    found = triples(answer)
    assert {quad.triple for quad in world_store} <= found
    query = "SELECT (COUNT(*) AS ?n) { SELECT DISTINCT ?s ?p ?o { ?s ?p ?o } }"
    rows = world_client.get("/sparql", params={"query": query}).json()["results"]["bindings"]
    assert len(found) == int(rows[0]["n"]["value"])


def test_head_on_an_existing_graph(world_client):
    answer = world_client.head("/graphs", params={"graph": STATES})
    assert (answer.status_code, answer.content) == (200, b"")
    assert answer.headers["content-type"].startswith("text/turtle")
    assert int(answer.headers["content-length"]) > 0


def test_head_on_a_nonexisting_graph(world_client):
    assert world_client.head("/graphs", params={"graph": GRAPH + "nowhere"}).status_code == 404


def test_get_on_a_nonexisting_graph(world_client):
    answer = world_client.get("/graphs", params={"graph": GRAPH + "nowhere"})
    assert answer.status_code == 404
    assert GRAPH + "nowhere" in answer.json()["detail"]


def test_direct_identification(world_client, world_store):
    """The IRI of a graph leads to what it holds."""
    accept = {"accept": "application/n-quads"}
    answer = world_client.get("/graph/actors/states", headers=accept, follow_redirects=True)
    assert answer.status_code == 200
    assert triples(answer) == stored(world_store, STATES)
    assert world_client.get("/graph/nowhere", headers=accept).status_code == 404


@pytest.mark.parametrize(
    "query",
    [
        "?default&graph=" + STATES,
        f"?graph={STATES}&graph={STATES}",
        "?graph=actors/states",
        "?graph=",
        "?graph=a b",
    ],
)
def test_request_that_is_for_no_one_graph_is_wrong(world_client, query):
    answer = world_client.get(f"/graphs{query}")
    assert answer.status_code == 400
    assert answer.headers["content-type"] == "application/problem+json"


def test_not_acceptable_form(world_client):
    answer = world_client.get("/graphs?default", headers={"accept": "text/html"})
    assert answer.status_code == 406
    assert "text/turtle" in answer.text


# As the W3C names what writes: each is refused, and nothing changes.
@pytest.mark.parametrize(
    ("name", "method", "query"),
    [
        ("put__initial_state", "PUT", f"?graph={GRAPH}person"),
        ("put__graph_already_in_store", "PUT", f"?graph={STATES}"),
        ("put__default_graph", "PUT", "?default"),
        ("put__mismatched_payload", "PUT", f"?graph={STATES}"),
        ("delete__existing_graph", "DELETE", f"?graph={STATES}"),
        ("delete__nonexistent_graph", "DELETE", f"?graph={GRAPH}person"),
        ("post__existing_graph", "POST", f"?graph={STATES}"),
        ("post__multipart_formdata", "POST", f"?graph={STATES}"),
        ("post__create__new_graph", "POST", ""),
        ("patch", "PATCH", f"?graph={STATES}"),
    ],
)
def test_writing_is_refused(world_client, world_store, name, method, query):
    headers = {"content-type": "text/turtle"}
    answer = world_client.request(
        method, f"/graphs{query}", content="<a:a> a <a:b>.", headers=headers
    )
    assert answer.status_code == 403
    assert "GET" in answer.headers["allow"]
    assert "Load a release" in answer.json()["detail"]
    got = world_client.get("/graphs", params={"graph": STATES})
    assert triples(got) == stored(world_store, STATES)


def test_graphs_are_listed_for_people_and_programs(world_client, world_store):
    names = {graph.value for graph in world_store.named_graphs()}
    page = world_client.get("/graphs", headers={"accept": "text/html"})
    assert page.headers["content-type"].startswith("text/html")
    for name in names:
        assert f'href="/graph/{name.removeprefix(GRAPH)}"' in page.text
    listed = triples(world_client.get("/graphs", headers={"accept": "text/turtle"}))
    name = "http://www.w3.org/ns/sparql-service-description#name"
    assert names <= {t.object.value for t in listed if t.predicate.value == name}
