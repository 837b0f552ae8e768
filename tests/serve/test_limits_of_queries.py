"""The limits as a client meets them, and as an operator sets them."""

import asyncio
import contextlib
import json
import re
import socket
import time
from urllib.parse import quote

import httpx
import pytest
from tests.conftest import TESTS, WORLD
from tests.serve.conftest import WAIT, until

from trilateral.serve.web.budget import Account, Budget, whose
from trilateral.serve.web.http import Problem
from trilateral.serve.workers.limits import Limits, duration, size
from trilateral.serve.workers.queue import BusyError, Queue

JSON = {"accept": "application/sparql-results+json"}
RUNAWAY = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"


@pytest.fixture(scope="module")
def client(serve):
    """A server of the tiny world with limits that are soon reached, without a budget."""
    limits = ("--seconds", 1, "--budget", 0, "--output", "100K", "--workers", 2, "--queue", 2)
    with (
        serve("--data", WORLD / "data", *limits) as (_, url),
        httpx.Client(base_url=url, timeout=WAIT) as found,
    ):
        yield found


@pytest.fixture(scope="module")
def spent(serve):
    """The client of a server with a budget, which it has used up, and the seconds it took."""
    limits = ("--seconds", 1, "--budget", 0.5, "--workers", 2)
    with (
        serve("--data", WORLD / "data", *limits) as (_, url),
        httpx.Client(base_url=url, timeout=WAIT) as found,
    ):
        began = time.monotonic()
        assert found.post("/sparql", data={"query": RUNAWAY}, headers=JSON).status_code == 503
        yield found, time.monotonic() - began


def problem(answer, status):
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["cache-control"] == "no-store"
    return answer.json()["detail"]


class TestAsAClientMeetsThem:
    def test_an_answer_that_is_too_long_is_refused_whole(self, client):
        """Twice the quads of the tiny world, about 6000, are more than 100 KiB in JSON."""
        answer = client.get(
            "/sparql", params={"query": "SELECT * { GRAPH ?g { ?s ?p ?o } }"}, headers=JSON
        )
        told = problem(answer, 503)
        assert "102,400 bytes" in told
        assert "LIMIT" in told

    def test_an_answer_that_is_not_too_long_is_given_whole(self, client):
        query = "SELECT * { GRAPH ?g { ?s ?p ?o } } LIMIT 100"
        answer = client.get("/sparql", params={"query": query}, headers=JSON)
        assert len(answer.json()["results"]["bindings"]) == 100

    def test_a_query_and_a_body_that_are_too_long_are_refused(self, client):
        for length in (300_000, 5_000_000):
            body = {"query": "ASK {} #" + "x" * length}
            assert "bytes" in problem(client.post("/sparql", data=body, headers=JSON), 413)

    def test_a_body_of_unknown_length_is_refused_when_it_is_too_long(self, client):
        answer = client.post(
            "/sparql",
            content=(b"x" * 10_000 for _ in range(200)),
            headers={**JSON, "content-type": "application/sparql-query"},
        )
        problem(answer, 413)

    def test_a_query_that_takes_too_long_is_told_what_to_do(self, client):
        # It would run for hours.
        answer = client.post("/sparql", data={"query": RUNAWAY}, headers=JSON)
        told = problem(answer, 503)
        assert "ended after 1 seconds" in told
        assert "LIMIT" in told

    def test_a_client_whose_seconds_are_used_up_waits_whatever_it_says_it_is(self, spent):
        """Half a second a minute; its query took one: the other half is a minute away."""
        client, took = spent
        named = {**JSON, "x-forwarded-for": "192.0.2.99", "forwarded": "for=192.0.2.99"}
        answer = client.post("/sparql", data={"query": "ASK {}"}, headers=named)
        told = problem(answer, 429)
        # Two minutes for each second beyond the half: a minute, and more where it ended late.
        assert 0 < int(answer.headers["retry-after"]) <= 120 * (took - 0.5) + 1
        assert re.search(r"0.5 seconds of running queries a minute.*in \d+ s", told)

    def test_who_has_no_seconds_left_still_has_health_and_what_is_kept(self, spent):
        client, _ = spent
        assert client.get("/healthz").status_code == 200
        assert client.get("/robots.txt").status_code in (200, 404)

    def test_who_has_no_seconds_left_for_queries_reads_on(self, spent):
        """Pages that were not kept yet, documents and named questions."""
        client, _ = spent
        assert client.post("/sparql", data={"query": "ASK {}"}, headers=JSON).status_code == 429
        assert client.get("/query", params={"query": "ASK {}"}).status_code == 429
        for path in ("/actor/borland.html", "/actor/borland.nt", "/compare", "/graphs",
                     "/api/questions/who-holds.csv"):  # fmt: skip
            assert client.get(path).status_code == 200, path

    def test_who_has_no_seconds_left_for_reading_can_query(self, serve):
        """Each page of an answer takes some milliseconds, of ten that a minute has."""
        limits = ("--data", WORLD / "data", "--budget", 0.01)
        with serve(*limits) as (_, url), httpx.Client(base_url=url, timeout=WAIT) as client:
            path = "/api/questions/who-holds.csv"
            asked = ({"limit": 1, "offset": number} for number in range(10_000))
            until(lambda: client.get(path, params=next(asked)).status_code == 429)
            answer = client.post("/sparql", data={"query": "ASK {}"}, headers=JSON)
            assert answer.status_code == 200


