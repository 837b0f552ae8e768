"""Observe: counts and logs every request, and turns a mistake of ours into a plain 500."""

from __future__ import annotations

import secrets
import time

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from trilateral.serve.site import Site
from trilateral.serve.web.http import Problem, problem_response

_PACKAGE = "trilateral.serve."
# 499 is what nginx says where the client has hung up before the answer.
_GONE = 499


class Observe:
    """Gives each request an identifier, and counts and logs how it was answered."""

    def __init__(self, app: ASGIApp, site: Site) -> None:
        self.app, self.site = app, site

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        began = time.monotonic()
        name = secrets.token_hex(8)
        status = 0

        async def noting(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                MutableHeaders(scope=message)["x-request-id"] = name
            await send(message)

        try:
            await self.app(scope, receive, noting)
        finally:
            seconds = time.monotonic() - began
            route = route_of(scope)
            self.site.metrics.request(route, status or _GONE, seconds)
            self.site.log.request(
                id=name, method=scope["method"], route=route, status=status or _GONE,
                ms=round(seconds * 1000, 1), outcome=scope.get("outcome", "-"),
            )  # fmt: skip


class Mistakes:
    """Answers 500 where something failed that nobody foresaw, and logs what."""

    def __init__(self, app: ASGIApp, site: Site) -> None:
        self.app, self.site = app, site

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        started = False

        async def noting(message: Message) -> None:
            nonlocal started
            started = True
            await send(message)

        try:
            await self.app(scope, receive, noting)
        except Exception as error:
            if scope["type"] != "http":
                raise
            self.site.log.mistake(error, route=route_of(scope))
            if started:
                # What has begun cannot be taken back: the connection is broken off.
                raise
            problem = Problem(
                500, "A mistake of the server", "It is in the log of the server.", "Report it."
            )
            await problem_response(Request(scope), problem)(scope, receive, send)


def route_of(scope: Scope) -> str:
    """Return which part answers a request: the module of its route, or ``none``."""
    if "kept-route" in scope:
        return str(scope["kept-route"])
    module = getattr(scope.get("endpoint"), "__module__", "")
    return module.rpartition(".")[2] if module.startswith(_PACKAGE) else "none"
