"""Render: a template filled for one request, in the language that its URL names."""

from __future__ import annotations

from functools import cache
from typing import Any
from urllib.parse import quote, urlencode

import jinja2
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import Response

from trilateral import __version__
from trilateral.prefixes import prefixes
from trilateral.serve import http
from trilateral.serve.pages.table import make_table, plain, site_url
from trilateral.serve.site import Site
from trilateral.serve.static import asset

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


def render(
    request: Request,
    template: str,
    *,
    status: int = 200,
    links: list[str] | None = None,
    **values: Any,
) -> Response:
    """Return a page: a template of ``templates/`` with values.

    Every template has besides: ``site``, ``language``, ``languages``, ``here`` (the path
    and query without the language), ``everything`` (whether long tables are shown whole),
    and the functions ``url`` (a path on this server in the language), ``thing`` (the same
    for an IRI), ``label`` (text), ``named`` and ``link`` (a label, or a link by it, marked
    with its language), ``asset``, ``table`` (an answer as a table), ``editor`` (a query in
    the editor), and the filter ``plain`` (`table.plain`).
    """
    site: Site = request.app.state.site
    language = language_of(request)
    kept = [(k, v) for k, v in request.query_params.multi_items() if k != "lang"]
    here = request.url.path + (f"?{urlencode(kept)}" if kept else "")

    def thing(iri: str) -> str:
        path = site.path(iri)
        return site_url(path, language) if path is not None else iri

    def label(iri: str) -> str:
        return plain(site.label(iri, language))

    def named(iri: str) -> Markup:
        spoken = language if language in site.labels.get(iri, {}) else "en"
        return Markup('<span lang="{}">{}</span>').format(spoken, label(iri))

    def link(iri: str) -> Markup:
        return Markup('<a href="{}">{}</a>').format(thing(iri), named(iri))

    text = _environment().get_template(template).render(
        {
            "site": site,
            "language": language,
            "languages": LANGUAGES,
            "here": here,
            "version": __version__,
            "url": lambda path: site_url(path, language),
            "in_language": lambda other: site_url(here, other),
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
    validator = http.etag(site.version, "html", language)
    return http.reply(request, text, "text/html", validator, status=status, links=links or ())


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