@pytest.fixture(scope="module")
def proxied(serve):
    """A server behind a proxy, with seconds enough for a query to be caught at work."""
    options = ("--trusted-proxy", "127.0.0.1", "--seconds", 60, "--budget", 0.2, "--workers", 4)
    with (
        serve("--data", WORLD / "data", *options) as (_, url),
        httpx.Client(base_url=url, timeout=WAIT) as found,
    ):
        yield found


def at_work(client):
    """How many queries run and how many wait."""
    text = client.get("/metrics").text
    names = ("workers_busy", "queue_length")
    return [int(float(re.search(rf"^trilateral_{each} (\S+)$", text, re.M)[1])) for each in names]


@contextlib.contextmanager
def asking(url, address):
    """Ask what runs on and on, as the client of an address, which then hangs up."""
    ask = (
        f"GET /sparql?query={quote(RUNAWAY)} HTTP/1.1\r\nHost: {url.host}\r\n"
        f"X-Forwarded-For: {address}\r\nAccept: text/csv\r\n\r\n"
    )
    with socket.create_connection((url.host, url.port)) as stream:
        stream.sendall(ask.encode())
        yield


def test_a_client_that_hangs_up_ends_its_query_and_pays_for_it(proxied):
    until(lambda: at_work(proxied) == [0, 0])
    with asking(proxied.base_url, "192.0.2.1"):
        until(lambda: at_work(proxied) == [1, 0])
        time.sleep(0.3)  # more than it has a minute
    until(lambda: at_work(proxied) == [0, 0])
    one = {**JSON, "x-forwarded-for": "192.0.2.1"}
    ask = {"query": "ASK {}"}
    assert proxied.post("/sparql", data=ask, headers=one).status_code == 429
    other = {**JSON, "x-forwarded-for": "192.0.2.2"}
    assert proxied.post("/sparql", data=ask, headers=other).status_code == 200


def test_a_client_cannot_have_all_workers(proxied):
    """Of four workers one client has three; a fourth query of its own waits, another's runs."""
    until(lambda: at_work(proxied) == [0, 0])
    with contextlib.ExitStack() as held:
        for _ in range(4):
            held.enter_context(asking(proxied.base_url, "192.0.2.3"))
        until(lambda: at_work(proxied) == [3, 1])
        other = {**JSON, "x-forwarded-for": "192.0.2.4"}
        answer = proxied.post("/sparql", data={"query": "ASK {}"}, headers=other)
        assert answer.json() == {"head": {}, "boolean": True}
    until(lambda: at_work(proxied) == [0, 0])


# ---------------------------------------------------------------- budget and queue


