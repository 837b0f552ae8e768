"""Worker: a process that answers one job after another from the store it was forked with.

It opens nothing: no file and no connection, whatever a query asks for. What takes too
long ends it (an interval timer), what takes too much memory too (an address space limit);
the engine then forks another.
"""

from __future__ import annotations

import gc
import json
import os
import resource
import signal
import socket
from collections.abc import Iterable
from pathlib import Path
from typing import IO, Any, NoReturn, cast

import pyoxigraph as ox

from trilateral.prefixes import prefixes
from trilateral.serve import wire

_CHUNK = 1 << 16
_SOLUTIONS = {
    each.media_type: each
    for each in (
        ox.QueryResultsFormat.JSON,
        ox.QueryResultsFormat.XML,
        ox.QueryResultsFormat.CSV,
        ox.QueryResultsFormat.TSV,
    )
}
_GRAPHS = {
    each.media_type: each
    for each in (
        ox.RdfFormat.TURTLE,
        ox.RdfFormat.N_TRIPLES,
        ox.RdfFormat.RDF_XML,
        ox.RdfFormat.JSON_LD,
        ox.RdfFormat.TRIG,
        ox.RdfFormat.N_QUADS,
    )
}


class _TooLongError(Exception):
    """The answer is longer than an answer may be."""


class _RefusedError(Exception):
    """The job cannot be done; the two parts are a word for the kind and a sentence."""


class _Output:
    """What an answer is written into: frames on the socket, up to a limit."""

    def __init__(self, stream: socket.socket, limit: int) -> None:
        self.stream = stream
        self.left = limit
        self.waiting = bytearray()

    def write(self, data: bytes) -> int:
        self.left -= len(data)
        if self.left < 0:
            raise _TooLongError
        self.waiting += data
        if len(self.waiting) >= _CHUNK:
            self.flush()
        return len(data)

    def flush(self) -> None:
        if self.waiting:
            self.stream.sendall(wire.frame(wire.PART, bytes(self.waiting)))
            self.waiting.clear()


def work(store: ox.Store, stream: socket.socket, limits: dict[str, Any]) -> NoReturn:
    """Answer jobs until the server hangs up, and end the process."""
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    gc.freeze()
    table = dict(prefixes())
    pages = int(Path("/proc/self/statm").read_text().split()[0])
    room = pages * resource.getpagesize() + int(limits["memory"])
    resource.setrlimit(resource.RLIMIT_AS, (room, room))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (0, 0))
    while True:
        job = _read_job(stream)
        if job is None:
            os._exit(0)
        signal.setitimer(signal.ITIMER_REAL, job["seconds"])
        output = _Output(stream, job.get("output", limits["output"]))
        try:
            _OPERATIONS[job["does"]](store, job, output, table)
            output.flush()
            last = wire.frame(wire.END)
        except _TooLongError:
            last = _failure("too-long", "The answer is longer than an answer may be here.")
        except _RefusedError as error:
            last = _failure(*error.args)
        except (MemoryError, RecursionError):
            last = _failure("memory", "The query takes more memory than it may here.")
        except SyntaxError as error:
            last = _failure("syntax", str(error))
        except (ValueError, OSError, RuntimeError) as error:
            last = _failure("failed", str(error))
        except Exception as error:
            # A mistake of ours: told as such, and the worker goes on.
            last = _failure("internal", repr(error))
        signal.setitimer(signal.ITIMER_REAL, 0)
        stream.sendall(last)


def _failure(kind: str, message: str) -> bytes:
    return wire.json_frame(wire.FAILURE, {"kind": kind, "message": message})


def _read_job(stream: socket.socket) -> dict[str, Any] | None:
    head = _read_exactly(stream, wire.FRAME.size)
    if head is None:
        return None
    body = _read_exactly(stream, wire.FRAME.unpack(head)[1])
    return None if body is None else json.loads(body)


