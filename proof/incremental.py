"""Incremental checking: what an edit costs, beside a full check; for the proof page."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from trilateral import turtle
from trilateral.check.incremental import Checked
from trilateral.check.run import quiet
from trilateral.check.verdict import judge, tell
from trilateral.dataset import Dataset, read_valid
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
    ("place of an event", "events/quad.ttl", "tri:place place:tokyo", "tri:place place:seoul"),
    ("label of a framework", "frameworks/ipef.ttl", '"IPEF"@en', '"IPEF "@en'),
    ("first day of a membership", "frameworks/asean.ttl", '"1967-08-08"', '"1968-08-08"'),
)


def section() -> str:
    """Run each edit and return the section of the proof page."""
    quiet()
    dataset = read_valid(find_home())
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
    return "\n".join(lines)


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
