"""Terms: which properties, classes and things a query may read, found in its text.

On the safe side, and without a parser: `rdflib` takes seconds for the queries of the pages.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache

from trilateral.prefixes import prefixes

_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
_COMMENT = re.compile(r"^\s*#.*$", re.MULTILINE)
_PREFIX = re.compile(r"PREFIX\s+([\w-]*):\s*<([^>]*)>", re.IGNORECASE)
_NAME = re.compile(r"(?<![\w:?\"#-])([a-z][\w-]*):([A-Za-z][\w-]*)")
_IRI = re.compile(r"<([^<>\s]+)>")
# A class that is a variable.
_ANY_CLASS = re.compile(r"\sa\s+\?\w+")
# A path that is all but some, and a predicate that is a variable after `;`.
_OPEN = re.compile(r"!\s*[\w(^<]*:|;\s+\?\w+\s+\?\w+")
# What tells where variables stand for some terms alone, and where a predicate is a variable.
_PART = re.compile(
    r"\bVALUES\s+\(?(?P<bound>[^(){}]*)\)?\s*\{(?P<rows>[^{}]*)\}"
    r"|(?P<select>\bSELECT\b)[^{}]*|\b(?:ORDER|GROUP)\s+BY\b[^{}]*"
    r"|(?P<begin>\{)|(?P<end>\})"
    r"|(?P<subject>\?\w+|[\w-]*:[\w-]+|<[^<>\s]+>)\s+(?P<predicate>\?\w+)\s+(?=\S)"
)


def terms_of(query: str) -> frozenset[str] | None:
    """Return the properties and classes that a query may read; None where it may read any.

    All names that stand in its text, which may be too many and never are too few. A class
    that is a variable is ``rdf:type`` itself. Of a thing that is named the query may read any
    property: the thing then is one of the names.

    >>> sorted(terms_of("SELECT ?a WHERE { ?a a ?b ; <http://x/p> ?c }"))[0]
    'http://www.w3.org/1999/02/22-rdf-syntax-ns#type'
    >>> terms_of("SELECT ?a WHERE { ?a ?b ?c . }") is None
    True
    >>> terms_of("SELECT ?b WHERE { VALUES ?a { <http://x/a> } ?a ?b ?c . }")
    frozenset({'http://x/a'})
    """
    text = _COMMENT.sub("", query)
    pattern = text[text.find("{") : text.rfind("}")]
    if _may_read_any(_IRI.sub("<x:any>", pattern)):
        return None
    table = {**prefixes(), **dict(_PREFIX.findall(text))}
    short = {table[p] + name for p, name in _NAME.findall(_IRI.sub(" ", pattern)) if p in table}
    any_class = {_TYPE} if _ANY_CLASS.search(pattern) or _TYPE in pattern else set()
    return frozenset(short | set(_IRI.findall(pattern)) | any_class)


@cache
def _may_read_any(pattern: str) -> bool:
    """Tell whether a pattern may read any triple, which is the same whatever the IRIs in it are."""
    return bool(_OPEN.search(pattern)) or any(_open_triples(pattern))


@dataclass
class _Group:
    """What stands between brackets; a subquery has variables of its own."""

    outer: _Group | None
    bound: set[str] = field(default_factory=set)
    subquery: bool = False

    def binds(self, name: str) -> bool:
        """Tell whether a name stands for some terms alone: no variable, or one bound to them."""
        if not name.startswith("?") or name in self.bound:
            return True
        return self.outer is not None and not self.subquery and self.outer.binds(name)


def _open_triples(pattern: str) -> Iterator[bool]:
    """Yield for each triple with a variable for its predicate whether it may be any triple."""
    group, found = _Group(None), list[tuple[_Group, str, str]]()
    for part in _PART.finditer(pattern):
        if part["bound"] is not None:
            if "UNDEF" not in part["rows"]:
                group.bound |= set(part["bound"].split())
        elif part["select"]:
            group.subquery = True
        elif part["begin"]:
            group = _Group(group)
        elif part["end"]:
            group = group.outer or group
        elif part["predicate"]:
            found.append((group, part["subject"], part["predicate"]))
    # Values may stand after what they bind.
    for group, subject, predicate in found:
        yield not (group.binds(subject) or group.binds(predicate))
