"""SHACL validation with pySHACL, on as many processors as there are."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pyoxigraph as ox
    import rdflib

# Below this many triples a second process costs more than it saves.
_WORTH_SPLITTING = 10_000


@dataclass(frozen=True, order=True)
class Result:
    """One SHACL validation result: IRIs and values as plain text, "" where there is none."""

    focus: str
    path: str
    value: str
    shape: str
    component: str
    severity: str
    message: str


# A memory of rdflib that keeps no named graphs, and answers sooner; for the data pySHACL wants one
# that does.
FOR_SHAPES = "SimpleMemory"


def graph_of(triples: Iterable[ox.Triple], memory: str = "Memory") -> rdflib.Graph:
    """Return triples as an rdflib graph in memory.

    For shapes of SHACL core pySHACL asks such a graph faster than one that lives
    in the embedded store (docs/benchmarks.md); parsing is still the store's.
    """
    import rdflib

    graph = rdflib.Graph(memory)
    terms: dict[object, rdflib.term.Node] = {}
    for triple in triples:
        subject, predicate, value = (
            terms.get(term) or terms.setdefault(term, _term(term)) for term in triple
        )
        graph.add((subject, predicate, value))
    return graph


def _term(term: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple) -> rdflib.term.Node:
    import pyoxigraph
    import rdflib

    if isinstance(term, pyoxigraph.NamedNode):
        return rdflib.URIRef(term.value)
    if isinstance(term, pyoxigraph.BlankNode):
        return rdflib.BNode(term.value)
    assert isinstance(term, pyoxigraph.Literal)
    if term.language:
        return rdflib.Literal(term.value, lang=term.language)
    datatype = rdflib.URIRef(term.datatype.value)
    plain = datatype == rdflib.XSD.string
    return rdflib.Literal(term.value, datatype=None if plain else datatype, normalize=False)


def validate(data: rdflib.Graph, shapes: rdflib.Graph) -> list[Result]:
    """Return the results of validating a graph by shapes of SHACL core; nothing is inferred.

    On Linux the shapes are shared out over the processors: each process holds the
    whole of both graphs and a part of the targets, so that the results are the same.
    """
    parts = _parts(shapes) if _can_fork() and len(data) > _WORTH_SPLITTING else [shapes]
    if len(parts) == 1:
        return sorted(_run(data, shapes))
    # Forked, so that the graphs are shared and not sent.
    global _shared
    _shared = (data, parts)
    try:
        with multiprocessing.get_context("fork").Pool(
            len(os.sched_getaffinity(0)), _leave_interrupts
        ) as pool:
            found = pool.map(_run_part, range(len(parts)), chunksize=1)
    finally:
        _shared = None
    return sorted(result for results in found for result in results)


_shared: tuple[rdflib.Graph, list[rdflib.Graph]] | None = None


def _leave_interrupts() -> None:
    """Let the process that waits for the workers be the one that hears of an interrupt."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _run_part(at: int) -> list[Result]:
    assert _shared is not None
    data, parts = _shared
    return _run(data, parts[at])


def _can_fork() -> bool:
    return sys.platform == "linux" and len(os.sched_getaffinity(0)) > 1


def _parts(shapes: rdflib.Graph) -> list[rdflib.Graph]:
    """Return copies of a shapes graph, each with a part of the targets and all else."""
    import rdflib
    from rdflib import SH

    kinds = (SH.targetClass, SH.targetNode, SH.targetSubjectsOf, SH.targetObjectsOf)
    targets = sorted(triple for kind in kinds for triple in shapes.triples((None, kind, None)))
    owners = sorted({subject for subject, _, _ in targets}, key=str)
    count = 2 * len(os.sched_getaffinity(0))
    parts = []
    for at in range(count):
        own = set(owners[at::count])
        part = rdflib.Graph(FOR_SHAPES)
        part += shapes
        for triple in targets:
            if triple[0] not in own:
                part.remove(triple)
        parts.append(part)
    return parts


def _run(data: rdflib.Graph, shapes: rdflib.Graph) -> list[Result]:
    import pyshacl.shape
    from pyshacl.constraints import CONSTRAINT_PARAMETERS_MAP
    from pyshacl.errors import ReportableRuntimeError
    from rdflib import RDF, SH

    # Whether a property of a shape is a constraint, pySHACL 0.40 looks up in a list that it keeps
    # here, comparing with each; in a mapping it need not. A sixth of the time goes by that.
    known = (CONSTRAINT_PARAMETERS_MAP, CONSTRAINT_PARAMETERS_MAP)
    pyshacl.shape.CONSTRAINT_PARAMS = known  # type: ignore[attr-defined]
    report: rdflib.Graph | Exception
    try:
        _, report, _ = pyshacl.validate(data, shacl_graph=shapes, inference="none", advanced=False)
    except ReportableRuntimeError as error:
        # Such as a blank node where a date is compared; the rules say where it stands.
        message = f"SHACL stopped: {error.args[0]}"
        return [Result("", "", "", "shacl", "", str(SH.Violation), message)]
    if isinstance(report, Exception):
        raise report
    properties = (
        SH.focusNode,
        SH.resultPath,
        SH.value,
        SH.sourceShape,
        SH.sourceConstraintComponent,
        SH.resultSeverity,
        SH.resultMessage,
    )
    return [
        Result(*(str(report.value(node, name) or "") for name in properties))
        for node in report.subjects(RDF.type, SH.ValidationResult)
    ]
