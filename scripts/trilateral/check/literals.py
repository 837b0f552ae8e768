"""Literals: lexical forms that their datatype does not allow, such as 2024-02-30 as a date."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from trilateral.dataset import Dataset
from trilateral.findings import Finding
from trilateral.prefixes import prefixes


def check_literals(dataset: Dataset) -> Iterator[Finding]:
    """Yield a finding for each literal whose lexical form is not in its datatype."""
    import pyoxigraph

    for path, file in dataset.files.items():
        for triple in file.triples:
            value = triple.object
            if isinstance(value, pyoxigraph.Literal) and _ill_typed(
                value.value, value.datatype.value
            ):
                predicate = prefixes().compact(triple.predicate.value)
                iri = getattr(triple.subject, "value", "")
                datatype = prefixes().compact(value.datatype.value)
                yield Finding(
                    dataset.home.name(path),
                    file.line_of(iri, predicate, value.value) or 0,
                    "literal",
                    f'"{value.value}" is no {datatype}.',
                    prefixes().compact(iri),
                    _REPAIRS.get(datatype, f"Write {predicate} as {datatype} has it."),
                )


_REPAIRS = {
    "xsd:date": "Write a day that exists as YYYY-MM-DD, or give xsd:gYearMonth or xsd:gYear.",
    "xsd:gYearMonth": "Write a month as YYYY-MM.",
    "xsd:gYear": "Write a year as YYYY.",
}


@lru_cache(maxsize=10_000)
def _ill_typed(lexical: str, datatype: str) -> bool:
    import rdflib

    if not datatype.startswith(prefixes()["xsd"]):
        return False
    return bool(
        rdflib.Literal(lexical, datatype=rdflib.URIRef(datatype), normalize=False).ill_typed
    )
