"""RDF4J Server and GraphDB: a repository, changed within a transaction of its REST API.

RDF4J Server 4.3 takes back a SPARQL update that fails at its end, too, but says nothing of it
in its documentation; of its transactions it does.
"""

from __future__ import annotations

from contextlib import suppress

from trilateral.load.change import Change
from trilateral.load.targets.target import Target
from trilateral.load.transport import LostError, PartError, Transport
from trilateral.remote.errors import RemoteError


class _Rdf4j(Target):
    name = "rdf4j"
    union = "it is"

    def apply(self, change: Change, transport: Transport) -> None:
        """Make a change within one transaction, taken back when anything fails."""
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
            removed = Change(gone=[*change.graphs, *change.gone]).update()
            transport.send("PUT", where, removed, "application/sparql-update", {"action": "UPDATE"})
            transport.send("PUT", where, change.nquads(), "application/n-quads", {"action": "ADD"})
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
