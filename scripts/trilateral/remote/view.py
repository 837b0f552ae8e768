"""View: a client whose queries see the dataset as their default graph, whatever the store.

Stores differ in what a query without GRAPH sees: the union of the named graphs, or only what
lies in none. Naming each graph of the dataset works everywhere, and leaves out what others
keep in the same store. But stores look into each of them for each pattern of a query, so
that where nothing else is there, the union is asked for instead.
"""

from __future__ import annotations

from collections.abc import Collection

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
        # Who names a default graph has to name those that GRAPH sees as well.
        named = (("named-graph-uri", graph) for graph in graphs)
        for union in ((), (("union-default-graph", "true"),), (_OF_JENA, *named)):
            seeing = client.with_parameters(*union)
            if _is_true(seeing, "ASK { ?subject ?property ?object }"):
                return seeing
    return client.of_graphs(graphs)


def _is_true(client: Client, query: str) -> bool:
    return any(term is not None and term.value == "true" for (term,) in client.ask(query).rows)
