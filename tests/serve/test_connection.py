"""One connection: how slow and how large a client may be; the application here counts."""

import asyncio
import contextlib
import http.client
import json
import re
import socket
import threading
import time

import pytest
import uvicorn
from tests.serve.conftest import until

from trilateral.serve.web import connection

LARGE = 32 << 20


class Counting:
    """An application: reads the body, answers with its length, with much, or never."""

    def __init__(self):
        self.begun = self.left = 0

    async def __call__(self, scope, receive, send):
        self.begun += 1
        size, more = 0, True
        try:
            while more:
                message = await receive()
                size += len(message.get("body", b""))
                more = message.get("more_body", False)
            if scope["path"] == "/wait":
                await asyncio.Event().wait()
        except asyncio.CancelledError:
            self.left += 1
            raise
        body = b"x" * LARGE if scope["path"] == "/large" else b"%d" % size
        headers = [(b"content-length", b"%d" % len(body))]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": body})


@contextlib.contextmanager
def running(trusted=(), *takes, repeats=None):
    app = Counting()
    listening = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(
        uvicorn.Config(
            app,
            http=connection.connections(trusted, repeats, takes),
            ws="none",
            lifespan="off",
            log_config=None,
            timeout_keep_alive=60,
        )
    )
    thread = threading.Thread(target=lambda: asyncio.run(server.serve([listening])))
    thread.start()
    try:
        yield app, listening.getsockname(), server
    finally:
        server.should_exit = True
        thread.join(60)
        assert not thread.is_alive()


@pytest.fixture
def quick(monkeypatch):
    """The same limits, a second long: enough for a client that sends all it has at once."""
    monkeypatch.setattr(connection, "_RECEIVE", 1.0)
    monkeypatch.setattr(connection, "_STALLED", 0.4)
    monkeypatch.setattr(connection, "_LINGER", 1.0)


def everything(stream):
    """What the server sends until it hangs up."""
    stream.settimeout(60)
    found = b""
    with contextlib.suppress(ConnectionError):
        while part := stream.recv(1 << 16):
            found += part
    return found


def status(answer):
    return int(answer.split(b" ", 2)[1]) if answer else None


def exchange(address, data):
    with socket.create_connection(address) as stream:
        stream.sendall(data)
        return everything(stream)


@pytest.mark.parametrize(
    "begun",
    [b"", b"GET / HT", b"GET / HTTP/1.1\r\nHost: a\r\nX-Slow: ", b"\r\n"],
    ids=["nothing", "a line without end", "a header without end", "blank lines"],
)
def test_a_request_that_does_not_arrive_is_refused(quick, begun):
    with running() as (app, address, _):
        answer = exchange(address, begun)
        assert status(answer) == 408
        head, _, body = answer.partition(b"\r\n\r\n")
        assert b"application/problem+json" in head
        assert json.loads(body)["status"] == 408
        assert app.begun == 0


