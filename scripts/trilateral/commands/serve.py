"""``trilateral serve``: the graph as linked data, pages and a SPARQL endpoint."""

from __future__ import annotations

from argparse import Namespace

from trilateral.serve.run import serve


def run(options: Namespace) -> int:
    """Serve until interrupted."""
    return serve(options)
