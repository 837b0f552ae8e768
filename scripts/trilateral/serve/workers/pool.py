"""Pool: the server's side of the workers; each job runs in one of them, within its limits.

A query that runs too long, takes too much or is no longer waited for is ended with the
process it runs in, and another takes its place. Which job is next is for `queue` to say; that
short ones do not stay behind a long one, for the engine, which looks at them every few
milliseconds while there are any.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import socket
import subprocess
import sys
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

from trilateral.errors import TrilateralError
from trilateral.serve.web.budget import Account
from trilateral.serve.workers.execution import NOBODY, Done, Execution
from trilateral.serve.workers.limits import Limits
from trilateral.serve.workers.peer import JobError, Result, Worker
from trilateral.serve.workers.queue import Queue

_START = 600.0
# Seconds between two looks, so that is what a query loses at most that lined up behind a long one.
_LOOK = 0.004
# After so many seconds a query gives way to those that have just begun.
SHORT = 0.25
# Seconds for a worker to end by itself the query that takes too long.
GRACE = 0.5


class NotServedError(TrilateralError):
    """The data cannot be served: what is wrong with them, and how to repair it."""

    status = 1


class Engine:
    """One engine process with its workers: what one version of the data is served from.

    Attributes:
        version: Digest of the data.
        quads: How many quads the store holds.
        pid: The process that holds the store.
        loop: What runs the server's side.
        queue: The workers that are free, and who waits for one.
        closing: Whether nothing is begun any more.
    """

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.version = ""
        self.quads = 0
        self.pid = 0
        lanes = len(os.sched_getaffinity(0))
        self.queue: Queue[Worker] = Queue(limits.share, limits.queue, lanes)
        self._workers: dict[int, Worker] = {}
        self._ready: asyncio.Future[None] | None = None
        self._gone: Callable[[str], None] | None = None
        self._why = "The engine ended."
        self._tasks: set[asyncio.Task[None]] = set()
        self._looking: asyncio.TimerHandle | None = None
        self.closing = False

    @property
    def digest(self) -> str:
        """The first digits of the version, as pages and descriptions show it."""
        return self.version[:12]

    @property
    def alive(self) -> bool:
        """Whether it answers: it was started, has not ended and is not being closed."""
        return bool(self._ready and self._ready.done()) and not self.closing

    async def start(self, data: Path | None, build: Path | None) -> None:
        """Start the process and wait until the store is loaded and a worker is there.

        Raises:
            NotServedError: with what the engine said, when the store does not open.
        """
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        options = {
            "data": str(data) if data else None,
            "build": str(build) if build else None,
            "limits": self.limits.as_json(),
        }
        with theirs:
            module = "trilateral.serve.workers.engine"
            command = [sys.executable, "-m", module, str(theirs.fileno())]
            self.process = subprocess.Popen(
                [*command, json.dumps(options)],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
            )
        self.pid = self.process.pid
        ours.setblocking(False)
        self._control = ours
        self.loop = asyncio.get_running_loop()
        self._ready = self.loop.create_future()
        self.loop.add_reader(ours, self._heard)
        try:
            await asyncio.wait_for(self._ready, _START)
        except BaseException:
            await self.close()
            raise

    def when_gone(self, call: Callable[[str], None]) -> None:
        """Have ``call`` told why, when the process ends without having been closed."""
        self._gone = call

    def submit(
        self,
        job: dict[str, Any],
        done: Done,
        account: Account = NOBODY,
        seconds: float | None = None,
    ) -> Execution:
        """Have a job done by the next free worker, at the cost of an account.

        ``done`` is called once, with the result, or with why there is none: a JobError, or a
        Problem when the account is empty. The account is asked when the job's turn has come:
        what the client had waiting before it may have used its seconds up. Who does not wait
        any more says so to what is returned.
        """
        execution = Execution(self, job, done, account, seconds or self.limits.seconds)
        execution.start()
        return execution

    async def run(
        self, job: dict[str, Any], account: Account = NOBODY, seconds: float | None = None
    ) -> Result:
        """Have a job done, as `submit` does, and wait for it.

        Raises:
            JobError: when it was not done, with the reason.
            Problem: when the account is empty.
            asyncio.CancelledError: when nobody waits any more; the worker is ended.
        """
        future: asyncio.Future[Result] = self.loop.create_future()

        def done(found: Result | Exception) -> None:
            if future.done():
                return
            if isinstance(found, Exception):
                future.set_exception(found)
            else:
                future.set_result(found)

        execution = self.submit(job, done, account, seconds)
        try:
            return await future
        finally:
            execution.leave()

    def release(self, worker: Worker, client: str) -> None:
        """Take note that a client has one job less at a worker."""
        if worker.alive:
            self.queue.give(worker, client)
        else:
            self.queue.drop(worker)

    def end(self, worker: Worker) -> None:
        """End a worker; what it had not done is given to others."""
        self._workers.pop(worker.pid, None)
        self.queue.drop(worker)
        worker.give_up()
        self.tell({"end": worker.pid})

    def look_soon(self) -> None:
        """Have a look at the workers in a moment, and as long as any is at work."""
        if self._looking is None:
            self._looking = self.loop.call_later(_LOOK, self._look)

    def _look(self) -> None:
        """See that no job is kept waiting by one that takes long, and that none takes too long."""
        self._looking = None
        for worker in list(self._workers.values()):
            took = worker.took
            if took > _LOOK:
                self.queue.late(worker)
                worker.take_back()
            if took > SHORT and not worker.behind:
                worker.behind = True
                self.tell({"behind": worker.pid})
            if worker.overdue > GRACE:
                worker.fail(TimeoutError())
        if self.queue.running:
            self.look_soon()

    async def close(self) -> None:
        """End the process and its workers; who still waits is refused."""
        self.closing = True
        self._hang_up()
        for worker in list(self._workers.values()):
            worker.give_up()
        self._workers.clear()
        self.queue.refuse(JobError("closing", "The server is closing."))
        for _ in range(100):
            if self.process.poll() is not None:
                return
            await asyncio.sleep(0.02)
        self.process.kill()
        self.process.wait()

    async def drain(self, seconds: float) -> None:
        """Wait until the jobs at hand are done, at most so long, then close."""
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self.queue.idle(), seconds)
        await self.close()

    def begin(self, work: Coroutine[Any, Any, None]) -> None:
        """Have something done beside, whose failure nobody waits for."""
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        task.add_done_callback(lambda done: done.cancelled() or done.exception())

    def _hang_up(self) -> None:
        if self._control.fileno() >= 0:
            asyncio.get_running_loop().remove_reader(self._control)
            self._control.close()

    def tell(self, what: dict[str, Any]) -> None:
        """Tell the process to end a worker, or to put it behind the others."""
        # What is lost here mends itself: a worker whose stream is closed ends with its job.
        with contextlib.suppress(OSError):
            self._control.send(json.dumps(what).encode())

    def _heard(self) -> None:
        """Take what the engine says: that it is ready, or a worker, or why it failed."""
        try:
            message, handles, _, _ = socket.recv_fds(self._control, 1 << 16, 4)
        except BlockingIOError:
            return
        except OSError:
            message, handles = b"", []
        if not message:
            self._lost()
            return
        said = json.loads(message)
        if "ready" in said:
            self.version, self.quads = said["ready"], said["quads"]
        elif "failed" in said:
            self._why = said["failed"]
        elif "ended" in said:
            worker = self._workers.pop(said["ended"], None)
            if worker:
                worker.code.set_result(said["code"])
                self.queue.drop(worker)
        elif handles:
            stream, slot, box = (socket.socket(fileno=handle) for handle in handles)
            self.begin(self._join(stream, Worker(said["worker"], slot, box)))

    async def _join(self, stream: socket.socket, worker: Worker) -> None:
        stream.setblocking(False)
        await asyncio.get_running_loop().create_connection(lambda: worker, sock=stream)
        if self.closing:
            worker.give_up()
            return
        self._workers[worker.pid] = worker
        self.queue.add(worker)
        if self._ready and not self._ready.done():
            self._ready.set_result(None)

    def _lost(self) -> None:
        """The engine has ended: jobs at hand are done, no other begins."""
        self._hang_up()
        if self._ready and not self._ready.done():
            self._ready.set_exception(NotServedError(self._why))
        elif not self.closing:
            self.closing = True
            self.queue.refuse(JobError("closing", "The engine of the server has ended."))
            self.process.poll()
            if self._gone:
                self._gone(self._why)
