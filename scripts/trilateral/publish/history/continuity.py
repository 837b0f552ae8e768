"""Continuity: no IRI that a release had may vanish; what is no longer described is retired."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from trilateral.prefixes import prefixes
from trilateral.publish.history.versions import Version
from trilateral.publish.release.refusals import RefusedError

if TYPE_CHECKING:
    import pyoxigraph as ox

_SHOWN = 10


def check_nothing_lost(previous: Version, nquads: bytes) -> None:
    """Check that a dataset describes, or has retired, whatever the release before named.

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
        f"The release {previous.name} has {len(lost)} IRIs that the data neither describe nor "
        f"retire:\n{shown}" + (f"\n  and {more} more" if more > 0 else ""),
        "Restore them, or retire each in data/retired.ttl, with dct:isReplacedBy where something "
        "stands in its place:\n"
        f"{prefixes().compact(lost[0])}\n"
        "    a owl:NamedIndividual ;\n"
        '    dct:modified "YYYY-MM-DD"^^xsd:date ;\n'
        "    owl:deprecated true ;\n"
        '    skos:changeNote "What it was. Why it is retired."@en ;\n'
        ".",
    )


def named(quads: Iterable[ox.Quad]) -> set[str]:
    """Return the IRIs of the project that are subjects or named graphs."""
    base = prefixes().base
    return {
        iri
        for quad in quads
        for iri in (getattr(quad.subject, "value", ""), getattr(quad.graph_name, "value", ""))
        if iri.startswith(base)
    }
