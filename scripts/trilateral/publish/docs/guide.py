"""Guide: the Markdown pages of the project as pages of the documentation.

A link of a page leads to the page that another file becomes, or to the file where the
repository has an address; where it has none, the name of the file is shown. A link that
leads nowhere is an error, with file and line.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markupsafe import Markup, escape
from mdit_py_plugins.anchors import anchors_plugin

from trilateral.publish.docs.highlight import highlight
from trilateral.publish.docs.pages import Entry, Heading, Page, link
from trilateral.publish.release.refusals import RefusedError

# Pages that lie at the top of the repository, by the pages that they become.
_TOP = {
    "README.md": "index.html",
    "CONTRIBUTING.md": "contributing.html",
    "CHANGELOG.md": "changelog.html",
}
# The list of pages in README.md.
_LISTED = re.compile(r"^- \[[^]]*\]\(((?:docs/)?[\w-]+\.md)\)", re.MULTILINE)


@dataclass
class Source:
    """A Markdown file: its path in the repository, the page that it becomes, its tokens."""

    path: str
    file: str
    tokens: list[Token]
    headings: list[Heading] = field(default_factory=list)

    @property
    def title(self) -> str:
        """The first heading."""
        return self.headings[0].title if self.headings else self.path


def read_guide(root: Path) -> list[Source]:
    """Return the Markdown files of a project, in the order in which README.md names them.

    Raises:
        RefusedError: naming a file that is not UTF-8.
    """
    names = {name: _TOP[name] for name in _TOP if (root / name).exists()}
    names |= {
        f"docs/{path.name}": f"{path.stem}.html" for path in sorted((root / "docs").glob("*.md"))
    }
    sources = {name: _read(root, name, file) for name, file in names.items()}
    first = ["README.md", *_LISTED.findall((root / "README.md").read_text(encoding="utf-8"))]
    order = [name for name in dict.fromkeys([*first, *names]) if name in sources]
    return [sources[name] for name in order]


def _read(root: Path, name: str, file: str) -> Source:
    try:
        text = (root / name).read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise RefusedError(f"{name}: the file is not UTF-8.", "Save it as UTF-8.") from None
    source = Source(name, file, _parser().parse(text))
    for at, token in enumerate(source.tokens):
        if token.type == "heading_open":
            title = _words(source.tokens[at + 1])
            anchor = str(token.attrs.get("id", ""))
            source.headings.append(Heading(int(token.tag[1]), anchor, title))
    return source


def _parser() -> MarkdownIt:
    found = MarkdownIt("commonmark").enable("table")
    found.use(anchors_plugin, max_level=6)
    found.add_render_rule("html_block", _html)
    found.add_render_rule("html_inline", _html)
    found.add_render_rule("term", _term)
    found.add_render_rule("fence", _fence)
    found.add_render_rule("table_open", _table_open)
    found.add_render_rule("table_close", _table_close)
    return found


def _html(_: RendererHTML, tokens: Sequence[Token], at: int, *__: Any) -> str:
    """Show HTML in a page as text, since it could bring scripts and styles; comments not at all."""
    content = tokens[at].content
    return "" if content.lstrip().startswith("<!--") else str(escape(content))


def _term(_: RendererHTML, tokens: Sequence[Token], at: int, *__: Any) -> str:
    return str(link(str(tokens[at].meta["place"]), tokens[at].content, code=True))


def _fence(_: RendererHTML, tokens: Sequence[Token], at: int, *__: Any) -> str:
    return highlight(tokens[at].content, tokens[at].info.strip())


def _table_open(_: RendererHTML, __: Any, ___: int, ____: Any, env: dict[str, int]) -> str:
    env["tables"] = number = env.get("tables", 0) + 1
    return f'<div class="scroll" tabindex="0" role="region" aria-label="Table {number}"><table>\n'


def _table_close(*_: Any) -> str:
    return "</table></div>\n"


def _words(token: Token) -> str:
    return "".join(
        " " if each.type in ("softbreak", "hardbreak") else each.content
        for each in token.children or ()
        if each.type != "html_inline"
    )


def make_guide(
    root: Path, sources: Sequence[Source], repository: str, terms: Mapping[str, str]
) -> list[Page]:
    """Return a page for each Markdown file.

    Args:
        root: The folder of the project.
        sources: Its Markdown files.
        repository: The address of its files, "" where it has none.
        terms: The place of each term by its short form, to which code in the text leads.

    Raises:
        RefusedError: naming file and line of each link that leads nowhere.
    """
    writer = _Writer(root, sources, repository, terms)
    pages = [writer.page(source) for source in sources]
    if writer.broken:
        raise RefusedError("\n".join(writer.broken), "Correct these links; nothing was written.")
    return pages


class _Writer:
    def __init__(
        self, root: Path, sources: Sequence[Source], repository: str, terms: Mapping[str, str]
    ) -> None:
        self.root, self.repository, self.terms = root, repository, terms
        self.sources = {source.path: source for source in sources}
        self.broken: list[str] = []

    def page(self, source: Source) -> Page:
        tokens = list(_without_title(source.tokens))
        self._lead(source, tokens)
        for token in tokens:
            # The policy allows no style of an element; only numbers are set to the right.
            if "right" in str(token.attrs.pop("style", "")):
                token.attrs["class"] = "number"
            self._link_terms(token)
        parser = _parser()
        return Page(
            source.file,
            source.title,
            "guide.html",
            {
                "body": Markup(parser.renderer.render(tokens, parser.options, {})),
                "path": source.path,
                "anchor": source.headings[0].anchor if source.headings else "",
            },
            [each for each in source.headings[1:] if each.level <= 3],
            list(_entries(source)),
        )

    def _link_terms(self, token: Token) -> None:
        """Let code that is the short form of a term lead to the term."""
        depth = 0
        for child in token.children or ():
            depth += {"link_open": 1, "link_close": -1}.get(child.type, 0)
            if child.type == "code_inline" and child.content in self.terms and not depth:
                child.type, child.meta = "term", {"place": self.terms[child.content]}

    # ------------------------------------------------------------ links

    def _lead(self, source: Source, tokens: list[Token]) -> None:
        """Let each link lead to a page, or to a file of the repository."""
        line = 0
        for token in tokens:
            line = token.map[0] + 1 if token.map else line
            for child in token.children or ():
                if child.type in ("link_open", "image"):
                    name = "href" if child.type == "link_open" else "src"
                    target = self._target(source, str(child.attrs[name]), line)
                    if target is None:
                        child.attrs.pop(name)  # An ``a`` without an address is plain text.
                    else:
                        child.attrs[name] = target
                elif child.type == "softbreak":
                    line += 1

    def _target(self, source: Source, given: str, line: int) -> str | None:
        parts = urlsplit(given)
        if parts.scheme or parts.netloc:
            return given
        path = source.path
        if parts.path:
            folder = posixpath.dirname(source.path)
            path = posixpath.normpath(posixpath.join(folder, unquote(parts.path)))
        other = self.sources.get(path)
        anchor = unquote(parts.fragment)
        if other is None:
            if path.startswith("..") or not (self.root / path).exists():
                self._break(source, line, given, f"there is no file {path}")
                return None
            return f"{self.repository}/blob/HEAD/{path}" if self.repository else None
        if anchor and anchor not in {heading.anchor for heading in other.headings}:
            self._break(source, line, given, f"{path} has no heading with the anchor #{anchor}")
        return f"/{other.file}" + (f"#{anchor}" if anchor else "")

    def _break(self, source: Source, line: int, given: str, why: str) -> None:
        self.broken.append(f"{source.path}:{line}: the link ({given}) leads nowhere: {why}.")


def _without_title(tokens: list[Token]) -> Iterator[Token]:
    """Yield the tokens after the first heading, which the frame of the page has."""
    start = 3 if tokens and tokens[0].type == "heading_open" else 0
    yield from tokens[start:]


def _entries(source: Source) -> Iterator[Entry]:
    """Yield what stands under each heading."""
    anchor, title, words = "", source.title, list[str]()
    for at, token in enumerate(source.tokens):
        if token.type == "heading_open":
            yield Entry(anchor, title, " ".join(words))
            anchor, title = str(token.attrs.get("id", "")), _words(source.tokens[at + 1])
            words = []
        elif token.type == "inline" and source.tokens[at - 1].type != "heading_open":
            words.append(_words(token))
        elif token.type == "fence":
            words.append(token.content)
    yield Entry(anchor, title, " ".join(words))
