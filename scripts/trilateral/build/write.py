"""Write a build: aside first, then swapped in, so that a reader never sees half of one."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from trilateral.errors import TrilateralError


def write(files: dict[str, bytes], out: Path) -> None:
    """Replace the folder ``out`` by one that holds exactly these files.

    Whatever goes wrong before the swap leaves ``out`` as it was.

    Raises:
        TrilateralError: when the files cannot be written, or when ``out`` holds
            something that no build wrote and would be lost.
    """
    if out.exists() and not (out.is_dir() and _is_build(out)):
        raise TrilateralError(
            f"{out}: this is not the output of a build, so it is not replaced.",
            "Name another folder with --out, or remove this one yourself.",
        )
    aside: Path | None = None
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        aside = Path(tempfile.mkdtemp(prefix=f".{out.name}-", dir=out.parent))
        fresh, old = aside / "new", aside / "old"
        fresh.mkdir()
        for name, data in files.items():
            (fresh / name).write_bytes(data)
        if out.exists():
            out.rename(old)
        try:
            fresh.rename(out)
        except BaseException:
            if old.exists():
                old.rename(out)
            raise
    except OSError as error:
        raise TrilateralError(
            f"{error.filename or out}: the build cannot be written: {error.strerror}.",
            f"{out} is as it was.",
        ) from None
    finally:
        if aside is not None:
            shutil.rmtree(aside, ignore_errors=True)


def _is_build(folder: Path) -> bool:
    return (folder / "manifest.json").is_file() or not any(folder.iterdir())
