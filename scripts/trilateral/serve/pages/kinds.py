"""Kinds: the list of all things of a kind."""

from __future__ import annotations

from starlette.routing import BaseRoute


def routes() -> list[BaseRoute]:
    """Return the routes of this part."""
    return []
