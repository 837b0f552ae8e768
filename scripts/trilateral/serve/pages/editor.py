"""Editor: a query written, run and shown, with the questions as examples.

Without a script it is a form whose answer is a table; ``static/editor.js`` adds an editor
that completes names, and shows answers as tables, charts, maps and graphs.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl, quote

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from trilateral.ask.questions import Parameter, Question
from trilateral.prefixes import prefixes
from trilateral.serve.api.names import terms_of, things_of
from trilateral.serve.pages import answers
from trilateral.serve.pages.citation import read_citation
from trilateral.serve.pages.completion import completion
from trilateral.serve.pages.language import Message, language_of
from trilateral.serve.pages.render import render
from trilateral.serve.pages.snippets import snippets
from trilateral.serve.pages.table import plain, site_url, spoken
from trilateral.serve.pages.views import land
from trilateral.serve.site import Site
from trilateral.serve.web import http
from trilateral.serve.web.accept import choose

_HEADER = re.compile(r"\A(?:#\+[^\n]*\n)*")
_PLACE = re.compile(r"\bLine (\d+)\b")
_MOST_OPTIONS = 1500


def routes() -> list[BaseRoute]:
    """Return the routes of the editor."""
    return [
        Route("/query", _page, methods=["GET", "POST"]),
        Route("/query/completion.json", completion),
        Route("/query/code", _code, methods=["GET", "POST"]),
        Route("/query/land.json", _land),
    ]


@dataclass(frozen=True)
class Field:
    """A parameter of a question as a field: what it holds, and things to choose from.

    ``options`` are the short form of a thing, its label, and the language of that.
    """

    parameter: Parameter
    value: str
    options: list[tuple[str, str, str]]


async def _page(request: Request) -> Response:
    site: Site = request.app.state.site
    given = await _given(request)
    question = _question(site, given.get("question", ""))
    text, made, problem = given.get("query", ""), None, None
    try:
        if question and not text:
            values = {name: given[name].strip() or "all" for name in _parameters(question, given)}
            text = _HEADER.sub("", question.bound(await terms_of(site, request, question, values)))
        if given.get("format"):
            return await answers.download(request, text, given["format"])
        if text.strip():
            made = await answers.answer(request, text)
    except http.Problem as found:
        if given.get("format") and not _wants_page(request):
            raise
        problem = found
    place = _PLACE.search(problem.detail) if problem and problem.status == 400 else None
    answer = render(
        request,
        "editor.html",
        status=problem.status if problem else 200,
        text=text,
        question=question,
        fields=[_field(site, request, each, given) for each in question.parameters]
        if question
        else [],
        examples=_examples(site),
        made=made,
        problem=problem,
        line=_line(text, int(place[1])) if place else None,
        permalink=_permalink(request, text),
        citation=read_citation(),
        code=snippets(_endpoint(request), text) if text.strip() and site.live else {},
        downloads=answers.DOWNLOADS.values(),
        table_of_prefixes=dict(prefixes()),
        base=prefixes().base,
    )
    if problem or given.get("query"):
        # The browser of the reader may keep it for a while; the server keeps its own pages.
        answer.headers["cache-control"] = "no-store" if problem else "private, max-age=300"
        if "etag" in answer.headers:
            del answer.headers["etag"]
    if problem:
        answer.headers.update(problem.headers)
    return answer


async def _given(request: Request) -> Mapping[str, str]:
    """Return what a URL or a form gives; line breaks as the query had them.

    Raises:
        Problem: 413 for a query that is longer than one may be.
    """
    site: Site = request.app.state.site
    pairs = request.query_params.multi_items()
    if request.method == "POST":
        body = await http.read_body(request, 4 * site.limits.text)
        pairs += parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True)
    given = {
        name: value.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "\ufffd")
        for name, value in pairs
    }
    size = len(given.get("query", "").encode())
    if size > site.limits.text:
        raise http.Problem(
            413, "The query is too long",
            Message("It has %(size)s bytes; one may have %(most)s.", size=format(size, ","),
                    most=format(site.limits.text, ",")),
            "Shorten it.",
        )  # fmt: skip
    return given


def _wants_page(request: Request) -> bool:
    return choose(request.headers.get("accept"), ["application/json", "text/html"]) == "text/html"


# ---------------------------------------------------------------- what stands around them


def _question(site: Site, name: str) -> Question | None:
    if not name:
        return None
    if name not in site.questions:
        raise http.Problem(
            404, "No such question",
            Message("There is no question %(name)s.", name=plain(name[:80])),
            "All are listed at /query.",
        )  # fmt: skip
    return site.questions[name]


def _parameters(question: Question, given: Mapping[str, str]) -> list[str]:
    return [each.name for each in question.parameters if each.name in given]


def _field(site: Site, request: Request, parameter: Parameter, given: Mapping[str, str]) -> Field:
    value = given.get(parameter.name, parameter.default or "")
    options: list[tuple[str, str, str]] = []
    if parameter.kind not in ("date", "text", "language"):
        language = language_of(request)
        namespace = prefixes()[parameter.kind]
        slugs = [slug for slug in things_of(site, namespace) if "/" not in slug]
        if len(slugs) <= _MOST_OPTIONS:
            for slug in slugs:
                iri = namespace + slug
                name = plain(site.label(iri, language))
                options.append((f"{parameter.kind}:{slug}", name, spoken(site, iri, language)))
            options.sort(key=lambda option: option[1].casefold())
    return Field(parameter, "" if value == "all" else value, options)


def _examples(site: Site) -> list[tuple[str, list[Question]]]:
    """Return the questions under the first of the words that they are filed under."""
    groups: dict[str, list[Question]] = {}
    for question in sorted(site.questions.values(), key=lambda each: each.summary):
        groups.setdefault(question.tags[0] if question.tags else "others", []).append(question)
    return sorted(groups.items())


def _line(text: str, number: int) -> tuple[int, str]:
    lines = text.split("\n")
    return number, lines[number - 1] if 0 < number <= len(lines) else ""


def _endpoint(request: Request) -> str:
    return f"{http.origin(request)}/sparql"


def _permalink(request: Request, text: str) -> str:
    path = f"/query?query={quote(text, safe='')}" if text else "/query"
    return http.origin(request) + site_url(path, language_of(request))


async def _code(request: Request) -> Response:
    """Answer with a query as code, by language, as JSON."""
    text = (await _given(request)).get("query", "")
    found = {"permalink": _permalink(request, text), "code": snippets(_endpoint(request), text)}
    return http.as_json(request, found, cache="no-store")


async def _land(request: Request) -> Response:
    """Answer with the outline of the land as the path of an SVG: degrees, north upwards."""
    rings = (" ".join(f"{x:.1f},{-y:.1f}" for x, y in ring) for ring in land.rings())
    outline = {"path": "".join(f"M{ring}Z" for ring in rings)}
    return http.as_json(request, outline, http.etag(land.SHA256, "land"))
