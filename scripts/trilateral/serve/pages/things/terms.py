"""Terms: the classes and properties of the ontology, as its page shows them."""

from __future__ import annotations

from dataclasses import dataclass, field

from trilateral.prefixes import prefixes
from trilateral.serve.pages.table import Cell
from trilateral.serve.pages.things.asking import Asking
from trilateral.serve.pages.things.section import question_of
from trilateral.serve.pages.things.tables import term_cell
from trilateral.serve.site import Site, Term

_LINKS = ("broader", "domain", "range")
_TEXTS = ("definition", "note", "example")


@dataclass
class OntologyTerm:
    """One class or property; ``anchor`` is the fragment of its IRI."""

    anchor: str
    kind: str
    label: Cell
    texts: dict[str, str] = field(default_factory=dict)
    links: dict[str, list[Cell]] = field(default_factory=dict)


async def terms_of(asking: Asking) -> tuple[str, dict[str, list[OntologyTerm]]]:
    """Return the query and its terms, classes and properties apart, in the order of their names."""
    site, language = asking.site, asking.language
    text = question_of(site, "terms-of-the-ontology").bound({})
    terms: dict[str, OntologyTerm] = {}
    for row in (await asking.query(text)).rows:
        anchor = row["term"].value.removeprefix(prefixes()["tri"])
        label = term_cell(site, row["term"], language)
        term = terms.setdefault(anchor, OntologyTerm(anchor, row["kind"].value, label))
        term.texts.update({name: row[name].value for name in _TEXTS if name in row})
        for name in _LINKS:
            if name in row:
                _add(term.links.setdefault(name, []), site, row[name], language)
    groups: dict[str, list[OntologyTerm]] = {}
    for term in terms.values():
        groups.setdefault(term.kind, []).append(term)
    return text, groups


def _add(cells: list[Cell], site: Site, value: Term, language: str) -> None:
    cell = term_cell(site, value, language)
    if cell not in cells:
        cells.append(cell)
