"""The SPARQL 1.1 Protocol for queries, and the service description.

A query comes by GET, as a form or as it is, with the dataset that it is asked of, if any;
what the protocol names takes the place of what the query names. Relative IRIs are relative
to the published base. SELECT and ASK give SPARQL results, of which CSV and TSV are defined
for SELECT alone; CONSTRUCT and DESCRIBE give RDF. Nothing can be changed.
"""

from __future__ import annotations

import asyncio
import hashlib
import re
from dataclasses import dataclass, field
from typing import Any

import pyoxigraph as ox
from starlette.requests import Request
from starlette.responses import Response

from trilateral.prefixes import prefixes
from trilateral.serve.linked_data.description import describe_service
from trilateral.serve.linked_data.documents import RDF, context_url, negotiate, write_statements
from trilateral.serve.site import Site
from trilateral.serve.web import http
from trilateral.serve.web.accept import accepted, choose
from trilateral.serve.web.form import unquote
from trilateral.serve.workers.peer import Result

PATHS = ("/sparql", "/sparql/")
# application/json is what many clients say for the first.
_RESULTS = (
    "application/sparql-results+json",
    "application/sparql-results+xml",
    "application/json",
    "text/csv",
    "text/tab-separated-values",
)
_BOOLEAN = _RESULTS[:3]
_GRAPHS = {each.offer: each.media for each in RDF}
_OFFERS = tuple(_GRAPHS)
_PARAMETERS = 2000
_FORM, _DIRECT = "application/x-www-form-urlencoded", "application/sparql-query"
_UPDATE = "application/sparql-update"
# A form spells out a byte in three, and names the graphs beside the query.
_FORM_FACTOR, _FORM_ROOM = 3, 64 << 10
# Functions whose values differ each time; a comment may stand before the parenthesis.
_CHANGING = re.compile(r"\b(?:RAND|NOW|UUID|STRUUID|BNODE)\s*[(#]")
_WORDS = ("RAND", "NOW", "UUID", "BNODE")
_READING = "GET, HEAD, POST, OPTIONS"


@dataclass
class Operation:
    """What a request asks for.

    Attributes:
        query: The text.
        default: The graphs that make up the default graph, None where the request names none.
        named: The named graphs, likewise.
        media: The media types that its answer may have, by what it is.
        validator: What tells the answer from others; None where it differs each time.
    """

    query: str
    default: list[str] | None = None
    named: list[str] | None = None
    media: dict[str, str] = field(default_factory=dict)
    validator: str | None = None

    def job(self, request: Request, site: Site) -> dict[str, Any]:
        """Return the job for a worker.

        Raises:
            Problem: 413, when the query is too long.
        """
        size = len(self.query.encode())
        if size > site.limits.text:
            raise http.Problem(
                413, "The query is too long",
                f"It has {size:,} bytes; one may have {site.limits.text:,}.", "Shorten it.",
            )  # fmt: skip
        header = accepted(request)
        self.media = {
            "solutions": choose(header, _RESULTS) or "",
            "boolean": choose(header, _BOOLEAN) or "",
            "graph": _GRAPHS.get(choose(header, _OFFERS) or "", ""),
        }
        if request.method in ("GET", "HEAD"):
            self.validator = self._validator(site.version)
        return {
            "does": "query",
            "query": self.query,
            "base": prefixes().base,
            "default": self.default,
            "named": self.named,
            "context": context_url(request),
            **{form: _written(media) for form, media in self.media.items()},
        }

    def answer(self, request: Request, done: Result) -> Response:
        """Return what a worker found, as the client accepts it."""
        cache = http.NEGOTIATED if self.validator else "no-store"
        media = self.media[done.head["form"]]
        return http.reply(request, done.body, media, self.validator, vary=("Accept",), cache=cache)

    def _validator(self, version: str) -> str | None:
        text = self.query.upper()
        # Most texts hold none of the words, which is told much faster.
        if any(word in text for word in _WORDS) and _CHANGING.search(text):
            return None
        asked = repr((self.query, self.default, self.named, self.media))
        return http.etag(version, hashlib.blake2b(asked.encode(), digest_size=12).hexdigest())


async def endpoint(request: Request) -> Response:
    """Answer what is asked at one of the paths of the endpoint.

    Raises:
        Problem: when it is not answered.
    """
    if request.method not in ("GET", "HEAD", "POST"):
        raise http.Problem(
            405, "Method not allowed", f"{request.method} is no operation of SPARQL.",
            "Ask with GET or POST.", allow=_READING,
        )  # fmt: skip
    if request.method == "POST":
        return await _run(request, await _posted(request))
    asked = read_operation(request.scope["query_string"])
    return await (_run(request, asked) if asked else _describe(request))


def read_operation(query_string: bytes) -> Operation | None:
    """Return what a GET request asks for; None where it is for the service description.

    Raises:
        Problem: when it asks for no query, or for more.
    """
    pairs = _pairs(query_string.decode("latin-1"))
    if not any(name in ("query", "update") for name, _ in pairs):
        return None
    return _operation(pairs)


