"""Standards: the constraints of Data Cube, SKOS and PROV, on what ontology and data entail.

``shapes/standards`` holds one query per constraint, named as its specification names
it. The end of a name tells what a query is:

- ``-entailment``: a CONSTRUCT whose triples follow from a standard, or from our terms
  being aligned to it;
- ``-order``: a CONSTRUCT of the events of which one must not come after the other;
- ``-violation``: a SELECT, each row of which is an error;
- ``-instances``: a SELECT of the properties that a template among the violations is run for.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from trilateral import sparql
from trilateral.coding import agreement
from trilateral.dataset import Dataset
from trilateral.findings import Finding
from trilateral.home import Home
from trilateral.prefixes import prefixes

if TYPE_CHECKING:
    import pyoxigraph as ox

_CONSTRUCT = re.compile(r"^CONSTRUCT\b", re.MULTILINE)
# Stands in a template for the property that it is run for.
_PROPERTY = "<urn:trilateral:property>"


@dataclass(frozen=True, order=True)
class Violation:
    """A thing that breaks a constraint: the constraint's file, the thing's IRI, what is wrong."""

    path: Path
    focus: str
    detail: str = ""

    @property
    def rule(self) -> str:
        """Return the name of the constraint: its standard, and what its specification calls it.

        >>> Violation(Path("shapes/standards/skos/s9-scheme-is-no-concept-violation.rq"), "").rule
        'skos/s9-scheme-is-no-concept'
        """
        return f"{self.path.parent.name}/{self.path.stem.rpartition('-')[0]}"


def run_standards(dataset: Dataset) -> list[Violation]:
    """Return what of ontology and data breaks a constraint, sorted.

    >>> from trilateral import dataset
    >>> from trilateral.home import find_home
    >>> run_standards(dataset.read(find_home()))
    []
    """
    store = union(dataset)
    close(store, dataset.home)
    return sorted(set(violations(store, dataset.home)))


def standard_findings(dataset: Dataset, found: Iterable[Violation]) -> Iterator[Finding]:
    """Yield violations as findings, with the place of the thing."""
    for violation in found:
        about = header(violation.path)
        file, line = dataset.locate(violation.focus)
        message = " ".join(part for part in (about["summary"], violation.detail) if part)
        focus = prefixes().compact(violation.focus)
        yield Finding(file, line, violation.rule, message, focus, about["repair"])


def union(dataset: Dataset) -> ox.Store:
    """Return ontology, data and agreement figures as one graph."""
    import pyoxigraph

    store = pyoxigraph.Store()
    store.bulk_extend(
        pyoxigraph.Quad(*triple) for triples in dataset.graphs().values() for triple in triples
    )
    store.extend(pyoxigraph.Quad(*triple) for triple in agreement.triples(store))
    return store


def close(store: ox.Store, home: Home, among: Container[Path] | None = None) -> None:
    """Add to a store what is derived, what follows by the standards, and the order of its events.

    With ``among``, only what these queries yield.
    """
    _add(store, _among(among, files(home, "derive")))
    entailments = _among(among, files(home, "entailment"))
    size = -1
    while size != len(store):
        size = len(store)
        _add(store, entailments)
    _add(store, _among(among, files(home, "order")))


def violations(
    store: ox.Store, home: Home, among: Container[Path] | None = None
) -> Iterator[Violation]:
    """Yield what breaks a constraint in a store to which all that follows has been added.

    With ``among``, only what breaks these constraints.
    """
    for path in _among(among, files(home, "violation")):
        for query in _instances(path, store):
            solutions: Any = store.query(query)
            named = [variable.value for variable in solutions.variables]
            for solution in solutions:
                row = {name: solution[name] for name in named}
                # A row that names a clause belongs to the file of that clause.
                source = _clauses(home)[row["clause"].value] if "clause" in row else path
                yield Violation(source, row["focus"].value, _shown(row["detail"]))


def files(home: Home, kind: str) -> list[Path]:
    """Return the queries of one kind, in the order in which they are run.

    >>> from trilateral.home import find_home
    >>> [path.name for path in files(find_home(), "instances")]
    ['ic-20-codes-from-hierarchy-instances.rq', 'ic-21-codes-from-hierarchy-inverse-instances.rq']
    """
    if kind == "derive":
        return sorted((home.queries / "derive").glob("*.rq"))
    return sorted((home.shapes / "standards").rglob(f"*-{kind}.rq"))


def _among(wanted: Container[Path] | None, paths: list[Path]) -> list[Path]:
    return paths if wanted is None else [path for path in paths if path in wanted]


def _clauses(home: Home) -> dict[str, Path]:
    return {header(path)["specification"]: path for path in files(home, "order")}


def header(path: Path) -> dict[str, Any]:
    """Return the header of a query: summary, the URL of its specification, for some a repair."""
    return sparql.read_header(path, sparql.read_text(path))


def _add(store: ox.Store, paths: Iterable[Path]) -> None:
    """Add to a store what each CONSTRUCT query yields, one after the other."""
    for path in paths:
        # As an update the triples never leave the store, which is twice as fast.
        store.update(_CONSTRUCT.sub("INSERT", sparql.read_text(path), count=1))


def _instances(path: Path, store: ox.Store) -> Iterator[str]:
    """Yield the text of a query, or of a template once for each property that it is for."""
    text = sparql.read_text(path)
    if _PROPERTY not in text.partition("SELECT")[2]:
        yield text
        return
    instances = path.with_name(path.name.replace("-violation", "-instances"))
    found: Any = store.query(sparql.read_text(instances))
    for solution in found:
        yield text.replace(_PROPERTY, str(solution["property"]))


def _shown(term: ox.NamedNode | ox.BlankNode | ox.Literal | None) -> str:
    import pyoxigraph

    if term is None:
        return ""
    return prefixes().compact(term.value) if isinstance(term, pyoxigraph.NamedNode) else term.value
