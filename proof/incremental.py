"""Incremental checking: what an edit costs, beside a full check; for the proof page."""

from __future__ import annotations

import multiprocessing
import os
import random
import statistics
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pyoxigraph as ox

from trilateral import dataset as datasets
from trilateral import turtle
from trilateral.check.incremental import Checked
from trilateral.check.run import quiet
from trilateral.check.verdict import judge, tell
from trilateral.dataset import Dataset
from trilateral.home import find_home

# Edits of one file: what is edited, file, old and new text of its first such place.
EDITS = (
    ("intensity of a stance", "stances/china-daily-2024.ttl", "intensity:weak", "intensity:strong"),
    (
        "a concept of the wrong list",
        "stances/china-daily-2024.ttl",
        "polarity:supports",
        "role:member",
    ),
    (
        "a stance gone and one like it new",
        "stances/china-daily-2024.ttl",
        "\nstance:china-daily-2024-1-1\n",
        "\nstance:china-daily-2024-1-99\n",
    ),
    (
        "an event gone and one like it new",
        "events/quad.ttl",
        "\nevent:quad-anniversary-statement-2024\n",
        "\nevent:quad-anniversary-2024\n",
    ),
    ("place of an event", "events/quad.ttl", "tri:place place:tokyo", "tri:place place:seoul"),
    ("label of a framework", "frameworks/ipef.ttl", '"IPEF"@en', '"IPEF "@en'),
    ("first day of a membership", "frameworks/asean.ttl", '"1967-08-08"', '"1968-08-08"'),
)

# So many changes at random are made in the tiny world.
_AT_RANDOM = 40
_WORLD = Path(__file__).parent.parent / "tests" / "world" / "data"


def section() -> str:
    """Run each edit and return the section of the proof page."""
    quiet()
    dataset = datasets.read_valid(find_home())
    start = time.perf_counter()
    verdict = judge(dataset)
    full = time.perf_counter() - start
    checked = Checked(dataset, verdict)
    checked.preview(_edited(dataset, *EDITS[0][1:]))  # what is found once and kept
    lines = [
        "## Incremental check",
        "",
        f"A full check of the shipped data, {sum(1 for _ in dataset.triples(dataset.home.data)):,} "
        f"triples, took {full:.1f} s here. After an edit of one file, with the verdict of before "
        "at hand as in `trilateral check --watch` (medians of three):",
        "",
        "| edit | findings more | seconds | full check / edit | same as a full check |",
        "| --- | ---: | ---: | ---: | --- |",
    ]
    before = len(tell(verdict, dataset))
    for what, name, old, new in EDITS:
        edited = _edited(dataset, name, old, new)
        seconds = statistics.median(_times(lambda e=edited: tell(checked.preview(e), e)))
        found = tell(checked.preview(edited), edited)
        same = found == tell(judge(edited), edited)
        lines.append(
            f"| {what} | {len(found) - before} | {seconds:.2f} | {full / seconds:.0f} "
            f"| {'yes' if same else 'NO'} |"
        )
    same = _same_at_random()
    lines += [
        "",
        f"Of {_AT_RANDOM} changes of the tiny world, each of one to three triples of one file "
        "gone, new, moved or with other parts, the verdict was that of a full check "
        f"{same} times.",
    ]
    return "\n".join(lines)


def changed_at_random(dataset: Dataset, seed: int) -> Dataset:
    """Return a dataset with one to three triples of one file gone, new, moved or with other parts.

    The same seed gives the same change.
    """
    chance = random.Random(seed)
    paths = sorted(dataset.under(dataset.home.data))
    every = [triple for path in paths for triple in dataset.files[path].triples]
    path = chance.choice(paths)
    triples = list(dataset.files[path].triples)
    for _ in range(chance.randint(1, 3)):
        at, other = chance.randrange(len(triples)), chance.choice(every)
        one = triples[at]
        kind = chance.randrange(5)
        if kind == 0:
            triples.pop(at)
        elif kind == 1:
            triples[at] = ox.Triple(one.subject, one.predicate, other.object)
        elif kind == 2:
            triples[at] = ox.Triple(one.subject, other.predicate, one.object)
        elif kind == 3:
            triples.append(ox.Triple(one.subject, other.predicate, other.object))
        else:
            triples[at] = ox.Triple(other.subject, one.predicate, one.object)
    file = turtle.read(turtle.write(triples))
    return Dataset(dataset.home, {**dataset.files, path: file})


_shared: Checked | None = None


def _same_at_random() -> int:
    """Return after how many of the changes at random the verdict is that of a full check."""
    global _shared
    # Forked, so that the verdict is shared and not sent.
    _shared = Checked(datasets.read_valid(find_home(_WORLD)))
    try:
        with multiprocessing.get_context("fork").Pool(len(os.sched_getaffinity(0))) as pool:
            return sum(pool.map(_is_same, range(_AT_RANDOM), chunksize=1))
    finally:
        _shared = None


def _is_same(seed: int) -> bool:
    assert _shared is not None
    spoiled = changed_at_random(_shared.dataset, seed)
    return tell(_shared.preview(spoiled), spoiled) == tell(judge(spoiled), spoiled)


def _edited(dataset: Dataset, name: str, old: str, new: str) -> Dataset:
    path = Path(dataset.home.data / name)
    text = dataset.files[path].text
    if old not in text:
        raise ValueError(f"{name} has no {old}: name another edit in proof/incremental.py.")
    file = turtle.read(text.replace(old, new, 1))
    return Dataset(dataset.home, {**dataset.files, path: file})


def _times(work: Callable[[], object]) -> Iterator[float]:
    for _ in range(3):
        start = time.perf_counter()
        work()
        yield time.perf_counter() - start
