"""Pages: templates filled for one page, with links that lead from wherever it lies.

Inside a page, a link to another begins with a slash, the root of the documentation; it is
made relative when the page is written, so that the folder works under any path.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import jinja2
from markupsafe import Markup

from trilateral import __version__
from trilateral.prefixes import prefixes
from trilateral.serve.web.headers import PLAIN_PAGE_POLICY

_LINK = re.compile(r'(<[a-z][^<>]*? (?:href|src|action|data-index)=")/(?!/)')
_SPACE = re.compile(r"\s+")


@dataclass(frozen=True)
class Heading:
    """A place on a page that others can lead to."""

    level: int
    anchor: str
    title: str


@dataclass(frozen=True)
class Entry:
    """What the search finds: a place on a page, its title, and the words that stand there."""

    anchor: str
    title: str
    text: str = ""


@dataclass
class Page:
    """One page: its file, title and content, what is on it, and what the search finds there."""

    file: str
    title: str
    template: str
    values: dict[str, Any] = field(default_factory=dict)
    headings: Sequence[Heading] = ()
    entries: Sequence[Entry] = ()


@dataclass(frozen=True)
class Group:
    """Pages that stand together in the navigation."""

    title: str
    pages: tuple[tuple[str, str], ...]


def write_page(page: Page, groups: Iterable[Group]) -> bytes:
    """Return a page as a file."""
    text = (
        _templates()
        .get_template(page.template)
        .render(page=page, groups=list(groups), **page.values)
    )
    root = "../" * page.file.count("/")

    return _LINK.sub(lambda found: found[1] + root, text).encode()


def plain(text: str) -> str:
    r"""Return a text in one line.

    >>> plain("a\n  b ")
    'a b'
    """
    return _SPACE.sub(" ", text).strip()


def link(path: str, text: str, code: bool = False) -> Markup:
    """Return a link, to a page of the documentation where the path begins with a slash.

    >>> str(link("/ontology.html#Stance", "stance"))
    '<a href="/ontology.html#Stance">stance</a>'
    """
    shown = Markup("<code>{}</code>").format(text) if code else text
    return Markup('<a href="{}">{}</a>').format(path, shown)


@cache
def _templates() -> jinja2.Environment:
    found = jinja2.Environment(
        loader=jinja2.PackageLoader("trilateral.publish.docs"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    found.filters["sentence"] = lambda text: text[:1].upper() + text[1:]
    found.filters["number"] = lambda number: f"{number:,}"
    found.globals.update(
        policy=PLAIN_PAGE_POLICY,
        version=__version__,
        compact=lambda iri: prefixes().compact(iri).strip("<>"),
        link=link,
    )
    return found
