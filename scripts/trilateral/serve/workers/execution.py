"""Execution: one job on its way: it waits for a worker, runs in it, and says how it ended.

It has no task of its own. What happens calls what is next, since most queries take less time
than a task costs.
"""

from __future__ import annotations

import asyncio
import contextlib
import signal
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from trilateral.serve.web.budget import Account, Budget
from trilateral.serve.web.http import Problem
from trilateral.serve.workers.peer import Answer, JobError, Result, Worker
from trilateral.serve.workers.queue import BusyError

if TYPE_CHECKING:
    from trilateral.serve.workers.pool import Engine

NOBODY = Account(Budget(0))
Done = Callable[[Result | Exception], None]
# After so many seconds a query gives way to those that have just begun.
_SHORT = 0.25
_GRACE = 0.5


class Execution:
    """A job that was handed in, from then until it is done or nobody waits for it."""

    def __init__(
        self, engine: Engine, job: dict[str, Any], done: Done, account: Account, allowed: float
    ) -> None:
        self._engine, self._job, self._account, self._allowed = engine, job, account, allowed
        # None once it is told, or nobody waits.
        self._done: Done | None = done
        self._place: asyncio.Future[Worker] | None = None
        self._worker: Worker | None = None

    def start(self) -> None:
        """Begin in a worker that is free, or wait for one."""
        engine, client = self._engine, self._account.client
        if engine.closing:
            self._tell(JobError("closing", "The server is closing."))
            return
        worker = engine.queue.now(client)
        if worker:
            self._begin(worker)
            return
        try:
            self._place = engine.queue.wait(client, engine.limits.seconds)
        except BusyError as error:
            self._tell(JobError("busy", str(error)))
        else:
            self._place.add_done_callback(self._take_turn)

    def leave(self) -> None:
        """Wait no longer: a worker that is at work is ended. Nothing, where it is done."""
        if self._done is None:
            return
        self._done = None
        if self._worker:
            self._settle(intact=False)
        elif self._place:
            # Who was given a worker at this moment gives it back when told of it.
            self._place.cancel()

    def _take_turn(self, place: asyncio.Future[Worker]) -> None:
        if place.cancelled():
            return
        try:
            worker = place.result()
        except TimeoutError:
            self._tell(JobError("busy", "No worker became free in time."))
        except JobError as error:
            self._tell(error)
        else:
            self._begin(worker)

    def _begin(self, worker: Worker) -> None:
        """Have a worker do the job, unless nobody waits or pays for it."""
        engine, client = self._engine, self._account.client
        if self._done is None:
            engine.give_back(worker, client, worker.alive)
            return
        try:
            self._account.ask()
        except Problem as problem:
            engine.give_back(worker, client, worker.alive)
            self._tell(problem)
            return
        if not worker.alive:
            engine.give_back(worker, client, False)
            self.start()
            return
        self._worker, self._began = worker, time.monotonic()
        self._timer = self._engine.loop.call_later(_SHORT, self._fall_behind)
        worker.ask({**self._job, "seconds": self._allowed}, self._take_answer)

    def _fall_behind(self) -> None:
        assert self._worker
        self._engine.tell({"behind": self._worker.pid})
        # Should its own timer not end it.
        late = self._allowed + _GRACE - _SHORT
        self._timer = self._engine.loop.call_later(late, self._worker.fail, TimeoutError())

    def _take_answer(self, answer: Answer | Exception) -> None:
        if self._done is None:
            return
        if isinstance(answer, OSError):
            assert self._worker
            self._engine.begin(self._explain(self._worker))
        elif isinstance(answer, Exception):
            kind = getattr(answer, "kind", "internal")
            self._settle(intact=kind not in ("memory", "internal"))
            self._tell(answer)
        else:
            head, body, grown = answer
            took = self._settle(intact=not grown)
            self._tell(Result(head, body, took))

    async def _explain(self, worker: Worker) -> None:
        """Tell why a worker ended, from its exit code; the engine tells that at once."""
        error = await self._why(worker, time.monotonic() - self._began)
        if self._done:
            self._settle(intact=False)
            self._tell(error)

    async def _why(self, worker: Worker, took: float) -> JobError:
        allowed = self._allowed
        if took < allowed:
            with contextlib.suppress(TimeoutError):
                code = await asyncio.wait_for(asyncio.shield(worker.code), _GRACE)
                if code == -signal.SIGALRM:
                    took = allowed
                elif code in (-signal.SIGSEGV, -signal.SIGBUS):
                    return JobError("failed", "The query is nested too deeply.")
        if took >= allowed:
            return JobError("timeout", f"The query was ended after {allowed:g} seconds.")
        if self._engine.closing:
            return JobError("closing", "The server is closing.")
        return JobError("memory", "The query took more memory than it may here, and was ended.")

    def _settle(self, intact: bool) -> float:
        """Charge for the job and give the worker back; returns the seconds it took."""
        worker, self._worker = self._worker, None
        assert worker
        took = time.monotonic() - self._began
        self._timer.cancel()
        self._account.charge(took)
        # One that was sent behind the others stays there, so it makes place for another.
        self._engine.give_back(worker, self._account.client, intact and took < _SHORT)
        return took

    def _tell(self, found: Result | Exception) -> None:
        done, self._done = self._done, None
        if done:
            done(found)
