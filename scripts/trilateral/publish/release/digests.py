"""Digests: SHA-256 of bytes, and of what RDF says whatever the format (RDFC-1.0)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from trilateral.build.assemble import canonical_nquads

if TYPE_CHECKING:
    import pyoxigraph as ox

SUMS = "SHA256SUMS"
# The files of the whole dataset: those that hold its graphs, and those that hold the triples.
OF_GRAPHS = ("dataset.nq", "dataset.trig", "dataset.jsonld")
OF_TRIPLES = ("dataset.ttl", "dataset.rdf")
_FORMATS = {
    ".nq": "N_QUADS",
    ".trig": "TRIG",
    ".jsonld": "JSON_LD",
    ".ttl": "TURTLE",
    ".rdf": "RDF_XML",
}


def sha256(data: bytes) -> str:
    """Return the SHA-256 of bytes as hexadecimal digits."""
    return hashlib.sha256(data).hexdigest()


def format_of(name: str) -> ox.RdfFormat | None:
    """Return the format of an RDF file by its name, with or without ``.gz``, or None.

    >>> format_of("dataset.nq.gz").name, format_of("counts.csv")
    ('N-Quads', None)
    """
    import pyoxigraph

    known = _FORMATS.get(PurePosixPath(name.removesuffix(".gz")).suffix)
    # The context is no data: JSON-LD without a graph.
    if known is None or name == "context.jsonld":
        return None
    found: ox.RdfFormat = getattr(pyoxigraph.RdfFormat, known)
    return found


def canonical_hash(quads: Iterable[ox.Quad]) -> str:
    """Return the SHA-256 of quads as canonical N-Quads (RDFC-1.0).

    >>> import pyoxigraph as ox
    >>> texts = ("_:a <x:p> _:b .", "_:z <x:p> _:a .")
    >>> len({canonical_hash(ox.parse(text, ox.RdfFormat.N_QUADS)) for text in texts})
    1
    """
    return sha256(canonical_nquads(quads))


def hash_dataset(nquads: bytes) -> dict[str, str]:
    """Return the canonical hash that each file of the whole dataset must have, by its name."""
    import pyoxigraph

    quads = list(pyoxigraph.parse(nquads, format=pyoxigraph.RdfFormat.N_QUADS))
    triples = (pyoxigraph.Quad(q.subject, q.predicate, q.object) for q in quads)
    return dict.fromkeys(OF_GRAPHS, canonical_hash(quads)) | dict.fromkeys(
        OF_TRIPLES, canonical_hash(triples)
    )


def write_sums(digests: dict[str, str]) -> bytes:
    r"""Return digests by file name as ``sha256sum --check`` reads them.

    >>> write_sums({"b": "2", "a": "1"})
    b'1  a\n2  b\n'
    """
    return "".join(f"{digests[name]}  {name}\n" for name in sorted(digests)).encode()


def read_sums(text: str) -> dict[str, str]:
    """Return the digests that `write_sums` wrote, by file name.

    Raises:
        ValueError: for a line that is no digest and name.
    """
    found = {}
    for line in text.splitlines():
        digest, _, name = line.partition("  ")
        if len(digest) != 64 or not name:
            raise ValueError(line)
        found[name] = digest
    return found
