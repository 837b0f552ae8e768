"""Table: the answer to a question as cells that a template writes."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple, overload
from urllib.parse import unquote

from markupsafe import Markup

from trilateral.prefixes import prefixes
from trilateral.serve.pages.language import words_in
from trilateral.serve.site import Answer, Row, Site, Term

_TEXT_FRAGMENT = "#:~:text="
_XSD = "http://www.w3.org/2001/XMLSchema#"
_NUMBERS = {_XSD + name for name in ("integer", "decimal", "double", "float")}
_DATE = re.compile(r"-?\d{4}-\d{2}(-\d{2}(T.*)?)?Z?")
_DATES = {_XSD + name for name in ("date", "dateTime", "gYear", "gYearMonth")}
_LONGEST = 60


class Cell(NamedTuple):
    """One value as it is shown: its text, the language of the text, and where it leads.

    ``outside`` tells that it leads to a page of somebody else, ``words`` that this opens
    on the words of a passage. ``kind`` is ``date`` or ``number`` where the value is one.
    """

    text: str
    href: str = ""
    language: str = ""
    outside: bool = False
    words: bool = False
    kind: str = ""


@dataclass(frozen=True)
class Table:
    """Column heads and rows of cells; a cell is None where nothing is bound."""

    heads: list[str]
    rows: Rows


class Rows(Sequence[list[Cell | None]]):
    """Rows of cells, made when they are looked at: of thousands a page shows the first."""

    def __init__(self, rows: Sequence[Row], made: Callable[[Row], list[Cell | None]]) -> None:
        self._rows, self._made = rows, made

    def __len__(self) -> int:
        return len(self._rows)

    @overload
    def __getitem__(self, at: int) -> list[Cell | None]: ...

    @overload
    def __getitem__(self, at: slice) -> list[list[Cell | None]]: ...

    def __getitem__(self, at: int | slice) -> list[Cell | None] | list[list[Cell | None]]:
        if isinstance(at, slice):
            return [self._made(row) for row in self._rows[at]]
        return self._made(self._rows[at])


def make_table(
    site: Site,
    answer: Answer,
    language: str = "en",
    without: Collection[str] = (),
    *,
    raw: bool = False,
) -> Table:
    """Return an answer as a table, things by their labels in a language.

    The names of columns and what our questions put into cells are said in the language
    too, unless the answer is ``raw``: one to a query of somebody else.

    A column of labels (``actorLabel``) is left out where the column of things
    (``actor``) stands beside it, which links to the page of each; so are the columns
    ``without``, which the page says already.
    """
    names = [
        name
        for name in answer.variables
        if name not in without
        and not (name.endswith("Label") and name.removesuffix("Label") in answer.variables)
    ]

    def made(row: Row) -> list[Cell | None]:
        return [_cell_of(site, row, name, language, raw) for name in names]

    heads = [head(name) if raw else column(name, language) for name in names]
    return Table(heads, Rows(answer.rows, made))


def _cell_of(site: Site, row: Row, name: str, language: str, raw: bool) -> Cell | None:
    term, given = row.get(name), row.get(f"{name}Label")
    if term is None:
        return Cell(plain(given.value), language=given.language) if given else None
    if not raw:
        term = spoken_term(site, term, name, language)
    return make_cell(site, term, language, given, raw=raw)


def spoken_term(site: Site, term: Term, column: str, language: str) -> Term:
    """Return a value of a column in a language, where it is a word of our vocabulary."""
    if term.language != "en" or language == "en":
        return term
    said = site.vocabulary.say(term.value, column, language)
    return Term("literal", said, language=language) if said else term


def make_cell(
    site: Site, term: Term, language: str = "en", given: Term | None = None, *, raw: bool = False
) -> Cell:
    """Return a term as it is shown, ``given`` being the label that an answer has for it.

    A text of no language may be a word of one of our questions, unless it is ``raw``.
    """
    if term.kind != "uri":
        ours = not (raw or term.language or term.datatype)
        text = words_in(language).pgettext("value", term.value) if ours else term.value
        return Cell(plain(text), language=term.language, kind=_kind_of(term))
    path = site.path(term.value)
    if path is not None:
        names = site.labels.get(term.value, {})
        tongue = language if language in names else "en"
        text = names.get(tongue) or (given.value if given else site.label(term.value))
        return Cell(plain(text), site_url(path, language), tongue)
    if not term.value.startswith(("https://", "http://")):
        return Cell(plain(term.value))
    passage = _TEXT_FRAGMENT in term.value
    told = plain(given.value if given else short(term.value))
    text = words_in(language).gettext("the words") if passage else told
    return Cell(text, term.value, outside=True, words=passage)


@lru_cache(maxsize=1 << 15)
def write_cell(cell: Cell | None) -> Markup:
    """Return a value as the site writes it, a link or text; None is an empty cell.

    Not by a template: a page has thousands of values, most of them many times.

    >>> write_cell(Cell("Japan", "/actor/japan", "en"))
    Markup('<a href="/actor/japan" lang="en">Japan</a>')
    """
    if cell is None:
        return Markup()
    language = Markup(' lang="{}"').format(cell.language) if cell.language else ""
    if not cell.href:
        return Markup("<bdi{}>{}</bdi>").format(language, cell.text)
    if cell.outside:
        kind = "words" if cell.words else "outside"
        language = Markup(' rel="noopener noreferrer" class="{}"').format(kind)
    return Markup('<a href="{}"{}>{}</a>').format(cell.href, language, cell.text)


def write_cells(cells: Iterable[Cell]) -> Markup:
    """Return values one after another."""
    return Markup("; ").join(map(write_cell, cells))


def _kind_of(term: Term) -> str:
    if term.datatype in _NUMBERS:
        return "number"
    return "date" if term.datatype in _DATES or _DATE.fullmatch(term.value) else ""


def spoken(site: Site, iri: str, language: str) -> str:
    """Return the language of the label that a thing has on a page: that of the page, or English."""
    return language if language in site.labels.get(iri, {}) else "en"


def plain(text: str) -> str:
    """Return a text without characters that nobody sees but that turn others round.

    Control characters and the marks of writing direction (Unicode Standard Annex 9) are
    left out, so that a label cannot pass itself, or what stands beside it, off as another.

    >>> plain("safe" + chr(0x202E) + "txt" + chr(7))
    'safetxt'
    """
    if text.isascii() and text.isprintable():
        return text
    return "".join(each for each in text if each in "\n\t" or not _unseen(each))


def _unseen(character: str) -> bool:
    # The joiners U+200C and U+200D are needed to write some scripts, and turn nothing round.
    return unicodedata.category(character) in ("Cc", "Cs", "Cf") and character not in "\u200c\u200d"


def short(iri: str) -> str:
    """Return an IRI of others as people write it: its short form, or host and path.

    >>> short("http://www.w3.org/2004/02/skos/core#Concept")
    'skos:Concept'
    >>> short("https://www.example.org/a%20page/")
    'example.org/a page'
    """
    if prefixes().split(iri):
        return prefixes().compact(iri)
    text = unquote(iri.partition("://")[2]).removeprefix("www.").rstrip("/")
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


def site_url(path: str, language: str) -> str:
    """Return a path on this server in a language, which English does not name.

    >>> site_url("/actor/japan", "ja"), site_url("/?q=a#b", "ja"), site_url("/", "en")
    ('/actor/japan?lang=ja', '/?q=a&lang=ja#b', '/')
    """
    if language == "en":
        return path
    path, mark, part = path.partition("#")
    return f"{path}{'&' if '?' in path else '?'}lang={language}{mark}{part}"


def column(name: str, language: str) -> str:
    """Return the head of a column: the name of a variable as words of a language."""
    return words_in(language).pgettext("column", head(name))


def head(name: str) -> str:
    """Return the name of a variable as English words.

    >>> head("frameworkKindLabel")
    'framework kind'
    """
    name = name.removesuffix("Label")
    return "".join(f" {each.lower()}" if each.isupper() else each for each in name).strip()
