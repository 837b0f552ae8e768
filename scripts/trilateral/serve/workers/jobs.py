"""Jobs: what a worker can be asked for; each reads the store and writes one answer."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import IO, cast

import pyoxigraph as ox

from trilateral.prefixes import prefixes
from trilateral.serve.linked_data.query_text import explain, has_dataset, has_service
from trilateral.serve.workers.writing import (
    JSON_LD,
    SOLUTIONS,
    Job,
    Output,
    RefusedError,
    Said,
    context_of,
    write_triples,
)

_VERSIONS = tuple(
    ox.NamedNode(f"http://www.w3.org/2002/07/owl#{name}") for name in ("versionIRI", "priorVersion")
)
# The parts of a whole, which its document describes with it: terms and concepts.
_PART_OF = (
    ox.NamedNode("http://www.w3.org/2000/01/rdf-schema#isDefinedBy"),
    ox.NamedNode("http://www.w3.org/2004/02/skos/core#inScheme"),
)


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
    if has_service(text):
        raise RefusedError("service", "The query asks another endpoint with SERVICE.")
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
        write_triples(store, found, job, output, media)
    else:
        found.serialize(cast("IO[bytes]", output), format=SOLUTIONS[media])


def _describe(store: ox.Store, job: Job, output: Output) -> None:
    """Write what is said of a thing (see `describe`).

    What others only point to is not described: the head tells of no quads, and nothing is written.
    """
    said = describe(store, job)
    if said is None:
        output.head(form="graph", media=job["media"], quads=0)
    else:
        said.write(store, job, output)


def describe(store: ox.Store, job: Job) -> Said | None:
    """Return what is said of a thing: statements with it as subject or object, and its parts.

    The parts are the terms of an ontology and the concepts of a scheme. None for what others
    only point to.
    """
    thing = ox.NamedNode(job["thing"])
    quads = dict.fromkeys(store.quads_for_pattern(thing, None, None, None))
    if not quads:
        return None
    links = list(store.quads_for_pattern(None, None, thing, None))
    quads.update(dict.fromkeys(links))
    for link in links:
        if link.predicate in _PART_OF:
            quads.update(dict.fromkeys(store.quads_for_pattern(link.subject, None, None, None)))
    _follow_blank_nodes(store, quads)
    return Said(quads, job["thing"])


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
    versions = (q for p in _VERSIONS for q in store.quads_for_pattern(None, p, thing, None))
    version = next(versions, None)
    output.head(
        known=bool(described) or store.contains_named_graph(thing),
        version_of=getattr(version.subject, "value", "") if version else "",
    )


def _graph(store: ox.Store, job: Job, output: Output) -> None:
    """Write one named graph, with ``about`` also what is said of it; the whole store unnamed."""
    said_in_graph(store, job).write(store, job, output)


def said_in_graph(store: ox.Store, job: Job) -> Said:
    """Return what the job of a graph is about.

    Raises:
        RefusedError: for a graph that the store does not have.
    """
    name = ox.NamedNode(job["name"]) if job.get("name") else None
    if name and not store.contains_named_graph(name):
        raise RefusedError("unknown-graph", name.value)
    quads = dict.fromkeys(store.quads_for_pattern(None, None, None, name))
    if name and job.get("about"):
        quads.update(dict.fromkeys(store.quads_for_pattern(name, None, None, None)))
    return Said(quads)


def _given(store: ox.Store, job: Job, output: Output) -> None:
    """Write the triples that the job brings, as N-Triples in ``text``."""
    said_as_given(store, job).write(store, job, output)


def said_as_given(store: ox.Store, job: Job) -> Said:
    """Return the triples that a job brings."""
    found = ox.parse(job["text"], format=ox.RdfFormat.N_TRIPLES)
    return Said(dict.fromkeys(found))


def _context(store: ox.Store, job: Job, output: Output) -> None:
    """Write the JSON-LD context."""
    output.head(form="context", media=JSON_LD)
    document = context_of(store).document()
    output.write((json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode())


JOBS: dict[str, Callable[[ox.Store, Job, Output], None]] = {
    "query": _query,
    "describe": _describe,
    "known": _known,
    "graph": _graph,
    "given": _given,
    "context": _context,
}
