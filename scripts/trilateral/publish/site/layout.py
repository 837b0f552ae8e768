"""Layout: which file each URL of the server has on a site of files, if it has one.

A document has the file of its name, ``/actor/japan.ttl``; the name of a thing leads to its
page; a page without an ending is the ``index.html`` of a folder, which every host gives for
the folder. A page with parameters has a file of its own, where there are few of them:
``/actor/?kind=state`` is ``actor/index.kind-state.html``.
"""

from __future__ import annotations

import html
import re
from collections.abc import Collection, Mapping
from urllib.parse import parse_qsl, quote, unquote, urlencode

from trilateral.prefixes import prefixes
from trilateral.publish.release.refusals import RefusedError
from trilateral.serve.linked_data.documents import FORMATS
from trilateral.serve.pages.catalogue import kinds
from trilateral.serve.pages.kinds import FACETS

# The pages that are the index of their folder.
FOLDERS = ("about", "compare", "graphs", "query", "search", "views")
# What a server negotiates or names without an ending, and the one file for it.
_OTHERS = {
    "api/questions": "api/questions.json",
    "dcat": "dcat.ttl",
    "shapes": "shapes.ttl",
    "dataset": "dataset.ttl",
    "sparql-examples": "sparql-examples.ttl",
    "void": "void.ttl",
}
# Pages whose scripts read the parameters; the files are the same.
_READ_BY_SCRIPTS = {"query": {"query"}, "search": {"q", "kind"}}
# What each view may be of; other choices are left to the server.
_VIEWS = {
    "map": {"framework"},
    "matrix": {"topic", "ascription"},
    "timeline": {"framework"},
}
_DRAWN = re.compile(r"views/(\w+)(?:\.(?:svg|csv))?")
# What has rows only of two that are compared.
_COMPARED = ("compare.csv", "compare.json")
# What no file name holds on every system, and what would lead out of the folder or hide.
_NO_NAME = re.compile(r"[\x00-\x1f\x7f\\:*?\"<>|]|(?:^|/)(?:\.|$|/)|//|[. ](?:/|$)")
_LONGEST = 200
_NOT_PLAIN = re.compile(r"[^\w.-]+")


