"""Query text: what can be told of a SPARQL query without running it, and why it is none."""

from __future__ import annotations

import re
from collections.abc import Mapping

# What can hold any character: comments, IRIs and strings; and what names can be made of.
_TOKEN = re.compile(
    r"""
      (?P<skip>\#[^\r\n]*
        | '{3}(?:'{0,2}(?:[^'\\]|\\.))*'{3} | "{3}(?:"{0,2}(?:[^"\\]|\\.))*"{3}
        | '(?:[^'\\\r\n]|\\.)*' | "(?:[^"\\\r\n]|\\.)*")
    | <(?P<iri>[^<>"{}|^`\\\x00-\x20]*)>
    | (?P<name>[?$@]?[\w.\-]*:?(?:[\w.\-:%]|\\.)*)
    """,
    re.VERBOSE | re.DOTALL,
)
_PLACE = re.compile(r"error at (\d+):(\d+): (.*)", re.DOTALL)
_CHANGES = {"insert", "delete", "load", "clear", "drop", "create", "add", "move", "copy", "with"}


def words(text: str) -> list[str]:
    """Return the words of a query: keywords, variables and names, not what is quoted.

    >>> words("SELECT ?x FROM <http://a.example/#b> { ?x a x:FROM } # FROM")
    ['SELECT', '?x', 'FROM', '?x', 'a', 'x:FROM']
    """
    found, at = [], 0
    while at < len(text):
        match = _TOKEN.match(text, at)
        assert match is not None
        if match["name"]:
            found.append(match["name"])
        at = max(match.end(), at + 1)
    return found


def has_dataset(text: str) -> bool:
    """Tell whether a query names the graphs that it is about, with FROM or FROM NAMED.

    >>> has_dataset("ASK FROM <http://a.example/> {}"), has_dataset("ASK { ?from a x:from }")
    (True, False)
    """
    # The text is read word by word only where it may hold one.
    return "from" in text.lower() and any(word.lower() == "from" for word in words(text))


def explain(error: str, text: str, table: Mapping[str, str]) -> str:
    """Return what is wrong with a query and where, from what the parser says of it.

    >>> explain("error at 1:10: Prefix not found", "ASK { a:b a ?x }", {"a": "http://a.example/"})
    'The prefix a: is not declared. Begin with "PREFIX a: <http://a.example/>".'
    """
    if "Prefix not found" in error:
        for prefix in _undeclared(text):
            space = table.get(prefix, "the IRI that it stands for")
            return f'The prefix {prefix}: is not declared. Begin with "PREFIX {prefix}: <{space}>".'
    place = _PLACE.match(error)
    if place is None:
        return error
    line, column, expected = int(place[1]), int(place[2]), " ".join(place[3].split())
    lines = text.splitlines()
    rest = lines[line - 1][column - 1 :].strip()[:40] if line <= len(lines) else ""
    why = "something is missing at its end or before."
    if rest:
        why = f"it cannot be read on from {rest!r}."
    told = f"Line {line}, column {column}: {why}"
    first = next((word.lower() for word in words(text) if ":" not in word), "")
    if first in _CHANGES:
        return f"{told} {first.upper()} changes data, which nobody can here."
    if len(expected) < 80 and "_" not in expected:
        told += f" The parser says: expected {expected.removeprefix('expected ')}."
    return told


def _undeclared(text: str) -> list[str]:
    declared, used, last = set(), [], ""
    for word in words(text):
        prefix, colon, _ = word.partition(":")
        if last.lower() == "prefix":
            declared.add(prefix)
        elif colon and prefix != "_" and not word.startswith(("?", "$", "@")):
            used.append(prefix)
        last = word
    return [prefix for prefix in used if prefix not in declared]
