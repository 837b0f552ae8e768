"""Execution: one job on its way: it waits for a worker, runs in it, and says how it ended.

It has no task of its own. What happens calls what is next, since most queries take less time
than a task costs.
"""

from __future__ import annotations

import asyncio
import contextlib
import signal
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from trilateral.serve.web.budget import Account, Budget
from trilateral.serve.web.http import Problem
from trilateral.serve.workers import wire
from trilateral.serve.workers.peer import Answer, JobError, NotBegunError, Result, Worker
from trilateral.serve.workers.queue import BusyError

if TYPE_CHECKING:
    from trilateral.serve.workers.pool import Engine

NOBODY = Account(Budget(0))
Done = Callable[[Result | Exception], None]
# Seconds in which the engine tells how a worker ended.
_GRACE = 0.5


class Execution:
    """A job that was handed in, from then until it is done or nobody waits for it."""

    def __init__(
        self, engine: Engine, job: dict[str, Any], done: Done, account: Account, allowed: float
    ) -> None:
        self._engine, self._account, self._allowed = engine, account, allowed
        self._packet, self._rest = wire.pack({**job, "seconds": allowed})
        # None once it is told, or nobody waits.
        self._done: Done | None = done
        self._place: asyncio.Future[Worker] | None = None
        self._worker: Worker | None = None
        # How long it took, where that is known before why it ended.
        self._took = 0.0

    def start(self) -> None:
        """Give it to a worker, or wait for one."""
        engine, client = self._engine, self._account.client
        if engine.closing:
            self._tell(JobError("closing", "The server is closing."))
            return
        # What goes by the stream cannot be taken back, so it lines up behind nothing.
        alone = bool(self._rest)
        worker = engine.queue.now(client, alone)
        if worker:
            self._begin(worker)
            return
        try:
            self._place = engine.queue.wait(client, engine.limits.seconds, alone)
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
            self._worker.take_back()
        if self._worker:
            self._settle(self._took or self._worker.took, intact=False)
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
            engine.release(worker, client)
            return
        try:
            self._account.ask()
        except Problem as problem:
            engine.release(worker, client)
            self._tell(problem)
            return
        if not worker.alive:
            engine.release(worker, client)
            self.start()
            return
        self._worker = worker
        worker.ask(self._packet, self._rest, self._allowed, self._take_answer)
        engine.look_soon()

    def _take_answer(self, answer: Answer | Exception, took: float) -> None:
        worker = self._worker
        if worker is None:
            return
        if isinstance(answer, NotBegunError):
            self._worker = None
            self._engine.release(worker, self._account.client)
            if self._done:
                self.start()
        elif isinstance(answer, OSError):
            self._took = took
            self._engine.begin(self._explain(worker))
        elif isinstance(answer, Exception):
            kind = getattr(answer, "kind", "internal")
            self._settle(took, intact=kind not in ("memory", "internal"))
            self._tell(answer)
        else:
            head, body, grown = answer
            self._settle(took, intact=not grown)
            self._tell(Result(head, body, took))

    async def _explain(self, worker: Worker) -> None:
        """Tell why a worker ended, from its exit code; the engine tells that at once."""
        error = await self._why(worker)
        if self._done:
            self._settle(self._took, intact=False)
            self._tell(error)

    async def _why(self, worker: Worker) -> JobError:
        took, allowed = self._took, self._allowed
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

    def _settle(self, took: float, intact: bool) -> None:
        """Charge for the job and give the worker back."""
        worker, self._worker = self._worker, None
        assert worker
        self._account.charge(took)
        # One that was sent behind the others stays there, so it makes place for another.
        if intact and not worker.behind:
            self._engine.release(worker, self._account.client)
        else:
            self._engine.end(worker)

    def _tell(self, found: Result | Exception) -> None:
        done, self._done = self._done, None
        if done:
            done(found)
