"""Pages: differences, and the history of each thing, as HTML without script."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from importlib import resources
from itertools import groupby
from typing import Any
from urllib.parse import quote

import jinja2
from markupsafe import Markup

from trilateral.prefixes import prefixes
from trilateral.publish.history.differences import Differences, Thing
from trilateral.publish.history.text import graph_name, plural, summary

_SAFE = ("https://", "http://")


def write_changes(found: Differences, *, index: str = "", style_href: str = "") -> str:
    """Return differences as one page, which needs no other file unless a style sheet is named.

    Each thing has an anchor, the path of its IRI: ``changes.html#actor/japan``.
    """
    return page(
        "changes.html",
        found=found,
        words=found.words,
        index=index,
        style_href=style_href,
        summary=summary(found),
        sections=found.sections(),
        kinds=[(plural(kind), *counts) for kind, counts in found.kinds()],
        graphs=[(graph_name(each.graph), each.went, each.came) for each in found.graphs],
    )


def page(template: str, **values: Any) -> str:
    """Return a page of ``templates/``."""
    if not values.get("style_href"):
        values["style"] = Markup(style_sheet())
    return _templates().get_template(template).render(**values)


@cache
def style_sheet() -> str:
    """Return the style sheet of these pages: that of the site, and what tables of changes need."""
    return "".join(
        resources.files(package).joinpath(name).read_text(encoding="utf-8")
        for package, name in (
            ("trilateral.serve", "static/site.css"),
            ("trilateral.publish.history", "templates/history.css"),
        )
    )


def anchor(iri: str) -> str:
    """Return the anchor of a thing on a page of differences.

    >>> anchor("https://w3id.org/trilateral/actor/japan")
    'actor/japan'
    """
    return iri.removeprefix(prefixes().base)


def href(iri: str) -> str:
    """Return the address behind a link to a thing, "" where a page may not lead there.

    >>> href("https://w3id.org/trilateral/actor/japan"), href("javascript:alert(1)")
    ('https://w3id.org/trilateral/actor/japan', '')
    """
    return quote(iri, safe=":/?#[]@!$&'()*+,;=%~") if iri.startswith(_SAFE) else ""


def _is_iri(term: object) -> bool:
    import pyoxigraph

    return isinstance(term, pyoxigraph.NamedNode)


def _by_kind(things: Iterable[Thing]) -> list[tuple[str, Sequence[Thing]]]:
    return [(kind, list(group)) for kind, group in groupby(things, key=lambda each: each.kind)]


@cache
def _templates() -> jinja2.Environment:
    found = jinja2.Environment(
        loader=jinja2.PackageLoader("trilateral.publish.history"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    found.filters["groupby_kind"] = _by_kind
    found.globals.update(
        anchor=anchor, href=href, is_iri=_is_iri, plural=plural, graph_name=graph_name,
        index="", style="", style_href="",
    )  # fmt: skip
    return found
