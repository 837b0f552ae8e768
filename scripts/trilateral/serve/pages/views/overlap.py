"""Overlap: how many members frameworks have in common on a day, as a matrix."""

from __future__ import annotations

from collections import Counter

from starlette.requests import Request

from trilateral.serve.pages import parameters
from trilateral.serve.pages.language import Message, Words, language_of, words_in
from trilateral.serve.pages.views import days, roles
from trilateral.serve.pages.views.drawing import Node, add, cut, draw, link, mark
from trilateral.serve.pages.views.view import View, tongue, value
from trilateral.serve.site import Answer, Row, Site
from trilateral.serve.web.http import Problem

_QUESTION = "how-much-do-frameworks-overlap"
_SIDES = ("framework", "other")
_MOST = 18
LEFT, TOP, CELL = 290.0, 26.0, 36.0


async def make(request: Request) -> View:
    """Return the overlap on the day that a request names.

    Raises:
        Problem: for what is no day, and for a day on which no two frameworks share a member.
    """
    site: Site = request.app.state.site
    words = words_in(language_of(request))
    parameters.known(request, "date")
    date = days.chosen(site, request)
    query, answer = await site.ask(_QUESTION, request, date=days.literal(date))
    # What is asked for by the menu is shown in any data, also where there is nothing.
    if not answer.rows and request.query_params.get("date"):
        raise Problem(
            404, "Nothing to show",
            Message("No two frameworks share a member on %(date)s.", date=date),
            "Choose another day at /views/overlap.",
        )  # fmt: skip
    of_parts = parameters.question(__file__, "parts").text
    parts = {value(row, "framework") for row in (await site.query(of_parts, request)).rows}
    whole = [row for row in answer.rows if not {value(row, s) for s in _SIDES} & parts]
    weight: Counter[str] = Counter()
    for row in whole or answer.rows:
        for side in _SIDES:
            weight[value(row, side)] += int(value(row, "shared"))
    ranked = sorted(weight, key=lambda each: (-weight[each], each))
    shown = ranked[:_MOST]
    rows = [row for row in answer.rows if {value(row, s) for s in _SIDES} <= {*shown}]
    notes = []
    if not rows:
        notes.append(
            words.gettext(
                "Nothing to draw: no two frameworks share a member on %(date)s.", date=date
            )
        )
    if len(rows) < len(answer.rows):
        notes.append(
            words.ngettext(
                "The %(shown)s frameworks with the most members in common are shown, without those "
                "that are part of another. Left out: %(number)s pair; the query gives all.",
                "The %(shown)s frameworks with the most members in common are shown, without those "
                "that are part of another. Left out: %(number)s pairs; the query gives all.",
                len(answer.rows) - len(rows),
                shown=len(shown),
            )
        )
    title = words.gettext("Overlap of frameworks by members on %(date)s", date=date)
    root = _draw(site, rows, shown, title, words)
    variables = ["framework", "other", "shared", "membersOfFramework", "membersOfOther"]
    twin = Answer(variables, [{name: row[name] for name in variables} for row in rows])
    return View(
        "overlap", title,
        words.ngettext(
            "%(number)s pair of %(shown)s frameworks with the number of members that they share.",
            "%(number)s pairs of %(shown)s frameworks with the number of members that they share.",
            len(rows), shown=len(shown),
        ),
        {"date": request.query_params.get("date", "")}, root, twin,
        [
            (words.gettext("Members in common"), query),
            (words.gettext("Frameworks that are parts"), of_parts),
        ],
        notes,
        {"date": date, "apart": roles.iris()},
    )  # fmt: skip


def _draw(site: Site, rows: list[Row], shown: list[str], title: str, words: Words) -> Node:
    language = words.language
    side = CELL * len(shown)
    root = draw(
        "overlap", title,
        words.ngettext(
            "%(number)s numbered cell, one for each pair of frameworks that share a member; a "
            "stronger colour for a larger share of the smaller one. The table below has the same.",
            "%(number)s numbered cells, one for each pair of frameworks that share a member; a "
            "stronger colour for a larger share of the smaller one. The table below has the same.",
            len(rows),
        ),
        LEFT + side + 20, TOP + side + 20,
    )  # fmt: skip
    place = {name: number for number, name in enumerate(shown)}
    for name, number in place.items():
        y = TOP + number * CELL
        label = f"{number + 1}. {site.label(name, language)}"
        head = link(root, name, site.label(name, language))
        add(
            head, "text", cut(label, LEFT - 20), x=LEFT - 10, y=y + CELL / 2 + 5,
            text_anchor="end", class_="ink", lang=tongue(site, name, language),
        )  # fmt: skip
        add(
            root, "text", str(number + 1), x=LEFT + (number + 0.5) * CELL, y=TOP - 8,
            text_anchor="middle", class_="soft",
        )  # fmt: skip
        x = LEFT + number * CELL
        add(
            root, "rect", x=x + 1, y=y + 1, width=CELL - 2, height=CELL - 2, class_="none",
            stroke_width=1,
        )  # fmt: skip
    for row in rows:
        pair = sorted((value(row, "framework"), value(row, "other")), key=place.__getitem__)
        # The one further down is the line, the other the column.
        column, line = (place[each] for each in pair)
        shared = int(value(row, "shared"))
        one, two = (site.label(each, language) for each in pair)
        told = words.gettext(
            "%(one)s and %(two)s: %(number)s in common", one=one, two=two, number=shared
        )
        cell = mark(root, pair[1], told)
        x, y = LEFT + column * CELL, TOP + line * CELL
        smaller = min(int(value(row, f"membersOf{each}")) for each in ("Framework", "Other"))
        level = heat(shared, smaller)
        add(cell, "rect", x=x + 1, y=y + 1, width=CELL - 2, height=CELL - 2, class_=f"heat-{level}")
        add(
            cell, "text", str(shared), x=x + CELL / 2, y=y + CELL / 2 + 5, text_anchor="middle",
            class_="on-dark" if level >= 4 else "on-light",
        )  # fmt: skip
    return root


def heat(shared: int, smaller: int) -> int:
    """Return a step from 1 to 5 for members in common, by their share of the smaller framework.

    >>> [heat(each, 10) for each in (1, 2, 3, 8, 9, 10)]
    [1, 1, 2, 4, 5, 5]
    """
    return min(5, -(-shared * 5 // smaller))
