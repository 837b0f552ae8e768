"""View: a client whose queries see the dataset as their default graph, whatever the store.

Stores differ in what a query without GRAPH sees: the union of the named graphs, or only what
lies in none. Naming each graph of the dataset works everywhere, and leaves out what others
keep in the same store. But stores look into each of them for each pattern of a query, so
that where nothing else is there, the union is asked for instead.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator

from trilateral import sparql
from trilateral.remote.client import Client

# The union of all graphs as Jena names it.
_OF_JENA = ("default-graph-uri", "urn:x-arq:UnionGraph")


def see_whole(client: Client, graphs: Collection[str]) -> Client:
    """Return a client that sees these graphs, those of the dataset, and nothing of others.

    Without any graphs, the endpoint answers from its default graph.

    Raises:
        RemoteError: when the endpoint does not answer.
    """
    if not graphs:
        return client
    if not _is_true(client.of_graphs(()), sparql.text_of(__package__, "others")):
        return see_union(client, lambda: graphs) or client.of_graphs(graphs)
    return client.of_graphs(graphs)


def see_union(client: Client, names: Callable[[], Iterable[str]]) -> Client | None:
    """Return a client that sees the union of all graphs of a store, or None where none does.

    Asked is a few times for any one triple, however large the store is; ``names``, of its graphs,
    are needed by Jena alone.

    Raises:
        RemoteError: when the endpoint does not answer.
    """

    def of_jena() -> Iterator[tuple[str, str]]:
        # Who names a default graph has to name those that GRAPH sees as well.
        yield _OF_JENA
        yield from (("named-graph-uri", graph) for graph in names())

    for union in (tuple, lambda: (("union-default-graph", "true"),), of_jena):
        seeing = client.with_parameters(*union())
        if _is_true(seeing, "ASK { ?subject ?property ?object }"):
            return seeing
    return None


def _is_true(client: Client, query: str) -> bool:
    return any(term is not None and term.value == "true" for (term,) in client.ask(query).rows)
