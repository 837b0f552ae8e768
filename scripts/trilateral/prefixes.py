"""The prefix table, read from ``ontology/prefixes.ttl``: the one place for prefixes and base."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache, lru_cache
from pathlib import Path

from trilateral.errors import InvalidDatasetError
from trilateral.home import find_home

_NAME = "ontology/prefixes.ttl"
_SH = "http://www.w3.org/ns/shacl#"
_LOCAL = re.compile(r"\w(?:[\w.\-]*[\w\-])?", re.ASCII)


class UnknownPrefixError(InvalidDatasetError, KeyError):
    """A prefix that the table does not have, though the package or a query needs it."""

    __str__ = InvalidDatasetError.__str__


class Prefixes(Mapping[str, str]):
    """Prefix to namespace, with the way back from an IRI to its short form."""

    def __init__(self, table: Mapping[str, str]) -> None:
        self._table = dict(table)
        self._by_namespace = {namespace: prefix for prefix, namespace in table.items()}

    def __getitem__(self, prefix: str) -> str:
        """Return the namespace of a prefix.

        Raises:
            UnknownPrefixError: which is a `KeyError`.
        """
        try:
            return self._table[prefix]
        except KeyError:
            raise UnknownPrefixError(
                f"{_NAME}: the prefix {prefix}: is missing.", "Add it to the table."
            ) from None

    def __iter__(self) -> Iterator[str]:
        return iter(self._table)

    def __len__(self) -> int:
        return len(self._table)

    @property
    def base(self) -> str:
        """The base of all IRIs of the project."""
        return self["trilateral"]

    def prefix(self, namespace: str) -> str | None:
        """Return the prefix of a namespace, None where it has none.

        >>> prefixes().prefix("https://w3id.org/trilateral/actor/")
        'actor'
        """
        return self._by_namespace.get(namespace)

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
def read_prefixes(path: Path) -> Prefixes:
    """Return the prefix table of a file."""
    import pyoxigraph

    entries: dict[str, dict[str, str]] = {}
    try:
        for triple in pyoxigraph.parse(path=path, format=pyoxigraph.RdfFormat.TURTLE):
            entry = entries.setdefault(str(triple.subject), {})
            entry[triple.predicate.value] = triple.object.value
    except (SyntaxError, OSError) as error:
        place = f":{error.lineno}" if isinstance(error, SyntaxError) else ""
        raise InvalidDatasetError(
            f"{_NAME}{place}: the prefix table cannot be read: {error}.", "Restore it."
        ) from None
    table: dict[str, str] = {}
    for name, entry in entries.items():
        prefix, namespace = entry.get(_SH + "prefix"), entry.get(_SH + "namespace")
        if prefix is None or namespace is None:
            raise InvalidDatasetError(
                f"{_NAME}: {name} has no sh:prefix or no sh:namespace.", "Give it both."
            )
        if prefix in table:
            raise InvalidDatasetError(
                f"{_NAME}: the prefix {prefix}: stands for two namespaces.", "Keep one."
            )
        table[prefix] = namespace
    return Prefixes(table)


@cache
def prefixes() -> Prefixes:
    """Return the prefix table of the project.

    Raises:
        InvalidDatasetError: when the file that holds it cannot be read or is no such table.

    >>> prefixes().base
    'https://w3id.org/trilateral/'
    """
    return read_prefixes(find_home().ontology / "prefixes.ttl")
