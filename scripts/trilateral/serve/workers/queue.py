"""Queue: which job goes to which worker, so that no client keeps the others waiting.

The next is of the client that has the fewest workers, the oldest first. A client has a share of
the workers and half of the places in the queue at most. While as many workers as there are
processors have just begun a job, the next lines up behind one of these, since waking another
would take longer than a short query does; who lines up has a part in that worker, so that it
comes into the share.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from typing import Generic, NamedTuple, TypeVar

_Worker = TypeVar("_Worker")
# Seconds that nobody waits.
_FOREVER = 1e9
# Jobs that one worker has at once: the kernel lets ten packets wait (net.unix.max_dgram_qlen).
_DEPTH = 8


class BusyError(Exception):
    """There is no place left in the queue."""


class _Place(NamedTuple):
    client: str
    alone: bool
    future: asyncio.Future[object]


class Queue(Generic[_Worker]):
    """Workers that are free, and clients that wait for one; no client is the server itself.

    Args:
        share: How many workers a client may have a part in.
        room: How many jobs may wait.
        lanes: How many workers are to be at short jobs at once; none lines up where it is 0.

    >>> queue = Queue(share=1, room=4)
    >>> queue.add("worker 1"); queue.add("worker 2")
    >>> queue.now("one"), queue.now("one")
    ('worker 2', None)
    >>> queue.running, queue.waiting, queue.free
    (1, 0, 1)

    >>> queue = Queue(share=1, room=4, lanes=1)
    >>> queue.add("worker 1"); queue.add("worker 2")
    >>> queue.now("one"), queue.now("one"), queue.now("two")
    ('worker 2', 'worker 2', 'worker 2')
    >>> queue.late("worker 2")
    >>> queue.now("one"), queue.now("two")
    (None, None)
    """

    def __init__(self, share: int, room: int, lanes: int = 0) -> None:
        self._share, self._room, self._lanes = share, room, lanes
        self._free: list[_Worker] = []
        # The workers that are at work, each with the clients of its jobs.
        self._busy: dict[_Worker, list[str]] = {}
        # Those of them behind whose job others may line up.
        self._young: list[_Worker] = []
        self._waiting: list[_Place] = []
        # In how many workers each client has a part.
        self._parts: Counter[str] = Counter()
        self._idle = asyncio.Event()
        self._idle.set()

    @property
    def free(self) -> int:
        """How many workers are free."""
        return len(self._free)

    @property
    def running(self) -> int:
        """How many workers are at a job."""
        return len(self._busy)

    @property
    def waiting(self) -> int:
        """How many jobs wait for a worker."""
        return len(self._waiting)

    def now(self, client: str, alone: bool = False) -> _Worker | None:
        """Return a worker where it is this client's turn at once; one without others if ``alone``.

        Nobody who waits is passed over: where there is a place, none of them may have it.
        """
        worker = self._find(client, alone)
        if worker is not None:
            self._take(worker, client)
            self._idle.clear()
        return worker

    def wait(
        self, client: str, seconds: float = _FOREVER, alone: bool = False
    ) -> asyncio.Future[_Worker]:
        """Return what will be a worker for a client, when it is its turn.

        It fails with TimeoutError when that was not so within so many seconds. Who waits no
        longer cancels it; who has been given a worker by then gives it back.

        Raises:
            BusyError: when too many wait already, of all or of this client.
        """
        loop = asyncio.get_running_loop()
        future: asyncio.Future[_Worker] = loop.create_future()
        place = _Place(client, alone, future)  # type: ignore[arg-type]
        self._waiting.append(place)
        self._dispatch()
        if future.done():
            return future
        own = sum(each.client == client for each in self._waiting)
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

    def _give_up(self, place: _Place) -> None:
        if not place.future.done():
            place.future.set_exception(TimeoutError())

    def add(self, worker: _Worker) -> None:
        """Take in a worker that has begun."""
        self._free.append(worker)
        self._dispatch()

    def late(self, worker: _Worker) -> None:
        """Take note that a worker has been at a job for long: none lines up behind it."""
        if worker in self._young:
            self._young.remove(worker)
            self._dispatch()

    def give(self, worker: _Worker, client: str) -> None:
        """Take note that a worker no longer has a job of a client; nothing, if it is dropped."""
        clients = self._busy.get(worker)
        if clients:
            clients.remove(client)
            if client not in clients:
                self._leave(client)
            if not clients:
                self._forget(worker)
                self._free.append(worker)
        self._dispatch()

    def drop(self, worker: _Worker) -> None:
        """Forget a worker that has ended, and who had a part in it."""
        if worker in self._free:
            self._free.remove(worker)
        for client in set(self._busy.get(worker, ())):
            self._leave(client)
        self._forget(worker)
        self._dispatch()

    def refuse(self, error: Exception) -> None:
        """Let everyone who waits fail, and forget the workers that are free."""
        self._free.clear()
        for place in self._waiting:
            if not place.future.done():
                place.future.set_exception(error)
        self._waiting.clear()
        self._note()

    async def idle(self) -> None:
        """Wait until no job runs and none waits."""
        await self._idle.wait()

    def _find(self, client: str, alone: bool) -> _Worker | None:
        """Return the worker that the next job of a client is for, if there is one."""
        may = not client or self._parts[client] < self._share
        fresh = self._free[-1] if self._free and may else None
        if alone or (fresh is not None and len(self._young) < self._lanes):
            return fresh
        best, least = None, _DEPTH
        for worker in self._young:
            clients = self._busy[worker]
            if len(clients) < least and (may or client in clients):
                best, least = worker, len(clients)
        return fresh if best is None else best

    def _take(self, worker: _Worker, client: str) -> None:
        clients = self._busy.get(worker)
        if clients is None:
            self._free.remove(worker)
            clients = self._busy[worker] = []
            if len(self._young) < self._lanes:
                self._young.append(worker)
        if client not in clients:
            self._parts[client] += 1
        clients.append(client)

    def _leave(self, client: str) -> None:
        self._parts[client] -= 1
        if not self._parts[client]:
            del self._parts[client]

    def _forget(self, worker: _Worker) -> None:
        self._busy.pop(worker, None)
        if worker in self._young:
            self._young.remove(worker)

    def _dispatch(self) -> None:
        while self._waiting:
            found = [
                (self._parts[place.client], at)
                for at, place in enumerate(self._waiting)
                if self._find(place.client, place.alone) is not None
            ]
            if not found:
                break
            place = self._waiting.pop(min(found)[1])
            worker = self._find(place.client, place.alone)
            if worker is not None and not place.future.done():
                self._take(worker, place.client)
                place.future.set_result(worker)
        self._note()

    def _note(self) -> None:
        if self._waiting or self._busy:
            self._idle.clear()
        else:
            self._idle.set()
