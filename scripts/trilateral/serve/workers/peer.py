"""Peer: one worker as the server sees it, and what becomes of the jobs that it has.

A worker is at work on the first of its jobs; the others lie in its box. Waking a process
takes as long as a short query, so one that is at work should find the next job at hand. What
it has not taken out of the box, the server can take back.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import socket
import time
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, cast

from trilateral.serve.workers import wire


class JobError(Exception):
    """A job that was not done: ``kind`` is a word for why, the message a sentence.

    The kinds: ``syntax``, ``service``, ``failed``, ``not-acceptable``, ``unknown-graph``,
    ``too-long`` (the answer), ``memory``, ``timeout``, ``busy`` (too many wait), ``closing``,
    ``internal``.
    """

    def __init__(self, kind: str, message: str) -> None:
        super().__init__(message)
        self.kind = kind


class NotBegunError(Exception):
    """A job was taken from a worker that had not begun it, and is to be given to another."""


@dataclass(frozen=True)
class Result:
    """What a worker answered: its head, the body as bytes, and how long it took."""

    head: dict[str, Any]
    body: bytes
    seconds: float


# Head and body of an answer, and whether the worker has grown.
Answer = tuple[dict[str, Any], bytes, bool]
# Takes an answer, or why there is none, and the seconds that it took.
Answered = Callable[[Answer | Exception, float], None]


@dataclass(frozen=True)
class _Job:
    packet: bytes
    seconds: float
    done: Answered


@lru_cache(maxsize=256)
def _read_head(payload: bytes) -> dict[str, Any]:
    """Read the head of an answer; the same few come again and again, and nobody changes one."""
    return json.loads(payload)  # type: ignore[no-any-return]


class Worker(asyncio.Protocol):
    """One worker, as the server sees it: it is asked, and its answers come in frames.

    Args:
        pid: Its process.
        slot: Where jobs are put into its box.
        box: The box itself, which the worker reads too.

    Attributes:
        code: How it ended, once the engine has told.
        behind: Whether it gives way to others.
    """

    def __init__(self, pid: int, slot: socket.socket, box: socket.socket) -> None:
        self.pid = pid
        self.code: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        self._since = 0.0
        self.behind = False
        slot.setblocking(False)
        self._slot, self._box = slot, box
        self._jobs: deque[_Job] = deque()
        self._frames = wire.Frames()
        self._stream: asyncio.Transport | None = None
        self._head: dict[str, Any] = {}
        self._parts: list[bytes] = []

    @property
    def alive(self) -> bool:
        """Whether it can be asked."""
        return not (self.code.done() or self._stream is None or self._stream.is_closing())

    @property
    def took(self) -> float:
        """For how many seconds it has been at the job that it is at; 0 where there is none."""
        return time.monotonic() - self._since if self._jobs else 0.0

    @property
    def overdue(self) -> float:
        """For how many seconds that job should have ended; less than 0 before."""
        return self.took - self._jobs[0].seconds if self._jobs else -1.0

    def ask(self, packet: bytes, rest: bytes, seconds: float, done: Answered) -> None:
        """Give it a job (see `wire.pack`), which may take so many seconds.

        ``done`` is called with the answer, or with why there is none: a JobError when the worker
        says that it could not do it, an OSError when it ended before, a NotBegunError when it
        was taken back. One of which there is a rest cannot be, so it is for a worker that has
        no other.
        """
        if not self._jobs:
            self._since = time.monotonic()
        self._jobs.append(_Job(packet, seconds, done))
        try:
            self._slot.send(packet)
        except OSError:
            # Its box is full, against `queue._DEPTH`, or closed: it is of no use.
            self.give_up()
            return
        if rest and self._stream:
            self._stream.write(rest)

    def take_back(self) -> None:
        """Take back what it has not begun, but not the first: it begins that in a moment."""
        packets = self._empty_box()
        if packets and len(packets) == len(self._jobs):
            self._slot.send(packets.pop(0))
        back = [self._jobs.pop() for _ in packets]
        _give_back(reversed(back))

    def _empty_box(self) -> list[bytes]:
        packets = []
        with contextlib.suppress(BlockingIOError):
            while packet := self._box.recv(wire.PACKET, socket.MSG_DONTWAIT):
                packets.append(packet)
        return packets

    def fail(self, error: Exception) -> None:
        """Wait no longer for the answer to the first job."""
        self._tell(error)

    def give_up(self) -> None:
        """Hang up: it ends, and its jobs are given back.

        Also one that it may have begun by now: none changes anything, so it can be done again.
        """
        if self._stream:
            self._stream.close()
        jobs, self._jobs = self._jobs, deque()
        _give_back(jobs)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin."""
        self._stream = cast("asyncio.Transport", transport)

    def connection_lost(self, error: Exception | None) -> None:
        """It has ended, with the job that it was at."""
        back = [self._jobs.pop() for _ in self._empty_box() if self._jobs]
        self._slot.close()
        self._box.close()
        self._tell(error or ConnectionResetError())
        _give_back(reversed(back))

    def data_received(self, data: bytes) -> None:
        """Take what it says."""
        for kind, payload in self._frames.feed(data):
            if kind == wire.HEAD:
                self._head = _read_head(payload)
            elif kind == wire.PART:
                self._parts.append(payload)
            elif kind == wire.FAILURE:
                self._tell(JobError(**json.loads(payload)))
            else:
                self._tell((self._head, b"".join(self._parts), payload == wire.GROWN))

    def _tell(self, answer: Answer | Exception) -> None:
        """Tell how the first job ended; the next begins at this moment."""
        self._head, self._parts = {}, []
        if self._jobs:
            now = time.monotonic()
            took, self._since = now - self._since, now
            self._jobs.popleft().done(answer, took)


def _give_back(jobs: Iterable[_Job]) -> None:
    for job in jobs:
        job.done(NotBegunError(), 0.0)
