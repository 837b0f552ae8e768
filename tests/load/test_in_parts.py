"""Loads in parts: beside the old graphs, on from where they broke off, and swapped at once."""

import json
import re

import httpx
import pytest
from tests.load.conftest import (
    BASE,
    HTTP,
    dump,
    fill,
    hash_of,
    holds,
    quads_of,
    split,
    standing,
)

from trilateral.load import beside
from trilateral.load.change import Change
from trilateral.load.graphs import graph_of
from trilateral.load.targets.oxigraph import oxigraph
from trilateral.load.targets.virtuoso import virtuoso
from trilateral.load.transport import LostError, Transport

BESIDE = f"{BASE}loading/"


@pytest.fixture(autouse=True)
def small(monkeypatch):
    monkeypatch.setattr(beside, "_PART", 100_000)


def names_beside(url):
    names = {getattr(quad.graph_name, "value", "") for quad in dump(url)}
    return {name for name in names if name.startswith(BESIDE)}


def without_beside(url):
    return {
        quad for quad in dump(url) if not getattr(quad.graph_name, "value", "").startswith(BESIDE)
    }


def cut_after(parts, tell=lambda body: None):
    """Answer so many parts, and end the connection at the next one."""
    sent = []

    def reply(request, body):
        if request.path != "/store":
            return None
        tell(body)
        sent.append(len(body))
        return (None, {}, b"") if len(sent) > parts else None

    return reply


def test_graphs_are_put_beside_and_swapped_and_nothing_stays_beside(
    shared, build, later, trilateral
):
    before = split(dump(shared))["foreign"]
    status, out, err = trilateral("load", shared, "--build", later, "--in-parts")
    assert status == 0, err
    assert "graphs: 1 new, 1 replaced, 1 removed," in out
    assert "beside what was there, and put in its place in one transaction" in out
    assert holds(shared, later)
    assert split(dump(shared))["foreign"] == before


def test_a_load_that_broke_off_goes_on_with_what_is_missing(shared, build, later, trilateral):
    fill(shared, None)
    before = dump(shared)
    with standing(shared, cut_after(3)) as between:
        words = ("load", between.url, "--store", "oxigraph", "--build", build, "--in-parts")
        status, _, err = trilateral(*words)
    assert status == 1
    assert "the connection was lost" in err
    there = names_beside(shared)
    assert len(there) > 3
    assert without_beside(shared) == before
    bodies = []
    with standing(shared, cut_after(99, bodies.append)) as between:
        words = ("load", between.url, "--store", "oxigraph", "--build", build, "--in-parts")
        status, _, err = trilateral(*words)
    assert status == 0, err
    graphs = len({quad.graph_name for quad in quads_of(build)}) + 1
    assert f"{len(there)} of {graphs} graphs are beside already; going on" in err
    again = set(re.findall(rb"<([^<>]*)> \.\n", b"".join(bodies)))
    assert again
    assert not again & {name.encode() for name in there}
    assert holds(shared, build)
    assert not names_beside(shared)


def test_what_is_beside_of_another_version_or_not_whole_is_sent_anew(
    shared, build, later, trilateral
):
    fill(shared, None)
    with standing(shared, cut_after(3)) as between:
        words = ("load", between.url, "--store", "oxigraph", "--build", build, "--in-parts")
        assert trilateral(*words)[0] == 1
    assert names_beside(shared)
    _, _, err = trilateral("load", shared, "--build", later, "--in-parts")
    assert "beside already" not in err
    assert holds(shared, later)
    assert not names_beside(shared)
    fill(shared, None)
    with standing(shared, cut_after(3)) as between:
        words = ("load", between.url, "--store", "oxigraph", "--build", build, "--in-parts")
        assert trilateral(*words)[0] == 1
    there = names_beside(shared)
    one = min(there)
    spoil = f"DELETE {{ GRAPH <{one}> {{ ?s a ?c }} }} WHERE {{ GRAPH <{one}> {{ ?s a ?c }} }}"
    HTTP.post(f"{shared}/update", data={"update": spoil}).raise_for_status()
    _, _, err = trilateral("load", shared, "--build", build, "--in-parts")
    assert f"{len(there) - 1} of " in err
    assert holds(shared, build)


