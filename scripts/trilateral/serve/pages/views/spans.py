"""Spans: from when to when something was, as far as is known, in days."""

from __future__ import annotations

import calendar
import datetime
from dataclasses import dataclass

from trilateral.serve.site import Row


@dataclass(frozen=True)
class Span:
    """The first and the last day on which something can have begun, and ended.

    None is not known. ``ongoing`` tells that a source shows it in force on the earliest end.
    """

    earliest_start: datetime.date | None
    latest_start: datetime.date | None
    earliest_end: datetime.date | None
    latest_end: datetime.date | None
    ongoing: bool = False

    @property
    def known(self) -> list[datetime.date]:
        """The days that are known."""
        bounds = (self.earliest_start, self.latest_start, self.earliest_end, self.latest_end)
        return [each for each in bounds if each]


def days(text: str) -> tuple[datetime.date, datetime.date] | None:
    """Return the first and the last day that a date can mean, None for what is no date.

    >>> [str(each) for each in days("2024-02")]
    ['2024-02-01', '2024-02-29']
    >>> days("some day") is None
    True
    """
    try:
        match [int(each) for each in text.split("-")]:
            case [year]:
                return datetime.date(year, 1, 1), datetime.date(year, 12, 31)
            case [year, month]:
                last = calendar.monthrange(year, month)[1]
                return datetime.date(year, month, 1), datetime.date(year, month, last)
            case [year, month, day]:
                found = datetime.date(year, month, day)
                return found, found
    except ValueError:
        pass
    return None


def span(row: Row, *, event: bool = False) -> Span:
    """Return the span of a row with dates and bounds.

    An event without an end is taken to be over on the day that it began; anything else
    without one may go on.
    """

    def bound(name: str, side: int) -> datetime.date | None:
        found = days(row[name].value) if name in row else None
        return found[side] if found else None

    def first(*found: datetime.date | None) -> datetime.date | None:
        return next((each for each in found if each), None)

    starts = first(bound("earliestStart", 0), bound("startDate", 0))
    started = first(bound("latestStart", 1), bound("startDate", 1))
    ends = first(bound("earliestEnd", 0), bound("endDate", 0))
    ended = first(bound("latestEnd", 1), bound("endDate", 1))
    if ends or ended:
        return Span(starts, started, ends, ended)
    if event:
        return Span(starts, started, starts, started)
    shown = bound("ongoingOn", 0)
    return Span(starts, started, shown, None, ongoing=shown is not None)
