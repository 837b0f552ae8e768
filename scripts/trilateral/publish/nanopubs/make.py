"""Make nanopublications of positions, as bytes and without touching the disk."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from trilateral import sparql, turtle
from trilateral.ask.engines import ask_oxigraph
from trilateral.prefixes import Prefixes, prefixes
from trilateral.publish.nanopubs.plan import Plan
from trilateral.publish.nanopubs.positions import Position, question

if TYPE_CHECKING:
    import pyoxigraph as ox

# Named so by custom; each has its query.
_GRAPHS = ("Head", "assertion", "provenance", "pubinfo")
# Vocabularies that describe publications, which the data do not use.
_MORE = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "np": "http://www.nanopub.org/nschema#",
    "npx": "http://purl.org/nanopub/x/",
}


def make(plan: Plan, store: ox.Store, positions: Iterable[Position]) -> dict[str, bytes]:
    """Return a TriG file for each position by name; the same bytes for the same data and day.

    The store holds the dataset, which must have passed the checks. Provenance that
    ``queries/derive/`` derives is added to it.
    """
    import pyoxigraph

    rule = plan.home.queries / "derive" / "positions-as-provenance.rq"
    derived = pyoxigraph.NamedNode(prefixes()["graph"] + "derived")
    store.extend(
        pyoxigraph.Quad(t.subject, t.predicate, t.object, derived)
        for t in ask_oxigraph(store, sparql.read_text(rule)).triples
    )
    queries = {name: question(name.lower()) for name in _GRAPHS}
    files = {}
    for each in positions:
        terms = {
            "stance": f"<{each.stance}>",
            "nanopub": f"<{each.nanopub}>",
            "graph": f"<{each.graph}>",
            "licence": f"<{plan.licence}>",
            "day": f'"{plan.day.isoformat()}"',
        }
        graphs = {
            each.nanopub + name: ask_oxigraph(store, query.bound(terms)).triples
            for name, query in queries.items()
        }
        table = Prefixes({**prefixes(), **_MORE, "": each.nanopub})
        files[each.name] = turtle.write_dataset(graphs, table).encode()
    return files
