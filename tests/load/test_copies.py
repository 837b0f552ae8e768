"""Checking and asking a copy: the answers of the dataset, and the first difference by its graph."""

import json
import shutil
from dataclasses import replace
from urllib.parse import parse_qs

import pytest
from tests.conftest import WORLD
from tests.load.conftest import CHANGED, GRAPH, HTTP, fill, hash_of, quads_of, standing, version_of

from trilateral.ask.questions import read_questions
from trilateral.home import find_home
from trilateral.load import copies
from trilateral.load.answers import uneven_answers
from trilateral.load.graphs import group, read_lines
from trilateral.load.source import Source, read_source
from trilateral.remote.client import Client
from trilateral.remote.view import see_whole

SOURCES = ("ask", "which-sources-are-used", "--format", "csv")
QUESTIONS = len(read_questions(find_home()))


def update(url, text):
    HTTP.post(f"{url}/update", data={"update": text}).raise_for_status()


def check(trilateral, url, *arguments):
    return trilateral("check", "--endpoint", f"{url}/query", *arguments)


def test_a_copy_is_identical_and_answers_every_question_as_the_dataset_does(
    running, build, trilateral
):
    fill(running.url, build, foreign=False)
    status, out, err = check(
        trilateral, running.url, "--build", build, "--all-graphs", "--questions"
    )
    assert status == 0, out + err
    graphs = len({quad.graph_name for quad in quads_of(build)})
    assert f"identical: {len(quads_of(build)):,} quads in {graphs} graphs" in out
    assert f"{graphs} graphs by canonical hash, {QUESTIONS} questions by answer" in out
    assert f"says that it holds version {version_of(build)}, {hash_of(build)}" in out


@pytest.mark.parametrize(
    ("spoiling", "words"),
    [
        (f"DROP GRAPH <{CHANGED}>", f"differs: {CHANGED}: 0 triples, expected "),
        (
            f"INSERT DATA {{ GRAPH <{GRAPH}more> {{ <urn:a> <urn:b> 1 }} }}",
            f"differs: {GRAPH}more: 1 triple, expected 0",
        ),
        (
            f"DELETE {{ GRAPH ?g {{ ?s ?p ?o }} }} INSERT {{ GRAPH ?g {{ ?s ?p 1 }} }} WHERE {{ "
            f"VALUES ?g {{ <{CHANGED}> }} GRAPH ?g {{ ?s ?p ?o FILTER (?o = 10.75) }} }}",
            f"differs: {CHANGED}: as many triples as expected, but not the same",
        ),
        (
            f"DELETE {{ GRAPH ?g {{ ?s a ?o }} }} INSERT {{ GRAPH ?g {{ ?s a <urn:x> }} }} "
            f"WHERE {{ VALUES ?g {{ <{CHANGED}> }} GRAPH ?g {{ ?s a ?o }} }}",
            "differs: https://w3id.org/trilateral/ontology#Place: 0 things, expected 2",
        ),
    ],
)
def test_what_differs_is_named(spoiling, words, copy, build, trilateral):
    update(copy, spoiling)
    status, out, _ = check(trilateral, copy, "--build", build, "--all-graphs")
    assert status == 1
    assert words in out


def test_a_triple_that_two_graphs_state_has_to_be_in_both(copy, build, trilateral):
    twice = f"INSERT DATA {{ GRAPH <{GRAPH}%s> {{ <urn:a> <urn:b> 1 }} }}"
    for graph in ("one", "two"):
        update(copy, twice % graph)
    told = json.loads(check(trilateral, copy, "--build", build, "--json")[1])
    properties = {each["what"]: each["how"] for each in told["differences"]}
    assert properties["urn:b"] == "2 triples, expected 0"


def source_of(tmp_path, sizes):
    lines = [
        f"<urn:{n}> <urn:p> <urn:o> <{GRAPH}{at}> .\n"
        for at, size in enumerate(sizes)
        for n in range(size)
    ]
    path = tmp_path / "dataset.nq"
    path.write_text("".join(lines))
    return Source("a test", "0", "0" * 64, group(read_lines(path)))


@pytest.mark.parametrize(
    ("sizes", "graphs"),
    [([100] * 30, 10), ([1000] * 30, 5), ([6000] * 5 + [10] * 3, 3), ([9000, 6000], 1)],
)
def test_the_sample_does_not_grow_with_the_graphs(sizes, graphs, tmp_path):
    source = source_of(tmp_path, sizes)
    chosen = copies.sample(source)
    assert len(chosen) == graphs
    triples = sum(source.counts["graphs"][name] for name in chosen)
    assert triples <= 5000 or triples == min(sizes)


