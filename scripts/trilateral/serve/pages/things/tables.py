"""Tables: the answers to the questions of a page, with the evidence in each row."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache

import pyoxigraph as ox

from trilateral.ask.questions import Question
from trilateral.prefixes import prefixes
from trilateral.serve.pages.language import N_, NC_, words_in
from trilateral.serve.pages.table import Cell, column, make_cell, spoken_term
from trilateral.serve.pages.things.asking import Asking
from trilateral.serve.pages.things.evidence import Evidence, evidence_for
from trilateral.serve.pages.things.naming import made_name
from trilateral.serve.pages.things.section import Part, Section, question_of
from trilateral.serve.site import Answer, Row, Site, Term, node

# So many rows of a table are on a page unless all are asked for; those after the first few
# unfold.
MOST = 20
OPEN = 10


@dataclass
class Line:
    """One row: in each column the values, several where several answers became one row."""

    cells: list[list[Cell]]
    statement: str = ""
    evidence: Evidence | None = None


@dataclass
class Table:
    """A table with its query; ``title`` and ``about`` (a value that all rows share) head it.

    ``rows`` is how many lines there are; ``lines`` are those that are shown, of which those
    after the first ``open`` unfold. The evidence of positions is open, that of facts unfolds
    (``folds``).
    """

    title: str
    caption: str
    query: str
    heads: list[str]
    lines: list[Line]
    rows: int
    open: int
    about: Cell | None = None
    folds: bool = False

    @property
    def kinds(self) -> list[str]:
        """What kind of values each column has: that of the first one, ``number`` or ``date``."""
        columns = zip(*(line.cells for line in self.lines), strict=True)
        return [next((cells[0].kind for cells in each if cells), "") for each in columns]


@dataclass
class Shown:
    """What a page shows under one heading; ``name`` is its English title."""

    name: str
    title: str
    anchor: str
    note: str = ""
    tables: list[Table] = field(default_factory=list)

    @property
    def rows(self) -> int:
        """How many rows all tables have together."""
        return sum(table.rows for table in self.tables)


async def show_parts(
    asking: Asking, iri: str, parts: tuple[Part, ...], given: Mapping[str, str] | None = None
) -> list[Shown]:
    """Return the parts of a page that have rows; ``given`` are further parameters, as terms.

    ``all=1`` in the URL asks for all rows of all parts, ``all=ANCHOR`` for those of one.
    """
    sections = [section for part in parts for section in part.sections]
    whole = set(asking.request.query_params.getlist("all"))
    most = {
        id(section): None if whole & {"1", anchor(part.title)} else MOST
        for part in parts
        for section in part.sections
    }
    site, thing = asking.site, node(iri)
    queries = [asked(site, each, thing, given or {}) for each in sections]
    made = {
        id(section): _tables(
            site, section, query, _shown_of(site, section, iri, query, answer), asking.language,
            most[id(section)],
        )
        for section, query, answer in zip(
            sections, queries, await asking.queries(queries), strict=True
        )
    }  # fmt: skip
    lines = [line for tables in made.values() for table in tables for line in table.lines]
    statements = {line.statement for line in lines if line.statement}
    evidence = await evidence_for(asking, statements)
    for line in lines:
        line.evidence = evidence.get(line.statement)
    words = words_in(asking.language)
    shown = [
        Shown(
            part.title, words.gettext(part.title), anchor(part.title),
            words.gettext(part.note) if part.note else "",
            [table for each in part.sections for table in made[id(each)]],
        )
        for part in parts
    ]  # fmt: skip
    return [each for each in shown if each.tables]


@cache
def anchor(title: str) -> str:
    """Return a heading as the fragment of a URL.

    >>> anchor("How documents tell of it, and the record")
    'how-documents-tell-of-it-and-the-record'
    """
    words = "".join(each if each.isalnum() else " " for each in title.lower())
    return "-".join(words.split())


def asked(site: Site, section: Section, things: str, given: Mapping[str, str]) -> str:
    """Return the query of a section about things, which are terms between spaces."""
    question = question_of(site, section.question)
    terms = {each.name: given[each.name] for each in question.parameters if each.name in given}
    terms.update(_given(question, section.given))
    if section.parameter:
        terms[section.parameter] = things
    return question.bound(terms)


@cache
def _given(question: Question, given: tuple[tuple[str, str], ...]) -> Mapping[str, str]:
    kinds = {each.name: each.kind for each in question.parameters}
    return {
        name: str(ox.Literal(value))
        if kinds[name] == "text"
        else node(prefixes().expand(value) or "")
        for name, value in given
    }


def _shown_of(site: Site, section: Section, iri: str, query: str, answer: Answer) -> Answer:
    """Return the rows of an answer that a section shows of a thing."""
    if section.where:
        rows = by_thing(site, section.where, query, answer).get(iri, [])
        answer = Answer(answer.variables, rows)
    return _with_coders(answer) if answer.rows else answer


def by_thing(
    site: Site, names: tuple[str, ...], query: str, answer: Answer
) -> dict[str, list[Row]]:
    """Return the rows of an answer about all things by the things under some variables."""
    key = f"rows {' '.join(names)} {query}"
    found: dict[str, list[Row]] | None = site.kept.get(key)
    if found is None:
        found = {}
        for row in answer.rows:
            for iri in {row[name].value for name in names if name in row}:
                found.setdefault(iri, []).append(row)
        site.kept.put(key, found, _A_ROW * len(answer.rows))
    return found


# Bytes of a row in an index of rows, about.
_A_ROW = 100


def _with_coders(answer: Answer) -> Answer:
    """Return an answer that says of positions nobody ascribes that coders inferred them."""
    inferred, coders = prefixes().expand("ascription:inferred"), Term("literal", _CODERS)
    return Answer(
        answer.variables,
        [
            {"ascriber": coders, **row}
            if "ascription" in row and row["ascription"].value == inferred
            else row
            for row in answer.rows
        ],
    )


_CODERS = NC_("value", "inferred by the coders")


def _tables(
    site: Site, section: Section, query: str, answer: Answer, language: str, most: int | None
) -> list[Table]:
    if not answer.rows:
        return []
    names = _columns(section, answer)
    title = words_in(language).gettext(section.title) if section.title else ""
    groups: dict[str, dict[str, list[Row]]] = {}
    for number, row in enumerate(answer.rows):
        group = row[section.split].value if section.split in row else ""
        statement = row[section.statement].value if section.statement in row else ""
        groups.setdefault(group, {}).setdefault(statement or f"#{number}", []).append(row)
    tables = []
    for found in groups.values():
        lines = [
            Line(
                [_values(site, section, rows, name, language) for name in names],
                "" if key.startswith("#") else key,
            )
            for key, rows in list(found.items())[:most]
        ]
        some = next(iter(found.values()))[0]
        part = _value(site, section, some, section.split, language) if section.split else None
        tables.append(
            Table(
                title,
                question_of(site, section.question).summary,
                query,
                [column(name, language) for name in names],
                lines,
                len(found),
                OPEN if most else len(found),
                part,
                "ascription" not in answer.variables,
            )
        )
    return tables


def _values(site: Site, section: Section, rows: list[Row], name: str, language: str) -> list[Cell]:
    cells = (_value(site, section, row, name, language) for row in rows)
    return list({cell: None for cell in cells if cell})


def _columns(section: Section, answer: Answer) -> list[str]:
    """The variables that become columns: what is not hidden, split by, or bound nowhere."""
    bound = {name for row in answer.rows for name in row}
    left_out = {*section.hide, section.split}
    if section.statement in _SHOWN_BY_EVIDENCE:
        left_out.add(section.statement)
    return [
        name
        for name in answer.variables
        if name in bound
        and name not in left_out
        and name.removesuffix("Label") not in left_out
        and not (name.endswith("Label") and name.removesuffix("Label") in answer.variables)
    ]


# Statements whose labels repeat the row: their evidence leads to their pages instead.
_SHOWN_BY_EVIDENCE = frozenset(
    ("affiliation", "figure", "membership", "participation", "recommendation", "statement")
)


def _value(site: Site, section: Section, row: Row, name: str, language: str) -> Cell | None:
    term, given = row.get(name), row.get(f"{name}Label")
    if term and name in section.addresses and term.value.startswith(("https://", "http://")):
        term = Term("uri", term.value)
    if term is None:
        return Cell(given.value, language=given.language) if given else None
    if term.datatype.endswith("#boolean"):
        words = words_in(language)
        return Cell(words.gettext("yes") if term.value in ("true", "1") else words.gettext("no"))
    return term_cell(site, spoken_term(site, term, name, language), language, given)


# Properties of others, in the words of this site.
_WORDS = {
    "dct:description": N_("description"),
    "dct:license": N_("licence"),
    "dct:title": N_("title"),
    "owl:versionInfo": N_("version"),
    "rdf:type": N_("class"),
    "skos:altLabel": N_("also called"),
    "skos:broader": N_("narrower than"),
    "skos:closeMatch": N_("close to"),
    "skos:example": N_("example"),
    "skos:exactMatch": N_("same as"),
    "skos:inScheme": N_("in scheme"),
    "skos:related": N_("related to"),
    "skos:scopeNote": N_("note"),
    "skos:topConceptOf": N_("at the top of"),
}


def term_cell(site: Site, term: Term, language: str, given: Term | None = None) -> Cell:
    """Return a term as it is shown; terms of the ontology lead to their places on its page."""
    if term.kind != "uri":
        return make_cell(site, term, language, given)
    made = "" if given else made_name(site, term.value, language)
    cell = make_cell(site, term, language, Term("literal", made) if made else given)
    space = prefixes()["tri"]
    word = _WORDS.get(prefixes().compact(term.value))
    if word:
        return Cell(words_in(language).gettext(word), cell.href, outside=True)
    if term.value.startswith(space):
        path, _, query = cell.href.partition("?")
        href = f"{path}.html{'?' + query if query else ''}#{term.value.removeprefix(space)}"
        return Cell(cell.text, href, cell.language)
    return cell
