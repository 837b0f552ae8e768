"""Engines: one query, run by pyoxigraph (the default) or by rdflib, with the same answer.

Both see the union of the named graphs as default graph, and the named graphs by name.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from trilateral.prefixes import prefixes

if TYPE_CHECKING:
    import pyoxigraph as ox
    import rdflib

    Row = tuple["ox.NamedNode | ox.BlankNode | ox.Literal | None", ...]


@dataclass(frozen=True)
class Answer:
    """What a query gave: rows under variables, or the triples of a CONSTRUCT.

    An ASK gives one row with the variable ``answer``.
    """

    variables: tuple[str, ...]
    rows: tuple[Row, ...] = ()
    triples: tuple[ox.Triple, ...] = ()


def ask_oxigraph(store: ox.Store, query: str) -> Answer:
    """Run a query on the embedded store.

    Raises:
        SyntaxError: when the text is no SPARQL 1.1 query.
    """
    import pyoxigraph

    found = store.query(query, prefixes=dict(prefixes()), use_default_graph_as_union=True)
    if isinstance(found, pyoxigraph.QueryTriples):
        return Answer((), triples=tuple(found))
    if isinstance(found, pyoxigraph.QueryBoolean):
        return _truth(bool(found))
    names = tuple(variable.value for variable in found.variables)
    return Answer(names, tuple(tuple(solution) for solution in found))


def ask_rdflib(store: ox.Store, query: str) -> Answer:
    """Run a query with rdflib on a copy of the store."""
    return ask_rdflib_dataset(rdflib_dataset(store), query)


def rdflib_dataset(store: ox.Store) -> rdflib.Dataset:
    """Return a copy of a store as an rdflib dataset whose default graph is the union."""
    import pyoxigraph
    import rdflib

    dataset = rdflib.Dataset(default_union=True)
    dumped = store.dump(format=pyoxigraph.RdfFormat.N_QUADS)
    assert dumped is not None
    dataset.parse(data=dumped.decode("utf-8"), format="nquads")
    return dataset


def ask_rdflib_dataset(dataset: rdflib.Dataset, query: str) -> Answer:
    """Run a query on an rdflib dataset."""
    found = dataset.query(query, initNs=dict(prefixes()))
    if found.type == "ASK":
        return _truth(bool(found.askAnswer))
    if found.type != "SELECT":
        assert found.graph is not None
        return Answer((), triples=tuple(_triple(triple) for triple in found.graph))
    names = tuple(str(variable) for variable in found.vars or ())
    rows = tuple(
        tuple(_term(bindings.get(variable)) for variable in found.vars or ())
        for bindings in found.bindings
    )
    return Answer(names, rows)


def _truth(value: bool) -> Answer:
    import pyoxigraph

    return Answer(("answer",), ((pyoxigraph.Literal(value),),))


def _triple(triple: Iterable[object]) -> ox.Triple:
    import pyoxigraph

    return pyoxigraph.Triple(*(_term(term) for term in triple))  # type: ignore[arg-type]


def _term(term: object) -> ox.NamedNode | ox.BlankNode | ox.Literal | None:
    import pyoxigraph
    import rdflib

    if term is None:
        return None
    if isinstance(term, rdflib.URIRef):
        return pyoxigraph.NamedNode(str(term))
    if isinstance(term, rdflib.BNode):
        return pyoxigraph.BlankNode(str(term))
    assert isinstance(term, rdflib.Literal)
    if term.language:
        return pyoxigraph.Literal(str(term), language=term.language)
    datatype = pyoxigraph.NamedNode(str(term.datatype)) if term.datatype else None
    return pyoxigraph.Literal(str(term), datatype=datatype)


ENGINES: dict[str, Callable[[ox.Store, str], Answer]] = {
    "oxigraph": ask_oxigraph,
    "rdflib": ask_rdflib,
}
