"""What follows from the ontology and what does not: tests/entailments, by three reasoners.

The cases and how they are run together are explained in proof/entailments.py.
"""

import shutil

import pytest
from proof import entailments, logic
from proof.reasoners import REASONERS, is_value
from rdflib import URIRef

from trilateral.vocabulary import iri

CASES = entailments.read_cases()
MUST_NOT = [case for case in CASES if not case.must]
STANCE = URIRef(iri("stance:a"))


def reasoners():
    java = pytest.mark.skipif(shutil.which("java") is None, reason="java is not on the path")
    return [pytest.param(name, marks=() if name == "OWL RL" else java) for name in REASONERS]


@pytest.fixture(scope="module")
def terms(home):
    return logic.terms(home)


@pytest.fixture(scope="module")
def models(terms):
    """The model of all cases by one reasoner, and of all mistakes; each is made once."""
    made = {}

    def model(name, graph):
        if (name, graph) not in made:
            merge = {"cases": entailments.together, "mistakes": entailments.mistaken}[graph]
            cases = CASES if graph == "cases" else MUST_NOT
            made[name, graph] = REASONERS[name](merge(terms, cases))
        return made[name, graph]

    return model


def named(cases):
    return [pytest.param(case, id=case.name) for case in cases]


@pytest.mark.parametrize("reasoner", reasoners())
@pytest.mark.parametrize("case", named(CASES))
def test_case(case, reasoner, models, terms):
    model = models(reasoner, "cases")
    assert model.consistent
    surprises = entailments.surprises(terms, case, model)
    if case.name in logic.OPEN:
        assert surprises, "It holds now: take it off the list of open cases."
    else:
        assert surprises == [], case.why


@pytest.mark.parametrize("reasoner", reasoners())
@pytest.mark.parametrize("case", named(MUST_NOT))
def test_the_mistake_would_be_noticed(case, reasoner, models):
    model = models(reasoner, "mistakes")
    assert model.consistent
    assert entailments.not_derived(case, model) == []


def test_there_are_enough_cases_and_each_says_why():
    assert len([case for case in CASES if case.must]) >= 25
    assert len(MUST_NOT) >= 25
    assert {case.name for case in CASES if len(case.why) < 10} == set()
    assert {case.name for case in CASES if not (case.given and case.statements)} == set()
    assert {case.name for case in MUST_NOT if not case.mistake} == set()
    assert set(logic.OPEN) <= {case.name for case in MUST_NOT}


def test_nothing_that_must_hold_is_given():
    assert {case.name for case in CASES if set(case.statements) <= set(case.given)} == set()


def test_literals_are_asked_of_some_reasoner():
    assert any(is_value(triple) for case in CASES for triple in case.statements)


def test_a_case_knows_only_its_own_things(terms):
    """Two cases that name the same thing do not meet: the second one is not told of it."""
    merged = entailments.together(terms, CASES)
    things = {node for triple in merged for node in triple if isinstance(node, URIRef)}
    stances = {thing for thing in things if thing.endswith("/stance/a")}
    assert len(stances) == len([case for case in CASES if STANCE in case.given.all_nodes()])
    assert STANCE not in stances


def test_what_must_hold_fails_without_the_alignments(home):
    """The cases of what must hold can fail: these rest on ontology/alignments.ttl."""
    bare = logic.terms(home, without={"alignments.ttl"})
    model = REASONERS["OWL RL"](entailments.together(bare, CASES))
    failed = {case.name for case in CASES if entailments.surprises(bare, case, model)}
    resting = {"author-is-creator", "designation-is-a-label", "propositions-are-claims",
               "state-is-an-agent", "successor-replaces"}  # fmt: skip
    assert resting <= failed
    assert {"membership-by-its-framework", "holder-is-an-actor"} & failed == {"holder-is-an-actor"}
