"""Rules over more than one node: each row of a ``*-violation`` query is an error."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from trilateral import sparql
from trilateral.dataset import Dataset
from trilateral.findings import Finding
from trilateral.prefixes import prefixes

if TYPE_CHECKING:
    import pyoxigraph as ox


def check_rules(dataset: Dataset, store: ox.Store) -> Iterator[Finding]:
    """Run each query of ``shapes/checks`` on the union of the named graphs."""
    for path in sorted((dataset.home.shapes / "checks").glob("*-violation.rq")):
        text = path.read_text(encoding="utf-8")
        header = sparql.read_header(path, text)
        found = store.query(text, prefixes=dict(prefixes()), use_default_graph_as_union=True)
        for solution in found:  # type: ignore[union-attr]
            focus = solution["focus"].value
            detail = solution["detail"]
            file, line = dataset.locate(focus)
            message = header["summary"] + (f" {_shown(detail)}" if detail is not None else "")
            iri = prefixes().compact(focus)
            yield Finding(file, line, path.stem, message, iri, header["repair"])


def _shown(term: ox.NamedNode | ox.Literal | ox.BlankNode) -> str:
    import pyoxigraph

    return prefixes().compact(term.value) if isinstance(term, pyoxigraph.NamedNode) else term.value
