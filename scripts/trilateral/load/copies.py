"""Copies: what a store holds of the dataset, and how that differs from what it should hold."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from trilateral import sparql
from trilateral.ask.engines import Answer
from trilateral.load.counts import COUNTS
from trilateral.load.graphs import Graph, graph_of
from trilateral.load.source import Source, digest_of
from trilateral.nouns import counted
from trilateral.prefixes import prefixes
from trilateral.remote.errors import RemoteError
from trilateral.vocabulary import iri

if TYPE_CHECKING:
    import pyoxigraph as ox

# How many graphs are compared triple by triple when not all are.
SAMPLE = 10
# Triples that are asked for at once.
_BATCH = 5000
# The graph in which a store is told what it holds; it is not part of the dataset.
MARKER = "loaded"


@dataclass(frozen=True)
class Marker:
    """What a store says that it holds: version and canonical hash."""

    version: str
    rdfc10_sha256: str


@dataclass(frozen=True)
class Difference:
    """Where a copy differs: what, mostly a named graph, and how.

    Attributes:
        what: A named graph, a class or a property.
        how: In words.
        kind: Which of the three, as `Source.counts` names them, or the marker.
    """

    what: str
    how: str
    kind: str = "graphs"

    def __str__(self) -> str:
        return f"{self.what}: {self.how}"


class Asked(Protocol):
    """What answers queries: a client of an endpoint, or the programs of a store."""

    @property
    def url(self) -> str:
        """Where the copy is."""

    def of_graphs(self, graphs: Iterable[str]) -> Asked:
        """Return one whose queries see these graphs, and without any what the store sees."""

    def ask(self, query: str, expected: int = 0, order: str = "") -> Answer:
        """Return the answer to a query; see `Client.ask`."""

    def ask_each(self, queries: Sequence[tuple[str, int, str]], at_once: bool) -> list[Answer]:
        """Return the answers to queries; see `Client.ask_each`."""


def marker_graph() -> str:
    """Return the IRI of the graph of the marker, and of its subject."""
    return prefixes()["trilateral"] + MARKER


def marker_of(version: str, rdfc10_sha256: str) -> Graph:
    """Return the graph that marks a store that holds a version of the dataset."""
    import pyoxigraph as ox

    subject = ox.NamedNode(marker_graph())
    told = {"schema:version": version, "schema:sha256": rdfc10_sha256}
    triples = (
        ox.Triple(subject, ox.NamedNode(iri(name)), ox.Literal(value))
        for name, value in told.items()
    )
    return graph_of(subject.value, "".join(f"{triple} .\n" for triple in triples).encode())


def read_marker(client: Asked) -> Marker | None:
    """Return what a store says that it holds, or None where it does not say."""
    return _marker(client.of_graphs(()).ask(sparql.text_of(__package__, "marker")))


def _marker(answer: Answer) -> Marker | None:
    if len(answer.rows) != 1:
        return None
    version, digest = (term.value if term else "" for term in answer.rows[0])
    return Marker(version, digest)


def count_graphs(client: Asked) -> dict[str, int]:
    """Return the named graphs of the dataset that a store holds, each with its triples."""
    return _table(client, client.of_graphs(()).ask(sparql.text_of(__package__, "graphs")))


def differences(
    client: Asked,
    source: Source,
    compared: Sequence[str],
    progress: Callable[[str], None] = lambda name: None,
    *,
    at_once: bool = False,
    marked: bool = False,
) -> Iterator[Difference]:
    """Yield where a copy differs from a version of the dataset, graphs first.

    Counted are the triples of each graph and property and the things of each class, as
    `Source.counts` has them, ``at_once`` where the store may be asked so much of;
    the graphs of ``compared`` are held against the version by canonical hash. ``marked``, the copy
    has to say which version it is.
    """
    progress("counting graphs, classes and properties")
    batches = list(_batches(source, compared))
    # With the rows that a whole copy has, of which nobody asks whether there are more.
    asked = {
        name: (sparql.text_of(__package__, name), len(source.counts[name]), "") for name in COUNTS
    }
    if marked:
        asked[MARKER] = sparql.text_of(__package__, "marker"), 1, ""
    if batches:  # most of the time there is no other
        asked["triples"] = _question(source, batches[0])
    answers = client.of_graphs(()).ask_each(list(asked.values()), at_once)
    told = dict(zip(asked, answers, strict=True))
    found = {name: _table(client, told[name]) for name in COUNTS}
    there = found["graphs"]
    wanted = source.counts["graphs"]
    for name, number in found.items():
        yield from _uneven(source.counts[name], number, name)
    if marked and _marker(told[MARKER]) != Marker(source.version, source.rdfc10_sha256):
        yield Difference(marker_graph(), "it does not say which version it is", MARKER)
    even = {graph for graph in compared if there.get(graph) == wanted[graph]}
    same = _equal(source, batches[0], told["triples"]) if batches else set()
    rest = [graph for batch in batches[1:] for graph in batch if graph in even]
    for graph in sorted(even - same - find_equal(client, source, rest, progress)):
        yield Difference(graph, "as many triples as expected, but not the same")


def find_equal(
    client: Asked,
    source: Source,
    graphs: Sequence[str],
    progress: Callable[[str], None] = lambda name: None,
) -> set[str]:
    """Return those of the graphs that hold the same triples in a copy, by canonical hash."""
    same: set[str] = set()
    done = 0
    for batch in _batches(source, graphs):
        same |= _equal(source, batch, client.of_graphs(()).ask(*_question(source, batch)))
        done += len(batch)
        progress(f"compared {done} of {len(graphs)} graphs")
    return same


def _question(source: Source, graphs: Sequence[str]) -> tuple[str, int, str]:
    """Return a query for the triples of named graphs, how many they should be, and an order."""
    import pyoxigraph as ox

    named = " ".join(str(ox.NamedNode(graph)) for graph in graphs)
    query = (
        f"SELECT ?graph ?subject ?property ?object WHERE {{ VALUES ?graph {{ {named} }} "
        "GRAPH ?graph { ?subject ?property ?object } }"
    )
    expected = sum(source.counts["graphs"][graph] for graph in graphs)
    return query, expected, "ORDER BY ?graph ?subject ?property ?object"


def _equal(source: Source, graphs: Sequence[str], answer: Answer) -> set[str]:
    """Return those of the graphs of which an answer has the triples that they should have."""
    import pyoxigraph as ox

    there: dict[str, list[ox.Triple]] = {graph: [] for graph in graphs}
    for graph, *triple in answer.rows:
        there[getattr(graph, "value", "")].append(ox.Triple(*triple))  # type: ignore[arg-type]
    return {graph for graph in graphs if digest_of(there[graph]) == source.digest(graph)}


def _batches(source: Source, graphs: Sequence[str]) -> Iterator[list[str]]:
    """Yield graphs in batches that are not too long for one answer, as far as there is a choice."""
    batch: list[str] = []
    triples = 0
    for graph in graphs:
        size = source.counts["graphs"][graph]
        if batch and triples + size > _BATCH:
            yield batch
            batch, triples = [], 0
        batch.append(graph)
        triples += size
    if batch:
        yield batch


def sample(source: Source) -> list[str]:
    """Return some graphs of a version, always the same ones of it, spread over all.

    Together they have no more triples than are asked for at once; but for a version that has no
    such graph, of which the smallest is returned.
    """

    def place(graph: str) -> str:
        return hashlib.sha256(f"{source.rdfc10_sha256} {graph}".encode()).hexdigest()

    sizes = source.counts["graphs"]
    chosen: list[str] = []
    for graph in sorted(sizes, key=place):
        if len(chosen) < SAMPLE and sum(sizes[each] for each in chosen) + sizes[graph] <= _BATCH:
            chosen.append(graph)
    return sorted(chosen) or sorted(sizes, key=lambda graph: (sizes[graph], graph))[:1]


def _uneven(wanted: dict[str, int], there: dict[str, int], kind: str) -> Iterator[Difference]:
    unit = "thing" if kind == "classes" else "triple"
    for name in sorted({*wanted, *there}):
        expected, found = wanted.get(name, 0), there.get(name, 0)
        if expected != found:
            yield Difference(name, f"{counted(found, unit)}, expected {expected:,}", kind)


def _table(client: Asked, answer: Answer) -> dict[str, int]:
    try:
        return {key.value: int(number.value) for key, number in answer.rows if key and number}
    except ValueError:
        raise RemoteError(
            f"{client.url}: the answer to a count is no number.",
            "Check that this is the address of a SPARQL endpoint.",
        ) from None
