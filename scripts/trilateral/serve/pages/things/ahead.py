"""Ahead: the questions of many pages, each asked once for all of them.

A page asks some two dozen questions about one thing, most of which have no answer. Whoever
makes the pages of many things of one kind has each of these questions asked about all of
them at once (``VALUES`` with many rows), and the rows handed to the things that they are about,
as if each page had asked. Of a question without a page's thing among its columns that becomes
one, and a group of its own where the question counts.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from trilateral.serve.pages.things import evidence, facts
from trilateral.serve.pages.things.days import as_date, last_day
from trilateral.serve.pages.things.parts import MEMBERS_ON, PARTS
from trilateral.serve.pages.things.section import Section, question_of
from trilateral.serve.pages.things.tables import asked, by_thing
from trilateral.serve.site import Answer, Row, Site, node, read_answer

_JSON = "application/sparql-results+json"
_SELECT = re.compile(r"^SELECT( DISTINCT)?\b(?P<columns>[^{]*?)\bWHERE\b", re.MULTILINE)
_GROUPS = re.compile(r"^GROUP BY\b", re.MULTILINE)
_ORDER = re.compile(r"^ORDER BY\b", re.MULTILINE)
_LIMIT = re.compile(r"^LIMIT (\d+)\s*\Z", re.MULTILINE)
_COMPUTED = re.compile(r"\((?:[^()]|\([^()]*\))*\)")


@dataclass(frozen=True)
class Together:
    """A question about many things.

    Attributes:
        text: The query, with the things among its columns.
        added: Whether they were not among them before.
        lone: Whether the question has a row for a thing of which it knows nothing.
        limit: How many rows it has about one thing, None for all.
    """

    text: str
    added: bool
    lone: bool
    limit: int | None


def together(text: str, name: str) -> Together:
    r"""Return a query whose answer has the rows of each value that a variable is bound to.

    >>> print(together("SELECT (COUNT(?b) AS ?n)\nWHERE { ?a ?p ?b }\nORDER BY ?n", "a").text)
    SELECT ?a (COUNT(?b) AS ?n)
    WHERE { ?a ?p ?b }
    GROUP BY ?a
    ORDER BY ?n
    """
    head = _SELECT.search(text)
    assert head is not None
    columns = head["columns"]
    added = f"?{name}" not in _COMPUTED.sub("", columns).split()
    counts = "(" in columns
    grouped = _GROUPS.search(text) is not None
    lone = counts and not grouped
    if lone:
        text = _ORDER.sub(f"GROUP BY ?{name}\nORDER BY", text, count=1)
    elif grouped and added:
        text = _GROUPS.sub(f"GROUP BY ?{name}", text, count=1)
    limit = _LIMIT.search(text)
    if limit:
        text = text[: limit.start()]
    if added:
        start = head.start("columns")
        text = f"{text[:start]} ?{name}{text[start:]}"
    return Together(text, added, lone, int(limit[1]) if limit else None)


async def ask_ahead(site: Site, kind: str, iris: Sequence[str]) -> set[str]:
    """Keep the answers that the pages of things of one kind ask for; returns their keys."""
    before = set(site.kept)
    statements = set(iris)
    for part in PARTS.get(kind, ()):
        for section in part.sections:
            if section.parameter:
                statements |= await _section(site, section, iris)
    if kind == "framework":
        statements |= await _members(site, iris)
    await _facts(site, iris)
    await _pointers(site, iris)
    wanted = sorted(statements)
    rows = await _rows(site, evidence.asked(site, wanted))
    evidence.keep_evidence(site, wanted, rows.rows)
    return set(site.kept) - before


async def _section(
    site: Site, section: Section, iris: Iterable[str], given: Mapping[str, str] | None = None
) -> set[str]:
    """Keep the answers to the question of a section; returns the statements in them."""
    name, given = section.parameter, given or {}
    made = together(asked(site, section, _terms(iris), given), name)
    answer = await _rows(site, made.text)
    for iri, rows in _split(answer, name, iris).items():
        if rows or not made.lone:
            _keep(site, asked(site, section, node(iri), given), answer, made, name, rows)
    of = section.statement
    return {row[of].value for row in answer.rows if of in row}


async def rows_about(
    site: Site, section: Section, iris: Iterable[str], given: Mapping[str, str]
) -> dict[str, list[Row]]:
    """Return the rows that a section shows of each thing."""
    query = asked(site, section, _terms(iris), given)
    if section.where:
        return by_thing(site, section.where, query, await _rows(site, query))
    made = together(query, section.parameter)
    return _split(await _rows(site, made.text), section.parameter, iris)


async def _members(site: Site, iris: Iterable[str]) -> set[str]:
    """Keep who belonged to frameworks on the last day of the data; returns the memberships."""
    statements = await _section(site, Section("newest-record-of-a-framework", "framework"), iris)
    day = await last_day(site)
    for section in MEMBERS_ON.sections if day else ():
        statements |= await _section(site, section, iris, {"date": as_date(day)})
    return statements


async def _facts(site: Site, iris: Iterable[str]) -> None:
    made = together(facts.said_of(site, _terms(iris)), "thing")
    answer = await _rows(site, made.text)
    for iri, rows in _split(answer, "thing", iris).items():
        _keep(site, facts.said_of(site, node(iri)), answer, made, "thing", rows)


async def _pointers(site: Site, iris: Iterable[str]) -> None:
    counts = together(facts.counting(site, _terms(iris)), "thing")
    numbers = await _rows(site, counts.text)
    links = together(question_of(site, "backlinks").bound({"thing": _terms(iris)}), "thing")
    answer = await _rows(site, links.text)
    found = _split(answer, "thing", iris)
    for iri, rows in _split(numbers, "thing", iris).items():
        _keep(site, facts.counting(site, node(iri)), numbers, counts, "thing", rows)
        by_property: dict[str, list[Row]] = {}
        for row in found[iri]:
            by_property.setdefault(row["property"].value, []).append(row)
        named = {row["property"].value: int(row["things"].value) for row in rows}
        for query, names in facts.pointing(site, iri, named).items():
            # In the order of the query, which is that of the properties.
            of_them = [row for name in named if name in names for row in by_property[name]]
            _keep(site, query, answer, links, "thing", of_them)


def _terms(iris: Iterable[str]) -> str:
    return " ".join(map(node, iris))


async def _rows(site: Site, query: str) -> Answer:
    job = {
        "does": "query", "query": query, "solutions": _JSON, "prefixes": True, "output": 1 << 30
    }  # fmt: skip
    return read_answer((await site.run(None, job)).body)


def _split(answer: Answer, name: str, iris: Iterable[str]) -> dict[str, list[Row]]:
    """Return the rows about each thing, in their order."""
    found: dict[str, list[Row]] = {iri: [] for iri in iris}
    for row in answer.rows:
        found[row[name].value].append(row)
    return found


def _keep(
    site: Site, query: str, answer: Answer, made: Together, name: str, rows: list[Row]
) -> None:
    variables = answer.variables
    if made.added:
        variables = [each for each in variables if each != name]
        for row in rows:
            row.pop(name, None)
    site.keep_answer(query, Answer(variables, rows[: made.limit]))
