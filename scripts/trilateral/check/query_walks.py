"""Query walks: which triples a rule reads for one answer, seen from the thing that it is about.

The pattern of a query is walked from the variable of that thing, over triples that share a
variable. Where every triple is met so, an answer depends on nothing but the triples on these
walks, and the rule can be asked again of the things that a change is met from (see `walks`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from trilateral.check.reads import algebra_of
from trilateral.check.walks import Step, Walk
from trilateral.vocabulary import iri

# The walks to what a variable stands for.
Places = Mapping[Any, frozenset[Walk]]
_START: frozenset[Walk] = frozenset({()})


class _UnboundedQueryError(ValueError):
    """A query uses something whose reach is not known here, such as a recursive path."""


@dataclass(frozen=True)
class _Found:
    """What is known of a group: where its variables stand, its walks, whether they are all."""

    places: Places
    walks: frozenset[Walk]
    whole: bool


@dataclass
class _Group:
    """A group in parts: what must match, what is joined to it, and what only may match or must not.

    Of the last, each has the variables that it shares with what stands before it.
    """

    triples: list[Any] = field(default_factory=list)
    joined: list[Any] = field(default_factory=list)
    beside: list[tuple[Any, set[Any]]] = field(default_factory=list)


def query_walks(query: str, focus: str = "focus") -> frozenset[Walk] | None:
    """Return the walks of a SELECT from the variable ``focus``; None when it reads more.

    Source of the method: the evaluation of groups, OPTIONAL, MINUS, UNION and subqueries from
    the inside out, section 18 of SPARQL 1.1, https://www.w3.org/TR/sparql11-query/.

    >>> text = "SELECT ?focus { ?focus <x:p> ?a . ?b <x:q> ?a MINUS { ?b <x:r> ?c } }"
    >>> for walk in sorted(query_walks(text), key=len):
    ...     print(*("^" * step.backwards + step.predicate.value for step in walk))
    x:p
    x:p ^x:q
    x:p ^x:q x:r
    >>> query_walks("SELECT ?focus { ?focus <x:p> ?a . ?b <x:q> ?c }") is None
    True
    """
    from rdflib import Variable

    try:
        found = _read(algebra_of(query)["p"], {Variable(focus): _START})
    except _UnboundedQueryError:
        return None
    return found.walks if found.whole else None


def _read(node: Any, given: Places) -> _Found:
    """Read a pattern, given where some variables stand in what it is joined to."""
    if node.name == "Union":
        return _either(_read(node["p1"], given), _read(node["p2"], given))
    if node.name in ("Project", "Distinct", "Reduced", "OrderBy", "AggregateJoin", "Group"):
        return _read_select(node, given)
    group = _Group()
    _take_apart(node, group)
    places: dict[Any, frozenset[Walk]] = {}
    size = -1
    while size != len(places):  # until nothing new is met
        size = len(places)
        met = _meet(group.triples, given, places)
        parts = [_read(part, {**given, **places}) for part in group.joined]
        for part in parts:
            for variable, walks in part.places.items():
                places.setdefault(variable, walks)
    # What is not bound in the group cannot be shared by what is taken from it or added to it.
    beside = [
        _read(part, {v: w for v, w in {**given, **places}.items() if v in shared})
        for part, shared in group.beside
    ]
    walks = met.walks.union(*(part.walks for part in (*parts, *beside)))
    return _Found(places, walks, met.whole and all(part.whole for part in (*parts, *beside)))


def _either(one: _Found, other: _Found) -> _Found:
    shared = one.places.keys() & other.places.keys()
    places = {variable: one.places[variable] | other.places[variable] for variable in shared}
    return _Found(places, one.walks | other.walks, one.whole and other.whole)


def _read_select(node: Any, given: Places) -> _Found:
    """Read a query or subquery, which shares only what it projects and, if it groups, groups by."""
    shown = set(given)
    computed: set[Any] = set()
    while node.name in ("Project", "Distinct", "Reduced", "OrderBy", "AggregateJoin", "Group",
                        "Extend", "Filter"):  # fmt: skip
        if node.name == "Project":
            shown &= set(node["PV"])
        elif node.name == "Group":
            shown &= set(node["expr"] or ())
            # What is grouped by is told of the group by an aggregate of the same name.
            computed -= shown
        elif node.name == "Filter":
            _refuse_exists(node["expr"])
        elif node.name == "Extend":
            computed.add(node["var"])
        node = node["p"]
    shown -= computed
    found = _read(node, {variable: given[variable] for variable in shown})
    places = {variable: walks for variable, walks in found.places.items() if variable in shown}
    return _Found(places, found.walks, found.whole)


def _take_apart(node: Any, group: _Group) -> None:
    if node.name == "BGP":
        group.triples.extend(node["triples"])
    elif node.name == "Join":
        _take_apart(node["p1"], group)
        _take_apart(node["p2"], group)
    elif node.name in ("Filter", "Extend"):
        _refuse_exists(node["expr"])
        _take_apart(node["p"], group)
    elif node.name in ("LeftJoin", "Minus"):
        if node.name == "LeftJoin":
            _refuse_exists(node["expr"])
        _take_apart(node["p1"], group)
        group.beside.append((node["p2"], _bound(node["p1"])))
    elif node.name == "Union":
        group.joined.append(node)
    elif node.name == "ToMultiSet":
        if node["p"].name != "values":
            group.joined.append(node["p"])
    else:
        raise _UnboundedQueryError(node.name)


def _refuse_exists(expression: Any) -> None:
    from rdflib.plugins.sparql import algebra

    def visit(node: Any) -> None:
        if getattr(node, "name", "") in ("Builtin_EXISTS", "Builtin_NOTEXISTS"):
            raise _UnboundedQueryError(node.name)

    algebra.traverse(expression, visitPre=visit)


def _bound(node: Any) -> set[Any]:
    """Return the variables that every solution of a pattern binds by a triple."""
    if node.name == "BGP":
        return {term for s, _, o in node["triples"] for term in (s, o) if _is_open(term)}
    if node.name == "Join":
        return _bound(node["p1"]) | _bound(node["p2"])
    if node.name == "Union":
        return _bound(node["p1"]) & _bound(node["p2"])
    if node.name in ("LeftJoin", "Minus"):
        return _bound(node["p1"])
    if node.name == "Project":
        return _bound(node["p"]) & set(node["PV"])
    if node.name == "Group":
        return _bound(node["p"]) & set(node["expr"] or ())
    if node.name == "values":
        return set()
    return _bound(node["p"])


def _is_open(term: Any) -> bool:
    """Return whether a term of a pattern may stand for any: a variable or a blank node."""
    from rdflib import BNode, Variable

    return isinstance(term, Variable | BNode)


def _meet(triples: Iterable[Any], given: Places, places: dict[Any, frozenset[Walk]]) -> _Found:
    """Walk over triples as far as they hang together, and add to ``places`` what is met."""
    walks: set[Walk] = set()
    left = list(triples)
    while ways := [
        (way, triple) for triple in left for way in _ways(triple) if way[0] in {**given, **places}
    ]:
        known = {**given, **places}
        # What a class or an unknown property leads back to may be much, so that comes last.
        (start, over, end), triple = min(
            ways, key=lambda each: min(map(_cost, _joined(known[each[0][0]], each[0][1])))
        )
        steps = _joined(known[start], over)
        walks |= steps
        for term, at in ((start, known[start]), (end, steps)):
            if _is_open(term):
                places.setdefault(term, at)
        left.remove(triple)
    return _Found(places, frozenset(walks), not left)


def _joined(walks: Iterable[Walk], over: Iterable[Walk]) -> frozenset[Walk]:
    return frozenset(walk + step for walk in walks for step in over)


def _cost(walk: Walk) -> int:
    hubs = (None, iri("rdf:type"))
    wide = sum(
        step.backwards and (step.predicate and step.predicate.value) in hubs for step in walk
    )
    return len(walk) + 10 * wide


def _ways(triple: Any) -> Iterator[tuple[Any, list[Walk], Any]]:
    """Yield the ways over a triple: from its subject, and from its object."""
    subject, predicate, object_ = triple
    ways = list(_steps(predicate))
    yield subject, ways, object_
    yield object_, [_back(way) for way in ways], subject


def _back(walk: Walk) -> Walk:
    return tuple(Step(step.predicate, not step.backwards) for step in reversed(walk))


def _steps(path: Any) -> Iterator[Walk]:
    """Yield the walks over a predicate or a property path."""
    import pyoxigraph
    from rdflib import URIRef, Variable
    from rdflib.paths import AlternativePath, InvPath, NegatedPath, SequencePath

    if isinstance(path, URIRef):
        yield (Step(pyoxigraph.NamedNode(str(path))),)
    elif isinstance(path, Variable):
        yield (Step(None),)
    elif isinstance(path, NegatedPath):
        yield from ((Step(None),), (Step(None, backwards=True),))
    elif isinstance(path, AlternativePath):
        for part in path.args:
            yield from _steps(part)
    elif isinstance(path, InvPath):
        yield from map(_back, _steps(path.arg))
    elif isinstance(path, SequencePath):
        ways: list[Walk] = [()]
        for part in path.args:
            ways = [way + step for way in ways for step in _steps(part)]
        yield from ways
    else:
        raise _UnboundedQueryError(str(path))
