"""SPARQL inside the project: queries kept in ``.rq`` files, run on the embedded store."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import resources
from typing import TYPE_CHECKING

from trilateral.prefixes import prefixes

if TYPE_CHECKING:
    import pyoxigraph as ox


def rows(store: ox.Store, package: str, name: str) -> Iterator[tuple[str, ...]]:
    """Yield the rows of the query ``name.rq`` of a package, unbound values as "".

    Each value is its plain string. The union of all named graphs is queried.
    """
    text = resources.files(package).joinpath(f"{name}.rq").read_text(encoding="utf-8")
    for solution in store.query(  # type: ignore[union-attr]
        text, prefixes=dict(prefixes()), use_default_graph_as_union=True
    ):
        yield tuple("" if term is None else term.value for term in solution)
