"""Limits: how much one query, one client and the server as a whole may take."""

from __future__ import annotations

import math
import re
from dataclasses import asdict, dataclass

_UNITS = {"": 1, "K": 1 << 10, "M": 1 << 20, "G": 1 << 30}


@dataclass(frozen=True)
class Limits:
    """What bounds a query and a client.

    Attributes:
        seconds: Seconds that a query may run; it ends within one more.
        memory: Bytes that a query may take beyond what the store takes.
        output: Bytes of one answer; a longer one is refused whole.
        text: Bytes of a query, and of the body of a request.
        workers: Queries that run at once.
        queue: Queries that may wait for a worker.
        budget: Seconds of running queries that a client has for each minute; 0 for no bound.
        connections: Connections that are open at once.
    """

    seconds: float = 10.0
    memory: int = 1 << 30
    output: int = 32 << 20
    text: int = 256 << 10
    workers: int = 8
    queue: int = 256
    budget: float = 60.0
    connections: int = 1000

    def as_json(self) -> dict[str, float]:
        """Return the limits as they go to the engine."""
        return asdict(self)

    @property
    def share(self) -> int:
        """How many workers one client may have at once: some are always left for others.

        >>> Limits(workers=8).share, Limits(workers=2).share, Limits(workers=1).share
        (6, 1, 1)
        """
        return max(1, self.workers - max(1, self.workers // 4))


def size(text: str) -> int:
    """Read a number of bytes with a unit of 1024: K, M or G, with or without ``iB``.

    Raises:
        ValueError: when it is none; the message says what is one.

    >>> size("512M"), size("2GiB"), size("1048576")
    (536870912, 2147483648, 1048576)
    """
    found = re.fullmatch(r"(\d{1,15})([KMG]?)(?:iB|B)?", text.strip(), re.IGNORECASE)
    if not found:
        raise ValueError(f"{text!r} is no size; give bytes or a unit, such as 512M or 2G")
    return int(found[1]) * _UNITS[found[2].upper()]


def duration(text: str) -> float:
    """Read a number of seconds, with or without ``s``, or minutes with ``m``.

    Raises:
        ValueError: when it is none; the message says what is one.

    >>> duration("2.5"), duration("10s"), duration("1m")
    (2.5, 10.0, 60.0)
    """
    found = re.fullmatch(r"(\d+(?:\.\d+)?)\s*([sm]?)", text.strip())
    if not found or not math.isfinite(float(found[1])):
        raise ValueError(f"{text!r} is no time; give seconds, such as 10 or 2.5")
    return float(found[1]) * (60 if found[2] == "m" else 1)
