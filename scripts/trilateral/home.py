"""Where the dataset lies: a checkout, the installed package, or a folder of one's own."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from trilateral.errors import TrilateralError


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

        >>> any(path.name == "actors.ttl" for path in find_home().turtle_files())
        True
        """
        folders = (self.ontology, self.data, self.shapes)
        return sorted(path for folder in folders for path in folder.rglob("*.ttl"))

    def graph_path(self, path: Path) -> str:
        """Return the path of the named graph of a file: ``stances/china-daily-2024``."""
        if path.is_relative_to(self.data):
            return path.relative_to(self.data).with_suffix("").as_posix()
        return path.relative_to(self.ontology.parent).with_suffix("").as_posix()


def find_home(data: Path | None = None) -> Home:
    """Find the dataset that this package belongs to; ``data`` replaces its data folder.

    Raises:
        TrilateralError: when ``data`` is not a folder.

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
    return Home(
        root=root,
        ontology=root / "ontology",
        data=(data or root / "data").resolve(),
        shapes=root / "shapes",
        queries=root / "queries",
    )
