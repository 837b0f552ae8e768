"""Views: timeline, map, neighbourhood, matrix and overlap, drawn as SVG with a table beside.

Each view is drawn on the server and readable without JavaScript. ``/views/NAME`` is its
page, ``/views/NAME.svg`` the drawing and ``/views/NAME.csv`` the rows of its table.
"""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from trilateral.serve.pages import parameters
from trilateral.serve.pages.language import N_
from trilateral.serve.pages.render import render
from trilateral.serve.pages.views import atlas, matrix, network, overlap, timeline
from trilateral.serve.pages.views.view import Maker, make_routes

VIEWS: dict[str, tuple[str, str, Maker]] = {
    "timeline": (
        N_("Timeline"),
        N_(
            "Memberships, phases and events of a framework or an actor on one axis, dates as "
            "precisely as they are known."
        ),
        timeline.make,
    ),
    "map": (
        N_("Map"),
        N_("Places of events, and the members of a framework on a day, over land without borders."),
        atlas.make,
    ),
    "network": (
        N_("Neighbourhood"),
        N_("What a thing is linked to: memberships, events, positions and statements around it."),
        network.make,
    ),
    "matrix": (
        N_("Matrix of positions"),
        N_(
            "Which side each actor takes on the propositions that are most contested, or on a "
            "topic."
        ),
        matrix.make,
    ),
    "overlap": (
        N_("Overlap of frameworks"),
        N_("How many members frameworks have in common on a day."),
        overlap.make,
    ),
}


def routes() -> list[BaseRoute]:
    """Return the routes of the views."""
    found: list[BaseRoute] = [Route("/views", _overview)]
    for name, (_, _, make) in VIEWS.items():
        found += make_routes(name, make)
    return found


async def _overview(request: Request) -> Response:
    parameters.known(request)
    listed = [(name, title, words) for name, (title, words, _) in VIEWS.items()]
    return render(request, "views/overview.html", views=listed)