def test_a_body_that_does_not_arrive_ends_the_request(quick):
    with running() as (app, address, _):
        answer = exchange(address, b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nabc")
        assert answer == b""
    # Only once the server has stopped: it hangs up before the application hears of it.
    assert (app.begun, app.left) == (1, 1)


def test_a_connection_that_is_used_may_stay(quick):
    """For longer than a request may take to arrive."""
    with running() as (app, address, server):
        client = http.client.HTTPConnection(*address)
        for pause in (0, 0, 1.5):
            time.sleep(pause)
            client.request("POST", "/", b"four")
            assert client.getresponse().read() == b"4"
            assert len(server.server_state.connections) == 1
        client.close()
        assert app.begun == 3


def test_a_client_that_does_not_read_is_left(quick):
    with running() as (_, address, server), socket.create_connection(address) as stream:
        stream.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        stream.sendall(b"GET /large HTTP/1.1\r\nHost: a\r\n\r\n")
        # More than the kernel holds: the server cannot be rid of it while the client waits.
        assert stream.recv(1) == b"H"
        gone(server)


def gone(server):
    until(lambda: not server.server_state.connections)


HEADS = {
    "one header": b"X: " + b"x" * 40_000 + b"\r\n",
    "many headers": b"X: x\r\n" * 20_000,
    "a megabyte": b"X: " + b"x" * 1_000_000 + b"\r\n",
}


@pytest.mark.parametrize("fields", HEADS.values(), ids=HEADS)
def test_a_head_that_is_too_long_is_refused(fields):
    with running() as (app, address, _):
        answer = exchange(address, b"GET / HTTP/1.1\r\nHost: a\r\n" + fields + b"\r\n")
        assert status(answer) == 431
        assert app.begun == 0


def test_a_target_that_is_too_long_is_refused():
    with running() as (app, address, _):
        answer = exchange(address, b"GET /" + b"x" * 40_000 + b" HTTP/1.1\r\nHost: a\r\n\r\n")
        assert status(answer) == 431
        assert app.begun == 0


def test_a_head_of_some_kilobytes_is_answered():
    field = b"X: " + b"x" * 20_000 + b"\r\n"
    with running() as (_, address, _):
        ask = b"GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n" + field + b"\r\n"
        assert status(exchange(address, ask)) == 200


@pytest.mark.parametrize(
    "data",
    [
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        b"NONSENSE / HTTP/1.1\r\nHost: a\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost : a\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: a\r\nX: a\x00b\r\n\r\n",
        "GET /日本 HTTP/1.1\r\nHost: a\r\n\r\n".encode(),
    ],
)
def test_what_is_no_http_is_refused(data):
    with running() as (app, address, _):
        assert status(exchange(address, data)) == 400
        assert app.begun == 0


def test_one_address_cannot_take_all_connections(monkeypatch):
    monkeypatch.setattr(connection, "_EACH", 3)
    with running() as (_, address, server), contextlib.ExitStack() as held:
        streams = [held.enter_context(socket.create_connection(address)) for _ in range(4)]
        refused = everything(streams[3])
        assert status(refused) == 503
        assert re.search(
            rb"\r\nretry-after: [1-9]\d*\r\n", refused.partition(b"\r\n\r\n")[0] + b"\r\n"
        )
        for stream in streams:
            stream.close()
        gone(server)
        ask = b"GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
        assert status(exchange(address, ask)) == 200


def test_a_trusted_proxy_may_have_many_connections(monkeypatch):
    monkeypatch.setattr(connection, "_EACH", 3)
    ask = b"GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
    with running(["127.0.0.0/8"]) as (_, address, _), contextlib.ExitStack() as held:
        for _ in range(5):
            held.enter_context(socket.create_connection(address))
        assert status(exchange(address, ask)) == 200


# ---------------------------------------------------------------- what is answered at once


def kept(scope, reply):
    """What the server has at hand: the answer to one path."""
    if scope["path"] != "/kept":
        return None
    reply(200, b"content-length: 4\r\nx-kept: yes\r\n", b"kept")
    return lambda: None


class Later:
    """Takes the requests of one path and answers when it is told to."""

    def __init__(self):
        self.replies, self.left = [], 0

    def __call__(self, scope, reply):
        if scope["path"] != "/later":
            return None
        self.replies.append(reply)
        return self.leave

    def leave(self):
        self.left += 1

    def answer(self, server):
        reply = self.replies.pop(0)
        loop = next(iter(server.server_state.connections)).loop
        loop.call_soon_threadsafe(reply, 200, b"content-length: 5\r\n", b"later")


def bodies(answers):
    """The bodies of answers that follow each other, by their lengths."""
    found = []
    while answers:
        head, _, rest = answers.partition(b"\r\n\r\n")
        length = int(head.lower().partition(b"content-length: ")[2].split(b"\r\n")[0])
        found.append(rest[:length])
        answers = rest[length:]
    return found


def ask(path, *fields, method=b"GET"):
    lines = [method + b" " + path + b" HTTP/1.1", b"Host: a", *fields, b"", b""]
    return b"\r\n".join(lines)


LAST = b"Connection: close"


def test_what_is_at_hand_is_answered_without_the_application():
    with running((), kept) as (app, address, _):
        answer = exchange(address, ask(b"/kept", LAST))
        assert (status(answer), app.begun) == (200, 0)
        head = answer.partition(b"\r\n\r\n")[0].lower()
        assert b"x-kept: yes" in head
        assert b"date: " in head
        assert b"connection: close" in head


def test_a_head_of_what_is_at_hand_has_no_body():
    with running((), kept) as (app, address, _):
        answer = exchange(address, ask(b"/kept", LAST, method=b"HEAD"))
        assert answer.endswith(b"\r\n\r\n")
        assert b"content-length: 4" in answer
        assert app.begun == 0


def test_requests_that_are_sent_together_are_answered_in_their_order():
    """Two at once; those behind one of the application have it answer them too, in turn."""
    requests = [ask(b"/kept"), ask(b"/kept"), ask(b"/a"), *[ask(b"/kept")] * 300, ask(b"/a", LAST)]
    with running((), kept) as (_, address, _):
        found = bodies(exchange(address, b"".join(requests)))
    assert found == [b"kept", b"kept", *[b"0"] * 302]


def test_what_is_answered_later_is_answered_in_its_turn():
    later = Later()
    requests = ask(b"/later") + ask(b"/a") + ask(b"/later", LAST)
    with running((), later) as (app, address, server), socket.create_connection(address) as stream:
        stream.sendall(requests)
        until(lambda: later.replies)
        assert app.begun == 0
        later.answer(server)
        until(lambda: later.replies)
        later.answer(server)
        assert bodies(everything(stream)) == [b"later", b"0", b"later"]
    assert later.left == 0


def test_who_answers_later_is_told_when_the_client_hangs_up():
    later = Later()
    with running((), later) as (_, address, server):
        with socket.create_connection(address) as stream:
            stream.sendall(ask(b"/later"))
            until(lambda: later.replies)
        until(lambda: later.left)
        # An answer that comes too late reaches nobody, and harms nothing.
        later.replies[0](200, b"content-length: 0\r\n", b"")
        until(lambda: not server.server_state.connections)
        assert bodies(exchange(address, ask(b"/a", LAST))) == [b"0"]
    assert later.left == 1


def test_nothing_is_answered_after_the_last_request(caplog):
    with running((), kept) as (_, address, _):
        found = bodies(exchange(address, ask(b"/kept", LAST) + ask(b"/kept") * 3))
    assert found == [b"kept"]
    assert not caplog.records


def test_what_a_trusted_proxy_asks_is_for_the_application_to_read():
    with running(["127.0.0.0/8"], kept) as (app, address, _):
        assert bodies(exchange(address, ask(b"/kept", LAST))) == [b"0"]
        assert app.begun == 1


class Repeating:
    """Knows requests to one path by their bytes."""

    def __init__(self):
        self.known = {}

    def again(self, data):
        return (200, b"content-length: 5\r\n", b"again") if data in self.known else None

    def learn(self, data, scope):
        if scope["path"] == "/kept":
            self.known[data] = scope["method"]


KEPT = ask(b"/kept")


def said(*pieces, trusted=()):
    """What a client is answered who sends pieces, each when all before is answered; what is known.

    A piece is a tuple of bytes where a moment lies between them.
    """
    repeating, found = Repeating(), []
    with (
        running(trusted, kept, repeats=repeating) as (_, address, _),
        socket.create_connection(address, timeout=60) as stream,
    ):
        for piece in pieces:
            for part in (piece,) if isinstance(piece, bytes) else piece:
                stream.sendall(part)
                time.sleep(0.1)
            found.append(bodies(stream.recv(1 << 16)))
    return found, list(repeating.known)


def test_a_request_in_the_same_bytes_is_answered_before_it_is_parsed():
    other = ask(b"/kept", b"Accept: text/html")
    found = [[b"kept"], [b"again"], [b"kept"], [b"0"], [b"0"], [b"again"], [b"again"]]
    pieces = (KEPT, KEPT, other, ask(b"/a"), ask(b"/a"), KEPT, other)
    assert said(*pieces) == (found, [KEPT, other])


@pytest.mark.parametrize(
    ("piece", "bodies"),
    [
        (KEPT * 2, [b"kept", b"kept"]),
        (KEPT + ask(b"/a"), [b"kept", b"0"]),
        ((KEPT[:9], KEPT[9:]), [b"kept"]),
        (ask(b"/kept", LAST), [b"kept"]),
        (KEPT.replace(b"1.1", b"1.0"), [b"kept"]),
    ],
    ids=["twice", "with another", "in two pieces", "the last", "HTTP/1.0"],
)
def test_what_is_not_one_request_in_one_piece_is_not_taken_for_one(piece, bodies):
    assert said(piece) == ([bodies], [])


def test_what_is_known_is_looked_for_only_where_a_request_may_begin():
    """And not as the end of a longer head, or as a body."""
    head = ask(b"/a", b"X: a")[:-4] + b"; "
    post = ask(b"/a", b"Content-Length: %d" % len(KEPT), method=b"POST")
    found, _ = said(KEPT, (head, KEPT), (post, KEPT), KEPT)
    assert found == [[b"kept"], [b"0"], [b"%d" % len(KEPT)], [b"again"]]


def test_what_is_known_waits_for_its_turn():
    later, repeating = Later(), Repeating()
    repeating.known[KEPT] = "GET"
    with (
        running((), later, repeats=repeating) as (_, address, server),
        socket.create_connection(address) as stream,
    ):
        stream.sendall(ask(b"/later"))
        until(lambda: later.replies)
        stream.sendall(KEPT)
        time.sleep(0.1)
        later.answer(server)
        stream.sendall(ask(b"/a", LAST))
        assert bodies(everything(stream)) == [b"later", b"0", b"0"]


def test_of_a_trusted_proxy_no_request_is_known():
    assert said(KEPT, KEPT, trusted=["127.0.0.0/8"]) == ([[b"0"], [b"0"]], [])


def test_a_client_that_reads_nothing_is_not_answered_without_end(quick):
    """Each answer is of 32 MiB; of a thousand that are asked for, few may be made."""
    made = []

    def large(scope, reply):
        made.append(scope["path"])
        reply(200, b"content-length: %d\r\n" % LARGE, b"x" * LARGE)
        return made.clear

    with running((), large) as (_, address, server), socket.create_connection(address) as held:
        held.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        held.sendall(ask(b"/") * 1000)
        until(lambda: made)
        until(lambda: not server.server_state.connections)
    assert len(made) == 1


@pytest.mark.parametrize("behind", [0, 1, 16])
def test_the_work_for_a_client_that_hangs_up_is_ended(behind):
    """Also where it has sent some requests more, which wait for their turn."""
    with running() as (app, address, server):
        with socket.create_connection(address) as stream:
            stream.sendall(ask(b"/wait") + ask(b"/a") * behind)
            until(lambda: app.begun)
        until(lambda: app.left)
        until(lambda: not server.server_state.connections)


def test_the_body_of_a_get_is_passed_over():
    """More than is read ahead: whoever sends it can still be seen to hang up."""
    body = b"x" * 1_000_000
    with running() as (app, address, _):
        length = b"Content-Length: %d" % len(body)
        assert bodies(exchange(address, ask(b"/", length, LAST) + body)) == [b"0"]
        with socket.create_connection(address) as stream:
            stream.sendall(ask(b"/wait", length) + body)
            until(lambda: app.begun == 2)
        until(lambda: app.left == 1)