async def _posted(request: Request) -> Operation:
    """Return what a POST request asks for."""
    site: Site = request.app.state.site
    media, charset = _content_type(request)
    if media not in (_FORM, _DIRECT, _UPDATE):
        raise http.Problem(
            415, "Unsupported media type", f"A query cannot be posted as {media or 'nothing'}.",
            f"Send it as {_DIRECT}, or in a form as {_FORM}.",
            accept_post=f"{_DIRECT}, {_FORM}",
        )  # fmt: skip
    if charset not in ("utf-8", "utf8", "us-ascii", ""):
        raise http.Problem(
            415, "Unsupported charset", f"SPARQL is sent in UTF-8, not in {charset[:20]}.",
            "Encode it as UTF-8.",
        )  # fmt: skip
    if media == _UPDATE:
        raise _refused()
    limit = site.limits.text
    if media == _FORM:
        limit = limit * _FORM_FACTOR + _FORM_ROOM
    body = await http.read_body(request, limit)
    pairs = _pairs(request.scope["query_string"].decode("latin-1"))
    if media == _FORM:
        return _operation(pairs + _pairs(_decode(body)))
    return _operation([*pairs, ("query", _decode(body))])


def _content_type(request: Request) -> tuple[str, str]:
    media, *parameters = request.headers.get("content-type", "").split(";")
    for each in parameters:
        name, _, value = each.strip().partition("=")
        if name.lower() == "charset":
            return media.strip().lower(), value.strip('"').lower()
    return media.strip().lower(), ""


def _decode(body: bytes) -> str:
    try:
        return body.decode()
    except UnicodeDecodeError as error:
        raise http.Problem(
            400, "Not UTF-8", f"The text is no UTF-8 at byte {error.start}.", "Encode it as UTF-8."
        ) from None


def _pairs(text: str) -> list[tuple[str, str]]:
    """Return the parameters of a query string or form."""
    parts = text.replace("+", " ").split("&")
    if len(parts) > _PARAMETERS:
        raise http.Problem(
            400, "Too many parameters", f"There are more than {_PARAMETERS:,} parameters.",
            "Send fewer.",
        )  # fmt: skip
    try:
        return [
            (unquote(name), unquote(value))
            for name, _, value in (part.partition("=") for part in parts if part)
        ]
    except UnicodeDecodeError:
        raise http.Problem(
            400, "Not UTF-8", "A parameter is no UTF-8.", "Encode it as UTF-8."
        ) from None


def _operation(pairs: list[tuple[str, str]]) -> Operation:
    """Return what parameters ask for."""
    given: dict[str, list[str]] = {}
    for name, value in pairs:
        given.setdefault(name, []).append(value)
    if "update" in given:
        raise _refused()
    queries = given.get("query", [])
    if len(queries) != 1:
        raise http.Problem(
            400, "No query" if not queries else "More than one query",
            f"There are {len(queries)} parameters named query.", "Send one query.",
        )  # fmt: skip
    default, named = given.get("default-graph-uri"), given.get("named-graph-uri")
    for iri in (default or []) + (named or []):
        try:
            ox.NamedNode(iri)
        except ValueError:
            raise http.Problem(
                400, "No IRI", f"{iri[:80]!r} is no absolute IRI of a graph.", "Give a whole IRI."
            ) from None
    return Operation(queries[0], default, named)


def _refused() -> http.Problem:
    return http.Problem(
        403, "Nothing can be changed here", "The data are read only; updates are refused.",
        "Load a release into a store of your own.",
    )  # fmt: skip


async def _run(request: Request, asked: Operation) -> Response:
    """Answer a query; one that the client has the answer of already is not run again."""
    site: Site = request.app.state.site
    job = asked.job(request, site)
    fields = {"cache-control": http.NEGOTIATED, "vary": "Accept, Accept-Encoding"}
    # What "*" stands for is known only once there is an answer.
    by_name = request.headers.get("if-none-match", "*").strip() != "*"
    known = asked.validator and by_name and http.unchanged(request, asked.validator, fields)
    if known:
        return known
    done = await site.run(request, job)
    if http.is_large(done.body):
        return await asyncio.to_thread(asked.answer, request, done)
    return asked.answer(request, done)


def _written(media: str) -> str:
    return _RESULTS[0] if media == "application/json" else media


async def _describe(request: Request) -> Response:
    """Return the service description, or send a browser to the editor."""
    site: Site = request.app.state.site
    if choose(accepted(request), ["text/turtle", "text/html"]) == "text/html":
        fields = {"location": "/query", "vary": "Accept", "cache-control": http.NEGOTIATED}
        return Response(None, 303, fields)
    form = negotiate(request, RDF)
    said = await describe_service(site, request)
    body = await write_statements(site, request, said, form.media)
    validator = http.etag(site.version, "service", form.ending)
    return await http.reply_aside(
        request, body, form.media, validator, vary=("Accept",), cache=http.NEGOTIATED
    )
