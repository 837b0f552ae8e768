"""Extraction: the words of the pages that stand in no template.

Babel calls these readers as ``locale/babel.cfg`` says: for the modules, with the texts of
their problems; for the questions, with their columns and the words that they put into
cells; and for the kinds of things.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import Any, BinaryIO

from babel.messages.extract import extract_python

from trilateral.serve.pages.catalogue import kinds, plural, singular
from trilateral.serve.pages.table import head

_Found = Iterator[tuple[int, str, tuple[str, ...], list[str]]]
_COMMENT = re.compile(r"^#.*$|(?<=\s)#\s.*$", re.MULTILINE)
_SELECT = re.compile(r"^\s*SELECT\b(.*?)(?:\bWHERE\b|\{)", re.MULTILINE | re.DOTALL)
_INNERMOST = re.compile(r"\(([^()]*)\)")
_NAMED = re.compile(r"\bAS\s+(\?\w+)\s*\Z")
# A text without a language that is made of words in lower case, but for truth values, which
# queries make by STRDT.
_VALUE = re.compile(r'"(?!(?:true|false)")([a-z]+(?: [a-z]+)+|[a-z]{3,})"(?![@^])')


def columns_of(query: str) -> list[str]:
    """Return the heads of the columns that a SELECT query has.

    >>> columns_of('SELECT ?actorLabel (COUNT(DISTINCT ?x) AS ?otherNames) WHERE { }')
    ['actor', 'other names']
    """
    found = _SELECT.search(query)
    if not found:
        return []
    text = found[1]
    while _INNERMOST.search(text):
        text = _INNERMOST.sub(_variable, text)
    return list(dict.fromkeys(head(name) for name in re.findall(r"\?(\w+)", text)))


def _variable(expression: re.Match[str]) -> str:
    named = _NAMED.search(expression[1])
    return named[1] if named else ""


def values_of(query: str) -> list[str]:
    """Return the words that a query can put into cells.

    >>> values_of('BIND (IF(LANG(?x) = "en", "not yet", "exists") AS ?y)')
    ['not yet', 'exists']
    >>> values_of('BIND (STRDT(IF(BOUND(?x), "true", "false"), xsd:boolean) AS ?y)')
    []
    """
    return list(dict.fromkeys(_VALUE.findall(query)))


def problems_of(module: str) -> list[str]:
    """Return the titles, details and repairs of the problems of a module that are plain texts.

    >>> problems_of('raise Problem(400, "Bad" if x else "Worse", f"{x} is bad.", "Mend it.")')
    ['Bad', 'Worse', 'Mend it.']
    """
    found = []
    for node in ast.walk(ast.parse(module)):
        if isinstance(node, ast.Call) and ast.unparse(node.func).split(".")[-1] == "Problem":
            for argument in node.args[1:4]:
                found += _texts(argument)
    return found


def _texts(argument: ast.expr) -> list[str]:
    if isinstance(argument, ast.IfExp):
        return [*_texts(argument.body), *_texts(argument.orelse)]
    plain = isinstance(argument, ast.Constant) and isinstance(argument.value, str)
    return [ast.literal_eval(argument)] if plain else []


def modules(file: BinaryIO, keywords: Any, comments: list[str], options: Any) -> Iterator[Any]:
    """Yield the messages of a module, and the texts of its problems."""
    yield from extract_python(file, keywords, comments, options)
    file.seek(0)
    for text in problems_of(file.read().decode()):
        yield 1, "gettext", (text,), []


def questions(file: BinaryIO, keywords: Any, comments: list[str], options: Any) -> _Found:
    """Yield the columns and the values of a question."""
    text = _COMMENT.sub("", file.read().decode())
    for context, words in (("column", columns_of(text)), ("value", values_of(text))):
        for word in words:
            yield 1, "pgettext", (context, word), []


def names_of_kinds(file: BinaryIO, keywords: Any, comments: list[str], options: Any) -> _Found:
    """Yield the names of all kinds of things, for many and for one."""
    for kind in sorted(kinds()):
        yield 1, "gettext", (plural(kind),), []
        yield 1, "gettext", (singular(kind),), []
