"""Static: style sheets, scripts and pictures, under names that hold a digest of their text.

A script names the modules that it imports by their paths (``./editor/table.js``) or by
the names of packages (``@codemirror/view``), as its authors wrote it. Browsers know no
packages, and a change must change the name of all that import the changed file: both are
mended when a script is served, by putting URLs in the place of the names.
"""

from __future__ import annotations

import hashlib
import json
import mimetypes
import posixpath
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from trilateral.serve.web import http

FOLDER = Path(__file__).parents[1] / "static"
VENDORED = FOLDER / "vendor" / "vendor.json"
FOREVER = "public, max-age=31536000, immutable"
_SCRIPTS = (".js", ".mjs")
_IMPORT = re.compile(
    r"(^(?:import|export)\b[\w$\s,*{}]*?from\s*|^import\s*|\bimport\()([\"'])([^\"'\n]+)\2",
    re.MULTILINE,
)


@dataclass(frozen=True)
class _File:
    url: str
    body: bytes


def routes() -> list[BaseRoute]:
    """Return the route of the static files."""
    return [Route("/static/{name:path}", _file, name="static")]


def asset(name: str) -> str:
    """Return the URL of a static file, which changes with its text and that of its imports.

    >>> asset("site.css").startswith("/static/site.")
    True
    """
    return _load(name).url


@cache
def modules() -> dict[str, str]:
    """Return the static file of each package that scripts import by name.

    >>> modules()["@codemirror/view"]
    'vendor/@codemirror/view/index.js'
    """
    return {
        specifier: f"vendor/{package['name']}/{file}"
        for package in json.loads(VENDORED.read_bytes())["packages"]
        for specifier, file in package["modules"].items()
    }


@cache
def _load(name: str) -> _File:
    """Return a file as it is served; scripts must not import each other in a circle."""
    path = FOLDER / name
    body = path.read_bytes()
    if path.suffix in _SCRIPTS:
        body = _IMPORT.sub(lambda found: _resolved(name, found), body.decode()).encode()
    digest = hashlib.sha256(body).hexdigest()[:12]
    stem, ending = posixpath.splitext(name)
    return _File(f"/static/{stem}.{digest}{ending}", body)


def _resolved(name: str, found: re.Match[str]) -> str:
    before, quote, specifier = found.groups()
    if specifier.startswith("."):
        target = posixpath.normpath(posixpath.join(posixpath.dirname(name), specifier))
    elif specifier in modules():
        target = modules()[specifier]
    else:
        raise LookupError(f"static/{name} imports {specifier}, which vendor.json does not have.")
    return f"{before}{quote}{asset(target)}{quote}"


@cache
def _files() -> dict[str, _File]:
    names = [path.relative_to(FOLDER).as_posix() for path in FOLDER.rglob("*") if path.is_file()]
    return {file.url: file for file in map(_load, sorted(names))}


async def _file(request: Request) -> Response:
    file = _files().get(request.url.path)
    if file is None:
        raise http.Problem(404, "Not found", f"There is no {request.url.path}.", "See /.")
    media = mimetypes.guess_type(file.url)[0] or "application/octet-stream"
    validator = f'"{file.url.rpartition("/")[2]}"'
    return http.reply(request, file.body, media, validator, cache=FOREVER)
