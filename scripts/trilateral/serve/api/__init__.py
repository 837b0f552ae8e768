"""API: the named questions as a REST API, described by OpenAPI.

``/api/`` is the page for people; ``/api/questions`` lists the questions, each with the
parameters it takes; ``/api/questions/<name>.<ending>`` is its answer, one URL for each
format, and ``/api/questions/<name>`` leads to the one that a client accepts.
"""

from __future__ import annotations

from starlette.responses import RedirectResponse
from starlette.routing import BaseRoute, Route

from trilateral.serve.api import answer, listing, openapi


def routes() -> list[BaseRoute]:
    """Return the routes of this part."""
    return [
        Route("/api", lambda _: RedirectResponse("/api/", 308)),
        Route("/api/", listing.page),
        Route("/api/questions", listing.questions),
        Route("/api/openapi.json", openapi.document),
        Route("/api/questions/{name:path}", answer.answer),
    ]
