"""Positions: what becomes a nanopublication each, and those among them that are asked for."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from trilateral.ask.engines import ask_oxigraph
from trilateral.ask.questions import Question, read_question
from trilateral.ask.values import suggest
from trilateral.errors import UnknownNameError
from trilateral.prefixes import prefixes

if TYPE_CHECKING:
    import pyoxigraph as ox


@dataclass(frozen=True)
class Position:
    """A position or recommendation, its documents and named graph, and its nanopublication."""

    stance: str
    graph: str
    nanopub: str
    documents: tuple[str, ...]

    @property
    def name(self) -> str:
        """The name of its file."""
        return self.nanopub.rstrip("/").rpartition("/")[2] + ".trig"


def question(name: str) -> Question:
    """Return a query of this package."""
    return read_question(Path(__file__).with_name(f"{name}.rq"))


def find_positions(store: ox.Store, day: date) -> list[Position]:
    """Return all positions and recommendations of a dataset, sorted by IRI."""
    text = question("positions").bound({"day": f'"{day.isoformat()}"'})
    found: dict[str, Position] = {}
    for row in ask_oxigraph(store, text).rows:
        stance, document, graph, nanopub = (getattr(term, "value", "") for term in row)
        before = found[stance].documents if stance in found else ()
        found[stance] = Position(stance, graph, nanopub, (*before, document))
    return list(found.values())


def select(
    positions: list[Position], stances: Collection[str] = (), source: str | None = None
) -> list[Position]:
    """Return those that are named, or that rest on the words of a document; else all.

    A name is a slug, which a stance and a recommendation may share, a short form or an IRI.

    Raises:
        UnknownNameError: for a name that none has, with those near it.
    """
    if source is not None:
        documents = {document for each in positions for document in each.documents}
        wanted = _find(source, documents, "--source", "document with positions")
        return [each for each in positions if wanted.intersection(each.documents)]
    if not stances:
        return positions
    known = {each.stance for each in positions}
    chosen = {iri for name in stances for iri in _find(name, known, "--stance", "position")}
    return [each for each in positions if each.stance in chosen]


def _find(name: str, known: Collection[str], option: str, kind: str) -> set[str]:
    slugs = {iri: iri.rpartition("/")[2] for iri in known}
    found = {iri for iri in known if name in (iri, slugs[iri], prefixes().compact(iri))}
    if not found:
        near = {slugs[iri]: prefixes().compact(iri) for iri in known}
        raise UnknownNameError(f"{name}: {option} knows no such {kind}.", suggest(near, name))
    return found
