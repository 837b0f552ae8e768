"""Answers: every question asked of a copy, and of the version that it should be."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING

from trilateral.ask import values
from trilateral.ask.engines import Answer, ask_oxigraph
from trilateral.ask.questions import read_questions
from trilateral.home import Home
from trilateral.load.copies import Difference
from trilateral.load.source import Source
from trilateral.nouns import counted
from trilateral.prefixes import prefixes
from trilateral.remote.client import Client

if TYPE_CHECKING:
    import pyoxigraph as ox

_NUMBERS = ("integer", "decimal", "double", "float", "int", "long")


def uneven_answers(
    client: Client,
    source: Source,
    home: Home,
    progress: Callable[[str], None] = lambda name: None,
) -> tuple[int, list[Difference]]:
    """Return how many questions were asked, and those that a copy answers otherwise.

    With the defaults of their parameters. Rows are compared whatever their order, because an
    order may leave some of them equal, and numbers and truth values by value.

    Raises:
        RemoteError: when the copy does not answer.
    """
    questions = read_questions(home)
    found = []
    for number, (name, question) in enumerate(questions.items(), 1):
        if number % 10 == 1:
            progress(f"asking question {number} of {len(questions)}")
        query = question.bound(values.bind(source.store, question, {}))
        wanted, there = ask_oxigraph(source.store, query), client.ask(query)
        if rows_of(wanted) != rows_of(there):
            how = f"{counted(len(there.rows), 'row')}, not the {len(wanted.rows):,} expected"
            found.append(Difference(name, how))
    return len(questions), found


def rows_of(answer: Answer) -> Counter[tuple[object, ...]]:
    """Return the rows of an answer, each with how often it occurs, by value."""
    return Counter(tuple(map(_value, row)) for row in answer.rows)


def _value(term: ox.NamedNode | ox.BlankNode | ox.Literal | None) -> object:
    datatype = getattr(term, "datatype", None)
    kind = datatype.value.removeprefix(prefixes()["xsd"]) if datatype else ""
    if kind not in (*_NUMBERS, "boolean"):
        return term
    assert term is not None
    if kind == "boolean":
        return kind, term.value in ("true", "1")
    try:
        # Engines differ in how many places of a quotient they keep.
        return Decimal(term.value).quantize(Decimal("1e-9")).normalize()
    except InvalidOperation:
        return term
