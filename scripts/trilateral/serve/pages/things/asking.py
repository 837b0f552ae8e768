"""Asking: the questions of one page, a few at a time."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

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
        kept = self.site.kept_answer(text)
        if kept is not None:
            return kept
        async with self._turns:
            return await self.site.query(text, self.request)

    async def queries(self, texts: Sequence[str]) -> list[Answer]:
        """Return the rows of several queries; no turn is waited for where all are kept."""
        kept = [self.site.kept_answer(text) for text in texts]
        asked = await asyncio.gather(
            *(
                self.query(text)
                for text, answer in zip(texts, kept, strict=True)
                if answer is None
            )
        )  # fmt: skip
        rest = iter(asked)
        return [next(rest) if answer is None else answer for answer in kept]
