"""Answers: what a query of the editor gives, for the page or as a file."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Any

import pyoxigraph as ox
from starlette.requests import Request
from starlette.responses import Response

from trilateral.prefixes import prefixes
from trilateral.serve.api.formats import JSON, PAGE, ROWS, TRIPLES
from trilateral.serve.linked_data.documents import Format, context_url
from trilateral.serve.pages.language import Message
from trilateral.serve.pages.table import plain
from trilateral.serve.site import Answer, Site, Term, read_answer
from trilateral.serve.web import csv_safe, http

DOWNLOADS = {each.ending: each for each in (*ROWS, *TRIPLES) if each is not PAGE}
_TRIPLES = "application/n-triples"
# A page holds no more rows, and hands the script no longer an answer; downloads are whole.
_MOST_ROWS = 5000
_MOST_BYTES = 256 << 10


@dataclass(frozen=True)
class Made:
    """An answer as the page shows it, with what the script reads it from (`""` if long)."""

    answer: Answer
    media: str
    text: str
    more: int


async def answer(request: Request, text: str) -> Made:
    """Run a query for the page.

    Raises:
        Problem: when it is not answered.
    """
    site: Site = request.app.state.site
    job = {"solutions": JSON, "graph": _TRIPLES, **_job(request, text)}
    done = await site.run(request, job)
    read = _read_triples if done.head["form"] == "graph" else read_answer
    found = await asyncio.to_thread(read, done.body)
    more = max(0, len(found.rows) - _MOST_ROWS)
    given = done.body.decode() if len(done.body) <= _MOST_BYTES else ""
    return Made(Answer(found.variables, found.rows[:_MOST_ROWS]), done.head["media"], given, more)


def _job(request: Request, text: str) -> dict[str, Any]:
    """Return what the endpoint would have done with a query, but for the media types."""
    base, context = prefixes().base, context_url(request)
    return {"does": "query", "query": text, "base": base, "context": context}


async def download(request: Request, text: str, ending: str) -> Response:
    """Run a query and return its answer as a file.

    Raises:
        Problem: when it is not answered, or there is no such format.
    """
    chosen: Format | None = DOWNLOADS.get(ending)
    if chosen is None:
        raise http.Problem(
            404, "No such format",
            Message("There is no format %(name)s.", name=plain(ending[:20])),
            Message("Use one of %(names)s.", names=", ".join(DOWNLOADS)),
        )  # fmt: skip
    kind = "solutions" if chosen in ROWS else "graph"
    site: Site = request.app.state.site
    job = {kind: chosen.bare, **_job(request, text)}
    body = (await site.run(request, job)).body
    if ending == "csv":
        body = await asyncio.to_thread(csv_safe.rewrite, body)
    return await http.reply_aside(
        request, body, chosen.media, cache="no-store",
        headers={"content-disposition": f'attachment; filename="trilateral-query.{ending}"'},
    )  # fmt: skip


def _read_triples(body: bytes) -> Answer:
    """Read N-Triples as rows of subject, predicate and object."""
    names = ["subject", "predicate", "object"]
    rows = []
    for quad in ox.parse(body, format=ox.RdfFormat.N_TRIPLES):
        terms = (quad.subject, quad.predicate, quad.object)
        rows.append({name: _term(term) for name, term in zip(names, terms, strict=True)})
    return Answer(names, rows)


def _term(term: object) -> Term:
    if isinstance(term, ox.Literal):
        return Term("literal", term.value, term.language or "", term.datatype.value)
    if isinstance(term, ox.BlankNode):
        return Term("bnode", f"_:{term.value}")
    return Term("uri", term.value) if isinstance(term, ox.NamedNode) else Term("literal", str(term))
