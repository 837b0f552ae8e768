"""Target: what all stores that can be loaded have in common."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar
from urllib.parse import quote_plus

from trilateral.load import beside
from trilateral.load.change import Change, insert
from trilateral.load.graphs import Graph
from trilateral.load.transport import Body, Pieces, Transport

# How a store is changed, in words.
IN_PARTS = "beside what was there, and put in its place in one transaction"
_UPDATE = "application/sparql-update"


@dataclass(frozen=True)
class Target(ABC):
    """A store.

    Attributes:
        url: Its address, as the user gave it.
        query: The address of its queries; empty where it has to be given.
        whole: Whether a change that fails leaves what was there before.
        how: How the store is changed, in words.
        union: Whether its default graph is the union of all graphs, in words.
        in_parts: Whether it can be loaded in parts, by ``put`` and ``swap``.
    """

    url: str
    query: str
    name: ClassVar[str]
    whole: ClassVar[bool] = True
    how: ClassVar[str] = "in one transaction"
    union: ClassVar[str]
    in_parts: ClassVar[bool] = False

    @abstractmethod
    def apply(self, change: Change, transport: Transport) -> None:
        """Make a change.

        Raises:
            LostError: when it is not known whether the change was made.
            RemoteError: when the store refuses; what it held is then as it was, unless the
                target is not ``whole``.
        """

    def put(self, graphs: Mapping[str, Graph], transport: Transport) -> None:
        """Add graphs under names under which nothing is, as a part of a load."""
        raise NotImplementedError

    def swap(self, names: Mapping[str, str], gone: Sequence[str], transport: Transport) -> None:
        """Move graphs from their names to others, and remove some, all in one transaction."""
        raise NotImplementedError

    def remove(self, names: Sequence[str], transport: Transport) -> None:
        """Remove graphs, as a load that ended left them beside."""
        self.swap({}, names, transport)


class OneUpdate(Target):
    """A store in which one SPARQL update, whatever its length, is one transaction.

    Attributes:
        update: The address of its updates.
        quads: The address at which N-Quads are added in one transaction, which is faster;
            empty where a part of them could be taken for all.
        limit: How many bytes an update may have; 0 for no limit. A longer one is sent in parts.
        form: Whether it is sent as a field of a form, and not as it is.
        media_type: What it is said to be, where it is not.
    """

    in_parts = True
    update: ClassVar[str]
    quads: ClassVar[str] = ""
    limit: ClassVar[int] = 0
    form: ClassVar[bool] = False
    media_type: ClassVar[str] = _UPDATE

    def apply(self, change: Change, transport: Transport) -> None:
        """Make a change by one request, or in parts where it is too long for one."""
        if change.adds and self.quads:
            self.add(change.nquads, transport)
        elif self.limit and sum(map(len, self._body(change.update)())) > self.limit:
            beside.load(self, change, transport)
        else:
            self._send(change.update, transport)

    def put(self, graphs: Mapping[str, Graph], transport: Transport) -> None:
        """Add graphs by one request."""

        def nquads() -> Iterator[bytes]:
            for name, graph in graphs.items():
                yield from graph.nquads(name)

        if self.quads:
            self.add(nquads, transport)
        else:
            self._send(lambda: insert(graphs), transport)

    def swap(self, names: Mapping[str, str], gone: Sequence[str], transport: Transport) -> None:
        """Move and remove graphs by one update."""
        self._send(move(names, gone).encode(), transport)

    def add(self, nquads: Pieces, transport: Transport) -> None:
        """Add N-Quads where nothing of their graphs is."""
        transport.send("POST", self.url + self.quads, nquads, "application/n-quads")

    def _send(self, update: Body, transport: Transport) -> None:
        media_type = "application/x-www-form-urlencoded" if self.form else self.media_type
        pieces = (lambda: iter([update])) if isinstance(update, bytes) else update
        transport.send("POST", self.url + self.update, self._body(pieces), media_type)

    def _body(self, update: Pieces) -> Pieces:
        return _form(update) if self.form else update


def move(names: Mapping[str, str], gone: Sequence[str]) -> str:
    """Return an update that moves graphs to other names, and removes some.

    Not MOVE: of that, Fuseki 5.6.0 with TDB2 lost six of 52 triples.

    >>> print(move({"http://a/": "http://b/"}, ["http://c/"]), end="")
    DROP SILENT GRAPH <http://b/> ;
    INSERT { GRAPH <http://b/> { ?s ?p ?o } } WHERE { GRAPH <http://a/> { ?s ?p ?o } } ;
    DROP GRAPH <http://a/> ;
    DROP SILENT GRAPH <http://c/> ;
    """
    lines = [
        f"DROP SILENT GRAPH <{to}> ;\n"
        f"INSERT {{ GRAPH <{to}> {{ ?s ?p ?o }} }} WHERE {{ GRAPH <{name}> {{ ?s ?p ?o }} }} ;\n"
        f"DROP GRAPH <{name}> ;\n"
        for name, to in names.items()
    ]
    return "".join([*lines, *(f"DROP SILENT GRAPH <{name}> ;\n" for name in gone)])


def _form(pieces: Pieces) -> Pieces:
    """Return what yields an update as the field of a form."""

    def form() -> Iterator[bytes]:
        yield b"update="
        for piece in pieces():
            yield quote_plus(piece).encode()

    return form
