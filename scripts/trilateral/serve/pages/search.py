"""Search: things by their labels and other names in all languages."""

from __future__ import annotations

import asyncio

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from trilateral.serve.pages.catalogue import kinds, plural, read_catalogue, singular
from trilateral.serve.pages.finding import MOST_WORDS, Hit, Index, tell_apart
from trilateral.serve.pages.language import N_, Message, language_of
from trilateral.serve.pages.render import page_of, render
from trilateral.serve.pages.table import plain
from trilateral.serve.site import Site
from trilateral.serve.web.http import Problem

_TONGUES = {
    "en": N_("English"),
    "ja": N_("Japanese"),
    "ko": N_("Korean"),
    "zh-hans": N_("Chinese, simplified"),
    "zh-hant": N_("Chinese, traditional"),
}
_A_PAGE = 25
_LONGEST = 200
# So many things of the likeliest spelling are shown where nothing is found.
_NEAREST = 5


def routes() -> list[BaseRoute]:
    """Return the route of the search."""
    return [Route("/search", _search)]


async def read_index(site: Site) -> Index:
    """Return the index of all names of a site, made at first use and anew with the data."""
    if "index" not in site.kept:
        catalogue = await read_catalogue(site)
        site.kept["index"] = await asyncio.to_thread(Index, catalogue)
    index: Index = site.kept["index"]
    return index


async def _search(request: Request) -> Response:
    words = " ".join(plain(request.query_params.get("q", "")).split())
    kind = request.query_params.get("kind", "")
    if len(words) > _LONGEST:
        raise Problem(
            400, "The search is too long",
            Message("A search has at most %(number)s characters.", number=_LONGEST),
            "Search for a name or a few words of it.",
        )  # fmt: skip
    if kind and kind not in kinds():
        raise Problem(
            404, "No such kind",
            Message("There is no kind %(kind)s.", kind=repr(kind[:20])),
            Message("Use one of %(names)s.", names=", ".join(sorted(kinds()))),
        )  # fmt: skip
    index = await read_index(request.app.state.site)
    # In a thread: others are answered meanwhile.
    hits = await asyncio.to_thread(index.find, words, language_of(request))
    counts = tell_apart(hits)
    shown = [hit for hit in hits if kind in ("", hit.thing.kind)]
    page = page_of(request, len(shown), _A_PAGE)
    near: list[str] = []
    apart: list[tuple[str, int]] = []
    meant: list[Hit] = []
    if words and not hits:
        near = await asyncio.to_thread(index.near, words)
        if near:
            meant = await asyncio.to_thread(index.find, near[0], language_of(request))
        apart = await asyncio.to_thread(_apart, index, words)
    return render(
        request,
        "search.html",
        q=words,
        kind=kind,
        counts=counts,
        hits=shown[page.start : page.end],
        all_hits=len(hits),
        page=page,
        near=near,
        meant=meant[:_NEAREST],
        apart=apart,
        tongues=_TONGUES,
        plural=plural,
        singular=singular,
    )


def _apart(index: Index, words: str) -> list[tuple[str, int]]:
    """Return the words of a search that find something alone, and how many things each."""
    found = [(word, len(index.find(word))) for word in dict.fromkeys(words.split()[:MOST_WORDS])]
    return [(word, count) for word, count in found if count]
