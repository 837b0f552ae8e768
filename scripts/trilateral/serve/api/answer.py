"""Answer: the answer to a named question, in the format that its URL ends with."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response

from trilateral import licences
from trilateral.ask.questions import Question
from trilateral.serve.api import page
from trilateral.serve.api.formats import ALSO, JSON, PAGE, formats_of, gives_triples
from trilateral.serve.api.names import questions_of, terms_of, unknown_question
from trilateral.serve.api.paging import Page, counting, read_page
from trilateral.serve.linked_data.documents import Format, context_url
from trilateral.serve.pages.table import plain
from trilateral.serve.site import Site, read_answer
from trilateral.serve.web import csv_safe, http
from trilateral.serve.web.accept import choose

_INLINE = 64 << 10
DESCRIPTION = '</api/openapi.json>; rel="service-desc"; type="application/vnd.oai.openapi+json"'
_LICENSE = f'<{licences.OF_DATA}>; rel="license"'


@dataclass(frozen=True)
class Asked:
    """What a request asks: a question, bound, in a format, and which of its rows.

    ``open`` names the parameters that have no value.
    """

    question: Question
    format: Format
    given: Mapping[str, str]
    query: str
    open: tuple[str, ...]
    page: Page
    raw: bool


async def answer(request: Request) -> Response:
    """Answer a question; the URL without an ending leads to the one of an accepted format."""
    site: Site = request.app.state.site
    name = request.path_params["name"]
    questions = questions_of(site.home)
    if name in questions:
        return _see_other(request, questions[name])
    stem, _, ending = name.rpartition(".")
    if stem not in questions:
        raise unknown_question(site, stem or name)
    question = questions[stem]
    formats = {each.ending: each for each in formats_of(question)}
    if ending not in formats:
        raise http.Problem(
            404, "No such format", f"There is no .{plain(ending[:20])} of {stem}.",
            f"Use one of {', '.join(formats)}.",
        )  # fmt: skip
    asked = await _read(site, request, question, formats[ending])
    try:
        if asked.format is PAGE:
            return await page.show(
                site, request, asked.question, asked.given, asked.query, asked.page
            )
        return await _data(site, request, asked)
    except http.Problem as problem:
        if request.scope.get("outcome") not in ("timeout", "memory"):
            raise
        raise http.Problem(503, problem.title, problem.detail, _less(asked)) from None


def _less(asked: Asked) -> str:
    """Return what helps where a question, whose text is not the client's, takes too much."""
    own = f"or put its query, {asked.question.name}, to a store of your own."
    if asked.open:
        return f"Give a value for {' or '.join(asked.open)} instead of asking about all, {own}"
    return f"Ask again when the server has less to do, {own}"


def _see_other(request: Request, question: Question) -> Response:
    offers = {each.bare: each.ending for each in formats_of(question)}
    if not gives_triples(question):
        offers |= ALSO
    media = choose(request.headers.get("accept"), list(offers))
    if media is None:
        raise http.Problem(
            406, "Not acceptable", f"{question.name} cannot be written in what you accept.",
            f"It can be had as {', '.join(offers)}.",
        )  # fmt: skip
    asked = f"?{request.url.query}" if request.url.query else ""
    location = f"/api/questions/{question.name}.{offers[media]}{asked}"
    return Response(None, 303, {"location": location, "vary": "Accept"})


async def _read(site: Site, request: Request, question: Question, kind: Format) -> Asked:
    """Read the query parameters of a request; on the page an empty one is not given."""
    given: dict[str, str] = {}
    for name, value in request.query_params.multi_items():
        if name in given:
            raise http.Problem(
                400, "Given twice", f"The parameter {plain(name[:80])} is given more than once.",
                "Give it once.",
            )  # fmt: skip
        given[name] = value
    if kind is PAGE:
        given = {k: v for k, v in given.items() if v and k not in ("lang", "all")}
    at, raw = Page(), "false"
    if question.form == "SELECT":
        at = read_page(given.pop("limit", None), given.pop("offset", None))
        raw = given.pop("raw", raw)
    if raw not in ("true", "false"):
        raise http.Problem(
            400, "This value cannot be used", "raw is true or false.",
            "With true, cells of CSV stay as they are, also those that begin like a formula.",
        )  # fmt: skip
    terms = await terms_of(site, request, question, given)
    unbound = tuple(each.name for each in question.parameters if each.name not in terms)
    return Asked(question, kind, given, question.bound(terms), unbound, at, raw == "true")


async def _data(site: Site, request: Request, asked: Asked) -> Response:
    query, path = asked.page.applied(asked.query), request.url.path
    parts = [asked.format.ending, "raw"] if asked.raw else [asked.format.ending]
    validator = http.etag(site.version, *parts, hashlib.sha256(query.encode()).hexdigest()[:12])
    links = [DESCRIPTION, _LICENSE, *alternates(asked)]
    headers = {}
    if not asked.page.whole:
        total = await _count(site, request, asked.query)
        headers["x-total-count"] = str(total)
        links += asked.page.links(path, request.query_params.multi_items(), total)
    job = {"does": "query", "query": query, "prefixes": True, "context": context_url(request)}
    job["graph" if gives_triples(asked.question) else "solutions"] = asked.format.bare
    body = (await site.run(request, job)).body
    if asked.format.ending == "csv" and not asked.raw:
        large = len(body) > _INLINE
        body = await asyncio.to_thread(csv_safe.rewrite, body) if large else csv_safe.rewrite(body)
    return http.reply(request, body, asked.format.media, validator, links=links, headers=headers)


def alternates(asked: Asked) -> list[str]:
    """Return Link values that lead to the other formats of an answer."""
    query = f"?{urlencode(list(asked.given.items()))}" if asked.given else ""
    return [
        f'</api/questions/{asked.question.name}.{each.ending}{query}>; rel="alternate"; '
        f'type="{each.bare}"'
        for each in formats_of(asked.question)
        if each is not asked.format
    ]


async def _count(site: Site, request: Request, query: str) -> int:
    job = {"does": "query", "query": counting(query), "solutions": JSON, "prefixes": True}
    found = read_answer((await site.run(request, job)).body)
    return int(found.rows[0]["total"].value)
