"""Timeline: memberships, phases and events of a framework or an actor on one axis."""

from __future__ import annotations

import datetime

from starlette.requests import Request

from trilateral.serve.pages import parameters
from trilateral.serve.pages.language import N_, NC_, Message, Words, language_of, words_in
from trilateral.serve.pages.parameters import short
from trilateral.serve.pages.views.bars import LEFT, RIGHT, ROW, TOP, WIDTH, axis, bar, position
from trilateral.serve.pages.views.choices import read_choices
from trilateral.serve.pages.views.drawing import Node, add, cut, draw, mark, width
from trilateral.serve.pages.views.roles import is_apart
from trilateral.serve.pages.views.spans import Span, span
from trilateral.serve.pages.views.view import View, empty, text, tongue, value
from trilateral.serve.site import Answer, Row, Site
from trilateral.serve.web.http import Problem

# So many rows fit; so many of them are for events, where there are more.
_MOST, _EVENTS = 90, 30
_DATES = NC_("column", "dates")
# The groups in the order of the drawing. What a document only asserts, and a role that is no
# membership, never stand among the memberships.
_GROUPS = {
    "framework": N_("Framework"), "phase": N_("Phases"), "membership": N_("Memberships"),
    "asserted": N_("Memberships that only a document asserts"),
    "no membership": N_("Other roles, no memberships"), "event": N_("Events"),
}  # fmt: skip
_ORDER = tuple(_GROUPS)
# The class of the colour of a group, where it has another name.
_CSS = {"asserted": "membership", "no membership": "apart"}


async def make(request: Request) -> View:
    """Return the timeline that a request asks for.

    Raises:
        Problem: for parameters that are none, and for a time without anything in it.
    """
    site: Site = request.app.state.site
    language = language_of(request)
    words = words_in(language)
    parameters.known(request, "framework", "actor", "from", "to")
    framework = parameters.thing(request, "framework", "framework")
    actor = parameters.thing(request, "actor", "actor", "framework")
    begin, end = parameters.year(request, "from"), parameters.year(request, "to")
    if begin and end and begin > end:
        raise Problem(400, "No time at all",
                      Message("from=%(begin)s is after to=%(end)s.", begin=begin, end=end),
                      "Change them.")  # fmt: skip
    choices = await read_choices(site, request)
    if not framework and not actor:
        framework = choices.first()
    query = parameters.bind(__file__, "timeline", framework=framework, actor=actor)
    queries = [(words.gettext("Dates of memberships, phases and events"), query)]
    chosen: dict[str, str | None] = {
        "framework": short(framework), "actor": short(actor),
        "from": str(begin or ""), "to": str(end or ""),
    }  # fmt: skip
    values = {"frameworks": choices.frameworks, "actors": choices.actors}
    found = []
    if framework or actor:
        found = _dated((await site.query(query, request)).rows)
    if not any(each.known for _, each in found) and not request.query_params.keys() - {"lang"}:
        why = words.gettext("Nothing to draw: no framework has members or events with a date.")
        return empty(
            "timeline", words.gettext("Timeline"), why, chosen, ["thing", _DATES], queries, values
        )  # fmt: skip
    undated = sum(1 for _, each in found if not each.known)
    rows, first_year, last_year, others = _within(found, begin, end)
    title = _title(words, [site.label(each, language) for each in (framework, actor) if each],
                   first_year, last_year)  # fmt: skip
    notes = []
    if undated:
        notes.append(words.gettext("Left out: %(number)s without any date.", number=undated))
    if others:
        notes.append(
            words.gettext("Left out: %(number)s outside %(first)s to %(last)s.", number=others,
                          first=first_year, last=last_year)
        )  # fmt: skip
    rows, left_out = _fewer(rows, words)
    notes += left_out
    root = _draw(site, rows, title, first_year, last_year, words, named_by=framework)
    return View(
        "timeline", title,
        words.ngettext(
            "%(number)s bar or dot, one for each row of the table below.",
            "%(number)s bars and dots, one for each row of the table below.", len(rows),
        ),
        chosen,
        root, _twin(rows, words), queries, notes, values,
    )  # fmt: skip


