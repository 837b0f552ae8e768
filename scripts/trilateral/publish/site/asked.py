"""Asked: which pages of things a question tells otherwise about, now and before.

A process of its own asks: it puts the store back to what it was, which leaves it in another
order, and then writes nothing but what is put in order first. Answers are compared as they are
written, line by line, without being read.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property

import pyoxigraph as ox

from trilateral.publish.site.change import Change
from trilateral.publish.site.engine import Direct, key_of
from trilateral.publish.site.listed import updated
from trilateral.serve.pages import catalogue
from trilateral.serve.pages.things import ahead
from trilateral.serve.pages.things.days import as_date, day_in
from trilateral.serve.pages.things.parts import MEMBERS_ON, PARTS
from trilateral.serve.pages.things.section import Section, question_of
from trilateral.serve.pages.things.tables import asked
from trilateral.serve.site import Site, read_answer

_TSV = "text/tab-separated-values"
_JSON = "application/sparql-results+json"


class Asked:
    """The questions of the pages of things, asked of the data as they are and as they were.

    Args:
        site: A site with the data as they are, open.
        change: What differs from the data as they were, also an attribute.
        kinds: The things of each kind that have pages.
    """

    def __init__(self, site: Site, change: Change, kinds: Mapping[str, Sequence[str]]) -> None:
        self._site, self.change, self._kinds = site, change, kinds

    @property
    def _engine(self) -> Direct:
        engine = self._site.engine
        assert isinstance(engine, Direct)
        return engine

    def kinds(self) -> list[str]:
        """Return the kinds whose pages ask questions that name what changed."""
        return [kind for kind in PARTS if kind in self._kinds and any(self._concerned(kind))]

    def things(self, kind: str) -> set[str]:
        """Return the things of a kind about which a question of their pages tells otherwise."""
        iris = self._kinds[kind]
        given: dict[str, str] = {}
        if kind == "framework":
            now, before = self._both(question_of(self._site, "day").bound({}), _JSON)
            if now != before:
                return set(iris)
            given = {"date": as_date(day_in(read_answer(now)))}
        found: set[str] = set()
        for section in self._concerned(kind):
            query = asked(self._site, section, " ".join(f"<{iri}>" for iri in iris), given)
            names = section.where
            if not names:
                query, names = ahead.together(query, section.parameter).text, (section.parameter,)
            found |= _differing(*self._both(query, _TSV), names)
        return found & set(iris)

    def lists(self) -> set[str]:
        """Return the kinds of which the catalogue has other things, or says otherwise of some."""
        now = self.change.said_of(self._listed)
        new = set(self.change.new)
        before = [*(quad for quad in now if quad not in new), *self.change.gone]
        job = {"does": "query", "query": catalogue.query(self._listed), "solutions": _TSV}
        # What is not concerned is left out.
        one, other = (_engine_of(quads).do(job).body for quads in (now, before))
        return {catalogue.kind_of(iri) for iri in _differing(one, other, ("thing",))} - {""}

    @cached_property
    def _listed(self) -> frozenset[str]:
        """The things of which the catalogue may say otherwise."""
        return self.change.designated | self.change.subjects

    def catalogue(self, last: catalogue.Catalogue) -> catalogue.Catalogue:
        """Return the catalogue as it is, of one before the change."""
        if not self._listed:
            return last
        job = {"does": "query", "query": catalogue.query(self._listed), "solutions": _JSON}
        now = catalogue.gather(read_answer(self._engine.do(job).body).rows)
        return updated(last, self._listed, now)

    @cached_property
    def shared(self) -> frozenset[str]:
        """The keys of queries about all things of which `things` shares out the rows."""
        sections = [each for parts in PARTS.values() for part in parts for each in part.sections]
        texts = [asked(self._site, each, "", {}) for each in sections if each.where]
        texts.append(question_of(self._site, "day").bound({}))
        return frozenset(key_of(f"query {text}") for text in texts)

    def _concerned(self, kind: str) -> Iterator[Section]:
        """Yield the sections of the pages of a kind whose questions name what changed."""
        parts = [*PARTS[kind], *([MEMBERS_ON] if kind == "framework" else [])]
        sections = [section for part in parts for section in part.sections]
        if kind == "framework":
            sections.append(Section("newest-record-of-a-framework", "framework"))
        for section in sections:
            # Another thing may be asked about, and the question be concerned all the same.
            if self.change.concerns_query(question_of(self._site, section.question).text):
                yield section

    def _both(self, query: str, media: str) -> tuple[bytes, bytes]:
        """Return what is answered to a query now, and what was before."""
        job = {"does": "query", "query": query, "solutions": media, "prefixes": True}
        store, change = self._engine.store, self.change
        now = self._engine.do(job).body
        for quad in change.new:
            store.remove(quad)
        store.extend(change.gone)
        try:
            return now, self._engine.do(job).body
        finally:
            for quad in change.gone:
                store.remove(quad)
            store.extend(change.new)


def _engine_of(quads: Iterable[ox.Quad]) -> Direct:
    store = ox.Store()
    store.extend(quads)
    return Direct(store, "")


def _differing(now: bytes, before: bytes, names: Sequence[str]) -> set[str]:
    """Return the IRIs under some variables of two tables about which these tell otherwise."""
    if now == before:
        return set()
    one, other = _by_thing(now, names), _by_thing(before, names)
    return {iri for iri in one.keys() | other.keys() if one.get(iri) != other.get(iri)}


def _by_thing(table: bytes, names: Sequence[str]) -> dict[str, list[bytes]]:
    r"""Return the lines of a table by the IRIs under some of its variables.

    >>> _by_thing(b"?a\t?b\n<x:1>\t2\n<x:1>\t3\n", ("a",))
    {'x:1': [b'<x:1>\t2', b'<x:1>\t3']}
    """
    head, *lines = table.removesuffix(b"\n").split(b"\n")
    variables = head.decode().split("\t")
    places = [variables.index(f"?{name}") for name in names if f"?{name}" in variables]
    found: dict[str, list[bytes]] = {}
    for line in lines:
        cells = line.split(b"\t")
        for iri in {cells[place] for place in places}:
            found.setdefault(iri[1:-1].decode(), []).append(line)
    return found
