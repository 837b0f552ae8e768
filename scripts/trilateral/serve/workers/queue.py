"""Queue: which job gets the next worker, so that no client keeps the others waiting.

The next is of the client that has the fewest at work, the oldest first. A client has a
share of the workers and half of the places in the queue at most.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from typing import Generic, TypeVar

_Worker = TypeVar("_Worker")
# Seconds that nobody waits.
_FOREVER = 1e9


class BusyError(Exception):
    """There is no place left in the queue."""


class Queue(Generic[_Worker]):
    """Workers that are free, and clients that wait for one; no client is the server itself.

    >>> queue = Queue(share=1, room=4)
    >>> queue.add("worker 1"); queue.add("worker 2")
    >>> queue.now("one"), queue.now("one")
    ('worker 2', None)
    >>> queue.running, queue.waiting, queue.free
    (1, 0, 1)
    """

    def __init__(self, share: int, room: int) -> None:
        self._share, self._room = share, room
        self._free: list[_Worker] = []
        self._waiting: list[tuple[str, asyncio.Future[_Worker]]] = []
        self._at_work: Counter[str] = Counter()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._idle = asyncio.Event()
        self._idle.set()

    @property
    def free(self) -> int:
        """How many workers are free."""
        return len(self._free)

    @property
    def running(self) -> int:
        """How many workers are at a job."""
        return self._at_work.total()

    @property
    def waiting(self) -> int:
        """How many jobs wait for a worker."""
        return len(self._waiting)

    def now(self, client: str) -> _Worker | None:
        """Return a worker where it is this client's turn at once.

        Nobody who waits is passed over: where a worker is free, none of them may have it.
        """
        if not (self._free and self._may(client)):
            return None
        self._at_work[client] += 1
        self._idle.clear()
        return self._free.pop()

    def wait(self, client: str, seconds: float = _FOREVER) -> asyncio.Future[_Worker]:
        """Return what will be a worker for a client, when it is its turn.

        It fails with TimeoutError when that was not so within so many seconds. Who waits no
        longer cancels it; who has been given a worker by then gives it back.

        Raises:
            BusyError: when too many wait already, of all or of this client.
        """
        loop = self._loop = self._loop or asyncio.get_running_loop()
        future: asyncio.Future[_Worker] = loop.create_future()
        place = (client, future)
        self._waiting.append(place)
        self._dispatch()
        if future.done():
            return future
        own = sum(each == client for each, _ in self._waiting)
        if len(self._waiting) > self._room or (client and own > max(1, self._room // 2)):
            self._waiting.remove(place)
            raise BusyError("Too many queries wait already.")
        timer = loop.call_later(seconds, self._give_up, place)

        def leave(_: asyncio.Future[_Worker]) -> None:
            timer.cancel()
            if place in self._waiting:
                self._waiting.remove(place)
                self._note()

        future.add_done_callback(leave)
        return future

    def _give_up(self, place: tuple[str, asyncio.Future[_Worker]]) -> None:
        if not place[1].done():
            place[1].set_exception(TimeoutError())

    def add(self, worker: _Worker) -> None:
        """Take in a worker that has begun."""
        self._free.append(worker)
        self._dispatch()

    def drop(self, worker: _Worker) -> None:
        """Forget a worker that has ended while it was free."""
        if worker in self._free:
            self._free.remove(worker)

    def give(self, worker: _Worker, client: str) -> None:
        """Take back the worker that a client had."""
        self._free.append(worker)
        self.lose(client)

    def lose(self, client: str) -> None:
        """Take note that a client's job has ended, and its worker with it."""
        self._at_work[client] -= 1
        if not self._at_work[client]:
            del self._at_work[client]
        self._dispatch()

    def refuse(self, error: Exception) -> None:
        """Let everyone who waits fail, and forget the workers that are free."""
        self._free.clear()
        for _, future in self._waiting:
            if not future.done():
                future.set_exception(error)
        self._waiting.clear()
        self._note()

    async def idle(self) -> None:
        """Wait until no job runs and none waits."""
        await self._idle.wait()

    def _dispatch(self) -> None:
        while self._free and self._waiting:
            places = [each for each in self._waiting if self._may(each[0])]
            if not places:
                break
            place = min(places, key=lambda each: self._at_work[each[0]])
            self._waiting.remove(place)
            if not place[1].done():
                self._at_work[place[0]] += 1
                place[1].set_result(self._free.pop())
        self._note()

    def _may(self, client: str) -> bool:
        return not client or self._at_work[client] < self._share

    def _note(self) -> None:
        if self._waiting or self._at_work:
            self._idle.clear()
        else:
            self._idle.set()
