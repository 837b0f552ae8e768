"""Graph store: any SPARQL 1.1 Graph Store Protocol endpoint, graph by graph.

The protocol has no request for several graphs, so that readers see old and new ones side by
side while a load runs. Graphs that have arrived are as they should be, and the next load
goes on with the others.
"""

from __future__ import annotations

from trilateral.load.change import Change
from trilateral.load.copies import marker_graph
from trilateral.load.graphs import Graph
from trilateral.load.targets.target import Target
from trilateral.load.transport import Transport

_GONE = (404,)


class _GraphStore(Target):
    name = "gsp"
    whole = False
    how = "graph by graph"
    union = "it depends on the store"

    def apply(self, change: Change, transport: Transport) -> None:
        """Make a change graph by graph; meanwhile nothing says that the store holds a version."""
        marker = marker_graph()
        self._delete(marker, transport)
        graphs = {name: change.graphs[name] for name in change.graphs if name != marker}
        for number, graph in enumerate(graphs.values(), 1):
            transport.progress(f"graph {number} of {len(graphs)}")
            self._put(graph, transport)
        for name in change.gone:
            self._delete(name, transport)
        if marker in change.graphs:
            self._put(change.graphs[marker], transport)

    def _put(self, graph: Graph, transport: Transport) -> None:
        transport.send("PUT", self.url, graph.ntriples, "text/turtle", {"graph": graph.name})

    def _delete(self, graph: str, transport: Transport) -> None:
        transport.send("DELETE", self.url, parameters={"graph": graph}, also=_GONE)


def graph_store(url: str) -> Target:
    """Return the graph store at an address such as ``http://127.0.0.1:7878/store``."""
    return _GraphStore(url, "")
