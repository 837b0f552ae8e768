"""Again: a rule that is asked again of what a change concerns says what it says of everything."""

import random
from functools import cache

import pyoxigraph as ox
import pytest
from tests.conftest import WORLD
from tests.test_shapes import CHECK_FIXTURES

from trilateral import dataset as datasets
from trilateral import turtle
from trilateral.check import again
from trilateral.check.again import ask_again, concerned, read_rules
from trilateral.check.query_walks import query_walks
from trilateral.check.rules import rule_files, run_rule
from trilateral.home import find_home

HOME = find_home()
RULES = rule_files(HOME)


@pytest.fixture(scope="module")
def reads():
    return read_rules(HOME)


@cache
def fixture(path):
    return turtle.read(path.read_text(encoding="utf-8")).triples


def store_of(triples):
    store = ox.Store()
    store.extend(ox.Quad(*triple) for triple in triples)
    return store


def rows(store):
    return {rule: tuple(run_rule(rule, store)) for rule in RULES}


def exchange(store, gone, new):
    for triple in gone:
        store.remove(ox.Quad(*triple))
    store.extend(ox.Quad(*triple) for triple in new)


def asked_again(reads, store, before, gone, new):
    """Change a store, and return the rows of all rules as they are then told."""
    exchange(store, (), new)
    found = concerned(reads, store, [*gone, *new])
    exchange(store, gone, ())
    return before | {
        rule: ask_again(rule, reads[rule], store, things, before[rule])
        for rule, things in found.items()
    }


# ---------------------------------------------------------------- the same rows


@pytest.mark.parametrize("path", CHECK_FIXTURES, ids=lambda path: path.stem)
def test_when_half_of_a_fixture_comes_or_goes_the_rows_are_those_of_a_whole_run(path, reads):
    triples = list(fixture(path))
    half, rest = triples[::2], triples[1::2]
    of_half, of_whole = rows(store_of(half)), rows(store_of(triples))
    assert any(of_whole.values())
    assert asked_again(reads, store_of(half), of_half, (), rest) == of_whole
    assert asked_again(reads, store_of(triples), of_whole, rest, ()) == of_half


@pytest.mark.parametrize("seed", range(2))
def test_after_changes_at_random_the_rows_are_those_of_a_whole_run(seed, reads):
    """Changes follow each other in the tiny world with all fixtures, where each rule is broken."""
    chance = random.Random(seed)
    world = datasets.read(find_home(WORLD / "data"))
    triples = {*world.triples(HOME.ontology, world.home.data)}
    triples.update(*map(fixture, CHECK_FIXTURES))
    store, every = store_of(triples), sorted(triples, key=str)
    found = rows(store)
    for _ in range(8):
        now = [quad.triple for quad in store]
        gone = chance.sample(sorted(now, key=str), chance.randint(0, 3))
        one, other = chance.choice(gone or every), chance.choice(every)
        new = [ox.Triple(one.subject, one.predicate, other.object), chance.choice(every)]
        found = asked_again(reads, store, found, gone, new)
        assert found == rows(store)


def test_a_thing_alone_is_asked_of(reads):
    """A date that comes before the other concerns its own thing, and no more is looked at."""
    text = """
        @prefix tri: <https://w3id.org/trilateral/ontology#> .
        @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
        <http://a/one> tri:startDate "2020-01-02"^^xsd:date ; tri:endDate "2019-01-02"^^xsd:date .
        <http://a/two> tri:startDate "2021-01-02"^^xsd:date ;
            tri:endDate "2022-01-02"^^xsd:date ."""
    rule = next(path for path in RULES if path.name == "end-before-start-violation.rq")
    triples = list(turtle.read(text).triples)
    last = [t for t in triples if t.object.value == "2022-01-02"]
    found = concerned(reads, store_of(triples), last)
    assert found[rule] == {ox.NamedNode("http://a/two")}
    assert [row.focus for row in run_rule(rule, store_of(triples))] == ["http://a/one"]
    # The rows of others stay, whatever they are.
    assert ask_again(rule, reads[rule], store_of(triples), found[rule], ()) == ()


@pytest.mark.parametrize("bound", ["_MANY_THINGS", "_MANY_TRIPLES"])
def test_where_much_is_concerned_everything_is_asked_of(bound, reads, monkeypatch):
    monkeypatch.setattr(again, bound, 0)
    path = next(path for path in CHECK_FIXTURES if path.stem == "end-before-start")
    triples = list(fixture(path))
    before = dict.fromkeys(RULES, ())
    assert asked_again(reads, store_of(()), before, (), triples) == rows(store_of(triples))


