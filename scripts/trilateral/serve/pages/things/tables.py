"""Tables: the answers to the questions of a page, with the evidence in each row."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field

from starlette.requests import Request

from trilateral.prefixes import prefixes
from trilateral.serve.pages.table import Cell, head, make_cell
from trilateral.serve.pages.things.evidence import Evidence, evidence_for
from trilateral.serve.pages.things.section import Part, Section, question_of
from trilateral.serve.site import Answer, Row, Site, Term, node


@dataclass
class Line:
    """One row: in each column the values, several where several answers became one row."""

    cells: list[list[Cell]]
    evidence: Evidence | None = None


@dataclass
class Table:
    """A table with its query; ``title`` and ``about`` (a value that all rows share) head it."""

    title: str
    caption: str
    query: str
    heads: list[str]
    lines: list[Line]
    about: Cell | None = None
    with_evidence: bool = False


@dataclass
class Shown:
    """What a page shows under one heading."""

    title: str
    anchor: str
    tables: list[Table] = field(default_factory=list)

    @property
    def rows(self) -> int:
        """How many rows all tables have together."""
        return sum(len(table.lines) for table in self.tables)


async def show_parts(
    site: Site,
    request: Request,
    iri: str,
    parts: tuple[Part, ...],
    language: str,
    given: Mapping[str, str] | None = None,
) -> list[Shown]:
    """Return the parts of a page that have rows; ``given`` are further parameters, as terms."""
    sections = [section for part in parts for section in part.sections]
    answers = await asyncio.gather(
        *(_answer(site, request, iri, each, given or {}) for each in sections)
    )
    found = dict(zip(map(id, sections), answers, strict=True))
    statements = {
        row[each.statement].value
        for each in sections
        if each.statement
        for row in found[id(each)][1].rows
        if each.statement in row
    }
    evidence = await evidence_for(site, request, statements, language)
    shown = []
    for part in parts:
        tables = [
            table
            for each in part.sections
            for table in _tables(site, each, *found[id(each)], evidence, language)
        ]
        if tables:
            shown.append(Shown(part.title, anchor(part.title), tables))
    return shown


def anchor(title: str) -> str:
    """Return a heading as the fragment of a URL.

    >>> anchor("How documents tell of it, and the record")
    'how-documents-tell-of-it-and-the-record'
    """
    words = "".join(each if each.isalnum() else " " for each in title.lower())
    return "-".join(words.split())


async def _answer(
    site: Site, request: Request, iri: str, section: Section, given: Mapping[str, str]
) -> tuple[str, Answer]:
    question = question_of(site, section.question)
    terms = {each.name: given[each.name] for each in question.parameters if each.name in given}
    if section.parameter:
        terms[section.parameter] = node(iri)
    text = question.bound(terms)
    answer = await site.query(text, request)
    if section.where:
        rows = [
            row
            for row in answer.rows
            if any(name in row and row[name].value == iri for name in section.where)
        ]
        answer = Answer(answer.variables, rows)
    return text, answer


def _tables(
    site: Site,
    section: Section,
    query: str,
    answer: Answer,
    evidence: Mapping[str, Evidence],
    language: str,
) -> list[Table]:
    names = _columns(section, answer)
    groups: dict[str, tuple[Cell | None, dict[str, Line]]] = {}
    for number, row in enumerate(answer.rows):
        key = row[section.split].value if section.split in row else ""
        if key not in groups:
            about = make_cell(site, row[section.split], language) if key else None
            groups[key] = (about, {})
        lines = groups[key][1]
        iri = row[section.statement].value if section.statement in row else ""
        cells = [_value(site, row, name, language) for name in names]
        line = lines.setdefault(iri or str(number), Line([[] for _ in names], evidence.get(iri)))
        for values, cell in zip(line.cells, cells, strict=True):
            if cell and cell not in values:
                values.append(cell)
    caption = question_of(site, section.question).summary
    heads = [head(name) for name in names]
    return [
        Table(
            section.title, caption, query, heads, list(lines.values()), about,
            bool(section.statement),
        )
        for about, lines in groups.values()
    ]  # fmt: skip


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


def _value(site: Site, row: Row, name: str, language: str) -> Cell | None:
    term, given = row.get(name), row.get(f"{name}Label")
    if term is None:
        return Cell(given.value, language=given.language) if given else None
    if term.datatype.endswith("#boolean"):
        return Cell("yes" if term.value in ("true", "1") else "no")
    return term_cell(site, term, language, given)


def term_cell(site: Site, term: Term, language: str, given: Term | None = None) -> Cell:
    """Return a term as it is shown; terms of the ontology lead to their places on its page."""
    cell = make_cell(site, term, language, given)
    space = prefixes()["tri"]
    if term.kind == "uri" and term.value.startswith(space):
        path, _, query = cell.href.partition("?")
        href = f"{path}.html{'?' + query if query else ''}#{term.value.removeprefix(space)}"
        return Cell(cell.text, href, cell.language)
    return cell
