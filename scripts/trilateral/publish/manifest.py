"""Manifest: the file by which a command knows again a folder that it wrote, and may replace."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from pathlib import Path

from trilateral import __version__
from trilateral.publish.release.refusals import RefusedError

MANIFEST = "manifest.json"


def write_manifest(files: Mapping[str, bytes], made_by: str) -> bytes:
    """Return what tells by which command a folder was made, and of which files."""
    told = {
        "made_by": made_by,
        "model": __version__,
        "files": {
            name: hashlib.sha256(body).hexdigest()[:16] for name, body in sorted(files.items())
        },
    }
    return (json.dumps(told, ensure_ascii=False, indent=0) + "\n").encode()


def check_target(out: Path, made_by: str) -> None:
    """Refuse a path at which something stands that would be lost and that a command did not make.

    Raises:
        RefusedError: naming what stands there.
    """
    foreign = _foreign(out, made_by)
    if foreign:
        raise RefusedError(
            f"{foreign}: `{made_by}` did not write this, so {out} is not replaced.",
            "Name another folder with --out, or remove this one yourself.",
        )


def _foreign(out: Path, made_by: str) -> Path | None:
    """Return what is there and was not written by a command, or None."""
    if not out.exists() and not out.is_symlink():
        return None
    if not out.is_dir():
        return out
    if not any(out.iterdir()):
        return None
    try:
        told = json.loads((out / MANIFEST).read_bytes())
        files = set(told["files"]) if told["made_by"] == made_by else None
    except (OSError, ValueError, KeyError, TypeError):
        return out
    if files is None:
        return out
    # Not by pathlib: a site has tens of thousands of files.
    for folder, _, names in os.walk(out):
        prefix = f"{os.path.relpath(folder, out)}/".removeprefix("./")
        for name in sorted(names):
            if f"{prefix}{name}" not in files and (prefix or name != MANIFEST):
                return Path(folder, name)
    return None
