"""Source: what is loaded, from a release, a build, or the Turtle of a dataset."""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from trilateral import dataset
from trilateral.build import assemble as builds
from trilateral.errors import TrilateralError
from trilateral.home import find_home
from trilateral.prefixes import prefixes
from trilateral.publish.release import counts, digests
from trilateral.publish.release.formats import read_graphs

if TYPE_CHECKING:
    import pyoxigraph as ox


class SourceError(TrilateralError):
    """What is to be loaded is not there or not what its manifest tells of."""

    status = 1


@dataclass(frozen=True)
class Source:
    """A version of the dataset.

    Attributes:
        name: Where it comes from, for people.
        version: The day of a release, or the version of the model.
        rdfc10_sha256: Its canonical hash.
        nquads: The dataset as canonical N-Quads.
    """

    name: str
    version: str
    rdfc10_sha256: str
    nquads: bytes

    @cached_property
    def graphs(self) -> dict[str, list[ox.Triple]]:
        """The named graphs by IRI."""
        return read_graphs(self.nquads)

    @cached_property
    def store(self) -> ox.Store:
        """The dataset in an embedded store."""
        import pyoxigraph

        store = pyoxigraph.Store()
        store.bulk_load(self.nquads, pyoxigraph.RdfFormat.N_QUADS)
        return store

    @cached_property
    def counts(self) -> dict[str, Any]:
        """The counts of a release; see `trilateral.publish.release.counts.count`."""
        return counts.count(self.store)

    def digest(self, graph: str) -> str:
        """Return the digest that a copy of a named graph must have; see `digest_of`."""
        return digest_of(self.graphs[graph])


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


def read_source(
    release: Path | None = None, build: Path | None = None, data: Path | None = None
) -> Source:
    """Return what is to be loaded: a release, else a build, else the Turtle of a dataset.

    Raises:
        SourceError: when a release or build is not what its manifest tells of.
        InvalidDatasetError: naming file and line of each file that is no Turtle.
    """
    if release:
        return _read(release, "dataset.nq.gz", "release", "version")
    if build:
        return _read(build, "dataset.nq", "build", "version")
    home = find_home(data)
    files = builds.assemble(dataset.read_valid(home))
    manifest = json.loads(files["manifest.json"])
    return Source(
        str(data or "the data of the project"),
        manifest["version"],
        manifest["rdfc10_sha256"],
        files["dataset.nq"],
    )


def _read(folder: Path, name: str, kind: str, version: str) -> Source:
    repair = {
        "release": "Name the folder of one release, such as releases/2026-11-30; fetch it again "
        "if it is one.",
        "build": "Make one with: trilateral build --out DIR",
    }[kind]
    try:
        manifest: Mapping[str, Any] = json.loads((folder / "manifest.json").read_bytes())
        told = str(manifest["rdfc10_sha256"])
        data = (folder / name).read_bytes()
        digest = str(manifest["files"][name]["sha256"])
        if digests.sha256(data) != digest:
            raise SourceError(f"{folder / name}: it is not the file of its manifest.", repair)
        nquads = gzip.decompress(data) if name.endswith(".gz") else data
        if digests.sha256(nquads) != told:
            raise SourceError(f"{folder / name}: it has another canonical hash.", repair)
        found = Source(str(folder), str(manifest[version]), told, nquads)
        foreign = [graph for graph in found.graphs if not is_ours(graph)]
    except (OSError, EOFError, zlib.error, ValueError, KeyError, TypeError, SyntaxError) as error:
        raise SourceError(f"{folder}: this is no {kind}: {error}.", repair) from None
    if foreign:
        raise SourceError(f"{folder / name}: {foreign[0] or 'the default graph'} is not ours.")
    return found


def is_ours(graph: str) -> bool:
    """Tell whether a named graph belongs to the dataset, whatever its version.

    >>> is_ours(prefixes()["graph"] + "actors/states"), is_ours("http://example.org/")
    (True, False)
    """
    return graph.startswith(prefixes()["graph"])
