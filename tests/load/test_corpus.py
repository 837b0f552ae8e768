"""Corpora of any size: the shape of what they repeat, links between copies, constant memory."""

import subprocess
import sys
from collections import Counter, defaultdict

import pyoxigraph as ox
import pytest
from benchmarks.corpus import ONE_IN, Corpus, write_turtle

from trilateral import findings
from trilateral.check import run as checks
from trilateral.vocabulary import iri

COPIES = 5
TYPE, PROPOSITION = iri("rdf:type"), iri("tri:proposition")


@pytest.fixture(scope="module")
def single(world):
    return Corpus(world, copies=1)


@pytest.fixture(scope="module")
def corpus(world):
    return Corpus(world, copies=COPIES)


def quads_of(corpus, numbers):
    text = "".join(graph.text for number in numbers for graph in corpus.copy(number))
    return list(ox.parse(text.encode(), format=ox.RdfFormat.N_QUADS))


@pytest.fixture(scope="module")
def one(single):
    return quads_of(single, [0])


@pytest.fixture(scope="module")
def all_copies(corpus):
    return quads_of(corpus, range(COPIES))


def shape_of(quads):
    """How many things of each class, triples of each property, things and graphs there are."""
    classes = Counter(quad.object.value for quad in quads if quad.predicate.value == TYPE)
    properties = Counter(quad.predicate.value for quad in quads)
    things = len({quad.subject.value for quad in quads})
    return classes, properties, things, len({quad.graph_name.value for quad in quads})


def times(shape, number):
    return tuple(
        Counter({key: part[key] * number for key in part})
        if isinstance(part, Counter)
        else part * number
        for part in shape
    )


def degrees(quads, predicate):
    """How many things are linked to how often by a property."""
    links = Counter(quad.object.value for quad in quads if quad.predicate.value == predicate)
    return Counter(links.values())


def copy_of(name):
    """The number of the copy that a thing is of, by the marks in its name."""
    return Counter(part for part in name.rpartition("/")[2].split("-") if part[:1] == "x")


def test_all_ratios_are_those_of_what_is_repeated(one, all_copies, corpus):
    assert shape_of(all_copies) == times(shape_of(one), COPIES)
    assert len(set(all_copies)) == len(all_copies) == COPIES * corpus.size
    assert len(corpus) == corpus.shared + len(all_copies)
    # What compares can tell a difference.
    assert shape_of(all_copies[:-1]) != times(shape_of(one), COPIES)


def test_one_copy_is_what_is_repeated(one, world_store):
    shipped = set(world_store)
    kept = ox.Store()
    kept.extend(one)  # which has one form for equal numbers
    assert set(kept) <= shipped
    ontology = shipped - set(kept)
    assert all("/graph/ontology" in quad.graph_name.value for quad in ontology)


def test_links_between_copies_leave_each_thing_linked_to_as_often(one, all_copies):
    for predicate in ("tri:proposition", "tri:member", "tri:narrows", "tri:holder"):
        wanted = degrees(one, iri(predicate))
        assert degrees(all_copies, iri(predicate)) == Counter(
            {key: wanted[key] * COPIES for key in wanted}
        )


def test_sources_of_all_copies_are_tied_to_each_other(all_copies):
    stances = {
        quad.subject.value
        for quad in all_copies
        if quad.predicate.value == TYPE and quad.object.value == iri("tri:Stance")
    }
    tied, between = defaultdict(set), 0
    for quad in all_copies:
        if quad.predicate.value == PROPOSITION and quad.subject.value in stances:
            here, there = (str(copy_of(term.value)) for term in (quad.subject, quad.object))
            tied[here].add(there)
            tied[there].add(here)
            between += here != there
    assert between == COPIES * -(-len(stances) // COPIES // ONE_IN)  # one in four, rounded up
    reached, left = set(), [next(iter(tied))]
    while left:
        copy = left.pop()
        if copy not in reached:
            reached.add(copy)
            left += tied[copy]
    assert len(reached) == COPIES


def test_a_corpus_passes_the_shapes_and_rules(world, tmp_path):
    home = write_turtle(Corpus(world, copies=2), tmp_path / "data")
    assert len([*home.data.rglob("*.ttl")]) == 2 * len([*world.data.rglob("*.ttl")])
    found = checks.run(home)
    assert not findings.has_errors(found), [str(each) for each in found if each.severity == "error"]
    # All but the labels, which differ by a number only.
    assert {each.rule for each in found} <= {"near-duplicate-warning"}


def test_two_corpora_of_one_size_are_equal_byte_by_byte(world, corpus):
    again = Corpus(world, copies=COPIES)
    assert [*again.graphs()] == [*corpus.graphs()]


def test_a_size_is_met_by_whole_copies(world, single):
    quads = single.shared + 10 * single.size
    for wanted in (quads - single.size // 3, quads, quads + single.size // 3):
        assert len(Corpus(world, quads=wanted)) == quads
    assert Corpus(world, quads=1).copies == 1


def test_memory_is_the_same_for_any_size(world):
    def peak(copies):
        program = (
            "import resource, sys; from benchmarks.corpus import main\n"
            f"sys.argv = ['corpus', '-', '--copies', '{copies}', '--data', {str(world.data)!r}]\n"
            "main(); print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, file=sys.stderr)"
        )
        done = subprocess.run(
            [sys.executable, "-c", program],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            check=True,
        )
        return int(done.stderr.split()[-1]) / 1024

    assert peak(200) < peak(2) + 8  # megabytes; the second writes a hundredth
