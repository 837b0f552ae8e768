"""Documents: the IRI of a thing redirects to one URL for each format, which negotiates nothing.

An IRI of the project names a thing, not a page, so that it answers 303 (Cool URIs for the
Semantic Web). What it leads to says everything that the graph says of the thing: the
statements with it as subject and those with it as object, so that no link is lost on the
way back. Labels of other things are left out; each has a document of its own. An ontology
is described with its terms and a concept scheme with its concepts, a named graph by what
it holds. TriG and N-Quads tell in which graph each statement stands; the other formats
hold the same triples without that.

What an earlier version described and this one does not has moved for good (301) where
something stands in its place, and is gone (410) where nothing does.

The server answers for the published IRIs under whatever host it runs on: its paths are
theirs, and redirects name no host.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

import pyoxigraph as ox
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from trilateral import licences
from trilateral.prefixes import prefixes
from trilateral.serve.linked_data.statements import Statements
from trilateral.serve.pages.language import Message
from trilateral.serve.site import Site
from trilateral.serve.web import http
from trilateral.serve.web.accept import accepted, choose

# Content-Type has no profile: the name of the ending is enough for who asks without one.
_COMPACTED = 'application/ld+json;profile="http://www.w3.org/ns/json-ld#compacted"'


@dataclass(frozen=True)
class Format:
    """One format of a document or an answer: the ending of its URL, its media type and its name."""

    ending: str
    media: str
    name: str

    @property
    def bare(self) -> str:
        """The media type without parameters.

        >>> Format("csv", "text/csv; charset=utf-8", "CSV").bare
        'text/csv'
        """
        return self.media.partition(";")[0]

    @property
    def offer(self) -> str:
        """The media type with the parameters that a client may ask for."""
        return _COMPACTED if self.ending == "jsonld" else self.media


FORMATS = (
    Format("html", "text/html", "HTML"),
    Format("ttl", "text/turtle", "Turtle"),
    Format("jsonld", "application/ld+json", "JSON-LD"),
    Format("nt", "application/n-triples", "N-Triples"),
    Format("rdf", "application/rdf+xml", "RDF/XML"),
    Format("trig", "application/trig", "TriG"),
    Format("nq", "application/n-quads", "N-Quads"),
)
RDF = FORMATS[1:]
# So many quads are offered whole, in one file of at most so many bytes; larger data come as
# releases, since a server that makes such a file keeps it in memory.
WHOLE = 250_000
_LARGEST_FILE = 128 << 20
# What has no page: the whole of the data, and the shapes, which stand in no graph.
WITHOUT_PAGE = ("dataset", "shapes")


def files_of(site: Site) -> tuple[Format, ...]:
    """Return the formats in which all data can be had, none where they are too many."""
    return RDF if site.engine.quads <= WHOLE else ()


def routes() -> list[BaseRoute]:
    """Return the routes of things and of the documents about them."""
    return [Route("/{path:path}", _thing_or_document, methods=["GET"], name="thing")]


def negotiate(request: Request, formats: Sequence[Format]) -> Format:
    """Return the format that a client likes best.

    Raises:
        Problem: 406 with what there is, when it accepts none of them.
    """
    chosen = choose(accepted(request), [each.offer for each in formats])
    for each in formats:
        if each.offer == chosen:
            return each
    there = ", ".join(each.media for each in formats)
    raise http.Problem(406, "Not acceptable", f"There is {there}.", "Accept one of these.")


def redirect(request: Request, stem: str, formats: Sequence[Format]) -> Response:
    """Return the redirect from a thing to the document about it that the client likes best.

    A path without ending, ``actor/japan``; the language of labels is kept for a page.
    """
    chosen = negotiate(request, formats)
    location = f"/{quote(stem)}.{chosen.ending}"
    language = request.query_params.get("lang")
    if language and chosen.ending == "html":
        location += "?" + urlencode({"lang": language})
    fields = {
        "location": location,
        "vary": "Accept",
        "cache-control": http.NEGOTIATED,
        "link": ", ".join(links(stem, formats)),
    }
    return Response(None, 303, fields)


def moved(request: Request, stem: str, ending: str = "") -> Response | None:
    """Return the redirect from what is retired to what stands in its place, None for all else.

    Args:
        request: What is asked.
        stem: The path of the thing without a slash before it.
        ending: That of the document, empty for the thing itself.

    Raises:
        Problem: 410, for what is retired and nothing stands in its place.
    """
    site: Site = request.app.state.site
    retired = site.retired.get(prefixes().base + stem)
    if retired is None:
        return None
    path = site.path(retired.successor)
    if path is None:
        raise http.Problem(
            410, "Retired",
            Message("%(thing)s was retired on %(day)s.", thing=retired.iri, day=retired.day),
            retired.note,
        )  # fmt: skip
    location = quote(path) + (f".{ending}" if ending else "")
    if request.url.query:
        location += f"?{request.url.query}"
    return Response(None, 301, {"location": location, "cache-control": http.PUBLIC})


def links(stem: str, formats: Sequence[Format] = FORMATS, ending: str = "") -> list[str]:
    """Return the values of ``Link`` headers of a thing, or of a document about it.

    Args:
        stem: The path of the thing without a slash before it.
        formats: The formats that there are.
        ending: That of the document, empty for the thing itself.

    >>> links("actor/japan", FORMATS[:2], "html")[0]
    '</actor/japan.ttl>; rel="alternate"; type="text/turtle"'
    """
    path, base = quote(stem), prefixes().base
    found = [
        f'</{path}.{each.ending}>; rel="alternate"; type="{each.media}"'
        for each in formats
        if each.ending != ending
    ]
    if ending:
        if ending != "html":  # whose head names its address at the host
            found.append(f'<{base}{path}.{ending}>; rel="canonical"')
        found.append('</.well-known/void>; rel="describedby"; type="text/turtle"')
    else:
        found.append(f'</{path}.ttl>; rel="describedby"; type="text/turtle"')
    found.append(f'<{licences.OF_DATA}>; rel="license"')
    found.append(f'<{base}{path}>; rel="cite-as"')
    return found


async def jsonld_of(site: Site, request: Request, iri: str) -> Markup:
    """Return what the graph says of a thing as JSON-LD for a page; see `embedded`."""
    job = job_of(iri, "application/ld+json", context_url(request))
    return embedded((await site.run(request, job)).body.decode())


def embedded(text: str) -> Markup:
    r"""Return JSON-LD for ``<script type="application/ld+json">``, which a browser does not run.

    Nothing in it can end that element.

    >>> str(embedded('["</script>"]'))
    '["\\u003c/script>"]'
    """
    return Markup(text.replace("<", "\\u003c"))


async def write_statements(site: Site, request: Request, said: Statements, media: str) -> bytes:
    """Return statements of our own in a format."""
    return await _write(site, request, said.triples, media, said.more)


async def _write(
    site: Site,
    request: Request,
    triples: Sequence[ox.Triple],
    media: str,
    more: Mapping[str, str] | None = None,
) -> bytes:
    """Return triples in a format; ``more`` is prefixes that the table has not."""
    text = ox.serialize(triples, format=ox.RdfFormat.N_TRIPLES)
    assert text is not None
    job = {
        "does": "given",
        "text": text.decode(),
        "media": media,
        "context": context_url(request),
        "more": dict(more or {}),
    }
    return (await site.run(request, job)).body


def context_url(request: Request) -> str:
    """Return the URL of the JSON-LD context, at the host that was asked.

    So that a document can be read wherever it is served, also while the published base
    leads somewhere else.
    """
    return http.origin(request) + "/context.jsonld"


def job_of(iri: str, media: str, context: str) -> dict[str, Any]:
    """Return the job that writes the document of a thing; ``context`` is the URL of that."""
    base = prefixes().base
    job: dict[str, Any] = {"media": media}
    if media == "application/ld+json":
        job["context"] = context
    if iri.startswith(base + "graph/"):
        return {"does": "graph", "name": iri, "about": True, **job}
    if iri == base + "dataset":
        return {"does": "graph", "output": _LARGEST_FILE, **job}
    return {"does": "describe", "thing": iri, **job}


async def _thing_or_document(request: Request) -> Response:
    path: str = request.path_params["path"]
    stem, _, ending = path.rpartition(".")
    for each in RDF:
        if each.ending == ending and stem:
            return moved(request, stem, ending) or await _document(request, stem, each)
    if answer := moved(request, path):
        return answer
    path = await _known_path(request, path)
    formats = RDF if path in WITHOUT_PAGE else FORMATS
    return redirect(request, path, formats)


async def _document(request: Request, stem: str, form: Format) -> Response:
    site: Site = request.app.state.site
    iri = _iri_of(stem)
    if stem == "shapes":
        body = await _write(site, request, await _shapes(site), form.media)
    else:
        done = await site.run(request, job_of(iri, form.media, context_url(request)))
        if not done.head["quads"]:
            raise _unknown(stem)
        body = done.body
    validator = http.etag(site.version, form.ending)
    formats = RDF if stem in WITHOUT_PAGE else FORMATS
    relations = links(stem, formats, form.ending)
    return await http.reply_aside(request, body, form.media, validator, links=relations)


async def _shapes(site: Site) -> list[ox.Triple]:
    """Return the triples of the shapes, which stand in no graph, from their files."""

    def read() -> list[ox.Triple]:
        return [
            quad.triple
            for path in site.home.turtle_files()
            if path.is_relative_to(site.home.shapes)
            for quad in ox.parse(path=path, format=ox.RdfFormat.TURTLE)
        ]

    if "shapes" not in site.kept:
        site.kept["shapes"] = await asyncio.to_thread(read)
    return site.kept["shapes"]  # type: ignore[no-any-return]


async def _known_path(request: Request, path: str) -> str:
    """Return the path of what is described, before any document is promised.

    That is the path given, or for the IRI of a version the path of what it is a version of.

    Raises:
        Problem: 404, for what the graph says nothing of.
    """
    site: Site = request.app.state.site
    iri = _iri_of(path)
    if path in WITHOUT_PAGE or iri in site.labels:
        return path
    said = (await site.run(request, {"does": "known", "thing": iri})).head
    if said["known"]:
        return path
    base = prefixes().base
    if said["version_of"].startswith(base):
        return str(said["version_of"].removeprefix(base))
    raise _unknown(path)


def _iri_of(path: str) -> str:
    """Return the published IRI that a path stands for.

    Raises:
        Problem: 404, when it can stand for none.
    """
    try:
        return ox.NamedNode(prefixes().base + path).value
    except ValueError:
        raise _unknown(path) from None


def _unknown(path: str) -> http.Problem:
    return http.Problem(
        404,
        "Not found",
        f"Nothing is known of {prefixes().base}{path[:200]}.",
        "See / for what there is, or search for a name at /search.",
    )
