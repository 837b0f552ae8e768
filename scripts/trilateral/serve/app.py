"""App: the routes of all parts in one application, and what holds for every answer."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Callable

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from trilateral.serve import api, operations
from trilateral.serve.linked_data import discovery, documents, graphs, sparql
from trilateral.serve.pages import about, compare, editor, home, kinds, search, thing, views
from trilateral.serve.pages.problem import problem_response
from trilateral.serve.site import Site
from trilateral.serve.web import static
from trilateral.serve.web.clients import ClientGoneError
from trilateral.serve.web.gate import Gate
from trilateral.serve.web.headers import Headers
from trilateral.serve.web.http import Problem
from trilateral.serve.web.keep import Keep
from trilateral.serve.web.observe import Mistakes, Observe

# Each part gives its routes, which are tried in turn: first what is asked for most often,
# last that for the IRIs of things, whatever their path.
_PARTS: tuple[Callable[[], list[BaseRoute]], ...] = (
    sparql.routes,
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
    kinds.routes,
    thing.routes,
    documents.routes,
)


def make_app(site: Site) -> Starlette:
    """Return the application that serves a site; it opens the site when it starts."""

    @contextlib.asynccontextmanager
    async def life(app: Starlette) -> AsyncIterator[None]:
        await site.open()
        yield
        await site.close()

    app = Starlette(
        routes=[route for part in _PARTS for route in part()],
        middleware=[
            Middleware(Observe, site=site),
            Middleware(Headers),
            Middleware(Mistakes, site=site),
            Middleware(Gate, site=site),
            Middleware(Keep, site=site),
        ],
        exception_handlers={
            Problem: _problem,
            HTTPException: _http_exception,
            ClientGoneError: _gone,
        },
        lifespan=life,
    )
    app.state.site = site
    return app


def _problem(request: Request, error: Exception) -> Response:
    assert isinstance(error, Problem)
    return problem_response(request, error)


def _http_exception(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    fields = {name.replace("-", "_"): value for name, value in (error.headers or {}).items()}
    detail = f"{request.method} {request.url.path} is not answered here."
    repair = "See / for what there is."
    return problem_response(
        request, Problem(error.status_code, error.detail, detail, repair, **fields)
    )


def _gone(request: Request, error: Exception) -> Response:
    return Response(status_code=499)
