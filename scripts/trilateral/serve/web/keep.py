"""Keep: public answers are made once and given again, until the data change."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from trilateral.serve.site import Site
from trilateral.serve.web.connection import Reply
from trilateral.serve.web.headers import Fields, written
from trilateral.serve.web.http import accepts_gzip, matches
from trilateral.serve.web.observe import Seen, new_name, note, route_of

_ROOM = 64 << 20
_LARGEST = 4 << 20
# What an answer takes beside its body, about.
_OVERHEAD = 4000
_READING = ("GET", "HEAD")
# What 304 leaves out.
_OF_THE_BODY = (b"content-length", b"content-encoding", b"content-type")

# Requests of which the bytes are known, and how long one may be.
_REQUESTS, _REQUEST = 4096, 2048

_Key = tuple[bytes, bytes, bytes, bool, str]


@dataclass(frozen=True)
class _Asked:
    """What of a request tells its answer: a key, and the validator that its client knows."""

    method: str
    key: _Key
    known: bytes | None


@dataclass(frozen=True)
class _Answer:
    """An answer in both forms: as the application gives it, and as it is sent."""

    status: int
    fields: Fields
    body: bytes
    head: bytes


@dataclass(frozen=True)
class _Kept:
    whole: _Answer
    unchanged: _Answer
    validator: str
    route: str

    @property
    def size(self) -> int:
        return len(self.whole.body) + _OVERHEAD

    def answer(self, known: bytes | None) -> _Answer:
        """Return 304 for a client that says that it has the answer, else all of it."""
        has = known is not None and matches(known.decode("latin-1"), self.validator)
        return self.unchanged if has else self.whole


class Answers:
    """Answers that are public, whole, and have a strong validator but no negotiation."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.answers: OrderedDict[_Key, _Kept] = OrderedDict()
        self.size = 0
        self.version = ("", "")
        self.asked: OrderedDict[bytes, _Asked] = OrderedDict()
        site.metrics.documents = lambda: (len(self.answers), self.size)

    def take(self, scope: Scope, reply: Reply) -> Callable[[], None] | None:
        """Answer a request, counted and logged, where the answer is kept."""
        if scope["method"] not in _READING:
            return None
        given = dict(scope["headers"])
        # Host and path have passed the gate when the answer was kept. What else it looks at
        # is a body, and whether the host is named once.
        if b"host" not in given or len(given) < len(scope["headers"]) or _has_body(given):
            return None
        asked = _Asked(scope["method"], _key(scope, given), given.get(b"if-none-match"))
        answer = self._answer(asked)
        if answer is None:
            return None
        scope["asked"] = asked
        reply(*answer)
        return _nothing

    def again(self, data: bytes) -> tuple[int, bytes, bytes] | None:
        """Answer a request that came before in the same bytes, where its answer is kept."""
        asked = self.asked.get(data)
        return self._answer(asked) if asked else None

    def learn(self, data: bytes, scope: Scope) -> None:
        """Take note of the bytes of a request that was answered from what is kept.

        They are parsed once: what they ask for is the same whatever the data are.
        """
        asked = scope.get("asked")
        if asked and len(data) <= _REQUEST:
            self.asked[data] = asked
            if len(self.asked) > _REQUESTS:
                self.asked.popitem(last=False)

    def _answer(self, asked: _Asked) -> tuple[int, bytes, bytes] | None:
        """Return what is sent, counted and logged; None where nothing is kept."""
        began = time.monotonic()
        kept = self.find(asked.key)
        if kept is None:
            return None
        answer, name = kept.answer(asked.known), new_name()
        note(self.site, Seen(asked.method, kept.route), name, answer.status, began)
        head = b"%bx-request-id: %b\r\n" % (answer.head, name.encode())
        return answer.status, head, b"" if asked.method == "HEAD" else answer.body

    def find(self, key: _Key) -> _Kept | None:
        """Return what is kept of the data as they are now."""
        there = self.site.current
        current = (there.engine.version, self.site.shown) if there else ("", "")
        if self.version != current:
            self.answers.clear()
            self.size, self.version = 0, current
        kept = self.answers.get(key)
        if kept:
            self.answers.move_to_end(key)
        return kept

    def store(self, key: _Key, shown: str, route: str, start: Message, body: bytes) -> None:
        """Keep an answer where it may be kept; ``shown`` is that of when it was begun."""
        fields: Fields = list(start["headers"])
        named = dict(fields)
        vary = named.get(b"vary", b"").lower()
        public = named.get(b"cache-control", b"").startswith(b"public")
        whole = int(named.get(b"content-length", b"-1")) == len(body) <= _LARGEST
        validator = named.get(b"etag", b"").decode("latin-1")
        if start["status"] != 200 or not (public and whole and validator):
            return
        # An answer from what was replaced in the meantime is not that of the new.
        same = self.version == (self.site.version, shown)
        if vary not in (b"", b"accept-encoding") or not same:
            return
        before = self.answers.pop(key, None)
        self.size -= before.size if before else 0
        rest = [pair for pair in fields if pair[0] not in _OF_THE_BODY]
        self.answers[key] = kept = _Kept(
            _Answer(200, fields, body, written(fields)),
            _Answer(304, rest, b"", written(rest)),
            validator,
            route,
        )
        self.size += kept.size
        while self.size > _ROOM:
            self.size -= self.answers.popitem(last=False)[1].size


class Keep:
    """Answers from what is kept, and keeps what is answered."""

    def __init__(self, app: ASGIApp, answers: Answers) -> None:
        self.app, self.answers = app, answers

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, from what is kept where it can be."""
        if scope["type"] != "http" or scope["method"] not in _READING:
            await self.app(scope, receive, send)
            return
        given = dict(scope["headers"])
        key = _key(scope, given)
        kept = self.answers.find(key)
        if kept is None:
            keeping = self._keeping(key, scope, send) if scope["method"] == "GET" else send
            await self.app(scope, receive, keeping)
            return
        scope["kept-route"] = kept.route
        answer = kept.answer(given.get(b"if-none-match"))
        start = {"type": "http.response.start", "status": answer.status, "headers": answer.fields}
        await send(start)
        await send({"type": "http.response.body", "body": answer.body})

    def _keeping(self, key: _Key, scope: Scope, send: Send) -> Send:
        start: Message = {}
        shown = self.answers.site.shown

        async def keep(message: Message) -> None:
            nonlocal start
            if message["type"] == "http.response.start":
                start = message
            elif not message.get("more_body") and start:
                self.answers.store(key, shown, route_of(scope), start, message.get("body", b""))
            await send(message)

        return keep


def _key(scope: Scope, given: dict[bytes, bytes]) -> _Key:
    """Return what an answer depends on that does not vary by negotiation."""
    gzip = accepts_gzip(given.get(b"accept-encoding", b"").decode("latin-1"))
    host = given.get(b"host", b"")
    return scope["raw_path"], scope["query_string"], host, gzip, scope["scheme"]


def _has_body(given: dict[bytes, bytes]) -> bool:
    return b"content-length" in given or b"transfer-encoding" in given


def _nothing() -> None:
    """Nothing is left to be done for an answer that was kept."""
