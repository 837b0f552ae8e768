"""Bulk: a new store in a new folder of this machine, made by its own bulk loader and verified.

The loaders know no transaction. So they write into a folder that nobody uses yet, and it gets its
name when all of it is verified: a folder of that name holds the whole version.
"""

from __future__ import annotations

import shutil
import subprocess
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory, TemporaryFile
from threading import Lock

from trilateral.ask.engines import Answer
from trilateral.errors import TrilateralError
from trilateral.load import copies, run
from trilateral.load.copies import Marker
from trilateral.load.source import Source
from trilateral.remote.client import prepare

_WORDS = 5  # lines of what a loader says, that are shown when it fails


class BulkError(TrilateralError):
    """A bulk loader cannot be used, or failed; nothing is left of what it did."""

    status = 1


@dataclass(frozen=True)
class Loader:
    """The programs of a store, which they come with.

    Attributes:
        name: The store.
        load: Words before a folder and a file of N-Quads.
        ask: Words before a folder and a file of a query; the answer is SPARQL JSON.
        serve: How the folder is served, for people.
    """

    name: str
    load: Callable[[Path, Path], list[str]]
    ask: Callable[[Path, Path], list[str]]
    serve: Callable[[Path], str]


LOADERS = {
    "oxigraph": Loader(
        "oxigraph",
        lambda folder, quads: ["oxigraph", "load", f"--location={folder}", f"--file={quads}"],
        lambda folder, query: [
            *("oxigraph", "query", f"--location={folder}", f"--query-file={query}"),
            "--results-format=json",
        ],
        lambda folder: f"oxigraph serve --location {folder}",
    ),
    "fuseki": Loader(
        "fuseki",
        lambda folder, quads: ["tdb2.tdbloader", f"--loc={folder}", str(quads)],
        lambda folder, query: [
            *("tdb2.tdbquery", f"--loc={folder}", f"--query={query}", "--results=json")
        ],
        lambda folder: f"fuseki-server --tdb2 --loc={folder} /ds",
    ),
}


def load(
    loader: Loader, folder: Path, source: Source, progress: run.Progress, *, every: bool
) -> list[str]:
    """Make a store of a version in a new folder; return the graphs compared by canonical hash.

    Raises:
        BulkError: when the folder is in use, or the loader is not there or fails.
        NotWholeError: when what it made is not the version.
    """
    check(loader, folder)
    folder.parent.mkdir(parents=True, exist_ok=True)
    # On the same disk, so that a name is all that is missing in the end.
    with TemporaryDirectory(prefix=f".{folder.name}-", dir=folder.parent) as work:
        store, quads = Path(work, "store"), Path(work, "dataset.nq")
        store.mkdir()
        progress(f"writing {quads}")
        with quads.open("wb") as file:
            file.writelines(source.nquads())
            file.writelines(copies.marker_of(source).nquads())
        _call(loader.load(store, quads), progress)
        quads.unlink()
        client = _Programs(loader, store, Path(work))
        compared = run.verify(client, source, None, progress, every=every)
        if copies.read_marker(client) != Marker(source.version, source.rdfc10_sha256):
            raise run.NotWholeError(f"{store}: it does not say which version it holds.")
        try:
            store.rename(folder)
        except OSError as error:
            raise BulkError(f"{folder}: {error.strerror}; it was made meanwhile.") from None
    return compared


def check(loader: Loader, folder: Path) -> None:
    """Find out before anything is read whether a load can begin.

    Raises:
        BulkError: when the folder is in use, or a program is not installed.
    """
    if folder.exists() and not (folder.is_dir() and not any(folder.iterdir())):
        raise BulkError(
            f"{folder}: it is there and not empty; a server may run on it.",
            "Name a new folder: the store that is made there can take the place of another.",
        )
    for words in (loader.load(folder, folder), loader.ask(folder, folder)):
        if not shutil.which(words[0]):
            raise BulkError(
                f"{words[0]}: the program is not installed, or not on the search path.",
                f"Install {loader.name} with its commands, or load over HTTP: "
                f"trilateral load URL --store {loader.name}",
            )


def _call(words: list[str], progress: run.Progress) -> None:
    """Run a loader, and pass on what it tells of its rate."""
    last: deque[str] = deque(maxlen=_WORDS)
    with subprocess.Popen(
        words, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        try:
            for line in process.stdout or ():
                if line.strip():
                    last.append(line.strip())
                    progress(f"{words[0]}: {line.strip()}")
        except BaseException:
            process.kill()
            raise
    if process.returncode:
        raise BulkError(
            f"{words[0]}: it failed with exit status {process.returncode}: {' '.join(last)}",
            "Nothing is left of what it wrote.",
        )


@dataclass(frozen=True)
class _Programs:
    """Asks a folder by the store's own program, as a client asks an endpoint."""

    loader: Loader
    folder: Path
    work: Path
    # A folder may have one reader at a time.
    lock: Lock = field(default_factory=Lock)

    @property
    def url(self) -> str:
        return str(self.folder)

    def of_graphs(self, graphs: Iterable[str]) -> _Programs:
        assert not tuple(graphs)
        return self

    def ask(self, query: str, expected: int = 0) -> Answer:
        import pyoxigraph as ox

        path = self.work / "query.rq"
        with self.lock, TemporaryFile() as told:
            path.write_text(prepare(query), "utf-8")
            words = self.loader.ask(self.folder, path)
            done = subprocess.run(words, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                  stderr=told, check=False)  # fmt: skip
            told.seek(0)
            said = told.read().decode(errors="replace")
        try:
            found = ox.parse_query_results(done.stdout, format=ox.QueryResultsFormat.JSON)
            assert isinstance(found, ox.QuerySolutions)
            names = tuple(variable.value for variable in found.variables)
            return Answer(names, tuple(tuple(row) for row in found))
        except (ValueError, SyntaxError):
            raise BulkError(f"{words[0]}: it gives no answer: {said[-300:].strip()}") from None
