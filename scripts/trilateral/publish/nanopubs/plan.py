"""Plan: which nanopublications are to be written, and why they must not be."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from trilateral.home import Home
from trilateral.licences import licence_url
from trilateral.publish.metadata.citation import read_citation
from trilateral.publish.release.plan import check_day, check_place, find_commit
from trilateral.publish.release.refusals import RefusedError


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
    return Plan(home, out, day, licence_url(str(read_citation(home.data.parent)["license"])))
