"""Connection: one connection of a client, with bounds on how slow and how large it may be.

What uvicorn leaves open: a client that sends a byte a minute, headers without end, a client
that does not read its answer, one that opens all connections there are, and one that hangs up
while others work for it. What is at hand is answered without the application.
"""

from __future__ import annotations

import asyncio
import contextvars
import functools
import ipaddress
import json
import socket
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any, Protocol, cast

from starlette.types import Scope
from uvicorn.protocols.http.httptools_impl import (
    STATUS_LINE,
    HttpToolsProtocol,
    RequestResponseCycle,
)

from trilateral.serve.web.budget import whose

# Bytes of a request before its body.
HEAD = 32 << 10
# Seconds for a whole request to arrive.
_RECEIVE = 20.0
# A client that reads its answer takes so many bytes in so many seconds.
_STALLED, _SOME = 10.0, 16 << 10
# Seconds in which a client that was refused may read why.
_LINGER = 2.0
# Connections of one address; a proxy may have as many as there are.
_EACH = 100
# Seconds after which one that found too many connections may try again.
_LATER = 5
# Requests that may wait behind the one that is at work.
_BEHIND = 16

_REASONS = {
    400: ("Bad Request", "This is no HTTP request."),
    408: ("Request Timeout", f"The request did not arrive within {_RECEIVE:g} seconds."),
    431: ("Request Header Fields Too Large", f"A request has {HEAD:,} bytes before its body."),
    503: ("Service Unavailable", "Too many connections are open."),
}


# The extension of ASGI by which the application gives a whole answer: an async function of
# status, header fields as they are sent, and body.
WHOLE = "trilateral.whole"
# What gives an answer as it is sent: status, header fields and body.
Reply = Callable[[int, bytes, bytes], None]
# What takes requests that need no task: it answers, now or later, and returns what is to be
# called should the client go before; None where it leaves the request to the application.
Take = Callable[[Scope, Reply], Callable[[], None] | None]


class Repeats(Protocol):
    """What answers a request that is the same, byte by byte, as one that was answered."""

    def again(self, data: bytes) -> tuple[int, bytes, bytes] | None:
        """Return status, header fields and body; None where it leaves the request to others."""

    def learn(self, data: bytes, scope: Scope) -> None:
        """Take note that these bytes are this request, all of it and no other."""


class _HeadError(Exception):
    """The head of a request is too long."""


