"""Export: the rows of an answer as CSV, with the names of the things in them."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from trilateral.serve.pages.language import language_of
from trilateral.serve.pages.table import plain
from trilateral.serve.site import Answer, Site
from trilateral.serve.web import csv_safe, http


def as_csv(request: Request, answer: Answer, filename: str) -> Response:
    """Return an answer as CSV, IRIs whole, with a column ``...Label`` after each of things.

    A column is of things when a name of this site stands in it.
    """
    site: Site = request.app.state.site
    language = language_of(request)
    text = csv_safe.write(*_columns(site, answer, language))
    return http.reply(
        request, text, csv_safe.MEDIA, http.etag(site.version, "csv", language),
        headers={"content-disposition": f'inline; filename="{filename}"'},
    )  # fmt: skip


def _columns(site: Site, answer: Answer, language: str) -> tuple[list[str], list[list[str]]]:
    named = {
        name
        for name in answer.variables
        if any(name in row and row[name].value in site.labels for row in answer.rows)
    }
    heads = []
    for name in answer.variables:
        heads += [name, f"{name}Label"] if name in named else [name]
    rows = []
    for row in answer.rows:
        cells = []
        for name in answer.variables:
            value = row[name].value if name in row else ""
            cells.append(value)
            if name in named:
                cells.append(plain(site.label(value, language)) if value else "")
        rows.append(cells)
    return heads, rows
