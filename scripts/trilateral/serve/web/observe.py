"""Observe: counts and logs every request, and turns a mistake of ours into a plain 500."""

from __future__ import annotations

import itertools
import secrets
import time
from typing import NamedTuple

from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from trilateral.serve.site import Site
from trilateral.serve.web.connection import WHOLE
from trilateral.serve.web.headers import complete, written
from trilateral.serve.web.http import Problem, problem_response

_PACKAGE = "trilateral.serve."
# 499 is what nginx says where the client has hung up before the answer.
GONE = 499
_WITHOUT_BODY = (204, 304)
_PROCESS, _NUMBERS = secrets.token_hex(4), itertools.count(1)


class Observe:
    """Gives each answer an identifier and what every answer has; counts and logs it."""

    def __init__(self, app: ASGIApp, site: Site) -> None:
        self.app, self.site = app, site

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        began, name = time.monotonic(), new_name()
        status, sent = 0, False
        start: Message = {}

        async def sending(message: Message) -> None:
            nonlocal status, sent, start
            if message["type"] == "http.response.start":
                # Sent with what follows: mostly that is all of the body.
                status = message["status"]
                fields = [*message["headers"], (b"x-request-id", name.encode())]
                start = {**message, "headers": fields}
                return
            if not sent:
                whole = await _send_whole(scope, start, message)
                sent = True
                if whole:
                    return
                await send({**start, "headers": complete(start["headers"])})
            await send(message)

        try:
            await self.app(scope, receive, sending)
        except Exception as error:
            problem = mistake(self.site, scope, error)
            if sent:
                # What has begun cannot be taken back: the connection is broken off.
                raise
            await problem_response(Request(scope), problem)(scope, receive, sending)
        finally:
            note(self.site, seen(scope), name, status if sent else GONE, began)


async def _send_whole(scope: Scope, start: Message, message: Message) -> bool:
    """Have the connection send an answer at once, where it can and this is all of the answer."""
    whole = scope.get("extensions", {}).get(WHOLE)
    status, fields = start["status"], start["headers"]
    names = {name for name, _ in fields}
    if whole is None or message.get("more_body") or b"connection" in names:
        return False
    if b"content-length" not in names and status not in _WITHOUT_BODY:
        return False
    await whole(status, written(fields), message.get("body", b""))
    return True


def mistake(site: Site, scope: Scope, error: Exception) -> Problem:
    """Log an error of the server; returns what the client is told."""
    site.log.mistake(error, route=route_of(scope))
    return Problem(500, "A mistake of the server", "It is in the log of the server.", "Report it.")


def new_name() -> str:
    """Return an identifier for a request: of this process, and its number in it."""
    return f"{_PROCESS}{next(_NUMBERS):08x}"


class Seen(NamedTuple):
    """What is counted and logged of a request: its method, the part that answers, the outcome."""

    method: str
    route: str
    outcome: str = "-"


def seen(scope: Scope) -> Seen:
    """Return what is counted and logged of a request."""
    return Seen(scope["method"], route_of(scope), scope.get("outcome", "-"))


def note(site: Site, request: Seen, name: str, status: int, began: float) -> None:
    """Count and log how a request was answered."""
    seconds = time.monotonic() - began
    site.metrics.request(request.route, status, seconds)
    if site.log.requests:
        site.log.tell(
            "request", id=name, method=request.method, route=request.route, status=status,
            ms=round(seconds * 1000, 1), outcome=request.outcome,
        )  # fmt: skip


def route_of(scope: Scope) -> str:
    """Return which part answers a request: the module of its route, or ``none``."""
    if "kept-route" in scope:
        return str(scope["kept-route"])
    module = getattr(scope.get("endpoint"), "__module__", "")
    return module.rpartition(".")[2] if module.startswith(_PACKAGE) else "none"
