"""Links: those of a page lead to files, from wherever the page lies.

A link is an attribute whose value begins with one slash. Templates escape the quotation
marks of all text, so that what looks like such an attribute is one. One that leads to what
has no file is left out: an ``a`` without ``href`` is plain text.
"""

from __future__ import annotations

import html
import re

from trilateral.publish.site.layout import Layout, address_of, root_of, unescaped

_LINK = re.compile(
    r'( (?:href|src|action|data-static|data-names|data-code|data-endpoint)=")(/(?!/)[^"]*)"'
)
# Whose parameters a script reads: they are kept.
_SCRIPTED = ("query/index.html", "search/index.html")


class Links:
    """Rewrites the links of the pages of one site.

    Attributes:
        seen: The links that were met, but those with parameters.
    """

    def __init__(self, layout: Layout) -> None:
        self.layout = layout
        self.seen: set[str] = set()
        self._known: dict[str, str | None] = {}

    def rewrite(self, page: str, file: str, root: str = "") -> str:
        """Return a page with links that lead to files, relative to its own or to a root.

        >>> links = Links(Layout({"actor/japan"}, {"actor/index.html"}))
        >>> links.rewrite('<a href="/actor/japan">Japan</a> <a href="/sparql">ask</a>', "a/b.html")
        '<a href="../actor/japan.html">Japan</a> <a>ask</a>'
        """
        start = root or root_of(file)

        def lead(found: re.Match[str]) -> str:
            where = self._target(found[2])
            return "" if where is None else f'{found[1]}{start}{where}"'

        return _LINK.sub(lead, page)

    def _target(self, link: str) -> str | None:
        if "?" in link:
            # Queries are too many and too long to be kept; of others the layout takes note.
            return self._find(link)
        self.seen.add(link)
        if link not in self._known:
            self._known[link] = self._find(link)
        return self._known[link]

    def _find(self, link: str) -> str | None:
        url, fragment = unescaped(link)
        query = url.partition("?")[2]
        if url == "/":
            return html.escape(fragment)
        file = self.layout.file_of(url)
        if file is None:
            return None
        # The language is that of the site.
        parts = [each for each in query.split("&") if each and not each.startswith("lang=")]
        kept = "?" + "&".join(parts) if parts and file in _SCRIPTED else ""
        return html.escape(address_of(file) + kept + fragment)