def _title(words: Words, names: list[str], first: int, last: int) -> str:
    years = {"first": first, "last": last}
    if len(names) == 1:
        return words.gettext("Timeline of %(name)s, %(first)s to %(last)s", name=names[0], **years)
    one, two = names
    return words.gettext(
        "Timeline of %(one)s and %(two)s, %(first)s to %(last)s", one=one, two=two, **years
    )


def _dated(rows: list[Row]) -> list[tuple[Row, Span]]:
    """Return one row for each thing, with its span; further evidence of the same is left out."""
    found: dict[str, Row] = {}
    for row in rows:
        found.setdefault(value(row, "thing"), row)
    return [(row, span(row, event=value(row, "what") == "event")) for row in found.values()]


def _within(
    found: list[tuple[Row, Span]], begin: int | None, end: int | None
) -> tuple[list[tuple[Row, Span]], int, int, int]:
    """Return what lies in a time, in the order of the drawing, the years, and how many do not."""
    known = [(row, each) for row, each in found if each.known]
    if not known:
        raise Problem(
            404, "Nothing to show", "Nothing that is asked for has a date.",
            "Choose another framework or actor at /views/timeline.",
        )  # fmt: skip
    years = [day.year for _, each in known for day in each.known]
    first, last = begin or min(*years, end or 9999), end or max(*years, begin or 0)
    kept = [
        (row, each)
        for row, each in known
        if (each.earliest_start or datetime.date.min).year <= last
        and (each.latest_end or datetime.date.max).year >= first
    ]
    if not kept:
        raise Problem(
            404, "Nothing to show",
            Message("Nothing that is asked for lies in %(first)s to %(last)s.", first=first,
                    last=last),
            "Choose another time.",
        )  # fmt: skip

    def place(pair: tuple[Row, Span]) -> tuple[int, str, str]:
        row, each = pair
        start = each.earliest_start or each.latest_start or each.known[0]
        return _ORDER.index(_group(row)), start.isoformat(), value(row, "thing")

    return sorted(kept, key=place), first, last, len(known) - len(kept)


def _group(row: Row) -> str:
    """Return the group of `_GROUPS` under which a row stands."""
    what = value(row, "what")
    if what != "membership":
        return what
    if is_apart(value(row, "kind")):
        return "no membership"
    return "asserted" if _is_asserted(row) else what


def _is_asserted(row: Row) -> bool:
    return value(row, "basis").endswith("/asserted")


def _fewer(rows: list[tuple[Row, Span]], words: Words) -> tuple[list[tuple[Row, Span]], list[str]]:
    """Return what fits, and what does not in words: the earliest events, the latest others."""
    events = [pair for pair in rows if value(pair[0], "what") == "event"]
    others = [pair for pair in rows if value(pair[0], "what") != "event"]
    room = _MOST - min(len(events), _EVENTS)
    kept = others[:room]
    later = events[max(0, len(events) - (_MOST - len(kept))) :]
    notes = []
    if len(kept) < len(others):
        notes.append(
            words.ngettext(
                "Left out: the %(number)s latest membership. Choose a shorter time to see it; the "
                "query has all.",
                "Left out: the %(number)s latest memberships. Choose a shorter time to see them; "
                "the query has all.",
                len(others) - len(kept),
            )
        )
    if len(later) < len(events):
        notes.append(
            words.ngettext(
                "Left out: the %(number)s earliest event. Choose a shorter time to see it; the "
                "query has all.",
                "Left out: the %(number)s earliest events. Choose a shorter time to see them; the "
                "query has all.",
                len(events) - len(later),
            )
        )
    return kept + later, notes


def _draw(
    site: Site, rows: list[tuple[Row, Span]], title: str, first: int, last: int, words: Words,
    named_by: str | None,
) -> Node:  # fmt: skip
    groups = {_group(row) for row, _ in rows}
    height = TOP + (len(rows) + len(groups)) * ROW + 14
    root = draw(
        "timeline", title,
        words.ngettext(
            "%(number)s bar or dot from %(first)s to %(last)s; the table below has the same data.",
            "%(number)s bars and dots from %(first)s to %(last)s; the table below has the same "
            "data.",
            len(rows), first=first, last=last,
        ),
        WIDTH, height,
    )  # fmt: skip
    axis(root, first, last, height)
    y, group = TOP, ""
    for row, each in rows:
        if _group(row) != group:
            group = _group(row)
            add(root, "text", words.gettext(_GROUPS[group]), x=4, y=y + 16, class_="ink halo",
                font_weight=650)  # fmt: skip
            y += ROW
        _row(root, site, row, each, y, (first, last), words, named_by)
        y += ROW
    return root