def test_a_budget_fills_again_within_a_minute():
    """Ten seconds a minute: 15 used leave -5, which are back after 30 s."""
    now = 0.0
    budget = Budget(10, lambda: now)
    account = Account(budget, "one")
    account.charge(15)
    with pytest.raises(Problem) as refused:
        account.ask()
    assert refused.value.status == 429
    assert refused.value.headers["retry-after"] == "31"
    now = 31.0
    account.ask()
    now = 1000.0
    assert budget.left("one") == 10


def test_no_budget_refuses_nobody():
    budget = Budget(0)
    budget.charge("one", 1e6)
    budget.ask("one")


def test_hosts_are_told_apart_but_not_the_addresses_of_one():
    assert whose("2001:db8::1") == whose("2001:db8::ffff:1")
    assert whose("2001:db8::1") != whose("2001:db8:0:1::1")
    assert whose("192.0.2.1") != whose("192.0.2.2")


def taken(*clients, share, room, workers=1):
    """Let clients ask in this order while all workers are taken; return who gets one, in order."""

    async def play():
        queue = Queue(share, room)
        for number in range(workers):
            queue.add(number)
        held = [(await queue.wait("held"), "held") for _ in range(workers)]
        order, refused = [], []

        async def ask(client):
            try:
                worker = await queue.wait(client)
            except BusyError:
                refused.append(client)
                return
            order.append(client)
            held.append((worker, client))

        tasks = [asyncio.ensure_future(ask(client)) for client in clients]
        await asyncio.sleep(0)
        while held:
            queue.give(*held.pop(0))
            await asyncio.sleep(0)
            await asyncio.sleep(0)
        await asyncio.gather(*tasks)
        await asyncio.wait_for(queue.idle(), 1)
        return order, refused

    return asyncio.run(play())


def test_who_has_fewest_at_work_is_next():
    """With two workers: a and b of three each; a's first, then b's first, as a has one then."""
    order, _ = taken("a", "a", "a", "b", share=2, room=10, workers=2)
    assert order == ["a", "b", "a", "a"]


def test_who_came_first_is_next_among_equals():
    assert taken("a", "b", "a", "c", share=1, room=10)[0] == ["a", "b", "a", "c"]


def test_the_queue_has_an_end_and_one_client_gets_no_more_than_half():
    order, refused = taken("a", "a", "a", "b", "b", "c", share=1, room=4)
    assert refused == ["a", "c"]
    assert sorted(order) == ["a", "a", "b", "b"]


def test_who_stops_waiting_gets_nothing_and_keeps_nothing():
    async def play():
        queue = Queue(1, 4)
        queue.add("worker")
        assert queue.now("a") == "worker"
        assert queue.now("b") is None
        waiting = queue.wait("b")
        waiting.cancel()
        queue.give("worker", "a")
        await asyncio.sleep(0)
        return queue.free, queue.running, queue.waiting

    assert asyncio.run(play()) == (1, 0, 0)


def test_a_free_worker_is_not_for_who_has_a_share_already():
    async def play():
        queue = Queue(1, 4)
        queue.add(1)
        queue.add(2)
        return queue.now("a"), queue.now("a"), queue.now("b")

    assert asyncio.run(play()) == (2, None, 1)


def test_short_jobs_line_up_behind_as_many_as_there_are_lanes_and_no_deeper():
    async def play():
        queue = Queue(9, 9, lanes=2)
        for number in (1, 2, 3):
            queue.add(number)
        return [queue.now("a") for _ in range(18)], [queue.now("a", alone=True) for _ in range(2)]

    places, alone = asyncio.run(play())
    # Two lanes of eight, evenly; then another worker, and none lines up behind that one.
    assert places == [3, 2, 3, 2, 3, 2, 3, 2, 3, 2, 3, 2, 3, 2, 3, 2, 1, None]
    assert alone == [None, None]


