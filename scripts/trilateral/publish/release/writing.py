"""Writing: a release aside first, then moved to its place, so that nobody sees half of one."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path

# The same lock and the same way down to the disk as a build has.
from trilateral.build.write import alone, remove_empty, write_through
from trilateral.publish.release.refusals import RefusedError


def write(files: Mapping[str, bytes], folder: Path, what: str = "the release") -> None:
    """Write a release, or ``what`` else, that does not stand yet; of two the second waits.

    Whatever goes wrong leaves nothing of it, and what a release that was killed has left
    is removed first.

    Raises:
        RefusedError: when the files cannot be written, or the folder stands already.
    """
    out = folder.parent
    aside = out / f".{folder.name}-in-the-making"
    made = [each for each in (out, *out.parents) if not each.exists()]
    try:
        out.mkdir(parents=True, exist_ok=True)
        with alone(out):
            try:
                shutil.rmtree(aside, ignore_errors=True)
                if folder.exists():
                    raise RefusedError(
                        f"{folder}: this version stands, and a version never changes.",
                        "Release under a later date.",
                    )
                for name, data in files.items():
                    path = aside / name
                    path.parent.mkdir(parents=True, exist_ok=True)
                    write_through(path, data)
                aside.rename(folder)
            finally:
                shutil.rmtree(aside, ignore_errors=True)
    except OSError as error:
        raise RefusedError(
            f"{error.filename or folder}: {what} cannot be written: {error.strerror}.",
            "Nothing of it is left, and the others are as they were.",
        ) from None
    finally:
        if not folder.exists():
            remove_empty(made)
