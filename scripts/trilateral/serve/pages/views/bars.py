"""Bars: spans of time on an axis of years, and that axis."""

from __future__ import annotations

import datetime

from trilateral.serve.pages.views.drawing import Node, add
from trilateral.serve.pages.views.spans import Span

# The axis lies between left and right; a row is so high.
LEFT, RIGHT, WIDTH, TOP, ROW = 300.0, 980.0, 1000.0, 34.0, 22.0


def position(day: datetime.date, first: int, last: int) -> float:
    """Return where a day lies on an axis of whole years, at an end where it is outside.

    >>> position(datetime.date(2000, 1, 1), 2000, 2009) == LEFT
    True
    """
    begin, end = datetime.date(first, 1, 1).toordinal(), datetime.date(last, 12, 31).toordinal() + 1
    share = (day.toordinal() - begin) / (end - begin)
    return LEFT + (RIGHT - LEFT) * min(1.0, max(0.0, share))


def axis(root: Node, first: int, last: int, height: float) -> None:
    """Draw the lines of years over the whole height, as many as have room for their names."""
    span_of_years = last - first + 1
    step = next((n for n in (1, 2, 5, 10, 20, 50) if span_of_years / n <= 16), 100)
    group = add(root, "g", class_="axis")
    for each in range(first, last + 2):
        if each % step and each != first:
            continue
        x = position(datetime.date(each, 1, 1), first, last)
        add(group, "line", x1=x, x2=x, y1=TOP - 8, y2=height - 6, class_="line")
        after = datetime.date(each + (step - each % step or step), 1, 1)
        crowded = each == first and position(after, first, last) - x < 34
        if each <= last and not crowded:
            add(group, "text", str(each), x=x + 3, y=TOP - 14, class_="soft", font_size=12)


def bar(parent: Node, each: Span, y: float, years: tuple[int, int], *, asserted: bool) -> None:
    """Draw a span: pale where it may have been, solid where it was; open ends are marked.

    What is only asserted is dashed, and nowhere solid.
    """
    first, last = years
    next_day = datetime.timedelta(days=1)
    left = position(each.earliest_start, first, last) if each.earliest_start else LEFT
    right = position(each.latest_end + next_day, first, last) if each.latest_end else RIGHT
    dashes = "3 2" if asserted else ""
    if right - left < 7:
        middle = (left + right) / 2
        add(
            parent, "circle", cx=middle, cy=y + 11, r=5, class_="maybe" if asserted else "dot",
            stroke_width=1.2, stroke_dasharray=dashes,
        )  # fmt: skip
        return
    add(
        parent, "rect", x=left, y=y + 5, width=right - left, height=12, rx=2, class_="maybe",
        stroke_width=1, stroke_dasharray=dashes,
    )  # fmt: skip
    sure = (None, None) if asserted else (each.latest_start, each.earliest_end)
    if sure[0] and sure[1] and sure[0] <= sure[1]:
        begin, end = position(sure[0], first, last), position(sure[1] + next_day, first, last)
        wide = max(2.0, end - begin)
        add(parent, "rect", x=begin, y=y + 7.5, width=wide, height=7, class_="sure")
    elif sure[0] or sure[1]:
        day = sure[0] or sure[1]
        assert day is not None
        add(
            parent, "rect", x=position(day, first, last) - 1, y=y + 5, width=2.5, height=12,
            class_="sure",
        )  # fmt: skip
    if not each.earliest_start:
        add(parent, "text", "?", x=left - 11, y=y + 16, class_="ink", stroke="none")
    if not each.latest_end:
        sign = "→" if each.ongoing else "?"
        add(parent, "text", sign, x=right + 3, y=y + 16, class_="ink", stroke="none")
