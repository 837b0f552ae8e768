"""RDF4J Server and GraphDB: a repository, changed within a transaction of its REST API.

RDF4J Server 4.3 takes back a SPARQL update that fails at its end, too, but says nothing of it
in its documentation; of its transactions it does.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress

from trilateral.load.change import Change
from trilateral.load.graphs import Graph
from trilateral.load.targets.target import Target, move
from trilateral.load.transport import LostError, PartError, Transport
from trilateral.remote.errors import RemoteError

_UPDATE = "application/sparql-update"
_NQUADS = "application/n-quads"


class _Rdf4j(Target):
    name = "rdf4j"
    union = "it is"
    in_parts = True

    def apply(self, change: Change, transport: Transport) -> None:
        """Make a change within one transaction, taken back when anything fails."""
        removed = Change(gone=[*change.graphs, *change.gone]).update
        with self._transaction(transport) as where:
            transport.send("PUT", where, removed, _UPDATE, {"action": "UPDATE"})
            transport.send("PUT", where, change.nquads, _NQUADS, {"action": "ADD"})

    def put(self, graphs: Mapping[str, Graph], transport: Transport) -> None:
        """Add graphs in a transaction of their own."""

        def nquads() -> Iterator[bytes]:
            for name, graph in graphs.items():
                yield from graph.nquads(name)

        with self._transaction(transport) as where:
            transport.send("PUT", where, nquads, _NQUADS, {"action": "ADD"})

    def swap(self, names: Mapping[str, str], gone: Sequence[str], transport: Transport) -> None:
        """Move and remove graphs in one transaction."""
        with self._transaction(transport) as where:
            moved = move(names, gone).encode()
            transport.send("PUT", where, moved, _UPDATE, {"action": "UPDATE"})

    @contextmanager
    def _transaction(self, transport: Transport) -> Iterator[str]:
        """Yield the address of a transaction, which is committed, or taken back on failure."""
        begun = transport.send("POST", f"{self.url}/transactions")
        named = begun.headers.get("Location", "").rpartition("/")[2]
        if not named:
            raise RemoteError(
                f"{self.url}: the store began no transaction.",
                "Check that this is the address of a repository, and --store.",
            )
        # Of the address only the name: another host shall not see the credentials.
        where = f"{self.url}/transactions/{named}"
        try:
            yield where
        except BaseException:
            with suppress(RemoteError):  # the store ends what nobody goes on with
                transport.send("DELETE", where)
            raise
        try:
            transport.send("PUT", where, parameters={"action": "COMMIT"})
        except LostError:
            raise
        except RemoteError as error:
            # The native store of 4.3.14, on a full disk, had most of what was sent.
            raise PartError(
                error.message,
                "It may hold a part of what was sent. See to what it wants, then load again: "
                "what is missing is sent. Where that fails, make a new repository.",
            ) from None


class _GraphDb(_Rdf4j):
    name = "graphdb"


def rdf4j(url: str) -> Target:
    """Return the repository at an address such as ``http://HOST/rdf4j-server/repositories/ID``."""
    return _Rdf4j(url, url)


def graphdb(url: str) -> Target:
    """Return the repository at an address such as ``http://HOST:7200/repositories/ID``."""
    return _GraphDb(url, url)