def _read_exactly(stream: socket.socket, size: int) -> bytes | None:
    data = bytearray()
    while len(data) < size:
        part = stream.recv(size - len(data))
        if not part:
            return None
        data += part
    return bytes(data)


# ---------------------------------------------------------------- what a job can ask for


def _query(store: ox.Store, job: dict[str, Any], output: _Output, table: dict[str, str]) -> None:
    """Run a query; ``solutions`` and ``graph`` name the media types that are acceptable."""
    default, named = job.get("default"), job.get("named")
    given = default is not None or named is not None
    found = store.query(
        job["query"],
        prefixes=table if job.get("prefixes") else None,
        # Without a dataset of its own, a query sees the union of all graphs.
        use_default_graph_as_union=not given,
        default_graph=[ox.NamedNode(each) for each in default or ()] if given else None,
        named_graphs=[ox.NamedNode(each) for each in named or ()] if given else None,
    )
    if isinstance(found, ox.QueryTriples):
        form, media = "graph", job.get("graph")
    else:
        form = "boolean" if isinstance(found, ox.QueryBoolean) else "solutions"
        media = job.get(form) or job.get("solutions")
    if not media:
        raise _RefusedError("not-acceptable", form)
    output.stream.sendall(wire.json_frame(wire.HEAD, {"form": form, "media": media}))
    if isinstance(found, ox.QueryTriples):
        _serialize(found, output, media, table)
    else:
        found.serialize(cast("IO[bytes]", output), format=_SOLUTIONS[media])


def _describe(store: ox.Store, job: dict[str, Any], output: _Output, table: dict[str, str]) -> None:
    """Write what is said of some things; with ``links`` also what has them for an object."""
    quads: dict[ox.Quad, None] = {}
    for name in job["things"]:
        node = ox.NamedNode(name)
        quads.update(dict.fromkeys(store.quads_for_pattern(node, None, None, None)))
        if job.get("links"):
            quads.update(dict.fromkeys(store.quads_for_pattern(None, None, node, None)))
    _follow_blank_nodes(store, quads)
    _write(quads, job, output, table)


def _follow_blank_nodes(store: ox.Store, quads: dict[ox.Quad, None]) -> None:
    waiting = [quad.object for quad in quads if isinstance(quad.object, ox.BlankNode)]
    while waiting:
        for quad in store.quads_for_pattern(waiting.pop(), None, None, None):
            if quad not in quads and isinstance(quad.object, ox.BlankNode):
                waiting.append(quad.object)
            quads[quad] = None


def _graph(store: ox.Store, job: dict[str, Any], output: _Output, table: dict[str, str]) -> None:
    """Write one named graph, or the whole store where none is named."""
    name = job.get("name")
    if name and not store.contains_named_graph(ox.NamedNode(name)):
        raise _RefusedError("unknown-graph", name)
    graph = ox.NamedNode(name) if name else None
    _write(store.quads_for_pattern(None, None, None, graph), job, output, table)


def _write(quads: Any, job: dict[str, Any], output: _Output, table: dict[str, str]) -> None:
    kind = _GRAPHS[job["media"]]
    found = list(quads)
    head = {"form": "graph", "media": job["media"], "quads": len(found)}
    output.stream.sendall(wire.json_frame(wire.HEAD, head))
    # Sorted, so that the same graph gives the same bytes.
    found.sort(key=str)
    if not kind.supports_datasets:
        found = list(dict.fromkeys(quad.triple for quad in found))
    _serialize(found, output, job["media"], table)


def _serialize(found: Iterable[Any], output: _Output, media: str, table: dict[str, str]) -> None:
    short = table if media in _SHORT else None
    ox.serialize(found, cast("IO[bytes]", output), format=_GRAPHS[media], prefixes=short)


_SHORT = {
    each.media_type for each in (ox.RdfFormat.TURTLE, ox.RdfFormat.TRIG, ox.RdfFormat.RDF_XML)
}
_OPERATIONS = {"query": _query, "describe": _describe, "graph": _graph}
