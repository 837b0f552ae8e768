"""Rules over more than one node, as queries.

Each row of a ``*-violation`` query is an error, each of a ``*-warning`` query a warning.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from trilateral import sparql
from trilateral.check.near_duplicates import compared, near_duplicates
from trilateral.check.warnings import is_shipped
from trilateral.dataset import Dataset
from trilateral.findings import Finding, Severity
from trilateral.home import Home
from trilateral.prefixes import prefixes

if TYPE_CHECKING:
    import pyoxigraph as ox


@dataclass(frozen=True, order=True)
class Row:
    """One row of a rule: the IRI of the thing that breaks it, and what about it, "" if nothing."""

    focus: str
    detail: str


def rule_files(home: Home) -> list[Path]:
    """Return the query files of the rules, sorted by name."""
    folder = home.shapes / "checks"
    return sorted([*folder.glob("*-violation.rq"), *folder.glob("*-warning.rq")])


def run_rule(path: Path, store: ox.Store) -> list[Row]:
    """Return the rows of one rule on the union of the named graphs, sorted.

    A rule whose header has a ``similarity`` gives what is to be compared, and breaks
    for each pair that is alike (see `near_duplicates`).
    """
    found = _ask(path, store)
    similarity = _header(path, sparql.read_text(path)).get("similarity")
    if similarity is not None:
        return [
            Row(name, f"nearly the same as {prefixes().compact(other)}")
            for name, other in near_duplicates(compared(found), similarity)
        ]
    return sorted(Row(row["focus"].value, _shown(row["detail"])) for row in found)


def focuses(path: Path, store: ox.Store) -> set[str]:
    """Return the IRIs of the things of which a rule says, or compares, something."""
    return {row["focus"].value for row in _ask(path, store)}


def _ask(path: Path, store: ox.Store) -> Any:
    text = sparql.read_text(path)
    return store.query(text, prefixes=dict(prefixes()), use_default_graph_as_union=True)


def compares(path: Path) -> bool:
    """Return whether a rule only gives what is to be compared by its similarity."""
    return "similarity" in _header(path, sparql.read_text(path))


def run_rules(paths: Iterable[Path], store: ox.Store) -> dict[Path, tuple[Row, ...]]:
    """Return the rows of some rules; the store answers as many at once as there are processors."""
    paths = list(paths)
    with ThreadPoolExecutor(len(os.sched_getaffinity(0))) as threads:
        found = threads.map(lambda path: tuple(run_rule(path, store)), paths)
        return dict(zip(paths, found, strict=True))


def rule_findings(path: Path, rows: Iterable[Row], dataset: Dataset) -> Iterator[Finding]:
    """Yield the rows of one rule as findings with the place of the thing.

    Data of one's own are not asked to use every term of the ontology: of them, what
    warns of a term is left out.
    """
    header = _header(path, sparql.read_text(path))
    severity: Severity = "warning" if path.stem.endswith("-warning") else "error"
    ontology = dataset.home.name(dataset.home.ontology) + "/"
    judge_terms = severity == "error" or is_shipped(dataset.home)
    for row in rows:
        file, line = dataset.locate(row.focus)
        if file.startswith(ontology) and not judge_terms:
            continue
        message = header["summary"] + (f" {row.detail}" if row.detail else "")
        iri = prefixes().compact(row.focus)
        yield Finding(file, line, path.stem, message, iri, header["repair"], severity)


@lru_cache(maxsize=1000)
def _header(path: Path, text: str) -> dict[str, Any]:
    return sparql.read_header(path, text)


def _shown(term: ox.NamedNode | ox.Literal | ox.BlankNode | None) -> str:
    import pyoxigraph

    if term is None:
        return ""
    return prefixes().compact(term.value) if isinstance(term, pyoxigraph.NamedNode) else term.value
