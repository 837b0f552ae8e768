"""Source: what is loaded, from a release, a build, or the Turtle of a dataset."""

from __future__ import annotations

import gzip
import hashlib
import json
import shutil
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from errno import ENOSPC
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory, gettempdir
from typing import TYPE_CHECKING, Any

from trilateral import dataset
from trilateral.build import assemble as builds
from trilateral.errors import TrilateralError
from trilateral.home import find_home
from trilateral.load.counts import count
from trilateral.load.graphs import Graph, group, read_lines
from trilateral.nouns import counted
from trilateral.prefixes import prefixes
from trilateral.publish.release import digests

if TYPE_CHECKING:
    import pyoxigraph as ox


# Lines that are put into an embedded store at once, or one graph if it has more.
_BATCH = 20_000
_REPAIRS = {
    "release": "Name the folder of one release, such as releases/2026-11-30; fetch it again "
    "if it is one.",
    "build": "Make one with: trilateral build --out DIR",
    "data": "",
}


class SourceError(TrilateralError):
    """What is to be loaded is not there or not what its manifest tells of."""

    status = 1


@dataclass(frozen=True)
class Source:
    """A version of the dataset, which memory never holds as a whole.

    Attributes:
        name: Where it comes from, for people.
        version: The day of a release, or the version of the model.
        rdfc10_sha256: Its canonical hash.
        graphs: Its named graphs by IRI.
    """

    name: str
    version: str
    rdfc10_sha256: str
    graphs: Mapping[str, Graph]

    def nquads(self) -> Iterator[bytes]:
        """Yield the dataset as N-Quads, in pieces of whole lines."""
        for graph in self.graphs.values():
            yield from graph.nquads()

    @cached_property
    def store(self) -> ox.Store:
        """The dataset in an embedded store, all of it in memory."""
        import pyoxigraph

        store = pyoxigraph.Store()
        for text in self._batches():
            store.bulk_load(text, pyoxigraph.RdfFormat.N_QUADS)
        return store

    @cached_property
    def counts(self) -> dict[str, Any]:
        """How many ``quads`` there are in all, and in `graphs`, of ``classes``...; see `count`."""
        found = count(self.graphs.values())
        return {"quads": found["graphs"].total(), **found}

    def verified(self, compared: Sequence[str]) -> str:
        """Return in words what was verified of a copy, these graphs by canonical hash."""
        return f"verified: {self.in_words(compared)}\nRDFC-1.0 SHA-256 {self.rdfc10_sha256}"

    def in_words(self, compared: Sequence[str]) -> str:
        """Return in words how much was compared with a copy, these graphs by canonical hash."""
        classes, properties = len(self.counts["classes"]), len(self.counts["properties"])
        return (
            f"{counted(self.counts['quads'], 'quad')} in {counted(len(self.graphs), 'graph')}, "
            f"{counted(classes, 'class')} and {counted(properties, 'property')} by number, "
            f"{counted(len(compared), 'graph')} by canonical hash"
        )

    def _batches(self) -> Iterator[bytes]:
        """Yield the dataset as N-Quads, some graphs at a time."""
        batch: list[bytes] = []
        lines = 0
        for graph in self.graphs.values():
            if batch and lines + graph.lines > _BATCH:
                yield b"".join(batch)
                batch, lines = [], 0
            batch += graph.nquads()
            lines += graph.lines
        yield b"".join(batch)

    def digest(self, graph: str) -> str:
        """Return the digest that a copy of a named graph must have; see `digest_of`."""
        return digests.canonical_hash(self.graphs[graph].store())


def digest_of(triples: Iterable[ox.Triple]) -> str:
    """Return the canonical hash (RDFC-1.0) of a graph, the same for equal numbers.

    Stores are free to keep 1.50 as 1.5, and many do; so a copy is held against the values.

    >>> import pyoxigraph as ox
    >>> texts = (b"<x:a> <x:b> 1.50 .", b"<x:a> <x:b> 1.5 .")
    >>> len({digest_of(quad.triple for quad in ox.parse(text, ox.RdfFormat.TURTLE))
    ...      for text in texts})
    1
    """
    import pyoxigraph

    # The embedded store has one form for equal numbers.
    kept = pyoxigraph.Store()
    kept.bulk_extend(pyoxigraph.Quad(t.subject, t.predicate, t.object) for t in triples)
    return digests.canonical_hash(kept)


