"""Copies: what a store holds of the dataset, and how that differs from what it should hold."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from trilateral import sparql
from trilateral.load.source import Source, digest_of
from trilateral.prefixes import prefixes
from trilateral.remote.client import Client
from trilateral.remote.errors import RemoteError
from trilateral.vocabulary import iri

if TYPE_CHECKING:
    import pyoxigraph as ox

# How many graphs are compared triple by triple when not all are.
SAMPLE = 10
# The graph in which a store is told what it holds; it is not part of the dataset.
MARKER = "loaded"


@dataclass(frozen=True)
class Marker:
    """What a store says that it holds: version and canonical hash."""

    version: str
    rdfc10_sha256: str


@dataclass(frozen=True)
class Difference:
    """Where a copy differs: what, mostly a named graph, and how."""

    what: str
    how: str

    def __str__(self) -> str:
        return f"{self.what}: {self.how}"


def marker_graph() -> str:
    """Return the IRI of the graph of the marker, and of its subject."""
    return prefixes()["trilateral"] + MARKER


def marker_triples(source: Source) -> list[ox.Triple]:
    """Return what marks a store that holds a version of the dataset."""
    import pyoxigraph as ox

    subject = ox.NamedNode(marker_graph())
    told = {"schema:version": source.version, "schema:sha256": source.rdfc10_sha256}
    return [
        ox.Triple(subject, ox.NamedNode(iri(name)), ox.Literal(value))
        for name, value in told.items()
    ]


def read_marker(client: Client) -> Marker | None:
    """Return what a store says that it holds, or None where it does not say."""
    answer = client.of_graphs(()).ask(sparql.text_of(__package__, "marker"))
    if len(answer.rows) != 1:
        return None
    version, digest = (term.value if term else "" for term in answer.rows[0])
    return Marker(version, digest)


def count_graphs(client: Client) -> dict[str, int]:
    """Return the named graphs of the dataset that a store holds, each with its triples."""
    return _table(client.of_graphs(()), "graphs")


def read_graph(client: Client, graph: str) -> list[ox.Triple]:
    """Return the triples of a named graph."""
    import pyoxigraph as ox

    query = (
        f"SELECT ?subject ?property ?object WHERE {{ GRAPH {ox.NamedNode(graph)} "
        "{ ?subject ?property ?object } } ORDER BY ?subject ?property ?object"
    )
    rows = client.of_graphs(()).ask(query).rows
    return [ox.Triple(*row) for row in rows]  # type: ignore[arg-type]


def differences(
    client: Client,
    source: Source,
    compared: Sequence[str],
    progress: Callable[[str], None] = lambda name: None,
) -> Iterator[Difference]:
    """Yield where a copy differs from a version of the dataset, graphs first.

    Counted are the triples of each graph and property and the things of each class;
    the graphs of ``compared`` are held against the version by canonical hash.
    """
    progress("counting graphs")
    there = count_graphs(client)
    wanted = source.counts["graphs"]
    yield from _uneven(wanted, there, "triples")
    progress("counting classes and properties")
    for name, unit in (("classes", "things"), ("properties", "triples")):
        yield from _uneven(source.counts[name], _table(client.of_graphs(()), name), unit)
    for number, graph in enumerate(compared, 1):
        progress(f"comparing graph {number} of {len(compared)}")
        if there.get(graph) == wanted[graph] and not is_equal(client, source, graph):
            yield Difference(graph, "as many triples as expected, but not the same")


def is_equal(client: Client, source: Source, graph: str) -> bool:
    """Tell whether a copy of a graph holds the same triples, by canonical hash."""
    return digest_of(read_graph(client, graph)) == source.digest(graph)


def sample(source: Source) -> list[str]:
    """Return some graphs of a version, always the same ones of it, spread over all."""

    def place(graph: str) -> str:
        return hashlib.sha256(f"{source.rdfc10_sha256} {graph}".encode()).hexdigest()

    return sorted(sorted(source.graphs, key=place)[:SAMPLE])


def _uneven(wanted: dict[str, int], there: dict[str, int], unit: str) -> Iterator[Difference]:
    for name in sorted({*wanted, *there}):
        expected, found = wanted.get(name, 0), there.get(name, 0)
        if expected != found:
            yield Difference(name, f"{found:,} {unit}, expected {expected:,}")


def _table(client: Client, name: str) -> dict[str, int]:
    answer = client.ask(sparql.text_of(__package__, name))
    try:
        return {key.value: int(number.value) for key, number in answer.rows if key and number}
    except ValueError:
        raise RemoteError(
            f"{client.url}: the answer to a count is no number.",
            "Check that this is the address of a SPARQL endpoint.",
        ) from None
