"""Continuity: no IRI that a release had may vanish; what is no longer described is retired."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from trilateral import turtle
from trilateral.nouns import counted
from trilateral.prefixes import prefixes
from trilateral.publish.history.versions import Version
from trilateral.publish.release.refusals import RefusedError
from trilateral.vocabulary import iri

if TYPE_CHECKING:
    import pyoxigraph as ox

_SHOWN = 10


def check_nothing_lost(previous: Version, nquads: bytes, day: str) -> None:
    """Check that the dataset of a day describes, or has retired, what the release before named.

    Things and named graphs alike, as both can be looked up by their IRIs.

    Raises:
        RefusedError: naming IRIs that are lost, with what retires one.
    """
    import pyoxigraph

    quads = pyoxigraph.parse(nquads, format=pyoxigraph.RdfFormat.N_QUADS)
    lost = sorted(named(previous.quads) - named(quads))
    if not lost:
        return
    more = len(lost) - _SHOWN
    shown = "\n".join(f"  {prefixes().compact(each)}" for each in lost[:_SHOWN])
    raise RefusedError(
        f"The release {previous.name} has {counted(len(lost), 'IRI')} that the data neither "
        f"describe nor retire:\n{shown}" + (f"\n  and {more} more" if more > 0 else ""),
        "Restore them, or retire each: add this to data/retired.ttl, with reasons, and with "
        "dct:isReplacedBy where something stands in its place; then run: trilateral fmt "
        f"data/retired.ttl\n\n{_retired(lost[:_SHOWN], day)}",
    )


def _retired(lost: Iterable[str], day: str) -> str:
    """Return what retires IRIs, as Turtle with all prefixes, so that it can be added to any file.

    Prefixes may stand again in the middle of a file; `trilateral fmt` moves them to its head.
    """
    import pyoxigraph as ox

    said: dict[str, ox.NamedNode | ox.Literal] = {
        "rdf:type": ox.NamedNode(iri("owl:NamedIndividual")),
        "dct:modified": ox.Literal(day, datatype=ox.NamedNode(iri("xsd:date"))),
        "owl:deprecated": ox.Literal(True),
        "skos:changeNote": ox.Literal("What it was. Why it is retired.", language="en"),
    }
    return turtle.write(
        ox.Triple(ox.NamedNode(each), ox.NamedNode(iri(name)), value)
        for each in lost
        for name, value in said.items()
    ).rstrip()


def named(quads: Iterable[ox.Quad]) -> set[str]:
    """Return the IRIs of the project that are subjects or named graphs."""
    base = prefixes().base
    return {
        name
        for quad in quads
        for name in (getattr(quad.subject, "value", ""), getattr(quad.graph_name, "value", ""))
        if name.startswith(base)
    }
