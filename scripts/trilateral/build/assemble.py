"""Assemble the files of ``dist/`` from a dataset, as bytes and without touching the disk."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from typing import TYPE_CHECKING

from trilateral import __version__, turtle
from trilateral.coding import agreement
from trilateral.dataset import Dataset
from trilateral.prefixes import prefixes

if TYPE_CHECKING:
    import pyoxigraph as ox


def assemble(dataset: Dataset) -> dict[str, bytes]:
    """Return the files of a build by name.

    ``dataset.nq`` and ``dataset.trig`` hold one named graph per file of ontology
    and data, and one with the agreement figures; ``dataset.ttl`` is their union,
    ``ontology.ttl`` and ``shapes.ttl`` are those alone, ``manifest.json`` counts
    and digests.
    """
    graphs = dataset.graphs()
    figures = list(agreement.triples(dataset.store()))
    if figures:
        graphs[prefixes()["graph"] + "agreement"] = figures
    home = dataset.home
    quads = canonical_nquads(graphs)
    files = {
        "dataset.nq": quads,
        "dataset.trig": turtle.write_dataset(graphs).encode(),
        "dataset.ttl": turtle.write(t for graph in graphs.values() for t in graph).encode(),
        "ontology.ttl": turtle.write(dataset.triples(home.ontology)).encode(),
        "shapes.ttl": turtle.write(dataset.triples(home.shapes)).encode(),
    }
    manifest = {
        "version": __version__,
        "rdfc10_sha256": hashlib.sha256(quads).hexdigest(),
        "quads": quads.count(b"\n"),
        "graphs": {name: len(set(graphs[name])) for name in sorted(graphs)},
        "files": {
            name: {"sha256": hashlib.sha256(data).hexdigest(), "bytes": len(data)}
            for name, data in files.items()
        },
    }
    files["manifest.json"] = (json.dumps(manifest, indent=2) + "\n").encode()
    return files


def canonical_nquads(graphs: dict[str, list[ox.Triple]]) -> bytes:
    """Return named graphs as canonical N-Quads (RDFC-1.0), whose SHA-256 is the dataset's hash.

    >>> canonical_nquads({})
    b''
    """
    import pyoxigraph

    quads: Iterable[ox.Quad] = (
        pyoxigraph.Quad(t.subject, t.predicate, t.object, pyoxigraph.NamedNode(name))
        for name, triples in graphs.items()
        for t in triples
    )
    if _has_blank_nodes(graphs):
        dataset = pyoxigraph.Dataset(quads)
        dataset.canonicalize(pyoxigraph.CanonicalizationAlgorithm.RDFC_1_0)
        quads = dataset
    written = pyoxigraph.serialize(quads, format=pyoxigraph.RdfFormat.N_QUADS)
    assert written is not None
    # Without blank nodes the canonical form is the sorted set of lines.
    return b"".join(sorted(set(written.splitlines(keepends=True))))


def _has_blank_nodes(graphs: dict[str, list[ox.Triple]]) -> bool:
    import pyoxigraph

    blank = pyoxigraph.BlankNode
    return any(
        isinstance(node, blank)
        for triples in graphs.values()
        for triple in triples
        for node in (triple.subject, triple.object)
    )
