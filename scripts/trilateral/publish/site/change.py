"""Change: what differs between two versions of the data, and which parts of a site that concerns.

A part of a site has to be made again where something that was looked at for it (`notes`) is
another. That is decided on the safe side: a query that names no changed property or class gives
the same answer, any other is asked again, and counts as changed where its answer has another
digest. The questions of the pages of things are asked of both versions (`asked`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import Any

import pyoxigraph as ox

from trilateral.publish.site.notes import marks_of, read_marks
from trilateral.publish.site.terms import terms_of
from trilateral.serve.pages.things.section import own_questions

_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
# Those by which the evidence of a statement reaches what it shows of another thing.
_GROUNDS = tuple(
    ox.NamedNode(f"https://w3id.org/trilateral/ontology#{name}")
    for name in ("evidence", "attestedBy")
)
_DESIGNATES = ox.NamedNode("https://w3id.org/trilateral/ontology#designates")
_PART_OF = (
    "http://www.w3.org/2000/01/rdf-schema#isDefinedBy",
    "http://www.w3.org/2004/02/skos/core#inScheme",
)
# What `site.read_labels` reads.
_LABELS = frozenset(
    ("http://www.w3.org/2000/01/rdf-schema#label", "http://www.w3.org/2004/02/skos/core#prefLabel")
)


class Change:
    """What differs between two versions of the data.

    Args:
        store: The data as they are.
        gone: The quads that are not there any more.
        new: Those that were not there before.
    """

    def __init__(self, store: ox.Store, gone: Iterable[ox.Quad], new: Iterable[ox.Quad]) -> None:
        self._store = store
        self.gone, self.new = list(gone), list(new)
        self._quads = [*self.gone, *self.new]
        self.subjects = {_value(quad.subject) for quad in self._quads}
        self.touched = self.subjects | {_value(quad.object) for quad in self._quads}
        self.graphs = {_value(quad.graph_name) for quad in self._quads}
        self.terms = {quad.predicate.value for quad in self._quads}
        self.terms |= {_value(q.object) for q in self._quads if q.predicate.value == _TYPE}

        self._known: dict[str, bool] = {}

    # ------------------------------------------------------------ names and statements

    @cached_property
    def named_otherwise(self) -> frozenset[str]:
        """The things that have another label, or that only one of the versions describes."""
        labels = {_value(q.subject) for q in self._quads if q.predicate.value in _LABELS}
        return frozenset(labels | self.come_or_gone)

    @cached_property
    def come_or_gone(self) -> frozenset[str]:
        """The things that only one of the versions describes."""
        new = set(self.new)
        came = {iri for iri in self._subjects(self.new) if self.said_by(iri) <= new}
        went = {iri for iri in self._subjects(self.gone) if not self.said_by(iri)}
        return frozenset(came | went)

    def _subjects(self, quads: Iterable[ox.Quad]) -> set[str]:
        return {_value(quad.subject) for quad in quads}

    def said_by(self, iri: str) -> set[ox.Quad]:
        """Return the quads that have a thing for their subject now."""
        return set(self._store.quads_for_pattern(ox.NamedNode(iri), None, None, None))

    @cached_property
    def statements(self) -> frozenset[str]:
        """The statements of which evidence, coders, confidence or the link to the words differ."""
        read = terms_of(own_questions()["evidence"].text)
        assert read is not None
        found = {_value(quad.subject) for quad in self._quads if quad.predicate.value in read}
        for iri in tuple(found):
            for property in _GROUNDS:
                found |= {subject for subject, _ in self._links(None, property, iri)}
        return frozenset(found)

    @cached_property
    def documents(self) -> frozenset[str]:
        """The IRIs of things of which the documents differ."""
        wholes: set[str] = set()
        for iri in self.subjects:
            for property in _PART_OF:
                wholes |= {whole for _, whole in self._links(iri, ox.NamedNode(property), None)}
        return frozenset(self.touched | self.graphs | wholes)

    @cached_property
    def designated(self) -> frozenset[str]:
        """The things that designations of which anything is said otherwise are for."""
        return frozenset(
            thing for iri in self.subjects for _, thing in self._links(iri, _DESIGNATES, None)
        )

    def said_of(self, iris: Iterable[str]) -> list[ox.Quad]:
        """Return what is said of things now, also by the designations that are for them."""
        found: dict[ox.Quad, None] = {}
        for iri in iris:
            for_it = self._store.quads_for_pattern(None, _DESIGNATES, ox.NamedNode(iri), None)
            for each in {iri, *(_value(quad.subject) for quad in for_it)}:
                found.update(dict.fromkeys(self.said_by(each)))
        return list(found)

    def _links(
        self, subject: str | None, property: ox.NamedNode, value: str | None
    ) -> Iterator[tuple[str, str]]:
        """Yield subject and object of what is said by a property now, or was before."""
        now = self._store.quads_for_pattern(_named(subject), property, _named(value), None)
        before = (quad for quad in self.gone if quad.predicate == property)
        for quad in (*now, *before):
            one, other = _value(quad.subject), _value(quad.object)
            if subject in (None, one) and value in (None, other):
                yield one, other

    # ------------------------------------------------------------ what was looked at

    def concerns_names(self, names: str, of_thing: bool) -> bool:
        """Tell whether a change concerns a part of a site that looked up names, by their marks.

        The page of a thing shows the evidence of what it names; all parts show its label and lead
        to its page. What else pages of things show is asked for (`asked`).
        """
        return not (self._shown if of_thing else self._named).isdisjoint(read_marks(names))

    @cached_property
    def _shown(self) -> set[int]:
        return set(read_marks(marks_of(self.statements | self.named_otherwise)))

    @cached_property
    def _named(self) -> set[int]:
        return set(read_marks(marks_of(self.named_otherwise)))

    def concerns_key(self, key: str) -> bool:
        """Tell whether something that was kept for all pages may be another, by its key.

        A query may where it names a changed property or class; whether it is, its answer tells.
        """
        if key not in self._known:
            self._known[key] = self._concerns_key(key)
        return self._known[key]

    def _concerns_key(self, key: str) -> bool:
        kind, _, rest = key.partition(" ")
        if kind == "query":
            return self.concerns_query(rest)
        if kind == "evidence":
            return rest in self.statements
        if kind in ("things", "labels"):
            return any(iri.startswith(rest) for iri in self.named_otherwise)
        # An index of rows is noted with its query.
        return kind != "rows"

    def concerns_query(self, query: str) -> bool:
        """Tell whether the answer to a query may be another."""
        terms = terms_of(query)
        return terms is None or not terms.isdisjoint(self.terms | self.subjects)


def _value(term: Any) -> str:
    return str(getattr(term, "value", term))


def _named(iri: str | None) -> ox.NamedNode | None:
    return ox.NamedNode(iri) if iri else None
