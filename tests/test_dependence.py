"""Dependence: after a change the constraints of standards say what they say of the whole."""

import pytest
from tests.test_standards import FIXTURES, HOME

from trilateral import sparql, turtle
from trilateral.check import standards
from trilateral.check.dependence import Dependence, query_of, term_of
from trilateral.check.reads import terms_read
from trilateral.dataset import Dataset
from trilateral.prefixes import prefixes
from trilateral.vocabulary import iri

# Queries that take predicates from the data: those of cubes, the alignments of our terms, and
# the one that reads all clauses of order by a variable.
TAKING = {"terms-entailment", "event-order-violation"}
KINDS = ("derive", "entailment", "order", "violation")
QUERIES = [
    path
    for kind in KINDS
    for path in standards.files(HOME, kind)
    if path.parent.name != "data-cube" and path.stem not in TAKING
]


def dataset_of(triples):
    return Dataset(HOME, {HOME.data / "fixture.ttl": turtle.TurtleFile("", list(triples))})


@pytest.mark.parametrize("path", FIXTURES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_after_a_change_the_violations_are_those_of_a_whole_run(path):
    """Half of a fixture comes, or goes; only the whole is known to break its constraint."""
    triples = turtle.read(path.read_text(encoding="utf-8")).triples
    half, whole = dataset_of(triples[::2]), dataset_of(triples)
    of_half, of_whole = (tuple(standards.run_standards(each)) for each in (half, whole))
    assert of_whole
    for before, found, after, wanted in (
        (half, of_half, whole, of_whole),
        (whole, of_whole, half, of_half),
    ):
        dependence = Dependence(before)
        assert dependence.run(after.store(), after, found, triples[1::2]) == wanted


@pytest.mark.parametrize("path", QUERIES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_no_term_that_a_query_reads_is_missed(path):
    """Names are found in the text; the algebra says which predicates and classes are read."""
    read = terms_read(sparql.read_text(path))
    assert read is not None
    assert read - {iri("rdf:type")} <= query_of(path).reads


def test_a_class_is_the_term_of_its_instances():
    text = "@prefix a: <http://a/> . a:b a a:C ; a:d a:e ; a a:F ."
    assert {term_of(triple) for triple in turtle.read(text).triples} == {
        "http://a/C",
        "http://a/d",
        "http://a/F",
    }


@pytest.mark.parametrize(
    ("term", "concerned", "not_concerned"),
    [
        # A literal form is the plain label of what the label names, in SKOS-XL.
        ("skosxl:literalForm", {"skos/s14-one-preferred-label-per-language"}, "prov/"),
        # Ours stands under the one of SKOS-XL.
        ("tri:literalForm", {"skos/s14-one-preferred-label-per-language"}, "prov/"),
        # What a coder wrote is attributed to him by a derived statement.
        ("tri:codedBy", {"prov/55-entity-activity-disjoint", "prov/event-order"}, "skos/"),
        ("tri:polarity", set(), ""),
        ("tri:startDate", set(), ""),
    ],
)
def test_what_a_term_concerns(shipped, term, concerned, not_concerned):
    found = {standards.Violation(path, "").rule for path in shipped.concerned({expanded(term)})}
    assert concerned <= found
    assert [rule for rule in found if rule.startswith(not_concerned)] == []


def expanded(term):
    prefix, _, name = term.partition(":")
    return prefixes()[prefix] + name


@pytest.fixture(scope="module")
def shipped():
    from trilateral import dataset

    return Dependence(dataset.read(HOME))
