"""Blazegraph, started for real: loaded, checked and asked, and its updates as we need them."""

import pyoxigraph as ox
import pytest
from proof.stores import answers
from tests.conftest import WORLD
from tests.load.conftest import (
    CHANGED,
    FOREIGN,
    FOREIGN_TEXT,
    HTTP,
    hash_of,
    quads_of,
    split,
    standing,
)

# What it answers otherwise on the tiny world; docs/stores.md tells of the shipped data.
OTHERWISE = {
    "how-many-frameworks-does-each-state-share-with",
    "how-many-steps-connect-two-states",
    "what-is-a-thing-called-in-each-language",
    "which-frameworks-connect-two-states",
    "which-labels-are-missing-in-a-language",
    "which-members-do-frameworks-share",
    "who-is-in-all-of-the-frameworks",
    "who-represented-an-actor-at-an-event",
}


def dump(store):
    """Return what the store holds, by a query for all quads, since it writes no N-Quads."""
    query = "SELECT ?s ?p ?o ?g { GRAPH ?g { ?s ?p ?o } }"
    accept = {"Accept": "application/sparql-results+json"}
    answer = HTTP.get(store.url, params={"query": query}, headers=accept)
    answer.raise_for_status()
    rows = ox.parse_query_results(answer.content, ox.QueryResultsFormat.JSON)
    kept = ox.Store()
    kept.extend(ox.Quad(*row) for row in rows)
    return set(kept)


@pytest.fixture
def loaded(blazegraph, build, trilateral):
    """The namespace with the tiny world beside others' data."""
    update = f"INSERT DATA {{ GRAPH <{FOREIGN}> {{ {FOREIGN_TEXT} }} }}"
    HTTP.post(blazegraph.url, data={"update": update}).raise_for_status()
    status, _, err = trilateral("load", blazegraph.url, "--store", "blazegraph", "--build", build)
    assert status == 0, err
    return blazegraph


def test_it_is_loaded_in_one_update_and_checked(loaded, build, later, trilateral):
    """Also what is not ASCII: it takes an update for Latin-1 unless it is told otherwise."""
    words = ("load", loaded.url, "--store", "blazegraph", "--build")
    for each, told in ((build, "nothing to do"), (later, "in one transaction")):
        status, out, err = trilateral(*words, each)
        assert status == 0, err
        assert told in out
        parts = split(dump(loaded))
        assert parts["ours"] == quads_of(each)
        assert any("\N{KATAKANA LETTER A}" in str(quad.object) for quad in parts["ours"])
        assert hash_of(each) in {quad.object.value for quad in parts["marker"]}
        assert len(parts["foreign"]) == 2
    status, out, err = trilateral(
        *("check", "--endpoint", loaded.url, "--build", later, "--all-graphs")
    )
    assert status == 0, out + err


def test_it_answers_all_questions_but_those_that_are_named(blazegraph):
    found = answers.answers_of_store(blazegraph, WORLD / "data", (), 60)
    told = {each.question: each.told for each in found}
    assert len(told) > 90
    assert {name for name in told if told[name] != "same"} == OTHERWISE


def test_what_breaks_off_before_its_end_leaves_the_old_data(loaded, later, trilateral):
    before = dump(loaded)
    path = loaded.url.removeprefix("http://").partition("/")[2]

    def reply(request, body):
        return (None, {}, b"") if "sparql-update" in request.headers["Content-Type"] else None

    with standing(f"http://127.0.0.1:{loaded.port}", reply) as cut:
        status, _, err = trilateral(
            *("load", f"{cut.url}/{path}", "--store", "blazegraph", "--build", later)
        )
    assert status == 1
    assert "the connection was lost" in err
    assert dump(loaded) == before


def test_it_takes_all_of_an_update_or_nothing(loaded):
    before = dump(loaded)
    broken = f"DROP SILENT GRAPH <{CHANGED}> ; LOAD <http://127.0.0.1:9/nothing>"
    answer = HTTP.post(loaded.url, data={"update": broken})
    assert answer.status_code >= 400
    assert dump(loaded) == before
