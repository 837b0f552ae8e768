"""Retired: IRIs that an earlier version described, what became of them, and why.

The table is ``data/retired.ttl``, a named graph of the dataset. A retired thing is declared
(`owl:NamedIndividual`) and deprecated, and nothing else is said of it but the day, the reason
and, where there is one, its successor.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from trilateral.home import Home
from trilateral.prefixes import prefixes
from trilateral.vocabulary import iri

if TYPE_CHECKING:
    import pyoxigraph as ox

FILE = "retired.ttl"


@dataclass(frozen=True)
class Retirement:
    """Since which day an IRI is retired, why, and the IRI in its place, "" where there is none."""

    iri: str
    day: str
    note: str
    successor: str


def read_retired(quads: Iterable[ox.Quad]) -> dict[str, Retirement]:
    """Return what a dataset has retired by IRI; terms of the ontology, which stay, are not in it.

    >>> import pyoxigraph as ox
    >>> a = "<https://w3id.org/trilateral/actor/old>"
    >>> rows = f'''{a} <{iri("rdf:type")}> <{iri("owl:NamedIndividual")}> .
    ... {a} <{iri("dct:isReplacedBy")}> <https://w3id.org/trilateral/actor/new> .'''
    >>> (found,) = read_retired(ox.parse(rows, ox.RdfFormat.N_QUADS)).values()
    >>> found.successor
    'https://w3id.org/trilateral/actor/new'
    """
    names = {
        iri("dct:modified"): "day",
        iri("skos:changeNote"): "note",
        iri("dct:isReplacedBy"): "successor",
    }
    rdf_type, individual = iri("rdf:type"), iri("owl:NamedIndividual")
    told: dict[str, dict[str, str]] = {}
    declared: set[str] = set()
    for quad in quads:
        subject = getattr(quad.subject, "value", "")
        value = getattr(quad.object, "value", "")
        if quad.predicate.value in names:
            told.setdefault(subject, {})[names[quad.predicate.value]] = value
        elif quad.predicate.value == rdf_type and value == individual:
            declared.add(subject)
    return {
        name: Retirement(
            name,
            *(told.get(name, {}).get(part, "") for part in ("day", "note", "successor")),
        )
        for name in sorted(declared)
    }


def redirects(quads: Iterable[ox.Quad]) -> dict[str, str | None]:
    """Return the path of each retired IRI with the path of its successor, or None: it is gone.

    For hosts that write their rules in advance; paths begin with a slash.
    """
    base = prefixes().base
    return {
        "/" + name.removeprefix(base): "/" + each.successor.removeprefix(base)
        if each.successor
        else None
        for name, each in read_retired(quads).items()
    }


def read_redirects(home: Home) -> dict[str, str | None]:
    """Return what `redirects` gives for the data of a folder, whose file need not be there."""
    import pyoxigraph

    path = home.data / FILE
    if not path.is_file():
        return {}
    return redirects(pyoxigraph.parse(path=str(path), format=pyoxigraph.RdfFormat.TURTLE))
