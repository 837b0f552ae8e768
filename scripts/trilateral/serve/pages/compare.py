"""Compare: two sources, or two actors, on the same propositions: agree, disagree, say nothing.

``/compare?one=&two=`` is the page, ``/compare.csv`` and ``/compare.json`` give the same
rows. All three are the answer to one query, `compare.rq`, which the page opens in the
editor. CSV cells that a spreadsheet would run as a formula begin with an apostrophe.

Rows on the same proposition, or on two that contradict each other, stand apart from those
that only a chain of related propositions makes, and within both by the weaker of the two
ways in which the positions reach us.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from trilateral.serve.pages import ascription, parameters
from trilateral.serve.pages.export import as_csv
from trilateral.serve.pages.language import Message, language_of
from trilateral.serve.pages.parameters import address, short
from trilateral.serve.pages.render import render
from trilateral.serve.pages.table import Cell, make_cell
from trilateral.serve.site import Answer, Row, Site
from trilateral.serve.web import http

VERDICTS = ("disagree", "agree", "open", "first only", "second only")
# Where the propositions are the same or contradict each other; any other relation is a chain.
_DIRECT = {"same proposition", "contradicts", ""}
_MET = ("disagree", "agree")
_ACTORS = ("actor", "framework")
_FORMATS = {"html": "", "csv": ".csv", "json": ".json"}
_SIDE = (
    "proposition", "polarity", "holder", "ascription", "ascriber", "document", "stance", "link"
)  # fmt: skip
_NAMED = ("proposition", "polarity", "holder", "ascription", "ascriber", "document")
_PAIRS_SHOWN = 40


def routes() -> list[BaseRoute]:
    """Return the routes of the comparison and of its exports."""
    return [
        Route("/compare", _compare),
        Route("/compare.csv", _compare_csv),
        Route("/compare.json", _compare_json),
    ]


@dataclass(frozen=True)
class Asked:
    """What is compared: two things, and the filters."""

    one: str
    two: str
    topic: str | None
    ascription: str | None

    def path(self, suffix: str = "", **other: str | None) -> str:
        """Return the path of this comparison, or of one that differs from it."""
        values = {
            "one": short(self.one), "two": short(self.two), "topic": short(self.topic),
            "ascription": short(self.ascription), **other,
        }  # fmt: skip
        return address(f"/compare{suffix}", **values)


@dataclass(frozen=True)
class Position:
    """One side of a row as the page writes it; ``sort`` is the polarity as a word of its IRI."""

    proposition: Cell
    polarity: Cell
    holder: Cell
    ascription: Cell
    document: Cell
    stance: Cell
    link: Cell
    sort: str
    ascriber: Cell | None = None


Line = tuple[str, Position | None, Position | None]


@dataclass(frozen=True)
class Part:
    """The rows of one verdict that are direct, or that are not, by the weaker ascription.

    ``rows`` and ``propositions`` count the rows, which are pairs of positions and passages,
    and the pairs of propositions: a verdict on one proposition may have several rows.
    """

    verdict: str
    direct: bool
    rows: int
    propositions: int
    ascription: dict[str, int]
    groups: dict[str, list[Line]]

    @property
    def name(self) -> str:
        """The name of the part in URLs and in the template."""
        return self.verdict.replace(" ", "-") + ("" if self.direct else "-related")


async def _compare(request: Request) -> Response:
    wanted = parameters.one_of(request, "format", _FORMATS, "html")
    if wanted == "csv":
        return await _compare_csv(request)
    if wanted == "json":
        return await _compare_json(request)
    site: Site = request.app.state.site
    values: dict[str, Any] = {**await choices(site, request)}
    asked = _asked(request, whole=False)
    if asked is None:
        documents = await site.ask("which-documents-can-be-compared", request)
        chosen = ascription.chosen(request)
        query = _meeting(chosen)
        actors = (await site.query(query, request)).rows
        return render(
            request, "compare.html", asked=None, documents=documents[1].rows,
            actors=_most_shared(actors), actor_pairs=len(actors), meeting=query,
            address=address, short=short, one=_given(request, "one"), letters=ascription.LETTERS,
            two=_given(request, "two"), topic="", ascription=chosen or "", **values,
        )  # fmt: skip
    query, answer = await _rows(site, request, asked)
    return render(
        request, "compare.html", asked=asked, query=query, short=short,
        parts=parts(site, answer, language_of(request)), letters=ascription.LETTERS,
        searched=await _searched_in_vain(site, request, asked), total=len(answer.rows),
        one=asked.one, two=asked.two, topic=asked.topic, ascription=asked.ascription, **values,
    )  # fmt: skip


async def _compare_csv(request: Request) -> Response:
    site: Site = request.app.state.site
    asked = _asked(request, whole=True)
    assert asked is not None
    _, answer = await _rows(site, request, asked)
    return as_csv(request, answer, "comparison.csv")


async def _compare_json(request: Request) -> Response:
    site: Site = request.app.state.site
    asked = _asked(request, whole=True)
    assert asked is not None
    query, answer = await _rows(site, request, asked)
    language = language_of(request)

    def side(row: Row, other: bool) -> dict[str, Any] | None:
        names = {name: _name(name, other) for name in _SIDE if _name(name, other) in row}
        found: dict[str, Any] = {name: row[given].value for name, given in names.items()}
        for name in _NAMED:
            if name in found:
                found[f"{name}Label"] = site.label(found[name], language)
        return found or None

    document = {
        "one": asked.one,
        "two": asked.two,
        "topic": asked.topic,
        "ascription": asked.ascription,
        "counts": count(answer.rows),
        "rows": [
            {
                "verdict": row["verdict"].value,
                "relation": row["relation"].value if "relation" in row else None,
                "direct": _is_direct(row) if "relation" in row else None,
                "ascription": weaker(row),
                "first": side(row, False),
                "second": side(row, True),
            }
            for row in answer.rows
        ],
        "query": query,
    }
    return http.as_json(request, document, http.etag(site.version, "json", language))


def _asked(request: Request, *, whole: bool) -> Asked | None:
    """Return what is to be compared, None where the form is still to be filled.

    Raises:
        Problem: for what is no source and no actor, a thing with itself, or, where the
            ``whole`` is needed, a missing side.
    """
    parameters.known(request, "one", "two", "topic", "ascription", "format")
    one = parameters.thing(request, "one", "source", *_ACTORS)
    two = parameters.thing(request, "two", "source", *_ACTORS)
    topic = parameters.thing(request, "topic", "topic")
    chosen = ascription.chosen(request)
    if one is None or two is None:
        if whole:
            raise http.Problem(
                400, "Two are compared", "The parameters one and two are both needed.",
                "Such as /compare?one=source:...&two=source:...; choose at /compare.",
            )  # fmt: skip
        return None
    if one == two:
        raise http.Problem(
            400, "Two are compared",
            Message("one and two are both %(thing)s.", thing=short(one)), "Choose another.",
        )  # fmt: skip
    if short(one).startswith("source:") != short(two).startswith("source:"):
        raise http.Problem(
            400, "Not the same kind",
            Message("%(one)s and %(two)s are a source and an actor.", one=short(one),
                    two=short(two)),
            "Compare two sources, or two actors.",
        )  # fmt: skip
    return Asked(one, two, topic, None if chosen == ascription.ANY else chosen)


def _given(request: Request, name: str) -> str | None:
    return parameters.thing(request, name, "source", *_ACTORS)


async def _rows(site: Site, request: Request, asked: Asked) -> tuple[str, Answer]:
    query = parameters.bind(
        __file__, "compare",
        one=asked.one, two=asked.two, topic=asked.topic, ascribed=asked.ascription,
    )  # fmt: skip
    return query, await site.query(query, request)


async def choices(site: Site, request: Request) -> dict[str, list[tuple[str, str]]]:
    """Return what can be chosen, by kind: IRIs with the number of positions, most first."""
    answer = await site.query(parameters.question(__file__, "choices").text, request)
    found: dict[str, list[tuple[str, str]]] = {
        "source": [], "holder": [], "topic": [], "ascription": []
    }  # fmt: skip
    for row in answer.rows:
        found[row["kind"].value].append((row["thing"].value, row["positions"].value))
    return {f"{kind}s": things for kind, things in found.items()}


async def _searched_in_vain(site: Site, request: Request, asked: Asked) -> tuple[str, Answer]:
    """Return what one of two sources was searched for in vain, though the other speaks of it."""
    query, answer = await site.ask("where-does-a-document-stay-silent", request)
    pair = {asked.one, asked.two}
    rows = [
        row
        for row in answer.rows
        if row["way"].value == "searched in vain"
        and {row["silent"].value, row["speaking"].value} == pair
    ]
    return query, Answer(["silent", "thing", "speaking"], rows)


def _meeting(chosen: str | None) -> str:
    """Return the query for actors that meet, by positions that reach us as is chosen."""
    terms = ascription.terms(chosen)
    bound = {"ascription": terms, "otherAscription": terms} if terms else {}
    return parameters.question(__file__, "meeting").bound(bound)


def _most_shared(rows: Sequence[Row]) -> list[Row]:
    def weight(row: Row) -> int:
        return -int(row["congruent"].value) - int(row["conflicting"].value)

    return sorted(rows, key=weight)[:_PAIRS_SHOWN]


def _name(name: str, other: bool) -> str:
    """Return the variable of a side: ``otherHolder`` is the holder on the second."""
    return f"other{name[0].upper()}{name[1:]}" if other else name


def _is_direct(row: Row) -> bool:
    return (row["relation"].value if "relation" in row else "") in _DIRECT


def weaker(row: Row) -> str:
    """Return the word of the weaker ascription of the positions of a row."""
    names = (_name("ascription", other) for other in (False, True))
    return ascription.ordered(ascription.word(row[each].value) for each in names if each in row)[-1]


def count(rows: Sequence[Row]) -> dict[str, dict[str, Any]]:
    """Return for each verdict how many rows it has, and of how many pairs of propositions.

    A row is a pair of positions and of passages, so that a verdict on one proposition may
    have several. ``ascription`` has the number of rows by the weaker one. Where the two agree
    or disagree, ``direct`` and ``related`` have the same for the rows that are direct and for
    the others.
    """
    counts: dict[str, dict[str, Any]] = {}
    for verdict in VERDICTS:
        found = [row for row in rows if row["verdict"].value == verdict]
        counts[verdict] = _sizes(found)
        for name, direct in (("direct", True), ("related", False)):
            if verdict in _MET:
                kept = [row for row in found if _is_direct(row) is direct]
                counts[verdict][name] = _sizes(kept)
    return counts


def _sizes(rows: Sequence[Row]) -> dict[str, Any]:
    pairs = {(row.get("proposition"), row.get("otherProposition")) for row in rows}
    return {
        "rows": len(rows),
        "propositions": len(pairs),
        "ascription": _by_ascription(rows),
    }


def _by_ascription(rows: Iterable[Row]) -> dict[str, int]:
    found = [weaker(row) for row in rows]
    return {word: found.count(word) for word in ascription.ordered([*ascription.LETTERS, *found])}


def parts(site: Site, answer: Answer, language: str) -> list[Part]:
    """Return the rows by verdict, the direct ones first, each by the weaker ascription."""
    found = []
    for verdict in VERDICTS:
        of_verdict = [row for row in answer.rows if row["verdict"].value == verdict]
        for direct in (True, False):
            rows = [row for row in of_verdict if _is_direct(row) is direct]
            if not direct and verdict not in _MET:
                continue
            groups: dict[str, list[Line]] = {each: [] for each in _by_ascription(rows)}
            for row in rows:
                groups[weaker(row)].append(_line(site, row, language))
            sizes = _sizes(rows)
            found.append(Part(verdict, direct, **sizes, groups=groups))
    return found


def _line(site: Site, row: Row, language: str) -> Line:
    """Return how the propositions of a row are related, and its two positions."""
    relation = row["relation"].value if "relation" in row else ""
    first, second = (_position(site, row, language, other) for other in (False, True))
    return relation, first, second


def _position(site: Site, row: Row, language: str, other: bool) -> Position | None:
    terms = {name: row[_name(name, other)] for name in _SIDE if _name(name, other) in row}
    if "stance" not in terms:
        return None
    cells = {name: make_cell(site, term, language) for name, term in terms.items()}
    return Position(**cells, sort=terms["polarity"].value.rpartition("/")[2])
