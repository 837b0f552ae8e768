"""The SPARQL 1.1 Protocol for queries, and the service description."""

from __future__ import annotations

from starlette.routing import BaseRoute


def routes() -> list[BaseRoute]:
    """Return the routes of this part."""
    return []
