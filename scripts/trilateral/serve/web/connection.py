"""Connection: one connection of a client, with bounds on how slow and how large it may be.

What uvicorn leaves open: a client that sends a byte a minute, headers without end, a client
that does not read its answer, and one that opens all connections there are.
"""

from __future__ import annotations

import asyncio
import ipaddress
import json
import socket
from collections import Counter
from collections.abc import Sequence
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

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

_REASONS = {
    400: ("Bad Request", "This is no HTTP request."),
    408: ("Request Timeout", f"The request did not arrive within {_RECEIVE:g} seconds."),
    431: ("Request Header Fields Too Large", f"A request has {HEAD:,} bytes before its body."),
    503: ("Service Unavailable", "Too many connections are open."),
}


class _HeadError(Exception):
    """The head of a request is too long."""


class Connection(HttpToolsProtocol):
    """An HTTP/1.1 connection with limits."""

    trusted: Sequence[ipaddress.IPv4Network | ipaddress.IPv6Network] = ()
    opened: Counter[str]

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin: the first request has to arrive in time."""
        super().connection_made(transport)
        self._heading, self._raw, self._size = True, 0, 0
        self._refused = False
        self._receiving: asyncio.TimerHandle | None = None
        self._writing: asyncio.TimerHandle | None = None
        stream = transport.get_extra_info("socket")
        # A peer that is gone, or reads nothing at all, is given up by the kernel.
        stream.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, int(_RECEIVE * 1000))
        self._address = whose(self.client[0]) if self.client else ""
        self.opened[self._address] += 1
        if self.opened[self._address] > _EACH and not self._is_trusted(self.client):
            self._refuse(503)
        else:
            self._expect()

    def connection_lost(self, exc: Exception | None) -> None:
        """End: nothing is waited for any more."""
        super().connection_lost(exc)
        self._arrived()
        self.resume_writing()
        self.opened[self._address] -= 1
        if not self.opened[self._address]:
            del self.opened[self._address]

    def data_received(self, data: bytes) -> None:
        """Take bytes of a request, unless the connection was refused."""
        if self._refused:
            return
        if self._receiving is None:
            self._expect()
        self._raw += len(data)
        super().data_received(data)
        if self._heading and self._raw > HEAD and self.parser:
            self._refuse(431)

    def on_message_begin(self) -> None:
        """A request begins."""
        super().on_message_begin()
        self._size = 0
        if self._receiving is None:
            self._expect()

    def on_url(self, url: bytes) -> None:
        """Take a part of the target of a request."""
        self._size += len(url)
        super().on_url(url)

    def on_header(self, name: bytes, value: bytes) -> None:
        """Take a header field."""
        self._size += len(name) + len(value) + 4
        super().on_header(name, value)

    def on_headers_complete(self) -> None:
        """The head has arrived; one that is too long is not answered by the application."""
        if self._size > HEAD:
            self._refuse(431)
            raise _HeadError
        self._heading = False
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        """The whole request has arrived."""
        self._heading, self._raw = True, 0
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

    def _watch(self, before: int) -> None:
        def look() -> None:
            left = self.transport.get_write_buffer_size()
            if left > before - _SOME:
                self.transport.abort()
            else:
                self._watch(left)

        self._writing = self.loop.call_later(_STALLED, look)

    def _expect(self) -> None:
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
        self.transport.write(
            b"HTTP/1.1 %d %s\r\ncontent-type: application/problem+json\r\ncontent-length: %d\r\n"
            b"connection: close\r\n\r\n%s" % (status, title.encode(), len(body), body)
        )
        self.transport.write_eof()
        # Closing at once would make the kernel take back what the client has not read.
        self.loop.call_later(_LINGER, self.transport.abort)

    def _is_trusted(self, client: tuple[str, int] | None) -> bool:
        if client is None:
            return False
        address = ipaddress.ip_address(client[0])
        return any(address in network for network in self.trusted)


def connections(trusted: Sequence[str]) -> type[asyncio.Protocol]:
    """Return the class of the connections of one server; proxies that are trusted may have many."""
    networks = tuple(ipaddress.ip_network(each) for each in trusted)
    values: dict[str, Any] = {"trusted": networks, "opened": Counter()}
    return type("Connection", (Connection,), values)
