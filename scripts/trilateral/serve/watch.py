"""Watch: notices that the files that are served have changed.

By their sizes and times once a second: this also sees a symbolic link that leads elsewhere,
a folder that was put in the place of another, and files on a network.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

_PAUSE = 1.0


Seen = dict[str, tuple[int, int, int]]


async def watch(folder: Path, before: Seen, changed: Callable[[], None]) -> None:
    """Call ``changed`` whenever the files of a build or a data folder differ from ``before``."""
    while True:
        await asyncio.sleep(_PAUSE)
        now = seen(folder)
        # Called when nothing has changed for a moment: what is being written is not whole yet.
        if now != before:
            while now != (later := await _later(folder)):
                now = later
            before = now
            changed()


async def _later(folder: Path) -> Seen:
    await asyncio.sleep(_PAUSE)
    return seen(folder)


def seen(folder: Path) -> Seen:
    """Return inode, modification time and size of each file that a dataset is read from."""
    found = {}
    for path in [*folder.rglob("*.ttl"), *folder.glob("dataset.*"), folder / "manifest.json"]:
        try:
            state = path.stat()
        except OSError:
            continue
        found[str(path)] = (state.st_ino, state.st_mtime_ns, state.st_size)
    return found