def _row(
    root: Node, site: Site, row: Row, each: Span, y: float, years: tuple[int, int],
    words: Words, named_by: str | None,
) -> None:  # fmt: skip
    what, thing, language = value(row, "what"), value(row, "thing"), words.language
    asserted, name, dates = (
        _is_asserted(row),
        site.label(thing, language),
        describe(row, each, words),
    )

    def remarked(told: str) -> str:
        return words.gettext("%(told)s (per a source)", told=told) if asserted else told

    place = mark(root, thing, remarked(f"{name}: {dates}"))
    if what == "event":
        label = _event_label(place, name, f" ({remarked(dates)})", each, y, years)
        if tongue(site, thing, language):
            label.set("lang", tongue(site, thing, language))
            label[0].set("lang", language)
    else:
        subject = thing
        if what == "membership":
            subject = value(row, "member") if named_by else value(row, "framework")
        kind = site.label(value(row, "kind"), language)
        # A role decides what the row means: the name gives way to it.
        room = LEFT - 40 - (width(kind, 12) if what == "membership" else 0)
        short_name = cut(site.label(subject, language), room)
        label = add(place, "text", short_name, x=14, y=y + 15, class_="ink",
                    lang=tongue(site, subject, language))  # fmt: skip
        if width(kind, 12) <= LEFT - 40 - width(short_name):
            add(label, "tspan", kind, class_="soft", font_size=12, dx=7,
                lang=tongue(site, value(row, "kind"), language))  # fmt: skip
    bars = add(place, "g", class_=_CSS.get(_group(row), what))
    bar(bars, each, y, years, asserted=asserted)


def _event_label(
    place: Node, name: str, dates: str, each: Span, y: float, years: tuple[int, int]
) -> Node:
    """Write the name and then the dates of an event beside it, on the side with more room."""
    left = position(each.earliest_start or each.known[0], *years)
    right = position(each.latest_end or each.known[-1], *years)
    before = left > (14 + RIGHT) / 2
    room = (left - 26 if before else RIGHT - right - 16) - width(dates, 12)
    x, anchor = (left - 10, "end") if before else (right + 11, "")
    label = add(place, "text", cut(name, room), x=x, y=y + 15, text_anchor=anchor, class_="ink")
    add(label, "tspan", dates, class_="soft", font_size=12)
    return label


def describe(row: Row, each: Span, words: Words) -> str:
    """Return in words from when to when something was, as far as is known."""
    start = value(row, "startDate")
    if not start and each.latest_start:
        start = words.gettext("no later than %(day)s", day=each.latest_start)
    elif not start and each.earliest_start:
        start = words.gettext("no earlier than %(day)s", day=each.earliest_start)
    end = value(row, "endDate")
    if not end and each.ongoing:
        end = words.gettext("still on %(day)s", day=each.earliest_end)
    elif not end and each.latest_end and each.latest_end != each.latest_start:
        end = words.gettext("no later than %(day)s", day=each.latest_end)
    if value(row, "what") == "event" and not end:
        return start or words.gettext("date not known")
    return words.gettext(
        "%(start)s to %(end)s",
        start=start or words.gettext("start not known"),
        end=end or words.gettext("end not known"),
    )


def _twin(rows: list[tuple[Row, Span]], words: Words) -> Answer:
    names = ("what", "thing", "framework", "member", "kind", _DATES, "basis", "link")
    found = [
        {**row, "what": text(_twin_what(row)), _DATES: text(describe(row, each, words))}
        for row, each in rows
    ]
    variables = [name for name in names if any(name in row for row in found)]
    return Answer(variables, [{n: row[n] for n in variables if n in row} for row in found])


def _twin_what(row: Row) -> str:
    # The basis has a column of its own.
    return "membership" if _group(row) == "asserted" else _group(row)
