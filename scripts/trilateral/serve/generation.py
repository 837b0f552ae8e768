"""Generation: one version of the data: the engine that holds it, and what was derived from it.

A request is answered from one generation from its beginning to its end, so that a reload
in between cannot give it the validator of one version and the bytes of another.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections import OrderedDict
from collections.abc import Iterator, MutableMapping
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from trilateral.publish.history.retired import Retirement
from trilateral.serve.pages.vocabulary import Vocabulary
from trilateral.serve.workers.pool import Engine

_ROOM = 16 << 20
_USUAL = 2000


class Kept(MutableMapping[str, Any]):
    """Values under keys, of which those that were not used for longest go where room is needed.

    What clients can ask for has no end, what is kept has.

    >>> kept = Kept(room=2)
    >>> for key in "abac":
    ...     kept.put(key, key.upper(), 1) if key not in kept else kept[key]
    'A'
    >>> sorted(kept)
    ['a', 'c']
    """

    def __init__(self, room: int = _ROOM) -> None:
        self._values: OrderedDict[str, tuple[Any, int]] = OrderedDict()
        self._left = room

    def put(self, key: str, value: Any, size: int) -> None:
        """Keep a value of so many bytes, about."""
        self.pop(key, None)
        self._values[key] = value, size
        self._left -= size
        while self._left < 0 and len(self._values) > 1:
            del self[next(iter(self._values))]

    def __getitem__(self, key: str) -> Any:
        self._values.move_to_end(key)
        return self._values[key][0]

    def __setitem__(self, key: str, value: Any) -> None:
        self.put(key, value, _USUAL)

    def __delitem__(self, key: str) -> None:
        self._left += self._values.pop(key)[1]

    def __contains__(self, key: object) -> bool:
        return key in self._values

    def __iter__(self) -> Iterator[str]:
        return iter(list(self._values))

    def __len__(self) -> int:
        return len(self._values)


@dataclass(eq=False)
class Generation:
    """One version of the data.

    Attributes:
        engine: The workers.
        labels: The display labels of all things, by IRI and language tag in lower case.
        retired: What earlier versions described and this one does not, by IRI.
        kept: Answers to queries of the pages.
    """

    engine: Engine
    labels: dict[str, dict[str, str]] = field(default_factory=dict)
    retired: dict[str, Retirement] = field(default_factory=dict)
    kept: Kept = field(default_factory=Kept)
    _requests: int = 0
    _unused: asyncio.Event = field(default_factory=asyncio.Event)

    @cached_property
    def vocabulary(self) -> Vocabulary:
        """What the words of answers are called in other languages."""
        # The labels as they are: a site that is written notes which of them its pages look up,
        # and is written anew when the ontology is another.
        labels: dict[str, dict[str, str]] = dict(dict.items(self.labels))
        return Vocabulary(labels)

    @contextlib.contextmanager
    def pinned(self) -> Iterator[None]:
        """Have what runs inside answered from this generation."""
        self.hold()
        token = _pinned.set(self)
        try:
            yield
        finally:
            _pinned.reset(token)
            self.release()

    def hold(self) -> None:
        """Take note that a request is answered from this generation, until `release`."""
        self._requests += 1
        self._unused.clear()

    def release(self) -> None:
        """Take note that a request is answered."""
        self._requests -= 1
        if not self._requests:
            self._unused.set()

    async def retire(self, seconds: float) -> None:
        """End the engine when no request is answered from it any more, or after so long."""
        if self._requests:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._unused.wait(), seconds)
        await self.engine.drain(seconds)


_pinned: ContextVar[Generation | None] = ContextVar("generation", default=None)


def pinned() -> Generation | None:
    """Return the generation of the request at hand, None outside of one."""
    return _pinned.get()