def test_who_lines_up_has_a_part_in_the_share():
    """With a share of two, b may line up in two workers, not in a third, until one is done."""

    async def play():
        queue = Queue(2, 9, lanes=3)
        for number in (1, 2, 3):
            queue.add(number)
        first = [queue.now(client) for client in ("a", "c", "d", "b", "b", "b")]
        for number in (1, 2, 3):
            queue.late(number)
        second = queue.wait("b")
        queue.give(3, "b")
        queue.give(3, "a")
        assert not second.done()
        queue.give(3, "b")
        return first, second.result()

    first, second = asyncio.run(play())
    assert first == [3, 2, 1, 3, 2, 3]
    assert second == 3


def test_a_worker_that_is_dropped_takes_its_clients_parts_with_it():
    async def play():
        queue = Queue(1, 9, lanes=1)
        queue.add(1)
        assert [queue.now("a"), queue.now("a")] == [1, 1]
        queue.drop(1)
        queue.give(1, "a")
        assert (queue.free, queue.running) == (0, 0)
        queue.add(2)
        return queue.now("a")

    assert asyncio.run(play()) == 2


def test_a_place_in_the_queue_lasts_so_long():
    async def play():
        queue = Queue(1, 4)
        queue.add("worker")
        assert await queue.wait("a") == "worker"
        with pytest.raises(TimeoutError):
            await queue.wait("b", seconds=0.01)
        assert (queue.free, queue.running, queue.waiting) == (0, 1, 0)
        queue.give("worker", "a")
        assert (queue.free, queue.running, queue.waiting) == (1, 0, 0)
        await asyncio.wait_for(queue.idle(), 10)

    asyncio.run(play())


# ---------------------------------------------------------------- options


@pytest.mark.parametrize(
    ("option", "value", "told"),
    [
        ("--seconds", "ten", "'ten' is no time; give seconds, such as 10 or 2.5"),
        ("--seconds", "0", "'0' is not from 0.1 to 3,600"),
        ("--memory", "1Z", "'1Z' is no size; give bytes or a unit, such as 512M or 2G"),
        ("--memory", "1M", "'1M' is not from 16,777,216 to"),
        ("--output", "-1", "'-1' is no size"),
        ("--workers", "0", "'0' is no whole number from 1 to 256"),
        ("--queue", "many", "'many' is no whole number from 0 to 100,000"),
        ("--budget", "nan", "'nan' is no time"),
        ("--port", "65536", "'65536' is no whole number from 0 to 65,535"),
        ("--trusted-proxy", "10.0.0.1/8", "10.0.0.1/8 has host bits set"),
        ("--log-format", "xml", "invalid choice: 'xml'"),
        ("--build", "x --data y", "not allowed with argument"),
    ],
)
def test_a_wrong_option_is_refused_with_what_is_right(run, option, value, told):
    done = run("serve", option, *value.split())
    assert done.returncode == 2
    assert told in done.stderr
    assert "Traceback" not in done.stderr


def test_units_of_sizes_and_times():
    assert [size(each) for each in ("1K", "1m", "1GiB", "7")] == [1024, 1 << 20, 1 << 30, 7]
    assert [duration(each) for each in ("0.5", "3s", "2m")] == [0.5, 3.0, 120.0]


def test_help_tells_each_limit_with_its_default(run):
    shown = run("serve", "--help").stdout
    for option, default in (
        ("--seconds", "10"), ("--memory", "1024M"), ("--output", "32M"), ("--workers", "8"),
        ("--queue", "256"), ("--budget", "60"),
    ):  # fmt: skip
        assert re.search(rf"{option} \S+\s[^-]*default:\s+{default}\n", shown), option
    assert Limits.seconds == 10
    assert json.dumps(Limits().as_json())


def test_the_page_for_operators_tells_the_defaults():
    page = (TESTS.parent / "docs" / "serve.md").read_text(encoding="utf-8")
    told = dict(re.findall(r"^\| `--(\w+)` \| (\S+) \|", page, re.M))
    shown = {name: size(value) if value.endswith("M") else float(value)
             for name, value in told.items()}  # fmt: skip
    names = ("seconds", "memory", "output", "workers", "queue", "budget")
    assert shown == {name: getattr(Limits, name) for name in names}
    assert "`Retry-After`" in page
