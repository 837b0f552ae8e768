"""Static: style sheets, scripts and pictures, under names that hold a digest of their text."""

from __future__ import annotations

import hashlib
import mimetypes
from functools import cache
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from trilateral.serve import http

FOLDER = Path(__file__).parent / "static"
_FOREVER = "public, max-age=31536000, immutable"


def routes() -> list[BaseRoute]:
    """Return the route of the static files."""
    return [Route("/static/{name:path}", _file, name="static")]


def asset(name: str) -> str:
    """Return the URL of a static file, which changes with its text.

    >>> asset("site.css").startswith("/static/site.")
    True
    """
    return next(url for url, path in _files().items() if path == FOLDER / name)


@cache
def _files() -> dict[str, Path]:
    files = {}
    for path in sorted(FOLDER.rglob("*")):
        if path.is_file():
            digest = hashlib.sha256(path.read_bytes()).hexdigest()[:12]
            name = path.relative_to(FOLDER).with_suffix(f".{digest}{path.suffix}").as_posix()
            files[f"/static/{name}"] = path
    return files


async def _file(request: Request) -> Response:
    path = _files().get(request.url.path)
    if path is None:
        raise http.Problem(404, "Not found", f"There is no {request.url.path}.", "See /.")
    media = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    validator = f'"{path.name}-{request.url.path.rpartition("/")[2]}"'
    return http.reply(request, path.read_bytes(), media, validator, cache=_FOREVER)