@dataclass(frozen=True)
class Found:
    """A version of the dataset that was found and not read yet.

    Attributes:
        name: Where it comes from, for people.
        version: The day of a release, or the version of the model.
        rdfc10_sha256: Its canonical hash, which is that of the file.
        path: A file of N-Quads.
        kind: What it was found in: a release, a build or, where nobody wrote it, data.
    """

    name: str
    version: str
    rdfc10_sha256: str
    path: Path
    kind: str


def read_source(
    release: Path | None = None, build: Path | None = None, data: Path | None = None
) -> Source:
    """Return what is to be loaded: a release, else a build, else the Turtle of a dataset.

    Raises:
        SourceError: when a release or build is not what its manifest tells of, or there is no
            room for it in the folder of temporary files.
        InvalidDatasetError: naming file and line of each file that is no Turtle.
    """
    with TemporaryDirectory() as work:
        return read(find(release, build, data, Path(work)))


def find(release: Path | None, build: Path | None, data: Path | None, work: Path) -> Found:
    """Return the file of what is to be loaded, in ``work`` where it is no file yet.

    Raises: see `read_source`.
    """
    if release:
        return _find(release, "dataset.nq.gz", "release", work)
    if build:
        return _find(build, "dataset.nq", "build", work)
    home = find_home(data)
    files = builds.assemble(dataset.read_valid(home))
    manifest = json.loads(files["manifest.json"])
    path = work / "dataset.nq"
    path.write_bytes(files["dataset.nq"])
    name = str(data or "the data of the project")
    return Found(name, manifest["version"], manifest["rdfc10_sha256"], path, "data")


def read(found: Found) -> Source:
    """Return a version that was found, with its graphs, which are kept without the file.

    Raises:
        SourceError: when the file is not canonical N-Quads of graphs of the dataset, or there is
            no room for a copy.
    """
    with _refused(found.name, found.kind, found.path):
        graphs = group(read_lines(found.path))
    foreign = [graph for graph in graphs if not is_ours(graph)]
    if foreign:
        raise SourceError(f"{found.path}: {foreign[0] or 'the default graph'} is not ours.")
    return Source(found.name, found.version, found.rdfc10_sha256, graphs)


def _find(folder: Path, name: str, kind: str, work: Path) -> Found:
    path = folder / name
    with _refused(str(folder), kind, path):
        manifest: Mapping[str, Any] = json.loads((folder / "manifest.json").read_bytes())
        version, told = str(manifest["version"]), str(manifest["rdfc10_sha256"])
        digest = _sha256(path)
        if digest != str(manifest["files"][name]["sha256"]):
            raise SourceError(f"{path}: it is not the file of its manifest.", _REPAIRS[kind])
        quads = path
        if name.endswith(".gz"):
            quads = _unpacked(path, work)
            digest = _sha256(quads)
        if digest != told:
            raise SourceError(f"{path}: it has another canonical hash.", _REPAIRS[kind])
    return Found(str(folder), version, told, quads, kind)


@contextmanager
def _refused(name: str, kind: str, path: Path) -> Iterator[None]:
    """Tell what fails within ``with`` as what is wrong with a version."""
    try:
        yield
    except (OSError, EOFError, zlib.error, ValueError, KeyError, TypeError, SyntaxError) as error:
        if getattr(error, "errno", None) == ENOSPC:
            place = f"{gettempdir()}: there is no room for a copy of {path}."
            raise SourceError(place, "Set TMPDIR to a folder with more room.") from None
        raise SourceError(f"{name}: this is no {kind}: {error}.", _REPAIRS[kind]) from None


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _unpacked(path: Path, work: Path) -> Path:
    unpacked = work / path.name.removesuffix(".gz")
    with gzip.open(path) as packed, unpacked.open("wb") as file:
        shutil.copyfileobj(packed, file, 1 << 18)
    return unpacked


def is_ours(graph: str) -> bool:
    """Tell whether a named graph belongs to the dataset, whatever its version.

    >>> is_ours(prefixes()["graph"] + "actors/states"), is_ours("http://example.org/")
    (True, False)
    """
    return graph.startswith(prefixes()["graph"])