def test_a_blank_node_has_every_rule_asked_of_everything(reads):
    triples = turtle.read("@prefix a: <http://a/> . a:b a:c [ a:d a:e ] .").triples
    assert set(concerned(reads, store_of(triples), triples).values()) == {None}


# ---------------------------------------------------------------- walks of a query


def names(found):
    return found if found is None else {
        " ".join("^" * step.backwards + (step.predicate.value if step.predicate else "*")
                 for step in walk)
        for walk in found
    }  # fmt: skip


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("?focus <p:a> ?b . ?b <p:c> ?d . ?e <p:f> ?d", "p:a|p:a p:c|p:a p:c ^p:f"),
        ("?b <p:c> ?d . ?focus <p:a> ?b", "p:a|p:a p:c"),
        ("?focus <p:a>/^<p:b>|<p:c> ?d . ?d a <p:C>", "p:a ^p:b|p:c|p:a ^p:b TYPE|p:c TYPE"),
        ("?any ?property ?focus", "^*"),
        ("?focus !<p:a> ?b", "*|^*"),
        ("VALUES ?p { <p:a> } ?focus ?p ?b", "*"),
        ("[] <p:a> ?focus ; <p:b> ?c", "^p:a|^p:a p:b"),
        ("?focus <p:a> <p:x> . ?b <p:a> <p:x>", None),
        ("?focus <p:a> ?b . ?c <p:d> ?e", None),
        ("?focus ?p ?b . ?p a ?kind", None),
        ("?b ?focus ?c", None),
        ("?focus <p:a>+ ?b", None),
        ("?focus <p:a> ?b FILTER EXISTS { ?b <p:c> ?d }", None),
        ("?focus <p:a> ?b FILTER (?b > 1 && NOT EXISTS { ?b <p:c> ?d })", None),
        ("GRAPH ?g { ?focus <p:a> ?b }", None),
        # OPTIONAL and MINUS share what stands before them, and give nothing to what comes after.
        ("?focus <p:a> ?b OPTIONAL { ?b <p:c> ?d }", "p:a|p:a p:c"),
        ("?focus <p:a> ?b OPTIONAL { ?b <p:c> ?d } ?d <p:e> ?f", None),
        ("?focus <p:a> ?b MINUS { ?b <p:c> ?d . ?d <p:e> ?f }", "p:a|p:a p:c|p:a p:c p:e"),
        ("?focus <p:a> ?b MINUS { ?c <p:d> ?e }", None),
        ("?focus <p:a> ?b . { ?b <p:c> ?d MINUS { ?focus <p:e> ?f } }", None),
        # A UNION gives what all its parts give.
        ("{ ?focus <p:a> ?b } UNION { ?focus <p:c> ?b } ?b <p:d> ?e",
         "p:a|p:c|p:a p:d|p:c p:d"),
        ("{ ?focus <p:a> ?b } UNION { ?focus <p:c> ?d } ?b <p:d> ?e", None),
        ("{ ?focus <p:a> ?b } UNION { ?c <p:d> ?e }", None),
        # A subquery shares what it shows, one that groups what it groups by.
        ("?focus <p:a> ?b { SELECT ?b { ?b <p:c> ?d } }", "p:a|p:a p:c"),
        ("?focus <p:a> ?b { SELECT ?d { ?b <p:c> ?d } }", None),
        ("?focus <p:a> ?b { SELECT ?b (COUNT(?d) AS ?n) { ?b <p:c> ?d } GROUP BY ?b }",
         "p:a|p:a p:c"),
        ("?focus <p:a> ?b { SELECT (COUNT(?b) AS ?n) { ?b <p:c> ?d } GROUP BY ?d }", None),
        ("?focus <p:a> ?b { SELECT ?b { ?b <p:c> ?d } LIMIT 1 }", None),
        ("{ SELECT (?b AS ?focus) { ?b <p:a> ?c } }", None),
        ("?b <p:a> ?c BIND (?b AS ?focus)", None),
    ],
)  # fmt: skip
def test_walks_of_a_query(pattern, expected):
    if expected:
        rdf_type = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
        expected = set(expected.replace("TYPE", rdf_type).split("|"))
    assert names(query_walks(f"SELECT ?focus {{ {pattern} }}")) == expected


def test_a_query_that_groups_by_its_thing_is_walked():
    text = "SELECT ?focus (COUNT(?a) AS ?n) { ?focus <p:a> ?a } GROUP BY ?focus HAVING (?n > 1)"
    assert names(query_walks(text)) == {"p:a"}
    assert query_walks(text.replace("GROUP BY ?focus", "GROUP BY ?a")) is None
