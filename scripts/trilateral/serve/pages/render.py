"""Render: a template filled for one request, in the language that its URL names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any
from urllib.parse import quote, urlencode

import jinja2
from jinja2.runtime import Context
from markupsafe import Markup, escape
from starlette.requests import Request
from starlette.responses import Response

from trilateral import __version__
from trilateral.prefixes import prefixes
from trilateral.serve.pages.language import LANGUAGES, Message, language_of, words_in
from trilateral.serve.pages.table import (
    make_table,
    plain,
    site_url,
    spoken,
    write_cell,
    write_cells,
)
from trilateral.serve.site import Site
from trilateral.serve.web import http
from trilateral.serve.web.headers import PAGE_POLICY
from trilateral.serve.web.static import asset


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
            404, "No such page",
            Message("There is no page %(number)s of this list.", number=repr(asked[:20])),
            Message("Its pages are 1 to %(last)s.", last=pages),
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

    What the template says is said in the language (`language.words_in`). Every template has
    besides: ``site``, ``language``, ``languages``, ``here`` (the path and query without the
    language), ``everything`` (whether long tables are shown whole), ``build`` (`build_of`), the
    filters ``plain`` (`table.plain`), ``number`` (with commas), ``code``, ``column`` and ``value``
    (a name of a column, and a word that a question puts into a cell, in the language), and the
    functions

    - ``url``: a path on this server in the language,
    - ``here_with``: this page with other parameters, from its first page; None leaves one out,
    - ``thing``: the URL of an IRI, "" where a page may not lead there,
    - ``label``: the label of an IRI as text; ``named``: the same marked with its language;
      ``link``: the same as a link; ``speaks``: the language that it is in,
    - ``tongue``: the attribute that marks a language other than that of the page,
    - ``say``: a text of a problem or of a module in the language, else marked as English,
    - ``table``: an answer as a table,
    - ``editor``: a query in the editor,
    - ``cited``: a citation, a function of the digest of the data,
    - ``asset``: the URL of a static file.
    """
    site: Site = request.app.state.site
    words, build = words_in(language), build_of(site)
    kept = [(k, v) for k, v in request.query_params.multi_items() if k != "lang"]
    here = request.url.path + (f"?{urlencode(kept)}" if kept else "")

    def thing(iri: str) -> str:
        path = site.path(iri)
        if path is not None:
            return site_url(path, language)
        return iri if iri.startswith(("https://", "http://")) else ""

    def label(iri: str) -> str:
        return plain(site.label(iri, language))

    def speaks(iri: str) -> str:
        return spoken(site, iri, language)

    def named(iri: str) -> Markup:
        return Markup('<span lang="{}">{}</span>').format(speaks(iri), label(iri))

    def tongue(other: str) -> Markup:
        return Markup(' lang="{}"').format(other) if other != language else Markup()

    def say(text: str) -> Markup:
        said = words.say(text)
        if said is not None:
            return Markup.escape(plain(said))
        return Markup('<span lang="en">{}</span>').format(plain(text))

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
            "build": build,
            "cited": lambda citation: Markup.escape(citation(_DIGEST)).replace(_DIGEST, build),
            "url": lambda path: site_url(path, language),
            "in_language": lambda other: site_url(here, other),
            "here_with": lambda **changes: site_url(_changed(request, changes), language),
            "everything": request.query_params.get("all") == "1",
            "thing": thing,
            "label": label,
            "named": named,
            "link": link,
            "speaks": speaks,
            "tongue": tongue,
            "say": say,
            "table": lambda answer, without=(), raw=False: make_table(
                site, answer, language, without, raw=raw
            ),
            "editor": lambda query: site_url(query_url(query), language),
            "compact": lambda iri: prefixes().compact(iri).strip("<>"),
            **values,
        }
    )  # fmt: skip


# What stands in a citation for the digest until it is put there.
_DIGEST = "\0"


def build_of(site: Site) -> Markup:
    """Return the digest of the data, which tells builds apart, as pages show it.

    In files there is a link to the one page that has it, in which a script writes it
    (`browser/page.js`): or each file would be another after each edit of the data.
    """
    if site.live:
        return Markup('<span class="build">{}</span>').format(site.engine.digest)
    return Markup('<a class="build" href="/about#cite">[{}]</a>').format("digest")


def query_url(query: str) -> str:
    r"""Return the path of the editor with a query in it.

    Queries of one page, and of all pages, have most of their lines in common.

    >>> query_url("ASK {}\n# yes")
    '/query?query=ASK%20%7B%7D%0A%23%20yes'
    """
    return "/query?query=" + "%0A".join(map(_quoted, query.split("\n")))


@lru_cache(maxsize=1 << 12)
def _quoted(line: str) -> str:
    return quote(line, safe="")


def _changed(request: Request, changes: dict[str, Any]) -> str:
    left_out = {"lang", "page", *changes}
    kept = [(k, v) for k, v in request.query_params.multi_items() if k not in left_out]
    kept += [(k, v) for k, v in changes.items() if v is not None]
    return request.url.path + (f"?{urlencode(kept)}" if kept else "")


# What the extension would install does the same, in three calls for each text of a page: a
# translation is a format string, whose values are escaped.


@jinja2.pass_context
def _gettext(context: Context, message: str, /, **values: Any) -> Markup:
    text = _said(context["language"], message)
    return _filled(text, values) if values else _said_as_it_is(text)


@jinja2.pass_context
def _ngettext(context: Context, one: str, many: str, number: int, /, **values: Any) -> Markup:
    text = words_in(context["language"]).plural(one, many, number)
    return _filled(text, {"num": number, **values})


@lru_cache(maxsize=1 << 12)
def _said(language: str, message: str) -> str:
    return words_in(language).gettext(message)


@lru_cache(maxsize=1 << 12)
def _said_as_it_is(text: str) -> Markup:
    return _filled(text, {})


def _filled(text: str, values: Mapping[str, Any]) -> Markup:
    return Markup(text % {name: escape(value) for name, value in values.items()})


@jinja2.pass_context
def _column(context: Context, name: str) -> str:
    return words_in(context["language"]).pgettext("column", name)


@jinja2.pass_context
def _value(context: Context, text: str) -> str:
    return words_in(context["language"]).pgettext("value", text)


@cache
def _environment() -> jinja2.Environment:
    environment = jinja2.Environment(
        extensions=["jinja2.ext.i18n"],
        loader=jinja2.PackageLoader("trilateral.serve.pages"),
        # Each is compiled once: a server that runs does not look whether it has changed.
        auto_reload=False,
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.policies["ext.i18n.trimmed"] = True
    environment.newstyle_gettext = True  # type: ignore[attr-defined]
    environment.globals.update(gettext=_gettext, ngettext=_ngettext, _=_gettext)
    environment.globals["asset"] = asset
    environment.globals["page_policy"] = PAGE_POLICY
    environment.globals["Markup"] = Markup
    environment.filters["plain"] = plain
    environment.filters["cell"] = write_cell
    environment.filters["cells"] = write_cells
    environment.filters["code"] = lambda text: Markup("<code>{}</code>").format(text)
    environment.filters["column"] = _column
    environment.filters["value"] = _value
    environment.filters["number"] = lambda number: f"{number:,}"
    return environment
