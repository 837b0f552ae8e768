"""Notes: what the making of a page looks at, so that it is known when it has to be made again.

Pages reach the data by queries, by the labels of things, by what is kept for all pages, and by
the files that links lead to. Each of these is noted where it is looked up.
"""

from __future__ import annotations

import base64
import re
from array import array
from collections.abc import Iterable, Iterator
from typing import Any
from zlib import crc32

from trilateral.prefixes import prefixes
from trilateral.serve.generation import Kept
from trilateral.serve.linked_data.documents import FORMATS

_ENDING = re.compile(rf"\.(?:{'|'.join(each.ending for each in FORMATS)})\Z")


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


class Places(dict[str, int]):
    """The place of each of some texts in the list of them, which is in the order of their coming.

    >>> places = Places()
    >>> places.of({"b"}), places.of({"a", "b"}), list(places)
    ([0], [0, 1], ['b', 'a'])
    """

    def __missing__(self, text: str) -> int:
        self[text] = place = len(self)
        return place

    def of(self, texts: Iterable[str]) -> list[int]:
        """Return the places of texts, new ones for those that have none."""
        return sorted(self[text] for text in sorted(texts))


def marks_of(looked_up: Iterable[str]) -> str:
    """Return the marks of names that may be those of things, packed.

    A mark is a number that another name may have by chance: something then is made again
    for nothing.

    >>> len(read_marks(marks_of({"/actor/japan", "/actor/japan.html", "/about", "/topic/trade"})))
    2
    """
    names = set(filter(is_thing, map(name_of, looked_up)))
    return base64.b64encode(array("I", sorted(crc32(name.encode()) for name in names))).decode()


def read_marks(packed: str) -> array[int]:
    """Return marks that `marks_of` has packed.

    Raises:
        ValueError: when it has not.
    """
    return array("I", base64.b64decode(packed))


def name_of(looked_up: str) -> str:
    """Return the one name for all by which a thing is looked up: its IRI and the links to it.

    >>> base = prefixes().base
    >>> [name_of(each) for each in (f"{base}actor/japan", "/actor/japan", "/actor/japan.html#main")]
    ['actor/japan', 'actor/japan', 'actor/japan']
    """
    if looked_up.startswith("/"):
        return _ENDING.sub("", looked_up[1:].partition("#")[0])
    return looked_up.removeprefix(prefixes().base)


def is_thing(name: str) -> bool:
    """Tell whether a name (see `name_of`) may be that of a thing, and not of a list or a script.

    >>> [is_thing(each) for each in ("actor/japan", "ontology", "actor/", "static/site.css")]
    [True, True, False, False]
    """
    kind, slash, slug = name.partition("/")
    return bool(slug) and kind != "static" if slash else name == "ontology"
