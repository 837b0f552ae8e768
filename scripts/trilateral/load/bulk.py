"""Bulk: a new store in a new folder of this machine, made by its own bulk loader and verified.

The loaders know no transaction. So they write into a folder that nobody uses yet, and it gets its
name when all of it is verified: a folder of that name holds the whole version.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import NamedTemporaryFile, TemporaryDirectory, TemporaryFile
from threading import Thread

from trilateral.ask.engines import Answer
from trilateral.errors import TrilateralError
from trilateral.load import copies, run, together
from trilateral.load.source import Found, Source, read
from trilateral.remote.client import prepare

_WORDS = 5  # lines of what a loader says, that are shown when it fails
_SOON = 100 << 20  # bytes of N-Quads, some 400,000, beyond which it is worth it to compile

# What finds a version, and puts files of it into a folder where it has to.
Wanted = Callable[[Path], Found]


class BulkError(TrilateralError):
    """A bulk loader cannot be used, or failed; nothing is left of what it did."""

    status = 1


@dataclass(frozen=True)
class Loader:
    """The programs of a store, which they come with.

    Attributes:
        name: The store.
        load: Words before a folder and files of N-Quads, which are known to be valid.
        ask: Words before a folder and a file of a query; the answer is SPARQL JSON.
        serve: How the folder is served, for people.
        shared: Whether several programs may read a folder at once.
        soon: Variables for a program that ends in some seconds, where the user has not set them.
    """

    name: str
    load: Callable[[Path, Sequence[Path]], list[str]]
    ask: Callable[[Path, Path], list[str]]
    serve: Callable[[Path], str]
    shared: bool = False
    soon: Mapping[str, str] = field(default_factory=dict)


def _oxigraph(folder: Path, quads: Sequence[Path]) -> list[str]:
    # Nobody sees the folder before its end, and what is read beside it is checked there.
    words = ["oxigraph", "load", f"--location={folder}", "--lenient", "--non-atomic"]
    return [*words, *(f"--file={path}" for path in quads)]


def _fuseki(folder: Path, quads: Sequence[Path]) -> list[str]:
    return ["tdb2.tdbloader", f"--loc={folder}", *map(str, quads)]


LOADERS = {
    "oxigraph": Loader(
        "oxigraph",
        _oxigraph,
        lambda folder, query: [
            *("oxigraph", "query", f"--location={folder}", f"--query-file={query}"),
            "--results-format=json",
        ],
        lambda folder: f"oxigraph serve --location {folder}",
        shared=True,
    ),
    "fuseki": Loader(
        "fuseki",
        _fuseki,
        lambda folder, query: [
            *("tdb2.tdbquery", f"--loc={folder}", f"--query={query}", "--results=json")
        ],
        lambda folder: f"fuseki-server --tdb2 --loc={folder} /ds",
        # Of some seconds it would spend half on compiling what it runs.
        soon={"JVM_ARGS": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"},
    ),
}


def load(
    loader: Loader, folder: Path, wanted: Wanted, progress: run.Progress, *, every: bool
) -> tuple[Source, list[str]]:
    """Make a store of a version in a new folder; return it, and what was compared by hash.

    ``wanted`` finds the version in a folder for its files. The loader has its file as soon as it
    is known to be the one of its manifest; what is in it is read meanwhile.

    Raises:
        BulkError: when the folder is in use, or the loader is not there or fails.
        SourceError: when what is to be loaded is not what it should be.
        NotWholeError: when what it made is not the version.
    """
    check(loader, folder)
    folder.parent.mkdir(parents=True, exist_ok=True)
    # On the same disk, so that a name is all that is missing in the end.
    with TemporaryDirectory(prefix=f".{folder.name}-", dir=folder.parent) as work:
        store, quads, marker = (Path(work, name) for name in ("store", "dataset.nq", "marker.nq"))
        store.mkdir()
        progress("reading what is to be loaded")
        found = wanted(Path(work))
        graph = copies.marker_of(found.version, found.rdfc10_sha256)
        marker.write_bytes(b"".join(graph.nquads()))
        if found.path != quads:
            # Jena takes a path for an IRI, which that of a build may not be.
            quads.symlink_to(found.path.resolve())
        soon = loader.soon if found.path.stat().st_size < _SOON else {}
        with _running(loader.load(store, [quads, marker]), progress, soon):
            source = read(found)
            source.counts  # noqa: B018 - which it keeps
        compared = run.verify(
            _Programs(loader, store, Path(work)), source, None, progress, every=every
        )
        try:
            store.rename(folder)
        except OSError as error:
            raise BulkError(f"{folder}: {error.strerror}; it was made meanwhile.") from None
    return source, compared


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
    for words in (loader.load(folder, []), loader.ask(folder, folder)):
        if not shutil.which(words[0]):
            raise BulkError(
                f"{words[0]}: the program is not installed, or not on the search path.",
                f"Install {loader.name} with its commands, or load over HTTP: "
                f"trilateral load URL --store {loader.name}",
            )


@contextmanager
def _running(
    words: list[str], progress: run.Progress, settings: Mapping[str, str]
) -> Iterator[None]:
    """Run a loader beside what is done within ``with``, and pass on what it tells of its rate.

    At the end it is waited for; where anything fails, it is ended.

    Raises:
        BulkError: when it fails.
    """
    last: deque[str] = deque(maxlen=_WORDS)
    # In a group, since it may be a script that starts what loads.
    with subprocess.Popen(
        words, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        text=True, errors="replace", process_group=0, env={**settings, **os.environ},
    ) as process:  # fmt: skip

        def listen() -> None:
            for line in process.stdout or ():
                if line.strip():
                    last.append(line.strip())
                    progress(f"{words[0]}: {line.strip()}")

        listener = Thread(target=listen)
        listener.start()
        try:
            yield
            listener.join()
        except BaseException:
            os.killpg(process.pid, signal.SIGKILL)
            listener.join()
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

    @property
    def url(self) -> str:
        return str(self.folder)

    def of_graphs(self, graphs: Iterable[str]) -> _Programs:
        assert not tuple(graphs)
        return self

    def ask_each(self, queries: Sequence[tuple[str, int, str]], at_once: bool) -> list[Answer]:
        if at_once and self.loader.shared:
            with ThreadPoolExecutor(len(queries)) as pool:
                return list(pool.map(lambda each: self.ask(*each), queries))
        # To start a program may take longer than its answer.
        texts = [query for query, _, _ in queries]
        return together.split(texts, self.ask(together.join(texts)))

    def ask(self, query: str, expected: int = 0, order: str = "") -> Answer:
        import pyoxigraph as ox

        with NamedTemporaryFile(dir=self.work, suffix=".rq") as file, TemporaryFile() as told:
            file.write(prepare(query).encode())
            file.flush()
            words = self.loader.ask(self.folder, Path(file.name))
            done = subprocess.run(words, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                  stderr=told, check=False,
                                  env={**self.loader.soon, **os.environ})  # fmt: skip
            told.seek(0)
            said = told.read().decode(errors="replace")
        try:
            found = ox.parse_query_results(done.stdout, format=ox.QueryResultsFormat.JSON)
            assert isinstance(found, ox.QuerySolutions)
            names = tuple(variable.value for variable in found.variables)
            return Answer(names, tuple(tuple(row) for row in found))
        except (ValueError, SyntaxError):
            raise BulkError(f"{words[0]}: it gives no answer: {said[-300:].strip()}") from None
