"""Counts: how many triples graphs and properties have, and things classes, as a store has them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from trilateral import sparql
from trilateral.load.graphs import Graph
from trilateral.vocabulary import iri

# What is counted, each by a query of that name, which stores are asked too.
COUNTS = ("graphs", "classes", "properties")
# Lines that are kept for an embedded store at once, or those of one graph if it has more.
_BATCH = 20_000


def count(graphs: Iterable[Graph]) -> dict[str, Counter[str]]:
    """Return how many triples ``graphs`` and ``properties`` have by IRI, and things ``classes``.

    A thing that several graphs tell of counts in each of them, as a triple does. What is equal by
    value is one: 1.50 and 1.5 of the same thing. Only literals with a datatype may be, and only
    these are put into an embedded store for it; canonical lines of others are one where they are
    alike.
    """
    found: dict[str, Counter[str]] = {name: Counter() for name in COUNTS}
    properties: Counter[bytes] = Counter()
    classes: Counter[bytes] = Counter()
    kind = f"<{iri('rdf:type')}>".encode()
    typed: list[bytes] = []
    for graph in graphs:
        lines = set(b"".join(graph.ntriples()).split(b"\n")) - {b""}
        others = [line for line in lines if line.endswith(b"> .") and b'"' in line]
        lines.difference_update(others)
        parts = [line.split(b" ", 2) for line in lines]
        found["graphs"][graph.name] += len(parts)
        properties.update([name for _, name, _ in parts])
        classes.update([rest[:-2] for _, name, rest in parts if name == kind])
        typed += [line[:-1] + f"<{graph.name}> .\n".encode() for line in others]
        if len(typed) >= _BATCH:
            _add(found, typed)
            typed = []
    _add(found, typed)
    for name, counted in (("properties", properties), ("classes", classes)):
        found[name].update({key[1:-1].decode(): number for key, number in counted.items()})
    return found


def _add(found: dict[str, Counter[str]], nquads: Iterable[bytes]) -> None:
    """Count quads in an embedded store, which has one form for equal values."""
    import pyoxigraph as ox

    store = ox.Store()
    store.bulk_load(b"".join(nquads), ox.RdfFormat.N_QUADS)
    for name, counted in found.items():
        for key, number in sparql.rows(store, __package__, name):
            counted[key] += int(number)
