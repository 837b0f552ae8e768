"""Run: compare a store with a version of the dataset, change what differs, verify."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from trilateral.errors import UnknownNameError
from trilateral.load import beside, copies
from trilateral.load.change import Change
from trilateral.load.copies import Asked, Difference, Marker
from trilateral.load.source import Source
from trilateral.load.targets.target import Target
from trilateral.load.transport import LostError, PartError, Transport
from trilateral.nouns import counted
from trilateral.remote.client import Client
from trilateral.remote.errors import RemoteError

Progress = Callable[[str], None]


class NotWholeError(RemoteError):
    """What arrived in a store is not what was sent."""


@dataclass(frozen=True)
class Plan:
    """What a load will do to the graphs of the dataset in a store; other graphs are left alone.

    Attributes:
        same: Graphs that are there as they should be.
        changed: Graphs that are replaced.
        new: Graphs that are added.
        gone: Graphs of another version, which are removed.
        marker: What the store says that it holds.
        marked: Whether that is right already.
    """

    same: Sequence[str]
    changed: Sequence[str]
    new: Sequence[str]
    gone: Sequence[str]
    marker: Marker | None
    marked: bool

    def again(self) -> Plan:
        """Return one that replaces what is there as it should be too."""
        return replace(self, same=[], changed=[*self.changed, *self.same])

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to do."""
        return self.marked and not (self.changed or self.new or self.gone)


def make_plan(
    client: Client, source: Source, graph: str | None = None, progress: Progress = lambda _: None
) -> Plan:
    """Compare a store with a version, triple by triple, or with one graph of it.

    Raises:
        UnknownNameError: when the version has no such graph.
        RemoteError: when the store does not answer.
    """
    if graph is not None and graph not in source.graphs:
        near = difflib.get_close_matches(graph, source.graphs, n=3, cutoff=0.4)
        hint = "".join(f"\n  {name}" for name in near)
        raise UnknownNameError(
            f"{graph}: {source.name} has no such graph.", f"Did you mean:{hint}" if near else ""
        )
    progress("asking what the store holds")
    there = copies.count_graphs(client)
    marker = copies.read_marker(client)
    wanted = source.counts["graphs"]
    names = [graph] if graph else list(source.graphs)
    even = [name for name in names if there.get(name) == wanted[name]]
    equal = copies.find_equal(client, source, even, progress)
    same = [name for name in names if name in equal]
    right = Marker(source.version, source.rdfc10_sha256)
    # One graph alone makes no version: it only ends another one.
    kept = (None, right, marker) if same == [graph] else (None, right) if graph else (right,)
    return Plan(
        same=same,
        changed=[name for name in names if name in there and name not in same],
        new=[name for name in names if name not in there],
        gone=[] if graph else [name for name in there if name not in source.graphs],
        marker=marker,
        marked=marker in kept,
    )


def change_of(plan: Plan, source: Source, graph: str | None = None) -> Change:
    """Return the change that carries out a plan."""
    marker = copies.marker_graph()
    graphs = {name: source.graphs[name] for name in (*plan.changed, *plan.new)}
    gone = list(plan.gone)
    if not plan.marked and graph is None:
        graphs[marker] = copies.marker_of(source.version, source.rdfc10_sha256)
    elif not plan.marked:
        gone.append(marker)
    adds = not (plan.changed or gone or plan.marker)
    return Change(graphs, gone, adds, source.rdfc10_sha256)


def load(
    target: Target,
    client: Client,
    transport: Transport,
    source: Source,
    plan: Plan,
    graph: str | None = None,
    *,
    every: bool = False,
    in_parts: bool = False,
) -> list[str]:
    """Carry out a plan and verify what arrived; return the graphs compared by canonical hash.

    ``in_parts``, graphs are put beside the old ones, and a load that broke off goes on.

    Raises:
        NotWholeError: naming the first graph that did not arrive as it was sent.
        RemoteError: when the store cannot be reached, refuses, or was lost; with what it
            then holds.
    """
    if not plan.is_empty:
        try:
            change = change_of(plan, source, graph)
            if in_parts:
                beside.load(target, change, transport)
            else:
                target.apply(change, transport)
        except LostError as error:
            raise LostError(error.message, _after_loss(target)) from None
        except PartError:
            raise
        except RemoteError as error:
            raise RemoteError(error.message, f"{error.repair} {_after_refusal(target)}") from None
    return verify(client, source, graph, transport.progress, every=every)


def verify(
    client: Asked, source: Source, graph: str | None, progress: Progress, *, every: bool
) -> list[str]:
    """Verify what a store holds; return the graphs compared by canonical hash.

    Raises:
        NotWholeError: naming the first graph, class or property that differs.
    """
    compared = [graph] if graph else list(source.graphs) if every else copies.sample(source)
    if graph:
        equal = copies.find_equal(client, source, [graph], progress)
        found = [] if equal else [Difference(graph, "it does not hold what was sent")]
    else:
        told = copies.differences(client, source, compared, progress, at_once=True, marked=True)
        found = list(told)
    if found:
        raise NotWholeError(
            f"{client.url}: {found[0]}.",
            f"{counted(len(found), 'difference')} in all. {_repair(found)}",
        )
    return compared


def _repair(found: Sequence[Difference]) -> str:
    if any(each.kind in ("graphs", copies.MARKER) for each in found):
        return "Another program may have written to the store; load again."
    return (
        "Each graph has as many triples as it should, so an index of the store may be damaged, as "
        "a crash can leave it: send all graphs once more, with --again."
    )


def _after_loss(target: Target) -> str:
    if target.whole:
        return (
            "It holds either what it held before or all that was sent, never a part. Load again: "
            "what has arrived is not sent twice."
        )
    return "Some graphs may be new and others old. Load again: it goes on where it stopped."


def _after_refusal(target: Target) -> str:
    if target.whole:
        return "The store holds what it held before."
    return "Some graphs may be new and others old."
