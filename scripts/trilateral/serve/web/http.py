"""HTTP: what all answers have in common: validators, compression, links and problems."""

from __future__ import annotations

import asyncio
import gzip
import html
import json
import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from http import HTTPStatus
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from trilateral import __version__
from trilateral.serve.web.accept import accepted, choose

_COMPRESSIBLE = ("text/", "application/", "image/svg")
_WORTH_IT = 1024
# Compressing so much takes some milliseconds, in which others would wait.
_LARGE = 128 << 10
_HOST = re.compile(r"(?:[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])(?::[0-9]{1,5})?")
# Answers change with the data alone: caches ask again, and 304 costs nothing.
PUBLIC = "public, max-age=300"
# Shared caches that pass over "Vary: Accept" would give one client the format of another.
NEGOTIATED = "private, max-age=300"


class Problem(Exception):  # noqa: N818 - the name of RFC 9457
    """A request that is not answered, told as a problem document (RFC 9457).

    ``title`` heads the page that a reader gets; programs are told the phrase of the status, as
    is the title of a problem without a type of its own. ``repair`` says what the client can do.
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
        accepted(request),
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
        "title": HTTPStatus(problem.status).phrase,
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

    ``validator`` is what `etag` gave; each coding of the body has one of its own, and so has
    a page under each set of the options that pages show.
    """
    if validator and media == "text/html":
        validator = f'{validator[:-1]}-{request.app.state.site.shown}"'
    data = body.encode() if isinstance(body, str) else body
    fields = {"cache-control": cache, **(headers or {})}
    varies = list(vary)
    if media.startswith(_COMPRESSIBLE):
        varies.append("Accept-Encoding")
    if varies:
        fields["vary"] = ", ".join(varies)
    if links:
        fields["link"] = ", ".join(links)
    known = unchanged(request, validator, fields) if validator and status == 200 else None
    if known:
        return known
    worth_it = media.startswith(_COMPRESSIBLE) and len(data) >= _WORTH_IT
    if worth_it and accepts_gzip(request.headers.get("accept-encoding", "")):
        data = gzip.compress(data, 6, mtime=0)
        fields["content-encoding"] = "gzip"
        validator = validator and of_gzip(validator)
    if validator:
        fields["etag"] = validator
    return Response(data, status, fields, media)


def of_gzip(validator: str) -> str:
    """Return the validator of the compressed form of an answer.

    >>> of_gzip('"a"')
    '"a-gzip"'
    """
    return f'{validator[:-1]}-gzip"'


def unchanged(request: Request, validator: str, fields: Mapping[str, str]) -> Response | None:
    """Return 304 where a client that reads has the answer already, in a coding it accepts."""
    known = request.headers.get("if-none-match")
    if known is None or request.method not in ("GET", "HEAD"):
        return None
    candidates = [validator]
    if accepts_gzip(request.headers.get("accept-encoding", "")):
        candidates.insert(0, of_gzip(validator))
    for each in candidates:
        if matches(known, each):
            return Response(None, 304, {**fields, "etag": each})
    return None


async def read_body(request: Request, limit: int) -> bytes:
    """Return the body of a request.

    Raises:
        Problem: 413, as soon as it has more bytes than the limit.
    """
    parts, size = [], 0
    async for part in request.stream():
        parts.append(part)
        size += len(part)
        if size > limit:
            raise Problem(
                413, "Too much is sent", f"A request may have {limit:,} bytes.", "Send less.",
                connection="close",
            )  # fmt: skip
    # Who reads the body after this gets it from here, as the stream is at its end.
    request._body = b"".join(parts)
    return request._body


async def reply_aside(
    request: Request, body: bytes, media: str, validator: str | None = None, **more: Any
) -> Response:
    """Return what `reply` does, made in a thread where compressing would keep others waiting."""
    if is_large(body):
        return await asyncio.to_thread(reply, request, body, media, validator, **more)
    return reply(request, body, media, validator, **more)


def is_large(body: bytes) -> bool:
    """Tell whether others would wait for long while a body is compressed."""
    return len(body) >= _LARGE


def origin(request: Request) -> str:
    """Return scheme, host and port that a request was sent to: ``http://127.0.0.1:8000``.

    URLs that a client is to fetch from this server begin with it, so that they work
    wherever the server runs; the names of things are those of the published base.

    Raises:
        Problem: 400, when the Host header is none.
    """
    host = request.headers.get("host", "")
    if not _HOST.fullmatch(host):
        raise Problem(
            400, "No such host", "The Host header is missing or is no host and port.",
            "Send the host that the server is asked under.",
        )  # fmt: skip
    return f"{request.scope['scheme']}://{host}"


@lru_cache(maxsize=64)
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
