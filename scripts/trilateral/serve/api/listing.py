"""Listing: all questions, as a page for people and as JSON for programs."""

from __future__ import annotations

import hashlib
from collections import Counter
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from trilateral.ask import show
from trilateral.ask.questions import Question
from trilateral.serve.api.formats import formats_of
from trilateral.serve.api.names import questions_of
from trilateral.serve.pages.render import render
from trilateral.serve.pages.table import plain
from trilateral.serve.site import Site
from trilateral.serve.web import http
from trilateral.serve.web.accept import choose


async def page(request: Request) -> Response:
    """Answer the page of the API, all questions or those of one tag; JSON leads to the list."""
    site: Site = request.app.state.site
    media = choose(request.headers.get("accept"), ["text/html", "application/json"])
    if media is None:
        raise http.Problem(
            406, "Not acceptable", "This is a page, and a list in JSON.", "Accept one of them."
        )
    if media == "application/json":
        return Response(None, 303, {"location": "/api/questions", "vary": "Accept"})
    questions = questions_of(site.home)
    tags = Counter(tag for question in questions.values() for tag in question.tags)
    tag = request.query_params.get("tag", "")
    if tag and tag not in tags:
        raise http.Problem(
            404, "No such tag", f"No question has the tag {plain(tag[:80])}.",
            f"The tags are {', '.join(sorted(tags))}.",
        )  # fmt: skip
    shown = [each for each in questions.values() if not tag or tag in each.tags]
    answer = render(
        request, "api.html",
        questions=shown, formats_of=formats_of, tags=sorted(tags.items()), tag=tag,
        base=http.origin(request),
    )  # fmt: skip
    answer.headers.add_vary_header("Accept")
    return answer


async def questions(request: Request) -> Response:
    """Answer the list of questions as JSON, each with its parameters and its URLs."""
    site: Site = request.app.state.site
    found = [_as_json(each) for each in questions_of(site.home).values()]
    digest = hashlib.sha256(repr(found).encode()).hexdigest()[:12]
    return http.as_json(request, found, http.etag(site.version, "questions", digest))


def _as_json(question: Question) -> dict[str, Any]:
    path = f"/api/questions/{question.name}"
    return {
        **show.as_json(question),
        "url": path,
        "formats": {each.ending: f"{path}.{each.ending}" for each in formats_of(question)},
    }
