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
    kept: dict[str, list[Row] | None] = {iri: site.kept.get(_key(iri)) for iri in wanted}
    missing = [iri for iri, rows in kept.items() if rows is None]
    if missing:
        rows = (await asking.query(asked(site, missing))).rows
        kept |= keep_evidence(site, missing, rows)
    found = {iri: Evidence(_own_page(site, iri, language)) for iri in wanted}
    for iri, evidence in found.items():
        for row in kept[iri] or ():
            _add(site, evidence, row, language)
    return found


def asked(site: Site, statements: Iterable[str]) -> str:
    """Return the query for the evidence of statements."""
    terms = " ".join(map(node, statements))
    return question_of(site, "evidence").bound({"statement": terms})


def keep_evidence(
    site: Site, statements: Iterable[str], rows: Iterable[Row]
) -> dict[str, list[Row]]:
    """Keep and return the rows of each statement, which several pages show."""
    found: dict[str, list[Row]] = {iri: [] for iri in statements}
    for row in rows:
        found[row["statement"].value].append(row)
    for iri, each in found.items():
        site.kept.put(_key(iri), each, _A_STATEMENT + _A_ROW * len(each))
    return found


# Bytes of a list of rows and of a row that are kept, about.
_A_STATEMENT, _A_ROW = 300, 1500


def _key(iri: str) -> str:
    return f"evidence {iri}"


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
