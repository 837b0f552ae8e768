"""The IRI of a thing leads to one URL for each format; all formats say the same."""

import pyoxigraph as ox
import pytest

JAPAN = "https://w3id.org/trilateral/actor/japan"


def test_thing_redirects_to_the_document_that_is_accepted(shipped_client):
    answer = shipped_client.get("/actor/japan", headers={"accept": "text/turtle"})
    assert answer.status_code == 303
    assert answer.headers["location"] == "/actor/japan.ttl"
    assert answer.headers["vary"] == "Accept"


def test_turtle_says_what_the_store_says(shipped_client, store):
    answer = shipped_client.get("/actor/japan.ttl")
    assert answer.headers["content-type"] == "text/turtle; charset=utf-8"
    found = {q.triple for q in ox.parse(answer.content, format=ox.RdfFormat.TURTLE)}
    japan = ox.NamedNode(JAPAN)
    assert {q.triple for q in store.quads_for_pattern(japan, None, None)} <= found


@pytest.mark.parametrize("path", ["/actor/nowhere.ttl", "/nothing/at/all.nt"])
def test_what_is_not_there_is_not_found(shipped_client, path):
    answer = shipped_client.get(path)
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"
