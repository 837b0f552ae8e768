"""Counts: how much a release holds in each graph, of each class and under each property."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from trilateral.prefixes import prefixes

if TYPE_CHECKING:
    import pyoxigraph as ox

# The queries that the server counts by, with the name of their key, empty for totals.
_QUERIES = (("counts", ""), ("entities", ""), ("graphs", "graph"), ("classes", "class"),
            ("properties", "property"))  # fmt: skip


def count(store: ox.Store) -> dict[str, Any]:
    """Return totals by name, and counts by IRI under ``graphs``, ``classes``, ``properties``.

    Classes count things. Properties and totals count a triple once however many graphs it
    stands in, graphs each for itself; ``quads`` is the sum of these.
    """
    from trilateral.serve.linked_data.statistics import query_of

    found: dict[str, Any] = {"quads": len(store)}
    for name, key in _QUERIES:
        solutions: Any = store.query(
            query_of(name), prefixes=dict(prefixes()), use_default_graph_as_union=True
        )
        names = [variable.value for variable in solutions.variables]
        rows = [[term.value for term in solution] for solution in solutions]
        if key:
            found[name] = {iri: int(number) for iri, number in rows}
        else:
            found.update(zip(names, map(int, rows[0]), strict=True))
    return found


def write_json(counts: dict[str, Any]) -> bytes:
    """Return counts as JSON."""
    return (json.dumps(counts, indent=2) + "\n").encode()


def write_csv(counts: dict[str, Any]) -> bytes:
    """Return counts as CSV, a row each: what is counted, its IRI (none for totals), how many."""
    from trilateral.serve.web import csv_safe

    rows: list[tuple[str, str, str]] = []
    kinds = {"graphs": "graph", "classes": "class", "properties": "property"}
    for name, value in counts.items():
        if name in kinds:
            rows += [(kinds[name], iri, str(number)) for iri, number in value.items()]
        else:
            rows.append((name, "", str(value)))
    return csv_safe.write(("kind", "iri", "count"), rows).encode()
