"""Graphs: the named graphs of a version, kept in a file and read in pieces.

However large a version is, memory holds a piece of it, and of each graph its name and place.
"""

from __future__ import annotations

import heapq
import io
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING

if TYPE_CHECKING:
    import pyoxigraph as ox

_PIECE = 1 << 18
# Bytes of lines that are sorted in memory at a time.
_RUN = 16 << 20
_END = b" .\n"


@dataclass(frozen=True)
class Graph:
    """A named graph, as lines of N-Triples in a file.

    Attributes:
        name: Its IRI.
        lines: How many it has.
        file: Where they are, with much else.
        start: Where they begin.
        size: Their bytes.
    """

    name: str
    lines: int
    file: IO[bytes]
    start: int
    size: int

    def ntriples(self) -> Iterator[bytes]:
        """Yield its triples as N-Triples, which are Turtle and part of SPARQL too.

        In pieces of whole lines; the text is canonical, so that an end of line ends a triple.
        """
        at, end = self.start, self.start + self.size
        while at < end:
            self.file.seek(at)
            piece = self.file.read(min(_PIECE, end - at))
            if at + len(piece) < end:
                piece += self.file.readline()
            at += len(piece)
            yield piece

    def nquads(self, name: str = "") -> Iterator[bytes]:
        r"""Yield its triples as N-Quads, under another name where one is given.

        >>> list(graph_of("http://a/", b"<x:s> <x:p> <x:o> .\n").nquads())
        [b'<x:s> <x:p> <x:o> <http://a/> .\n']
        """
        end = f" <{name or self.name}>".encode() + _END
        for piece in self.ntriples():
            yield piece.replace(_END, end)

    def is_whole(self, triples: int) -> bool:
        r"""Tell whether so many triples are all that it has, also in a store that counts by value.

        >>> number = b'<x:s> <x:p> "%s"^^<http://www.w3.org/2001/XMLSchema#decimal> .\n'
        >>> graph = graph_of("http://a/", number % b"1.50" + number % b"1.5")
        >>> [graph.is_whole(triples) for triples in (0, 1, 2)]
        [False, True, True]
        """
        return triples == self.lines or (0 < triples < self.lines and triples == len(self.store()))

    def store(self) -> ox.Store:
        """Return its triples in an embedded store, which has one form for equal values."""
        import pyoxigraph

        store = pyoxigraph.Store()
        store.bulk_load(b"".join(self.ntriples()), pyoxigraph.RdfFormat.N_TRIPLES)
        return store


def graph_of(name: str, ntriples: bytes) -> Graph:
    """Return a small graph that is kept in memory, of canonical N-Triples."""
    return Graph(name, ntriples.count(b"\n"), io.BytesIO(ntriples), 0, len(ntriples))


def read_lines(path: Path) -> Iterator[tuple[str, bytes]]:
    """Yield each line of a file of canonical N-Quads: its graph, "" for none, and its triple.

    Raises:
        SyntaxError, ValueError: when the file is not that.
    """
    import pyoxigraph as ox

    quads = ox.parse(path=str(path), format=ox.RdfFormat.N_QUADS)
    ends: dict[str, bytes] = {}
    with path.open("rb") as file:
        for line, quad in zip(file, quads, strict=True):
            name = _name(quad)
            end = ends.get(name)
            if end is None:
                end = ends[name] = (f" <{name}>" if name else "").encode() + _END
            if not line.endswith(end):
                raise ValueError(f"not canonical N-Quads: {line[:100]!r}")
            yield name, line[: -len(end)] + _END


def _name(quad: ox.Quad) -> str:
    return getattr(quad.graph_name, "value", "")


def group(lines: Iterable[tuple[str, bytes]]) -> dict[str, Graph]:
    r"""Return named graphs by IRI, sorted, of lines in any order, each with the name of its graph.

    >>> list(group([("x:b", b"<x:s> <x:p> 1 .\n"), ("x:a", b"<x:s> <x:p> 2 .\n")]))
    ['x:a', 'x:b']

    Raises:
        OSError: when there is no room for a copy of the lines in the folder of temporary files.
    """
    whole = tempfile.TemporaryFile()  # noqa: SIM115 - it is there as long as its graphs
    found: dict[str, Graph] = {}
    start = 0
    with tempfile.TemporaryFile() as runs:
        places = list(_write_runs(lines, runs))
        parts = (_read_run(runs, *place) for place in places)
        for name, count, size, at in heapq.merge(*parts, key=lambda part: part[0]):
            _copy(runs, at, size, whole)
            if name in found:
                count += found[name].lines
                size += found[name].size
            else:
                start = whole.tell() - size
            found[name] = Graph(name, count, whole, start, size)
    whole.flush()
    return found


def _write_runs(lines: Iterable[tuple[str, bytes]], runs: IO[bytes]) -> Iterator[tuple[int, int]]:
    """Write some lines at a time, sorted by graph; yield where each such run begins and ends."""
    kept: dict[str, list[bytes]] = defaultdict(list)
    size = 0
    for name, line in lines:
        kept[name].append(line)
        size += len(line)
        if size >= _RUN:
            yield _write_run(kept, runs)
            kept.clear()
            size = 0
    yield _write_run(kept, runs)


def _write_run(kept: dict[str, list[bytes]], runs: IO[bytes]) -> tuple[int, int]:
    """Write lines graph by graph, before each how many they are, how many bytes, and its name."""
    start = runs.tell()
    for name in sorted(kept):
        text = b"".join(kept[name])
        runs.write(f"{len(kept[name])} {len(text)} {name}\n".encode() + text)
    return start, runs.tell()


def _read_run(runs: IO[bytes], at: int, end: int) -> Iterator[tuple[str, int, int, int]]:
    """Yield name, lines and bytes of each graph of a run, and where its lines begin."""
    while at < end:
        runs.seek(at)
        head = runs.readline()
        count, size, name = head.decode().rstrip("\n").split(" ", 2)
        at += len(head)
        yield name, int(count), int(size), at
        at += int(size)


def _copy(source: IO[bytes], at: int, size: int, target: IO[bytes]) -> None:
    source.seek(at)
    while size:
        piece = source.read(min(_PIECE, size))
        target.write(piece)
        size -= len(piece)
