"""Render: a template filled for one request, in the language that its URL names."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import quote, urlencode

import jinja2
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import Response

from trilateral import __version__
from trilateral.prefixes import prefixes
from trilateral.serve.pages.table import make_table, plain, site_url
from trilateral.serve.site import Site
from trilateral.serve.web import http
from trilateral.serve.web.static import asset

# The languages of labels, by the names that their readers know them by.
LANGUAGES = {
    "en": "English",
    "ja": "日本語",
    "ko": "한국어",
    "zh-hans": "简体中文",
    "zh-hant": "繁體中文",
}


def language_of(request: Request) -> str:
    """Return the language that the URL of a page names, English where it names none.

    Raises:
        Problem: for a language that there are no labels in.
    """
    language = request.query_params.get("lang", "en")
    if language not in LANGUAGES:
        raise http.Problem(
            404, "No such language", f"There are no labels in {language[:20]!r}.",
            f"Use one of {', '.join(LANGUAGES)}.",
        )  # fmt: skip
    return language


@dataclass(frozen=True)
class Page:
    """One page of a long list: its number and that of all pages, both counted from 1."""

    number: int
    pages: int
    total: int
    start: int
    end: int


def page_of(request: Request, total: int, length: int) -> Page:
    """Return the page of a list that a URL asks for by ``page``; the first where it does not.

    Raises:
        Problem: where there is no such page.
    """
    asked = request.query_params.get("page", "1")
    pages = max(1, -(-total // length))
    number = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 8 else 0
    if not 1 <= number <= pages:
        raise http.Problem(
            404, "No such page", f"There is no page {asked[:20]!r} of this list.",
            f"Its pages are 1 to {pages}.",
        )  # fmt: skip
    start = (number - 1) * length
    return Page(number, pages, total, start, min(start + length, total))


def render(
    request: Request,
    template: str,
    *,
    status: int = 200,
    links: list[str] | None = None,
    **values: Any,
) -> Response:
    """Return a page: a template of ``templates/`` with values; see `page_text`."""
    site: Site = request.app.state.site
    language = language_of(request)
    text = page_text(request, template, language, **values)
    validator = http.etag(site.version, "html", language)
    return http.reply(request, text, "text/html", validator, status=status, links=links or ())


def page_text(request: Request, template: str, language: str, **values: Any) -> str:
    """Return the text of a page in a language: a template of ``templates/`` with values.

    Every template has besides: ``site``, ``language``, ``languages``, ``here`` (the path
    and query without the language), ``everything`` (whether long tables are shown whole),
    the filter ``plain`` (`table.plain`), and the functions

    - ``url``: a path on this server in the language,
    - ``here_with``: this page with other parameters, from its first page; None leaves one out,
    - ``thing``: the URL of an IRI, "" where a page may not lead there,
    - ``label``: the label of an IRI as text; ``named``: the same marked with its language;
      ``link``: the same as a link,
    - ``table``: an answer as a table,
    - ``editor``: a query in the editor,
    - ``asset``: the URL of a static file.
    """
    site: Site = request.app.state.site
    kept = [(k, v) for k, v in request.query_params.multi_items() if k != "lang"]
    here = request.url.path + (f"?{urlencode(kept)}" if kept else "")

    def thing(iri: str) -> str:
        path = site.path(iri)
        if path is not None:
            return site_url(path, language)
        return iri if iri.startswith(("https://", "http://")) else ""

    def label(iri: str) -> str:
        return plain(site.label(iri, language))

    def named(iri: str) -> Markup:
        spoken = language if language in site.labels.get(iri, {}) else "en"
        return Markup('<span lang="{}">{}</span>').format(spoken, label(iri))

    def link(iri: str) -> Markup:
        href = thing(iri)
        return Markup('<a href="{}">{}</a>').format(href, named(iri)) if href else named(iri)

    return _environment().get_template(template).render(
        {
            "site": site,
            "language": language,
            "languages": LANGUAGES,
            "here": here,
            "version": __version__,
            "url": lambda path: site_url(path, language),
            "in_language": lambda other: site_url(here, other),
            "here_with": lambda **changes: site_url(_changed(request, changes), language),
            "everything": request.query_params.get("all") == "1",
            "thing": thing,
            "label": label,
            "named": named,
            "link": link,
            "table": lambda answer, without=(): make_table(site, answer, language, without),
            "editor": lambda query: site_url("/query?query=" + quote(query, safe=""), language),
            "compact": lambda iri: prefixes().compact(iri).strip("<>"),
            **values,
        }
    )  # fmt: skip


def _changed(request: Request, changes: dict[str, Any]) -> str:
    left_out = {"lang", "page", *changes}
    kept = [(k, v) for k, v in request.query_params.multi_items() if k not in left_out]
    kept += [(k, v) for k, v in changes.items() if v is not None]
    return request.url.path + (f"?{urlencode(kept)}" if kept else "")


def macro(template: str, name: str) -> Callable[..., str]:
    """Return a macro of a template that needs nothing of a page, to be called without one."""
    found: Callable[..., str] = getattr(_environment().get_template(template).module, name)
    return found


@cache
def _environment() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("trilateral.serve.pages"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals["asset"] = asset
    environment.globals["Markup"] = Markup
    environment.filters["plain"] = plain
    return environment
