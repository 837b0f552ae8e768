"""Reads: which terms a query reads, found in its algebra.

A term is a predicate, or a class in the place of ``rdf:type`` (see `dependence`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any

from trilateral.prefixes import prefixes

# What VALUES bind some variables to.
Given = dict[Any, set[Any]]


def terms_read(query: str) -> frozenset[str] | None:
    """Return the terms that a query reads; None when it may read any.

    A class that is a variable counts as ``rdf:type`` itself; a variable that VALUES binds,
    as what it is bound to.

    >>> sorted(terms_read("SELECT ?a WHERE { ?a a <http://x/C> ; <http://x/p>/^<http://x/q>* ?b }"))
    ['http://x/C', 'http://x/p', 'http://x/q']
    >>> sorted(terms_read("SELECT ?a WHERE { VALUES ?p { <http://x/p> } ?a ?p ?b }"))
    ['http://x/p']
    >>> terms_read("SELECT ?a WHERE { ?a ?p ?b }") is None
    True
    """
    from rdflib.plugins.sparql import algebra

    tree = algebra_of(query)
    bound = dict(_bound(tree["p"], {}))
    found: set[str | None] = set()

    def visit(node: Any) -> None:
        # Under EXISTS, rdflib leaves several triples in one row.
        for row in (isinstance(node, dict) and node.get("triples")) or ():
            given = bound.get(id(node), {})
            for predicate, value in zip(row[1::3], row[2::3], strict=True):
                for one in given.get(predicate, (predicate,)):
                    found.update(_terms(one, given.get(value, (value,))))

    algebra.traverse(tree, visitPre=visit)
    return None if None in found else frozenset(name for name in found if name)


@lru_cache(maxsize=1)
def algebra_of(query: str) -> Any:
    """Return the algebra of a query, as rdflib puts it; the last is kept, being asked for twice."""
    from rdflib.plugins.sparql import algebra, parser

    return algebra.translateQuery(parser.parseQuery(query), initNs=dict(prefixes())).algebra


def _bound(node: Any, given: Given) -> Iterator[tuple[int, Given]]:
    """Yield each basic graph pattern, by its identity, with what VALUES bind its variables to."""
    if node.name == "BGP":
        yield id(node), given
    elif node.name == "values":
        return
    elif node.name == "Join":
        given = {**given, **_values(node)}
        yield from _bound(node["p1"], given)
        yield from _bound(node["p2"], given)
    elif node.name == "LeftJoin":
        given = {**given, **_values(node["p1"])}
        yield from _bound(node["p1"], given)
        yield from _bound(node["p2"], given)
    elif node.name == "Union":
        yield from _bound(node["p1"], given)
        yield from _bound(node["p2"], given)
    elif node.name == "Minus":
        yield from _bound(node["p1"], given)
        yield from _bound(node["p2"], {})
    elif node.name in ("Filter", "Extend"):
        yield from _bound(node["p"], given)
    elif "p" in node:
        # A group of its own, such as a subquery: what is given outside need not be known there.
        yield from _bound(node["p"], {})


def _values(node: Any) -> Given:
    """Return what VALUES bind the variables of a group to; one left open (UNDEF) is left out."""
    if node.name == "Join":
        return _values(node["p1"]) | _values(node["p2"])
    if node.name in ("Filter", "Extend"):
        return _values(node["p"])
    if node.name == "LeftJoin":
        return _values(node["p1"])
    if node.name == "Union":
        one, other = _values(node["p1"]), _values(node["p2"])
        return {variable: one[variable] | other[variable] for variable in one.keys() & other}
    if node.name != "ToMultiSet" or node["p"].name != "values":
        return {}
    rows = node["p"]["res"]
    always = set.intersection(*(set(row) for row in rows)) if rows else set()
    bound = {variable: {row[variable] for row in rows} for variable in always}
    return {variable: terms for variable, terms in bound.items() if "UNDEF" not in terms}


def _terms(predicate: Any, values: Iterable[Any]) -> Iterator[str | None]:
    from rdflib import RDF, URIRef
    from rdflib.paths import AlternativePath, InvPath, MulPath, SequencePath

    if predicate == RDF.type:
        for value in values:
            yield str(value if isinstance(value, URIRef) else predicate)
    elif isinstance(predicate, URIRef):
        yield str(predicate)
    elif isinstance(predicate, SequencePath | AlternativePath):
        for part in predicate.args:
            yield from _terms(part, (None,))
    elif isinstance(predicate, InvPath):
        yield from _terms(predicate.arg, (None,))
    elif isinstance(predicate, MulPath):
        yield from _terms(predicate.path, (None,))
    else:  # a variable, or a negated path, which reads all but a few
        yield None
