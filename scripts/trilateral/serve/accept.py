"""Content negotiation by RFC 9110: what a client accepts, against what can be given."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

_TOKEN = r"[!#$%&'*+.^_`|~0-9A-Za-z-]+"
_PARAMETER = rf"\s*;\s*({_TOKEN})\s*=\s*({_TOKEN}|\"(?:[^\"\\]|\\.)*\")"
_RANGE = re.compile(rf"\s*({_TOKEN})/({_TOKEN})((?:{_PARAMETER})*)\s*\Z")
_QUALITY = re.compile(r"(?:0(?:\.\d{0,3})?|1(?:\.0{0,3})?)\Z")
_SPLIT = re.compile(r"(?:[^,\"]|\"(?:[^\"\\]|\\.)*\"?)+")


@dataclass(frozen=True)
class MediaRange:
    """One range of an Accept header: ``text/*;q=0.5``."""

    main: str
    sub: str
    parameters: frozenset[tuple[str, str]]
    quality: float

    def specificity(self, media: str) -> int:
        """Return how closely the range fits a media type, 0 where it does not."""
        kind, _, given = media.lower().partition(";")
        main, _, sub = kind.strip().partition("/")
        parameters = {
            (name.strip(), value.strip()) for name, _, value in (p.partition("=") for p in [given])
        }
        if (self.main, self.sub) == ("*", "*"):
            return 1
        if self.main != main:
            return 0
        if self.sub == "*":
            return 2
        # A charset of UTF-8 is what everything is written in.
        needed = {each for each in self.parameters if each != ("charset", "utf-8")}
        if self.sub != sub or not needed <= parameters:
            return 0
        return 3 + len(needed)


def read_accept(header: str) -> list[MediaRange]:
    """Read an Accept header (RFC 9110, section 12.5.1); ranges that are none are left out.

    >>> [(each.main, each.quality) for each in read_accept("text/html, */*;q=0.1, nonsense")]
    [('text', 1.0), ('*', 0.1)]
    """
    found = []
    for part in _SPLIT.findall(header):
        match = _RANGE.match(part)
        if match is None or (match[1] == "*" and match[2] != "*"):
            continue
        parameters = {}
        quality = 1.0
        for name, value in re.findall(_PARAMETER, match[3]):
            if name.lower() == "q":
                quality = float(value) if _QUALITY.match(value) else 0.0
                break  # what follows the weight is no parameter of the media type
            parameters[name.lower()] = value.strip('"').lower()
        found.append(
            MediaRange(match[1].lower(), match[2].lower(), frozenset(parameters.items()), quality)
        )
    return found


def choose(header: str | None, offers: Sequence[str]) -> str | None:
    """Return the offer that a client likes best, None where it accepts none of them.

    Of several that it likes as much, the first is taken; without a header all are liked.

    >>> choose("text/turtle;q=0.5, application/ld+json", ["text/turtle", "application/ld+json"])
    'application/ld+json'
    >>> choose("text/*;q=0, */*", ["text/turtle"]) is None
    True
    """
    if header is None or not header.strip():
        return offers[0]
    ranges = read_accept(header)
    best, liked = None, 0.0
    for offer in offers:
        fits = [(each.specificity(offer), each.quality) for each in ranges]
        fits = [each for each in fits if each[0]]
        quality = max(fits)[1] if fits else 0.0
        if quality > liked:
            best, liked = offer, quality
    return best


def choose_language(header: str | None, offers: Sequence[str]) -> str | None:
    """Return the language that a client likes best (RFC 4647, section 3.4), None for none.

    >>> choose_language("zh-TW, ja;q=0.5", ["en", "ja", "zh-hans"])
    'ja'
    """
    wanted = []
    for at, part in enumerate((header or "").split(",")):
        tag, _, weight = part.strip().partition(";")
        value = weight.replace(" ", "").removeprefix("q=")
        quality = float(value) if _QUALITY.match(value) else 1.0 if not weight else 0.0
        if quality:
            wanted.append((-quality, at, tag.strip().lower()))
    for _, _, tag in sorted(wanted):
        while tag:
            if tag in offers:
                return tag
            tag = tag.rpartition("-")[0]
    return None
