"""Keep: public answers are made once and given again, until the data change."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from trilateral.serve.http import accepts_gzip, matches
from trilateral.serve.site import Site

_ROOM = 64 << 20
_LARGEST = 4 << 20


@dataclass(frozen=True)
class _Kept:
    status: int
    headers: list[tuple[bytes, bytes]]
    body: bytes
    validator: str


class Keep:
    """Keeps answers that are public, whole, and have a strong validator but no negotiation."""

    def __init__(self, app: ASGIApp, site: Site) -> None:
        self.app, self.site = app, site
        self.answers: OrderedDict[tuple[str, bytes, bytes, bool], _Kept] = OrderedDict()
        self.size = 0
        self.version = ""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, from what is kept where it can be."""
        if scope["type"] != "http" or scope["method"] != "GET":
            await self.app(scope, receive, send)
            return
        given = dict(scope["headers"])
        host = given.get(b"host", b"")
        gzip = accepts_gzip(given.get(b"accept-encoding", b"").decode("latin-1"))
        key = (scope["path"], scope["query_string"], host, gzip)
        if self.version != self.site.version:
            self.answers.clear()
            self.size, self.version = 0, self.site.version
        kept = self.answers.get(key)
        if kept:
            self.answers.move_to_end(key)
            known = given.get(b"if-none-match")
            await _send(send, kept, known.decode("latin-1") if known else None)
            return
        await self.app(scope, receive, self._keeping(key, send))

    def _keeping(self, key: tuple[str, bytes, bytes, bool], send: Send) -> Send:
        start: Message = {}

        async def keep(message: Message) -> None:
            nonlocal start
            if message["type"] == "http.response.start":
                start = message
            elif not message.get("more_body") and start:
                self._store(key, start, message.get("body", b""))
            await send(message)

        return keep

    def _store(self, key: tuple[str, bytes, bytes, bool], start: Message, body: bytes) -> None:
        headers = dict(start["headers"])
        vary = headers.get(b"vary", b"").lower()
        public = headers.get(b"cache-control", b"").startswith(b"public")
        whole = int(headers.get(b"content-length", b"-1")) == len(body) <= _LARGEST
        validator = headers.get(b"etag", b"").decode("latin-1")
        if start["status"] != 200 or not (public and whole and validator):
            return
        if vary not in (b"", b"accept-encoding") or self.version != self.site.version:
            return
        self.answers[key] = _Kept(200, list(start["headers"]), body, validator)
        self.size += len(body)
        while self.size > _ROOM:
            self.size -= len(self.answers.popitem(last=False)[1].body)


async def _send(send: Send, kept: _Kept, known: str | None) -> None:
    if matches(known, kept.validator):
        left_out = (b"content-length", b"content-encoding", b"content-type")
        headers = [pair for pair in kept.headers if pair[0] not in left_out]
        await send({"type": "http.response.start", "status": 304, "headers": headers})
        await send({"type": "http.response.body", "body": b""})
        return
    await send({"type": "http.response.start", "status": 200, "headers": kept.headers})
    await send({"type": "http.response.body", "body": kept.body})
