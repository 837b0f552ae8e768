"""Kept: what is known of the last site in a folder, so that the next has to make the changed alone.

One file for each folder of a site, in the user's cache, not in the site itself: for each part of
the site its files, and what was looked at for them (`notes`). It counts only for the same
package, libraries, ontology, shapes, queries and options, and while the site is as it was written;
anything else, and a file that is damaged, is no knowledge, and all is made again.
"""

from __future__ import annotations

import hashlib
import json
import os
import platform
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path

from trilateral.folders import cache_folder
from trilateral.publish.site.plan import MANIFEST, Plan

_LIBRARIES = ("jinja2", "markupsafe", "pyoxigraph", "starlette")
_PACKAGE = Path(__file__).resolve().parents[2]


@dataclass
class Unit:
    """A part of a site that is made at once.

    Attributes:
        files: Its files.
        done: The pages with parameters among them, by their URLs.
        found: Such pages that its pages lead to.
        names, keys, all: What was looked at for it; see `notes.Notes`.
    """

    files: list[str] = field(default_factory=list)
    done: list[str] = field(default_factory=list)
    found: list[str] = field(default_factory=list)
    names: frozenset[str] = frozenset()
    keys: list[str] = field(default_factory=list)
    all: bool = False


@dataclass
class Known:
    """The last site.

    Attributes:
        data: The digest of its data.
        units: Its parts, by the task that makes each.
        digests: Digests of its files.
        states: Size and time of change of each file.
    """

    data: str
    units: dict[str, Unit]
    digests: dict[str, str]
    states: dict[str, tuple[int, int]]


def file_for(out: Path) -> Path:
    """Return where is kept what is known of the site in a folder."""
    return cache_folder("site") / f"{hashlib.sha256(str(out).encode()).hexdigest()}.json"


def rules(plan: Plan) -> str:
    """Return a digest of everything but the data that the files of a site depend on."""
    home = plan.home
    told = [plan.address, plan.base_path, plan.language, platform.python_version()]
    # Pages name the files that graphs are made from.
    told += [home.name(path) for path in home.turtle_files()]
    told += [f"{name} {version(name)}" for name in _LIBRARIES]
    digest = hashlib.sha256(json.dumps(told).encode())
    for folder in (_PACKAGE, home.ontology, home.shapes, home.queries):
        for path in sorted(folder.rglob("*")):
            if path.is_file() and "__pycache__" not in path.parts:
                digest.update(f"{path}\0".encode())
                digest.update(hashlib.sha256(path.read_bytes()).digest())
    if plan.history:
        digest.update((plan.history / "history.json").read_bytes())
    citation = home.root / "CITATION.cff"
    digest.update(citation.read_bytes() if citation.is_file() else b"")
    return digest.hexdigest()


def save(plan: Plan, known: Known, manifest: bytes) -> None:
    """Keep what is known of a site: written aside, then swapped in.

    Raises nothing where the cache cannot be written: the next site is then made as a whole.
    """
    names: dict[str, int] = {}
    for unit in known.units.values():
        for name in unit.names:
            names.setdefault(name, len(names))
    keys: dict[str, int] = {}
    for unit in known.units.values():
        for key in unit.keys:
            keys.setdefault(key, len(keys))
    told = {
        "rules": rules(plan),
        "manifest": hashlib.sha256(manifest).hexdigest(),
        "data": known.data,
        "names": list(names),
        "keys": list(keys),
        "units": {
            task: [
                unit.files,
                unit.done,
                unit.found,
                [names[name] for name in unit.names],
                [keys[key] for key in unit.keys],
                unit.all,
            ]
            for task, unit in known.units.items()
        },
        "digests": known.digests,
        "states": known.states,
    }
    path = file_for(plan.out)
    with suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, aside = tempfile.mkstemp(dir=path.parent, suffix=".part")
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as out:
                out.write(json.dumps(told, ensure_ascii=False, separators=(",", ":")))
            Path(aside).replace(path)
        finally:
            Path(aside).unlink(missing_ok=True)


def restore(plan: Plan) -> Known | None:
    """Return what is known of the site that stands at the place of a new one, if it still is so."""
    try:
        told = json.loads(file_for(plan.out).read_bytes())
        manifest = hashlib.sha256((plan.out / MANIFEST).read_bytes()).hexdigest()
        if told["manifest"] != manifest or told["rules"] != rules(plan):
            return None
        names, keys = told["names"], told["keys"]
        units = {
            task: Unit(
                files, done, found, frozenset(names[at] for at in named),
                [keys[at] for at in keyed], whole,
            )
            for task, (files, done, found, named, keyed, whole) in told["units"].items()
        }  # fmt: skip
        states = {name: (size, time) for name, (size, time) in told["states"].items()}
        if dict(_states(plan.out)) != states:
            return None
        return Known(told["data"], units, told["digests"], states)
    except (OSError, ValueError, KeyError, TypeError, IndexError):
        return None


def _states(out: Path) -> Iterator[tuple[str, tuple[int, int]]]:
    """Yield name, size and time of change of each file of a site but the manifest."""
    waiting = [("", str(out))]
    for prefix, folder in waiting:
        with os.scandir(folder) as entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    waiting.append((f"{prefix}{entry.name}/", entry.path))
                elif prefix or entry.name != MANIFEST:
                    found = entry.stat(follow_symlinks=False)
                    yield f"{prefix}{entry.name}", (found.st_size, found.st_mtime_ns)


def tasks_of(units: Iterable[str]) -> list[tuple[str, str]]:
    """Return tasks by the names under which units are kept.

    >>> tasks_of(["thing actor/japan", "graphs "])
    [('thing', 'actor/japan'), ('graphs', '')]
    """
    return [(kind, about) for kind, _, about in (each.partition(" ") for each in units)]
