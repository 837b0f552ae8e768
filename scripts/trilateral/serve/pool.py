"""Pool: the server's side of the workers; each job runs in one of them, within its limits.

A query that runs too long, takes too much or is no longer waited for is ended with the
process it runs in, and another takes its place.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import socket
import subprocess
import sys
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from trilateral.errors import TrilateralError
from trilateral.serve import wire
from trilateral.serve.limits import Limits

# After so many seconds a query gives way to those that have just begun.
_SHORT = 0.25
_GRACE = 0.5
_START = 600.0


class JobError(Exception):
    """A job that was not done: ``kind`` is a word for why, the message a sentence.

    The kinds: ``syntax``, ``failed``, ``not-acceptable``, ``unknown-graph``, ``too-long``
    (the answer), ``memory``, ``timeout``, ``busy`` (too many wait), ``closing``, ``internal``.
    """

    def __init__(self, kind: str, message: str) -> None:
        super().__init__(message)
        self.kind = kind


@dataclass(frozen=True)
class Result:
    """What a worker answered: its head, the body as bytes, and how long it took."""

    head: dict[str, Any]
    body: bytes
    seconds: float


class _Worker:
    def __init__(
        self, pid: int, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        self.pid, self.reader, self.writer = pid, reader, writer


class Engine:
    """One engine process with its workers: what one version of the data is served from.

    Attributes:
        version: Digest of the data.
        quads: How many quads the store holds.
    """

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.version = ""
        self.quads = 0
        self.running = 0
        self.waiting: deque[asyncio.Future[_Worker]] = deque()
        self._free: list[_Worker] = []
        self._signals: dict[int, int] = {}
        self._ready: asyncio.Future[None] | None = None
        self._gone: Callable[[], None] | None = None
        self._closing = False

    async def start(self, data: Path | None, build: Path | None) -> None:
        """Start the process and wait until the store is loaded.

        Raises:
            TrilateralError: with what the engine said, when the store does not open.
        """
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        options = {
            "data": str(data) if data else None,
            "build": str(build) if build else None,
            "limits": self.limits.as_json(),
        }
        with theirs:
            command = [sys.executable, "-m", "trilateral.serve.engine", str(theirs.fileno())]
            self.process = subprocess.Popen(
                [*command, json.dumps(options)],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
            )
        ours.setblocking(False)
        self._control = ours
        loop = asyncio.get_running_loop()
        self._ready = loop.create_future()
        loop.add_reader(ours, self._heard)
        try:
            await asyncio.wait_for(asyncio.shield(self._ready), _START)
            while not self._free:
                await asyncio.sleep(0.005)
        except BaseException:
            await self.close()
            raise

    def when_gone(self, call: Callable[[], None]) -> None:
        """Have ``call`` called when the process ends without having been closed."""
        self._gone = call

    async def run(self, job: dict[str, Any], seconds: float | None = None) -> Result:
        """Have a job done by the next free worker.

        Raises:
            JobError: when it was not done, with the reason.
            asyncio.CancelledError: when nobody waits any more; the worker is ended.
        """
        allowed = min(seconds or self.limits.seconds, self.limits.seconds)
        worker = await self._acquire()
        began = time.monotonic()
        behind = asyncio.get_running_loop().call_later(
            _SHORT, lambda: self._tell({"behind": worker.pid})
        )
        self.running += 1
        intact = False
        try:
            worker.writer.write(wire.json_frame(wire.JOB, {**job, "seconds": allowed}))
            head, body = await asyncio.wait_for(_answer(worker.reader), allowed + _GRACE)
            intact = True
            return Result(head, body, time.monotonic() - began)
        except JobError:
            intact = True
            raise
        except (TimeoutError, OSError, asyncio.IncompleteReadError):
            raise self._died(time.monotonic() - began, allowed) from None
        finally:
            self.running -= 1
            behind.cancel()
            # One that was sent behind the others stays there, so it makes place for another.
            if intact and time.monotonic() - began < _SHORT:
                self._release(worker)
            else:
                worker.writer.close()
                self._tell({"end": worker.pid})

    def _died(self, took: float, allowed: float) -> JobError:
        if took >= allowed:
            return JobError("timeout", f"The query was ended after {allowed:g} seconds.")
        if self._closing:
            return JobError("closing", "The server is closing.")
        return JobError("memory", "The query took more memory than it may here, and was ended.")

    async def close(self) -> None:
        """End the process and its workers."""
        self._closing = True
        asyncio.get_running_loop().remove_reader(self._control)
        self._control.close()
        for worker in self._free:
            worker.writer.close()
        self._free.clear()
        for future in self.waiting:
            if not future.done():
                future.set_exception(JobError("closing", "The server is closing."))
        for _ in range(100):
            if self.process.poll() is not None:
                return
            await asyncio.sleep(0.02)
        self.process.kill()
        self.process.wait()

    async def drain(self, seconds: float) -> None:
        """Wait until the jobs at hand are done, at most so long, then close."""
        end = time.monotonic() + seconds
        while (self.running or self.waiting) and time.monotonic() < end:
            await asyncio.sleep(0.02)
        await self.close()

    async def _acquire(self) -> _Worker:
        if self._closing:
            raise JobError("closing", "The server is closing.")
        while self._free:
            worker = self._free.pop()
            if not worker.reader.at_eof():
                return worker
        if len(self.waiting) >= self.limits.queue:
            raise JobError("busy", "Too many queries wait already.")
        future = asyncio.get_running_loop().create_future()
        self.waiting.append(future)
        try:
            return await asyncio.wait_for(future, self.limits.seconds)
        except TimeoutError:
            raise JobError("busy", "No worker became free in time.") from None
        except asyncio.CancelledError:
            if future.done() and not future.cancelled() and not future.exception():
                self._release(future.result())
            raise
        finally:
            with contextlib.suppress(ValueError):
                self.waiting.remove(future)

    def _release(self, worker: _Worker) -> None:
        while self.waiting:
            future = self.waiting.popleft()
            if not future.done():
                future.set_result(worker)
                return
        self._free.append(worker)

    def _tell(self, what: dict[str, Any]) -> None:
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
            if self._ready and not self._ready.done():
                self._ready.set_result(None)
        elif "failed" in said and self._ready and not self._ready.done():
            self._ready.set_exception(TrilateralError(said["failed"]))
        elif "worker" in said:
            task = asyncio.ensure_future(
                self._join(said["worker"], socket.socket(fileno=handles[0]))
            )
            task.add_done_callback(lambda done: done.cancelled() or done.exception())

    async def _join(self, pid: int, stream: socket.socket) -> None:
        stream.setblocking(False)
        reader, writer = await asyncio.open_connection(sock=stream, limit=1 << 20)
        self._release(_Worker(pid, reader, writer))

    def _lost(self) -> None:
        asyncio.get_running_loop().remove_reader(self._control)
        if self._ready and not self._ready.done():
            self._ready.set_exception(TrilateralError("The engine ended before it was ready."))
        elif not self._closing and self._gone:
            self._gone()


async def _answer(reader: asyncio.StreamReader) -> tuple[dict[str, Any], bytes]:
    head: dict[str, Any] = {}
    parts: list[bytes] = []
    while True:
        kind, size = wire.FRAME.unpack(await reader.readexactly(wire.FRAME.size))
        payload = await reader.readexactly(size) if size else b""
        if kind == wire.HEAD:
            head = json.loads(payload)
        elif kind == wire.PART:
            parts.append(payload)
        elif kind == wire.FAILURE:
            failure = json.loads(payload)
            raise JobError(failure["kind"], failure["message"])
        else:
            return head, b"".join(parts)
