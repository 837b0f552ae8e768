"""Kept: the last whole verdict on disk, so that the next check has to look at changes alone.

One zip archive for each data folder, in the user's cache: the verdict as JSON and
the Turtle files as they were. It counts only for the same package, ontology,
shapes and queries; anything else, and an archive that is damaged, is no verdict.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
import zipfile
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any

from trilateral import turtle
from trilateral.check.again import Reading
from trilateral.check.incremental import Checked
from trilateral.check.rules import Row
from trilateral.check.shacl import Result
from trilateral.check.standards import Violation
from trilateral.check.verdict import Verdict
from trilateral.check.walks import Step
from trilateral.dataset import Dataset
from trilateral.findings import Finding
from trilateral.folders import cache_folder
from trilateral.home import Home


def archive(home: Home) -> Path:
    """Return where the verdict on a data folder is kept."""
    return cache_folder("check") / f"{hashlib.sha256(str(home.data).encode()).hexdigest()}.zip"


def rules_of_the_game(home: Home) -> str:
    """Return a digest of everything but the data that a verdict depends on."""
    package = Path(__file__).resolve().parent.parent
    digest = hashlib.sha256()
    for folder in (package, home.ontology, home.shapes, home.queries):
        for path in sorted(folder.rglob("*")):
            if path.suffix in (".py", ".rq", ".ttl", ".txt", ".csv") and path.is_file():
                digest.update(f"{path}\0".encode())
                digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def save(checked: Checked) -> None:
    """Keep a verdict: written aside, then swapped in. A folder that cannot be written is passed by.

    Raises nothing: the next check is then a full one.
    """
    home, files = checked.dataset.home, checked.dataset.files
    path = archive(home)
    with suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, aside = tempfile.mkstemp(dir=path.parent, suffix=".part")
        try:
            with os.fdopen(handle, "wb") as out, zipfile.ZipFile(out, "w") as kept:
                kept.writestr("verdict.json", json.dumps(_as_json(checked), ensure_ascii=False))
                for file in files:
                    if file.is_relative_to(home.data):
                        kept.writestr(str(file.relative_to(home.data)), files[file].text)
            Path(aside).replace(path)
        finally:
            Path(aside).unlink(missing_ok=True)


def restore(dataset: Dataset) -> Checked | None:
    """Return the kept verdict on an earlier state of a dataset, ready for an update."""
    home = dataset.home
    try:
        with zipfile.ZipFile(archive(home)) as kept:
            said = json.loads(kept.read("verdict.json"))
            if said["rules"] != rules_of_the_game(home):
                return None
            files = {p: f for p, f in dataset.files.items() if not p.is_relative_to(home.data)}
            for name in kept.namelist():
                path = home.data / name
                if path.suffix == ".ttl":
                    text = kept.read(name).decode("utf-8")
                    now = dataset.files.get(path)
                    files[path] = now if now and now.text == text else turtle.read(text)
            reads = {Path(path): _reading(read) for path, read in said["reads"].items()}
            return Checked(Dataset(home, files), _from_json(said["verdict"]), reads)
    except (OSError, ValueError, KeyError, TypeError, zipfile.BadZipFile):
        return None


def _as_json(checked: Checked) -> dict[str, Any]:
    verdict = checked.verdict
    return {
        "rules": rules_of_the_game(checked.dataset.home),
        "verdict": {
            "files": {str(path): [asdict(f) for f in all_] for path, all_ in verdict.files.items()},
            "queries": [asdict(finding) for finding in verdict.queries],
            "rules": {str(path): [asdict(r) for r in rows] for path, rows in verdict.rules.items()},
            "standards": [asdict(v) | {"path": str(v.path)} for v in verdict.standards],
            "shapes": [asdict(result) for result in verdict.shapes],
            "lint": [asdict(result) for result in verdict.lint],
        },
        "reads": {str(path): _told(read) for path, read in checked.reads.items()},
    }


def _told(read: Reading) -> dict[str, Any]:
    walks = read.walks
    return {
        "walks": None if walks is None else [list(map(_said, walk)) for walk in walks],
        "terms": None if read.terms is None else sorted(read.terms),
        "compares": read.compares,
    }


def _reading(said: dict[str, Any]) -> Reading:
    walks, terms = said["walks"], said["terms"]
    return Reading(
        None if walks is None else frozenset(tuple(map(_step, walk)) for walk in walks),
        None if terms is None else frozenset(terms),
        said["compares"],
    )


def _step(said: tuple[str | None, bool]) -> Step:
    import pyoxigraph

    predicate, backwards = said
    return Step(None if predicate is None else pyoxigraph.NamedNode(predicate), backwards)


def _said(step: Step) -> tuple[str | None, bool]:
    return None if step.predicate is None else step.predicate.value, step.backwards


def _from_json(said: dict[str, Any]) -> Verdict:
    return Verdict(
        {Path(path): tuple(Finding(**f) for f in all_) for path, all_ in said["files"].items()},
        tuple(Finding(**finding) for finding in said["queries"]),
        {Path(path): tuple(Row(**r) for r in rows) for path, rows in said["rules"].items()},
        tuple(Violation(Path(v.pop("path")), **v) for v in said["standards"]),
        tuple(Result(**result) for result in said["shapes"]),
        tuple(Result(**result) for result in said["lint"]),
    )
