"""Write a build: aside first, then swapped in, so that a reader never sees half of one."""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from trilateral.errors import TrilateralError

# What tells that a folder is changed and not replaced: the names of files that go.
_GONE = "gone.json"


def check_target(out: Path) -> None:
    """Refuse a path at which something stands that no build wrote and that would be lost.

    Raises:
        TrilateralError: naming what stands there.
    """
    if not out.exists():
        if out.is_symlink():
            raise TrilateralError(
                f"{out}: this symbolic link leads nowhere.", "Remove it, or what it stands for."
            )
        return
    foreign = _foreign(out)
    if foreign:
        raise TrilateralError(
            f"{foreign}: this is not the output of a build, so {out} is not replaced.",
            "Name another folder with --out, or remove this one yourself.",
        )


def write(files: dict[str, bytes], out: Path) -> None:
    """Replace the folder ``out`` by one that holds exactly these files.

    Whatever goes wrong before the swap leaves ``out`` as it was. What a build that
    was killed has left beside ``out`` is set right first; of two builds at once
    the second waits.

    Raises:
        TrilateralError: when the files cannot be written, or when ``out`` holds
            something that no build wrote and would be lost.
    """
    with replacing(out, "the build", check_target) as fresh:
        for name, data in files.items():
            write_through(fresh / name, data)


@contextmanager
def replacing(out: Path, what: str, check: Callable[[Path], None]) -> Iterator[Path]:
    """Yield a new folder that takes the place of ``out`` when nothing has gone wrong.

    Args:
        out: The folder that is replaced, or made with those above it.
        what: What is written, as errors call it: "the build".
        check: Raises an error where what stands at ``out`` would be lost.

    Raises:
        TrilateralError: when the files cannot be written; ``out`` is then as it was.
    """
    out = out.resolve()
    made = [each for each in out.parents if not each.exists()]
    aside = out.with_name(f".{out.name}-in-the-making")
    fresh, old = aside / "new", aside / "old"
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        with alone(out.parent):
            try:
                _clear(aside, old, out)
                check(out)
                fresh.mkdir(parents=True)
                yield fresh
                if (aside / _GONE).exists():
                    _merge(aside, out)
                else:
                    if out.exists():
                        out.rename(old)
                    fresh.rename(out)
            finally:
                _clear(aside, old, out)
    except OSError as error:
        raise TrilateralError(
            f"{error.filename or out}: {what} cannot be written: {error.strerror}.",
            f"{out} is as it was.",
        ) from None
    finally:
        if not out.exists():
            remove_empty(made)


def change_only(fresh: Path, gone: Iterable[str]) -> None:
    """Have a folder that `replacing` has yielded hold what differs alone, instead of all there is.

    The files in it then go over those of the old folder, the ``gone`` are removed, and the rest
    stays. Nothing is written afterwards: from here on the change takes place, also by whoever
    writes next, when this process is killed.
    """
    told = fresh.parent / "told"
    write_through(told, json.dumps(sorted(gone)).encode())
    told.rename(fresh.parent / _GONE)


def _merge(aside: Path, out: Path) -> None:
    """Bring a folder up to date by what differs; see `change_only`."""
    fresh = aside / "new"
    for folder, _, names in os.walk(fresh):
        there = out / os.path.relpath(folder, fresh)
        there.mkdir(parents=True, exist_ok=True)
        for name in names:
            Path(folder, name).replace(there / name)
    for name in json.loads((aside / _GONE).read_bytes()):
        path = out / name
        path.unlink(missing_ok=True)
        remove_empty([each for each in path.parents if each.is_relative_to(out) and each != out])


def remove_empty(folders: list[Path]) -> None:
    """Remove folders that were made for what was not written, the innermost first."""
    for folder in folders:
        try:
            folder.rmdir()
        except OSError:
            return


def _clear(aside: Path, old: Path, out: Path) -> None:
    """Put the old build back when it was moved and no new one came, then remove the rest.

    A change of it that had begun is brought to its end.
    """
    if old.exists() and not out.exists():
        old.rename(out)
    if (aside / _GONE).exists():
        _merge(aside, out)
    shutil.rmtree(aside, ignore_errors=True)


def write_through(path: Path, data: bytes) -> None:
    """Write a file down to the disk, which may tell only then that it is full."""
    with path.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Wait until no other build writes into a folder; the system forgets a build that was killed.

    Only where there is `fcntl`; elsewhere builds at once are not kept apart.
    """
    if sys.platform == "win32":
        yield
        return
    import fcntl

    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _foreign(out: Path) -> Path | None:
    """Return what a build did not write at ``out``, or None."""
    if not out.is_dir():
        return out
    found = sorted(out.iterdir())
    manifest = out / "manifest.json"
    try:
        files = json.loads(manifest.read_bytes())["files"] if found else {}
        written = {manifest, *(out / name for name in files)}
    except (OSError, ValueError, KeyError, TypeError):
        return out
    return next((path for path in found if path not in written), None)
