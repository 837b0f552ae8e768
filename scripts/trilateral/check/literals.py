"""Literals: what their datatype does not allow, such as 2024-02-30 as a date, and hidden text."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

from trilateral.dataset import Dataset
from trilateral.findings import Finding
from trilateral.prefixes import prefixes
from trilateral.turtle import HIDDEN


def check_literals(dataset: Dataset) -> Iterator[Finding]:
    """Yield a finding for each literal that is not in its datatype or does not show what it is."""
    import pyoxigraph

    for path, file in dataset.files.items():
        for triple in file.triples:
            value = triple.object
            if not isinstance(value, pyoxigraph.Literal):
                continue
            if problem := _problem(value.value, value.datatype.value):
                predicate = prefixes().compact(triple.predicate.value)
                iri = getattr(triple.subject, "value", "")
                message, repair = problem
                yield Finding(
                    dataset.home.name(path),
                    file.line_of(iri, predicate, value.value) or 0,
                    "literal",
                    message,
                    prefixes().compact(iri),
                    repair,
                )


def _problem(lexical: str, datatype: str) -> tuple[str, str] | None:
    """Return what is wrong with a literal and how to repair it."""
    if _ill_typed(lexical, datatype):
        name = prefixes().compact(datatype)
        repair = _REPAIRS.get(name, f"Write the value as {name} has it.")
        return f'"{lexical}" is no {name}.', repair
    if hidden := HIDDEN.search(lexical):
        message = f"The text has the character U+{ord(hidden[0]):04X}, which nobody can see."
        return message, "Remove it."
    if not unicodedata.is_normalized("NFC", lexical):
        message = f'"{lexical}" has letters taken apart into base and accent.'
        return message, "Write it in Unicode normalization form C."
    return None


_REPAIRS = {
    "xsd:date": "Write a day that exists as YYYY-MM-DD, or give xsd:gYearMonth or xsd:gYear.",
    "xsd:gYearMonth": "Write a month as YYYY-MM.",
    "xsd:gYear": "Write a year as YYYY.",
}


# rdflib takes any digits for these two. Source: XML Schema 1.1 part 2, sections 3.3.10 and 3.3.11.
_YEAR = r"-?([1-9][0-9]{3,}|0[0-9]{3})"
_ZONE = r"(Z|[+-]((0[0-9]|1[0-3]):[0-5][0-9]|14:00))?"
_FORMS = {
    "xsd:gYear": re.compile(_YEAR + _ZONE),
    "xsd:gYearMonth": re.compile(f"{_YEAR}-(0[1-9]|1[0-2]){_ZONE}"),
}


@lru_cache(maxsize=10_000)
def _ill_typed(lexical: str, datatype: str) -> bool:
    import rdflib

    if not datatype.startswith(prefixes()["xsd"]):
        return False
    if form := _FORMS.get(prefixes().compact(datatype)):
        return form.fullmatch(lexical) is None
    return bool(
        rdflib.Literal(lexical, datatype=rdflib.URIRef(datatype), normalize=False).ill_typed
    )
