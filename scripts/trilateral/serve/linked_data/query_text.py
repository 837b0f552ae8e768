"""Query text: what can be told of a SPARQL query without running it, and why it is none."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

# What can hold any character: comments, IRIs and strings; and what names can be made of.
_TOKEN = re.compile(
    r"""
      (?P<skip>\#[^\r\n]*
        | '{3}(?:'{0,2}(?:[^'\\]|\\.))*'{3} | "{3}(?:"{0,2}(?:[^"\\]|\\.))*"{3}
        | '(?:[^'\\\r\n]|\\.)*' | "(?:[^"\\\r\n]|\\.)*")
    | <(?P<iri>[^<>"{}|^`\\\x00-\x20]*)>
    | (?P<name>[?$]\w* | @[\w\-]*
        | (?:[^\W\d][\w.\-]*)?(?::(?:(?:[\w:%]|\\.)(?:[\w.\-:%]|\\.)*)?)?)
    """,
    re.VERBOSE | re.DOTALL,
)
# Only what stands alone can be the keyword, and is read word by word.
_FROM = re.compile(r"(?<![?$\w:])from\b", re.IGNORECASE)
_PLACE = re.compile(r"error at (\d+):(\d+): (.*)", re.DOTALL)
_CHANGES = {"insert", "delete", "load", "clear", "drop", "create", "add", "move", "copy", "with"}
# So much of a line is shown where it cannot be read.
_SHOWN = 40


def words(text: str) -> list[str]:
    """Return the words of a query: keywords, variables and names, not what is quoted.

    >>> words("SELECT ?x FROM <http://a.example/#b> { ?x a x:FROM } # FROM")
    ['SELECT', '?x', 'FROM', '?x', 'a', 'x:FROM']
    """
    found: list[str] = []
    for token in _tokens(text):
        name = token["name"] or ""
        # Names without a prefix have no full stop: it ends what is before.
        bare = ":" not in name and not name.startswith("@")
        found += name.split(".") if bare else [name]
    return [word for word in found if word]


def _tokens(text: str) -> Iterator[re.Match[str]]:
    """Give what is skipped, IRIs and names, in their order."""
    at = 0
    while at < len(text):
        match = _TOKEN.match(text, at)
        assert match is not None
        if match.end() > at:
            yield match
        at = max(match.end(), at + 1)


def has_dataset(text: str) -> bool:
    """Tell whether a query names the graphs that it is about, with FROM or FROM NAMED.

    >>> has_dataset("ASK FROM <http://a.example/> {}"), has_dataset("ASK { ?from a x:from }")
    (True, False)
    """
    return (
        "from" in text.lower()
        and bool(_FROM.search(text))
        and any(word.lower() == "from" for word in words(text))
    )


def has_service(text: str) -> bool:
    """Tell whether a query asks another endpoint, with SERVICE or SERVICE SILENT.

    >>> has_service("ASK { SERVICE <http://a.example/> {} }"), has_service("ASK { ?service a 1 }")
    (True, False)
    """
    # The parser of the store also takes the keyword without the space before or after it.
    return "service" in text.lower() and any(
        "service" in word.lower()
        for word in words(text)
        if ":" not in word and not word.startswith(("?", "$", "@"))
    )


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
    line, column, rest = _rest(text, int(place[1]), int(place[2]))
    expected = " ".join(place[3].split())
    why = "something is missing at its end or before."
    if rest:
        shown = rest if len(rest) <= _SHOWN else f"{rest[:_SHOWN]}\u2026"
        why = f"it cannot be read on from {shown!r}."
    told = f"Line {line}, column {column}: {why}"
    first = next((word.lower() for word in words(text) if ":" not in word), "")
    if first in _CHANGES:
        return f"{told} {first.upper()} changes data, which nobody can here."
    if len(expected) < 80 and "_" not in expected:
        told += f" The parser says: expected {expected.removeprefix('expected ')}."
    return told


def _rest(text: str, line: int, column: int) -> tuple[int, int, str]:
    """Return the place where the word at a place begins, and what its line has from there on."""
    lines = text.split("\n")
    at = sum(len(each) + 1 for each in lines[: line - 1]) + column - 1
    # The parser may have stopped within a word: what it took it for is not known.
    within = (each.start() for each in _tokens(text) if each.start() < at < each.end())
    at = next(within, at)
    before = text[:at].split("\n")
    return len(before), len(before[-1]) + 1, text[at:].partition("\n")[0].strip()


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
