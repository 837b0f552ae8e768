"""Notes: what the making of a page looks at, so that it is known when it has to be made again.

Pages reach the data by queries, by the labels of things, by what is kept for all pages, and by
the files that links lead to. Each of these is noted where it is looked up.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from trilateral.serve.generation import Kept


class Notes:
    """What was looked at since the last `take`.

    Attributes:
        names: The IRIs of things whose labels were looked up, and the paths of links.
        keys: What was looked up among what is kept: ``query TEXT``, ``catalogue`` and others.
        all: Whether the labels of all things were gone through.
    """

    def __init__(self) -> None:
        self.names: set[str] = set()
        self.keys: set[str] = set()
        self.all = False

    def take(self) -> tuple[set[str], set[str], bool]:
        """Return names, keys and ``all``, and begin anew."""
        found = self.names, self.keys, self.all
        self.names, self.keys, self.all = set(), set(), False
        return found


class Labels(dict[str, dict[str, str]]):
    """Labels of things, whose look-ups are noted."""

    def __init__(self, labels: dict[str, dict[str, str]], notes: Notes) -> None:
        super().__init__(labels)
        self.notes = notes

    def __getitem__(self, iri: str) -> dict[str, str]:
        self.notes.names.add(iri)
        return super().__getitem__(iri)

    def __contains__(self, iri: object) -> bool:
        self.notes.names.add(str(iri))
        return super().__contains__(iri)

    def get(self, iri: str, default: Any = None) -> Any:
        """Return the labels of a thing."""
        self.notes.names.add(iri)
        return super().get(iri, default)

    def __iter__(self) -> Iterator[str]:
        self.notes.all = True
        return super().__iter__()

    def items(self) -> Any:
        """Return all labels."""
        self.notes.all = True
        return super().items()


class NotedKept(Kept):
    """What is kept, whose look-ups are noted."""

    def __init__(self, room: int, notes: Notes) -> None:
        super().__init__(room)
        self.notes = notes

    def __getitem__(self, key: str) -> Any:
        self.notes.keys.add(key)
        return super().__getitem__(key)

    def __contains__(self, key: object) -> bool:
        self.notes.keys.add(str(key))
        return super().__contains__(key)
