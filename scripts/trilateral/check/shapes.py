"""Shapes: SHACL validation with pySHACL over the embedded store, as findings in plain words."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from trilateral.dataset import Dataset
from trilateral.findings import Finding
from trilateral.prefixes import prefixes

if TYPE_CHECKING:
    import pyoxigraph as ox
    import rdflib


def graph_of(triples: Iterable[ox.Triple]) -> rdflib.Graph:
    """Return triples as an rdflib graph in memory.

    For shapes of SHACL core pySHACL asks such a graph faster than one that lives
    in the embedded store (docs/benchmarks.md); parsing is still the store's.
    """
    import rdflib

    graph = rdflib.Graph()
    terms: dict[object, rdflib.term.Node] = {}
    for triple in triples:
        subject, predicate, value = (
            terms.get(term) or terms.setdefault(term, _term(term)) for term in triple
        )
        graph.add((subject, predicate, value))
    return graph


def _term(term: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple) -> rdflib.term.Node:
    import pyoxigraph
    import rdflib

    if isinstance(term, pyoxigraph.NamedNode):
        return rdflib.URIRef(term.value)
    if isinstance(term, pyoxigraph.BlankNode):
        return rdflib.BNode(term.value)
    assert isinstance(term, pyoxigraph.Literal)
    if term.language:
        return rdflib.Literal(term.value, lang=term.language)
    datatype = rdflib.URIRef(term.datatype.value)
    plain = datatype == rdflib.XSD.string
    return rdflib.Literal(term.value, datatype=None if plain else datatype, normalize=False)


def validate(data: rdflib.Graph, shapes: rdflib.Graph) -> rdflib.Graph:
    """Return the SHACL report of a data graph as a graph; nothing is inferred."""
    import pyshacl

    report: rdflib.Graph | Exception
    _, report, _ = pyshacl.validate(data, shacl_graph=shapes, inference="none", advanced=False)
    if isinstance(report, Exception):
        raise report
    return report


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
        report = validate(graph_of(shapes_triples), graph_of(rules))
        yield from _findings(dataset, report, rules)


def _findings(dataset: Dataset, report: rdflib.Graph, shapes: list[ox.Triple]) -> Iterator[Finding]:
    from rdflib import RDF, SH

    paths = sorted(
        {
            t.object.value
            for t in shapes
            if t.predicate.value == str(SH.path) and hasattr(t.object, "value")
        }
    )
    for result in report.subjects(RDF.type, SH.ValidationResult):
        focus = str(report.value(result, SH.focusNode))
        path, value = report.value(result, SH.resultPath), report.value(result, SH.value)
        shape = str(report.value(result, SH.sourceShape))
        severity = report.value(result, SH.resultSeverity)
        predicate = prefixes().compact(str(path)) if path is not None else ""
        shown = prefixes().compact(str(value)) if value is not None else ""
        message = str(next(report.objects(result, SH.resultMessage), ""))
        repair = ""
        if report.value(result, SH.sourceConstraintComponent) == SH.ClosedConstraintComponent:
            message = f"{predicate} does not belong to a thing of this class."
            repair = _near(predicate, paths)
        elif shown:
            message = f"{message} Found: {shown}"
        file, line = dataset.locate(focus, predicate, shown)
        yield Finding(
            file,
            line,
            prefixes().compact(shape),
            message,
            prefixes().compact(focus),
            repair,
            "error" if severity == SH.Violation else "warning",
        )


def _near(predicate: str, paths: list[str]) -> str:
    known = [prefixes().compact(path) for path in paths]
    near = difflib.get_close_matches(predicate, known, n=1, cutoff=0.8)
    return f"Did you mean {near[0]}?" if near else "Remove it, or use a property of the class."
