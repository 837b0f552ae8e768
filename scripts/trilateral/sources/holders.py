"""Holders in the texts: whether the words that a stance rests on name the one who holds it."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from trilateral import sparql

if TYPE_CHECKING:
    import pyoxigraph as ox


@dataclass(frozen=True)
class Reference:
    """A passage on which a stance of a named holder rests, and where the holder may be named.

    ``start`` and ``end`` reach from the passage before to the end of the passage, in
    code points. ``ways`` are the ways to name the holder: of each of the parts, one
    of its names or of its wordings in the document has to occur.
    """

    stance: str
    holder: str
    passage: str
    document: str
    start: int
    end: int
    ways: tuple[tuple[frozenset[str], ...], ...]


def references(store: ox.Store) -> list[Reference]:
    """Return the references to check, sorted by stance and passage.

    Self-declared stances, those of an author and those of a party that the text
    leaves unnamed are left out: nobody is to be named there. So are those of a
    public where a poll figure says that the passage gives the opinion of that public
    (see tri:populationStated).

    >>> from pathlib import Path
    >>> from trilateral import dataset
    >>> from trilateral.home import find_home
    >>> store = dataset.load(find_home(Path("tests/world/data")))
    >>> references(store)[0].holder
    'https://w3id.org/trilateral/actor/arland'
    """
    spans = _spans(store)
    parts: dict[tuple[str, str, str, str], dict[str, dict[str, set[str]]]] = defaultdict(
        lambda: defaultdict(lambda: defaultdict(set))
    )
    for row in sparql.rows(store, __package__, "holders"):
        stance, holder, passage, document, way, part, form = row
        parts[stance, holder, passage, document][way][part] |= {form} - {""}
    return [
        Reference(
            stance,
            holder,
            passage,
            document,
            *spans[passage],
            tuple(tuple(map(frozenset, ways[way].values())) for way in sorted(ways)),
        )
        for (stance, holder, passage, document), ways in parts.items()
        if passage in spans
    ]


def is_named(reference: Reference, text: str) -> bool:
    """Tell whether a frozen text names the holder in the passage or in the one before it.

    The one before counts because a sentence may go on speaking of someone without a
    name ("a majority"). Words count as whole words, with or without capitals.

    >>> ways = ((frozenset({"Corland"}),),)
    >>> at = Reference("s", "h", "p", "d", 0, 22, ways)
    >>> is_named(at, "Corland spoke. It fears."), is_named(at, "Arland spoke. It fears.")
    (True, False)
    """
    stretch = text[reference.start : reference.end]
    return any(all(_occurs(forms, stretch) for forms in way) for way in reference.ways)


def _occurs(forms: frozenset[str], stretch: str) -> bool:
    return any(re.search(rf"(?i)(?<!\w){re.escape(form)}(?!\w)", stretch) for form in forms)


def _spans(store: ox.Store) -> Mapping[str, tuple[int, int]]:
    """Return for each passage where the one before it starts and where it ends itself."""
    by_document: dict[str, list[tuple[int, int, str]]] = defaultdict(list)
    for passage, document, start, end, *_ in sparql.rows(store, __package__, "passages"):
        if document and start and end:
            by_document[document].append((int(start), int(end), passage))
    spans = {}
    for found in by_document.values():
        before = 0
        for begin, stop, passage in sorted(found):
            spans[passage] = (before, stop)
            before = begin
    return spans
