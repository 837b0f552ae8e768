"""Evidence: what each statement rests on, who coded it, and how sure that is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from trilateral.serve.pages.language import words_in
from trilateral.serve.pages.table import Cell, make_cell, plain
from trilateral.serve.pages.things.asking import Asking
from trilateral.serve.pages.things.section import question_of
from trilateral.serve.site import Row, Site, Term, node


@dataclass(frozen=True)
class Ground:
    """One ground: the page of the source, and the link to the words or to the record."""

    source: Cell
    link: Cell


@dataclass
class Evidence:
    """What one statement rests on; ``statement`` leads to its own page.

    ``weak`` tells that the register that attests it is a weak one.
    """

    statement: Cell
    grounds: list[Ground] = field(default_factory=list)
    coders: list[Cell] = field(default_factory=list)
    confidence: Cell | None = None
    weak: bool = False


async def evidence_for(asking: Asking, statements: Iterable[str]) -> dict[str, Evidence]:
    """Return the evidence for statements, by their IRIs; one question for all of them."""
    wanted = sorted(set(statements))
    if not wanted:
        return {}
    site, language = asking.site, asking.language
    text = question_of(site, "evidence").bound({"statement": " ".join(map(node, wanted))})
    found = {iri: Evidence(_own_page(site, iri, language)) for iri in wanted}
    for row in (await asking.query(text)).rows:
        _add(site, found[row["statement"].value], row, language)
    return found


def _own_page(site: Site, iri: str, language: str) -> Cell:
    return Cell(plain(site.label(iri, language)), make_cell(site, Term("uri", iri), language).href)


def _add(site: Site, evidence: Evidence, row: Row, language: str) -> None:
    if "source" in row:
        record = words_in(language).gettext("record")
        opened = make_cell(site, row["link"], language, Term("literal", record))
        evidence.grounds.append(Ground(make_cell(site, row["source"], language), opened))
    elif "coder" in row:
        evidence.coders.append(make_cell(site, row["coder"], language))
    elif "confidence" in row:
        evidence.confidence = make_cell(site, row["confidence"], language)
    elif "weak" in row:
        evidence.weak = row["weak"].value in ("true", "1")
