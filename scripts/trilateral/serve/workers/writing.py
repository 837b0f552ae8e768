"""Writing: quads, triples and solutions in the formats that they are asked for."""

from __future__ import annotations

import re
import socket
from collections.abc import Iterable, Mapping
from functools import cache, cached_property
from typing import IO, Any, cast

import pyoxigraph as ox

from trilateral.prefixes import prefixes
from trilateral.serve.linked_data import jsonld
from trilateral.serve.workers import wire

_CHUNK = 1 << 16
SOLUTIONS = {
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
_RDF_XML = "application/rdf+xml"
_WITH_PREFIXES = ("text/turtle", "application/trig", _RDF_XML)
# The end of an IRI that can be the name of an element.
_ELEMENT = re.compile(r"[^\W\d][\w.-]*\Z")
JSON_LD = "application/ld+json"


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
        self.framed = bytearray()

    def head(self, **said: Any) -> None:
        """Say what the answer is, before it begins."""
        self.framed += wire.json_frame(wire.HEAD, said)

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
            self.stream.sendall(self.take())
        return len(data)

    def flush(self) -> None:
        """Do nothing: the store asks for it when it has written all, and the end sends that."""

    def take(self) -> bytes:
        """Return the frames that are not sent yet: a short answer is sent at once, with its end."""
        if self.waiting:
            self.framed += wire.frame(wire.PART, bytes(self.waiting))
            self.waiting.clear()
        rest = bytes(self.framed)
        self.framed.clear()
        return rest


Job = Mapping[str, Any]


@cache
def context_of(store: ox.Store) -> jsonld.Context:
    """Return the JSON-LD context of a store, made once."""
    return jsonld.make_context(store)


class Said:
    """Quads to be written in any of the formats, the same bytes for the same graph.

    Formats without graphs hold the triples; what they are about comes first. What several
    formats need is found once.
    """

    def __init__(self, quads: Iterable[ox.Quad], thing: str = "") -> None:
        found = list(quads)
        self.count = len(found)
        parts = [tuple(quad) for quad in found]
        if any(isinstance(node, ox.BlankNode) for s, _, o, _ in parts for node in (s, o)):
            # The names of blank nodes are made anew each time that data are read; these are not.
            canonical = ox.Dataset(found)
            canonical.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
            found = list(canonical)
            parts = [tuple(quad) for quad in found]
        self._parts = parts
        # The same order, so that the same graph gives the same bytes; first what it is about.
        keys = [
            (
                getattr(subject, "value", "") != thing,
                str(subject),
                predicate.value != _TYPE,
                predicate.value,
                str(value),
            )
            for subject, predicate, value, _ in parts
        ]
        graphs = [str(part[3]) for part in parts]
        order = sorted(range(len(found)), key=keys.__getitem__)
        self.triples: list[ox.Triple] = list(dict.fromkeys(found[at].triple for at in order))
        order.sort(key=graphs.__getitem__)
        self.quads: list[ox.Quad] = [found[at] for at in order]

    @cached_property
    def spaces(self) -> Spaces:
        """The namespaces of what is written."""
        return Spaces(self._parts)

    def write(self, store: ox.Store, job: Job, output: Output) -> None:
        """Write the quads, or their triples, in the format that the job names."""
        media = job["media"]
        output.head(form="graph", media=media, quads=self.count)
        found = self.quads if media in _DATASETS else self.triples
        write_triples(store, found, job, output, media, self)


def write_quads(store: ox.Store, quads: Iterable[ox.Quad], job: Job, output: Output) -> None:
    """Write quads in the format that the job names; see `Said`."""
    Said(quads, job.get("thing", "")).write(store, job, output)


def write_triples(
    store: ox.Store,
    found: Iterable[Any],
    job: Job,
    output: Output,
    media: str,
    said: Said | None = None,
) -> None:
    """Write triples or quads.

    ``more`` is prefixes beside those of the project, ``context`` the URL of the JSON-LD context.
    ``said`` is what they were made from, if anything.
    """
    if media == JSON_LD:
        context = context_of(store)
        url = job.get("context") or prefixes().base + "context.jsonld"
        output.write(jsonld.write(dict.fromkeys(found), context, url, job.get("more")))
        return
    if media in _WITH_PREFIXES:
        found = list(found)
        if media == _RDF_XML:
            _check_names(found)
        spaces = said.spaces if said else Spaces(map(tuple, found))
        table = spaces.prefixes(media, job.get("more"))
        data = ox.serialize(found, format=_GRAPHS[media], prefixes=table)
        assert data is not None
        output.write(_in_order(data, media))
    else:
        ox.serialize(found, cast("IO[bytes]", output), format=_GRAPHS[media])


class Spaces:
    """The namespaces of triples or quads, by which prefixes are chosen for their writing.

    Args:
        parts: Subject, predicate, object, and graph where there is one.
    """

    def __init__(self, parts: Iterable[tuple[Any, ...]]) -> None:
        predicates: set[str] = set()
        nodes: set[str] = set()
        classes: set[str] = set()
        graphs: set[str] = set()
        for subject, predicate, value, *graph in parts:
            name = predicate.value
            # Turtle writes this one as "a"; RDF/XML has prefixes for elements alone.
            if name != _TYPE:
                predicates.add(name)
            elif isinstance(value, ox.NamedNode):
                classes.add(value.value)
            if isinstance(subject, ox.NamedNode):
                nodes.add(subject.value)
            if isinstance(value, ox.NamedNode):
                nodes.add(value.value)
            elif isinstance(value, ox.Literal):
                nodes.add(value.datatype.value)
            graphs.update(each.value for each in graph if isinstance(each, ox.NamedNode))
        self._elements = _spaces(predicates | classes)
        self._triples = _spaces(predicates | nodes)
        self._graphs = _spaces(graphs)

    def prefixes(self, media: str, more: Mapping[str, str] | None = None) -> dict[str, str]:
        """Return the prefixes that the writing in a format uses, ``more`` being further ones."""
        used = self._elements if media == _RDF_XML else self._triples
        if media in _DATASETS:
            used = used | self._graphs
        if more:
            table = {**prefixes(), **more}
            return {prefix: space for prefix, space in table.items() if space in used}
        named = ((prefixes().prefix(space), space) for space in used)
        return {prefix: space for prefix, space in named if prefix is not None}


def _spaces(names: set[str]) -> set[str]:
    return {name[: max(name.rfind("/"), name.rfind("#")) + 1] for name in names - _UNNAMED}


def _check_names(found: Iterable[Any]) -> None:
    """Refuse properties that cannot be the name of an element.

    Raises:
        ValueError: naming the first.
    """
    for iri in {each.predicate.value for each in found}:
        if not _ELEMENT.search(iri):
            raise ValueError(f"RDF/XML cannot hold the property <{iri}>; ask for Turtle.")


def _in_order(data: bytes, media: str) -> bytes:
    """Return a document with its prefixes sorted; they are written in an order of chance."""
    if media == _RDF_XML:
        return re.sub(
            rb"(<rdf:RDF)((?: xmlns:[^ >]+)+)",
            lambda match: match[1] + b" " + b" ".join(sorted(match[2].split())),
            data,
            count=1,
        )
    lines = data.split(b"\n")
    end = next((at for at, each in enumerate(lines) if not each.startswith(b"@prefix")), 0)
    return b"\n".join([*sorted(lines[:end]), *([b""] if end else []), *lines[end:]])
