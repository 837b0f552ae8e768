"""Neighbourhood: what a thing is linked to, around it by the kind of link.

A line is what one basis gives: what a register attests never stands on one line with what a
document asserts. The layout is a circle, in the order of kinds and names, so that the same data
give the same drawing; where there are more lines than fit, each kind keeps its share.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from starlette.requests import Request

from trilateral.serve.pages import parameters
from trilateral.serve.pages.language import NC_, Words, language_of, words_in
from trilateral.serve.pages.parameters import short
from trilateral.serve.pages.views.choices import read_choices
from trilateral.serve.pages.views.drawing import Node, add, cut, draw, link, mark, number, width
from trilateral.serve.pages.views.roles import is_apart
from trilateral.serve.pages.views.view import View, empty, iri, text, tongue, value
from trilateral.serve.site import Answer, Row, Site, Term

MOST = 60
# Each kind of link, and the class of its colour. What is linked by a statement, not by a
# relation with a role, goes by the kind of thing that it is.
SORTS = {
    NC_("value", "membership"): "membership",
    NC_("value", "no membership"): "apart",
    NC_("value", "affiliation"): "phase",
    NC_("value", "participation"): "event",
    NC_("value", "position"): "framework",
    NC_("value", "event"): "event",
    NC_("value", "framework"): "membership",
    NC_("value", "proposition"): "framework",
    NC_("value", "other"): "soft-mark",
}
_KINDS = (
    "actor", "framework", "event", "proposition", "topic", "place", "source", "outcome", "factor"
)  # fmt: skip
# What stands by itself is a full line; any other basis is remarked on, and dashed.
_FULL = {"", NC_("value", "attested"), NC_("value", "self-declared")}
SIZE, RADIUS, INNER = 1180.0, 316.0, 74.0


@dataclass(frozen=True)
class Line:
    """Links to one thing that are of one kind and have one basis, and how many they are.

    ``words`` are how each is told, and ``lang`` is their language, "" where it is that of the
    page. ``basis`` is the word of it, "" for statements, which have none.
    """

    other: str
    sort: str
    basis: str
    words: tuple[str, ...]
    links: int
    lang: str


async def make(request: Request) -> View:
    """Return the neighbourhood of the thing that a request names.

    Raises:
        Problem: for what is no thing.
    """
    site: Site = request.app.state.site
    language = language_of(request)
    words = words_in(language)
    parameters.known(request, "thing")
    thing = parameters.thing(request, "thing", *_KINDS)
    choices = await read_choices(site, request)
    thing = thing or choices.first()
    query = parameters.bind(__file__, "network", thing=thing)
    queries = [(words.gettext("Links"), query)]
    values = {"frameworks": choices.frameworks, "actors": choices.actors, "thing": thing}
    if thing is None:
        why = words.gettext("Nothing to draw: no framework has members or events.")
        return empty(
            "network", words.gettext("Neighbourhood"), why, {"thing": ""}, ["link", "neighbour"],
            queries, values,
        )  # fmt: skip
    rows = (await site.query(query, request)).rows
    everything = lines(site, [row for row in rows if value(row, "other") != thing], language)
    shown = fewer(everything, MOST)
    name = site.label(thing, language)
    notes = []
    if not shown:
        notes.append(words.gettext("Nothing is linked to %(name)s in these ways.", name=name))
    if len(shown) < len(everything):
        notes.append(
            words.gettext(
                "%(shown)s of %(all)s lines are shown: of each kind of link its share, those "
                "with the most links first. The query gives all.",
                shown=len(shown),
                all=len(everything),
            )
        )
    title = words.gettext("What %(name)s is linked to", name=name)
    description = words.ngettext(
        "%(number)s line to what it is linked to, by the kind of link and its basis.",
        "%(number)s lines to what it is linked to, by the kind of link and its basis.", len(shown),
    )  # fmt: skip
    found = [_as_row(each, words) for each in shown]
    variables = [
        "link", NC_("column", "neighbour"), NC_("column", "as"), NC_("column", "links"),
    ]  # fmt: skip
    if any("basis" in row for row in found):
        variables.append("basis")
    return View(
        "network", title, description, {"thing": short(thing)},
        _draw(site, thing, shown, title, description, words), Answer(variables, found),
        queries, notes, values,
    )  # fmt: skip


def lines(site: Site, rows: list[Row], language: str) -> list[Line]:
    """Return one line for each thing, kind of link and basis, by kind of link and name."""
    groups: dict[tuple[str, str, str], list[Row]] = {}
    for row in rows:
        basis = value(row, "basis").rpartition("/")[2]
        groups.setdefault((value(row, "other"), _sort(row), basis), []).append(row)
    found = []
    for (other, sort, basis), links in groups.items():
        words = tuple(dict.fromkeys(_words(site, row, language) for row in links))
        count = len({(value(row, "through") or value(row, "kind")) for row in links})
        lang = max(tongue(site, value(row, "kind"), language) for row in links)
        found.append(Line(other, sort, basis, words, count, lang))
    order = list(SORTS)

    def place(each: Line) -> tuple[int, str, str, bool, str]:
        name = site.label(each.other, language).casefold()
        return order.index(each.sort), name, each.other, each.basis not in _FULL, each.basis

    return sorted(found, key=place)


def _sort(row: Row) -> str:
    what = value(row, "what")
    if what == "membership" and is_apart(value(row, "kind")):
        return "no membership"
    if what != "statement":
        return what
    kind = short(value(row, "other")).partition(":")[0]
    return kind if kind in SORTS else "other"


def _words(site: Site, row: Row, language: str) -> str:
    told = site.label(value(row, "kind"), language)
    if "forward" not in row:
        return told
    return f"{told} →" if value(row, "forward") == "true" else f"← {told}"


def fewer(everything: list[Line], most: int) -> list[Line]:
    """Return at most so many lines, taken from each kind in turn, most links first."""
    waiting = {
        sort: sorted(
            (each for each in everything if each.sort == sort),
            key=lambda each: (-each.links, each.other),
        )
        for sort in SORTS
    }
    kept: set[Line] = set()
    while len(kept) < most and any(waiting.values()):
        for queue in waiting.values():
            if queue and len(kept) < most:
                kept.add(queue.pop(0))
    return [each for each in everything if each in kept]


def _as_row(each: Line, words: Words) -> Row:
    basis = {"basis": text(words.pgettext("value", each.basis))} if each.basis else {}
    return {
        "link": text(each.sort), "neighbour": iri(each.other),
        "as": Term("literal", ", ".join(each.words), each.lang),
        "links": text(each.links), **basis,
    }  # fmt: skip


def _draw(
    site: Site, thing: str, shown: list[Line], title: str, description: str, words: Words
) -> Node:
    language = words.language
    same = words.gettext("The table below has the same.")
    root = draw("network", title, f"{description} {same}", SIZE, SIZE)
    middle = add(root, "g", transform=f"translate({number(SIZE / 2)} {number(SIZE / 2)})")
    sorts = [sort for sort in SORTS if any(each.sort == sort for each in shown)]
    gap = 1 if len(sorts) > 1 else 0
    slots = len(shown) + gap * len(sorts)
    place = 0.0
    heads = []
    for sort in sorts:
        group = [each for each in shown if each.sort == sort]
        for number_of, each in enumerate(group):
            _spoke(middle, site, each, angle(place + number_of, slots), words)
        heads.append((sort, len(group), angle(place + (len(group) - 1) / 2, slots)))
        place += len(group) + gap
    for place_of, (sort, count, turn) in enumerate(heads):
        # Heads that lie side by side stand at different distances, also the last and the first.
        last = place_of == len(heads) - 1 and place_of > 0
        ring = 2 if last and place_of % 2 == 0 else place_of % 2
        _head(middle, _counted(words, sort, count), turn, 108 + 26 * ring)
    centre = link(middle, thing, site.label(thing, language))
    add(centre, "circle", r=INNER - 14, class_="node", stroke_width=2)
    lines = _lines(site.label(thing, language))
    for number_of, line in enumerate(lines):
        add(
            centre, "text", line, y=5 + 16 * (number_of - (len(lines) - 1) / 2),
            text_anchor="middle", class_="ink", font_weight=650,
            lang=tongue(site, thing, language),
        )  # fmt: skip
    return root


def angle(place: float, slots: int) -> float:
    """Return the direction of a place on the circle in degrees, clockwise from the top.

    >>> angle(0, 4), angle(1, 4)
    (-90.0, 0.0)
    """
    return 360 * place / slots - 90


def _spoke(parent: Node, site: Site, each: Line, turn: float, words: Words) -> None:
    """Draw a link and its neighbour along a line that leaves the middle in a direction."""
    name = site.label(each.other, words.language)
    remark = "" if each.basis in _FULL else f" ({words.pgettext('value', each.basis)})"
    place = mark(parent, each.other, f"{name}: {', '.join(each.words)}{remark}")
    x, y = math.cos(math.radians(turn)), math.sin(math.radians(turn))
    dashes = "1 5" if each.sort == "no membership" else "5 4" if remark else ""
    add(
        place, "line", x1=x * INNER, y1=y * INNER, x2=x * RADIUS, y2=y * RADIUS, class_="rule",
        stroke_dasharray=dashes, stroke_linecap="round" if dashes == "1 5" else "",
    )  # fmt: skip
    add(place, "circle", cx=x * RADIUS, cy=y * RADIUS, r=5, class_=SORTS[each.sort])
    left = 90 < turn % 360 < 270
    flip = 180 if left else 0
    lines = add(place, "g", transform=f"rotate({number(turn + flip)})")
    side = -1 if left else 1
    anchor = "end" if left else "start"
    room = SIZE / 2 - RADIUS - 14
    add(
        lines, "text", cut(name, room, 12), x=side * (RADIUS + 10), y=4, text_anchor=anchor,
        class_="ink", font_size=12, lang=tongue(site, each.other, words.language),
    )  # fmt: skip
    add(
        lines, "text", told(each.words, remark, RADIUS - 148, 10.5), x=side * (RADIUS - 10), y=-3,
        text_anchor="start" if left else "end", class_="soft halo", font_size=10.5,
        lang=each.lang,
    )  # fmt: skip


def told(words: Sequence[str], remark: str, room: float, size: float) -> str:
    """Return as many of the words as fit, whole, and always the remark on them.

    >>> told(["member", "participant"], " (asserted)", 120, 10)
    'member, … (asserted)'
    """
    for count in range(len(words), 0, -1):
        more = ", …" if count < len(words) else ""
        found = ", ".join(words[:count]) + more + remark
        if width(found, size) <= room:
            return found
    return cut(words[0], room - width(remark, size), size) + remark


def _counted(words: Words, sort: str, count: int) -> str:
    """Return how many links there are of a kind, in words."""
    match sort:
        case "membership":
            return words.ngettext("%(number)s membership", "%(number)s memberships", count)
        case "no membership":
            return words.ngettext(
                "%(number)s without membership", "%(number)s without membership", count
            )
        case "affiliation":
            return words.ngettext("%(number)s affiliation", "%(number)s affiliations", count)
        case "participation":
            return words.ngettext("%(number)s participation", "%(number)s participations", count)
        case "position":
            return words.ngettext("%(number)s position", "%(number)s positions", count)
        case "event":
            return words.ngettext("%(number)s event", "%(number)s events", count)
        case "framework":
            return words.ngettext("%(number)s framework", "%(number)s frameworks", count)
        case "proposition":
            return words.ngettext("%(number)s proposition", "%(number)s propositions", count)
        case _:
            return words.ngettext("%(number)s other link", "%(number)s other links", count)


def _head(parent: Node, told: str, turn: float, away: float) -> None:
    """Write the name of a kind of link near the middle, level, where its links leave it."""
    x, y = math.cos(math.radians(turn)) * (away + 8), math.sin(math.radians(turn)) * away
    add(
        parent, "text", told, x=x, y=y + 4, text_anchor="middle", class_="ink halo",
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
