"""Budget: how many seconds of running queries each client may use."""

from __future__ import annotations

import ipaddress
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from trilateral.serve.web.http import Problem

_CLIENTS = 10_000


class Budget:
    """A bucket of query-seconds for each client, filled again within a minute.

    A budget of 0 seconds bounds nothing.

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
        if client and self.seconds:
            self._spent[client] = (self.left(client) - seconds, self._clock())
            self._spent.move_to_end(client)
            while len(self._spent) > _CLIENTS:
                self._spent.popitem(last=False)

    def ask(self, client: str) -> None:
        """Refuse a client that has nothing left.

        Raises:
            Problem: 429, with the seconds after which it may ask again.
        """
        left = self.left(client) if client and self.seconds else 1.0
        if left <= 0:
            wait = int(-left * 60 / self.seconds) + 1
            raise Problem(
                429,
                "Your queries took too long",
                f"A client has {self.seconds:g} seconds of running queries a minute.",
                f"Ask again in {wait} s, with cheaper queries.",
                retry_after=str(wait),
            )


@dataclass(frozen=True)
class Account:
    """The budget of one client, as the engine sees it: asked before a job, charged after it."""

    budget: Budget
    client: str = ""

    def ask(self) -> None:
        """Refuse the client when it has nothing left.

        Raises:
            Problem: 429.
        """
        self.budget.ask(self.client)

    def charge(self, seconds: float) -> None:
        """Take seconds that a job ran."""
        self.budget.charge(self.client, seconds)


@lru_cache(maxsize=1024)
def whose(address: str) -> str:
    """Return what tells clients apart: an address, or the network of one host where it is IPv6.

    One host has a whole /64 of IPv6 addresses, so that its addresses count as one client.

    >>> whose("192.0.2.7"), whose("2001:db8:1:2:3::4"), whose("::ffff:192.0.2.7"), whose("x")
    ('192.0.2.7', '2001:db8:1:2::/64', '192.0.2.7', 'x')
    """
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address[:64]
    if isinstance(found, ipaddress.IPv4Address):
        return str(found)
    if found.ipv4_mapped:
        return str(found.ipv4_mapped)
    return str(ipaddress.ip_network((found, 64), strict=False))
