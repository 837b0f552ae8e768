"""Virtuoso: graphs are put beside the old ones, counted there, and swapped in one transaction.

One update with all of them is refused: Virtuoso compiles an update to SQL and takes no more
than 10,000 lines of it. Its COPY and MOVE commit as they go, so that a crash would leave a
part. A single DELETE/INSERT ... WHERE is one transaction once it is told to log as one: after a
crash the store holds the old graphs. Readers are not kept apart from it: a query that runs at
the moment of the swap may meet graphs of both versions.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from trilateral.load import beside
from trilateral.load.change import Change
from trilateral.load.graphs import Graph
from trilateral.load.targets.target import IN_PARTS, Target
from trilateral.load.transport import LostError, Transport
from trilateral.remote.errors import RemoteError

# As Virtuoso names it: the statement is a transaction, and goes into the log as one.
_ONE_TRANSACTION = "DEFINE sql:log-enable 1"

# What it calls a transaction that is too long for its log.
_TOO_LONG = "SR325"
_LONGER = (
    "Raise TransactionAfterImageLimit (bytes, 50000000 without it) under [Parameters] in "
    "virtuoso.ini, start the server again, and load again: only the swap is left to do."
)
_GONE = (404,)


class _Virtuoso(Target):
    name = "virtuoso"
    how = IN_PARTS
    union = "it is, of all that the store holds, its own graphs too"
    in_parts = True

    def apply(self, change: Change, transport: Transport) -> None:
        """Make a change in parts: there is no other way."""
        beside.load(self, change, transport)

    def put(self, graphs: Mapping[str, Graph], transport: Transport) -> None:
        """Add graphs one by one: it reads no quads over HTTP."""
        for name, graph in graphs.items():
            transport.send("POST", self._graphs, graph.ntriples, "text/turtle", {"graph": name})

    def swap(self, names: Mapping[str, str], gone: Sequence[str], transport: Transport) -> None:
        """Put graphs in the place of others in one transaction; then remove those beside."""
        update = _swap(names, gone).encode()
        try:
            transport.send("POST", f"{self.url}/sparql-auth", update, "application/sparql-update")
        except RemoteError as error:
            if _TOO_LONG in error.message:
                raise RemoteError(error.message, _LONGER) from None
            raise
        # Within the transaction this would take twice as long.
        try:
            self.remove(list(names), transport)
        except RemoteError as error:
            raise LostError(error.message) from None  # since the new graphs are there

    def remove(self, names: Sequence[str], transport: Transport) -> None:
        """Remove graphs one by one, which takes least."""
        for name in names:
            transport.send("DELETE", self._graphs, parameters={"graph": name}, also=_GONE)

    @property
    def _graphs(self) -> str:
        return f"{self.url}/sparql-graph-crud-auth"


def _swap(names: Mapping[str, str], gone: Sequence[str]) -> str:
    """Return one operation that copies graphs from their names to others, emptied before."""
    rows = [f"(<{name}> UNDEF <{to}>)\n" for name, to in names.items()]
    rows += [f"(<{name}> <{name}> UNDEF)\n" for name in (*names.values(), *gone)]
    return (
        f"{_ONE_TRANSACTION}\n"
        "DELETE { GRAPH ?old { ?s ?p ?o } }\nINSERT { GRAPH ?new { ?s ?p ?o } }\n"
        f"WHERE {{ VALUES (?from ?old ?new) {{\n{''.join(rows)}}} GRAPH ?from {{ ?s ?p ?o }} }}"
    )


def virtuoso(url: str) -> Target:
    """Return the server at an address such as ``http://127.0.0.1:8890``."""
    return _Virtuoso(url, f"{url}/sparql")
