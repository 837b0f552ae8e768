"""Oxigraph: ``oxigraph serve``, of which one update is one transaction.

A PUT to its graph store is none: the graph is emptied first and filled in a second
transaction, so that readers see it empty, and a body that breaks off leaves it so.
"""

from __future__ import annotations

from trilateral.load.targets.target import OneUpdate, Target


class _Oxigraph(OneUpdate):
    name = "oxigraph"
    update, quads = "/update", "/store"
    # cli/src/main.rs, MAX_SPARQL_BODY_SIZE
    limit = 128 << 20
    union = "it is not, unless the server was started with --union-default-graph"


def oxigraph(url: str) -> Target:
    """Return the server at an address such as ``http://127.0.0.1:7878``."""
    return _Oxigraph(url, f"{url}/query")