class Connection(HttpToolsProtocol):
    """An HTTP/1.1 connection with limits."""

    trusted: Sequence[ipaddress.IPv4Network | ipaddress.IPv6Network] = ()
    opened: Counter[str]
    takes: Sequence[Take] = ()
    repeats: Repeats | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin: the first request has to arrive in time."""
        super().connection_made(transport)
        self._heading, self._raw, self._whole, self._begun = True, 0, False, 0
        self._refused = False
        self._task: asyncio.Task[None] | None = None
        self._leave: Callable[[], None] | None = None
        self._receiving: asyncio.TimerHandle | None = None
        self._writing: asyncio.TimerHandle | None = None
        stream = transport.get_extra_info("socket")
        # A peer that is gone, or reads nothing at all, is given up by the kernel.
        stream.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, int(_RECEIVE * 1000))
        self._address = whose(self.client[0]) if self.client else ""
        self.opened[self._address] += 1
        # What a proxy says of its client and scheme is for the application to read.
        trusted = self._is_trusted(self.client)
        self._takes = () if trusted else self.takes
        self._repeats = None if trusted else self.repeats
        if self.opened[self._address] > _EACH and not trusted:
            self._refuse(503)
        else:
            self._expect()

    def connection_lost(self, exc: Exception | None) -> None:
        """End: nothing is waited for any more, and nothing is done for this client."""
        super().connection_lost(exc)
        if self._task:
            self._task.cancel()
        if self._leave:
            self._leave()
        self._arrived()
        self.resume_writing()
        self.opened[self._address] -= 1
        if not self.opened[self._address]:
            del self.opened[self._address]

    def data_received(self, data: bytes) -> None:
        """Take bytes of a request, unless the connection was refused."""
        if self._refused:
            return
        repeats = self._repeats if self._waits() else None
        if repeats and (answer := repeats.again(data)):
            self._arrived()
            self._send(*answer)
            self.on_response_complete()
            return
        self._raw += len(data)
        self._whole, self._begun = False, 0
        super().data_received(data)
        if repeats and self._whole and self._begun == 1 and self._waits() and self.cycle.keep_alive:
            repeats.learn(data, cast("Scope", self.scope))
        if self._heading and self._raw > HEAD and self.parser:
            self._refuse(431)
        elif self._receiving is None and not (self._whole or self._refused):
            self._expect()

    def on_message_begin(self) -> None:
        """A request begins."""
        super().on_message_begin()
        self._whole = False
        self._begun += 1

    def on_headers_complete(self) -> None:
        """The head has arrived; one that is too long is not answered by the application."""
        if len(self.url) + sum(len(name) + len(value) + 4 for name, value in self.headers) > HEAD:
            self._refuse(431)
            raise _HeadError
        self._heading = False
        super().on_headers_complete()
        # Reading goes on behind some that wait for their turn: a client that is not read from
        # cannot be seen to hang up.
        if len(self.pipeline) <= _BEHIND:
            self.flow.resume_reading()

    def on_body(self, body: bytes) -> None:
        """Take a part of a body; that of a GET means nothing, and reading goes on after it."""
        if self.scope["method"] not in ("GET", "HEAD"):
            super().on_body(body)

    def on_message_complete(self) -> None:
        """The whole request has arrived."""
        self._heading, self._raw, self._whole = True, 0, True
        self._arrived()
        super().on_message_complete()

    def send_400_response(self, msg: str) -> None:
        """Refuse what is no HTTP."""
        self._refuse(400)

    def pause_writing(self) -> None:
        """The client reads more slowly than it is answered: see that it reads at all."""
        super().pause_writing()
        self._watch(self.transport.get_write_buffer_size())

    def resume_writing(self) -> None:
        """The client has read."""
        super().resume_writing()
        if self._writing:
            self._writing.cancel()
            self._writing = None

    def _waits(self) -> bool:
        """Tell whether the client has all that it asked for, and may ask for more."""
        return (
            not self._raw
            and (self.cycle is None or self.cycle.response_complete)
            and not (self.flow.write_paused or self.transport.is_closing())
            and (self.limit_concurrency is None or len(self.connections) < self.limit_concurrency)
        )

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: Any) -> None:
        """Answer without a task what can be; else have the application work."""
        scope: Scope = cast("Scope", cycle.scope)
        # One that had to wait for others (pipelining) has a task, as one whose client reads
        # slowly has: it is for the application to wait.
        direct = cycle is self.cycle and app is self.app and not self.flow.write_paused
        if direct:
            reply = functools.partial(self._reply, cycle)
            for take in self._takes:
                leave = take(scope, reply)
                if leave:
                    self._leave = None if cycle.response_complete else leave
                    return
        self._working = cycle
        scope["extensions"] = {WHOLE: self._send_whole}
        context = contextvars.Context()
        self._task = self.loop.create_task(cycle.run_asgi(app), context=context)
        self.tasks.add(self._task)
        self._task.add_done_callback(self.tasks.discard)

    async def _send_whole(self, status: int, head: bytes, body: bytes) -> None:
        """Send the whole answer that the application gives, when the client reads."""
        cycle = self._working
        if self.flow.write_paused and not cycle.disconnected:
            await self.flow.drain()
        if not cycle.disconnected:
            self._reply(cycle, status, head, body)

    def _reply(self, cycle: RequestResponseCycle, status: int, head: bytes, body: bytes) -> None:
        """Send a whole answer."""
        cycle.response_started = cycle.response_complete = True
        cycle.message_event.set()
        self._leave = None
        if self.transport.is_closing():
            return
        if not cycle.keep_alive:
            head += b"connection: close\r\n"
        self._send(status, head, b"" if cycle.scope["method"] == "HEAD" else body)
        if not cycle.keep_alive:
            self.transport.close()
        self.on_response_complete()

    def _send(self, status: int, head: bytes, body: bytes) -> None:
        fields = [b"%b: %b\r\n" % pair for pair in self.server_state.default_headers]
        self.transport.writelines([STATUS_LINE[status], *fields, head, b"\r\n", body])

    def _watch(self, before: int) -> None:
        def look() -> None:
            left = self.transport.get_write_buffer_size()
            if left > before - _SOME:
                self.transport.abort()
            else:
                self._watch(left)

        self._writing = self.loop.call_later(_STALLED, look)

    def _expect(self) -> None:
        """Wait for what is missing of a request, but not for ever."""
        self._receiving = self.loop.call_later(_RECEIVE, self._too_slow)

    def _arrived(self) -> None:
        if self._receiving:
            self._receiving.cancel()
            self._receiving = None

    def _too_slow(self) -> None:
        if self.cycle is None or self.cycle.response_complete:
            self._refuse(408)
        else:
            self.transport.abort()

    def _refuse(self, status: int) -> None:
        """Say why, ignore what still comes, and hang up."""
        if self._refused or self.transport.is_closing():
            return
        self._refused = True
        self._arrived()
        title, detail = _REASONS[status]
        document = {"type": "about:blank", "title": title, "status": status, "detail": detail}
        body = json.dumps(document).encode()
        again = b"retry-after: %d\r\n" % _LATER if status == 503 else b""
        self.transport.write(
            b"HTTP/1.1 %d %s\r\ncontent-type: application/problem+json\r\ncontent-length: %d\r\n"
            b"%bconnection: close\r\n\r\n%b" % (status, title.encode(), len(body), again, body)
        )
        self.transport.write_eof()
        # Closing at once would make the kernel take back what the client has not read.
        self.loop.call_later(_LINGER, self.transport.abort)

    def _is_trusted(self, client: tuple[str, int] | None) -> bool:
        if client is None:
            return False
        address = ipaddress.ip_address(client[0])
        return any(address in network for network in self.trusted)


def connections(
    trusted: Sequence[str], repeats: Repeats | None, takes: Sequence[Take]
) -> type[asyncio.Protocol]:
    """Return the class of the connections of one server; proxies that are trusted may have many.

    ``repeats`` is asked before a request is parsed, ``takes`` in turn when it was.
    """
    networks = tuple(ipaddress.ip_network(each) for each in trusted)
    values: dict[str, Any] = {"trusted": networks, "opened": Counter()}
    values |= {"repeats": repeats, "takes": takes}
    return type("Connection", (Connection,), values)
