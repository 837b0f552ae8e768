"""Incremental: after a change only what it can alter is checked again; the verdict is the same.

Of the files, those that changed; of the focus nodes of shapes and rules, those from which
a shape or rule can see a changed triple (see `walks` and `query_walks`); of the rules that
no walks bound, and of the constraints of standards, those that read a term of a changed
triple (see `dependence`).
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from trilateral.check.again import Reads, Things, ask_again, concerned, read_rules
from trilateral.check.dependence import Dependence
from trilateral.check.rules import Row
from trilateral.check.shacl import Result, graph_of, validate
from trilateral.check.shapes import run_shapes, shapes_of
from trilateral.check.targets import Targets
from trilateral.check.verdict import Verdict, judge, judge_file, tell
from trilateral.check.walks import reached, surroundings, walks
from trilateral.dataset import Dataset
from trilateral.findings import Finding
from trilateral.prefixes import prefixes
from trilateral.turtle import TurtleFile
from trilateral.vocabulary import iri

if TYPE_CHECKING:
    import pyoxigraph as ox

# More focus nodes than this are checked faster by validating everything at once.
_MANY = 2_000


@dataclass(frozen=True)
class _Change:
    files: tuple[Path, ...]
    gone: tuple[ox.Quad, ...]
    new: tuple[ox.Quad, ...]

    def triples(self) -> set[ox.Triple]:
        return {quad.triple for quad in (*self.gone, *self.new)}


class Checked:
    """A dataset with its verdict, kept ready so that a change of some files costs little.

    >>> from trilateral import dataset
    >>> from trilateral.home import find_home
    >>> checked = Checked(dataset.read(find_home(Path("tests/world/data"))))
    >>> checked.findings()
    []
    """

    def __init__(
        self, dataset: Dataset, verdict: Verdict | None = None, reads: Reads | None = None
    ) -> None:
        self.dataset = dataset
        self._reads = reads
        self.verdict = judge(dataset) if verdict is None else verdict
        self._store = dataset.store()
        shapes = shapes_of(dataset)
        self._walks = walks(shapes)
        self._targets = Targets(shapes)
        self._standards = Dependence(dataset)

    @property
    def reads(self) -> Reads:
        """What each rule reads."""
        if self._reads is None:
            self._reads = read_rules(self.dataset.home)
        return self._reads

    def findings(self) -> list[Finding]:
        """Return what is wrong, as a full run tells it."""
        return tell(self.verdict, self.dataset)

    def update(self, dataset: Dataset) -> list[Finding]:
        """Check a changed dataset, of the same ontology and shapes, and return what is wrong.

        While a file is no Turtle, the last dataset that was whole is kept ready.
        """
        change = self._change(dataset)
        if dataset.findings:
            return tell(Verdict(self._files(dataset, change), self.verdict.queries), dataset)
        self.verdict = self._judge(dataset, change, keep=True)
        self.dataset = dataset
        return self.findings()

    def preview(self, dataset: Dataset) -> Verdict:
        """Return the verdict on a changed dataset, and stay with the one of before."""
        return self._judge(dataset, self._change(dataset), keep=False)

    def _change(self, dataset: Dataset) -> _Change:
        import pyoxigraph

        old, new = (_in_graphs(each) for each in (self.dataset, dataset))
        same = {p for p in old.keys() & new.keys() if old[p].text == new[p].text}
        files = (old.keys() | new.keys()) - same
        gone: set[ox.Quad] = set()
        come: set[ox.Quad] = set()
        for path in files:
            graph = pyoxigraph.NamedNode(prefixes()["graph"] + dataset.home.graph_path(path))
            before = set(old[path].triples) if path in old else set()
            after = set(new[path].triples) if path in new else set()
            gone |= {_quad(triple, graph) for triple in before - after}
            come |= {_quad(triple, graph) for triple in after - before}
        return _Change(tuple(sorted(files)), tuple(gone), tuple(come))

    def _judge(self, dataset: Dataset, change: _Change, keep: bool) -> Verdict:
        with self._changed(change, keep) as (touched, things):
            # The store answers in threads while Python looks at files and shapes.
            with ThreadPoolExecutor(len(os.sched_getaffinity(0))) as threads:
                standards = threads.submit(
                    self._standards.run,
                    *(self._store, dataset, self.verdict.standards, change.triples()),
                )
                rules = {
                    path: threads.submit(self._ask_again, path, found)
                    for path, found in things.items()
                }
                files = self._files(dataset, change)
                shapes = self._shape_results(change, touched)
            return replace(
                self.verdict,
                files=files,
                rules=self.verdict.rules | {path: found.result() for path, found in rules.items()},
                standards=standards.result(),
                # A whole run forks, which does not go with threads.
                shapes=tuple(run_shapes(dataset)) if shapes is None else shapes,
            )

    def _ask_again(self, rule: Path, things: Things) -> tuple[Row, ...]:
        return ask_again(rule, self.reads[rule], self._store, things, self.verdict.rules[rule])

    def _files(self, dataset: Dataset, change: _Change) -> dict[Path, tuple[Finding, ...]]:
        files = {p: found for p, found in self.verdict.files.items() if p in dataset.files}
        return files | {p: judge_file(dataset, p) for p in change.files if p in dataset.files}

    @contextmanager
    def _changed(self, change: _Change, keep: bool) -> Iterator[tuple[Things, dict[Path, Things]]]:
        """Change the store, and give what shapes and rules can see the change from."""
        self._store.extend(change.new)
        try:
            touched = reached(self._store, self._walks, change.triples(), _MANY)
            things = concerned(self.reads, self._store, change.triples())
            self._exchange(gone=change.gone, new=())
            yield touched, things
        finally:
            if not keep:
                self._exchange(gone=change.new, new=change.gone)

    def _exchange(self, gone: Iterable[ox.Quad], new: Iterable[ox.Quad]) -> None:
        for quad in gone:
            self._store.remove(quad)
        self._store.extend(new)

    def _shape_results(self, change: _Change, touched: Things) -> tuple[Result, ...] | None:
        """Return what the shapes find now; None when a change concerns too many nodes."""
        import pyoxigraph

        classes_moved = any(t.predicate.value == iri("rdfs:subClassOf") for t in change.triples())
        if classes_moved or touched is None or any(map(_is_blank, touched)):
            return None
        if not touched:
            return self.verdict.shapes
        subclass_of = pyoxigraph.NamedNode(iri("rdfs:subClassOf"))
        around = set(surroundings(self._store, self._walks, touched))
        around |= {q.triple for q in self._store.quads_for_pattern(None, subclass_of, None, None)}
        with self._targets.at(self._store, touched) as shapes:
            found = validate(graph_of(around), shapes)
        names = {getattr(node, "value", "") for node in touched}
        others = (result for result in self.verdict.shapes if result.focus not in names)
        return tuple(sorted((*others, *found)))


def _is_blank(node: object) -> bool:
    import pyoxigraph

    return isinstance(node, pyoxigraph.BlankNode)


def _in_graphs(dataset: Dataset) -> dict[Path, TurtleFile]:
    shapes = dataset.home.shapes
    return {p: file for p, file in dataset.files.items() if not p.is_relative_to(shapes)}


def _quad(triple: ox.Triple, graph: ox.NamedNode) -> ox.Quad:
    import pyoxigraph

    return pyoxigraph.Quad(triple.subject, triple.predicate, triple.object, graph)
