"""The planted faults of `fault_list`: each is put into a copy, and what must catch it is run.

What `trilateral check` must catch is put to the check as it runs after a change
(`trilateral.check.incremental`), from which only what the fault brings counts. All
else is put to the named test, in a copy of the checkout and a process of its own.
"""

from __future__ import annotations

import atexit
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from queue import Empty, LifoQueue

from proof.fault_list import AREAS, CHECK, Edit, Fault
from trilateral import dataset, turtle
from trilateral.check.incremental import Checked
from trilateral.check.queries import check_queries
from trilateral.check.rules import rule_files, run_rule
from trilateral.check.run import quiet
from trilateral.check.verdict import Verdict, tell
from trilateral.findings import Finding
from trilateral.home import Home, find_home

ROOT = Path(__file__).parent.parent
_NOT_COPIED = (".*", "__pycache__", "dist", "*.egg-info")


@dataclass(frozen=True)
class Outcome:
    """Whether what must catch a fault did so, and what was told of it."""

    caught: bool
    told: str


class StaleFaultError(AssertionError):
    """What a fault replaces is not there exactly once: the file has changed, the fault must too."""


def planted(text: str, edits: Sequence[Edit]) -> str:
    r"""Return the text of a file with a fault in it.

    Raises:
        StaleFaultError: when an edit does not apply exactly once.

    >>> planted("a:b\n    a:c 1 ;\n.\n\na:d\n    a:c 1 ;\n.\n", [("a:d", "1", "2")])
    'a:b\n    a:c 1 ;\n.\n\na:d\n    a:c 2 ;\n.\n'
    """
    for subject, old, new in edits:
        start, end = _block(text, subject)
        part = text[start:end]
        if not old:
            # The blank line goes with the block.
            text = (text[:start].rstrip("\n") + "\n\n" + text[end:].lstrip("\n")).rstrip() + "\n"
        elif part.count(old) == 1:
            text = text[:start] + part.replace(old, new) + text[end:]
        else:
            raise StaleFaultError(f"{subject or 'the file'}: {part.count(old)} times {old!r}")
    return text


def _block(text: str, subject: str) -> tuple[int, int]:
    if not subject:
        return 0, len(text)
    found = re.findall(rf"^{re.escape(subject)}$", text, re.M)
    if len(found) != 1:
        raise StaleFaultError(f"{len(found)} blocks of {subject}")
    start = f"\n{text}".index(f"\n{subject}\n")
    return start, text.index("\n.\n", start) + len("\n.\n")


def catch(faults: Sequence[Fault]) -> dict[str, Outcome]:
    """Plant each fault alone and return what became of it, by its name."""
    checked = [fault for fault in faults if fault.caught_by == CHECK]
    tested = [fault for fault in faults if fault.caught_by != CHECK]
    outcomes = {fault.name: _check(fault) for fault in checked}
    with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        outcomes |= dict(pool.map(lambda fault: (fault.name, _test(fault)), tested))
    return outcomes


# ---------------------------------------------------------------- by the check


@cache
def _shipped() -> tuple[Checked, frozenset[Finding]]:
    """The shipped data ready for a change, with what the rules find in them as they are.

    Of files and shapes nothing is found beforehand: what is told counts only when the
    shapes look at it because of the fault, and ``trilateral check`` finds nothing without it.
    """
    quiet()
    read = dataset.read_valid(find_home())
    store = read.store()
    rules = {path: tuple(run_rule(path, store)) for path in rule_files(read.home)}
    checked = Checked(read, Verdict(rules=rules))
    return checked, frozenset(checked.findings())


def _check(fault: Fault) -> Outcome:
    found = _of_queries(fault) if fault.file.endswith(".rq") else _of_turtle(fault)
    told = [str(each) for each in sorted(found)]
    return Outcome(any(all(w in line for w in fault.words) for line in told), "\n".join(told))


