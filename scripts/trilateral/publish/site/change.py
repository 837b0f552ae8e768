"""Change: what differs between two versions of the data, and which parts of a site that concerns.

A part of a site has to be made again where something that was looked at for it (`notes`) is
another. That is decided on the safe side: a query that names no changed property or class gives
the same answer, any other counts as changed, but for those of the pages of things. They are
asked of both versions for all things of a kind at once, and where the rows about a thing are
the same, its page is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Any

import pyoxigraph as ox

from trilateral.prefixes import prefixes
from trilateral.serve.pages.things import ahead
from trilateral.serve.pages.things.days import as_date, last_day
from trilateral.serve.pages.things.parts import MEMBERS_ON, PARTS
from trilateral.serve.pages.things.section import Section, question_of
from trilateral.serve.pages.things.tables import asked
from trilateral.serve.site import Site

_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
_COMMENT = re.compile(r"^\s*#.*$", re.MULTILINE)
_PREFIX = re.compile(r"PREFIX\s+([\w-]*):\s*<([^>]*)>", re.IGNORECASE)
_NAME = re.compile(r"(?<![\w:?\"#-])([a-z][\w-]*):([A-Za-z][\w-]*)")
_IRI = re.compile(r"<([^<>\s]+)>")
# A predicate that is a variable, or a path that is all but some.
_OPEN = re.compile(r"\?\w+\s+\?\w+\s+\S|[;\[<>\w]\s+\?\w+\s+\?\w+\s*[.;\]}]|!\s*[\w(^<]*:")
# A class that is a variable.
_ANY_CLASS = re.compile(r"\sa\s+\?\w+")
# Those by which the evidence of a statement reaches what it shows of another thing.
_GROUNDS = tuple(
    ox.NamedNode(f"https://w3id.org/trilateral/ontology#{name}")
    for name in ("evidence", "attestedBy")
)
_PART_OF = (
    "http://www.w3.org/2000/01/rdf-schema#isDefinedBy",
    "http://www.w3.org/2004/02/skos/core#inScheme",
)


def terms_of(query: str) -> frozenset[str] | None:
    """Return the properties and classes that a query may read; None where it may read any.

    All names that stand in its text, which may be too many and never are too few. A class
    that is a variable is ``rdf:type`` itself.

    >>> sorted(terms_of("SELECT ?a WHERE { ?a a ?b ; <http://x/p> ?c }"))[0]
    'http://www.w3.org/1999/02/22-rdf-syntax-ns#type'
    >>> terms_of("SELECT ?a WHERE { ?a ?b ?c . }") is None
    True
    """
    text = _COMMENT.sub("", query)
    pattern = text[text.find("{") : text.rfind("}")]
    if _OPEN.search(pattern):
        return None
    table = {**prefixes(), **dict(_PREFIX.findall(text))}
    short = {table[p] + name for p, name in _NAME.findall(_IRI.sub(" ", pattern)) if p in table}
    any_class = {_TYPE} if _ANY_CLASS.search(pattern) or _TYPE in pattern else set()
    return frozenset(short | set(_IRI.findall(pattern)) | any_class)


class Change:
    """What differs between two versions of the data.

    Args:
        old: A site with the data as they were, open.
        new: The same with the data as they are.
        quads: The quads that are gone or new.
        kinds: The things of each kind that are described now.

    Attributes:
        told_otherwise: What `find_things` found, by kind.
    """

    def __init__(
        self, old: Site, new: Site, quads: Iterable[ox.Quad], kinds: Mapping[str, list[str]]
    ) -> None:
        self._old, self._new, self._kinds = old, new, kinds
        self._quads = list(quads)
        self.subjects = {_value(quad.subject) for quad in self._quads}
        self.touched = self.subjects | {_value(quad.object) for quad in self._quads}
        self.graphs = {_value(quad.graph_name) for quad in self._quads}
        self.terms = {quad.predicate.value for quad in self._quads}
        self.terms |= {_value(q.object) for q in self._quads if q.predicate.value == _TYPE}
        self._known: dict[str, bool] = {}
        self.told_otherwise: dict[str, set[str]] = {}

    # ------------------------------------------------------------ names and statements

    @cached_property
    def names(self) -> frozenset[str]:
        """The things of which labels, evidence or anything else that is said differ."""
        return self.statements | self.subjects

    @cached_property
    def looked_up(self) -> frozenset[str]:
        """The same as they are noted: by their IRIs and by links to them."""
        base = prefixes().base
        paths = [f"/{iri.removeprefix(base)}" for iri in self.names if iri.startswith(base)]
        return self.names.union(paths, (f"{path}.html" for path in paths))

    @cached_property
    def asked_of_all(self) -> frozenset[str]:
        """The keys of queries that all pages of a kind ask alike; see `things`."""
        shared = [
            asked(self._new, section, "", {})
            for parts in PARTS.values()
            for part in parts
            for section in part.sections
            if section.where
        ]
        shared.append(question_of(self._new, "day").bound({}))
        return frozenset(f"query {text}" for text in shared)

    @cached_property
    def statements(self) -> frozenset[str]:
        """The statements of which evidence, coders, confidence or the link to the words differ."""
        found = set(self.subjects)
        for store in (self._old.engine.store, self._new.engine.store):  # type: ignore[attr-defined]
            for iri in self.subjects:
                for property in _GROUNDS:
                    quads = store.quads_for_pattern(None, property, _node(iri), None)
                    found |= {_value(quad.subject) for quad in quads}
        return frozenset(found)

    @cached_property
    def documents(self) -> frozenset[str]:
        """The IRIs of things of which the documents differ."""
        wholes: set[str] = set()
        for store in (self._old.engine.store, self._new.engine.store):  # type: ignore[attr-defined]
            for iri in self.subjects:
                for property in _PART_OF:
                    quads = store.quads_for_pattern(_node(iri), ox.NamedNode(property), None, None)
                    wholes |= {_value(quad.object) for quad in quads}
        return frozenset(self.touched | self.graphs | wholes)

    # ------------------------------------------------------------ queries and what is kept

    def concerns_key(self, key: str) -> bool:
        """Tell whether something that was kept for all pages may be another."""
        if key not in self._known:
            self._known[key] = self._concerns_key(key)
        return self._known[key]

    def _concerns_key(self, key: str) -> bool:
        kind, _, rest = key.partition(" ")
        if kind == "query":
            return self.concerns_query(rest)
        if kind == "evidence":
            return rest in self.statements
        if kind in ("things", "labels"):
            return any(iri.startswith(rest) for iri in self.names)
        # An index of rows is noted with its query.
        return kind != "rows"

    def concerns_query(self, query: str) -> bool:
        """Tell whether the answer to a query may be another."""
        terms = terms_of(query)
        return terms is None or not terms.isdisjoint(self.terms)

    # ------------------------------------------------------------ pages of things

    @property
    def asked_kinds(self) -> list[str]:
        """The kinds whose pages ask questions."""
        return sorted(PARTS.keys() & self._kinds.keys())

    def things(self, kind: str) -> set[str]:
        """Return what `find_things` has found for ``told_otherwise``; nothing of other kinds."""
        return self.told_otherwise[kind] if kind in self.asked_kinds else set()

    async def find_things(self, kind: str) -> set[str]:
        """Return the things of a kind about which a question of their pages tells otherwise."""
        iris, found = self._kinds.get(kind, []), set[str]()
        sections = [section for part in PARTS.get(kind, ()) for section in part.sections]
        given: dict[str, str] = {}
        if kind == "framework":
            days = {await last_day(site) for site in (self._old, self._new)}
            if len(days) > 1:
                return set(iris)
            given = {"date": as_date(days.pop())}
            sections += MEMBERS_ON.sections
            sections.append(Section("newest-record-of-a-framework", "framework"))
        for section in sections:
            # Another thing may be asked about, and the question be concerned all the same.
            if self.concerns_query(question_of(self._new, section.question).text):
                found |= await self._differing(section, iris, given)
        return found

    async def _differing(
        self, section: Section, iris: list[str], given: Mapping[str, str]
    ) -> set[str]:
        if not iris:
            return set()
        old, new = [
            await ahead.rows_about(site, section, iris, given) for site in (self._old, self._new)
        ]
        return {iri for iri in iris if old.get(iri, []) != new.get(iri, [])}


def _value(term: Any) -> str:
    return str(getattr(term, "value", term))


def _node(iri: str) -> ox.NamedNode | ox.Literal:
    try:
        return ox.NamedNode(iri)
    except ValueError:
        return ox.Literal(iri)
