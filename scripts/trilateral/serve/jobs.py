"""Jobs: what a worker can be asked for; each reads the store and writes one answer."""

from __future__ import annotations

import json
import re
import socket
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from typing import IO, Any, cast

import pyoxigraph as ox

from trilateral.prefixes import prefixes
from trilateral.serve import jsonld, wire
from trilateral.serve.query_text import explain, has_dataset

_CHUNK = 1 << 16
_SOLUTIONS = {
    "application/sparql-results+json": ox.QueryResultsFormat.JSON,
    "application/sparql-results+xml": ox.QueryResultsFormat.XML,
    "text/csv": ox.QueryResultsFormat.CSV,
    "text/tab-separated-values": ox.QueryResultsFormat.TSV,
}
_GRAPHS = {
    each.media_type: each
    for each in (
        ox.RdfFormat.TURTLE,
        ox.RdfFormat.N_TRIPLES,
        ox.RdfFormat.RDF_XML,
        ox.RdfFormat.TRIG,
        ox.RdfFormat.N_QUADS,
    )
}
_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
# Datatypes that Turtle writes without their name.
_UNNAMED = {
    "http://www.w3.org/1999/02/22-rdf-syntax-ns#langString",
    *(f"http://www.w3.org/2001/XMLSchema#{name}" for name in ("string", "integer", "boolean")),
}
_DATASETS = ("application/trig", "application/n-quads")
_WITH_PREFIXES = ("text/turtle", "application/trig", "application/rdf+xml")
_JSON_LD = "application/ld+json"
_VERSION = ox.NamedNode("http://www.w3.org/2002/07/owl#versionIRI")
# The parts of a whole, which its document describes with it: terms and concepts.
_PART_OF = (
    ox.NamedNode("http://www.w3.org/2000/01/rdf-schema#isDefinedBy"),
    ox.NamedNode("http://www.w3.org/2004/02/skos/core#inScheme"),
)


class TooLongError(Exception):
    """The answer is longer than an answer may be."""


class RefusedError(Exception):
    """The job cannot be done; the two parts are a word for the kind and a sentence."""


class Output:
    """What an answer is written into: frames on the socket, up to a limit of bytes."""

    def __init__(self, stream: socket.socket, limit: int) -> None:
        self.stream = stream
        self.left = limit
        self.waiting = bytearray()

    def head(self, **said: Any) -> None:
        """Say what the answer is, before it begins."""
        self.stream.sendall(wire.json_frame(wire.HEAD, said))

    def write(self, data: bytes) -> int:
        """Write a part.

        Raises:
            TooLongError: when it is more than the answer may hold.
        """
        self.left -= len(data)
        if self.left < 0:
            raise TooLongError
        self.waiting += data
        if len(self.waiting) >= _CHUNK:
            self.flush()
        return len(data)

    def flush(self) -> None:
        """Send what is written but not yet sent."""
        if self.waiting:
            self.stream.sendall(wire.frame(wire.PART, bytes(self.waiting)))
            self.waiting.clear()


Job = Mapping[str, Any]


def _query(store: ox.Store, job: Job, output: Output) -> None:
    """Run a query.

    ``solutions``, ``boolean`` (if other than these) and ``graph`` are the media types that
    its answer has, by what it is. ``default`` and ``named`` are the dataset; without it and
    without one in the query, the default graph is the union of all graphs. ``base`` is what
    relative IRIs are relative to; with ``prefixes`` those of the project are declared.
    """
    text = job["query"]
    default, named = job.get("default"), job.get("named")
    given = default is not None or named is not None
    try:
        found = store.query(
            text,
            base_iri=job.get("base"),
            prefixes=dict(prefixes()) if job.get("prefixes") else None,
            # The union takes the place of whatever FROM names.
            use_default_graph_as_union=not given and not has_dataset(text),
            default_graph=[ox.NamedNode(each) for each in default or ()] if given else None,
            named_graphs=[ox.NamedNode(each) for each in named or ()] if given else None,
        )
    except SyntaxError as error:
        raise RefusedError("syntax", explain(str(error), text, prefixes())) from None
    if isinstance(found, ox.QueryTriples):
        form, media = "graph", job.get("graph")
    elif isinstance(found, ox.QueryBoolean):
        form, media = "boolean", job.get("boolean", job.get("solutions"))
    else:
        form, media = "solutions", job.get("solutions")
    if not media:
        raise RefusedError("not-acceptable", form)
    output.head(form=form, media=media)
    if isinstance(found, ox.QueryTriples):
        _serialize(store, found, job, output, media)
    else:
        found.serialize(cast("IO[bytes]", output), format=_SOLUTIONS[media])


def _describe(store: ox.Store, job: Job, output: Output) -> None:
    """Write what is said of a thing: statements with it as subject or object, and its parts.

    The parts are the terms of an ontology and the concepts of a scheme. What others only
    point to is not described: the head tells of no quads, and nothing is written.
    """
    thing = ox.NamedNode(job["thing"])
    quads = dict.fromkeys(store.quads_for_pattern(thing, None, None, None))
    if not quads:
        output.head(form="graph", media=job["media"], quads=0)
        return
    links = list(store.quads_for_pattern(None, None, thing, None))
    quads.update(dict.fromkeys(links))
    for link in links:
        if link.predicate in _PART_OF:
            quads.update(dict.fromkeys(store.quads_for_pattern(link.subject, None, None, None)))
    _follow_blank_nodes(store, quads)
    _write(store, quads, job, output)


