"""The prefix table, read from ``ontology/prefixes.ttl``: the one place for prefixes and base."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path

from trilateral.home import find_home

_SH = "http://www.w3.org/ns/shacl#"
_LOCAL = re.compile(r"\w(?:[\w.\-]*[\w\-])?", re.ASCII)


class Prefixes(Mapping[str, str]):
    """Prefix to namespace, with the way back from an IRI to its short form."""

    def __init__(self, table: Mapping[str, str]) -> None:
        self._table = dict(table)
        self._by_namespace = {namespace: prefix for prefix, namespace in table.items()}

    def __getitem__(self, prefix: str) -> str:
        return self._table[prefix]

    def __iter__(self) -> Iterator[str]:
        return iter(self._table)

    def __len__(self) -> int:
        return len(self._table)

    @property
    def base(self) -> str:
        """The base of all IRIs of the project."""
        return self["trilateral"]

    def split(self, iri: str) -> tuple[str, str] | None:
        """Return ``(prefix, local name)`` of an IRI, or None when no prefix fits.

        >>> prefixes().split("https://w3id.org/trilateral/actor/japan")
        ('actor', 'japan')
        >>> prefixes().split("https://example.org/") is None
        True
        """
        cut = max(iri.rfind("/"), iri.rfind("#")) + 1
        prefix = self._by_namespace.get(iri[:cut])
        if prefix is None or not _LOCAL.fullmatch(iri, cut):
            return None
        return prefix, iri[cut:]

    def compact(self, iri: str) -> str:
        """Return the short form of an IRI, or the IRI in angle brackets.

        >>> prefixes().compact("https://w3id.org/trilateral/ontology#holder")
        'tri:holder'
        """
        parts = self.split(iri)
        return f"{parts[0]}:{parts[1]}" if parts else f"<{iri}>"

    def expand(self, name: str) -> str | None:
        """Return the IRI that a short form or a bracketed IRI stands for, or None.

        >>> prefixes().expand("actor:japan")
        'https://w3id.org/trilateral/actor/japan'
        """
        if name.startswith("<") and name.endswith(">"):
            return name[1:-1]
        prefix, colon, local = name.partition(":")
        namespace = self._table.get(prefix)
        return namespace + local if colon and namespace is not None else None


@lru_cache(maxsize=4)
def _read(path: Path) -> Prefixes:
    import pyoxigraph

    entries: dict[str, dict[str, str]] = {}
    for triple in pyoxigraph.parse(path=path, format=pyoxigraph.RdfFormat.TURTLE):
        entries.setdefault(str(triple.subject), {})[triple.predicate.value] = triple.object.value
    return Prefixes({entry[_SH + "prefix"]: entry[_SH + "namespace"] for entry in entries.values()})


def prefixes() -> Prefixes:
    """Return the prefix table of the project.

    >>> prefixes().base
    'https://w3id.org/trilateral/'
    """
    return _read(find_home().ontology / "prefixes.ttl")
