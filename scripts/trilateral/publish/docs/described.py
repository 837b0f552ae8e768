"""Described: what some triples say, by subject and property."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from trilateral.vocabulary import iri

if TYPE_CHECKING:
    import pyoxigraph as ox

    Term = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple


def text_of(term: Term | None) -> str:
    """Return the IRI or the text of a term, "" where there is none."""
    return str(getattr(term, "value", ""))


class Described:
    """Subjects and their values, in the order in which the files have them.

    Properties are named by their short forms, which must exist.
    """

    def __init__(self, triples: Iterable[ox.Triple]) -> None:
        self._said: dict[Term, dict[str, list[Term]]] = {}
        for triple in triples:
            said = self._said.setdefault(triple.subject, {})
            said.setdefault(triple.predicate.value, []).append(triple.object)
        self._by_type: dict[str, list[Term]] = {}
        for subject in self._said:
            for kind in self.values(subject, "rdf:type"):
                self._by_type.setdefault(text_of(kind), []).append(subject)

    def __contains__(self, subject: Term) -> bool:
        return subject in self._said

    def __iter__(self) -> Iterator[Term]:
        return iter(self._said)

    def about(self, subject: Term) -> dict[str, list[Term]]:
        """Return the values of a subject by the IRIs of their properties."""
        return self._said.get(subject, {})

    def values(self, subject: Term, name: str) -> list[Term]:
        """Return the values of a property."""
        return self.about(subject).get(iri(name), [])

    def value(self, subject: Term, name: str) -> Term | None:
        """Return the first value of a property, or None."""
        return next(iter(self.values(subject, name)), None)

    def text(self, subject: Term, name: str, language: str = "en") -> str:
        """Return the text of a property in a language, "" where there is none."""
        import pyoxigraph

        for value in self.values(subject, name):
            if isinstance(value, pyoxigraph.Literal) and value.language in (language, None):
                return value.value
        return ""

    def items(self, head: Term | None) -> list[Term]:
        """Return the items of an RDF list."""
        found = []
        while head is not None and (first := self.value(head, "rdf:first")) is not None:
            found.append(first)
            head = self.value(head, "rdf:rest")
        return found

    def of_type(self, *names: str) -> list[Term]:
        """Return the subjects of some classes, in the order of their IRIs."""
        found = (self._by_type.get(iri(name), ()) for name in names)
        return sorted({term for terms in found for term in terms}, key=text_of)
