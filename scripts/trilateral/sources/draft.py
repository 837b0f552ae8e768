"""Draft the passages of a document, so that nobody counts code points by hand."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from trilateral import turtle
from trilateral.sources.fragments import fragment
from trilateral.sources.sentences import sentences
from trilateral.sources.texts import Document, digest
from trilateral.vocabulary import iri

if TYPE_CHECKING:
    import pyoxigraph as ox


def draft(document: Document, text: str) -> str:
    """Return one passage per sentence of a text as Turtle, numbered in its order.

    Position, digest and text fragment are computed; what the passage says, or
    that it says nothing, is for a coder to add.
    """
    return turtle.write(_triples(document, text))


def _triples(document: Document, text: str) -> Iterator[ox.Triple]:
    from pyoxigraph import Literal, NamedNode, Triple

    def add(predicate: str, value: ox.NamedNode | ox.Literal) -> ox.Triple:
        return Triple(passage, NamedNode(iri(predicate)), value)

    def count(number: int) -> ox.Literal:
        return Literal(str(number), datatype=NamedNode(iri("xsd:integer")))

    for number, (start, end) in enumerate(sentences(text), 1):
        passage = NamedNode(iri(f"passage:{document.slug}-{number}"))
        yield add("rdf:type", NamedNode(iri("tri:Passage")))
        yield add("tri:inDocument", NamedNode(document.iri))
        yield add("tri:startPosition", count(start))
        yield add("tri:endPosition", count(end))
        yield add("tri:sha256", Literal(digest(text[start:end])))
        yield add("tri:textFragment", NamedNode(document.url + fragment(text, start, end)))
        yield add("tri:unitKind", NamedNode(iri("unit-kind:sentence")))
