"""The engine and its workers: whatever a query does, the next one is answered."""

import asyncio
import json
import operator
import os
import signal
from pathlib import Path

import pytest
from tests.conftest import WORLD

from trilateral.serve.workers import wire
from trilateral.serve.workers.limits import Limits
from trilateral.serve.workers.peer import JobError
from trilateral.serve.workers.pool import Engine
from trilateral.serve.workers.queue import Queue

JSON = "application/sparql-results+json"
# Seconds that a test waits, at most, for what takes a moment.
WAIT = 60
LIMITS = Limits(seconds=1, memory=256 << 20, output=100_000, workers=2, queue=4)
RUNAWAY = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
# Ten tens of tens: each step is ten times as long.
STEPS = " ".join(f"BIND(CONCAT({','.join([f'?s{i}'] * 10)}) AS ?s{i + 1})" for i in range(10))


def doubled(times):
    """A query that makes a string of 2 to the so manieth bytes, and answers with its length."""
    steps = " ".join(f"BIND(CONCAT(?s{i}, ?s{i}) AS ?s{i + 1})" for i in range(times))
    return f"SELECT (STRLEN(?s{times}) AS ?n) {{ BIND('a' AS ?s0) {steps} }}"


@pytest.fixture(scope="module")
def runner():
    with asyncio.Runner() as found:
        yield found


@pytest.fixture(scope="module")
def started(runner):
    """An engine of the tiny world with two workers, and limits that are soon reached."""
    found = Engine(LIMITS)
    with pytest.MonkeyPatch.context() as patch:
        # How a worker ended is told at once, but a machine may do much else.
        patch.setattr("trilateral.serve.workers.execution._GRACE", WAIT)
        runner.run(found.start(WORLD / "data", None))
        yield found
        runner.run(found.close())


@pytest.fixture
def engine(runner, started):
    """The engine, all of whose workers are there and free."""
    runner.run(until(lambda: started.queue.free == LIMITS.workers))
    return started


def ask(engine, query, seconds=None):
    job = {"does": "query", "query": query, "solutions": JSON}
    return engine.run(job, seconds=seconds)


def outcome(runner, engine, query, seconds=None):
    with pytest.raises(JobError) as error:
        runner.run(ask(engine, query, seconds))
    return error.value.kind


def still_answers(runner, engine):
    for _ in range(LIMITS.workers):
        assert b"true" in runner.run(answered(engine)).body


async def answered(engine):
    """Ask until a worker is there, if the next has yet to begin: it is soon, or there is none."""
    async with asyncio.timeout(WAIT):
        while True:
            try:
                return await ask(engine, "ASK {}", WAIT)
            except JobError as error:
                assert error.kind == "busy"


def children(pid):
    return {int(each) for each in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()}


async def until(condition):
    async with asyncio.timeout(WAIT):
        while not condition():
            await asyncio.sleep(0.01)


@pytest.mark.parametrize(
    ("query", "kinds"),
    [
        (RUNAWAY, {"timeout"}),
        ("SELECT * { ?a ?b ?c . ?d ?e ?f } ORDER BY ?c ?f ?a", {"memory", "timeout"}),
        (
            "SELECT (GROUP_CONCAT(?x) AS ?y) { ?a ?b ?c . ?d ?e ?f . "
            "BIND(CONCAT(STR(?a), STR(?d)) AS ?x) }",
            {"memory", "timeout"},
        ),
        (
            "SELECT (COUNT(*) AS ?n) { ?a (<urn:p>|!<urn:q>)* ?b . ?b (<urn:p>|!<urn:q>)* ?c . "
            "?c (!<urn:q>|^!<urn:q>)* ?d }",
            {"memory", "timeout"},
        ),
        (
            f"SELECT (STRLEN(?s10) AS ?n) {{ BIND('aaaaaaaaaa' AS ?s0) {STEPS} }}",
            {"memory", "timeout"},
        ),
        (
            f"SELECT (STRLEN(REPLACE(REPLACE(REPLACE('{'a' * 500}', 'a', '{'b' * 500}'), "
            f"'b', '{'c' * 500}'), 'c', '{'d' * 500}')) AS ?n) {{}}",
            {"memory", "timeout"},
        ),
        (
            "SELECT (COUNT(DISTINCT ?x) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . "
            "BIND(CONCAT(STR(?c), STR(?f), STR(?i)) AS ?x) }",
            {"memory", "timeout"},
        ),
        ("SELECT * { " + "{ " * 50_000 + "?s ?p ?o" + " }" * 50_000 + "}", {"failed"}),
        ("ASK { FILTER(" + "(" * 20_000 + "1" + ")" * 20_000 + ") }", {"failed"}),
        ("ASK { ?s " + "(" * 20_000 + "<urn:a>" + ")" * 20_000 + " ?o }", {"failed"}),
        ("SELECT * { ?a ?b ?c . ?d ?e ?f }", {"too-long"}),
        ("SELECT * { ?s ?p", {"syntax"}),
    ],
    ids=[
        "cross product", "sort", "group concat", "paths", "concat", "replace", "distinct",
        "nested groups", "nested brackets", "nested paths", "long answer", "syntax",
    ],
)  # fmt: skip
def test_a_query_without_bounds_is_ended_and_the_next_is_answered(runner, engine, query, kinds):
    seconds = None if "timeout" in kinds else WAIT
    assert outcome(runner, engine, query, seconds) in kinds
    still_answers(runner, engine)


