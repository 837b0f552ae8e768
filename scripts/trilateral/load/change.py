"""Change: the graphs that a store is to hold anew, and those that it is to hold no more."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from trilateral.load.graphs import Graph


@dataclass(frozen=True)
class Change:
    """What is asked of a store.

    Attributes:
        graphs: The graphs that are put in the place of what is there, by IRI.
        gone: The graphs that are removed.
        adds: Whether nothing of the graphs is there yet, so that they are only added.
        version: The canonical hash of the version that the graphs are of.
    """

    graphs: Mapping[str, Graph] = field(default_factory=dict)
    gone: Sequence[str] = ()
    adds: bool = False
    version: str = ""

    def update(self) -> Iterator[bytes]:
        r"""Yield the change as one SPARQL update, in pieces.

        >>> b"".join(Change(gone=["http://a/"]).update())
        b'DROP SILENT GRAPH <http://a/> ;\n'
        """
        for name in (*self.graphs, *self.gone):
            yield f"DROP SILENT GRAPH <{name}> ;\n".encode()
        yield from insert(self.graphs)

    def nquads(self) -> Iterator[bytes]:
        """Yield the graphs that are put there as N-Quads, in pieces."""
        for graph in self.graphs.values():
            yield from graph.nquads()


def insert(graphs: Mapping[str, Graph]) -> Iterator[bytes]:
    r"""Yield an update that adds graphs under the names that are given, in pieces.

    >>> from trilateral.load.graphs import graph_of
    >>> b"".join(insert({"http://b/": graph_of("http://a/", b"<x:s> <x:p> <x:o> .\n")}))
    b'INSERT DATA {\nGRAPH <http://b/> {\n<x:s> <x:p> <x:o> .\n}\n}\n'
    """
    if not graphs:
        return
    yield b"INSERT DATA {\n"
    for name, graph in graphs.items():
        yield f"GRAPH <{name}> {{\n".encode()
        yield from graph.ntriples()
        yield b"}\n"
    yield b"}\n"
