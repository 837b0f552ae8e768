"""The same answers from Virtuoso and Comunica, which are slow: some questions of each kind.

All questions on the shipped data: ``python -m proof.stores NAME --answers``. Oxigraph, Fuseki and
RDF4J Server answer all questions on the tiny world in the tests of each.
"""

import pytest
from proof.stores import answers, comunica_engine
from tests.conftest import WORLD

from trilateral.ask.engines import Answer
from trilateral.ask.questions import read_questions
from trilateral.home import find_home

# Of each kind of thing that engines differ in: truth values, days, paths, numbers, languages,
# negation, groups, what is bound only in part, and names of graphs.
SOME = (
    *("how-complete-is-each-framework", "how-do-told-events-differ-from-the-record"),
    *("how-many-frameworks-does-each-state-share-with", "in-which-graph-does-a-statement-stand"),
    *("what-succeeded-what", "when-did-the-three-leaders-meet", "where-do-documents-disagree"),
    *("which-agreements-were-in-force-on-a-date", "which-facts-rest-on-a-single-source"),
    *("which-members-do-frameworks-share", "which-names-are-contested-or-metonymic"),
    *("who-belonged-to-a-framework-on-a-date", "who-holds", "who-was-in-office-on-a-date"),
)


def test_the_questions_are_there():
    assert set(SOME) <= set(read_questions(find_home()))


def test_virtuoso_gives_the_same_rows(virtuoso, monkeypatch):
    for name in ("USER", "PASSWORD", "AUTH"):
        monkeypatch.setenv(f"TRILATERAL_{name}", "")  # what is set below ends with the test
    found = answers.answers_of_store(virtuoso, WORLD / "data", SOME, 60)
    assert {each.question: each.told for each in found} == dict.fromkeys(SOME, "same")


def test_comunica_gives_the_same_rows():
    if reason := comunica_engine.missing():
        pytest.skip(reason)
    found = answers.answers_of_comunica(WORLD / "data", SOME, 600)
    assert {each.question: each.told for each in found} == dict.fromkeys(SOME, "same")


def test_an_answer_that_differs_is_told(monkeypatch):
    """Without a row, or with a message in its place."""

    def forgetful(nquads, queries, seconds):
        yield "who-holds", Answer(("a",), ()), 0.0
        yield "what-succeeded-what", "SyntaxError: no", 0.0

    monkeypatch.setattr(comunica_engine, "ask", forgetful)
    first, second = answers.answers_of_comunica(
        WORLD / "data", ["who-holds", "what-succeeded-what"], 60
    )
    assert first.told.startswith("other rows: ")
    assert first.told.endswith(" missing, 0 too many")
    assert second.told == "no answer: SyntaxError: no"


def test_a_question_that_takes_too_long_is_ended_and_the_next_is_answered():
    if reason := comunica_engine.missing():
        pytest.skip(reason)
    nquads = b"".join(b'<urn:s> <urn:p> "%d" <urn:g> .\n' % number for number in range(3000))
    crossed = " . ".join(f"?s{number} ?p{number} ?o{number}" for number in range(4))
    queries = {
        "crossed": f"SELECT (COUNT(*) AS ?rows) WHERE {{ {crossed} }}",
        "all": "SELECT ?s ?p ?o WHERE { ?s ?p ?o }",
    }
    found = {name: told for name, told, _ in comunica_engine.ask(nquads, queries, 5)}
    assert found["crossed"] == "it took longer than 5 s"
    assert len(found["all"].rows) == 3000
