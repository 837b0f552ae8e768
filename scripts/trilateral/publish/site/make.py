"""Make: all files of a site, written by as many processes as there are processors."""

from __future__ import annotations

import asyncio
import gc
import json
import os
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Executor, Future, wait
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from trilateral import __version__
from trilateral.build.write import change_only
from trilateral.nouns import counted
from trilateral.prefixes import prefixes
from trilateral.publish.manifest import MANIFEST
from trilateral.publish.site import work
from trilateral.publish.site.again import Again, find_change
from trilateral.publish.site.asked import Asked
from trilateral.publish.site.kept import Answered, Block, Known, State, restore, save
from trilateral.publish.site.listed import read_back, write_catalogue
from trilateral.publish.site.maker import Maker, Task
from trilateral.publish.site.plan import MADE_BY, Plan
from trilateral.publish.site.processes import processes
from trilateral.publish.site.tasks import A_BATCH, FEW, batches, first_batches, ready
from trilateral.serve.linked_data.documents import RDF
from trilateral.serve.workers.source import load, version_of

# Batches that wait to be taken by a process, not more: what leads to others goes before the rest.
_AHEAD = 2 * len(os.sched_getaffinity(0))


@dataclass
class Made:
    """A site.

    Attributes:
        files: A digest of each file by name.
        kept: How many files are those of the last site.
        size: How many bytes there are in all.
    """

    files: dict[str, str] = field(default_factory=dict)
    kept: int = 0
    size: int = 0


def make(
    plan: Plan,
    folder: Path,
    progress: Callable[[str], None] = lambda name: None,
    whole: bool = False,
) -> Made:
    """Write the files of a site into a folder that takes the place of the last.

    The same bytes for the same data, package and plan. The data must have passed the checks.
    Where the last site is known only those files are written that a change of the data makes
    others (`build.write.change_only`), unless the ``whole`` is asked for.

    Raises:
        RefusedError: naming a thing that no file can be named after.
    """
    with _collecting_nothing():
        return _make(plan, folder, progress, whole)


def _make(plan: Plan, folder: Path, progress: Callable[[str], None], whole: bool) -> Made:
    progress("the dataset")
    known = None if whole else restore(plan)
    if known and known.data == version_of(plan.home):
        change_only(folder, [])
        return _made(known.files, known.files)
    store, version = load(plan.data, None)
    maker = Maker(plan, store, version, folder, known.files if known else None)
    return _Making(maker, known, progress).make()


