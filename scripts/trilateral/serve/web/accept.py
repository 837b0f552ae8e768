"""Content negotiation by RFC 9110: what a client accepts, against what can be given."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from starlette.requests import Request

_TOKEN = r"[!#$%&'*+.^_`|~0-9A-Za-z-]+"
_QUOTED = r'"(?:[^"\\]|\\.)*"'
_PARAMETER = re.compile(rf"[ \t]*;[ \t]*(?:({_TOKEN})=({_TOKEN}|{_QUOTED}))?")
_RANGE = re.compile(rf"[ \t]*({_TOKEN})/({_TOKEN})((?:{_PARAMETER.pattern})*)[ \t]*\Z")
_QUALITY = re.compile(r"(?:0(?:\.\d{0,3})?|1(?:\.0{0,3})?)\Z")
# Characters of a header whose choice is remembered.
_SHORT = 256
_ELEMENT = re.compile(rf"(?:[^,\"]|{_QUOTED}|\")+")


@dataclass(frozen=True)
class MediaRange:
    """One range of an Accept header, ``text/*;q=0.5``, or the media type of an offer."""

    main: str
    sub: str
    parameters: frozenset[tuple[str, str]]
    quality: float = 1.0

    def specificity(self, offer: MediaRange) -> int:
        """Return how closely the range fits a media type, 0 where it does not.

        A parameter of the range must be one of the media type, as it says nothing of others.
        Everything is written in UTF-8, so that this charset fits any.
        """
        needed = self.parameters - {("charset", "utf-8")}
        if not needed <= offer.parameters:
            return 0
        if self.main == self.sub == "*":
            level = 1
        elif self.main != offer.main:
            return 0
        elif self.sub == "*":
            level = 2
        elif self.sub != offer.sub:
            return 0
        else:
            level = 3
        # A header of 64 KiB has less than 100,000 parameters: the range comes before them.
        return level * 100_000 + len(self.parameters)


def read_accept(header: str) -> list[MediaRange]:
    """Read an Accept header (RFC 9110, section 12.5.1); ranges that are none are left out.

    The parameter ``q`` is the weight wherever it stands. A range with a weight that is none
    (``q=2``, ``q=.5``) is left out too.

    >>> [(each.main, each.quality) for each in read_accept("text/html, */*;q=0.1, nonsense")]
    [('text', 1.0), ('*', 0.1)]
    """
    return [found for part in _ELEMENT.findall(header) if (found := _read_range(part))]


def _read_range(text: str) -> MediaRange | None:
    match = _RANGE.match(text)
    if match is None or (match[1] == "*" and match[2] != "*"):
        return None
    quality = "1"
    parameters = {}
    for name, value in _PARAMETER.findall(match[3]):
        if value.startswith('"'):
            value = re.sub(r"\\(.)", r"\1", value[1:-1])
        if name.lower() == "q":
            quality = value
        elif name:
            # The value of a profile is an IRI, of which case matters.
            same = value if name.lower() == "profile" else value.lower()
            parameters[name.lower()] = same
    if not _QUALITY.match(quality):
        return None
    return MediaRange(
        match[1].lower(), match[2].lower(), frozenset(parameters.items()), float(quality)
    )


def choose(header: str | None, offers: Sequence[str]) -> str | None:
    """Return the offer that a client likes best, None where it accepts none of them.

    Of several that it likes as much, the first is taken; without a header, or with one
    that holds no range at all, everything is liked. For each offer the most specific of
    the ranges that fit decides.

    >>> choose("text/turtle;q=0.5, application/ld+json", ["text/turtle", "application/ld+json"])
    'application/ld+json'
    >>> choose("text/*;q=0, */*", ["text/turtle"]) is None
    True
    """
    text = header or ""
    # Short headers come again and again; long ones would only take room.
    decide = _choose if len(text) <= _SHORT else _choose.__wrapped__
    return decide(text, tuple(offers))


@lru_cache(maxsize=1024)
def _choose(header: str, offers: tuple[str, ...]) -> str | None:
    ranges = read_accept(header)
    if not ranges:
        return offers[0]
    best, liked = None, 0.0
    for offer in offers:
        media = _read_range(offer)
        assert media is not None, offer
        fits = [(each.specificity(media), each.quality) for each in ranges]
        specificity, quality = max(fits)
        if specificity and quality > liked:
            best, liked = offer, quality
    return best


def accepted(request: Request) -> str | None:
    """Return what a request accepts, all its Accept headers as one; None without any."""
    return ", ".join(request.headers.getlist("accept")) or None
