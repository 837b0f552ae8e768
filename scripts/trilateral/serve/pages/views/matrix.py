"""Matrix: which side actors take on propositions, one cell for each pair that has a position."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from starlette.requests import Request

from trilateral.serve.pages import parameters
from trilateral.serve.pages.compare import choices
from trilateral.serve.pages.language import NC_, Words, language_of, words_in
from trilateral.serve.pages.parameters import short
from trilateral.serve.pages.views.drawing import Node, add, cut, draw, link, mark, number
from trilateral.serve.pages.views.view import View, iri, text, tongue, value
from trilateral.serve.site import Answer, Row, Site
from trilateral.serve.web.http import Problem

SIGNS = {
    NC_("value", "supports"): "+", NC_("value", "opposes"): "−", NC_("value", "ambivalent"): "±",
    NC_("value", "neutral"): "0",
}  # fmt: skip
_PROPOSITIONS, _ACTORS = 24, 16
LEFT, TOP, CELL, LINE = 350.0, 150.0, 38.0, 26.0


@dataclass(frozen=True)
class Cell:
    """The positions of an actor on a proposition: their polarities as words, and themselves."""

    actor: str
    proposition: str
    polarities: tuple[str, ...]
    stances: tuple[str, ...]

    @property
    def sign(self) -> str:
        """The signs of the polarities, in the order of `SIGNS`."""
        return "".join(SIGNS.get(each, "·") for each in self.polarities)

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
    ascription = parameters.thing(request, "ascription", "ascription")
    query = parameters.bind(__file__, "matrix", topic=topic, ascription=ascription)
    found = cells((await site.query(query, request)).rows)
    if not found:
        raise Problem(
            404, "Nothing to show", "Nobody takes a position that passes these filters.",
            "Choose another topic or ascription at /views/matrix.",
        )  # fmt: skip
    propositions, actors = rank(found)
    lines = propositions[:_PROPOSITIONS]
    columns = actors_of(found, lines)[:_ACTORS]
    shown = [c for c in found if c.proposition in lines and c.actor in columns]
    notes = []
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
        {"topic": short(topic), "ascription": short(ascription)},
        _draw(site, shown, lines, columns, title, description, words), _twin(shown),
        [(words.gettext("Positions"), query)], notes,
        {
            "lines": lines, "columns": columns, "signs": SIGNS,
            "cells": {(cell.proposition, cell.actor): cell for cell in shown},
            "topics": [each for each, _ in labels["topics"]],
            "ascriptions": [each for each, _ in labels["ascriptions"]],
            "ascription": ascription,
        },
    )  # fmt: skip


def cells(rows: list[Row]) -> list[Cell]:
    """Return the cells that have a position, in the order of the rows."""
    found: dict[tuple[str, str], list[Row]] = {}
    for row in rows:
        found.setdefault((value(row, "actor"), value(row, "proposition")), []).append(row)
    made = []
    for (actor, proposition), positions in found.items():
        polarities = {value(row, "polarity").rpartition("/")[2] for row in positions}
        ordered = [each for each in SIGNS if each in polarities]
        ordered += sorted(polarities - set(SIGNS))
        stances = dict.fromkeys(value(row, "stance") for row in positions)
        made.append(Cell(actor, proposition, tuple(ordered), tuple(stances)))
    return made


def rank(found: list[Cell]) -> tuple[list[str], list[str]]:
    """Return propositions, the most contested and most taken up first, and all actors.

    A proposition is contested when its cells show more than one polarity.
    """
    holders = Counter(cell.proposition for cell in found)
    positions: Counter[str] = Counter()
    sides: dict[str, set[str]] = {}
    for cell in found:
        positions[cell.proposition] += len(cell.stances)
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
        told = words.gettext(
            "%(actor)s %(sides)s: %(proposition)s", actor=site.label(cell.actor, language),
            sides=", ".join(sides), proposition=site.label(cell.proposition, language),
        )  # fmt: skip
        target = cell.stances[0] if len(cell.stances) == 1 else cell.proposition
        place_of = mark(root, target, told)
        add(
            place_of, "rect", x=x + 3, y=y + 2, width=CELL - 6, height=LINE - 4, rx=3,
            class_=cell.css, stroke_width=1,
        )  # fmt: skip
        count = len(cell.stances)
        sign = cell.sign + (f" {count}" if count > 1 else "")
        add(
            place_of, "text", sign, x=x + CELL / 2, y=y + LINE / 2 + 5, text_anchor="middle",
            class_="ink", font_weight=650,
        )  # fmt: skip
    return root


def _twin(shown: list[Cell]) -> Answer:
    """Return one row for each cell, as the file of the table has it."""
    rows = [
        {
            "proposition": iri(cell.proposition), "actor": iri(cell.actor),
            "polarities": text(" ".join(cell.polarities)), "positions": text(len(cell.stances)),
            "stances": text(" ".join(short(each) for each in cell.stances)),
        }
        for cell in shown
    ]  # fmt: skip
    names = ["proposition", "actor", NC_("column", "polarities"), "positions"]
    return Answer([*names, NC_("column", "stances")], rows)
