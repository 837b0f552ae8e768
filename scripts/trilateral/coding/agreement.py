"""Agreement between two codings of one document: Krippendorff's alpha with its interval.

Two kinds of variable are compared. Per unit: the *set* of statement kinds, and
the set of propositions, that a coder found in a passage, with the Jaccard
distance between sets. Per statement: holder, ascriber, ascription, polarity,
intensity and modality of the statements that both coders made about the same
proposition in the same unit.

Alpha after Krippendorff, *Content Analysis* (4th ed. 2019), chapter 12, from the
``krippendorff`` package; the interval by drawing units with replacement
(percentile bootstrap, 1000 draws, fixed seed).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from trilateral import sparql
from trilateral.vocabulary import iri

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import pyoxigraph as ox

    Metric = Any  # the name of a level of measurement, or a distance function

_DRAWS, _SEED = 1000, 2021


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
    by_document: dict[str, list[Coding]] = defaultdict(list)
    for coding in codings(store):
        by_document[coding.document].append(coding)
    return [
        _agreement(document, name, metric, pairs)
        for document, rows in sorted(by_document.items())
        for name, metric, pairs in _variables(rows)
    ]


Pair = tuple[Hashable, Hashable]


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
    import numpy as np

    domain = sorted({value for pair in pairs for value in pair}, key=_order)
    if len(domain) < 2:
        return Agreement(document, variable, metric, len(pairs), None, None, None)
    index = {value: at for at, value in enumerate(domain)}
    counts = np.zeros((len(pairs), len(domain)), dtype=np.int64)
    for at, pair in enumerate(pairs):
        for value in pair:
            counts[at, index[value]] += 1
    distance = _jaccard(domain) if metric == "jaccard" else metric
    value = _alpha(counts, distance)
    random = np.random.default_rng(_SEED)
    draws = [
        drawn
        for _ in range(_DRAWS)
        if (drawn := _alpha(counts[random.integers(len(pairs), size=len(pairs))], distance))
        is not None
    ]
    low, high = np.percentile(draws, [2.5, 97.5]) if draws else (None, None)
    return Agreement(
        document,
        variable,
        metric,
        len(pairs),
        None if value is None else round(value, 3),
        None if low is None else round(float(low), 3),
        None if high is None else round(float(high), 3),
    )


def _order(value: Hashable) -> str:
    return "|".join(sorted(value)) if isinstance(value, frozenset) else str(value)


def _alpha(counts: npt.NDArray[np.int64], metric: Metric) -> float | None:
    """Return alpha, or None when fewer than two values occur, so that none is defined."""
    import krippendorff

    if (counts.sum(axis=0) > 0).sum() < 2:
        return None
    return float(krippendorff.alpha(value_counts=counts, level_of_measurement=metric))


def _jaccard(domain: list[Any]) -> Callable[..., npt.NDArray[np.float64]]:
    """Return the distance between sets: one minus shared over all; two empty sets are equal."""
    import numpy as np

    table = np.array(
        [[1 - len(a & b) / len(a | b) if a | b else 0.0 for b in domain] for a in domain]
    )

    def distance(
        v1: Any,
        v2: Any,
        i1: Any,
        i2: Any,
        n_v: Any,
        dtype: Any = None,
    ) -> npt.NDArray[np.float64]:
        return np.asarray(table[i1, i2])

    return distance


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
