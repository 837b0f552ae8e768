"""Matrix: which side actors take on propositions, one cell for each pair that has a position."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from starlette.requests import Request

from trilateral.serve.pages import ascription, parameters
from trilateral.serve.pages.compare import choices
from trilateral.serve.pages.language import NC_, Words, language_of, words_in
from trilateral.serve.pages.parameters import short
from trilateral.serve.pages.views.drawing import Node, add, cut, draw, link, mark, number
from trilateral.serve.pages.views.view import View, iri, text, tongue, value
from trilateral.serve.site import Answer, Row, Site, node
from trilateral.serve.web.http import Problem

SIGNS = {
    NC_("value", "supports"): "+", NC_("value", "opposes"): "−", NC_("value", "ambivalent"): "±",
    NC_("value", "neutral"): "0",
}  # fmt: skip
_PROPOSITIONS, _ACTORS = 24, 16
LEFT, TOP, CELL, LINE = 350.0, 150.0, 46.0, 26.0


@dataclass(frozen=True)
class Position:
    """A position, with the words of its polarity and of the way in which it reaches us."""

    stance: str
    polarity: str
    ascription: str


@dataclass(frozen=True)
class Cell:
    """The positions of an actor on a proposition."""

    actor: str
    proposition: str
    positions: tuple[Position, ...]

    @property
    def polarities(self) -> list[str]:
        """The polarities as words, each once, in the order of `SIGNS`."""
        found = {each.polarity for each in self.positions}
        return [each for each in SIGNS if each in found] + sorted(found - set(SIGNS))

    @property
    def ascriptions(self) -> list[str]:
        """The ways in which the positions reach us, as words, each once, the strongest first."""
        return ascription.ordered(each.ascription for each in self.positions)

    @property
    def sign(self) -> str:
        """The signs of the polarities."""
        return "".join(SIGNS.get(each, "·") for each in self.polarities)

    @property
    def letters(self) -> str:
        """The letters of the ascriptions."""
        return "".join(ascription.LETTERS.get(each, "·") for each in self.ascriptions)

    @property
    def css(self) -> str:
        """The class of the colour."""
        return self.polarities[0] if len(self.polarities) == 1 else "several"


async def make(request: Request) -> View:
    """Return the matrix that a request asks for.

    Raises:
        Problem: for parameters that are none, and where nobody holds anything.
    """
    site: Site = request.app.state.site
    language = language_of(request)
    words = words_in(language)
    parameters.known(request, "topic", "ascription")
    topic = parameters.thing(request, "topic", "topic")
    chosen = ascription.chosen(request)
    bound = {"topic": node(topic) if topic else None, "ascription": ascription.terms(chosen)}
    question = parameters.question(__file__, "matrix")
    query = question.bound({name: terms for name, terms in bound.items() if terms})
    found = cells((await site.query(query, request)).rows)
    if not found and (topic or chosen):
        raise Problem(
            404, "Nothing to show", "Nobody takes a position that passes these filters.",
            "Choose another topic or ascription at /views/matrix.",
        )  # fmt: skip
    propositions, actors = rank(found)
    lines = propositions[:_PROPOSITIONS]
    columns = actors_of(found, lines)[:_ACTORS]
    shown = [c for c in found if c.proposition in lines and c.actor in columns]
    notes = (
        []
        if found
        else [words.gettext("Nothing to draw: nobody takes a position in own or reported words.")]
    )
    if len(shown) < len(found):
        notes.append(
            words.gettext(
                "%(lines)s of %(propositions)s propositions, the most contested and most taken up "
                "first, and %(columns)s of %(actors)s actors; %(cells)s cells are left out. The "
                "query gives all.",
                lines=len(lines),
                propositions=len(propositions),
                columns=len(columns),
                actors=len(actors),
                cells=len(found) - len(shown),
            )
        )
    title = words.gettext("Who takes which side on propositions")
    if topic:
        title = words.gettext(
            "Who takes which side on propositions about %(topic)s",
            topic=site.label(topic, language),
        )
    description = words.gettext(
        "%(cells)s cells of %(actors)s actors and %(propositions)s propositions.",
        cells=len(shown), actors=len(columns), propositions=len(lines),
    )  # fmt: skip
    labels = await choices(site, request)
    return View(
        "matrix", title, description,
        {
            "topic": short(topic),
            "ascription": chosen if chosen == ascription.ANY else short(chosen),
        },
        _draw(site, shown, lines, columns, title, description, words), _twin(shown),
        [(words.gettext("Positions"), query)], notes,
        {
            "lines": lines, "columns": columns, "signs": SIGNS, "letters": ascription.LETTERS,
            "cells": {(cell.proposition, cell.actor): cell for cell in shown},
            "topics": [each for each, _ in labels["topics"]],
            "ascriptions": [each for each, _ in labels["ascriptions"]],
            "chosen": chosen,
        },
    )  # fmt: skip


def cells(rows: list[Row]) -> list[Cell]:
    """Return the cells that have a position, in the order of the rows."""
    found: dict[tuple[str, str], list[Row]] = {}
    for row in rows:
        found.setdefault((value(row, "actor"), value(row, "proposition")), []).append(row)
    return [
        Cell(actor, proposition, tuple(_position(row) for row in positions))
        for (actor, proposition), positions in found.items()
    ]


def _position(row: Row) -> Position:
    polarity, way = (ascription.word(value(row, name)) for name in ("polarity", "ascription"))
    return Position(value(row, "stance"), polarity, way)


def rank(found: list[Cell]) -> tuple[list[str], list[str]]:
    """Return propositions, the most contested and most taken up first, and all actors.

    A proposition is contested when its cells show more than one polarity.
    """
    holders = Counter(cell.proposition for cell in found)
    positions: Counter[str] = Counter()
    sides: dict[str, set[str]] = {}
    for cell in found:
        positions[cell.proposition] += len(cell.positions)
        sides.setdefault(cell.proposition, set()).update(cell.polarities)

    def weight(each: str) -> tuple[bool, int, int, str]:
        return len(sides[each]) < 2, -holders[each], -positions[each], each

    return sorted(holders, key=weight), sorted({cell.actor for cell in found})


def actors_of(found: list[Cell], propositions: list[str]) -> list[str]:
    """Return the actors that take up some propositions, those with the most first."""
    taken = Counter(cell.actor for cell in found if cell.proposition in propositions)
    return sorted(taken, key=lambda each: (-taken[each], each))


def _draw(
    site: Site, shown: list[Cell], lines: list[str], columns: list[str], title: str,
    description: str, words: Words,
) -> Node:  # fmt: skip
    language = words.language
    right = LEFT + CELL * len(columns)
    bottom = TOP + LINE * len(lines)
    same = words.gettext("The table below has the same.")
    root = draw("matrix", title, f"{description} {same}", max(right + 130, 760), bottom + 16)
    for place, actor in enumerate(columns):
        x = LEFT + (place + 0.5) * CELL
        name = site.label(actor, language)
        head = link(root, actor, name)
        add(
            head, "text", cut(name, 185, 12), class_="ink", font_size=12,
            lang=tongue(site, actor, language),
            transform=f"translate({number(x)} {number(TOP - 8)}) rotate(-48)",
        )  # fmt: skip
        add(root, "line", x1=x, x2=x, y1=TOP, y2=bottom, class_="line")
    for place, proposition in enumerate(lines):
        y = TOP + (place + 0.5) * LINE
        name = site.label(proposition, language)
        head = link(root, proposition, name)
        add(
            head, "text", cut(name, LEFT - 16), x=LEFT - 10, y=y + 5, text_anchor="end",
            class_="ink", lang=tongue(site, proposition, language),
        )  # fmt: skip
        add(root, "line", x1=LEFT, x2=right, y1=y, y2=y, class_="line")
    for cell in shown:
        x = LEFT + columns.index(cell.actor) * CELL
        y = TOP + lines.index(cell.proposition) * LINE
        sides = (words.pgettext("value", each) for each in cell.polarities)
        ways = (words.pgettext("value", each) for each in cell.ascriptions)
        told = words.gettext(
            "%(actor)s %(sides)s (%(ascriptions)s): %(proposition)s",
            actor=site.label(cell.actor, language), sides=", ".join(sides),
            ascriptions=", ".join(ways), proposition=site.label(cell.proposition, language),
        )  # fmt: skip
        count = len(cell.positions)
        target = cell.positions[0].stance if count == 1 else cell.proposition
        place_of = mark(root, target, told)
        # A border is full where the holder says so, at least once.
        add(
            place_of, "rect", x=x + 2, y=y + 2, width=CELL - 4, height=LINE - 4, rx=3,
            class_=cell.css, stroke_width=1,
            stroke_dasharray="" if "self-declared" in cell.ascriptions else "3 2",
        )  # fmt: skip
        sign = cell.sign + (f" {count}" if count > 1 else "")
        told_sign = add(
            place_of, "text", sign, x=x + CELL / 2, y=y + LINE / 2 + 5, text_anchor="middle",
            class_="ink", font_weight=650,
        )  # fmt: skip
        add(told_sign, "tspan", cell.letters, dx=3, font_size=9.5, font_weight=400)
    return root


def _twin(shown: list[Cell]) -> Answer:
    """Return one row for each cell, as the file of the table has it."""
    rows = [
        {
            "proposition": iri(cell.proposition), "actor": iri(cell.actor),
            "polarities": text(" ".join(cell.polarities)),
            "ascription": text(" ".join(cell.ascriptions)), "positions": text(len(cell.positions)),
            "stances": text(" ".join(short(each.stance) for each in cell.positions)),
        }
        for cell in shown
    ]  # fmt: skip
    names = ["proposition", "actor", NC_("column", "polarities"), "ascription", "positions"]
    return Answer([*names, NC_("column", "stances")], rows)
