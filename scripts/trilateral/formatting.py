"""Format the Turtle files of a dataset, or tell which ones are not in canonical form."""

from __future__ import annotations

import os
import tempfile
from dataclasses import dataclass
from pathlib import Path

from trilateral import turtle
from trilateral.dataset import file_finding
from trilateral.errors import UnknownNameError
from trilateral.findings import Finding
from trilateral.home import Home


@dataclass(frozen=True)
class Outcome:
    """How many files were read, which are not canonical, and which are no Turtle."""

    files: int
    changed: list[str]
    findings: list[Finding]


def format_files(home: Home, named: list[Path], *, check: bool) -> Outcome:
    """Format files and the Turtle files below folders; with ``check`` write nothing.

    When one file is no Turtle, none is written.

    Raises:
        UnknownNameError: when a named file does not exist.
    """
    paths = _paths(home, named)
    written: dict[Path, str] = {}
    findings = []
    for path in paths:
        try:
            text = turtle.decode(turtle.read_bytes(path))
            formatted = turtle.format_text(text)
        except (turtle.TurtleSyntaxError, OSError) as error:
            findings.append(file_finding(home.name(path), error))
            continue
        if formatted != text:
            written[path] = formatted
    if not check and not findings:
        for path, text in written.items():
            _replace(path, text)
    return Outcome(len(paths), [home.name(path) for path in written], findings)


def _paths(home: Home, named: list[Path]) -> list[Path]:
    if not named:
        return home.turtle_files()
    paths: list[Path] = []
    for path in named:
        if not path.exists():
            raise UnknownNameError(f"{path}: there is no such file or folder.")
        paths += sorted(path.rglob("*.ttl")) if path.is_dir() else [path]
    return [path.resolve() for path in paths]


def _replace(path: Path, text: str) -> None:
    """Write beside the file, then swap, so that an interruption loses nothing."""
    handle, aside = tempfile.mkstemp(prefix=f".{path.name}-", dir=path.parent)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
        Path(aside).chmod(path.stat().st_mode)
        Path(aside).replace(path)
    except BaseException:
        Path(aside).unlink(missing_ok=True)
        raise
