"""Keep: public answers are made once and given again, until the data change."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from trilateral.serve.site import Site
from trilateral.serve.web.http import accepts_gzip, matches
from trilateral.serve.web.observe import route_of

_ROOM = 64 << 20
_LARGEST = 4 << 20
# What an answer takes beside its body, about.
_OVERHEAD = 2000


@dataclass(frozen=True)
class _Kept:
    status: int
    headers: list[tuple[bytes, bytes]]
    body: bytes
    validator: str
    route: str

    @property
    def size(self) -> int:
        return len(self.body) + _OVERHEAD


class Keep:
    """Keeps answers that are public, whole, and have a strong validator but no negotiation."""

    def __init__(self, app: ASGIApp, site: Site) -> None:
        self.app, self.site = app, site
        self.answers: OrderedDict[tuple[str, bytes, bytes, bool], _Kept] = OrderedDict()
        self.size = 0
        self.version = ""
        site.metrics.documents = lambda: (len(self.answers), self.size)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, from what is kept where it can be."""
        if scope["type"] != "http" or scope["method"] != "GET":
            await self.app(scope, receive, send)
            return
        given = dict(scope["headers"])
        host = given.get(b"host", b"")
        gzip = accepts_gzip(given.get(b"accept-encoding", b"").decode("latin-1"))
        key = (scope["path"], scope["query_string"], host, gzip)
        current = self.site.current.engine.version if self.site.current else ""
        if self.version != current:
            self.answers.clear()
            self.size, self.version = 0, current
        kept = self.answers.get(key)
        if kept:
            self.answers.move_to_end(key)
            scope["kept-route"] = kept.route
            known = given.get(b"if-none-match")
            await _send(send, kept, known.decode("latin-1") if known else None)
            return
        await self.app(scope, receive, self._keeping(key, scope, send))

    def _keeping(self, key: tuple[str, bytes, bytes, bool], scope: Scope, send: Send) -> Send:
        start: Message = {}

        async def keep(message: Message) -> None:
            nonlocal start
            if message["type"] == "http.response.start":
                start = message
            elif not message.get("more_body") and start:
                self._store(key, route_of(scope), start, message.get("body", b""))
            await send(message)

        return keep

    def _store(
        self, key: tuple[str, bytes, bytes, bool], route: str, start: Message, body: bytes
    ) -> None:
        headers = dict(start["headers"])
        vary = headers.get(b"vary", b"").lower()
        public = headers.get(b"cache-control", b"").startswith(b"public")
        whole = int(headers.get(b"content-length", b"-1")) == len(body) <= _LARGEST
        validator = headers.get(b"etag", b"").decode("latin-1")
        if start["status"] != 200 or not (public and whole and validator):
            return
        # An answer from data that were replaced in the meantime is not that of the new ones.
        if vary not in (b"", b"accept-encoding") or self.version != self.site.version:
            return
        before = self.answers.pop(key, None)
        self.size -= before.size if before else 0
        self.answers[key] = _Kept(200, list(start["headers"]), body, validator, route)
        self.size += self.answers[key].size
        while self.size > _ROOM:
            self.size -= self.answers.popitem(last=False)[1].size


async def _send(send: Send, kept: _Kept, known: str | None) -> None:
    if matches(known, kept.validator):
        left_out = (b"content-length", b"content-encoding", b"content-type")
        headers = [pair for pair in kept.headers if pair[0] not in left_out]
        await send({"type": "http.response.start", "status": 304, "headers": headers})
        await send({"type": "http.response.body", "body": b""})
        return
    await send({"type": "http.response.start", "status": 200, "headers": kept.headers})
    await send({"type": "http.response.body", "body": kept.body})