def test_a_regular_expression_cannot_run_away(runner, engine):
    """Oxigraph's take time linear in the text; backtracking would need 2 to the 5000 steps."""
    query = f"ASK {{ FILTER(REGEX('{'a' * 5000}', '(a+)+$b|(a|aa)+c')) }}"
    assert b"false" in runner.run(ask(engine, query, WAIT)).body


def test_the_worker_of_a_query_that_nobody_waits_for_is_ended(runner, engine):
    async def hang_up():
        before = children(engine.pid)
        task = asyncio.ensure_future(ask(engine, RUNAWAY, WAIT))
        await until(lambda: engine.queue.running)
        task.cancel()
        await until(lambda: not before <= children(engine.pid))
        await until(lambda: len(children(engine.pid)) == LIMITS.workers)
        assert task.cancelled()
        assert len(children(engine.pid) & before) == LIMITS.workers - 1

    runner.run(hang_up())
    still_answers(runner, engine)


def test_a_worker_that_is_killed_while_it_is_free_is_replaced(runner, engine):
    async def kill():
        before = children(engine.pid)
        for pid in before:
            os.kill(pid, signal.SIGKILL)
        await until(lambda: not before & children(engine.pid))
        await asyncio.sleep(0)  # the ends of their streams, which are there by now, are read

    runner.run(kill())
    still_answers(runner, engine)


def test_a_worker_that_has_grown_is_replaced(runner, engine, monkeypatch):
    """2 to the 26 bytes are 64 MiB, more than a worker may keep; 2 to the 10 are nothing."""
    # One that is slow is replaced too.
    monkeypatch.setattr("trilateral.serve.workers.pool.SHORT", 60)

    async def grown():
        before = children(engine.pid)
        job = {"does": "query", "solutions": JSON}
        few = await engine.run({**job, "query": doubled(10)}, seconds=WAIT)
        assert b'"1024"' in few.body
        assert children(engine.pid) == before
        many = await engine.run({**job, "query": doubled(26)}, seconds=WAIT)
        assert b'"67108864"' in many.body
        await until(lambda: not before <= children(engine.pid))

    runner.run(grown())
    still_answers(runner, engine)


def test_nothing_is_leaked_by_queries_that_are_ended(runner, engine):
    def opened():
        return [len(list(Path(f"/proc/{pid}/fd").iterdir())) for pid in ("self", engine.pid)]

    before = opened()
    nested = "ASK { " + "{" * 50_000 + "}" * 50_000 + " }"
    for _ in range(20):
        assert outcome(runner, engine, nested, WAIT) == "failed"
    runner.run(until(lambda: engine.queue.free == LIMITS.workers))
    # The engine closes what it has handed over a moment after the server has it.
    runner.run(until(lambda: all(map(operator.le, opened(), before))))


def test_a_worker_has_its_stream_and_box_and_can_open_nothing(runner, engine):
    def confined(pid):
        opened = {int(each.name) for each in Path(f"/proc/{pid}/fd").iterdir()}
        limits = Path(f"/proc/{pid}/limits").read_text()
        rows = [line for line in limits.splitlines() if line.startswith("Max open files")]
        return {0, 1, 2} < opened and len(opened) == 5 and rows[0].split()[3:5] == ["0", "0"]

    workers = children(engine.pid)
    assert len(workers) == LIMITS.workers
    # Each confines itself as it begins, before it reads its first query.
    runner.run(until(lambda: all(map(confined, workers))))


