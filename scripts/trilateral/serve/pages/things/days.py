"""Days: the day up to which the data go, and how a day stands in a query."""

from __future__ import annotations

import pyoxigraph as ox
from starlette.requests import Request

from trilateral.prefixes import prefixes
from trilateral.serve.pages.things.section import question_of
from trilateral.serve.site import Answer, Site


async def last_day(site: Site, request: Request | None = None) -> str:
    """Return the day up to which the data go, "" where none is known."""
    return day_in(await site.query(question_of(site, "day").bound({}), request))


def day_in(answer: Answer) -> str:
    """Return the one day of an answer, "" where it has none."""
    return answer.rows[0]["day"].value if answer.rows and answer.rows[0] else ""


def as_date(day: str) -> str:
    """Return a day as a SPARQL term."""
    return str(ox.Literal(day, datatype=ox.NamedNode(prefixes()["xsd"] + "date")))
