"""Gate: what is refused before any part looks at it, and which data a request is answered from."""

from __future__ import annotations

import re

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from trilateral.serve.site import Site
from trilateral.serve.web.headers import preflight
from trilateral.serve.web.http import Problem, problem_response

# A name or an address with a port, as RFC 3986 has it; no Host header has anything else.
_HOST = re.compile(rb"(?:[A-Za-z0-9._~-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\])(?::\d{0,5})?")
# No address of this server has an empty first segment, a dot segment, a backslash or a
# control character; redirects, logs and files can do without them.
_PATH = re.compile(r"(?!//)(?!.*/\.{1,2}(?:/|$))[^\x00-\x1f\x7f-\x9f\\]*", re.DOTALL)
# The form encoding of a query can be so many times as long as the query.
_ENCODED = 3


class Gate:
    """Refuses nonsense in Host and path, and bodies that are too long; answers OPTIONS."""

    def __init__(self, app: ASGIApp, site: Site) -> None:
        self.app, self.site = app, site

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        if scope["method"] == "OPTIONS":
            answer = Response(None, 204, preflight(scope["path"]))
            await answer(scope, receive, send)
            return
        text = self.site.limits.text
        room = _ENCODED * text + 1024
        problem = refusal(scope)
        if any(name == b"content-length" and int(value) > room for name, value in scope["headers"]):
            problem = _too_long(text)
        if problem:
            await problem_response(Request(scope), problem)(scope, receive, send)
            return

        async def bounded() -> Message:
            nonlocal room
            message = await receive()
            room -= len(message.get("body", b""))
            if room < 0:
                raise _too_long(text)
            return message

        # Health and metrics are answered also while there are no data.
        if self.site.current is None:
            await self.app(scope, bounded, send)
            return
        with self.site.current.pinned():
            await self.app(scope, bounded, send)


def refusal(scope: Scope) -> Problem | None:
    """Return why a request is refused for its Host or path, None where it is not."""
    given = [value for name, value in scope["headers"] if name == b"host"]
    if len(given) > 1 or not all(map(_HOST.fullmatch, given)):
        return Problem(400, "Bad request", "The Host header names no host.", "Name one.")
    if not given and scope["http_version"] != "1.0":
        return Problem(400, "Bad request", "There is no Host header.", "Send one.")
    if not _PATH.fullmatch(scope["path"]):
        return Problem(404, "Not found", "There is nothing at such a path.", "See /.")
    return None


def _too_long(size: int) -> Problem:
    return Problem(
        413, "The request is too long", f"A query has at most {size:,} bytes here.", "Shorten it."
    )
