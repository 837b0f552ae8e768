"""Nouns: English words for one thing and for several, in what commands say."""

from __future__ import annotations


def counted(number: int, noun: str) -> str:
    """Return a number with a noun in the form that it asks for.

    >>> counted(1, "error"), counted(0, "named graph"), counted(1200, "property")
    ('1 error', '0 named graphs', '1,200 properties')
    """
    return f"{number:,} {noun if number == 1 else plural(noun)}"


def plural(noun: str) -> str:
    """Return the plural of an English noun or of the first noun of an "of" phrase.

    >>> [plural(noun) for noun in ("stance", "unnamed party", "survey", "person", "box")]
    ['stances', 'unnamed parties', 'surveys', 'people', 'boxes']
    >>> plural("term of office")
    'terms of office'
    """
    head, of, rest = noun.partition(" of ")
    if of:
        return plural(head) + of + rest
    if noun.endswith("person"):
        return noun.removesuffix("person") + "people"
    if noun.endswith("y") and noun[-2:-1] not in "aeiou":
        return noun[:-1] + "ies"
    return noun + ("es" if noun.endswith(("s", "x", "z", "ch", "sh")) else "s")
