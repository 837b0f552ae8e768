"""View: a drawing, the table of the same data, and the queries behind both."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from trilateral.serve.pages.export import as_csv
from trilateral.serve.pages.language import language_of
from trilateral.serve.pages.parameters import address, short
from trilateral.serve.pages.render import render
from trilateral.serve.pages.table import site_url, spoken
from trilateral.serve.pages.views import drawing
from trilateral.serve.site import Answer, Row, Site, Term
from trilateral.serve.web import http


@dataclass
class View:
    """What a view shows.

    Attributes:
        name: Of the view and its template.
        title: What the drawing is called.
        description: What it shows, for those who do not see it.
        chosen: The parameters of its URL.
        root: The drawing, one mark for each row of the table.
        twin: The same data as rows.
        queries: What each query behind it gives, and its text.
        notes: What is left out, and what has to be known to read it.
        values: What its template needs besides, such as the choices of its form.
    """

    name: str
    title: str
    description: str
    chosen: dict[str, str | None]
    root: drawing.Node
    twin: Answer
    queries: list[tuple[str, str]]
    notes: list[str] = field(default_factory=list)
    values: dict[str, Any] = field(default_factory=dict)

    def path(self, suffix: str = "", **other: str | None) -> str:
        """Return the path of this view, or of one with other parameters."""
        return address(f"/views/{self.name}{suffix}", **{**self.chosen, **other})


def empty(
    name: str, title: str, why: str, chosen: dict[str, str | None], columns: list[str],
    queries: list[tuple[str, str]], values: dict[str, Any],
) -> View:  # fmt: skip
    """Return a view that draws nothing, and says why: what the menu leads to is never an error."""
    root = drawing.draw(name, title, why, 900, 60)
    drawing.add(root, "text", why, x=20, y=35, class_="soft")
    return View(name, title, why, chosen, root, Answer(columns, []), queries, [why], values)


Maker = Callable[[Request], Awaitable[View]]


def make_routes(name: str, make: Maker) -> list[BaseRoute]:
    """Return the routes of a view: its page, its drawing and its table."""

    async def page(request: Request) -> Response:
        view = await make(request)
        site: Site = request.app.state.site
        language = language_of(request)

        def url(iri: str) -> str:
            path = site.path(iri)
            return iri if path is None else site_url(path, language)

        text = drawing.inline(view.root, url)
        # The tree has escaped what is text; the rest is ours.
        return render(
            request, f"views/{name}.html", view=view, svg=Markup(text), short=short, **view.values
        )

    async def file(request: Request) -> Response:
        view = await make(request)
        site: Site = request.app.state.site
        return http.reply(
            request, drawing.as_file(view.root), "image/svg+xml",
            http.etag(site.version, "svg", language_of(request)),
            headers={"content-disposition": f'inline; filename="{name}.svg"'},
        )  # fmt: skip

    async def table(request: Request) -> Response:
        view = await make(request)
        return as_csv(request, view.twin, f"{name}.csv")

    return [
        Route(f"/views/{name}", page),
        Route(f"/views/{name}.svg", file),
        Route(f"/views/{name}.csv", table),
    ]


def tongue(site: Site, iri: str, language: str) -> str:
    """Return the language of a label in a drawing, "" where it is that of the page."""
    found = spoken(site, iri, language)
    return "" if found == language else found


def text(value: str | float) -> Term:
    """Return a value of a table that is no thing."""
    if isinstance(value, str):
        return Term("literal", value)
    return Term("literal", str(value), datatype="http://www.w3.org/2001/XMLSchema#integer")


def iri(value: str) -> Term:
    """Return a thing as a value of a table."""
    return Term("uri", value)


def value(row: Row, name: str) -> str:
    """Return a value of a row as text, "" where none is bound."""
    return row[name].value if name in row else ""
