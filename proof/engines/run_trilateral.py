"""Validate as ``trilateral check`` does: ``python -P run_trilateral.py DATA SHAPES``.

The package keeps its results as text; here they become a validation report again. A
path that is no single property has lost its structure there: it is that of the shape.
"""

import sys
from pathlib import Path

import pyoxigraph as ox
from rdflib import RDF, BNode, Graph, Literal, URIRef
from rdflib.namespace import SH
from rdflib.term import Node

from trilateral.check import shacl


def read(file: Path) -> Graph:
    """Return a file of N-Triples as the package hands it to pySHACL."""
    return shacl.graph_of(
        quad.triple for quad in ox.parse(path=file, format=ox.RdfFormat.N_TRIPLES)
    )


def term(text: str) -> Node:
    """Return a node of which only the text is known; labels of blank nodes have no colon."""
    return URIRef(text) if ":" in text else BNode(text)


def report(found: list[shacl.Result], shapes: Graph) -> Graph:
    """Return results as a validation report."""
    graph = Graph()
    head = BNode()
    graph.add((head, RDF.type, SH.ValidationReport))
    graph.add((head, SH.conforms, Literal(not found)))
    for each in found:
        result = BNode()
        graph.add((head, SH.result, result))
        graph.add((result, SH.focusNode, term(each.focus)))
        graph.add((result, SH.sourceConstraintComponent, URIRef(each.component)))
        if each.path:
            path = term(each.path)
            if isinstance(path, BNode):
                path = shapes.value(URIRef(each.shape), SH.path)
                graph += shapes.cbd(path)
            graph.add((result, SH.resultPath, path))
    return graph


if __name__ == "__main__":
    data_graph, shapes_graph = (read(Path(name)) for name in sys.argv[1:])
    results = shacl.validate(data_graph, shapes_graph)
    print(report(results, shapes_graph).serialize(format="nt"))
