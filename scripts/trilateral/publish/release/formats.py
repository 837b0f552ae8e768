"""Formats: the dataset in each RDF format, and each of its graphs alone.

N-Quads, TriG and JSON-LD hold the named graphs; Turtle and RDF/XML hold the triples of
all of them together, as those formats have no graphs.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from trilateral import turtle
from trilateral.prefixes import prefixes
from trilateral.publish.release.refusals import RefusedError

if TYPE_CHECKING:
    import pyoxigraph as ox

_RDF_XML = "application/rdf+xml"


def write_formats(build: Mapping[str, bytes], store: ox.Store) -> dict[str, bytes]:
    """Return the RDF files of a release by name, those of the whole dataset not yet compressed.

    Args:
        build: The files of a build.
        store: What its ``dataset.nq`` holds.

    Raises:
        RefusedError: for a property that RDF/XML cannot name.
    """
    from trilateral.serve.linked_data import jsonld

    graphs = read_graphs(build["dataset.nq"])
    context = jsonld.make_context(store)
    files = {name: data for name, data in build.items() if name != "manifest.json"}
    files["dataset.jsonld"] = _json_ld(graphs, context)
    files["dataset.rdf"] = _rdf_xml(store, build["dataset.nq"])
    files["context.jsonld"] = _json(context.document())
    for name, triples in graphs.items():
        files[f"graphs/{graph_path(name)}.ttl"] = turtle.write(triples).encode()
    return files


def graph_path(name: str) -> str:
    """Return the path of the file of a named graph, without its ending.

    >>> graph_path(prefixes()["graph"] + "actors/states")
    'actors/states'
    """
    return name.removeprefix(prefixes()["graph"])


def read_graphs(nquads: bytes) -> dict[str, list[ox.Triple]]:
    """Return the named graphs of N-Quads by IRI, sorted, each with its triples sorted."""
    import pyoxigraph

    graphs: dict[str, list[ox.Triple]] = defaultdict(list)
    for quad in pyoxigraph.parse(nquads, format=pyoxigraph.RdfFormat.N_QUADS):
        graphs[getattr(quad.graph_name, "value", "")].append(quad.triple)
    return {name: sorted(graphs[name], key=_place) for name in sorted(graphs)}


def _place(triple: ox.Triple) -> tuple[str, bool, str, str]:
    """Return the place of a triple in a document: by subject, its type first."""
    predicate = triple.predicate.value
    is_type = predicate == prefixes()["rdf"] + "type"
    return str(triple.subject), not is_type, predicate, str(triple.object)


def _json_ld(graphs: Mapping[str, Iterable[ox.Triple]], context: Any) -> bytes:
    """Return named graphs as one document that carries the published context in full."""
    import pyoxigraph

    from trilateral.serve.linked_data import jsonld

    def nodes(context: jsonld.Context, url: str) -> list[dict[str, Any]]:
        return [
            {"@id": name, "@graph": json.loads(jsonld.write(triples, context, url))["@graph"]}
            for name, triples in graphs.items()
        ]

    if any(
        context.clashes(term.value)
        for triples in graphs.values()
        for triple in triples
        for term in (triple.subject, triple.predicate, triple.object)
        if isinstance(term, pyoxigraph.NamedNode)
    ):
        # An IRI would be read as a prefix and a name: written out, each means itself.
        return _json({"@graph": nodes(jsonld.Context(), "")})
    return _json({**context.document(), "@graph": nodes(context, "context.jsonld")})


def _json(value: Any) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=1) + "\n").encode()


def _rdf_xml(store: ox.Store, nquads: bytes) -> bytes:
    """Return the triples of N-Quads as RDF/XML, written as the server writes them."""
    import pyoxigraph

    from trilateral.serve.workers.writing import Output, write_quads

    class Kept(Output):
        """An answer that stays in memory, whole."""

        def __init__(self) -> None:
            self.body = bytearray()

        def head(self, **said: Any) -> None:
            pass

        def write(self, data: bytes) -> int:
            self.body += data
            return len(data)

    kept = Kept()
    # Not those of the store, which has one form for all that is equal: 33 for 33.0.
    quads = pyoxigraph.parse(nquads, format=pyoxigraph.RdfFormat.N_QUADS)
    try:
        write_quads(store, quads, {"media": _RDF_XML}, kept)
    except ValueError as error:
        raise RefusedError(str(error), "Give the property another IRI.") from None
    return bytes(kept.body)
