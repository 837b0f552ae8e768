"""Graphs: the SPARQL 1.1 Graph Store Protocol, for reading."""

from __future__ import annotations

from starlette.routing import BaseRoute


def routes() -> list[BaseRoute]:
    """Return the routes of this part."""
    return []
