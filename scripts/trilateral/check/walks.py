"""Walks: which triples a SHACL core shape reads, seen from the node that it is about.

A walk is a sequence of steps from a focus node; each step follows one predicate,
forwards or backwards. A shape of SHACL core without recursive paths reads only
the triples on its walks, so that a change of one triple can alter its verdict
only for the nodes from which some walk leads over that triple.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, NamedTuple

from trilateral.vocabulary import iri

if TYPE_CHECKING:
    import pyoxigraph as ox

    Node = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple
    Shapes = Mapping[Node, Mapping[str, list[Node]]]


class Step(NamedTuple):
    """One step of a walk; without a predicate it follows every one, which sh:closed does."""

    predicate: ox.NamedNode | None
    backwards: bool = False


Walk = tuple[Step, ...]

# Parameters that look at the value nodes alone, or say something about the shape itself.
_OF_VALUE = frozenset(
    iri(f"sh:{name}")
    for name in (
        *("datatype", "nodeKind", "minCount", "maxCount", "minLength", "maxLength"),
        *("minExclusive", "minInclusive", "maxExclusive", "maxInclusive", "pattern", "flags"),
        *("languageIn", "uniqueLang", "hasValue", "in", "ignoredProperties", "path"),
        *("qualifiedMinCount", "qualifiedMaxCount", "qualifiedValueShapesDisjoint"),
        *("severity", "message", "name", "description", "order", "group", "defaultValue"),
        "deactivated",
    )
)
_TWO_PROPERTIES = tuple(
    iri(f"sh:{name}") for name in ("equals", "disjoint", "lessThan", "lessThanOrEquals")
)
_ONE_SHAPE = tuple(iri(f"sh:{name}") for name in ("property", "node", "not", "qualifiedValueShape"))
_LIST_OF_SHAPES = tuple(iri(f"sh:{name}") for name in ("and", "or", "xone"))


class UnboundedShapeError(ValueError):
    """A shape uses something whose reach is not known here, such as a recursive path."""


def walks(triples: Iterable[ox.Triple]) -> frozenset[Walk]:
    """Return the walks of all shapes with a target in a shapes graph.

    Raises:
        UnboundedShapeError: naming what is outside SHACL core, or a recursive path.

    Source of the method: the definitions of targets and of the core constraint components in
    sections 2 to 4 of the Shapes Constraint Language, https://www.w3.org/TR/shacl/.

    >>> from trilateral import turtle
    >>> text = '''
    ...     @prefix sh: <http://www.w3.org/ns/shacl#> . @prefix a: <http://a/> .
    ...     a:Shape sh:targetSubjectsOf a:p ; sh:property [ sh:path a:q ; sh:class a:C ] .'''
    >>> for walk in sorted(walks(turtle.read(text).triples)):
    ...     print(" / ".join(step.predicate.value for step in walk))
    http://a/p
    http://a/q
    http://a/q / http://www.w3.org/1999/02/22-rdf-syntax-ns#type
    """
    shapes: dict[Node, dict[str, list[Node]]] = defaultdict(lambda: defaultdict(list))
    for triple in triples:
        shapes[triple.subject][triple.predicate.value].append(triple.object)
    found: set[Walk] = set()
    for shape in list(shapes):
        targets = set(_targets(shapes[shape]))
        if targets or iri("sh:targetNode") in shapes[shape]:
            found |= targets
            found |= set(_reads(shapes, shape, (), frozenset()))
    return frozenset(found)


def _targets(shape: Mapping[str, list[Node]]) -> Iterator[Walk]:
    for _ in shape.get(iri("sh:targetClass"), ()):
        yield (Step(_named(iri("rdf:type"))),)
    for predicate in shape.get(iri("sh:targetSubjectsOf"), ()):
        yield (Step(_predicate(predicate)),)
    for predicate in shape.get(iri("sh:targetObjectsOf"), ()):
        yield (Step(_predicate(predicate), backwards=True),)


def _reads(shapes: Shapes, shape: Node, start: Walk, above: frozenset[Node]) -> Iterator[Walk]:
    """Yield the walks of a shape for a focus node at the end of the walk ``start``."""
    if shape in above:
        raise UnboundedShapeError(f"{shape} refers to itself.")
    above |= {shape}
    said = shapes.get(shape, {})
    at_values = [start]
    if path := said.get(iri("sh:path")):
        at_values = [start + steps for steps in _paths(shapes, path[0])]
        yield from at_values
    for parameter, values in said.items():
        for value in values:
            if parameter in _OF_VALUE or parameter.startswith(iri("sh:target")):
                continue
            if parameter in _TWO_PROPERTIES:
                yield (*start, Step(_predicate(value)))
            elif parameter == iri("sh:class"):
                yield from ((*walk, Step(_named(iri("rdf:type")))) for walk in at_values)
            elif parameter == iri("sh:closed"):
                yield from ((*walk, Step(None)) for walk in at_values)
            elif parameter in (*_ONE_SHAPE, *_LIST_OF_SHAPES):
                listed = parameter in _LIST_OF_SHAPES
                for other in _items(shapes, value) if listed else [value]:
                    for walk in at_values:
                        yield from _reads(shapes, other, walk, above)
            elif parameter.startswith(iri("sh:")):
                raise UnboundedShapeError(f"{shape} uses {parameter}.")
    if iri("sh:qualifiedValueShapesDisjoint") in said:
        # Values are then held against the qualified shapes of the sibling properties too.
        for sibling in _siblings(shapes, shape):
            for walk in at_values:
                yield from _reads(shapes, sibling, walk, above)


def _siblings(shapes: Shapes, shape: Node) -> Iterator[Node]:
    for other in shapes.values():
        if shape in other.get(iri("sh:property"), ()):
            for sibling in other[iri("sh:property")]:
                yield from shapes.get(sibling, {}).get(iri("sh:qualifiedValueShape"), ())


def _paths(shapes: Shapes, path: Node) -> list[Walk]:
    """Return the ways that a property path can be walked."""
    import pyoxigraph

    if isinstance(path, pyoxigraph.NamedNode):
        return [(Step(path),)]
    said = shapes.get(path, {})
    if inverse := said.get(iri("sh:inversePath")):
        return [
            tuple(Step(step.predicate, not step.backwards) for step in reversed(walk))
            for walk in _paths(shapes, inverse[0])
        ]
    if alternatives := said.get(iri("sh:alternativePath")):
        return [w for part in _items(shapes, alternatives[0]) for w in _paths(shapes, part)]
    if iri("rdf:first") in said:
        ways: list[Walk] = [()]
        for part in _items(shapes, path):
            ways = [way + walk for way in ways for walk in _paths(shapes, part)]
        return ways
    raise UnboundedShapeError(f"{path} is a path without known end.")


def _items(shapes: Shapes, node: Node) -> Iterator[Node]:
    while first := shapes.get(node, {}).get(iri("rdf:first")):
        yield first[0]
        node = shapes[node][iri("rdf:rest")][0]


def _named(name: str) -> ox.NamedNode:
    import pyoxigraph

    return pyoxigraph.NamedNode(name)


def _predicate(term: Node) -> ox.NamedNode:
    import pyoxigraph

    if not isinstance(term, pyoxigraph.NamedNode):
        raise UnboundedShapeError(f"{term} is no predicate.")
    return term


def reached(
    store: ox.Store, walks: Iterable[Walk], changed: Iterable[ox.Triple], most: int
) -> set[Node] | None:
    """Return the nodes from which some walk leads over a changed triple; None if over ``most``.

    The store must hold what was before and what is after, since a walk may have
    gone over a triple that is no more.
    """
    by_predicate: dict[ox.NamedNode | None, list[tuple[Walk, int]]] = defaultdict(list)
    for walk in walks:
        for at, step in enumerate(walk):
            by_predicate[step.predicate].append((walk, at))
    found: set[Node] = set()
    for triple in set(changed):
        for walk, at in (*by_predicate[triple.predicate], *by_predicate[None]):
            nodes: set[Node] = {triple.object if walk[at].backwards else triple.subject}
            for step in reversed(walk[:at]):
                back = Step(step.predicate, not step.backwards)
                nodes = {other for node in nodes for other, _ in _follow(store, node, back)}
                if len(nodes) > most:
                    return None
            found |= nodes
            if len(found) > most:
                return None
    return found


def surroundings(
    store: ox.Store, walks: Iterable[Walk], nodes: Iterable[Node]
) -> Iterator[ox.Triple]:
    """Yield every triple that lies on a walk from one of the nodes, some more than once."""
    for node in nodes:
        for walk in walks:
            ends = {node}
            for step in walk:
                others = set()
                for end in ends:
                    for other, triple in _follow(store, end, step):
                        yield triple
                        others.add(other)
                ends = others


def _follow(store: ox.Store, node: Node, step: Step) -> Iterator[tuple[Node, ox.Triple]]:
    import pyoxigraph

    if step.backwards:
        for quad in store.quads_for_pattern(None, step.predicate, node, None):
            yield quad.subject, quad.triple
    elif not isinstance(node, pyoxigraph.Literal):
        for quad in store.quads_for_pattern(node, step.predicate, None, None):
            yield quad.object, quad.triple
