"""Neighbourhood: what a thing is linked to, around it by the kind of link.

The layout is a circle, in the order of kinds and names, so that the same data give the same
drawing; where there are more neighbours than fit, each kind keeps its share.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from starlette.requests import Request

from trilateral.serve.pages import parameters
from trilateral.serve.pages.parameters import short
from trilateral.serve.pages.render import language_of
from trilateral.serve.pages.views.choices import read_choices
from trilateral.serve.pages.views.drawing import Node, add, cut, draw, link, mark, number
from trilateral.serve.pages.views.view import View, counted, iri, text, value
from trilateral.serve.site import Answer, Row, Site

MOST = 60
# Each kind of link, what it is called, and the class of its colour. What is linked by a
# statement, not by a relation with a role, goes by the kind of thing that it is.
SORTS = {
    "membership": ("membership", "membership"),
    "affiliation": ("affiliation", "phase"),
    "participation": ("participation", "event"),
    "position": ("position", "framework"),
    "event": ("event", "event"),
    "framework": ("framework", "membership"),
    "proposition": ("proposition", "framework"),
    "other": ("other link", "soft-mark"),
}
_KINDS = (
    "actor", "framework", "event", "proposition", "topic", "place", "source", "outcome", "factor"
)  # fmt: skip
# What needs no remark: attested by a register, declared by the holder, a plain statement.
_BY_ITSELF = {"attested", "self-declared", ""}
SIZE, RADIUS, INNER = 1080.0, 258.0, 74.0


@dataclass(frozen=True)
class Neighbour:
    """A thing at the other end of links: how they are told, and how many there are.

    ``basis`` tells why none of them stands by itself: documents assert it, or tell of it.
    """

    other: str
    sort: str
    words: str
    links: int
    basis: str


async def make(request: Request) -> View:
    """Return the neighbourhood of the thing that a request names.

    Raises:
        Problem: for what is no thing.
    """
    site: Site = request.app.state.site
    language = language_of(request)
    parameters.known(request, "thing")
    thing = parameters.thing(request, "thing", *_KINDS)
    choices = await read_choices(site, request)
    thing = thing or choices.first()
    query = parameters.bind(__file__, "network", thing=thing)
    rows = (await site.query(query, request)).rows
    everything = neighbours(site, [row for row in rows if value(row, "other") != thing], language)
    shown = fewer(everything, MOST)
    notes = [] if shown else [f"Nothing is linked to {site.label(thing, language)} in these ways."]
    if len(shown) < len(everything):
        notes.append(
            f"{len(shown)} of {len(everything)} neighbours are shown: of each kind of link its "
            "share, those with the most links first. The query gives all."
        )
    title = f"What {site.label(thing, language)} is linked to"
    description = f"{len(shown)} neighbours around it, by the kind of link."
    found = [_as_row(each) for each in shown]
    variables = ["link", "neighbour", "as", "links"]
    if any("basis" in row for row in found):
        variables.append("basis")
    return View(
        "network", title, description, {"thing": short(thing)},
        _draw(site, thing, shown, title, description, language), Answer(variables, found),
        [("Links", query)], notes,
        {
            "frameworks": choices.frameworks, "actors": choices.actors,
            "thing": thing,
        },
    )  # fmt: skip


def neighbours(site: Site, rows: list[Row], language: str) -> list[Neighbour]:
    """Return one neighbour for each thing at the other end, by kind of link and name."""
    by_other: dict[str, list[Row]] = {}
    for row in rows:
        by_other.setdefault(value(row, "other"), []).append(row)
    found = []
    for other, links in by_other.items():
        sorts = {_sort(row) for row in links}
        words = list(dict.fromkeys(_words(site, row, language) for row in links))
        bases = {value(row, "basis").rpartition("/")[2] for row in links}
        # What stands in the data twice, asserted and attested, is attested.
        basis = "" if bases & _BY_ITSELF else ", ".join(sorted(bases))
        sort = next(each for each in SORTS if each in sorts)
        count = len({(value(row, "through") or value(row, "kind")) for row in links})
        found.append(Neighbour(other, sort, ", ".join(words), count, basis))
    order = list(SORTS)

    def place(each: Neighbour) -> tuple[int, str, str]:
        return order.index(each.sort), site.label(each.other, language).casefold(), each.other

    return sorted(found, key=place)


def _sort(row: Row) -> str:
    if value(row, "what") != "statement":
        return value(row, "what")
    kind = short(value(row, "other")).partition(":")[0]
    return kind if kind in SORTS else "other"


def _words(site: Site, row: Row, language: str) -> str:
    told = site.label(value(row, "kind"), language)
    if "forward" not in row:
        return told
    return f"{told} →" if value(row, "forward") == "true" else f"← {told}"


def fewer(everything: list[Neighbour], most: int) -> list[Neighbour]:
    """Return at most so many neighbours, taken from each kind in turn, most links first."""
    waiting = {
        sort: sorted(
            (each for each in everything if each.sort == sort),
            key=lambda each: (-each.links, each.other),
        )
        for sort in SORTS
    }
    kept: set[str] = set()
    while len(kept) < most and any(waiting.values()):
        for queue in waiting.values():
            if queue and len(kept) < most:
                kept.add(queue.pop(0).other)
    return [each for each in everything if each.other in kept]


def _as_row(each: Neighbour) -> Row:
    basis = {"basis": text(each.basis)} if each.basis else {}
    return {
        "link": text(each.sort), "neighbour": iri(each.other), "as": text(each.words),
        "links": text(each.links), **basis,
    }  # fmt: skip


def _draw(
    site: Site, thing: str, shown: list[Neighbour], title: str, description: str, language: str
) -> Node:
    root = draw("network", title, description + " The table below has the same.", SIZE, SIZE)
    middle = add(root, "g", transform=f"translate({number(SIZE / 2)} {number(SIZE / 2)})")
    sorts = [sort for sort in SORTS if any(each.sort == sort for each in shown)]
    gap = 1 if len(sorts) > 1 else 0
    slots = len(shown) + gap * len(sorts)
    place = 0.0
    heads = []
    for sort in sorts:
        group = [each for each in shown if each.sort == sort]
        for number_of, each in enumerate(group):
            _spoke(middle, site, each, angle(place + number_of, slots), language)
        heads.append((sort, len(group), angle(place + (len(group) - 1) / 2, slots)))
        place += len(group) + gap
    for place_of, (sort, count, turn) in enumerate(heads):
        # Heads that lie side by side stand at different distances.
        _head(middle, sort, count, turn, 106 + 26 * (place_of % 2))
    centre = link(middle, thing, site.label(thing, language))
    add(centre, "circle", r=INNER - 14, class_="node", stroke_width=2)
    lines = _lines(site.label(thing, language))
    for number_of, line in enumerate(lines):
        add(
            centre, "text", line, y=5 + 16 * (number_of - (len(lines) - 1) / 2),
            text_anchor="middle", class_="ink", font_weight=650,
        )  # fmt: skip
    return root


def angle(place: float, slots: int) -> float:
    """Return the direction of a place on the circle in degrees, clockwise from the top.

    >>> angle(0, 4), angle(1, 4)
    (-90.0, 0.0)
    """
    return 360 * place / slots - 90


def _spoke(parent: Node, site: Site, each: Neighbour, turn: float, language: str) -> None:
    """Draw a link and its neighbour along a line that leaves the middle in a direction."""
    name = site.label(each.other, language)
    css = SORTS[each.sort][1]
    words = each.words + (f" ({each.basis})" if each.basis else "")
    place = mark(parent, each.other, f"{name}: {words}")
    x, y = math.cos(math.radians(turn)), math.sin(math.radians(turn))
    dashes = "4 3" if each.basis else ""
    add(
        place, "line", x1=x * INNER, y1=y * INNER, x2=x * RADIUS, y2=y * RADIUS, class_="line",
        stroke_dasharray=dashes,
    )  # fmt: skip
    add(place, "circle", cx=x * RADIUS, cy=y * RADIUS, r=5, class_=css)
    left = 90 < turn % 360 < 270
    flip = 180 if left else 0
    lines = add(place, "g", transform=f"rotate({number(turn + flip)})")
    side = -1 if left else 1
    anchor = "end" if left else "start"
    room = SIZE / 2 - RADIUS - 14
    add(
        lines, "text", cut(name, room, 12), x=side * (RADIUS + 10), y=4, text_anchor=anchor,
        class_="ink", font_size=12,
    )  # fmt: skip
    add(
        lines, "text", cut(words, RADIUS - 146, 10.5), x=side * (RADIUS - 10), y=-3,
        text_anchor="start" if left else "end", class_="soft", font_size=10.5,
    )  # fmt: skip


def _head(parent: Node, sort: str, count: int, turn: float, away: float) -> None:
    """Write the name of a kind of link near the middle, level, where its links leave it."""
    x, y = math.cos(math.radians(turn)) * (away + 8), math.sin(math.radians(turn)) * away
    words = counted(count, SORTS[sort][0])
    add(
        parent, "text", words, x=x, y=y + 4, text_anchor="middle", class_="ink halo",
        font_size=12, font_weight=650,
    )  # fmt: skip


def _lines(name: str) -> list[str]:
    """Return a name in at most three lines that fit the middle."""
    lines: list[str] = [""]
    for word in name.split():
        longer = f"{lines[-1]} {word}".strip()
        if cut(longer, 2 * INNER - 44) == longer or not lines[-1]:
            lines[-1] = longer
        else:
            lines.append(word)
    if len(lines) > 3:
        lines = [*lines[:2], lines[2] + "…"]
    return [cut(line, 2 * INNER - 40) for line in lines]
