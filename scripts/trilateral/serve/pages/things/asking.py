"""Asking: the questions of one page, a few at a time."""

from __future__ import annotations

import asyncio

from starlette.requests import Request

from trilateral.serve.pages.language import language_of
from trilateral.serve.site import Answer, Site

# A page has two dozen questions. All at once would fill the queue of a client who opens a
# few pages, and be no faster: there are not that many processors.
_AT_ONCE = 4


class Asking:
    """What the parts of one page share: the site, the request, and the language of labels."""

    def __init__(self, request: Request) -> None:
        self.site: Site = request.app.state.site
        self.request = request
        self.language = language_of(request)
        self._turns = asyncio.Semaphore(_AT_ONCE)

    async def query(self, text: str) -> Answer:
        """Return the rows of a query, when it is its turn."""
        async with self._turns:
            return await self.site.query(text, self.request)
