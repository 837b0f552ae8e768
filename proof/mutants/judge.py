"""Judge mutants: which checks find each of them, on several processors."""

from __future__ import annotations

import hashlib
import multiprocessing
import os
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace

import pyoxigraph as ox
import rdflib
from pyshacl.errors import ReportableRuntimeError

from proof.mutants.make import Mutant
from proof.mutants.world import World, read
from trilateral.check.incremental import Checked
from trilateral.check.run import quiet
from trilateral.check.shacl import Result
from trilateral.check.shapes import run_shapes, shapes_of
from trilateral.check.targets import Targets
from trilateral.check.verdict import Verdict, tell
from trilateral.dataset import Dataset
from trilateral.home import Home
from trilateral.vocabulary import iri


@dataclass(frozen=True)
class Judged:
    """A mutant with the checks that found it: errors, and warnings; neither: it survived.

    An error by SHACL is named by shape and constraint component, any other by its rule.
    """

    mutant: Mutant
    errors: frozenset[str]
    warnings: frozenset[str]

    @property
    def survived(self) -> bool:
        """Tell whether nothing found the mutant."""
        return not self.errors and not self.warnings


class _Reached(Targets):
    """Targets that give only the shapes that look at some node, and those that these lead to.

    pySHACL reads all shapes that it is given, which takes longer than validating one mutant.
    """

    def __init__(self, shapes: Iterable[ox.Triple]) -> None:
        super().__init__(shapes)
        self._said: dict[object, list[tuple[object, object, object]]] = defaultdict(list)
        for triple in self._graph:
            self._said[triple[0]].append(triple)

    @contextmanager
    def at(self, store: ox.Store, nodes: Iterable[object]) -> Iterator[rdflib.Graph]:
        with super().at(store, nodes) as shapes:
            looking = list(shapes.triples((None, rdflib.SH.targetNode, None)))
            reached = rdflib.Graph()
            reached += looking
            open_ends = {triple[0] for triple in looking}
            seen: set[object] = set()
            while open_ends:
                seen |= open_ends
                said = [triple for end in open_ends for triple in self._said.get(end, ())]
                reached += said
                open_ends = {triple[2] for triple in said} - seen
            yield reached


class _InStages(Checked):
    """A checked dataset that looks at a change until an error is found: shapes, files, rules."""

    def __init__(self, dataset: Dataset) -> None:
        super().__init__(dataset)
        self._targets = _Reached(shapes_of(dataset))

    def preview(self, dataset: Dataset) -> Verdict:
        """Return the verdict on a changed dataset, as far as it tells whether there are errors."""
        change = self._change(dataset)
        with self._changed(change, keep=False) as (touched, things):
            shapes = self._shape_results(change, touched)
            verdict = replace(
                self.verdict, shapes=tuple(run_shapes(dataset)) if shapes is None else shapes
            )
            if any(_is_error(result) for result in verdict.shapes):
                return verdict
            verdict = replace(verdict, files=self._files(dataset, change))
            if any(verdict.files.values()):
                return verdict
            found = {path: self._ask_again(path, about) for path, about in things.items()}
            return replace(verdict, rules={**self.verdict.rules, **found})


def _is_error(result: Result) -> bool:
    return result.severity == iri("sh:Violation")


class Judge:
    """Valid data, checked once, against which mutants are held one by one.

    Raises:
        ValueError: the data are not valid.
    """

    def __init__(self, home: Home) -> None:
        quiet()
        self.world = World(read(home))
        self._checked = _InStages(self.world.dataset)
        self._checked.reads  # noqa: B018 - once, before the processes part
        if found := self._checked.findings():
            raise ValueError(f"Mutants are made of valid data only. {found[0]}")

    def judge(self, mutant: Mutant) -> Judged:
        """Return what the checks find in the data with one mistake.

        A mutant that a shape finds is not shown to the rules any more.
        """
        dataset = self.world.with_mistake(mutant.mistake)
        try:
            verdict = self._checked.preview(dataset)
        except ReportableRuntimeError:
            return Judged(mutant, frozenset(["shacl"]), frozenset())
        errors, warnings = set(), set()
        for result in verdict.shapes:
            name = f"{_local(result.shape)} {_local(result.component)}"
            (errors if _is_error(result) else warnings).add(name)
        if errors:  # the rest was not looked at
            return Judged(mutant, frozenset(errors), frozenset(warnings))
        for finding in tell(replace(verdict, shapes=()), dataset):
            (errors if finding.severity == "error" else warnings).add(finding.rule)
        return Judged(mutant, frozenset(errors), frozenset(warnings))


def _local(name: str) -> str:
    return name.rpartition("#")[2]


_shared: tuple[Judge, Sequence[Mutant]] | None = None


def judge_all(judge: Judge, mutants: Sequence[Mutant]) -> list[Judged]:
    """Return the mutants judged, in their order, on as many processors as there are."""
    global _shared
    # Forked, so that the judge is shared and not sent.
    _shared = (judge, mutants)
    try:
        with multiprocessing.get_context("fork").Pool(len(os.sched_getaffinity(0))) as pool:
            return pool.map(_one, range(len(mutants)), chunksize=10)
    finally:
        _shared = None


def _one(at: int) -> Judged:
    assert _shared is not None
    judge, mutants = _shared
    return judge.judge(mutants[at])


def sampled(mutants: Iterable[Mutant], one_in: int) -> Iterator[Mutant]:
    """Yield about one mutant in so many, the same ones each time."""
    for mutant in mutants:
        if int(hashlib.sha256(str(mutant).encode()).hexdigest(), 16) % one_in == 0:
            yield mutant
