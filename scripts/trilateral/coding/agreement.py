"""Agreement between two codings of one document: Krippendorff's alpha with its interval.

Two kinds of variable are compared. Per unit: the *set* of statement kinds, and
the set of propositions, that a coder found in a passage, with the Jaccard
distance between sets. Per statement: holder, ascriber, ascription, polarity,
intensity and modality of the statements that both coders made about the same
proposition in the same unit.

How alpha and its interval are computed stands in `alpha`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import astuple, dataclass
from typing import TYPE_CHECKING

from trilateral import sparql
from trilateral.coding import kept
from trilateral.coding.alpha import Pair, alpha_with_interval
from trilateral.vocabulary import iri

if TYPE_CHECKING:
    import pyoxigraph as ox


@dataclass(frozen=True)
class Coding:
    """One row of a coder's sheet. Empty fields were left empty."""

    iri: str
    document: str
    unit: str
    coder: str
    kind: str
    proposition: str = ""
    claim: str = ""
    holder: str = ""
    ascriber: str = ""
    ascription: str = ""
    polarity: str = ""
    intensity: str = ""
    modality: str = ""


@dataclass(frozen=True)
class Agreement:
    """Alpha of one variable over one document, with the ends of its 95 % interval.

    ``alpha`` and the ends are None where no value varies, so that alpha is not defined.
    """

    document: str
    variable: str
    metric: str
    units: int
    alpha: float | None
    low: float | None
    high: float | None


def codings(store: ox.Store) -> list[Coding]:
    """Return the raw codings of a dataset, sorted by document, unit and coder."""
    return [Coding(*row) for row in sparql.rows(store, __package__, "codings")]


def agreements(store: ox.Store) -> list[Agreement]:
    """Return alpha per document and variable, for documents with codings of two coders."""
    rows = codings(store)
    place = kept.place(astuple(row) for row in rows)
    figures = kept.read(place)
    if figures is None:
        figures = [astuple(figure) for figure in _computed(rows)]
        kept.write(place, figures)
    return [Agreement(*figure) for figure in figures]


def _computed(rows: list[Coding]) -> list[Agreement]:
    by_document: dict[str, list[Coding]] = defaultdict(list)
    for coding in rows:
        by_document[coding.document].append(coding)
    return [
        _agreement(document, name, metric, pairs)
        for document, own in sorted(by_document.items())
        for name, metric, pairs in _variables(own)
    ]


def _variables(rows: list[Coding]) -> Iterator[tuple[str, str, list[Pair]]]:
    coders = sorted({row.coder for row in rows})
    if len(coders) != 2:
        return
    sheets = [[row for row in rows if row.coder == coder] for coder in coders]
    for name, field in (("tri:statementKind", "kind"), ("tri:proposition", "proposition")):
        sets = [_sets(sheet, field) for sheet in sheets]
        units = sorted(set(sets[0]) & set(sets[1]))
        yield name, "jaccard", [(sets[0][unit], sets[1][unit]) for unit in units]
    matched = _matched(*sheets)
    for field in ("holder", "ascription", "ascriber", "polarity", "intensity", "modality"):
        metric = "ordinal" if field == "intensity" else "nominal"
        pairs: list[Pair] = [(getattr(a, field), getattr(b, field)) for a, b in matched]
        yield f"tri:{field}", metric, pairs


def _sets(sheet: list[Coding], field: str) -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for row in sheet:
        value = getattr(row, field) or row.claim
        found[row.unit] |= {value} if value else set()
    return {unit: frozenset(values) for unit, values in found.items()}


def _matched(first: list[Coding], second: list[Coding]) -> list[tuple[Coding, Coding]]:
    """Pair the statements on one proposition in one unit, those of the same holder first."""
    left: dict[tuple[str, str], list[Coding]] = defaultdict(list)
    for row in second:
        left[row.unit, row.proposition].append(row)
    pairs, open_rows = [], []
    for row in (row for row in first if row.proposition):
        same = [other for other in left[row.unit, row.proposition] if other.holder == row.holder]
        if same:
            pairs.append((row, same[0]))
            left[row.unit, row.proposition].remove(same[0])
        else:
            open_rows.append(row)
    others = ((row, left[row.unit, row.proposition]) for row in open_rows)
    return pairs + [(row, other.pop(0)) for row, other in others if other]


def _agreement(document: str, variable: str, metric: str, pairs: list[Pair]) -> Agreement:
    return Agreement(document, variable, metric, len(pairs), *alpha_with_interval(pairs, metric))


def triples(store: ox.Store) -> Iterator[ox.Triple]:
    """Yield the agreement figures as observations of the Data Cube."""
    from pyoxigraph import Literal, NamedNode, Triple

    def number(value: float) -> ox.Literal:
        return Literal(f"{value:.3f}", datatype=NamedNode(iri("xsd:decimal")))

    for figure in agreements(store):
        slug = f"{figure.document.rpartition('/')[2]}-{figure.variable.partition(':')[2]}"
        node = NamedNode(iri(f"agreement:{slug}"))
        count = Literal(str(figure.units), datatype=NamedNode(iri("xsd:integer")))
        label = f"Agreement on {figure.variable} in {figure.document.rpartition('/')[2]}"
        pairs: list[tuple[str, ox.NamedNode | ox.Literal]] = [
            ("rdf:type", NamedNode(iri("tri:AgreementFigure"))),
            ("skos:prefLabel", Literal(label, language="en")),
            ("tri:codedDocument", NamedNode(figure.document)),
            ("tri:variable", NamedNode(iri(figure.variable))),
            ("tri:metric", Literal(figure.metric)),
            ("tri:unitsCompared", count),
        ]
        if figure.alpha is None:
            pairs.append(("tri:unknown", NamedNode(iri("tri:alpha"))))
        else:
            pairs += [
                ("rdf:type", NamedNode(iri("qb:Observation"))),
                ("qb:dataSet", NamedNode(iri("agreement:figures"))),
                ("tri:alpha", number(figure.alpha)),
            ]
            ends = (("tri:alphaLow", figure.low), ("tri:alphaHigh", figure.high))
            pairs += [(name, number(end)) for name, end in ends if end is not None]
        for predicate, value in pairs:
            yield Triple(node, NamedNode(iri(predicate)), value)
