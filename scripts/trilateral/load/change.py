"""Change: the graphs that a store is to hold anew, and those that it is to hold no more."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pyoxigraph as ox


@dataclass(frozen=True)
class Change:
    """What is asked of a store.

    Attributes:
        graphs: The graphs that are put in the place of what is there, by IRI.
        gone: The graphs that are removed.
        adds: Whether nothing of the graphs is there yet, so that they are only added.
    """

    graphs: Mapping[str, Sequence[ox.Triple]] = field(default_factory=dict)
    gone: Sequence[str] = ()
    adds: bool = False

    def update(self) -> bytes:
        r"""Return the change as one SPARQL update.

        >>> Change(gone=["http://a/"]).update()
        b'DROP SILENT GRAPH <http://a/> ;\n'
        """
        lines = [f"DROP SILENT GRAPH <{name}> ;" for name in (*self.graphs, *self.gone)]
        if self.graphs:
            lines.append("INSERT DATA {")
            for name, triples in self.graphs.items():
                lines += [f"GRAPH <{name}> {{", write_triples(triples).rstrip("\n"), "}"]
            lines.append("}")
        return ("\n".join(lines) + "\n").encode()

    def nquads(self) -> bytes:
        """Return the graphs that are put there as N-Quads."""
        return "".join(
            f"{triple} <{name}> .\n" for name, triples in self.graphs.items() for triple in triples
        ).encode()


def write_triples(triples: Sequence[ox.Triple]) -> str:
    """Return triples as N-Triples, which are Turtle and part of SPARQL too."""
    return "".join(f"{triple} .\n" for triple in triples)