def test_what_others_have_in_the_store_makes_no_difference(shared, build, trilateral):
    told = json.loads(check(trilateral, shared, "--build", build, "--json")[1])
    assert told["identical"] is True
    answer = trilateral(*SOURCES, "--endpoint", f"{shared}/query")
    assert answer[1] == trilateral(*SOURCES, "--data", WORLD / "data")[1]
    assert told["claimed"] == {"version": version_of(build), "rdfc10_sha256": hash_of(build)}


def test_a_copy_of_another_version_says_so(copy, later, trilateral):
    status, out, _ = check(trilateral, copy, "--build", later)
    assert status == 1
    assert "so it does not claim to be this version" in out
    assert "3 differences" not in out
    assert f"differs: {GRAPH}actors/offices: " in out


def test_an_answer_that_differs_is_found(copy, build, world, tmp_path):
    """Counts and hashes can agree where an endpoint evaluates a query otherwise."""

    def forgetful(request, body):
        if b"intensityLabel" in body:
            status, headers, content = request._forward(body)
            rows = json.loads(content)
            rows["results"]["bindings"] = rows["results"]["bindings"][1:]
            return status, headers, json.dumps(rows).encode()
        return None

    for name in ("who-holds", "which-sources-are-used"):
        shutil.copy(world.queries / f"{name}.rq", tmp_path)
    source = read_source(build=build)
    with standing(copy, forgetful) as endpoint:
        client = see_whole(Client(f"{endpoint.url}/query"), source.graphs)
        asked, found = uneven_answers(client, source, replace(world, queries=tmp_path))
    assert (asked, [each.what for each in found]) == (2, ["who-holds"])


def test_a_store_without_the_dataset_is_no_copy(running, build, trilateral):
    fill(running.url)
    status, out, _ = check(trilateral, running.url, "--build", build)
    assert status == 1
    assert "does not say which version it holds" in out
    assert f"differs: {GRAPH}actors/economies: 0 triples, expected " in out


@pytest.mark.parametrize(
    "question",
    [
        ("who-holds", "--proposition", "all"),
        ("what-does-an-actor-hold", "--actor", "Arland"),
        ("derive/memberships-as-org-memberships", "--format", "turtle"),
    ],
)
def test_an_endpoint_answers_as_the_dataset_does(question, copy, trilateral):
    form = () if "--format" in question else ("--format", "json")
    there = trilateral("ask", *question, *form, "--endpoint", f"{copy}/query")
    here = trilateral("ask", *question, *form, "--data", WORLD / "data")
    assert there[0] == here[0] == 0, there[2]
    if form:
        there, here = (json.loads(each[1]) for each in (there, here))
        assert there["head"] == here["head"]
        assert len(here["results"]["bindings"]) > 0
        assert in_any_order(there) == in_any_order(here)
    else:
        assert there[1] == here[1]


def test_a_large_store_that_holds_nothing_else_is_not_looked_through(copy, trilateral):
    words = ("ask", "what-does-an-actor-hold", "--actor", "arland", "--format", "json")
    asked = trilateral(*words, "--endpoint", f"{copy}/query")
    with standing(copy, lambda request, body: None) as between:
        alone = trilateral(*words, "--endpoint", f"{between.url}/query", "--alone")
    assert alone[0] == 0, alone[2]
    assert json.loads(alone[1]) == json.loads(asked[1])
    sent = [parse_qs(body.decode())["query"][0] for _, _, _, body in between.requests]
    # Is anything seen so? And so? Is there an actor of that name? The question.
    assert len(sent) == 4
    assert all(query.startswith("ASK { ?subject ?property ?object }") for query in sent[:2])
    assert "actor/arland> }" in sent[2]
    assert "?stance tri:holder ?actor" in sent[3]


def in_any_order(answer):
    return sorted(json.dumps(row, sort_keys=True) for row in answer["results"]["bindings"])


def test_an_unknown_value_is_answered_with_those_near_it_at_the_endpoint(copy, trilateral):
    words = ("ask", "what-does-an-actor-hold", "--actor", "arlandia")
    status, _, err = trilateral(*words, "--endpoint", f"{copy}/query")
    assert status == 2
    assert "arland  (Arland)" in err
