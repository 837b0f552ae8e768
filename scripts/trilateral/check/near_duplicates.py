"""Near-duplicates: things whose wordings differ by little and that nothing tells apart."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pyoxigraph as ox


@dataclass
class Compared:
    """A thing with its wordings, and with what tells it apart from others.

    That is the things which it is said to differ from, and its marks: values of
    a kind of which two things that are one have the same, such as an identifier.
    """

    wordings: set[str] = field(default_factory=set)
    apart_from: set[str] = field(default_factory=set)
    marks: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))


def compared(rows: Iterable[ox.QuerySolution]) -> dict[str, Compared]:
    """Return the things that have wordings, by IRI, from the rows of the rule on near-duplicates.

    Columns: ``focus`` the thing; ``detail`` a wording; ``related`` a thing that it is
    told apart from; ``mark`` and ``value`` a mark. A row has some of them.
    """
    things: dict[str, Compared] = defaultdict(Compared)
    for row in rows:
        thing = things[row["focus"].value]
        if row["detail"] is not None:
            thing.wordings.add(row["detail"].value)
        if row["related"] is not None:
            thing.apart_from.add(row["related"].value)
        if row["value"] is not None:
            thing.marks[row["mark"].value].add(row["value"].value)
    return {name: thing for name, thing in things.items() if thing.wordings}


def near_duplicates(things: dict[str, Compared], similarity: float) -> Iterator[tuple[str, str]]:
    """Yield each pair of things that are worded alike and not told apart, in order of name.

    Letter case, accents, punctuation and spaces do not count; neither does the
    order of the words, for family names stand first or last. What is left is
    compared by optimal string alignment (a letter missing, added, changed, or two
    swapped), as a share of the longer wording: 0.9 allows one slip in ten letters.

    >>> names = {"kuki-news": "Kuki News", "kukinews": "KukiNews", "yonhap": "Yonhap"}
    >>> things = {name: Compared({label}) for name, label in names.items()}
    >>> list(near_duplicates(things, 0.9))
    [('kuki-news', 'kukinews')]
    >>> things["kukinews"].apart_from.add("kuki-news")
    >>> list(near_duplicates(things, 0.9))
    []
    """
    yield from sorted(pair for pair in _alike(things, similarity) if not _told_apart(things, *pair))


def _alike(things: dict[str, Compared], similarity: float) -> set[tuple[str, str]]:
    from rapidfuzz import process
    from rapidfuzz.distance import OSA

    found = set()
    for spelling in (_as_written, _words_sorted):
        worded = sorted(
            ((spelling(text), name) for name, thing in things.items() for text in thing.wordings),
            key=lambda pair: (len(pair[0]), pair),
        )
        texts = [text for text, _ in worded]
        lengths = [len(text) for text in texts]
        for at, (text, name) in enumerate(worded):
            # A wording that is longer by more than the share allows cannot be alike.
            others = texts[at + 1 : bisect_right(lengths, len(text) / similarity)]
            for _, _, place in process.extract(
                text, others, scorer=OSA.normalized_similarity, score_cutoff=similarity, limit=None
            ):
                other = worded[at + 1 + place][1]
                if other != name:
                    found.add((min(name, other), max(name, other)))
    return found


def _told_apart(things: dict[str, Compared], name: str, other: str) -> bool:
    one, two = things[name], things[other]
    return (
        other in one.apart_from
        or name in two.apart_from
        or any(
            not one.marks[mark] & two.marks[mark] for mark in one.marks.keys() & two.marks.keys()
        )
    )


def _as_written(text: str) -> str:
    return "".join(_words(text))


def _words_sorted(text: str) -> str:
    return "".join(sorted(_words(text)))


def _words(text: str) -> list[str]:
    letters = unicodedata.normalize("NFKD", text.casefold())
    return re.findall(r"\w+", "".join(c for c in letters if not unicodedata.combining(c)))