def test_a_swap_that_fails_leaves_the_old_data_and_only_the_swap_to_do(
    shared, build, later, trilateral
):
    def reply(request, body):
        return (500, {}, b"no") if b"INSERT { GRAPH" in body else None

    before = dump(shared)
    with standing(shared, reply) as faulty:
        words = ("load", faulty.url, "--store", "oxigraph", "--build", later, "--in-parts")
        status, _, err = trilateral(*words)
    assert status == 1
    assert "The store holds what it held before." in err
    assert without_beside(shared) == before
    with standing(shared, lambda request, body: None) as between:
        words = ("load", between.url, "--store", "oxigraph", "--build", later, "--in-parts")
        assert trilateral(*words)[0] == 0
        assert all(path != "/store" for _, path, *_ in between.requests)
    assert holds(shared, later)


def test_a_store_that_keeps_less_is_found_out_before_the_swap(shared, build, later, trilateral):
    def reply(request, body):
        if request.path != "/store":
            return None
        return request._forward(body.partition(b"\n")[2])

    with standing(shared, reply) as lossy:
        words = ("load", lossy.url, "--store", "oxigraph", "--build", later, "--in-parts")
        status, _, err = trilateral(*words)
    assert status == 1
    assert "triples sent to" in err
    assert holds(shared, build)
    assert not names_beside(shared)


def test_what_is_one_by_value_is_not_missing(store):
    number = '<urn:s> <urn:p> "%s"^^<http://www.w3.org/2001/XMLSchema#decimal> .\n'
    text = "".join(number % each for each in ("1.5", "1.50", "2.0"))
    graph = graph_of(f"{BASE}graph/numbers", text.encode())
    target, transport = oxigraph(store), Transport()
    beside.load(target, Change({graph.name: graph}), transport)
    there = {quad.object.value for quad in split(dump(store))["ours"]}
    assert there == {"1.5", "2"}


def test_what_is_too_long_for_one_update_is_sent_in_parts(shared, later, trilateral, monkeypatch):
    monkeypatch.setattr(oxigraph("").__class__, "limit", 1000)
    with standing(shared, lambda request, body: None) as between:
        words = ("load", between.url, "--store", "oxigraph", "--build", later)
        assert trilateral(*words)[0] == 0
        assert any(b"INSERT { GRAPH" in body for *_, body in between.requests)
    assert holds(shared, later)


@pytest.mark.parametrize("name", ["gsp", "qlever"])
def test_a_store_without_a_transaction_to_swap_in_takes_no_parts(name, build, trilateral):
    words = ("http://127.0.0.1:9", "--store", name, "--query", "http://127.0.0.1:9/query")
    status, _, err = trilateral("load", *words, "--build", build, "--in-parts")
    assert status == 2
    assert "Leave out --in-parts" in err


def test_what_fails_after_the_swap_of_virtuoso_is_not_told_as_if_it_were_before():
    """There graphs are copied, so that those beside have still to be removed."""

    def reply(request, body):
        return (403, {}, b"no") if request.command == "DELETE" else (200, {}, b"")

    with standing("", reply) as server, pytest.raises(LostError):
        virtuoso(server.url).swap({"urn:beside": "urn:graph"}, [], Transport())
    # A checkpoint, the swap, another checkpoint, and what was refused.
    assert [method for method, *_ in server.requests] == ["POST", "POST", "POST", "DELETE"]


# ---------------------------------------------------------------- other stores


@pytest.fixture(params=["fuseki", "rdf4j", "virtuoso"])
def other(request, monkeypatch):
    """A store that is not Oxigraph, and a request for what it counts."""
    store = request.getfixturevalue(request.param)
    auth = None
    if store.user:
        monkeypatch.setenv("TRILATERAL_USER", store.user)
        monkeypatch.setenv("TRILATERAL_PASSWORD", store.password)
        monkeypatch.setenv("TRILATERAL_AUTH", "digest")
        auth = httpx.DigestAuth(store.user, store.password)

    def count(start):
        query = (
            "SELECT (COUNT(*) AS ?n) WHERE { GRAPH ?g { ?s ?p ?o } "
            f'FILTER (STRSTARTS(STR(?g), "{start}")) }}'
        )
        answer = HTTP.post(
            f"{store.url}/query" if request.param == "fuseki" else store.query,
            data={"query": query},
            headers={"Accept": "application/sparql-results+json"},
            auth=None if request.param == "virtuoso" else auth,
        )
        return int(json.loads(answer.content)["results"]["bindings"][0]["n"]["value"])

    store.count = count
    return store


def test_other_stores_are_loaded_in_parts_too(other, build, later, trilateral):
    # More than once each: what a swap leaves is what the next one finds.
    for each in (build, later, build, later):
        words = ("load", other.url, "--store", other.name, "--build", each, "--in-parts")
        status, out, err = trilateral(*words)
        assert status == 0, err
        assert hash_of(each) in out
        assert other.count(BESIDE) == 0
        assert other.count(f"{BASE}graph/") == len(quads_of(each))
