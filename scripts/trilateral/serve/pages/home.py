"""Home: what this is, and where to begin."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from trilateral.serve.pages.render import render


def routes() -> list[BaseRoute]:
    """Return the routes of the home page."""
    return [Route("/", _home)]


async def _home(request: Request) -> Response:
    return render(request, "home.html")
