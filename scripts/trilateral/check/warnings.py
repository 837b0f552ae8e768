"""Warnings are counted by rule, and the count that is kept in the repository may only fall."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

from trilateral import nouns
from trilateral.findings import Finding
from trilateral.home import Home


def is_shipped(home: Home) -> bool:
    """Tell whether the data are those that came with the package, not a folder of one's own.

    >>> from trilateral.home import find_home
    >>> is_shipped(find_home())
    True
    >>> is_shipped(find_home(Path("tests/world/data")))
    False
    """
    return home.data == home.root / "data"


def count_file(home: Home) -> Path:
    """Return the file that keeps the count: one line ``rule,count`` for each rule that warns."""
    return home.shapes / "warnings.csv"


def check_count(found: Iterable[Finding], home: Home) -> list[Finding]:
    """Return an error for each rule that warns more or less often than the count kept of it.

    More is a step back. Less is a step forward, and the lower number has to be
    written down, so that it holds from then on. Data of one's own have no count.

    Call it with the findings of a full check only: where some checks did not run,
    there is less to be found.
    """
    if not is_shipped(home):
        return []
    counted = Counter(finding.rule for finding in found if finding.severity == "warning")
    return list(_compare(counted, count_file(home), home))


def _compare(counted: Counter[str], path: Path, home: Home) -> Iterator[Finding]:
    kept: dict[str, tuple[int, int]] = {}
    name = home.name(path)
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    for number, row in enumerate(csv.reader(lines), 1):
        if row == ["rule", "count"]:
            continue
        if len(row) != 2 or not row[1].isdecimal() or row[0] in kept:
            message = f"The line {','.join(row)} is no count of a rule of its own."
            repair = "Write each rule once, a comma and the number of its warnings."
            yield Finding(name, number, "warning-count", message, "", repair)
            continue
        kept[row[0]] = int(row[1]), number
    for rule in sorted({*kept, *counted}):
        most, line = kept.get(rule, (0, 0))
        message = f"{rule} warns {nouns.counted(counted[rule], 'time')}, and {most} are kept."
        if counted[rule] > most:
            repair = "Repair what is new; the number may only fall."
        elif counted[rule]:
            repair = f"Write the lower number: {rule},{counted[rule]}"
        else:
            repair = "Remove the line."
        if counted[rule] != most or not most:
            yield Finding(name, line, "warning-count", message, rule, repair)
