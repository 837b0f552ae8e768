"""Discovery: VoID, DCAT, sitemap, robots and example queries, made from the data."""

from __future__ import annotations

from starlette.routing import BaseRoute


def routes() -> list[BaseRoute]:
    """Return the routes of this part."""
    return []
