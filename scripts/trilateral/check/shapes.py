"""Shapes: what SHACL finds, as findings in plain words with their place."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from trilateral.check.shacl import FOR_SHAPES, Result, graph_of, validate
from trilateral.dataset import Dataset
from trilateral.findings import Finding
from trilateral.prefixes import prefixes
from trilateral.vocabulary import iri

if TYPE_CHECKING:
    import pyoxigraph as ox


# Of a value, so many characters are shown.
_MOST = 80


def shapes_of(dataset: Dataset) -> list[ox.Triple]:
    """Return the triples of the shapes for ontology and data."""
    lint = lint_file(dataset)
    files = dataset.under(dataset.home.shapes)
    return [triple for path, file in files.items() if path != lint for triple in file.triples]


def lint_file(dataset: Dataset) -> Path:
    """Return the file of the shapes that the other shapes must meet."""
    return dataset.home.shapes / "shapes-lint.ttl"


def run_shapes(dataset: Dataset) -> list[Result]:
    """Return the results of validating ontology and data."""
    data = graph_of(dataset.triples(dataset.home.ontology, dataset.home.data))
    return validate(data, graph_of(shapes_of(dataset), FOR_SHAPES))


def run_lint(dataset: Dataset) -> list[Result]:
    """Return the results of validating the shapes by their own shapes."""
    lint = dataset.files.get(lint_file(dataset))
    return validate(graph_of(shapes_of(dataset)), graph_of(lint.triples)) if lint else []


def shape_findings(dataset: Dataset, results: Iterable[Result]) -> Iterator[Finding]:
    """Yield results of validation as findings, with the place of the thing."""
    for result in results:
        predicate = prefixes().compact(result.path) if result.path else ""
        shown = prefixes().compact(result.value) if result.value else ""
        message, repair = result.message, ""
        if result.component == iri("sh:ClosedConstraintComponent"):
            message = f"{predicate} does not belong to a thing of this class."
            repair = _near(predicate, _known(dataset))
        elif shown:
            message = f"{message} Found: {_shortened(shown.strip('<>'))}"
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


def _shortened(text: str) -> str:
    return text if len(text) <= _MOST else f"{text[:_MOST]} ..."


def _known(dataset: Dataset) -> list[str]:
    """Return the predicates that the shapes speak of, as short forms."""
    sh_path = iri("sh:path")
    shapes = dataset.triples(dataset.home.shapes)
    paths = {t.object for t in shapes if t.predicate.value == sh_path}
    return sorted(prefixes().compact(path.value) for path in paths if hasattr(path, "value"))


def _near(predicate: str, known: list[str]) -> str:
    near = difflib.get_close_matches(predicate, known, n=1, cutoff=0.8)
    return f"Did you mean {near[0]}?" if near else "Remove it, or use a property of the class."
