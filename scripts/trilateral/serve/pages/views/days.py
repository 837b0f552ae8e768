"""Days: the day that a view of memberships is of."""

from __future__ import annotations

from pyoxigraph import Literal, NamedNode
from starlette.requests import Request

from trilateral.prefixes import prefixes
from trilateral.serve.pages import parameters
from trilateral.serve.site import Site


def chosen(site: Site, request: Request) -> str:
    """Return the day that a request names, else the one that the question of overlap has.

    Raises:
        Problem: 400 when it is no day.
    """
    given = parameters.day(request, "date")
    if given:
        return given.isoformat()
    asked = site.questions["how-much-do-frameworks-overlap"].parameters
    return next(each.default for each in asked if each.name == "date" and each.default)


def literal(date: str) -> str:
    """Return a day as a SPARQL term.

    >>> literal("2024-05-07")
    '"2024-05-07"^^<http://www.w3.org/2001/XMLSchema#date>'
    """
    return str(Literal(date, datatype=NamedNode(prefixes()["xsd"] + "date")))
