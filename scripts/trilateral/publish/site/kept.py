"""Kept: what is known of the last site in a folder, so that the next has to make the changed alone.

One file for each folder of a site, in the user's cache, not in the site itself: for each part of
the site its files, and what was looked at for them (`notes`). It counts only for the same
package, libraries, ontology, shapes, queries and options, and while the site is as it was written;
anything else, and a file that is damaged, is no knowledge, and all is made again.

A line holds what one process made at once (`Block`), so that it is written by that process, and
read back without another look at what has not changed.
"""

from __future__ import annotations

import hashlib
import itertools
import json
import os
import platform
import tempfile
from collections.abc import Collection, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path

from trilateral.folders import cache_folder
from trilateral.publish.manifest import MANIFEST
from trilateral.publish.site.plan import Plan

_LIBRARIES = ("jinja2", "markupsafe", "pyoxigraph", "starlette")
_PACKAGE = Path(__file__).resolve().parents[2]

# Digest, size and time of change of a file.
State = tuple[str, int, int]
# What was looked up, and a digest of what was answered, "" where none is known.
Answered = tuple[str, str]


@dataclass
class Unit:
    """A part of a site that is made at once.

    Attributes:
        files: Its files.
        done: The pages with parameters among them, by their URLs.
        found: Such pages that its pages lead to.
        names: The marks of what was looked up by name (`notes.marks_of`).
        keys: What else was looked up (see `notes.Notes`), by places in the list of its block.
        all: Whether the labels of all things were gone through.
    """

    files: list[str] = field(default_factory=list)
    done: list[str] = field(default_factory=list)
    found: list[str] = field(default_factory=list)
    names: str = ""
    keys: list[int] = field(default_factory=list)
    all: bool = False


@dataclass
class Block:
    """What one process made before it took the next.

    Attributes:
        keys: What was looked up, with what was answered.
        units: Parts of the site, by the task that makes each.
        files: The state of each of their files.
    """

    keys: list[Answered] = field(default_factory=list)
    units: dict[str, Unit] = field(default_factory=dict)
    files: dict[str, State] = field(default_factory=dict)

    def line(self) -> bytes:
        """Return the block as a line of a file."""
        units = [
            [task, len(unit.files), unit.done, unit.found, unit.names, unit.keys, unit.all]
            for task, unit in self.units.items()
        ]
        files = [(name, *self.files[name]) for unit in self.units.values() for name in unit.files]
        told = [self.keys, units, files]
        return json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"

    @classmethod
    def read(cls, line: bytes) -> Block:
        """Return the block of a line.

        Raises:
            ValueError, TypeError: when it is none.
        """
        keys, units, files = json.loads(line)
        names = iter([name for name, *_ in files])
        return cls(
            list(map(tuple, keys)),
            {task: Unit([*itertools.islice(names, n)], *told) for task, n, *told in units},
            {name: (digest, size, time) for name, digest, size, time in files},
        )

    def only(self, tasks: Collection[str]) -> Block:
        """Return what is left with some units alone; the keys stay as they are."""
        units = {task: unit for task, unit in self.units.items() if task in tasks}
        files = {name: self.files[name] for unit in units.values() for name in unit.files}
        return Block(self.keys, units, files)


@dataclass
class Known:
    """The last site.

    Attributes:
        data: The digest of its data.
        catalogue: Its catalogue, as a line (`listed`).
        lines: What was kept of it; those of ``blocks``.
        blocks: Its parts.
        files: The state of each of its files.
    """

    data: str
    catalogue: bytes
    lines: list[bytes]
    blocks: list[Block]
    files: dict[str, State]


def file_for(out: Path) -> Path:
    """Return where is kept what is known of the site in a folder."""
    return cache_folder("site") / f"{hashlib.sha256(str(out).encode()).hexdigest()}.jsonl"


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


def save(plan: Plan, data: str, catalogue: bytes, lines: Iterable[bytes], manifest: bytes) -> None:
    """Keep what is known of a site: written aside, then swapped in.

    Raises nothing where the cache cannot be written: the next site is then made as a whole.
    """
    head = {
        "rules": rules(plan),
        "manifest": hashlib.sha256(manifest).hexdigest(),
        "data": data,
    }
    path = file_for(plan.out)
    with suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, aside = tempfile.mkstemp(dir=path.parent, suffix=".part")
        try:
            with os.fdopen(handle, "wb") as out:
                out.write(json.dumps(head).encode() + b"\n" + catalogue)
                out.writelines(lines)
            Path(aside).replace(path)
        finally:
            Path(aside).unlink(missing_ok=True)


def restore(plan: Plan) -> Known | None:
    """Return what is known of the site that stands at the place of a new one, if it still is so."""
    try:
        head, catalogue, *lines = file_for(plan.out).read_bytes().splitlines(keepends=True)
        told = json.loads(head)
        manifest = hashlib.sha256((plan.out / MANIFEST).read_bytes()).hexdigest()
        if told["manifest"] != manifest or told["rules"] != rules(plan):
            return None
        blocks = [Block.read(line) for line in lines]
        files = {name: state for block in blocks for name, state in block.files.items()}
        if dict(_states(plan.out)) != {
            name: (size, time) for name, (_, size, time) in files.items()
        }:
            return None
        return Known(told["data"], catalogue, lines, blocks, files)
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
