"""App: the routes of all parts in one application, and what holds for every answer."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Callable, Sequence

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute
from starlette.types import ASGIApp, Receive, Scope, Send

from trilateral.serve import api, operations
from trilateral.serve.linked_data import discovery, documents, graphs, sparql
from trilateral.serve.linked_data.queries import Queries
from trilateral.serve.pages import (
    about,
    compare,
    editor,
    history,
    home,
    kinds,
    search,
    thing,
    views,
)
from trilateral.serve.pages.problem import problem_response
from trilateral.serve.site import Site
from trilateral.serve.web import static
from trilateral.serve.web.connection import Repeats, Take
from trilateral.serve.web.gate import Gate
from trilateral.serve.web.http import Problem
from trilateral.serve.web.keep import Answers, Keep
from trilateral.serve.web.observe import Observe

# Each part gives its routes, which are tried in turn: last that for the IRIs of things,
# whatever their path.
_PARTS: tuple[Callable[[], list[BaseRoute]], ...] = (
    operations.routes,
    static.routes,
    discovery.routes,
    graphs.routes,
    api.routes,
    home.routes,
    search.routes,
    about.routes,
    compare.routes,
    views.routes,
    editor.routes,
    history.routes,
    kinds.routes,
    thing.routes,
    documents.routes,
)


def make_app(site: Site) -> tuple[ASGIApp, Repeats, Sequence[Take]]:
    """Return the application that serves a site, and what answers requests before it.

    It opens the site when it starts.
    """

    @contextlib.asynccontextmanager
    async def life(app: Starlette) -> AsyncIterator[None]:
        await site.open()
        yield
        await site.close()

    parts = make_parts(site)
    parts.router.lifespan_context = life
    answers, queries = Answers(site), Queries(site, parts, _problem)
    app = Observe(Gate(_Endpoint(parts, Keep(parts, answers)), site), site)
    return app, answers, (queries.take, answers.take)


def make_parts(site: Site) -> Starlette:
    """Return all parts of a site that is open, without what guards and watches a server."""
    parts = Starlette(
        routes=[route for part in _PARTS for route in part()],
        exception_handlers={Problem: _problem, HTTPException: _http_exception},
    )
    parts.state.site = site
    return parts


class _Endpoint:
    """Hands queries to the endpoint at once: no route is looked for, and no answer kept."""

    def __init__(self, parts: Starlette, others: ASGIApp) -> None:
        self.parts, self.others = parts, others

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope.get("path") not in sparql.PATHS:
            await self.others(scope, receive, send)
            return
        scope["app"], scope["endpoint"] = self.parts, sparql.endpoint
        request = Request(scope, receive)
        try:
            response = await sparql.endpoint(request)
        except Problem as problem:
            response = _problem(request, problem)
        await response(scope, receive, send)


def _problem(request: Request, error: Exception) -> Response:
    assert isinstance(error, Problem)
    return problem_response(request, error)


def _http_exception(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    fields = {name.lower(): value for name, value in (error.headers or {}).items()}
    if "allow" in fields:
        # What the routes do not know of: the gate answers OPTIONS for all.
        fields["allow"] = ", ".join(sorted({*fields["allow"].split(", "), "OPTIONS"}))
    fields = {name.replace("-", "_"): value for name, value in fields.items()}
    detail = f"{request.method} {request.url.path} is not answered here."
    repair = "See / for what there is."
    return problem_response(
        request, Problem(error.status_code, error.detail, detail, repair, **fields)
    )
