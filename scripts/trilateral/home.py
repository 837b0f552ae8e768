"""Where the dataset lies: a checkout, the installed package, or a folder of one's own."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from trilateral.errors import TrilateralError

# Names of files that hold RDF in a form, or under a name, that is not read.
_LIKE_TURTLE = (
    ".ttl",
    ".ttl.txt",
    ".turtle",
    ".nt",
    ".nq",
    ".trig",
    ".n3",
    ".rdf",
    ".owl",
    ".jsonld",
)


def walk(folder: Path) -> Iterator[Path]:
    """Yield every file below a folder, and folders that cannot stand for their files.

    These are links, which are not followed, and folders with the name of a Turtle
    file. What is hidden is left out.

    Raises:
        OSError: when a folder cannot be read.
    """

    def stop(error: OSError) -> None:
        raise error

    for name, folders, files in os.walk(folder, onerror=stop):
        folders[:] = [each for each in folders if not each.startswith(".")]
        parent = Path(name)
        yield from (parent / each for each in files if not each.startswith("."))
        for each in folders:
            if each.endswith(".ttl") or (parent / each).is_symlink():
                yield parent / each


@dataclass(frozen=True)
class Home:
    """The four folders of a dataset and the folder that file names are shown relative to."""

    root: Path
    ontology: Path
    data: Path
    shapes: Path
    queries: Path

    def name(self, path: Path) -> str:
        """Return ``path`` as a reader knows it: relative to the dataset where it lies inside."""
        for base in (self.root, self.data.parent):
            if path.is_relative_to(base):
                return path.relative_to(base).as_posix()
        return path.as_posix()

    def turtle_files(self) -> list[Path]:
        """Return every Turtle file of ontology, data and shapes, sorted by name.

        Hidden files, and files in hidden folders, are left out: editors make them.

        >>> any(path.name == "actors.ttl" for path in find_home().turtle_files())
        True
        """
        return [path for path in self._files() if path.name.endswith(".ttl")]

    def strays(self) -> list[tuple[Path, str, str]]:
        """Return what was meant to be read and is not: its path, why, and how to repair it.

        >>> find_home().strays()
        []
        """
        found = []
        for path in self._files():
            if path.name.endswith(".ttl"):
                continue
            if path.is_symlink() and path.is_dir():
                why = "It is a symbolic link to a folder, of which no file is read."
                found.append((path, why, "Put the folder itself here."))
            elif path.name.lower().endswith(_LIKE_TURTLE):
                why = "It is not read: its name does not end in .ttl."
                found.append((path, why, "Save it as Turtle under a name in .ttl, or remove it."))
        return found

    def _files(self) -> list[Path]:
        """Return what `walk` finds below the three folders, sorted by name.

        Raises:
            OSError: when a folder cannot be read, which would otherwise pass for an empty one.
        """
        return sorted(
            path for folder in (self.ontology, self.data, self.shapes) for path in walk(folder)
        )

    def is_data(self, name: str) -> bool:
        """Tell whether a file lies in the data folder."""
        return Path(name).resolve().is_relative_to(self.data)

    def graph_path(self, path: Path) -> str:
        """Return the path of the named graph of a file: ``stances/china-daily-2024``."""
        if path.is_relative_to(self.data):
            return path.relative_to(self.data).with_suffix("").as_posix()
        return path.relative_to(self.ontology.parent).with_suffix("").as_posix()


def find_home(data: Path | None = None) -> Home:
    """Find the dataset that this package belongs to; ``data`` replaces its data folder.

    Raises:
        TrilateralError: when ``data`` is not a folder of Turtle files.

    >>> find_home().ontology.is_dir()
    True
    """
    package = Path(__file__).resolve().parent
    packed = package / "dataset"
    root = packed if packed.is_dir() else package.parent.parent
    if data is not None and not data.is_dir():
        raise TrilateralError(
            f"{data}: there is no such folder.", "Name a folder of Turtle files with --data."
        )
    if data is not None and not any(path.name.endswith(".ttl") for path in walk(data)):
        raise TrilateralError(
            f"{data}: there is no Turtle file in this folder.",
            "Name a folder of Turtle files with --data.",
        )
    return Home(
        root=root,
        ontology=root / "ontology",
        data=(data or root / "data").resolve(),
        shapes=root / "shapes",
        queries=root / "queries",
    )
