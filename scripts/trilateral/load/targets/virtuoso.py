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

import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from trilateral.load.change import Change, write_triples
from trilateral.load.targets.target import Target
from trilateral.load.transport import LostError, PartError, Transport
from trilateral.prefixes import prefixes
from trilateral.remote.errors import RemoteError

if TYPE_CHECKING:
    import httpx

_FORM = "application/x-www-form-urlencoded"
_JSON = "application/sparql-results+json"
# As Virtuoso names it: the statement is a transaction, and goes into the log as one.
_ONE_TRANSACTION = "DEFINE sql:log-enable 1"
_CHECKPOINT = "SELECT (bif:exec('checkpoint') AS ?done) WHERE {}"


class _Virtuoso(Target):
    name = "virtuoso"
    how = "beside what was there, and put in its place in one transaction"
    union = "it is, of all that the store holds, its own graphs too"

    def apply(self, change: Change, transport: Transport) -> None:
        """Make a change: put graphs beside, count them, swap."""
        begin = len(prefixes()["trilateral"])
        beside = {_beside() + name[begin:]: name for name in change.graphs}
        self._update(_clear(), transport)
        try:
            for number, (name, graph) in enumerate(beside.items()):
                if number % 20 == 0:
                    transport.progress(f"put {number} of {len(beside)} graphs beside the old ones")
                self._put(name, write_triples(change.graphs[graph]), transport)
            self._count({name: len(change.graphs[graph]) for name, graph in beside.items()},
                        transport)  # fmt: skip
            self._checkpoint(transport)
            transport.progress("swapping old graphs for new ones")
            self._swap(_swap(beside, change.gone), transport)
        except (LostError, PartError):
            raise
        except BaseException:
            with suppress(RemoteError):
                self._update(_clear(), transport)
            raise

    def _put(self, graph: str, text: str, transport: Transport) -> None:
        where = f"{self.url}/sparql-graph-crud-auth"
        transport.send("PUT", where, text.encode(), "text/turtle", {"graph": graph})

    def _update(self, text: str, transport: Transport) -> None:
        where = f"{self.url}/sparql-auth"
        transport.send("POST", where, text.encode(), "application/sparql-update")

    def _ask(self, query: str, transport: Transport) -> httpx.Response:
        # The query as a body of its own makes 7.2.5 go round in circles.
        form = urlencode({"query": query}).encode()
        return transport.send("POST", f"{self.url}/sparql-auth", form, _FORM, accept=_JSON)

    def _swap(self, text: str, transport: Transport) -> None:
        try:
            self._update(text, transport)
            self._checkpoint(transport)
        except LostError as error:
            # Killed right then, 7.2.5 was seen to read only a part of the swap from its log.
            raise PartError(
                error.message,
                "It holds what it held before or all that was sent or, where it died at this "
                "moment, perhaps a part. Load again: what is missing is sent.",
            ) from None

    def _checkpoint(self, transport: Transport) -> None:
        """Have all that was changed written from the log to the database, if the user may."""
        try:
            self._ask(_CHECKPOINT, transport)
        except LostError:
            raise
        except RemoteError as error:
            transport.progress(
                f"no checkpoint, so that a crash of the store may lose a part: {error.message}"
            )

    def _count(self, wanted: Mapping[str, int], transport: Transport) -> None:
        """Compare the number of triples beside: equal dates of several types become one."""
        query = (
            "SELECT ?graph (COUNT(*) AS ?triples) WHERE { GRAPH ?graph { ?s ?p ?o } "
            f'FILTER (STRSTARTS(STR(?graph), "{_beside()}")) }} GROUP BY ?graph ORDER BY ?graph'
        )
        answer = self._ask(query, transport)
        try:
            rows = json.loads(answer.content)["results"]["bindings"]
            there = {row["graph"]["value"]: int(row["triples"]["value"]) for row in rows}
        except (ValueError, KeyError, TypeError):
            raise RemoteError(f"{self.query}: the answer to a count is no table.") from None
        for name, triples in wanted.items():
            if there.get(name, 0) != triples:
                raise RemoteError(
                    f"{self.url}: of {triples:,} triples sent to {name} it keeps "
                    f"{there.get(name, 0):,}.",
                    "Values that are equal to it become one: see docs/stores.md.",
                )


def _beside() -> str:
    return prefixes()["trilateral"] + "loading/"


def _clear() -> str:
    """Return an update that removes what an earlier load left beside."""
    return (
        "DELETE { GRAPH ?g { ?s ?p ?o } } WHERE { GRAPH ?g { ?s ?p ?o } "
        f'FILTER (STRSTARTS(STR(?g), "{_beside()}")) }}'
    )


def _swap(beside: Mapping[str, str], gone: Sequence[str]) -> str:
    """Return one operation that puts the graphs beside in the place of theirs."""
    pairs = [(name, f"<{graph}>") for name, graph in beside.items()]
    pairs += [(graph, "UNDEF") for graph in (*beside.values(), *gone)]
    values = "".join(f"(<{name}> {to})\n" for name, to in pairs)
    return (
        f"{_ONE_TRANSACTION}\n"
        "DELETE { GRAPH ?from { ?s ?p ?o } }\nINSERT { GRAPH ?to { ?s ?p ?o } }\n"
        f"WHERE {{ VALUES (?from ?to) {{\n{values}}} GRAPH ?from {{ ?s ?p ?o }} }}"
    )


def virtuoso(url: str) -> Target:
    """Return the server at an address such as ``http://127.0.0.1:8890``."""
    return _Virtuoso(url, f"{url}/sparql")
