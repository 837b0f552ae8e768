"""History: what the versions changed, as `trilateral publish history` has written it."""

from __future__ import annotations

import asyncio
import hashlib

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from trilateral.serve.site import Site
from trilateral.serve.web import http

# Of what a history holds; all text but what its pages offer to programs.
_MEDIA = {
    "html": "text/html",
    "css": "text/css",
    "json": "application/json",
    "rdfp": "application/rdf-patch",
}


def routes() -> list[BaseRoute]:
    """Return the route of all files of a history."""
    return [Route("/history/{name:path}", _file, name="history")]


async def _file(request: Request) -> Response:
    site: Site = request.app.state.site
    path = request.url.path.removeprefix("/")
    # Only what was there when the history was read: no path leads out of it.
    found = site.history.files.get(f"{path}index.html" if path.endswith("/") else path)
    try:
        body = await asyncio.to_thread(found.read_bytes) if found else None
    except OSError:
        body = None
    if found is None or body is None:
        raise http.Problem(404, "Not found", f"There is no /{path}.", "See /.")
    media = _MEDIA.get(found.suffix.removeprefix("."), "text/plain")
    return http.reply(request, body, media, f'"{hashlib.sha256(body).hexdigest()[:16]}"')
