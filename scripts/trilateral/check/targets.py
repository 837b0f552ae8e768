"""Targets: which shapes look at a node, and a shapes graph that looks at some nodes alone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from trilateral.check.shacl import graph_of
from trilateral.vocabulary import iri

if TYPE_CHECKING:
    import pyoxigraph as ox
    import rdflib

    Subject = ox.NamedNode | ox.BlankNode | ox.Triple
    Node = Subject | ox.Literal

_KINDS = ("sh:targetClass", "sh:targetSubjectsOf", "sh:targetObjectsOf", "sh:targetNode")


class Targets:
    """The targets of a shapes graph, by kind and by the class, predicate or node that they name.

    pySHACL has an option for focus nodes, but it lets every value that is none of them pass
    the shapes inside sh:or, sh:not and sh:node. So the targets are set instead.
    """

    def __init__(self, shapes: Iterable[ox.Triple]) -> None:
        kinds = {iri(kind): kind for kind in _KINDS}
        self._shapes: dict[tuple[str, Node], set[Subject]] = defaultdict(set)
        rest = []
        for triple in shapes:
            if kind := kinds.get(triple.predicate.value):
                self._shapes[kind, triple.object].add(triple.subject)
            else:
                rest.append(triple)
        self._graph: rdflib.Graph = graph_of(rest)

    @contextmanager
    def at(self, store: ox.Store, nodes: Iterable[Node]) -> Iterator[rdflib.Graph]:
        """Give the shapes with these nodes of a store as their only targets."""
        import pyoxigraph

        target_node = pyoxigraph.NamedNode(iri("sh:targetNode"))
        wanted = graph_of(
            pyoxigraph.Triple(shape, target_node, node)
            for node in nodes
            for shape in self._looking_at(store, node)
        )
        for triple in wanted:
            self._graph.add(triple)
        try:
            yield self._graph
        finally:
            for triple in wanted:
                self._graph.remove(triple)

    def _looking_at(self, store: ox.Store, node: Node) -> set[Subject]:
        import pyoxigraph

        found = set(self._shapes.get(("sh:targetNode", node), ()))
        for quad in store.quads_for_pattern(None, None, node, None):
            found |= self._shapes.get(("sh:targetObjectsOf", quad.predicate), set())
        if isinstance(node, pyoxigraph.Literal):
            return found
        classes: set[Node] = set()
        for quad in store.quads_for_pattern(node, None, None, None):
            found |= self._shapes.get(("sh:targetSubjectsOf", quad.predicate), set())
            if quad.predicate.value == iri("rdf:type"):
                classes |= _with_superclasses(store, quad.object)
        for name in classes:
            found |= self._shapes.get(("sh:targetClass", name), set())
        return found


def _with_superclasses(store: ox.Store, name: Node) -> set[Node]:
    import pyoxigraph

    subclass_of = pyoxigraph.NamedNode(iri("rdfs:subClassOf"))
    found, open_ends = set(), {name}
    while open_ends:
        found |= open_ends
        open_ends = {
            quad.object
            for end in open_ends
            if not isinstance(end, pyoxigraph.Literal)
            for quad in store.quads_for_pattern(end, subclass_of, None, None)
        } - found
    return found
