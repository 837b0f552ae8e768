"""Beside: graphs put beside those that they replace, part by part, and swapped at the end.

A load that breaks off goes on with what is missing: the names beside say of which version they
are, and each has to hold as many triples as its graph.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from trilateral import sparql
from trilateral.load.change import Change
from trilateral.load.graphs import Graph
from trilateral.load.transport import Meter, Transport
from trilateral.nouns import counted
from trilateral.prefixes import prefixes
from trilateral.remote.client import Client
from trilateral.remote.errors import RemoteError

if TYPE_CHECKING:
    from trilateral.load.targets.target import Target

# Bytes of one request, or one graph if it has more.
_PART = 16 << 20


def load(target: Target, change: Change, transport: Transport) -> None:
    """Make a change: put beside what is not there yet, count it, swap in one transaction.

    Whatever fails, what is beside stays there for the next load, unless it was found wrong.

    Raises:
        LostError: when it is not known what became of a request.
        RemoteError: when the store refuses, or keeps less than it is sent.
    """
    graphs = {_beside(name, change.version): graph for name, graph in change.graphs.items()}
    _put(target, graphs, transport)
    found = _count(target, transport)
    for name, graph in graphs.items():
        if not graph.is_whole(found.get(name, 0)):
            with suppress(RemoteError):
                target.remove(list(found), transport)
            raise RemoteError(
                f"{target.url}: of {counted(graph.lines, 'triple')} sent to {name} it keeps "
                f"{found.get(name, 0):,}.",
                "Values that are equal to it become one: see docs/stores.md.",
            )
    transport.progress("swapping old graphs for new ones")
    target.swap({name: graph.name for name, graph in graphs.items()}, change.gone, transport)


def _put(target: Target, graphs: Mapping[str, Graph], transport: Transport) -> None:
    there = _count(target, transport)
    kept = {name for name, graph in graphs.items() if graph.is_whole(there.get(name, 0))}
    if wrong := [name for name in there if name not in kept]:
        target.remove(wrong, transport)
    if kept:
        transport.progress(f"{len(kept)} of {len(graphs)} graphs are beside already; going on")
    missing = {name: graph for name, graph in graphs.items() if name not in kept}
    meter = Meter(sum(graph.size for graph in missing.values()), transport.progress)
    for part in _parts(missing):
        target.put(part, replace(transport, meter=meter))


def _parts(graphs: Mapping[str, Graph]) -> Iterator[dict[str, Graph]]:
    part: dict[str, Graph] = {}
    for name, graph in graphs.items():
        if part and sum(each.size for each in part.values()) + graph.size > _PART:
            yield part
            part = {}
        part[name] = graph
    if part:
        yield part


def _count(target: Target, transport: Transport) -> dict[str, int]:
    """Return all graphs that are beside, of this version or another, each with its triples."""
    client = Client(target.query, transport.credentials, transport.timeout, transport.timeout * 10)
    query = sparql.filled(__package__, "graphs", {"STR(graph:)": f'"{start()}"'})
    rows = client.ask(query).rows
    return {graph.value: int(number.value) for graph, number in rows if graph and number}


def start() -> str:
    """Return how the names of all graphs that are beside begin."""
    return prefixes()["trilateral"] + "loading/"


def _beside(name: str, version: str) -> str:
    return f"{start()}{version[:16]}/{name.removeprefix(prefixes()['trilateral'])}"
