"""Thing: the page of one thing, made of the questions that fit its kind.

Which questions a kind of thing has stands in `SECTIONS`; each is bound to the thing and
shown as a table that opens in the editor.
"""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from trilateral.prefixes import prefixes
from trilateral.serve import http
from trilateral.serve.pages.render import render
from trilateral.serve.site import Site, node

SECTIONS: dict[str, tuple[tuple[str, str], ...]] = {
    "actor": (
        ("which-frameworks-does-an-actor-belong-to", "actor"),
        ("what-does-an-actor-hold", "actor"),
        ("what-do-documents-say-about-an-actor", "actor"),
    ),
}


def routes() -> list[BaseRoute]:
    """Return the route of the pages of things."""
    return [Route("/{kind}/{slug:path}.html", _page)]


async def _page(request: Request) -> Response:
    site: Site = request.app.state.site
    kind, slug = request.path_params["kind"], request.path_params["slug"]
    iri = f"{prefixes().base}{kind}/{slug}"
    if iri not in site.labels:
        raise http.Problem(404, "Not found", f"Nothing is known of {iri}.", "Search for it.")
    sections = []
    for name, parameter in SECTIONS.get(kind, ()):
        text, answer = await site.ask(name, request, **{parameter: node(iri)})
        if answer.rows:
            sections.append((site.questions[name].summary, text, answer))
    return render(request, "thing.html", iri=iri, kind=kind, sections=sections)