def test_signals_for_the_server_do_not_end_engine_and_workers(runner, engine, monkeypatch):
    """A service manager sends SIGTERM to all processes; the server alone decides."""
    # One that is slow is replaced too.
    monkeypatch.setattr("trilateral.serve.workers.pool.SHORT", 60)
    before = children(engine.pid)
    for pid in (engine.pid, *before):
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            os.kill(pid, number)
    still_answers(runner, engine)
    assert children(engine.pid) == before


def test_more_than_can_wait_are_refused_at_once(runner, engine):
    """Two run and four wait; of seven, one is refused, before any has ended."""

    async def seven():
        tasks = [asyncio.ensure_future(ask(engine, RUNAWAY, WAIT)) for _ in range(7)]
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        assert [task.exception().kind for task in done] == ["busy"]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        assert (engine.queue.running, engine.queue.waiting) == (0, 0)

    runner.run(seven())
    still_answers(runner, engine)


def test_who_leaves_as_it_is_given_a_worker_keeps_none(runner, engine):
    async def leave():
        told = []
        held = {client: engine.queue.now(client, alone=True) for client in "ab"}
        for worker in held.values():
            engine.queue.late(worker)
        job = {"does": "query", "query": "ASK {}", "solutions": JSON}
        execution = engine.submit(job, told.append)
        assert engine.queue.waiting == 1
        for client, worker in held.items():
            engine.queue.give(worker, client)
        execution.leave()
        await asyncio.sleep(0.1)
        assert (told, engine.queue.running, engine.queue.waiting) == ([], 0, 0)

    runner.run(until(lambda: engine.queue.free == LIMITS.workers))
    runner.run(leave())
    still_answers(runner, engine)


# ---------------------------------------------------------------- jobs that line up


NESTED = "ASK { " + "{" * 50_000 + "}" * 50_000 + " }"


def number(engine, value):
    """Ask for a number, so that an answer tells which query it belongs to."""
    return asyncio.ensure_future(ask(engine, f"SELECT ({value} AS ?n) {{}}", WAIT))


async def numbers(tasks):
    found = await asyncio.wait_for(asyncio.gather(*tasks), WAIT)
    return [int(json.loads(each.body)["results"]["bindings"][0]["n"]["value"]) for each in found]


@pytest.fixture
def lane(runner, monkeypatch):
    """An engine with three workers, of which one is to be at short jobs at once."""
    found = Engine(Limits(seconds=WAIT, memory=256 << 20, workers=3, queue=1000))
    found.queue = Queue(share=2, room=1000, lanes=1)
    monkeypatch.setattr("trilateral.serve.workers.execution._GRACE", WAIT)
    runner.run(found.start(WORLD / "data", None))
    runner.run(until(lambda: found.queue.free == 3))
    yield found
    runner.run(found.close())


def test_as_many_workers_as_there_are_processors_are_for_short_queries(runner, engine):
    async def line_up():
        tasks = [number(engine, each) for each in range(6)]
        await asyncio.sleep(0)
        used = engine.queue.running
        assert await numbers(tasks) == list(range(6))
        return used

    assert runner.run(line_up()) == min(LIMITS.workers, len(os.sched_getaffinity(0)))


def test_short_queries_do_not_wait_for_a_long_one_that_they_stand_behind(runner, lane):
    async def line_up():
        long = asyncio.ensure_future(ask(lane, RUNAWAY))
        short = [number(lane, each) for each in range(5)]
        await asyncio.sleep(0)
        assert (lane.queue.running, lane.queue.waiting) == (1, 0)
        assert await numbers(short) == list(range(5))
        assert not long.done()
        long.cancel()
        await asyncio.gather(long, return_exceptions=True)

    runner.run(line_up())


