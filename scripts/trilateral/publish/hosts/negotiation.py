r"""Negotiation: the weights of an Accept header (RFC 9110, section 12.5.1) as patterns.

Hosts of files have no code to read a header with, but all that have rules at all match it
with patterns. `ranges` has the patterns that tell the weight of each format; they are of
the language that PCRE and RE2 share. Which weight is the largest, `BEST` tells in a text
made of them; it needs PCRE.

What `trilateral.serve.web.accept` chooses is what comes out, but for odd headers, which
``docs/hosting.md`` lists.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from trilateral.serve.linked_data.documents import Format

_TOKEN = r"[\w!#$%&*+.^|~-]"
_QUOTED = r'"(?:[^"\\]|\\.)*"'
# Whole ranges with their commas, as few as will do: a comma within quotes ends none.
_BEFORE = rf'(?i)^(?:[^,"]*(?:{_QUOTED}[^,"]*)*,)*?[ \t]*'
_AFTER = r"[ \t;]*(?:,|$)"
_SEMICOLON = r"[ \t]*;[ \t;]*"
_WEIGHT = r'q="?(0(?:\.\d?\d?\d?)?|1(?:\.0?0?0?)?)"?'
_WEIGHTED = _SEMICOLON + _WEIGHT
_CHARSET = r'charset="?utf-8"?'
# Any parameter but a weight that is none, which spoils its range.
_PARAMETER = rf"(?:(?:[a-pr-z0-9!#$&^.+-]{_TOKEN}*|q{_TOKEN}+)=(?:{_TOKEN}+|{_QUOTED})|{_WEIGHT})"
_ANY_RANGE = rf"(?:\*/\*|[\w!#$&^.+-]+/{_TOKEN}+)(?:[ \t]*;[ \t]*{_PARAMETER}?)*"

_GREATER = "|".join(
    [rf"{digit}[\d.]*;.*=\2[{digit + 1}-9]" for digit in range(9)] + [r";.*=\2[\d.]*[1-9]"]
)
# The first of the formats whose weight is not 0 and no weight is greater than. Greater is
# what has a larger digit after the same beginning, or goes on after it with more than zeros.
BEST = rf"^(?:\w+=[\d.]*;)*?(\w+)=(?=[\d.]*[1-9])(?!([\d.]*)(?:{_GREATER}))"


@dataclass(frozen=True)
class Rule:
    """Headers that match a pattern give a weight; where it is empty, what its groups hold."""

    pattern: str
    weight: str = ""


@dataclass(frozen=True)
class Range:
    """The weight that a header gives to ``any`` type, to ``text`` and the like, or to a format.

    Attributes:
        name: One of these words, or the ending of the format.
        rules: The first that matches gives the weight, so the closest stands first.
        otherwise: The name of the range whose weight it is where none matches; for ``any``
            that weight itself: a header without ranges accepts everything.
    """

    name: str
    rules: tuple[Rule, ...]
    otherwise: str


def ranges(formats: Sequence[Format]) -> list[Range]:
    """Return the ranges that decide between formats, the wider before those within them.

    >>> from trilateral.serve.linked_data.documents import FORMATS
    >>> [each.name for each in ranges(FORMATS[:3])]
    ['any', 'text', 'application', 'html', 'ttl', 'jsonld']
    """
    mains = dict.fromkeys(each.bare.partition("/")[0] for each in formats)
    nothing = Rule(f"{_BEFORE}{_ANY_RANGE}{_AFTER}", "0")
    return [
        Range("any", (*_rules(r"\*/\*"), nothing), "1"),
        *(Range(main, _rules(rf"{main}/\*"), "any") for main in mains),
        *(_format(each) for each in formats),
    ]


def _format(form: Format) -> Range:
    # Its value is quoted, and may be an IRI, of which case matters.
    parameters = [each.partition("=") for each in form.offer.split(";")[1:]]
    named = [f"{name}=(?-i:{re.escape(value)})" for name, _, value in parameters]
    return Range(form.ending, _rules(re.escape(form.bare), *named), form.bare.partition("/")[0])


def _rules(media: str, *named: str) -> tuple[Rule, ...]:
    """Return the rules of a range; one with parameters, which may be ``named``, is closer."""
    begin, more = _BEFORE + media, f"(?:{_SEMICOLON}(?:{'|'.join((_CHARSET, *named))}))"
    return (
        Rule(f"{begin}{more}+{_AFTER}", "1"),
        Rule(f"{begin}(?:{more}+{_WEIGHTED}{more}*|{_WEIGHTED}{more}+){_AFTER}"),
        Rule(f"{begin}{_AFTER}", "1"),
        Rule(f"{begin}{_WEIGHTED}{_AFTER}"),
    )


def weights(formats: Sequence[Format], variable: Callable[[str], str]) -> str:
    """Return the text in which `BEST` finds the format: each with its weight, and once more.

    >>> from trilateral.serve.linked_data.documents import FORMATS
    >>> text = weights(FORMATS[:2], {"html": "0.5", "ttl": "0.50"}.__getitem__)
    >>> text, re.search(BEST, text)[1]
    ('html=0.5;ttl=0.50;|html=0.5;ttl=0.50;', 'html')
    """
    once = "".join(f"{each.ending}={variable(each.ending)};" for each in formats)
    return f"{once}|{once}"


def groups(pattern: str) -> int:
    """Return how many groups of a pattern hold a weight."""
    return re.compile(pattern).groups
