"""Dependence: which constraints of standards a change can alter, judged on what they read.

A query reads and yields *terms*: a predicate, or a class in the place of ``rdf:type``, so
that a new prov:Person does not concern what asks for a skos:Concept. What a query yields
counts as changed when it reads something changed; a constraint that reads nothing changed
keeps its verdict. The others are run again on the part of the graph that they read, after
the queries alone that yield something of it.

Terms are found by their names in the text of a query, which may be too many and never are
too few, but where a query takes a predicate from the data: those of cubes read the
components and hierarchies that are declared, the alignments what of ours stands under a term.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from trilateral import sparql
from trilateral.check import standards
from trilateral.check.standards import Violation
from trilateral.coding import agreement
from trilateral.dataset import Dataset
from trilateral.prefixes import prefixes
from trilateral.vocabulary import iri

if TYPE_CHECKING:
    import pyoxigraph as ox

_COMMENT = re.compile(r"^\s*#.*$", re.MULTILINE)
_PREFIX = re.compile(r"PREFIX\s+([\w-]*):\s*<([^>]*)>", re.IGNORECASE)
_NAME = re.compile(r"(?<![\w:?\"#-])([a-z][\w-]*):([A-Za-z][\w-]*)")
_IRI = re.compile(r"<([^<>\s]+)>")
# A predicate or a class that is a variable.
_OPEN = re.compile(r"\?\w+\s+\?\w+\s+\S|\sa\s+\?\w+")
_UNDER = ("rdfs:subClassOf", "rdfs:subPropertyOf")
_DECLARING = (
    *("qb:attribute", "qb:componentProperty", "qb:dimension", "qb:measure"),
    *("owl:inverseOf", "qb:parentChildProperty"),
)


@dataclass(frozen=True)
class Query:
    """A query with the terms that it reads and those that it yields, by their IRIs."""

    path: Path
    reads: frozenset[str]
    yields: frozenset[str] = frozenset()


class Dependence:
    """What the constraints of standards depend on, in datasets of one ontology.

    >>> from trilateral import dataset
    >>> from trilateral.home import find_home
    >>> dependence = Dependence(dataset.read(find_home()))
    >>> sorted(path.name[:3] for path in dependence.concerned({iri("tri:Designation")}))
    ['s48', 's52']
    >>> dependence.concerned({iri("tri:polarity")})
    frozenset()
    """

    def __init__(self, dataset: Dataset) -> None:
        self._home = dataset.home
        self._yielding = list(_yielding(dataset))
        declared = frozenset(_declared(dataset))
        self._constraints = [
            Query(path, query_of(path).reads | (declared if _is_of_cubes(path) else frozenset()))
            for path in standards.files(self._home, "violation")
        ]

    def concerned(self, changed: Iterable[str]) -> frozenset[Path]:
        """Return the constraints that read one of these terms, or what follows from one."""
        terms = _spread(changed, [(query.reads, query.yields) for query in self._yielding])
        return frozenset(query.path for query in self._constraints if query.reads & terms)

    def run(
        self,
        store: ox.Store,
        dataset: Dataset,
        before: Iterable[Violation],
        changed: Iterable[ox.Triple],
    ) -> tuple[Violation, ...]:
        """Return the violations after a change, from those before.

        ``store`` holds the changed ``dataset`` in named graphs; ``changed`` are the triples that
        are gone or new.
        """
        import pyoxigraph

        terms = {term_of(triple) for triple in changed}
        if terms & {iri(name) for name in (*_UNDER, *_DECLARING)}:
            return tuple(standards.run_standards(dataset))
        again = self.concerned(terms)
        if not again:
            return tuple(before)
        reads = {term for query in self._constraints if query.path in again for term in query.reads}
        read = _spread(reads, [(query.yields, query.reads) for query in self._yielding])
        part = _part(store, read)
        if any(_is_of_cubes(path) for path in again):
            part.extend(pyoxigraph.Quad(*triple) for triple in agreement.triples(store))
        standards.close(part, self._home, {q.path for q in self._yielding if q.yields & read})
        found = standards.violations(part, self._home, again)
        # What breaks an order is found by one constraint and told of the query of its clause.
        orders = {
            path for path in standards.files(self._home, "order") if query_of(path).yields & reads
        }
        return tuple(sorted({v for v in before if v.path not in again | orders} | set(found)))


def term_of(triple: ox.Triple) -> str:
    """Return what a triple says of its subject: the class for ``rdf:type``, else the predicate.

    >>> from trilateral import turtle
    >>> file = turtle.read("@prefix a: <http://a/> . a:b a a:C ; a:d a:e .")
    >>> [term_of(triple) for triple in file.triples]
    ['http://a/C', 'http://a/d']
    """
    predicate = triple.predicate.value
    return getattr(triple.object, "value", "") if predicate == iri("rdf:type") else predicate


def _part(store: ox.Store, terms: Iterable[str]) -> ox.Store:
    """Return the triples of some terms as one graph."""
    import pyoxigraph

    form = pyoxigraph.RdfFormat.N_TRIPLES
    names = " ".join(f"<{term}>" for term in sorted(terms))
    part = pyoxigraph.Store()
    for triple in ("?thing ?term ?value", "?thing a ?term"):
        text = f"CONSTRUCT {{ {triple} }} WHERE {{ VALUES ?term {{ {names} }} {triple} }}"
        found: Any = store.query(text, use_default_graph_as_union=True)
        # As bytes, they go from store to store without becoming objects of Python.
        part.load(found.serialize(format=form), form)
    return part


def _yielding(dataset: Dataset) -> Iterator[Query]:
    for kind in ("derive", "entailment", "order"):
        for path in standards.files(dataset.home, kind):
            query = query_of(path)
            if query.reads >= {iri(name) for name in _UNDER}:
                for term, under in _standing_under(dataset).items():
                    yield Query(path, query.reads | under, frozenset({term}))
            else:
                yield query


def query_of(path: Path) -> Query:
    """Return a query with the terms that its text names."""
    text = _COMMENT.sub("", sparql.read_text(path))
    table = {**dict(prefixes()), **dict(_PREFIX.findall(text))}
    template, _, pattern = text.partition("WHERE")
    # What an open predicate of the template stands for is named in the pattern.
    yields = template + pattern if _OPEN.search(template) else template
    return Query(path, _named_in(pattern, table), _named_in(yields.partition("{")[2], table))


def _named_in(text: str, table: Mapping[str, str]) -> frozenset[str]:
    """Return the IRIs that a text names, in full or by a prefix."""
    names = _NAME.findall(_IRI.sub(" ", text))
    short = {table[prefix] + name for prefix, name in names if prefix in table}
    return frozenset(short | set(_IRI.findall(text)))


def _standing_under(dataset: Dataset) -> dict[str, frozenset[str]]:
    """Return the terms of the standards, each with the terms that the ontology puts under it."""
    under: dict[str, set[str]] = defaultdict(set)
    for triple in dataset.triples(dataset.home.ontology):
        if triple.predicate.value in {iri(name) for name in _UNDER}:
            under[getattr(triple.object, "value", "")].add(getattr(triple.subject, "value", ""))
    return {
        term: _spread(below, [(frozenset({over}), names) for over, names in under.items()])
        for term, below in under.items()
    }


def _declared(dataset: Dataset) -> Iterator[str]:
    """Yield the properties that cubes and hierarchies of codes declare as their own."""
    names = {iri(name) for name in _DECLARING}
    for triple in dataset.triples(dataset.home.ontology, dataset.home.data):
        if triple.predicate.value in names:
            yield getattr(triple.object, "value", "")


def _is_of_cubes(constraint: Path) -> bool:
    return constraint.parent.name == "data-cube"


def _spread(
    terms: Iterable[str], links: Sequence[tuple[frozenset[str] | set[str], Iterable[str]]]
) -> frozenset[str]:
    """Return some terms and all that they lead to, over any number of links."""
    found, size = set(terms), -1
    while size != len(found):
        size = len(found)
        for start, end in links:
            if not found.isdisjoint(start):
                found.update(end)
    return frozenset(found)