def _of_turtle(fault: Fault) -> set[Finding]:
    checked, before = _shipped()
    path = checked.dataset.home.root / fault.file
    file = turtle.read(planted(path.read_text(encoding="utf-8"), fault.edits))
    spoiled = dataset.Dataset(checked.dataset.home, {**checked.dataset.files, path: file})
    return set(tell(checked.preview(spoiled), spoiled)) - before


def _of_queries(fault: Fault) -> set[Finding]:
    home = find_home()
    with tempfile.TemporaryDirectory() as folder:
        queries = Path(folder) / "queries"
        shutil.copytree(home.queries, queries)
        copy = Home(Path(folder), home.ontology, home.data, home.shapes, queries)
        before = set(check_queries(copy))
        _plant(Path(folder), fault)
        return set(check_queries(copy)) - before


# ---------------------------------------------------------------- by a test


# Copies of the checkout that no test is using; the one that was used last comes first.
_copies: LifoQueue[Path] = LifoQueue()


@contextmanager
def _copy() -> Iterator[Path]:
    """A copy of the checkout, made when none is free; all of them go when this process ends."""
    try:
        copy = _copies.get_nowait()
    except Empty:
        folder = tempfile.TemporaryDirectory()
        atexit.register(folder.cleanup)
        copy = Path(folder.name) / "copy"
        shutil.copytree(ROOT, copy, ignore=shutil.ignore_patterns(*_NOT_COPIED))
    try:
        yield copy
    finally:
        _copies.put(copy)


def _plant(root: Path, fault: Fault) -> None:
    path = root / fault.file
    text = planted(path.read_text(encoding="utf-8"), fault.edits)
    path.write_text(text, encoding="utf-8")


def _test(fault: Fault) -> Outcome:
    with _copy() as copy:
        try:
            _plant(copy, fault)
            status, told = run_tests(copy, [fault.caught_by])
        finally:
            shutil.copy(ROOT / fault.file, copy / fault.file)
    # Status 1 of pytest: the tests ran and some failed; an error of any other kind is none.
    failed = status == 1 and re.search(r"^1 failed", told, re.M) is not None
    return Outcome(failed and all(word in told for word in fault.words), told)


def run_tests(root: Path, tests: Sequence[str]) -> tuple[int, str]:
    """Run some tests of a checkout, and return pytest's status and what it printed.

    Of the plugins that are installed only the one is loaded that the options of the project name:
    the others take longer to load than these tests take to run.
    """
    options = ["-q", "--tb=short", "-p", "no:cacheprovider", "-p", "xdist.plugin"]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *options, *tests],
        cwd=root,
        env={
            **os.environ,
            "PYTHONPATH": str(root / "scripts"),
            "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
            "TRILATERAL_EACH_FIXTURE": "1",
        },
        capture_output=True,
        text=True,
    )
    return done.returncode, done.stdout + done.stderr


# ---------------------------------------------------------------- the page


def section() -> str:
    """Return the section of the proof page: each fault, and what caught it."""
    outcomes = catch([fault for faults in AREAS.values() for fault in faults])
    caught = sum(outcome.caught for outcome in outcomes.values())
    lines = [
        "## Planted faults",
        "",
        "Ten mistakes of contributors and of careless refactoring in each of five areas, thought",
        "out before any check was read. Each is planted alone and must be caught by what is named",
        "beside it, in the words of its rule or test.",
        "",
        f"Caught: {caught} of {len(outcomes)}.",
    ]
    for area, faults in AREAS.items():
        lines += ["", f"### {area}", "", "| fault | what it means | caught by |", "|---|---|---|"]
        for fault in faults:
            by = f"`{fault.words[0]}`" if fault.caught_by == CHECK else f"`{fault.caught_by}`"
            by = by if outcomes[fault.name].caught else f"**not caught** by {by}"
            lines.append(f"| {fault.name} | {fault.meaning} | {by} |")
    return "\n".join(lines) + "\n"
