"""Plan: which nanopublications are to be written, and why they must not be."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from trilateral.home import Home
from trilateral.publish.metadata.citation import read_citation
from trilateral.publish.release.plan import check_day, check_place, find_commit
from trilateral.publish.release.refusals import RefusedError

_CREATIVE_COMMONS = re.compile(r"CC-(BY(?:-[A-Z]+)*)-([0-9.]+)")


@dataclass(frozen=True)
class Plan:
    """Nanopublications to be: the dataset, the folder, the day, and the IRI of the licence."""

    home: Home
    folder: Path
    day: date
    licence: str


def make_plan(home: Home, out: Path, day: date, today: date) -> Plan:
    """Return the plan of a folder of nanopublications; a release has the same conditions.

    Raises:
        RefusedError: naming what stands against it: place, folder, date, tree or metadata.
    """
    out = out.resolve()
    check_place(home, out)
    if out.exists():
        raise RefusedError(
            f"{out}: this stands, and nothing is written over it.", "Name another with --out."
        )
    check_day(day, today)
    find_commit(home, day)
    return Plan(home, out, day, licence_of(str(read_citation(home.data.parent)["license"])))


def licence_of(name: str) -> str:
    """Return the IRI of a licence by its SPDX name, as readers of nanopublications expect it.

    >>> licence_of("CC-BY-4.0")
    'https://creativecommons.org/licenses/by/4.0/'
    >>> licence_of("ODbL-1.0")
    'https://spdx.org/licenses/ODbL-1.0'
    """
    found = _CREATIVE_COMMONS.fullmatch(name)
    if found is None:
        return f"https://spdx.org/licenses/{name}"
    return f"https://creativecommons.org/licenses/{found[1].lower()}/{found[2]}/"
