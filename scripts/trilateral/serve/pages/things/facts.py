"""Facts: all that is said of a thing, where it stands, and what points to it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from trilateral.home import Home
from trilateral.prefixes import prefixes
from trilateral.serve.pages.table import Cell, make_cell
from trilateral.serve.pages.things.asking import Asking
from trilateral.serve.pages.things.section import question_of
from trilateral.serve.pages.things.tables import term_cell
from trilateral.serve.site import Answer, Row, Site, Term, node

# Shown in the head of the page, or too technical to be read there.
_NOT_FACTS = ("skos:prefLabel", "rdfs:label", "skos:definition", "tri:claim")
# So many things are shown for each property that points here; the query of backlinks has a
# limit, so that only some properties can be asked for in one.
_FEW = 12
_TOGETHER = 200 // _FEW


@dataclass(frozen=True)
class Fact:
    """A property with its values."""

    property: Cell
    values: list[Cell]


@dataclass(frozen=True)
class Pointer:
    """A property by which others point to the thing: some of them, how many, and the query."""

    property: Cell
    things: list[Cell]
    count: int
    query: str


@dataclass(frozen=True)
class Stands:
    """A named graph in which statements of the thing stand; ``file`` is "" where it has none."""

    graph: Cell
    statements: int
    file: str


class Facts:
    """What is said of one thing.

    Attributes:
        iri: The thing.
        query: The query that gave the rows.
        rows: ``property``, ``value`` and ``graph`` of each statement.
    """

    def __init__(self, site: Site, iri: str, query: str, answer: Answer, language: str) -> None:
        self.site, self.iri, self.query, self.language = site, iri, query, language
        self.rows: list[Row] = answer.rows

    def values(self, name: str) -> list[Term]:
        """Return the values of a property, by its short name."""
        iri = prefixes().expand(name)
        return list({row["value"]: None for row in self.rows if row["property"].value == iri})

    def first(self, name: str) -> Term | None:
        """Return one value of a property: that in the reader's language, else English, else any."""
        values = self.values(name)
        spoken = (self.language, "en")
        values.sort(key=lambda v: spoken.index(v.language) if v.language in spoken else len(spoken))
        return values[0] if values else None

    def all(self, *without: str) -> list[Fact]:
        """Return all statements, property by property, without what the head of the page says."""
        left_out = {prefixes().expand(name) for name in (*_NOT_FACTS, *without)}
        grouped: dict[str, dict[Term, None]] = {}
        for row in self.rows:
            if row["property"].value not in left_out:
                grouped.setdefault(row["property"].value, {})[row["value"]] = None
        return [self._fact(name, values) for name, values in grouped.items()]

    def some(self, names: Iterable[str]) -> list[Fact]:
        """Return the statements with some properties, in their order."""
        pairs = [(prefixes().expand(name) or "", self.values(name)) for name in names]
        return [self._fact(iri, values) for iri, values in pairs if values]

    def _fact(self, iri: str, values: Iterable[Term]) -> Fact:
        cells = [term_cell(self.site, value, self.language) for value in values]
        return Fact(term_cell(self.site, Term("uri", iri), self.language), cells)

    def names(self) -> dict[str, list[str]]:
        """Return the labels other than that of the heading, each with its languages."""
        heading = self.site.label(self.iri, self.language)
        names: dict[str, list[str]] = {}
        for each in self.values("skos:prefLabel"):
            if each.value != heading:
                names.setdefault(each.value, []).append(each.language)
        return names

    def stands(self) -> list[Stands]:
        """Return the named graphs in which the statements stand, each with its file."""
        counted: dict[str, int] = {}
        for row in self.rows:
            counted[row["graph"].value] = counted.get(row["graph"].value, 0) + 1
        return [
            Stands(graph_cell(self.site, iri, self.language), count, file_of(self.site, iri))
            for iri, count in sorted(counted.items())
        ]


def graph_cell(site: Site, iri: str, language: str) -> Cell:
    """Return a named graph as the part of its IRI that tells it from others."""
    shown = make_cell(site, Term("uri", iri), language)
    return Cell(iri.removeprefix(prefixes()["graph"]), shown.href)


def file_of(site: Site, graph: str) -> str:
    """Return the file that a named graph was read from, "" where it was computed."""
    return _files(site.home).get(graph.removeprefix(prefixes()["graph"]), "")


@lru_cache(maxsize=4)
def _files(home: Home) -> dict[str, str]:
    return {home.graph_path(each): home.name(each) for each in home.turtle_files()}


async def facts_about(asking: Asking, iri: str) -> Facts:
    """Return what is said of a thing; without rows when nothing is."""
    text = said_of(asking.site, node(iri))
    return Facts(asking.site, iri, text, await asking.query(text), asking.language)


def said_of(site: Site, things: str) -> str:
    """Return the query for what is said of things, which are terms between spaces."""
    return question_of(site, "statements").bound({"thing": things})


async def pointers_to(asking: Asking, iri: str) -> list[Pointer]:
    """Return by which properties others point to a thing, with a few of them for each."""
    site, language = asking.site, asking.language
    answer = await asking.query(counting(site, node(iri)))
    counts = {row["property"].value: int(row["things"].value) for row in answer.rows}
    found: dict[str, list[Term]] = {}
    for answer in await asking.queries(list(pointing(site, iri, counts))):
        for row in answer.rows:
            found.setdefault(row["property"].value, []).append(row["from"])
    return [
        Pointer(
            term_cell(site, Term("uri", name), language),
            [term_cell(site, each, language) for each in found.get(name, [])[:_FEW]],
            number,
            _pointing(site, iri, (name,)),
        )
        for name, number in counts.items()
    ]


def counting(site: Site, things: str) -> str:
    """Return the query for how many point to things, which are terms between spaces."""
    return question_of(site, "backlink-counts").bound({"thing": things})


def pointing(site: Site, iri: str, counts: Mapping[str, int]) -> dict[str, list[str]]:
    """Return the queries for what points to a thing, each with the properties that it asks for.

    ``counts`` has the number for each property.
    """
    # Those with few together, those with many one by one.
    few = [name for name, number in counts.items() if number <= _FEW]
    many = [name for name in counts if name not in few]
    batches = [few[start : start + _TOGETHER] for start in range(0, len(few), _TOGETHER)]
    batches += [[name] for name in many]
    return {_pointing(site, iri, batch): batch for batch in batches}


def _pointing(site: Site, iri: str, properties: Iterable[str]) -> str:
    terms = {"thing": node(iri), "property": " ".join(map(node, properties))}
    return question_of(site, "backlinks").bound(terms)
