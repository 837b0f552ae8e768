"""Virtuoso: graphs are put beside the old ones, counted there, and swapped in one transaction.

One update with all of them is refused: Virtuoso compiles an update to SQL and takes no more
than 10,000 lines of it. Its COPY and MOVE commit as they go, so that a crash would leave a
part. A single DELETE/INSERT ... WHERE is one transaction once it is told to log as one: after a
crash before its end the store was seen to hold the old graphs, after one right at its end once a
part. Readers are not kept apart from it: a query that runs at the moment of the swap may meet
graphs of both versions.

What no checkpoint has yet, a server that crashed reads from its log, and after several changes in
one log not always all of it. So there is a checkpoint before the swap, by which the log holds
that alone, and one after it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from urllib.parse import urlencode

from trilateral.load import beside
from trilateral.load.change import Change
from trilateral.load.graphs import Graph
from trilateral.load.targets.target import IN_PARTS, Target
from trilateral.load.transport import LostError, PartError, Transport
from trilateral.remote.errors import RemoteError

_FORM = "application/x-www-form-urlencoded"
_JSON = "application/sparql-results+json"
# As Virtuoso names it: the statement is a transaction, and goes into the log as one.
_ONE_TRANSACTION = "DEFINE sql:log-enable 1"
_CHECKPOINT = "SELECT (bif:exec('checkpoint') AS ?done) WHERE {}"

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
        self._checkpoint(transport)
        try:
            transport.send("POST", f"{self.url}/sparql-auth", update, "application/sparql-update")
            self._checkpoint(transport)
        except LostError as error:
            # Killed right then, 7.2.5 was seen to read only a part of the swap from its log.
            raise PartError(
                error.message,
                "It holds what it held before or all that was sent or, where it died at this "
                "moment, perhaps a part. Load again: what is missing is sent.",
            ) from None
        except RemoteError as error:
            if _TOO_LONG in error.message:
                raise RemoteError(error.message, _LONGER) from None
            raise
        # Within the transaction this would take twice as long.
        try:
            self.remove(list(names), transport)
        except RemoteError as error:
            raise LostError(error.message) from None  # since the new graphs are there

    def _checkpoint(self, transport: Transport) -> None:
        """Have all that was changed written from the log to the database, if the user may."""
        # The query as a body of its own makes 7.2.5 go round in circles.
        form = urlencode({"query": _CHECKPOINT}).encode()
        try:
            transport.send("POST", f"{self.url}/sparql-auth", form, _FORM, accept=_JSON)
        except LostError:
            raise
        except RemoteError as error:
            transport.progress(
                f"no checkpoint, so that a crash of the store may lose a part: {error.message}"
            )

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
