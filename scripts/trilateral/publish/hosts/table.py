"""Table: what every host is told: names, formats, media types, headers, and what has moved."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from trilateral.errors import TrilateralError
from trilateral.prefixes import prefixes
from trilateral.serve.api.formats import ROWS
from trilateral.serve.linked_data.discovery import DESCRIPTIONS, WELL_KNOWN
from trilateral.serve.linked_data.documents import FORMATS, RDF, WITHOUT_PAGE, Format, links
from trilateral.serve.pages.catalogue import kinds
from trilateral.serve.web import headers, http
from trilateral.serve.web.static import FOREVER

UTF8 = "; charset=utf-8"
# Endings of files that are no documents about things.
_OTHER_TYPES = {
    "css": f"text/css{UTF8}",
    "csv": f"text/csv{UTF8}",
    "gz": "application/gzip",
    "js": f"text/javascript{UTF8}",
    "json": "application/json",
    "mjs": f"text/javascript{UTF8}",
    "rdfp": "application/rdf-patch",
    "svg": "image/svg+xml",
    "tsv": f"text/tab-separated-values{UTF8}",
    "txt": f"text/plain{UTF8}",
    "wasm": "application/wasm",
    "xml": "application/xml",
}
_BASE = re.compile(r"https?://[\w.:-]+(?:/[\w.~-]+)*/?", re.ASCII)
_PATH = re.compile(r"(?:/[\w.~-]+)*/?", re.ASCII)
# The rest of the path of a thing: nothing that a header could not hold.
_SLUG = r"[\w./~-]*[\w~-]"
_NAME = "STEM"


@dataclass(frozen=True)
class Table:
    """What the rules of every host are made from.

    Attributes:
        base: The address that the site has, without a slash at the end; "" where unknown.
        path: The path of that address: ``/sub`` or "".
        see: Paths that are another name of something, to its own path.
        retired: Paths that things once had, to the new path, or to None where there is none.
    """

    base: str = ""
    path: str = ""
    see: Mapping[str, str] = field(default_factory=dict)
    retired: Mapping[str, str | None] = field(default_factory=dict)

    @property
    def formats(self) -> tuple[Format, ...]:
        """The formats of what has a page."""
        return FORMATS

    @property
    def data_formats(self) -> tuple[Format, ...]:
        """The formats of what has none."""
        return RDF

    @property
    def endings(self) -> str:
        """The endings of documents, as a pattern."""
        return "|".join(each.ending for each in FORMATS)

    @property
    def pages(self) -> str:
        """What has a page, as a pattern: things by their kinds, and documents that hold terms."""
        base = prefixes().base
        spaces = (space for space in prefixes().values() if space.startswith(base))
        terms = {each[len(base) : -1] for each in spaces if each.endswith("#")} - {*WITHOUT_PAGE}
        return "|".join([f"(?:{'|'.join(sorted(kinds()))})/{_SLUG}", *sorted(terms)])

    @property
    def data(self) -> tuple[str, ...]:
        """What has a name and no page."""
        return (*WITHOUT_PAGE, *DESCRIPTIONS)

    @property
    def names(self) -> str:
        """All names, as a pattern."""
        return "|".join([self.pages, *self.data])

    @property
    def types(self) -> dict[str, str]:
        """The value of Content-Type by the ending of a file."""
        documents = {
            each.ending: each.media + (UTF8 if each.media.startswith("text/") else "")
            for each in FORMATS
        }
        return documents | _OTHER_TYPES

    @property
    def answers(self) -> tuple[str, dict[str, str]]:
        """The folder of the answers to questions, and what Content-Type says of them there."""
        media = {each.ending: each.media for each in ROWS}
        return "api/questions", {
            ending: value + (UTF8 if value.startswith("text/") and UTF8 not in value else "")
            for ending, value in media.items()
            if ending != "html"
        }

    @property
    def always(self) -> dict[str, str]:
        """The headers of every answer."""
        fields = {name.decode().title(): value.decode() for name, value in headers.ALWAYS}
        return fields | {"Content-Security-Policy": headers.STATIC_POLICY.decode()}

    @property
    def preflight(self) -> dict[str, str]:
        """The headers by which a browser is told that it may ask."""
        fields = headers.preflight("/")
        return {
            "Access-Control-Allow-Methods": fields["allow"],
            "Access-Control-Allow-Headers": fields["access-control-allow-headers"],
            "Access-Control-Max-Age": fields["access-control-max-age"],
        }

    @property
    def cached(self) -> str:
        """The Cache-Control of files."""
        return http.PUBLIC

    @property
    def cached_forever(self) -> str:
        """The Cache-Control of what never changes."""
        return FOREVER

    @property
    def forever(self) -> tuple[str, ...]:
        """The folders of what never changes: names with a digest, and releases."""
        return ("static", "version")

    @property
    def cached_privately(self) -> str:
        """The Cache-Control of what was negotiated."""
        return http.NEGOTIATED

    @property
    def not_acceptable(self) -> str:
        """The text of an answer with status 406."""
        there = ", ".join(each.media for each in FORMATS)
        return f"There is {there}. Accept one of these."

    def links(self, stem: str, formats: tuple[Format, ...], ending: str = "") -> str:
        """Return the value of Link of a name, or of the document about it with an ending.

        Args:
            stem: How the host writes the path of the name, from the root of the site.
            formats: The formats that there are.
            ending: That of the document, "" for the name itself.

        >>> Table(path="/sub").links("$1", FORMATS[:2], "html").split(", ")[0]
        '</sub/$1.ttl>; rel="alternate"; type="text/turtle"'
        """
        value = ", ".join(links(_NAME, formats, ending)).replace("</", f"<{self.path}/")
        return value.replace(_NAME, stem)


def make_table(
    base: str = "",
    path: str = "",
    see: Mapping[str, str] | None = None,
    retired: Mapping[str, str | None] | None = None,
) -> Table:
    """Return the table of a site at an address, or at a path of an address that is not known.

    Paths of things, from the root of the site, may begin with a slash.

    Raises:
        TrilateralError: when they are none.

    >>> make_table("https://example.org/sub/").path
    '/sub'
    """
    if base and not _BASE.fullmatch(base):
        raise TrilateralError(
            f"{base}: this is no address of a site.",
            "Give scheme, host and path: --base https://example.org/trilateral",
        )
    if not _PATH.fullmatch(path):
        raise TrilateralError(
            f"{path}: this is no path of a site.", "Begin with a slash: --base-path /trilateral"
        )
    base = base.rstrip("/")
    if base:
        path = "/" + base.partition("://")[2].partition("/")[2]
    well_known = {f".well-known/{name}": name for name in WELL_KNOWN}
    moved = {
        old.removeprefix("/"): new and new.removeprefix("/") for old, new in (retired or {}).items()
    }
    return Table(base, path.rstrip("/"), well_known | dict(see or {}), moved)