def test_every_query_has_its_own_answer_whoever_leaves_or_fails(runner, lane):
    """Of each ten one is given up at once, one takes its worker with it, one grows, one is long."""
    text = " " * wire.PACKET

    async def mix():
        asked, failing = {}, []
        for each in range(0, 200, 10):
            asked |= {value: number(lane, value) for value in range(each, each + 3)}
            left = asyncio.ensure_future(ask(lane, RUNAWAY))
            failing.append(asyncio.ensure_future(ask(lane, NESTED)))
            asked |= {value: number(lane, value) for value in range(each + 3, each + 6)}
            asked[each + 6] = number(lane, f"{text}{each + 6}")
            await asyncio.sleep(0)
            asked[each + 7] = number(lane, each + 7)
            left.cancel()
        assert await numbers(asked.values()) == list(asked)
        ended = await asyncio.wait_for(asyncio.gather(*failing, return_exceptions=True), WAIT)
        assert [error.kind for error in ended] == ["failed"] * 20
        await until(lambda: (lane.queue.running, lane.queue.waiting) == (0, 0))

    runner.run(mix())


def test_who_leaves_a_line_ends_no_worker(runner, lane):
    async def leave():
        before = children(lane.pid)
        first = asyncio.ensure_future(ask(lane, f"SELECT (STRLEN('{'a' * 9999}') AS ?n) {{}}"))
        left = [asyncio.ensure_future(ask(lane, RUNAWAY)) for _ in range(3)]
        await asyncio.sleep(0)
        for each in reversed(left):
            each.cancel()
        assert await numbers([first]) == [9999]
        assert await numbers([number(lane, each) for each in range(9)]) == list(range(9))
        return before, children(lane.pid)

    before, after = runner.run(leave())
    # The second may have been begun at that moment, of the others neither.
    assert len(before & after) >= 2


def test_one_that_lines_up_is_not_given_to_a_worker_that_has_grown(runner, lane, monkeypatch):
    monkeypatch.setattr("trilateral.serve.workers.pool.SHORT", WAIT)
    monkeypatch.setattr("trilateral.serve.workers.pool._LOOK", WAIT)

    async def grow():
        before = children(lane.pid)
        job = {"does": "query", "solutions": JSON, "query": doubled(26)}
        many = asyncio.ensure_future(lane.run(job, seconds=WAIT))
        behind = [number(lane, each) for each in range(3)]
        await asyncio.sleep(0)
        assert lane.queue.running == 1
        assert await numbers([many, *behind]) == [1 << 26, 0, 1, 2]
        await until(lambda: not before <= children(lane.pid))
        await until(lambda: lane.queue.free == 3)

    runner.run(grow())


def test_what_runs_is_answered_while_draining_and_what_comes_is_refused(runner):
    async def drain():
        engine = Engine(LIMITS)
        await engine.start(WORLD / "data", None)
        pid = engine.pid
        running = asyncio.ensure_future(ask(engine, RUNAWAY))
        await until(lambda: engine.queue.running)
        await engine.drain(WAIT)
        with pytest.raises(JobError, match="1 seconds"):
            await running
        with pytest.raises(JobError) as error:
            await ask(engine, "ASK {}")
        assert error.value.kind == "closing"
        assert not Path(f"/proc/{pid}").exists()

    runner.run(drain())


def test_an_engine_that_ends_is_noticed_and_what_runs_is_answered(runner):
    async def kill():
        engine = Engine(Limits(seconds=1, workers=1))
        await engine.start(WORLD / "data", None)
        told = []
        engine.when_gone(told.append)
        running = asyncio.ensure_future(ask(engine, RUNAWAY))
        await until(lambda: engine.queue.running)
        os.kill(engine.pid, signal.SIGKILL)
        await until(lambda: told)
        assert not engine.alive
        with pytest.raises(JobError, match="1 seconds"):
            await running
        await engine.close()

    runner.run(kill())


def test_workers_that_cannot_begin_are_no_endless_loop(runner, tmp_path, monkeypatch):
    """An engine whose workers fail as they begin says so and ends."""
    program = (
        "from trilateral.serve.workers import engine\n"
        "def stillborn(*_): raise RuntimeError('stillborn')\n"
        "engine.work = stillborn\n"
        "engine.main()\n"
    )
    (tmp_path / "python").write_text(
        f'#!/bin/sh\nshift 2\nexec {os.sys.executable} -c "{program}" "$@"\n'
    )
    (tmp_path / "python").chmod(0o755)
    monkeypatch.setattr("trilateral.serve.workers.pool.sys.executable", str(tmp_path / "python"))

    async def start():
        engine = Engine(Limits(workers=2))
        gone = asyncio.get_running_loop().create_future()
        engine.when_gone(gone.set_result)
        await engine.start(WORLD / "data", None)
        return await asyncio.wait_for(gone, WAIT)

    assert "end when they begin" in runner.run(start())
