"""Map: places of events, and the members of a framework on a day, over the outline of the land.

An equidistant cylindrical projection, drawn by ourselves. No borders are drawn: they are
disputed in places, the data make no statement on them, and a point is for finding only.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache

from starlette.requests import Request

from trilateral.serve.pages import parameters
from trilateral.serve.pages.language import N_, NC_, Words, language_of, words_in, words_of
from trilateral.serve.pages.parameters import short
from trilateral.serve.pages.views import days, land
from trilateral.serve.pages.views.choices import read_choices
from trilateral.serve.pages.views.drawing import Node, add, cut, draw, mark, number, width
from trilateral.serve.pages.views.view import View, text, tongue, value
from trilateral.serve.site import Answer, Row, Site, node
from trilateral.serve.web.http import Problem

# West, east, south and north in degrees; the world is cut in the Atlantic.
AREAS = {
    "world": (-30.0, 330.0, -58.0, 80.0),
    "indo-pacific": (62.0, 182.0, -48.0, 56.0),
    "northeast-asia": (100.0, 150.0, 18.0, 55.0),
}
_NAMES = {
    "world": N_("The world"), "indo-pacific": N_("Asia and Oceania"),
    "northeast-asia": N_("Northeast Asia"),
}  # fmt: skip
WIDTH = 1000.0
# What a map of an area is called, where it shows the places of all events, or a framework.
_TITLES = {
    "world": (N_("Map of the places of events"), N_("Map of %(name)s")),
    "indo-pacific": (
        N_("Map of the places of events: Asia and Oceania"),
        N_("Map of %(name)s: Asia and Oceania"),
    ),
    "northeast-asia": (
        N_("Map of the places of events: Northeast Asia"),
        N_("Map of %(name)s: Northeast Asia"),
    ),
}
# A place with so many events has its name, even on the disc of another.
_LARGE = 10
Box = tuple[float, float, float, float]
_TRUE_AT = math.cos(math.radians(30))


@dataclass(frozen=True)
class Frame:
    """An area of the earth as a rectangle: what lies where in the drawing."""

    west: float
    east: float
    south: float
    north: float

    @property
    def scale(self) -> float:
        """Units of the drawing for a degree of longitude."""
        return WIDTH / (self.east - self.west)

    @property
    def height(self) -> float:
        """The height of the drawing."""
        return (self.north - self.south) * self.scale / _TRUE_AT

    def place(self, longitude: float, latitude: float) -> tuple[float, float]:
        """Return where a point lies, a longitude being counted from the west of the area.

        >>> Frame(-30, 330, -58, 80).place(-30, 80)
        (0.0, 0.0)
        """
        x = ((longitude - self.west) % 360) * self.scale
        return x, (self.north - latitude) * self.scale / _TRUE_AT

    def holds(self, longitude: float, latitude: float) -> bool:
        """Tell whether a point lies in the area."""
        east = (longitude - self.west) % 360 <= self.east - self.west
        return east and self.south <= latitude <= self.north


async def make(request: Request) -> View:
    """Return the map that a request asks for.

    Raises:
        Problem: for parameters that are none.
    """
    site: Site = request.app.state.site
    language = language_of(request)
    words = words_in(language)
    parameters.known(request, "framework", "date", "area")
    framework = parameters.thing(request, "framework", "framework")
    date = days.chosen(site, request)
    area = parameters.one_of(request, "area", AREAS, "world")
    frame = Frame(*AREAS[area])
    choices = await read_choices(site, request)
    query = parameters.question(__file__, "places").bound(
        {"framework": node(framework)} if framework else {}
    )
    queries = [(words.gettext("Places of events"), query)]
    rows = [
        {"what": text(NC_("value", "place of events")), "thing": row["place"], **row}
        for row in (await site.query(query, request)).rows
        if value(row, "events") != "0"
    ]
    notes = []
    name = site.label(framework, language) if framework else ""
    if framework:
        members, missing, asked = await _members(site, request, framework, date)
        queries += asked
        rows += members
        if missing:
            names = ", ".join(site.label(each, language) for each in missing)
            notes.append(
                words.gettext("Members without a point in the data: %(names)s.", names=names)
            )
        if not rows:
            notes.append(
                words.gettext(
                    "No place and no member of %(name)s has a point in the data.", name=name
                )
            )
    inside = [row for row in rows if frame.holds(*_point(row))]
    if len(inside) < len(rows):
        notes.append(
            words.ngettext(
                "Left out: %(number)s point outside the area.",
                "Left out: %(number)s points outside the area.",
                len(rows) - len(inside),
            )
        )
    places, of_framework = _TITLES[area]
    title = words.gettext(of_framework, name=name) if framework else words.gettext(places)
    description = _description(words, len(inside), name, date)
    return View(
        "map", title, description,
        {
            "framework": short(framework), "area": area if area != "world" else "",
            "date": request.query_params.get("date", ""),
        },
        _draw(site, inside, title, description, frame, words), _twin(inside), queries, notes,
        {"frameworks": choices.frameworks, "areas": _NAMES, "date": date},
    )  # fmt: skip


def _description(words: Words, points: int, name: str, date: str) -> str:
    if name:
        return words.ngettext(
            "%(number)s point: members of %(name)s on %(date)s and places of its events. Land "
            "without borders of states.",
            "%(number)s points: members of %(name)s on %(date)s and places of its events. Land "
            "without borders of states.",
            points, name=name, date=date,
        )  # fmt: skip
    return words.ngettext(
        "%(number)s point: places of events. Land without borders of states.",
        "%(number)s points: places of events. Land without borders of states.",
        points,
    )


async def _members(
    site: Site, request: Request, framework: str, date: str
) -> tuple[list[Row], list[str], list[tuple[str, str]]]:
    """Return the members with a point, those without one, and the queries that told."""
    query, answer = await site.ask(
        "who-belonged-to-a-framework-on-a-date", request,
        framework=node(framework), date=days.literal(date),
    )  # fmt: skip
    of_points = parameters.question(__file__, "points").text
    points = {value(row, "actor"): row for row in (await site.query(of_points, request)).rows}
    found: dict[str, Row] = {}
    for row in answer.rows:
        member = value(row, "member")
        if member in points and member not in found:
            found[member] = {
                "what": row.get("roleLabel") or text(NC_("value", "member")),
                "thing": row["member"],
                "latitude": points[member]["latitude"], "longitude": points[member]["longitude"],
                "certainty": row["certainty"],
            }  # fmt: skip
    missing = {value(row, "member") for row in answer.rows} - set(found)
    words = words_of(request)
    asked = [
        (words.gettext("Members on %(date)s", date=date), query),
        (words.gettext("Points of actors"), of_points),
    ]
    return list(found.values()), sorted(missing), asked


def _point(row: Row) -> tuple[float, float]:
    try:
        return float(value(row, "longitude")), float(value(row, "latitude"))
    except ValueError:
        raise Problem(500, "A mistake in the data", "A point is no number.",
                      "Report it.") from None  # fmt: skip


def _draw(
    site: Site, rows: list[Row], title: str, description: str, frame: Frame, words: Words
) -> Node:
    root = draw("map", title, description, WIDTH, frame.height)
    add(root, "rect", width=WIDTH, height=frame.height, class_="sea")
    add(root, "path", d=_land(frame), class_="land", stroke_width=0.5)
    discs = []
    for row in rows:
        x, y = frame.place(*_point(row))
        size = _radius(row)
        discs.append((x - size, y - size, x + size, y + size))
    boxes: list[Box] = []
    names = []
    # The largest first, so that small ones lie upon them and can be reached.
    for row in sorted(rows, key=lambda row: ("events" not in row, -_events(row))):
        x, y = frame.place(*_point(row))
        name = site.label(value(row, "thing"), words.language)
        events = words.ngettext("%(number)s event", "%(number)s events", _events(row))
        told = events if "events" in row else words.pgettext("value", value(row, "what"))
        place = mark(root, value(row, "thing"), f"{name}: {told}")
        if "events" in row:
            add(place, "circle", cx=x, cy=y, r=_radius(row), class_="place", stroke_width=0.8)
        else:
            d = f"M{number(x)} {number(y - 6)}l6 6l-6 6l-6 -6z"
            add(place, "path", d=d, class_="member", stroke_width=1)
        label = cut(name, 160, 11)
        # Names stand clear of one another; those of small places of all discs, too.
        clear_of = boxes if _events(row) >= _LARGE else boxes + discs
        spot = _spot(label, x, y, _radius(row), frame, clear_of)
        if spot:
            boxes.append(_box(label, *spot))
            names.append((place, label, spot, tongue(site, value(row, "thing"), words.language)))
    for place, label, (left, base), lang in names:
        add(place, "text", label, x=left, y=base, class_="ink halo", font_size=11, lang=lang)
    return root


def _spot(
    label: str, x: float, y: float, radius: float, frame: Frame, clear_of: list[Box]
) -> tuple[float, float] | None:
    """Return where a name can stand without lying on something, None where it cannot."""
    for left in (x + radius + 3, x - radius - 3 - width(label, 11)):
        box = _box(label, left, y + 4)
        outside = box[0] < 0 or box[2] > WIDTH or box[1] < 0 or box[3] > frame.height
        if not outside and not any(
            box[0] < other[2] and other[0] < box[2] and box[1] < other[3] and other[1] < box[3]
            for other in clear_of
        ):
            return left, y + 4
    return None


def _box(label: str, left: float, base: float) -> Box:
    return left, base - 10, left + width(label, 11), base + 3


@cache
def _land(frame: Frame) -> str:
    """Return the land as a path; what reaches over the edge of the area is drawn on both sides."""
    parts = []
    for turn in (-360.0, 0.0, 360.0):
        for ring in land.rings():
            points = [
                (
                    (longitude + turn - frame.west) * frame.scale,
                    (frame.north - latitude) * frame.scale / _TRUE_AT,
                )
                for longitude, latitude in ring
            ]
            xs, ys = [x for x, _ in points], [y for _, y in points]
            if max(xs) < 0 or min(xs) > WIDTH or max(ys) < 0 or min(ys) > frame.height:
                continue
            parts.append("M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points) + "Z")
    return "".join(parts)


def _radius(row: Row) -> float:
    """Return the radius of a disc, whose area grows with the events, or of a diamond."""
    return 2.5 + 1.6 * math.sqrt(_events(row)) if "events" in row else 5.0


def _events(row: Row) -> int:
    return int(value(row, "events") or 0)


def _twin(rows: list[Row]) -> Answer:
    names = ("what", "thing", "events", "certainty", "latitude", "longitude")
    variables = [name for name in names if any(name in row for row in rows)] or ["thing"]
    return Answer(variables, [{n: row[n] for n in variables if n in row} for row in rows])
