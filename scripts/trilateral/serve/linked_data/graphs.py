"""Graphs: the SPARQL 1.1 Graph Store Protocol, for reading.

``/graphs?graph=IRI`` is a named graph, ``/graphs?default`` the default graph, which is the
union of all, as the service description says. Without either, the graphs are listed: as
the service description, or as a page. The IRI of a named graph, ``/graph/...``, identifies
it directly and leads to its documents.
"""

from __future__ import annotations

import pyoxigraph as ox
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from trilateral.serve.linked_data.description import describe_service
from trilateral.serve.linked_data.documents import RDF, context_url, negotiate, write_statements
from trilateral.serve.linked_data.statistics import query_of
from trilateral.serve.pages.render import render
from trilateral.serve.site import Site
from trilateral.serve.web import http
from trilateral.serve.web.accept import accepted, choose

_READING = "GET, HEAD, OPTIONS"


def routes() -> list[BaseRoute]:
    """Return the route of the graph store."""
    return [Route("/graphs", _graphs, methods=["GET", "PUT", "POST", "PATCH", "DELETE"])]


async def _graphs(request: Request) -> Response:
    if request.method not in ("GET", "HEAD"):
        raise http.Problem(
            403, "Nothing can be changed here", "The graphs are read only.",
            "Load a release into a store of your own.", allow=_READING,
        )  # fmt: skip
    names = request.query_params.getlist("graph")
    default = "default" in request.query_params
    if not names and not default:
        return await _list(request)
    if len(names) + default != 1:
        raise http.Problem(
            400, "More than one graph", "A request is for one graph.",
            "Give either ?default or one ?graph=IRI.",
        )  # fmt: skip
    return await _graph(request, names[0] if names else None)


async def _graph(request: Request, name: str | None) -> Response:
    site: Site = request.app.state.site
    if name is not None:
        try:
            ox.NamedNode(name)
        except ValueError:
            raise http.Problem(
                400, "No IRI", f"{name[:80]!r} is no absolute IRI of a graph.",
                "Give a whole IRI; /graphs lists them.",
            ) from None  # fmt: skip
    form = negotiate(request, RDF)
    job = {
        "does": "graph",
        "name": name,
        "media": form.media,
        "context": context_url(request),
    }
    done = await site.run(request, job)
    validator = http.etag(site.version, "graph", form.ending)
    return await http.reply_aside(
        request, done.body, form.media, validator, vary=("Accept",), cache=http.NEGOTIATED
    )


async def _list(request: Request) -> Response:
    site: Site = request.app.state.site
    if choose(accepted(request), ["text/turtle", "text/html"]) == "text/html":
        query = query_of("graphs")
        answer = await site.query(query, request)
        page = render(request, "graphs.html", answer=answer, query=query)
        page.headers["vary"] = "Accept, Accept-Encoding"
        page.headers["cache-control"] = http.NEGOTIATED
        return page
    form = negotiate(request, RDF)
    said = await describe_service(site, request)
    body = await write_statements(site, request, said, form.media)
    validator = http.etag(site.version, "graphs", form.ending)
    return await http.reply_aside(
        request, body, form.media, validator, vary=("Accept",), cache=http.NEGOTIATED
    )
