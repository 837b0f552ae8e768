"""Peer: one worker as the server sees it, and what becomes of a job there."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
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


@dataclass(frozen=True)
class Result:
    """What a worker answered: its head, the body as bytes, and how long it took."""

    head: dict[str, Any]
    body: bytes
    seconds: float


# Head and body of an answer, and whether the worker has grown.
Answer = tuple[dict[str, Any], bytes, bool]
Answered = Callable[[Answer | Exception], None]


@lru_cache(maxsize=256)
def _read_head(payload: bytes) -> dict[str, Any]:
    """Read the head of an answer; the same few come again and again, and nobody changes one."""
    return json.loads(payload)  # type: ignore[no-any-return]


class Worker(asyncio.Protocol):
    """One worker, as the server sees it: it is asked, and its answer comes in frames."""

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self._loop = asyncio.get_running_loop()
        # How it ended, once the engine has told.
        self.code: asyncio.Future[int] = self._loop.create_future()
        self._frames = wire.Frames()
        self._stream: asyncio.Transport | None = None
        self._done: Answered | None = None

    @property
    def alive(self) -> bool:
        """Whether it can be asked."""
        return not (self.code.done() or self._stream is None or self._stream.is_closing())

    def ask(self, job: dict[str, Any], done: Answered) -> None:
        """Send a job; ``done`` is called with the answer, or with why there is none.

        That is a JobError when the worker says that it could not do it, an OSError when it
        ended before.
        """
        self._done = done
        self._head: dict[str, Any] = {}
        self._parts: list[bytes] = []
        if self._stream:
            self._stream.write(wire.job_frame(job))

    def fail(self, error: Exception) -> None:
        """Wait no longer for the answer."""
        self._tell(error)

    def _tell(self, answer: Answer | Exception) -> None:
        done, self._done = self._done, None
        if done:
            done(answer)

    def close(self) -> None:
        """Hang up: it ends with the job that it has."""
        if self._stream:
            self._stream.close()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin."""
        self._stream = cast("asyncio.Transport", transport)

    def connection_lost(self, error: Exception | None) -> None:
        """It has ended."""
        self.fail(error or ConnectionResetError())

    def data_received(self, data: bytes) -> None:
        """Take what it says."""
        for kind, payload in self._frames.feed(data):
            if kind == wire.HEAD:
                self._head = _read_head(payload)
            elif kind == wire.PART:
                self._parts.append(payload)
            elif kind == wire.FAILURE:
                self.fail(JobError(**json.loads(payload)))
            else:
                self._tell((self._head, b"".join(self._parts), payload == wire.GROWN))
