"""Plan: which release is to be written, and why it must not be, before anything is read."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from trilateral.home import Home
from trilateral.publish.metadata.citation import find_licence, read_citation
from trilateral.publish.release.refusals import RefusedError
from trilateral.publish.release.repository import find_repository

_VERSION = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True)
class Plan:
    """One release: the dataset, the folder of all releases, its day, citation and commit.

    ``commit`` is None where no git repository keeps the data; ``previous`` is the day of the
    last release in the folder, "" where there is none.
    """

    home: Home
    out: Path
    day: date
    metadata: dict[str, Any]
    commit: str | None = None
    previous: str = ""

    @property
    def version(self) -> str:
        """The name of the release, which is its day."""
        return self.day.isoformat()

    @property
    def folder(self) -> Path:
        """The folder of the release."""
        return self.out / self.version

    @property
    def of_checkout(self) -> bool:
        """Whether it is the project's own data, beside the project file that packages need."""
        return (self.home.root / "pyproject.toml").is_file() and (
            self.home.data == self.home.root / "data"
        )


def make_plan(home: Home, out: Path, day: date, today: date) -> Plan:
    """Return the plan of a release.

    Raises:
        RefusedError: naming what stands against it: place, version, date, tree or metadata.
    """
    out = out.resolve()
    check_place(home, out)
    if out.exists() and not out.is_dir():
        raise RefusedError(f"{out}: this is not a folder.", "Name another with --out.")
    previous = max(find_releases(out), default="")
    _check_version(Plan(home, out, day, {}, previous=previous), today)
    commit = find_commit(home, day)
    citation = read_citation(home.data.parent)
    licence = find_licence(citation, home.data.parent)
    return Plan(home, out, day, {**citation, "license": licence}, commit, previous)


def check_place(home: Home, out: Path) -> None:
    """Check that what is written does not come among what is read.

    Raises:
        RefusedError: naming the folder of the dataset in which ``out`` lies.
    """
    for folder in (home.ontology, home.data, home.shapes, home.queries):
        if out.is_relative_to(folder):
            raise RefusedError(
                f"{out}: this lies in {home.name(folder)}/, so that what is "
                "written would be read the next time.",
                "Name another folder with --out.",
            )


def check_day(day: date, today: date) -> None:
    """Check that a day is not yet to come.

    Raises:
        RefusedError: naming the day, and today.
    """
    if day > today:
        raise RefusedError(
            f"{day}: this date is in the future; today is {today} (UTC).",
            "Set the clock right, or give another --date.",
        )


def _check_version(plan: Plan, today: date) -> None:
    if plan.folder.exists() or plan.folder.is_symlink():
        raise RefusedError(
            f"{plan.folder}: this version stands, and a version never changes.",
            "Release under a later date.",
        )
    check_day(plan.day, today)
    if plan.version < plan.previous:
        raise RefusedError(
            f"{plan.version}: this date is before the last release, {plan.previous}.",
            "Set the clock right, or give another --date.",
        )


def find_releases(out: Path) -> list[str]:
    """Return the days of the releases that stand in a folder, the oldest first."""
    there = out.iterdir() if out.is_dir() else ()
    return sorted(each.name for each in there if _VERSION.fullmatch(each.name))


def find_commit(home: Home, day: date) -> str | None:
    """Return the commit of the data, or None where no git repository keeps them.

    The repository that the program runs from has no say in data that lie elsewhere.

    Raises:
        RefusedError: when something is not committed, or the last commit is of a later day.
    """
    read = (home.ontology, home.data, home.shapes, home.queries)
    repository = find_repository(home.data, read)
    if repository is None:
        return None
    if repository.changes:
        more = len(repository.changes) - 1
        others = f" and {more} more" if more else ""
        raise RefusedError(
            f"{repository.top / repository.changes[0]}{others}: not committed, so that "
            "nobody could make this again.",
            "Commit it, or remove it.",
        )
    if day < repository.day:
        raise RefusedError(
            f"{day}: this date is before the last commit of the data, in {repository.top}, "
            f"of {repository.day} (UTC).",
            "Set the clock right, or give another --date.",
        )
    return repository.commit