@contextmanager
def _collecting_nothing() -> Iterator[None]:
    """Have nothing looked for that refers to itself: it is little, and there is much to see."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()


class _Making:
    """One run: tasks are shared out among processes, which write down what they have made."""

    def __init__(self, maker: Maker, known: Known | None, progress: Callable[[str], None]) -> None:
        self._maker, self._known, self._progress = maker, known, progress
        self._again: Again | None = None
        self._catalogue = b""
        # Pages with parameters: those that pages lead to, those that are made or about to be.
        self._found, self._made = set[str](), set[str]()
        # The tasks of which the files stay as they are.
        self._kept = set[str]()

    def make(self) -> Made:
        """Make the site."""
        asked = self._ask() if self._known else None
        with work.begun(self._maker, asked) as notebook:
            # What others wait for, and what takes longest, needs the store alone, and one process,
            # which is told of no more; meanwhile this one finds out what there is to be done.
            with processes(1) as first:
                kinds = asked.kinds() if asked else []
                told = {first.submit(work.things_told_otherwise, kind): kind for kind in kinds}
                whole = first.submit(work.do, self._dumps(asked), {})
                if self._known and asked:
                    self._again = Again(self._known, asked)
                self._open(asked)
                with processes() as others:
                    self._share_out(others, told)
                whole.result()
            notebook.seek(0)
            lines = notebook.readlines()
        return self._finish(lines)

    def _ask(self) -> Asked | None:
        """Return what asks the questions that what has changed since the last site concerns.

        None, and nothing is taken over, where that is all.
        """
        self._progress("what has changed")
        change = find_change(self._maker)
        if change is None:
            self._known, self._maker.writer.last = None, {}
            return None
        self._maker.change = change
        things: dict[str, list[str]] = {}
        for path in self._maker.things.pages:
            things.setdefault(path.partition("/")[0], []).append(prefixes().base + path)
        return Asked(self._maker.site, change, things)

    def _dumps(self, asked: Asked | None) -> list[Task]:
        """Return what is to be done about the files of all data, which stay with all statements."""
        dumps: list[Task] = [("whole", each.ending) for each in RDF]
        if asked and not asked.change.touched:
            self._kept.update(map(" ".join, dumps))
            dumps = []
        # It tells of the digest of the data, which a comment changes too.
        return [*dumps, ("browser", "")]

    def _open(self, asked: Asked | None) -> None:
        """Read what all pages need; of the last site what a change has left as it was."""
        last = None
        if self._known and asked:
            with suppress(ValueError, TypeError):
                last = asked.catalogue(read_back(self._known.catalogue))
        self._catalogue = write_catalogue(asyncio.run(self._maker.open(last)))

    def _share_out(self, others: Executor, told: dict[Future[Any], str]) -> None:
        """Have all tasks done but those whose files stay as they are."""
        self._progress(counted(len(self._maker.things.documents), "thing"))
        held = list(first_batches(self._maker))
        queue = deque[tuple[list[Task], dict[Task, list[Answered]]]]()
        pending = set[Future[Any]](told)
        while held or queue or pending or self._found - self._made:
            queue += filter(any, [self._left(each) for each in held if not self._waits(each)])
            held = [each for each in held if self._waits(each)]
            new = ready(self._found - self._made, alone=not (held or queue or pending))
            self._made |= new
            # These first: they lead to others in turn.
            size = FEW if self._again else A_BATCH
            found = [self._left(each) for each in batches("file", sorted(new), size)]
            queue.extendleft(filter(any, reversed(found)))
            while queue and len(pending - told.keys()) < _AHEAD:
                pending.add(others.submit(work.do, *queue.popleft()))
            if pending and not new:
                done, pending = wait(pending, return_when=FIRST_COMPLETED)
                for each in done:
                    if each in told:
                        assert self._again is not None
                        self._again.told(told[each], each.result())
                    else:
                        self._take(*each.result())

    def _waits(self, batch: list[Task]) -> bool:
        """Tell whether it has yet to be told of the things of a batch, all of one kind."""
        kind, about = batch[0]
        return (
            kind == "thing"
            and self._again is not None
            and about.partition("/")[0] in self._again.kinds
        )

    def _left(self, batch: list[Task]) -> tuple[list[Task], dict[Task, list[Answered]]]:
        """Return the tasks that are to be done, and what has to be asked first about some."""
        left, doubts = [], {}
        for task in batch:
            name = " ".join(task)
            if self._again is None or self._again.unit(name) is None:
                left.append(task)
            elif asked := self._again.doubts(name):
                left.append(task)
                doubts[task] = asked
            else:
                self._keep(name)
        return left, doubts

    def _keep(self, name: str) -> None:
        assert self._again is not None
        unit = self._again.unit(name)
        assert unit is not None
        self._kept.add(name)
        self._found.update(unit.found)
        self._made.update(unit.done)

    def _take(self, pages: work.Pages, same: list[Task]) -> None:
        """Take note of what a process has done, and of what it has found to be the same."""
        for task in same:
            self._keep(" ".join(task))
        self._found |= pages.found
        self._made |= pages.done

    def _finish(self, lines: list[bytes]) -> Made:
        """Write the manifest, and what is known of the site now."""
        plan, folder, kept = self._maker.plan, self._maker.writer.folder, self._kept
        blocks, last = [Block.read(line) for line in lines], {}
        if self._known:
            last = self._known.files
            for line, block in zip(self._known.lines, self._known.blocks, strict=True):
                left = block if kept.issuperset(block.units) else block.only(kept)
                if left.units:
                    lines.append(line if left is block else left.line())
                    blocks.append(left)
        files = {name: state for block in blocks for name, state in block.files.items()}
        made = _made(files, last)
        manifest = manifest_of(plan, self._maker.engine.version, made)
        (folder / MANIFEST).write_bytes(manifest)
        if self._known:
            change_only(folder, last.keys() - files.keys())
        save(plan, self._maker.engine.version, self._catalogue, lines, manifest)
        return made


def _made(files: dict[str, State], last: dict[str, State]) -> Made:
    return Made(
        {name: digest for name, (digest, _, _) in files.items()},
        sum(last.get(name) == state for name, state in files.items()),
        sum(size for _, size, _ in files.values()),
    )


def manifest_of(plan: Plan, version: str, made: Made) -> bytes:
    """Return what tells that a folder is a site, and of which files."""
    told = {
        "made_by": MADE_BY,
        "model": __version__,
        "data": version,
        "address": plan.address,
        "files": dict(sorted(made.files.items())),
    }
    return (json.dumps(told, ensure_ascii=False, indent=0) + "\n").encode()
