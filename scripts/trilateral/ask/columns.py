"""Columns: the answer to a question as columns of Python values, each of one type.

A column whose values are all of one kind has that type; where kinds are mixed, such as days
beside years, or have no type in Python, such as years alone, it holds texts and a second
column says what each of them is. So nothing is guessed, rounded or lost: no day is invented
for a year, and no language tag is dropped.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from trilateral.ask.engines import Answer
from trilateral.errors import TrilateralError
from trilateral.prefixes import prefixes

if TYPE_CHECKING:
    import pyoxigraph as ox

    Term = ox.NamedNode | ox.BlankNode | ox.Literal | None
    Value = str | int | float | bool | Decimal | date | datetime | None

IRI, BLANK, TEXT, MIXED = "IRI", "blank node", "text", "mixed"
_INTEGERS = frozenset(
    {
        *("integer", "nonNegativeInteger", "positiveInteger", "nonPositiveInteger"),
        *("negativeInteger", "long", "int", "short", "byte"),
        *("unsignedLong", "unsignedInt", "unsignedShort", "unsignedByte"),
    }
)
_LARGEST = 2**63


class FrameError(TrilateralError):
    """An answer cannot be given in the form that is wanted."""

    status = 1


@dataclass(frozen=True)
class Column:
    """One column.

    Attributes:
        name: That of the variable; for what says more of another column, with ``_type`` or
            ``_lang`` at its end.
        kind: IRI, blank node, text, integer, decimal, double, boolean, date, dateTime, or mixed.
        values: Of the type that belongs to the kind; None where there is none.
    """

    name: str
    kind: str
    values: tuple[Value, ...]


def columns_of(answer: Answer) -> list[Column]:
    """Return the columns of rows, each followed by those that say more of it.

    NAME_lang holds language tags where any value has one; NAME_type says of each value of a
    mixed column whether it is an IRI, a blank node, or a literal of which datatype.

    Raises:
        FrameError: for an answer of triples.

    >>> import pyoxigraph as ox
    >>> answer = Answer(("label",), ((ox.Literal("Japon", language="fr"),), (None,)))
    >>> [(column.name, column.values) for column in columns_of(answer)]
    [('label', ('Japon', None)), ('label_lang', ('fr', None))]
    """
    if not answer.variables:
        raise FrameError(
            "This answer is a graph, of triples, and has no rows.",
            "Take it by trilateral.ask.frames.graph.",
        )
    taken = set(answer.variables)
    found = []
    for at, name in enumerate(answer.variables):
        for column in _columns(name, [row[at] for row in answer.rows]):
            if column.name != name and column.name in taken:
                raise FrameError(
                    f"The answer has a column {column.name}, which would say more of {name}.",
                    "Give that variable another name in the query.",
                )
            found.append(column)
    return found


def rows_of(answer: Answer) -> Iterator[dict[str, Value]]:
    """Yield each row of an answer as a dict, with the values of `columns_of`.

    Raises:
        FrameError: for an answer of triples.
    """
    columns = columns_of(answer)
    names = [column.name for column in columns]
    for values in zip(*(column.values for column in columns), strict=True):
        yield dict(zip(names, values, strict=True))


def _columns(name: str, terms: list[Term]) -> Iterator[Column]:
    kinds = {_kind(term) for term in terms if term is not None}
    kind = kinds.pop() if len(kinds) == 1 else MIXED if kinds else TEXT
    values = _values(kind, terms) if kind in (IRI, BLANK, TEXT, *_READERS) else None
    if values is None:
        kind, values = MIXED, tuple(None if term is None else term.value for term in terms)
    yield Column(name, kind, values)
    if kind == MIXED:
        yield Column(f"{name}_type", TEXT, tuple(map(_type, terms)))
    tags = tuple(getattr(term, "language", None) for term in terms)
    if any(tags):
        yield Column(f"{name}_lang", TEXT, tags)


def _kind(term: Term) -> str:
    import pyoxigraph

    if isinstance(term, pyoxigraph.NamedNode):
        return IRI
    if isinstance(term, pyoxigraph.BlankNode):
        return BLANK
    assert isinstance(term, pyoxigraph.Literal)
    datatype = term.datatype.value
    if term.language or datatype == prefixes()["xsd"] + "string":
        return TEXT
    local = datatype.removeprefix(prefixes()["xsd"])
    return "integer" if local in _INTEGERS else "double" if local == "float" else local


def _type(term: Term) -> str | None:
    if term is None:
        return None
    kind = _kind(term)
    return kind if kind in (IRI, BLANK, TEXT) else prefixes().compact(term.datatype.value)  # type: ignore[union-attr]


def _values(kind: str, terms: Iterable[Term]) -> tuple[Value, ...] | None:
    """Return the values of terms of one kind, or None where one of them is no such value."""
    read = _READERS.get(kind, str)
    try:
        values = tuple(None if term is None else read(term.value) for term in terms)
    except (ValueError, ArithmeticError, LookupError):
        return None
    aware = {value.tzinfo is not None for value in values if isinstance(value, datetime)}
    return None if len(aware) > 1 else values


def _integer(text: str) -> int:
    value = int(text)
    if not -_LARGEST <= value < _LARGEST:
        raise OverflowError(text)
    return value


def _boolean(text: str) -> bool:
    return {"true": True, "1": True, "false": False, "0": False}[text]


def _date(text: str) -> date:
    if len(text) != len("2024-05-07"):
        raise ValueError(text)  # with a time zone, or beyond the years of Python
    return date.fromisoformat(text)


_READERS: dict[str, Callable[[str], Value]] = {
    "integer": _integer,
    "decimal": Decimal,
    "double": float,
    "boolean": _boolean,
    "date": _date,
    "dateTime": datetime.fromisoformat,
}
