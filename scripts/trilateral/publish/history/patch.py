"""Patch: differences as an RDF Patch, which turns one version into the other.

RDF Patch (https://jena.apache.org/documentation/rdf-patch/) keeps named graphs apart. The
Changeset vocabulary does not, and would need four triples for each that came or went.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from trilateral.build.assemble import canonical_nquads
from trilateral.publish.history.differences import Differences

if TYPE_CHECKING:
    import pyoxigraph as ox

NAME = "changes.rdfp"


def write_patch(found: Differences) -> str:
    """Return the patch: a header that names both versions, then what goes, then what comes.

    The header has the canonical hash of both, so that a reader knows to what the patch applies
    and what must come out.
    """
    heads = [
        *([f"H id <{found.new.iri}> ."] if found.new.iri else []),
        *([f"H prev <{found.old.iri}> ."] if found.old.iri else []),
        f'H hash "{found.new.rdfc10_sha256}" .',
        f'H prevhash "{found.old.rdfc10_sha256}" .',
    ]
    rows = [
        *_rows("D", found.old.quads - found.new.quads),
        *_rows("A", found.new.quads - found.old.quads),
    ]
    return "\n".join([*heads, "TX .", *rows, "TC ."]) + "\n"


def _rows(operation: str, quads: Iterable[ox.Quad]) -> list[str]:
    return [f"{operation} {line}" for line in canonical_nquads(quads).decode().splitlines()]
