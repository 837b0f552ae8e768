"""Limits: how much one query, one client and the server as a whole may take."""

from __future__ import annotations

from dataclasses import asdict, dataclass


@dataclass(frozen=True)
class Limits:
    """What bounds a query and a client.

    Attributes:
        seconds: Seconds that a query may run; it ends within one more.
        memory: Bytes that a query may take beyond what the store takes.
        output: Bytes of one answer; a longer one is refused whole.
        text: Bytes of a query.
        workers: Queries that run at once.
        queue: Queries that may wait for a worker.
        budget: Seconds of running queries that a client has for each minute.
    """

    seconds: float = 10.0
    memory: int = 1 << 30
    output: int = 32 << 20
    text: int = 256 << 10
    workers: int = 8
    queue: int = 64
    budget: float = 60.0

    def as_json(self) -> dict[str, float]:
        """Return the limits as they go to the engine."""
        return asdict(self)
