"""About: what this is, how to cite it, and what the server offers to machines."""

from __future__ import annotations

from starlette.routing import BaseRoute


def routes() -> list[BaseRoute]:
    """Return the routes of this part."""
    return []
