"""Operations: health, readiness and metrics."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from trilateral.serve.site import Site
from trilateral.serve.web.http import Problem
from trilateral.serve.web.metrics import MEDIA_TYPE

_FRESH = {"cache-control": "no-store"}


def routes() -> list[BaseRoute]:
    """Return the routes of this part."""
    return [
        Route("/healthz", _health, name="health"),
        Route("/readyz", _ready, name="ready"),
        Route("/metrics", _metrics, name="metrics"),
    ]


async def _health(request: Request) -> Response:
    """The process lives: it answers."""
    return Response("ok\n", 200, _FRESH, "text/plain")


async def _ready(request: Request) -> Response:
    """Queries are answered.

    Raises:
        Problem: 503, while they are not.
    """
    site: Site = request.app.state.site
    if not site.ready:
        raise Problem(
            503, "Not ready", "The engine is starting.", "Ask again in a second.", retry_after="1"
        )
    return Response("ready\n", 200, _FRESH, "text/plain")


async def _metrics(request: Request) -> Response:
    site: Site = request.app.state.site
    return Response(site.metrics.text(), 200, {**_FRESH, "content-type": MEDIA_TYPE})
