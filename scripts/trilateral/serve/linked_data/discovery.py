"""Discovery: VoID, DCAT, example queries, sitemap, robots and the JSON-LD context.

The descriptions answer as documents do: a redirect to one URL for each format. URLs in
them are at the host that was asked (see `description`).
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from urllib.parse import quote
from xml.sax.saxutils import escape

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from trilateral.serve.linked_data import description
from trilateral.serve.linked_data.documents import RDF, links, redirect, write_statements
from trilateral.serve.linked_data.statements import Statements
from trilateral.serve.site import Site
from trilateral.serve.web import http

_Describe = Callable[[Site, Request], Awaitable[Statements]]
DESCRIPTIONS: dict[str, _Describe] = {
    "void": description.describe_dataset,
    "dcat": description.describe_catalog,
    "sparql-examples": description.describe_questions,
}
# Where programs look for them (RFC 8615).
WELL_KNOWN = ("void", "sparql-examples")
_PART = 50_000
_SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
_PAGES = ("/", "/about", "/compare", "/views", "/query")


def routes() -> list[BaseRoute]:
    """Return the routes of this part."""
    found: list[BaseRoute] = [
        Route("/context.jsonld", _context),
        Route("/robots.txt", _robots),
        Route("/sitemap.xml", _sitemap),
        Route("/sitemap-{part:int}.xml", _sitemap),
    ]
    for name in DESCRIPTIONS:
        found += [Route(f"/{name}.{each.ending}", _description) for each in RDF]
        found.append(Route(f"/{name}", _to_description))
        if name in WELL_KNOWN:
            found.append(Route(f"/.well-known/{name}", _to_description))
    return found


async def _to_description(request: Request) -> Response:
    return redirect(request, request.url.path.rpartition("/")[2], RDF)


async def _description(request: Request) -> Response:
    site: Site = request.app.state.site
    name, _, ending = request.url.path.removeprefix("/").partition(".")
    form = next(each for each in RDF if each.ending == ending)
    said = await DESCRIPTIONS[name](site, request)
    body = await write_statements(site, request, said, form.media)
    validator = http.etag(site.version, name, ending)
    relations = links(name, RDF, ending)
    return await http.reply_aside(request, body, form.media, validator, links=relations)


async def _context(request: Request) -> Response:
    site: Site = request.app.state.site
    done = await site.run(request, {"does": "context"})
    validator = http.etag(site.version, "context")
    return await http.reply_aside(request, done.body, "application/ld+json", validator)


async def _robots(request: Request) -> Response:
    site: Site = request.app.state.site
    text = (
        "User-agent: *\n"
        "Disallow: /sparql?\n"
        "Disallow: /graphs?\n"
        "Disallow: /api/\n"
        "Disallow: /search\n"
        "Disallow: /query?\n"
        f"Sitemap: {http.origin(request)}/sitemap.xml\n"
    )
    return http.reply(request, text, "text/plain", http.etag(site.version, "robots"))


async def _sitemap(request: Request) -> Response:
    """Return the URLs of the pages, in parts where they are more than one file may have."""
    site: Site = request.app.state.site
    origin, part = http.origin(request), request.path_params.get("part")
    pages = [*_PAGES, *sorted(f"{path}.html" for path in _paths(site))]
    parts = -(-len(pages) // _PART)
    if part is not None and not 1 <= part <= parts:
        raise http.Problem(404, "Not found", f"The sitemap has {parts} parts.", "See /sitemap.xml.")
    if part is None and parts > 1:
        named = [f"/sitemap-{number}.xml" for number in range(1, parts + 1)]
        text = _urls("sitemapindex", "sitemap", origin, named)
    else:
        start = ((part or 1) - 1) * _PART
        text = _urls("urlset", "url", origin, pages[start : start + _PART])
    validator = http.etag(site.version, "sitemap", str(part or 0))
    return await http.reply_aside(request, text.encode(), "application/xml", validator)


def _paths(site: Site) -> set[str]:
    """Return the paths of all things that have a label, which have pages; terms share one."""
    found = {site.path(iri) for iri in site.labels if "#" not in iri}
    return {path for path in found if path}


def _urls(root: str, element: str, origin: str, paths: list[str]) -> str:
    lines = [f"<{element}><loc>{escape(origin + quote(path))}</loc></{element}>" for path in paths]
    head = f'<?xml version="1.0" encoding="UTF-8"?>\n<{root} xmlns="{_SITEMAP}">\n'
    return head + "\n".join(lines) + f"\n</{root}>\n"
