"""Kept: agreement figures of codings that were seen before, in the user's cache.

They take longer than reading the whole dataset, and depend on nothing but the codings, this
package and the two packages that compute them. A file for each state of the codings; one
that is missing, damaged or of another state is no figures, and is written anew.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from collections.abc import Iterable
from contextlib import suppress
from importlib.metadata import version
from pathlib import Path
from typing import Any

from trilateral.folders import cache_folder

MOST = 20


def place(codings: Iterable[Any]) -> Path:
    """Return where the figures of codings are kept; each coding is a value for JSON."""
    digest = hashlib.sha256(json.dumps(list(codings)).encode())
    for package in ("trilateral", "numpy", "krippendorff"):
        digest.update(f"{package} {version(package)}\n".encode())
    for name in ("agreement.py", "alpha.py"):
        digest.update((Path(__file__).parent / name).read_bytes())
    return cache_folder("agreement") / f"{digest.hexdigest()}.json"


def read(path: Path) -> list[Any] | None:
    """Return the figures that are kept, None where there are none that are whole."""
    try:
        digest, _, text = path.read_bytes().partition(b"\n")
    except OSError:
        return None
    if hashlib.sha256(text).hexdigest().encode() != digest:
        return None
    found: list[Any] = json.loads(text)
    return found


def write(path: Path, figures: list[Any]) -> None:
    """Keep figures: written aside, then swapped in; where none can be written, none are kept."""
    text = json.dumps(figures).encode()
    with suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, aside = tempfile.mkstemp(dir=path.parent, suffix=".part")
        try:
            with os.fdopen(handle, "wb") as out:
                out.write(hashlib.sha256(text).hexdigest().encode() + b"\n" + text)
            Path(aside).replace(path)
        finally:
            Path(aside).unlink(missing_ok=True)
        others = [each for each in path.parent.glob("*.json") if each != path]
        others.sort(key=lambda each: each.stat().st_mtime_ns)
        for old in others[: 1 - MOST]:
            old.unlink(missing_ok=True)
