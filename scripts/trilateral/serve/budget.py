"""Budget: how many seconds of running queries each client may use."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable

from trilateral.serve.http import Problem

_CLIENTS = 10_000


class Budget:
    """A bucket of query-seconds for each client, filled again within a minute.

    >>> now = 0.0
    >>> budget = Budget(10.0, lambda: now)
    >>> budget.charge("one", 12.0)
    >>> budget.left("one"), budget.left("another")
    (-2.0, 10.0)
    >>> now = 30.0
    >>> budget.left("one")
    3.0
    """

    def __init__(self, seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        self.seconds, self._clock = seconds, clock
        self._spent: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def left(self, client: str) -> float:
        """Return the seconds that a client has left."""
        left, since = self._spent.get(client, (self.seconds, 0.0))
        return min(self.seconds, left + (self._clock() - since) * self.seconds / 60)

    def charge(self, client: str, seconds: float) -> None:
        """Take seconds from a client; the server's own queries have no client."""
        if client:
            self._spent[client] = (self.left(client) - seconds, self._clock())
            self._spent.move_to_end(client)
            while len(self._spent) > _CLIENTS:
                self._spent.popitem(last=False)

    def ask(self, client: str) -> None:
        """Refuse a client that has nothing left.

        Raises:
            Problem: 429, with the seconds after which it may ask again.
        """
        left = self.left(client) if client else 1.0
        if left <= 0:
            wait = int(-left * 60 / self.seconds) + 1
            raise Problem(
                429,
                "Your queries took too long",
                f"A client has {self.seconds:g} seconds of running queries a minute.",
                f"Ask again in {wait} s, with cheaper queries.",
                retry_after=str(wait),
            )