def _follow_blank_nodes(store: ox.Store, quads: dict[ox.Quad, None]) -> None:
    """Add what is said of blank nodes, which cannot be asked for by name."""
    waiting = [q.object for q in quads if isinstance(q.object, ox.BlankNode)]
    while waiting:
        for quad in store.quads_for_pattern(waiting.pop(), None, None, None):
            if quad not in quads and isinstance(quad.object, ox.BlankNode):
                waiting.append(quad.object)
            quads[quad] = None


def _known(store: ox.Store, job: Job, output: Output) -> None:
    """Tell in the head whether a thing is described or a graph, or of what it is a version."""
    thing = ox.NamedNode(job["thing"])
    described = next(iter(store.quads_for_pattern(thing, None, None, None)), None)
    version = next(iter(store.quads_for_pattern(None, _VERSION, thing, None)), None)
    output.head(
        known=bool(described) or store.contains_named_graph(thing),
        version_of=getattr(version.subject, "value", "") if version else "",
    )


def _graph(store: ox.Store, job: Job, output: Output) -> None:
    """Write one named graph, with ``about`` also what is said of it; the whole store unnamed."""
    name = ox.NamedNode(job["name"]) if job.get("name") else None
    if name and not store.contains_named_graph(name):
        raise RefusedError("unknown-graph", name.value)
    quads = dict.fromkeys(store.quads_for_pattern(None, None, None, name))
    if name and job.get("about"):
        quads.update(dict.fromkeys(store.quads_for_pattern(name, None, None, None)))
    _write(store, quads, job, output)


def _given(store: ox.Store, job: Job, output: Output) -> None:
    """Write the triples that the job brings, as N-Triples in ``text``."""
    found = ox.parse(job["text"], format=ox.RdfFormat.N_TRIPLES)
    _write(store, dict.fromkeys(found), job, output)


def _context(store: ox.Store, job: Job, output: Output) -> None:
    """Write the JSON-LD context."""
    output.head(form="context", media=_JSON_LD)
    document = _context_of(store).document()
    output.write((json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode())


@cache
def _context_of(store: ox.Store) -> jsonld.Context:
    return jsonld.make_context(store)


def _write(store: ox.Store, quads: Iterable[ox.Quad], job: Job, output: Output) -> None:
    found: list[Any] = list(quads)
    media = job["media"]
    output.head(form="graph", media=media, quads=len(found))
    if any(isinstance(node, ox.BlankNode) for q in found for node in (q.subject, q.object)):
        # The names of blank nodes are made anew each time that data are read; these are not.
        canonical = ox.Dataset(found)
        canonical.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
        found = list(canonical)
    datasets = media in _DATASETS
    if not datasets:
        found = list(dict.fromkeys(quad.triple for quad in found))
    thing = job.get("thing")

    # The same order, so that the same graph gives the same bytes; first what it is about.
    def place(each: Any) -> tuple[Any, ...]:
        subject, predicate = str(each.subject), each.predicate.value
        graph = str(each.graph_name) if datasets else ""
        return (
            graph,
            getattr(each.subject, "value", "") != thing,
            subject,
            predicate != _TYPE,
            predicate,
            str(each.object),
        )

    found.sort(key=place)
    _serialize(store, found, job, output, media)


def _serialize(store: ox.Store, found: Iterable[Any], job: Job, output: Output, media: str) -> None:
    """Write triples or quads.

    ``more`` is prefixes beside those of the project, ``context`` the URL of the JSON-LD context.
    """
    if media == _JSON_LD:
        context = _context_of(store)
        url = job.get("context") or prefixes().base + "context.jsonld"
        output.write(jsonld.write(dict.fromkeys(found), context, url, job.get("more")))
        return
    if media in _WITH_PREFIXES:
        found = list(found)
        table = _used({**prefixes(), **job.get("more", {})}, found, media)
        data = ox.serialize(found, format=_GRAPHS[media], prefixes=table)
        assert data is not None
        output.write(_in_order(data, media))
    else:
        ox.serialize(found, cast("IO[bytes]", output), format=_GRAPHS[media])


def _used(table: dict[str, str], found: list[Any], media: str) -> dict[str, str]:
    """Return the prefixes that the writing of triples or quads uses."""
    names: set[str] = set()
    for each in found:
        # Turtle writes this one as "a"; RDF/XML has prefixes for elements alone.
        parts = [] if each.predicate.value == _TYPE else [each.predicate]
        if media != "application/rdf+xml":
            parts += [each.subject, each.object, getattr(each, "graph_name", None)]
            parts += [each.object.datatype] if isinstance(each.object, ox.Literal) else []
        elif not parts:
            parts = [each.object]
        names.update(part.value for part in parts if isinstance(part, ox.NamedNode))
    names -= _UNNAMED
    spaces = {name[: max(name.rfind("/"), name.rfind("#")) + 1] for name in names}
    return {prefix: space for prefix, space in table.items() if space in spaces}


def _in_order(data: bytes, media: str) -> bytes:
    """Return a document with its prefixes sorted; they are written in an order of chance."""
    if media == "application/rdf+xml":
        return re.sub(
            rb"(<rdf:RDF)((?: xmlns:[^ >]+)+)",
            lambda match: match[1] + b" " + b" ".join(sorted(match[2].split())),
            data,
            count=1,
        )
    lines = data.split(b"\n")
    end = next((at for at, each in enumerate(lines) if not each.startswith(b"@prefix")), 0)
    return b"\n".join([*sorted(lines[:end]), *([b""] if end else []), *lines[end:]])


JOBS: dict[str, Callable[[ox.Store, Job, Output], None]] = {
    "query": _query,
    "describe": _describe,
    "known": _known,
    "graph": _graph,
    "given": _given,
    "context": _context,
}
