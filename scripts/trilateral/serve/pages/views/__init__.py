"""Views: timeline, map, neighbourhood, matrix and overlap, drawn as SVG with a table beside."""

from __future__ import annotations

from starlette.routing import BaseRoute


def routes() -> list[BaseRoute]:
    """Return the routes of this part."""
    return []
