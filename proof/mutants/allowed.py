"""What may survive: kinds of mutants that the model allows, each with its reason."""

from __future__ import annotations

import csv
from fnmatch import fnmatchcase
from pathlib import Path
from typing import NamedTuple

from proof.mutants.make import Mutant

FILE = Path(__file__).parent / "allowed.csv"


class Allowed(NamedTuple):
    """A line of ``allowed.csv``: patterns, parted by blanks, and why such mutants may survive."""

    operator: str
    cls: str
    property: str
    reason: str

    def matches(self, mutant: Mutant) -> bool:
        """Tell whether a mutant is of this kind.

        >>> from proof.mutants.mistake import Mistake
        >>> mutant = Mutant("drop", "tri:State", "tri:cowCode", "actor:x", Mistake("none", (), ()))
        >>> Allowed("drop", "tri:State tri:Economy", "tri:*Code", "optional").matches(mutant)
        True
        >>> Allowed("duplicate", "*", "tri:*Code", "optional").matches(mutant)
        False
        """
        wanted = ((mutant.operator, self.operator.split(", ")), (mutant.cls, self.cls.split()))
        return all(
            any(fnmatchcase(said, pattern) for pattern in patterns)
            for said, patterns in (*wanted, (mutant.property, self.property.split()))
        )


def read_allowed(path: Path = FILE) -> list[Allowed]:
    """Return the lines of the file."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file)
        return [Allowed(r["operator"], r["class"], r["property"], r["reason"]) for r in rows]


def reason(mutant: Mutant, allowed: list[Allowed]) -> Allowed | None:
    """Return the first line that a mutant matches; None when the model forbids it."""
    return next((line for line in allowed if line.matches(mutant)), None)
