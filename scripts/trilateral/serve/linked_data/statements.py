"""Statements: triples of our own, written down by short forms."""

from __future__ import annotations

from collections.abc import Iterable

import pyoxigraph as ox

from trilateral.prefixes import prefixes

# Vocabularies that describe services and datasets, which the data do not use.
_MORE = {
    "adms": "http://www.w3.org/ns/adms#",
    "dcat": "http://www.w3.org/ns/dcat#",
    "formats": "http://www.w3.org/ns/formats/",
    "sd": "http://www.w3.org/ns/sparql-service-description#",
    "spdx": "http://spdx.org/rdf/terms#",
    "void": "http://rdfs.org/ns/void#",
}

Object = str | int | ox.Literal


class Statements:
    """Triples, and the prefixes that they need beside those of the table.

    ``here`` is the prefix of what is described, if it shall have one.

    >>> said = Statements("http://a.example/#")
    >>> _ = said.add("http://a.example/#it", rdf_type="void:Dataset", void_triples=5)
    >>> [str(triple.object) for triple in said.triples]
    ['<http://rdfs.org/ns/void#Dataset>', '"5"^^<http://www.w3.org/2001/XMLSchema#integer>']
    """

    def __init__(self, here: str = "") -> None:
        self.triples: list[ox.Triple] = []
        self.more = {**_MORE, **({"here": here} if here else {})}

    def add(self, subject: str, **values: Object | Iterable[Object]) -> str:
        """Say of an IRI what values it has; a short form is one with ``_`` for the colon."""
        for name, given in values.items():
            predicate = ox.NamedNode(expand(name.replace("_", ":", 1)))
            several = [given] if isinstance(given, str | int | ox.Literal) else given
            for each in several:
                self.triples.append(ox.Triple(ox.NamedNode(subject), predicate, _term(each)))
        return subject


def expand(name: str) -> str:
    """Return the IRI of a short form, of the table or a vocabulary about services and data."""
    prefix, _, local = name.partition(":")
    return (_MORE.get(prefix) or prefixes()[prefix]) + local


def _term(value: Object) -> ox.NamedNode | ox.Literal:
    """Return a number or literal as such, and text as the IRI or short form that it is."""
    if isinstance(value, ox.Literal):
        return value
    if isinstance(value, int):
        return ox.Literal(value)
    return ox.NamedNode(value if "://" in value else expand(value))
