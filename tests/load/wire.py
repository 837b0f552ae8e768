"""A wire between `trilateral load` and a store, which breaks at one point of what changes it."""

import socket
import threading
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

PIECE = 1 << 14
# The end of a request: all of it has been passed on.
END = None


@dataclass(frozen=True)
class Point:
    """A place in what changes a store: before a byte of a request, its head, or after its end.

    Attributes:
        request: The number of the request, of those that are no query.
        byte: How many bytes of its body pass; -1 where not even its head does.
    """

    request: int
    byte: int | None


def points(sizes):
    """Ten points of a load whose requests have bodies of such sizes, spread over all of its bytes.

    The last of the requests is the one that makes the change. Among the points are the first
    byte, the moment before that request, and its end.
    """
    whole, last = sum(sizes), len(sizes) - 1
    found = {Point(0, -1), Point(last, -1), Point(last, END)}
    between = 11 - len(found)
    for part in range(1, between):
        left, request = whole * part // between, 0
        while left >= sizes[request]:
            left, request = left - sizes[request], request + 1
        found.add(Point(request, left))
    return sorted(found, key=lambda point: (point.request, point.byte is END, point.byte))


class Wire:
    """Passes requests on to a store, byte by byte as they come, until a point is reached.

    There ``break_off`` is called, the connection ends without an answer, and so do all later
    ones. ``answered`` lets the store answer first, so that the answer alone is lost.
    """

    def __init__(self, store, point=None, break_off=lambda: None, answered=False):
        self.store, self.point, self.answered = store, point, answered
        self.break_off = break_off
        # Of the requests that are no query, as far as they came, up to the one that decides.
        self.sizes = []
        self.decided = False
        self.broken = False
        wire = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def _answer(self):
                self.close_connection = True
                if not wire.broken:
                    wire.carry(self)

            do_GET = do_HEAD = do_OPTIONS = _answer  # noqa: N815
            do_POST = do_PUT = do_DELETE = _answer  # noqa: N815

            def log_message(self, *arguments):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True

    def url_of(self, url):
        """An address of the store, by way of this wire."""
        return url.replace(urlsplit(self.store.url).netloc, f"127.0.0.1:{self.server.server_port}")

    def carry(self, request):
        number = None
        path = urlsplit(request.path).path
        changes = "update" in request.headers.get("Content-Type", "")
        asks = request.command in ("GET", "HEAD", "OPTIONS") or (
            path in self.store.queries and not changes
        )
        if not asks and not self.decided:
            number = len(self.sizes)
            self.sizes.append(0)
        if self._is_at(number, -1):
            return self._break()
        with socket.create_connection(("127.0.0.1", self.store.port), timeout=60) as there:
            there.sendall(_head(request))
            for piece in _pieces(request):
                if self._is_at(number, len(piece)):
                    there.sendall(piece[: self.point.byte - self.sizes[number]])
                    return self._break()
                try:
                    there.sendall(piece)
                except OSError:
                    break  # it has refused, and says why
                if number is not None:
                    self.sizes[number] += len(piece)
                    self.decided |= self.store.decides in piece
            if self._is_at(number, END) and not self.answered:
                return self._break()
            answer = b"".join(iter(lambda: there.recv(PIECE), b""))
            if self._is_at(number, END):
                return self._break()
        request.wfile.write(answer)
        return None

    def _is_at(self, number, size):
        """Whether the next so many bytes of a request hold the point."""
        if self.point is None or number != self.point.request:
            return False
        if size in (-1, END) or self.point.byte in (-1, END):
            return size == self.point.byte
        return self.sizes[number] <= self.point.byte < self.sizes[number] + size

    def _break(self):
        self.broken = True
        self.break_off()


def _head(request):
    headers = [item for item in request.headers.items() if item[0].lower() != "connection"]
    headers.append(("Connection", "close"))
    lines = [request.requestline, *(f"{name}: {value}" for name, value in headers), "", ""]
    return "\r\n".join(lines).encode()


def _pieces(request):
    """The body of a request, as it is sent, in pieces."""
    if request.headers.get("Transfer-Encoding", "").lower() == "chunked":
        while True:
            line = request.rfile.readline()
            size = int(line, 16)
            yield line + request.rfile.read(size + 2)
            if not size:
                return
    left = int(request.headers.get("Content-Length") or 0)
    while left:
        piece = request.rfile.read(min(PIECE, left))
        if not piece:
            return
        left -= len(piece)
        yield piece


@contextmanager
def wired(store, *arguments, **options):
    """A wire to a store, as long as ``with`` lasts."""
    wire = Wire(store, *arguments, **options)
    thread = threading.Thread(target=wire.server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield wire
    finally:
        wire.server.shutdown()
        wire.server.server_close()
        thread.join()
