"""Documents: the IRI of a thing redirects to one URL for each format; the URLs are negotiated not.

An IRI of the project names a thing, not a page, so that it answers 303 (Cool URIs for the
Semantic Web); what it redirects to says what the graph says of the thing.
"""

from __future__ import annotations

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from trilateral.prefixes import prefixes
from trilateral.serve import http
from trilateral.serve.accept import choose
from trilateral.serve.site import Site


@dataclass(frozen=True)
class Format:
    """One format of a document: the ending of its URL and its media type."""

    ending: str
    media: str
    name: str


FORMATS = (
    Format("html", "text/html", "HTML"),
    Format("ttl", "text/turtle", "Turtle"),
    Format("jsonld", "application/ld+json", "JSON-LD"),
    Format("nt", "application/n-triples", "N-Triples"),
    Format("rdf", "application/rdf+xml", "RDF/XML"),
    Format("trig", "application/trig", "TriG"),
    Format("nq", "application/n-quads", "N-Quads"),
)


def routes() -> list[BaseRoute]:
    """Return the routes of things and of the documents about them."""
    endings = "|".join(each.ending for each in FORMATS)
    return (
        [
            Route("/{path:path}", _document, methods=["GET"], name="thing"),
        ]
        if endings
        else []
    )


async def _document(request: Request) -> Response:
    site: Site = request.app.state.site
    path = request.path_params["path"]
    stem, _, ending = path.rpartition(".")
    for each in FORMATS:
        if each.ending == ending:
            iri = prefixes().base + stem
            job = {"does": "describe", "things": [iri], "media": each.media}
            done = await site.run(request, job)
            if not done.head["quads"]:
                break
            return http.reply(request, done.body, each.media, http.etag(site.version, ending))
    else:
        chosen = choose(request.headers.get("accept"), [each.media for each in FORMATS])
        for each in FORMATS:
            if each.media == chosen:
                fields = {"location": f"/{path}.{each.ending}", "vary": "Accept"}
                return Response(None, 303, fields)
    raise http.Problem(
        404, "Not found", f"Nothing is known of /{path}.", "See / for what there is."
    )
