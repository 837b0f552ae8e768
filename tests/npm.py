"""Packages of npm that tests need, fetched once and kept outside of the repository."""

import contextlib
import hashlib
import shutil
import tempfile
from functools import cache
from pathlib import Path

import pytest
from proof.engines.engine import CACHE, run

_FILES = ("package.json", "package-lock.json")


@cache
def installed(folder: Path) -> Path:
    """Return where the packages lie that the two files of a folder name.

    Skips the test where they are neither there nor can be fetched.
    """
    content = b"".join((folder / name).read_bytes() for name in _FILES)
    kept = CACHE / f"{folder.name}-{hashlib.sha256(content).hexdigest()[:12]}"
    if not kept.is_dir():
        if shutil.which("npm") is None:
            pytest.skip(f"npm is not on the path, and {kept} is not there")
        CACHE.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=CACHE) as work:
            place = Path(work) / folder.name
            place.mkdir()
            for name in _FILES:
                shutil.copy(folder / name, place)
            run(["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"], place)
            # Whole or not at all: another process may have installed the same.
            with contextlib.suppress(OSError):
                place.rename(kept)
    return kept
