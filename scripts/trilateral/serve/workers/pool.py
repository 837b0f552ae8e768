"""Pool: the server's side of the workers; each job runs in one of them, within its limits.

A query that runs too long, takes too much or is no longer waited for is ended with the
process it runs in, and another takes its place. Which job is next is for `queue` to say.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from trilateral.errors import TrilateralError
from trilateral.serve.web.budget import Account, Budget
from trilateral.serve.workers import wire
from trilateral.serve.workers.limits import Limits
from trilateral.serve.workers.queue import BusyError, Queue

# After so many seconds a query gives way to those that have just begun.
_SHORT = 0.25
_GRACE = 0.5
_START = 600.0
_NOBODY = Account(Budget(0))


class JobError(Exception):
    """A job that was not done: ``kind`` is a word for why, the message a sentence.

    The kinds: ``syntax``, ``service``, ``failed``, ``not-acceptable``, ``unknown-graph``,
    ``too-long`` (the answer), ``memory``, ``timeout``, ``busy`` (too many wait), ``closing``,
    ``internal``.
    """

    def __init__(self, kind: str, message: str) -> None:
        super().__init__(message)
        self.kind = kind


class NotServedError(TrilateralError):
    """The data cannot be served: what is wrong with them, and how to repair it."""

    status = 1


@dataclass(frozen=True)
class Result:
    """What a worker answered: its head, the body as bytes, and how long it took."""

    head: dict[str, Any]
    body: bytes
    seconds: float


# Head and body of an answer, and whether the worker has grown.
_Answer = tuple[dict[str, Any], bytes, bool]


class _Worker(asyncio.Protocol):
    """One worker, as the server sees it: it is asked, and its answer comes in frames."""

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self._loop = asyncio.get_running_loop()
        # How it ended, once the engine has told.
        self.code: asyncio.Future[int] = self._loop.create_future()
        self._frames = wire.Frames()
        self._stream: asyncio.Transport | None = None
        self._answer: asyncio.Future[_Answer] | None = None

    @property
    def alive(self) -> bool:
        return not (self.code.done() or self._stream is None or self._stream.is_closing())

    async def ask(self, job: dict[str, Any]) -> _Answer:
        """Send a job and wait for the answer.

        Raises:
            JobError: when the worker says that it could not do it.
            OSError: when it ended before.
        """
        self._answer = self._loop.create_future()
        self._head: dict[str, Any] = {}
        self._parts: list[bytes] = []
        if self._stream:
            self._stream.write(wire.job_frame(job))
        return await self._answer

    def fail(self, error: Exception) -> None:
        """Wait no longer for the answer."""
        if self._answer and not self._answer.done():
            self._answer.set_exception(error)

    def close(self) -> None:
        if self._stream:
            self._stream.close()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._stream = cast("asyncio.Transport", transport)

    def connection_lost(self, error: Exception | None) -> None:
        self.fail(error or ConnectionResetError())

    def data_received(self, data: bytes) -> None:
        for kind, payload in self._frames.feed(data):
            if kind == wire.HEAD:
                self._head = json.loads(payload)
            elif kind == wire.PART:
                self._parts.append(payload)
            elif kind == wire.FAILURE:
                self.fail(JobError(**json.loads(payload)))
            elif self._answer and not self._answer.done():
                body = b"".join(self._parts)
                self._answer.set_result((self._head, body, payload == wire.GROWN))


class Engine:
    """One engine process with its workers: what one version of the data is served from.

    Attributes:
        version: Digest of the data.
        quads: How many quads the store holds.
        pid: The process that holds the store.
        queue: The workers that are free, and who waits for one.
    """

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.version = ""
        self.quads = 0
        self.pid = 0
        self.queue: Queue[_Worker] = Queue(limits.share, limits.queue)
        self._workers: dict[int, _Worker] = {}
        self._ready: asyncio.Future[None] | None = None
        self._gone: Callable[[str], None] | None = None
        self._why = "The engine ended."
        self._closing = False

    @property
    def alive(self) -> bool:
        """Whether it answers: it was started, has not ended and is not being closed."""
        return bool(self._ready and self._ready.done()) and not self._closing

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
        loop = asyncio.get_running_loop()
        self._ready = loop.create_future()
        loop.add_reader(ours, self._heard)
        try:
            await asyncio.wait_for(self._ready, _START)
        except BaseException:
            await self.close()
            raise

    def when_gone(self, call: Callable[[str], None]) -> None:
        """Have ``call`` told why, when the process ends without having been closed."""
        self._gone = call

    async def run(
        self, job: dict[str, Any], account: Account = _NOBODY, seconds: float | None = None
    ) -> Result:
        """Have a job done by the next free worker, at the cost of an account.

        The account is asked again when the job's turn has come: what the client had waiting
        before it may have used its seconds up.

        Raises:
            JobError: when it was not done, with the reason.
            Problem: when the account is empty.
            asyncio.CancelledError: when nobody waits any more; the worker is ended.
        """
        allowed = seconds or self.limits.seconds
        worker = await self._acquire(account)
        loop = asyncio.get_running_loop()
        began = time.monotonic()
        timer: asyncio.TimerHandle

        def behind() -> None:
            nonlocal timer
            self._tell({"behind": worker.pid})
            # Should its own timer not end it.
            late = allowed + _GRACE - _SHORT
            timer = loop.call_later(late, lambda: worker.fail(TimeoutError()))

        timer = loop.call_later(_SHORT, behind)
        intact = False
        try:
            head, body, grown = await worker.ask({**job, "seconds": allowed})
            intact = not grown
            return Result(head, body, time.monotonic() - began)
        except JobError as error:
            intact = error.kind not in ("memory", "internal")
            raise
        except OSError:
            raise await self._died(worker, time.monotonic() - began, allowed) from None
        finally:
            took = time.monotonic() - began
            timer.cancel()
            account.charge(took)
            # One that was sent behind the others stays there, so it makes place for another.
            self._give_back(worker, account.client, intact and took < _SHORT)

    async def _acquire(self, account: Account) -> _Worker:
        while True:
            if self._closing:
                raise JobError("closing", "The server is closing.")
            try:
                worker = await self.queue.take(account.client, self.limits.seconds)
            except BusyError as error:
                raise JobError("busy", str(error)) from None
            except TimeoutError:
                raise JobError("busy", "No worker became free in time.") from None
            try:
                account.ask()
            except BaseException:
                self._give_back(worker, account.client, worker.alive)
                raise
            if worker.alive:
                return worker
            self._give_back(worker, account.client, False)

    def _give_back(self, worker: _Worker, client: str, usable: bool) -> None:
        if usable and not self._closing and worker.alive:
            self.queue.give(worker, client)
        else:
            self._end(worker)
            self.queue.lose(client)

    def _end(self, worker: _Worker) -> None:
        self._workers.pop(worker.pid, None)
        worker.close()
        self._tell({"end": worker.pid})

    async def _died(self, worker: _Worker, took: float, allowed: float) -> JobError:
        """Return why a worker ended, from its exit code; the engine tells that at once."""
        if took < allowed:
            with contextlib.suppress(TimeoutError):
                code = await asyncio.wait_for(asyncio.shield(worker.code), _GRACE)
                if code == -signal.SIGALRM:
                    took = allowed
                elif code in (-signal.SIGSEGV, -signal.SIGBUS):
                    return JobError("failed", "The query is nested too deeply.")
        if took >= allowed:
            return JobError("timeout", f"The query was ended after {allowed:g} seconds.")
        if self._closing:
            return JobError("closing", "The server is closing.")
        return JobError("memory", "The query took more memory than it may here, and was ended.")

    async def close(self) -> None:
        """End the process and its workers; who still waits is refused."""
        self._closing = True
        self._hang_up()
        for worker in list(self._workers.values()):
            worker.close()
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

    def _hang_up(self) -> None:
        if self._control.fileno() >= 0:
            asyncio.get_running_loop().remove_reader(self._control)
            self._control.close()

    def _tell(self, what: dict[str, Any]) -> None:
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
            task = asyncio.ensure_future(
                self._join(said["worker"], socket.socket(fileno=handles[0]))
            )
            task.add_done_callback(lambda done: done.cancelled() or done.exception())

    async def _join(self, pid: int, stream: socket.socket) -> None:
        stream.setblocking(False)
        loop = asyncio.get_running_loop()
        _, worker = await loop.create_connection(lambda: _Worker(pid), sock=stream)
        if self._closing:
            worker.close()
            return
        self._workers[pid] = worker
        self.queue.add(worker)
        if self._ready and not self._ready.done():
            self._ready.set_result(None)

    def _lost(self) -> None:
        """The engine has ended: jobs at hand are done, no other begins."""
        self._hang_up()
        if self._ready and not self._ready.done():
            self._ready.set_exception(NotServedError(self._why))
        elif not self._closing:
            self._closing = True
            self.queue.refuse(JobError("closing", "The engine of the server has ended."))
            self.process.poll()
            if self._gone:
                self._gone(self._why)
