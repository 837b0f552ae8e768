"""Problem: what a reader is told when a request is not answered, in the frame of the site."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from trilateral.serve.pages.language import known_as
from trilateral.serve.pages.render import page_text
from trilateral.serve.web import http


def problem_response(request: Request, problem: http.Problem) -> Response:
    """Return a problem as a page of the site where a browser asks, else as `http` gives it."""
    plain = http.problem_response(request, problem)
    if not plain.headers["content-type"].startswith("text/html"):
        return plain
    language = known_as(request.query_params.get("lang", "en")[:40]) or "en"
    try:
        text = page_text(request, "problem.html", language, problem=problem)
    except http.Problem:
        # No data are open, without which there is no frame.
        return plain
    headers = dict(plain.headers)
    del headers["content-length"], headers["content-type"]
    return Response(text, problem.status, headers, "text/html")