class Layout:
    """The files of a site, by the URLs of the server.

    Attributes:
        found: The URLs with parameters that were asked for and have a file: what is to be
            written besides.
    """

    def __init__(
        self,
        things: Collection[str],
        files: Collection[str],
        versions: Mapping[str, str] | None = None,
    ) -> None:
        """Make the layout of a site.

        Args:
            things: The paths of what has a page, such as ``actor/japan``.
            files: What else has a file, such as ``sitemap.xml``.
            versions: The paths of things by those of their versions.
        """
        self.things, self.versions = frozenset(things), dict(versions or {})
        self._files = frozenset(files)
        self._known: dict[str, str | None] = {}
        self._asked: dict[str, str] = {}
        self.found: set[str] = set()

    def file_of(self, url: str) -> str | None:
        """Return the file of a path with its query, None where there is none.

        >>> layout = Layout({"actor/japan"}, {"about/index.html", "actor/index.html"})
        >>> [layout.file_of(each) for each in ("/actor/japan", "/actor/atlantis", "/about")]
        ['actor/japan.html', None, 'about/index.html']
        >>> layout.file_of("/actor/?kind=state"), layout.file_of("/sparql?query=x")
        ('actor/index.kind-state.html', None)
        """
        path, _, query = url.partition("?")
        if query and path[1:] in _READ_BY_SCRIPTS:
            # Their values may be as long as a query.
            names = {pair.partition("=")[0] for pair in query.split("&")} - {"lang"}
            if names <= _READ_BY_SCRIPTS[path[1:]]:
                return self.file_of(path)
        if url not in self._known:
            self._known[url] = self._file_of(url)
        if url in self._asked:
            self.found.add(self._asked[url])
        return self._known[url]

    def _file_of(self, url: str) -> str | None:
        path, _, query = url.partition("?")
        path = unquote(path.removeprefix("/"))
        # The language is that of the site.
        given = [pair for pair in parse_qsl(query, keep_blank_values=True) if pair[0] != "lang"]
        names = {name for name, _ in given}
        file = self._plain(path)
        if not names:
            return file
        file = path if path in _COMPARED else file
        if file is None or not self._varies(path, given):
            return None
        self._asked[url] = f"/{quote(path)}?{urlencode(given)}"
        stem, _, ending = file.rpartition(".")
        chosen = ".".join(f"{name}-{_NOT_PLAIN.sub('-', value)}" for name, value in given)
        return f"{stem}.{chosen}.{ending}"

    def _plain(self, path: str) -> str | None:
        path = self.versions.get(path, path)
        candidates = (
            path,
            f"{path.rstrip('/')}/index.html".lstrip("/"),
            _OTHERS.get(path, ""),
        )
        for each in candidates:
            if each in self._files:
                return each
        if path in self.things:
            return f"{path}.html"
        stem, _, ending = path.rpartition(".")
        return path if stem in self.things and ending in _ENDINGS else None

    def _varies(self, path: str, given: list[tuple[str, str]]) -> bool:
        """Tell whether a page has a file for parameters: where few can be given."""
        names = [name for name, _ in given]
        if len(set(names)) < len(names):
            return False
        folder, stem = path.rstrip("/"), path.rpartition(".")[0]
        if folder in kinds() and folder != path:
            return len({*names} - {"page"}) <= 1 and {*names} <= {"page", *_facets(folder)}
        if stem in self.things:
            return names == ["all"] or (names == ["date"] and stem.startswith("framework/"))
        if path in ("compare", *_COMPARED):
            return set(names) == {"one", "two"} or (path == "compare" and names == ["ascription"])
        drawn = _DRAWN.fullmatch(path)
        if drawn and "." in path:
            # Only the page that shows the drawing leads to it.
            return True
        if drawn:
            return set(names) <= _VIEWS.get(drawn[1], set()) | {"all"}
        if folder == "query":
            return "question" in names and "query" not in names
        if folder == "api":
            return names == ["tag"]
        return path.startswith("api/questions/") and names == ["all"]


_ENDINGS = {each.ending for each in FORMATS}


def _facets(kind: str) -> set[str]:
    return {each.parameter for each in FACETS.get(kind, ())}


def check_name(path: str) -> None:
    """Check that a thing can have a file.

    Raises:
        RefusedError: naming the thing whose name no file can have.
    """
    if _NO_NAME.search(path) or len(path.encode()) > _LONGEST or "%2f" in path.lower():
        raise RefusedError(
            f"{prefixes().base}{path}: no file can have this name on every system.",
            "Give the thing another IRI: letters, digits, hyphens and dots.",
        )


def address_of(file: str) -> str:
    """Return how pages lead to a file from the root of the site: an index by its folder.

    >>> address_of("actor/index.html"), address_of("actor/a b.html"), address_of("index.html")
    ('actor/', 'actor/a%20b.html', '')
    """
    return quote(file[: -len("index.html")] if _is_index(file) else file)


def _is_index(file: str) -> bool:
    return file == "index.html" or file.endswith("/index.html")


def root_of(file: str) -> str:
    """Return the way from a file to the root of the site.

    >>> root_of("actor/japan.html"), root_of("index.html")
    ('../', './')
    """
    return "../" * file.count("/") or "./"


def unescaped(link: str) -> tuple[str, str]:
    """Return path with query, and fragment, of a link as HTML writes it.

    >>> unescaped("/actor/?kind=state&amp;page=2#main")
    ('/actor/?kind=state&page=2', '#main')
    """
    url, mark, fragment = html.unescape(link).partition("#")
    return url, mark + fragment
