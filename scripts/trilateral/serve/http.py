"""HTTP: what all answers have in common: validators, compression, links and problems."""

from __future__ import annotations

import gzip
import html
import json
from collections.abc import Mapping, Sequence
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from trilateral import __version__
from trilateral.serve.accept import choose

_COMPRESSIBLE = ("text/", "application/", "image/svg")
_WORTH_IT = 1024
# Answers change with the data alone: caches ask again, and 304 costs nothing.
PUBLIC = "public, max-age=300"


class Problem(Exception):  # noqa: N818 - the name of RFC 9457
    """A request that is not answered, told as a problem document (RFC 9457).

    ``repair`` says what the client can do.
    """

    def __init__(
        self, status: int, title: str, detail: str, repair: str = "", **headers: str
    ) -> None:
        super().__init__(detail)
        self.status, self.title, self.detail, self.repair = status, title, detail, repair
        self.headers = {name.replace("_", "-"): value for name, value in headers.items()}


def problem_response(request: Request, problem: Problem) -> Response:
    """Return a problem as JSON, or as a page where a browser asks."""
    media = choose(
        request.headers.get("accept"),
        ["application/problem+json", "application/json", "text/html"],
    )
    headers = {"cache-control": "no-store", "vary": "Accept", **problem.headers}
    if media == "text/html":
        text = (
            '<!doctype html><html lang="en"><meta charset="utf-8">'
            f"<title>{html.escape(problem.title)}</title>"
            '<main class="problem">'
            f"<h1>{html.escape(problem.title)}</h1><p>{html.escape(problem.detail)}</p>"
            f'<p>{html.escape(problem.repair)}</p><p><a href="/">Trilateral</a></p></main></html>'
        )
        return Response(text, problem.status, headers, "text/html; charset=utf-8")
    document = {
        "type": "about:blank",
        "title": problem.title,
        "status": problem.status,
        "detail": " ".join(filter(None, (problem.detail, problem.repair))),
    }
    return Response(json.dumps(document), problem.status, headers, "application/problem+json")


def etag(version: str, *parts: str) -> str:
    """Return a strong validator from the version of the data and what else decides the bytes.

    >>> etag("abcdef0123456789", "ttl").endswith('-ttl"')
    True
    """
    return f'"{"-".join([version[:16], __version__, *parts])}"'


def reply(
    request: Request,
    body: bytes | str,
    media: str,
    validator: str | None = None,
    *,
    status: int = 200,
    vary: Sequence[str] = (),
    links: Sequence[str] = (),
    cache: str = PUBLIC,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """Return an answer, or 304 where the client has it already; compressed where it may be.

    ``validator`` is what `etag` gave; each coding of the body has one of its own.
    """
    data = body.encode() if isinstance(body, str) else body
    fields = {"cache-control": cache, **(headers or {})}
    varies = list(vary)
    if media.startswith(_COMPRESSIBLE) and len(data) >= _WORTH_IT:
        varies.append("Accept-Encoding")
        if accepts_gzip(request.headers.get("accept-encoding", "")):
            data = gzip.compress(data, 6, mtime=0)
            fields["content-encoding"] = "gzip"
            validator = validator and f'{validator[:-1]}-gzip"'
    if varies:
        fields["vary"] = ", ".join(varies)
    if links:
        fields["link"] = ", ".join(links)
    if validator:
        fields["etag"] = validator
        if status == 200 and matches(request.headers.get("if-none-match"), validator):
            kept = {k: v for k, v in fields.items() if k not in ("content-encoding",)}
            return Response(None, 304, kept)
    return Response(data, status, fields, media)


def accepts_gzip(header: str) -> bool:
    """Tell whether an Accept-Encoding header allows gzip.

    >>> [accepts_gzip(each) for each in ("gzip, br", "gzip;q=0", "*", "identity")]
    [True, False, True, False]
    """
    weights: dict[str, str] = {}
    for part in header.lower().split(","):
        name, _, weight = part.strip().partition(";")
        weights[name.strip()] = weight.replace(" ", "")
    weight = weights.get("gzip", weights.get("*", "q=0"))
    return weight.rstrip("0.") != "q="


def matches(header: str | None, validator: str) -> bool:
    """Tell whether If-None-Match names a validator (weak comparison, RFC 9110 13.1.2).

    >>> matches('W/"a", "b"', '"a"'), matches("*", '"a"'), matches('"c"', '"a"')
    (True, True, False)
    """
    if header is None:
        return False
    names = [each.strip().removeprefix("W/") for each in header.split(",")]
    return "*" in names or validator in names


def as_json(request: Request, value: Any, validator: str | None = None, **more: Any) -> Response:
    """Return a value as JSON."""
    text = json.dumps(value, ensure_ascii=False, indent=2) + "\n"
    return reply(request, text, "application/json", validator, **more)
