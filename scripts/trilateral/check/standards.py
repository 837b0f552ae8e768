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
from collections.abc import Iterable, Iterator
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

_COMMENT = re.compile(r"^\s*#.*$", re.MULTILINE)
_PREFIX = re.compile(r"PREFIX\s+([\w-]*):\s*<([^>]*)>", re.IGNORECASE)
_NAME = re.compile(r"(?<![\w:?<\"/#-])([a-z][\w-]*):([A-Za-z][\w-]*)")
_IRI = re.compile(r"<([^<>\s]+)>")
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
    """Return ontology, data, agreement figures and what ``queries/derive`` yields as one graph."""
    import pyoxigraph

    store = pyoxigraph.Store()
    store.bulk_extend(
        pyoxigraph.Quad(*triple) for triples in dataset.graphs().values() for triple in triples
    )
    store.extend([pyoxigraph.Quad(*triple) for triple in agreement.triples(store)])
    _add(store, sorted((dataset.home.queries / "derive").glob("*.rq")))
    return store


def close(store: ox.Store, home: Home) -> None:
    """Add to a store all that follows by the standards, then the order of its events."""
    size = -1
    while size != len(store):
        size = len(store)
        _add(store, files(home, "entailment"))
    _add(store, files(home, "order"))


def violations(store: ox.Store, home: Home) -> Iterator[Violation]:
    """Yield what breaks a constraint in a store to which all that follows has been added."""
    # A row that names a clause belongs to the file of that clause.
    clauses = {header(path)["specification"]: path for path in files(home, "order")}
    for path in files(home, "violation"):
        for query in _instances(path, store):
            solutions: Any = store.query(query)
            named = [variable.value for variable in solutions.variables]
            for solution in solutions:
                row = {name: solution[name] for name in named}
                source = clauses[row["clause"].value] if "clause" in row else path
                yield Violation(source, row["focus"].value, _shown(row["detail"]))


def predicates_read(dataset: Dataset) -> frozenset[str]:
    """Return the predicates on which the standards' verdict can depend; it may name too many.

    Those that a query names, those that stand under others, and the components of cubes.
    Derive rules that yield nothing in the terms of a standard do not count.

    >>> from trilateral import dataset
    >>> from trilateral.home import find_home
    >>> read = predicates_read(dataset.read(find_home()))
    >>> prefixes()["tri"] + "codedBy" in read, prefixes()["tri"] + "polarity" in read
    (True, False)
    """
    found = {prefixes()["rdf"] + "type"}
    namespaces = tuple(prefixes()[prefix] for prefix in ("prov", "qb", "skos", "skosxl"))
    for kind in ("entailment", "order", "violation", "instances"):
        for path in files(dataset.home, kind):
            found |= _named_in(sparql.read_text(path))
    for path in (dataset.home.queries / "derive").glob("*.rq"):
        text = sparql.read_text(path)
        if any(name.startswith(namespaces) for name in _named_in(text.partition("WHERE")[0])):
            found |= _named_in(text)
    for triple in dataset.triples(dataset.home.ontology):
        predicate, value = triple.predicate.value, getattr(triple.object, "value", "")
        component = predicate == prefixes()["rdf"] + "type" and value.startswith(prefixes()["qb"])
        if component or predicate == prefixes()["rdfs"] + "subPropertyOf":
            found.add(getattr(triple.subject, "value", ""))
    return frozenset(found)


def _named_in(query: str) -> set[str]:
    """Return the IRIs that a query names, in full or by a prefix of its own or of the table."""
    text = _COMMENT.sub("", query)
    table = {**dict(prefixes()), **dict(_PREFIX.findall(text))}
    short = {table[prefix] + name for prefix, name in _NAME.findall(text) if prefix in table}
    return short | set(_IRI.findall(text))


def files(home: Home, kind: str) -> list[Path]:
    """Return the queries of one kind, in the order in which they are run.

    >>> from trilateral.home import find_home
    >>> [path.name for path in files(find_home(), "instances")]
    ['ic-20-codes-from-hierarchy-instances.rq', 'ic-21-codes-from-hierarchy-inverse-instances.rq']
    """
    return sorted((home.shapes / "standards").rglob(f"*-{kind}.rq"))


def header(path: Path) -> dict[str, Any]:
    """Return the header of a query: summary, the URL of its specification, for some a repair."""
    return sparql.read_header(path, sparql.read_text(path))


def _add(store: ox.Store, paths: Iterable[Path]) -> None:
    """Add to a store what each CONSTRUCT query yields, one after the other."""
    import pyoxigraph

    for path in paths:
        found: Any = store.query(sparql.read_text(path))
        store.extend([pyoxigraph.Quad(*triple) for triple in found])


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
