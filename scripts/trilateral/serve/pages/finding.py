"""Finding: things by words of their names, whatever the case, the accents and the script.

An index is a list of all names in a folded form that is gone through for each search:
ten thousand things take about a millisecond, and it finds parts of words, which scripts
without spaces need.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from rapidfuzz import process
from rapidfuzz.distance import OSA

from trilateral.serve.pages.catalogue import NAMINGS, Catalogue, Name, Thing

# The order of kinds among names that fit equally well.
_FIRST = (
    "actor", "framework", "event", "source", "topic", "proposition", "place", "office",
    "outcome", "factor", "recommendation", "stance", "designation",
)  # fmt: skip
# What only links things, and bears their names, comes after the things themselves.
LINKS = {"affiliation", "membership", "participation", "phase"}
_FIRST_SCRIPT_WITHOUT_SPACES = 0x2E80
# Letters that Unicode does not take apart into a letter and a mark.
_LETTERS = str.maketrans({"ø": "o", "đ": "d", "ł": "l", "ı": "i", "ð": "d", "þ": "th", "æ": "ae",
                          "œ": "oe", "'": "", "’": "", "ʼ": "", "ʻ": "", "`": ""})  # fmt: skip
_INITIAL = re.compile(r"\b(\w)\.")
_WORDS = re.compile(r"\w+")
_SHORTEST_PART = 3
_ALIKE = 0.6
# So many words of a search that finds nothing are looked at one by one.
MOST_WORDS = 8


def fold(text: str) -> str:
    """Return the words of a text in the form in which names are compared.

    Compatibility forms, case, accents and punctuation are levelled. The marks of kana and
    the parts of Hangul syllables are kept: they tell words apart.

    >>> fold("Côte d’Ivoire"), fold("U.S.-Japan"), fold("ＡＳＥＡＮ"), fold("がっこう")
    ('cote divoire', 'us japan', 'asean', 'がっこう')
    """
    text = unicodedata.normalize("NFKC", text).casefold().translate(_LETTERS)
    if not text.isascii():
        text = "".join(_bare(each) for each in text)
    return " ".join(_WORDS.findall(_INITIAL.sub(r"\1", text).replace("_", " ")))


def _bare(letter: str) -> str:
    if ord(letter) >= _FIRST_SCRIPT_WITHOUT_SPACES:
        return letter
    parts = unicodedata.normalize("NFD", letter)
    return "".join(each for each in parts if unicodedata.category(each) != "Mn")


@dataclass(frozen=True, slots=True)
class Hit:
    """A thing that was found, and the name that fits best; None where only several together do."""

    thing: Thing
    name: Name | None


class Index:
    """The names of all things, folded."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._entries: list[tuple[str, list[str], Thing]] = []
        for things in catalogue.values():
            for thing in things:
                names = [fold(name.text) for name in thing.names]
                self._entries.append(("\n".join(names), names, thing))
        self._words = {word for whole, _, _ in self._entries for word in whole.split()}
        self._vocabulary = sorted(self._words)

    def find(self, words: str, language: str = "en") -> list[Hit]:
        """Return the things whose names have all the words, those that fit best first.

        A name that is the words comes before one that begins with them, then one that has
        them as words, as beginnings of words, and as parts of words; then come things
        whose names have all the words only together. What links things, such as a
        participation, is last. Of names that fit alike, one in ``language`` is told.
        """
        query = fold(words)
        tokens = query.split()
        if not tokens:
            return []
        longest = max(tokens, key=len)
        likely = [entry for entry in self._entries if longest in entry[0]]
        found = []
        for whole, names, thing in likely:
            if all(token in whole for token in tokens):
                rank = _best(query, tokens, names, thing, language)
                if rank is not None:
                    found.append((rank, thing))
        found.sort(key=lambda pair: (*pair[0][:-1], pair[1].iri))
        return [
            Hit(thing, None if rank[-1] is None else thing.names[rank[-1]]) for rank, thing in found
        ]

    def near(self, words: str, most: int = 3) -> list[str]:
        """Return searches that find something and are spelt nearly as one that does not."""
        tokens = fold(words).split()[:MOST_WORDS]
        unknown = [token for token in tokens if not self.find(token)]
        likely: list[list[str]] = []
        for token in tokens:
            if token not in unknown:
                likely.append([token])
                continue
            nearest = process.extract(
                token, self._vocabulary, scorer=OSA.normalized_similarity, score_cutoff=_ALIKE,
                limit=most,
            )  # fmt: skip
            likely.append([*self._split(token), *(word for word, _, _ in nearest)])
        likely = [choices for choices in likely if choices]
        if not unknown or not likely:
            return []
        tries = [
            " ".join(choices[min(number, len(choices) - 1)] for choices in likely)
            for number in range(most)
        ]
        return [each for each in dict.fromkeys(tries) if self.find(each)]

    def _split(self, token: str) -> list[str]:
        """Return a word that was written without its space as two that are known."""
        known = self._words
        parts = ((token[:cut], token[cut:]) for cut in range(2, len(token) - 1))
        return [f"{one} {two}" for one, two in parts if one in known and two in known][:1]


_Rank = tuple[bool, int, int, int, bool, int, int | None]


def _best(
    query: str, tokens: list[str], names: list[str], thing: Thing, language: str
) -> _Rank | None:
    """Return the rank of a thing among those found.

    Whether it only links things, how its best name fits, the kind of thing, the kind of name,
    whether that is in another language, how long it is, and which of the names it is.
    """
    kind = _FIRST.index(thing.kind) if thing.kind in _FIRST else len(_FIRST)
    links = thing.kind in LINKS
    ranks: list[_Rank] = []
    for number, name in enumerate(names):
        fit = _fit(query, tokens, name)
        if fit is not None:
            given = thing.names[number]
            foreign = given.language != language
            naming = NAMINGS.index(given.naming)
            ranks.append((links, fit, kind, naming, foreign, len(name), number))
    if ranks:
        return min(ranks)
    apart = all(any(_fit(token, [token], name) is not None for name in names) for token in tokens)
    return (links, 6, kind, 0, False, 0, None) if apart else None


def _fit(query: str, tokens: list[str], name: str) -> int | None:
    """Return how well a name fits, 0 for best; None where it has not all the words."""
    if name.startswith(query):
        return 0 if query == name else 1 if name[len(query)] == " " else 2
    words = name.split()
    if all(token in words for token in tokens):
        return 3
    if all(any(word.startswith(token) for word in words) for token in tokens):
        return 4
    # Two letters stand in the middle of half of all words.
    if all(_is_part(token) and token in name for token in tokens):
        return 5
    return None


def _is_part(token: str) -> bool:
    return len(token) >= _SHORTEST_PART or ord(token[0]) >= _FIRST_SCRIPT_WITHOUT_SPACES


def in_order(kinds: Iterable[str]) -> list[str]:
    """Return kinds in the order in which they are looked for.

    >>> in_order(["stance", "place", "actor", "coding"])
    ['actor', 'place', 'stance', 'coding']
    """
    order = {kind: number for number, kind in enumerate(_FIRST)}
    return sorted(kinds, key=lambda kind: (order.get(kind, len(order)), kind))


def tell_apart(hits: Iterable[Hit]) -> dict[str, int]:
    """Return how many things of each kind were found, the most looked for kinds first."""
    counts: dict[str, int] = {}
    for hit in hits:
        counts[hit.thing.kind] = counts.get(hit.thing.kind, 0) + 1
    return {kind: counts[kind] for kind in in_order(counts)}
