"""Table: the answer to a question as cells that a template writes."""

from __future__ import annotations

from dataclasses import dataclass

from trilateral.serve.site import Answer, Site, Term

_TEXT_FRAGMENT = "#:~:text="


@dataclass(frozen=True)
class Cell:
    """One value as it is shown: its text, the language of the text, and where it leads.

    ``outside`` tells that it leads to a page of somebody else, ``words`` that this opens
    on the words of a passage.
    """

    text: str
    href: str = ""
    language: str = ""
    outside: bool = False
    words: bool = False


@dataclass(frozen=True)
class Table:
    """Column heads and rows of cells; a cell is None where nothing is bound."""

    heads: list[str]
    rows: list[list[Cell | None]]


def make_table(site: Site, answer: Answer, language: str = "en") -> Table:
    """Return an answer as a table, things by their labels in a language.

    A column of labels (``actorLabel``) is left out where the column of things
    (``actor``) stands beside it, which links to the page of each.
    """
    names = [
        name
        for name in answer.variables
        if not (name.endswith("Label") and name.removesuffix("Label") in answer.variables)
    ]
    rows: list[list[Cell | None]] = []
    for row in answer.rows:
        cells: list[Cell | None] = []
        for name in names:
            given = row.get(f"{name}Label")
            if name in row:
                cells.append(make_cell(site, row[name], language, given))
            else:
                cells.append(Cell(given.value, language=given.language) if given else None)
        rows.append(cells)
    return Table([head(name) for name in names], rows)


def make_cell(site: Site, term: Term, language: str = "en", given: Term | None = None) -> Cell:
    """Return a term as it is shown, ``given`` being the label that an answer has for it."""
    if term.kind != "uri":
        return Cell(term.value, language=term.language)
    path = site.path(term.value)
    if path is not None:
        names = site.labels.get(term.value, {})
        spoken = language if language in names else "en"
        text = names.get(spoken) or (given.value if given else site.label(term.value))
        return Cell(text, site_url(path, language), spoken)
    if not term.value.startswith(("https://", "http://")):
        return Cell(term.value)
    words = _TEXT_FRAGMENT in term.value
    return Cell("the words" if words else term.value, term.value, outside=True, words=words)


def site_url(path: str, language: str) -> str:
    """Return a path on this server in a language, which English does not name.

    >>> site_url("/actor/japan", "ja"), site_url("/?q=a", "ja"), site_url("/", "en")
    ('/actor/japan?lang=ja', '/?q=a&lang=ja', '/')
    """
    if language == "en":
        return path
    return f"{path}{'&' if '?' in path else '?'}lang={language}"


def head(name: str) -> str:
    """Return the name of a variable as words.

    >>> head("frameworkKindLabel")
    'framework kind'
    """
    name = name.removesuffix("Label")
    return "".join(f" {each.lower()}" if each.isupper() else each for each in name).strip()
