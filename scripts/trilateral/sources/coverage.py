"""Coverage: which sentences of a frozen text have no passage."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from trilateral import sparql
from trilateral.sources import texts
from trilateral.sources.sentences import sentences

if TYPE_CHECKING:
    import pyoxigraph as ox


@dataclass(frozen=True)
class Gap:
    """A sentence, or a part of one, that no passage covers. Positions in code points."""

    document: str
    start: int
    end: int
    words: str


@dataclass(frozen=True)
class Coverage:
    """How many sentences a document has, and those that no passage covers."""

    document: str
    sentences: int
    gaps: tuple[Gap, ...]


def coverage(store: ox.Store, folder: Path) -> list[Coverage]:
    """Compare the passages of each document with the sentences of its frozen text.

    A sentence is covered when each of its letters and digits lies in a passage.

    Raises:
        SourceTextError: when a text is missing or is not the one that was coded.
    """
    spans: dict[str, list[tuple[int, int]]] = {}
    for _, iri, begin, stop, _, _ in sparql.rows(store, __package__, "passages"):
        if iri and begin and stop:
            spans.setdefault(iri, []).append((int(begin), int(stop)))
    result = []
    for document in texts.documents(store):
        text = texts.read_text(folder, document)
        covered = bytearray(len(text))
        for start, end in spans.get(document.iri, []):
            covered[start:end] = b"\1" * (min(end, len(text)) - start)
        cut = list(sentences(text))
        gaps = tuple(
            Gap(document.slug, start, end, text[start:end])
            for start, end in cut
            if any(text[at].isalnum() and not covered[at] for at in range(start, end))
        )
        result.append(Coverage(document.slug, len(cut), gaps))
    return result
