"""About: what this is, how to cite it, and what the server offers to machines."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from trilateral.serve.linked_data.documents import FORMATS
from trilateral.serve.pages.citation import read_citation
from trilateral.serve.pages.render import render


def routes() -> list[BaseRoute]:
    """Return the route of the page about the site."""
    return [Route("/about", _about)]


async def _about(request: Request) -> Response:
    return render(request, "about.html", citation=read_citation(), formats=FORMATS)
