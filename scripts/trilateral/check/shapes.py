"""Shapes: what SHACL finds, as findings in plain words with their place."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from trilateral.check.shacl import Result, graph_of, validate
from trilateral.dataset import Dataset
from trilateral.findings import Finding
from trilateral.prefixes import prefixes
from trilateral.vocabulary import iri

if TYPE_CHECKING:
    import pyoxigraph as ox


def check_shapes(dataset: Dataset) -> Iterator[Finding]:
    """Yield the results of validating ontology and data, and the shapes by their own shapes."""
    home = dataset.home
    lint = home.shapes / "shapes-lint.ttl"
    shapes = {p: f for p, f in dataset.under(home.shapes).items() if p != lint}
    shapes_triples = [triple for file in shapes.values() for triple in file.triples]
    data = graph_of(dataset.triples(home.ontology, home.data))
    yield from _findings(dataset, validate(data, graph_of(shapes_triples)), shapes_triples)
    if lint in dataset.files:
        rules = dataset.files[lint].triples
        yield from _findings(dataset, validate(graph_of(shapes_triples), graph_of(rules)), rules)


def _findings(
    dataset: Dataset, results: Iterable[Result], shapes: Iterable[ox.Triple]
) -> Iterator[Finding]:
    sh_path = iri("sh:path")
    paths = {t.object for t in shapes if t.predicate.value == sh_path}
    known = sorted(prefixes().compact(path.value) for path in paths if hasattr(path, "value"))
    for result in results:
        predicate = prefixes().compact(result.path) if result.path else ""
        shown = prefixes().compact(result.value) if result.value else ""
        message, repair = result.message, ""
        if result.component == iri("sh:ClosedConstraintComponent"):
            message = f"{predicate} does not belong to a thing of this class."
            repair = _near(predicate, known)
        elif shown:
            message = f"{message} Found: {shown.strip('<>')}"
        file, line = dataset.locate(result.focus, predicate, shown)
        yield Finding(
            file,
            line,
            prefixes().compact(result.shape),
            message,
            prefixes().compact(result.focus),
            repair,
            "error" if result.severity == iri("sh:Violation") else "warning",
        )


def _near(predicate: str, known: list[str]) -> str:
    near = difflib.get_close_matches(predicate, known, n=1, cutoff=0.8)
    return f"Did you mean {near[0]}?" if near else "Remove it, or use a property of the class."
