"""The dataset: Turtle files read into named graphs, one graph per file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from trilateral import turtle
from trilateral.errors import InvalidDatasetError
from trilateral.findings import Finding
from trilateral.home import Home
from trilateral.prefixes import prefixes

if TYPE_CHECKING:
    import pyoxigraph as ox


@dataclass(frozen=True)
class Dataset:
    """The files of a dataset, and what was wrong with those that could not be read."""

    home: Home
    files: dict[Path, turtle.TurtleFile]
    findings: tuple[Finding, ...] = ()

    def under(self, folder: Path) -> dict[Path, turtle.TurtleFile]:
        """Return the files below one folder."""
        return {path: file for path, file in self.files.items() if path.is_relative_to(folder)}

    def graphs(self) -> dict[str, list[ox.Triple]]:
        """Return the named graphs of ontology and data by IRI; shapes are not part of them."""
        return {
            f"{prefixes()['graph']}{self.home.graph_path(path)}": file.triples
            for path, file in self.files.items()
            if not path.is_relative_to(self.home.shapes)
        }

    def triples(self, *folders: Path) -> Iterator[ox.Triple]:
        """Yield the triples of the files below some folders, file by file."""
        for path, file in self.files.items():
            if any(path.is_relative_to(folder) for folder in folders):
                yield from file.triples

    def store(self) -> ox.Store:
        """Return the named graphs in an embedded store in memory."""
        import pyoxigraph

        store = pyoxigraph.Store()
        for name, triples in self.graphs().items():
            graph = pyoxigraph.NamedNode(name)
            store.bulk_extend(
                pyoxigraph.Quad(triple.subject, triple.predicate, triple.object, graph)
                for triple in triples
            )
        return store

    @cached_property
    def _described_in(self) -> dict[str, list[Path]]:
        places: dict[str, list[Path]] = {}
        for path, file in self.files.items():
            for iri in {getattr(triple.subject, "value", "") for triple in file.triples}:
                places.setdefault(iri, []).append(path)
        return places

    def locate(self, iri: str, predicate: str = "", value: str = "") -> tuple[str, int]:
        """Return file name and line of the block of a subject; ``("", 0)`` when there is none."""
        for path in self._described_in.get(iri, ()):
            line = self.files[path].line_of(iri, predicate, value)
            if line:
                return self.home.name(path), line
        return "", 0


def read(home: Home, known: Mapping[Path, turtle.TurtleFile] | None = None) -> Dataset:
    """Read every Turtle file of a dataset; files that are no Turtle become findings.

    A file whose text is that of ``known`` is taken from there, not parsed again.

    >>> from trilateral.home import find_home
    >>> read(find_home()).findings
    ()
    """
    files: dict[Path, turtle.TurtleFile] = {}
    findings = [
        Finding(home.name(path), 0, "not-read", why, "", repair)
        for path, why, repair in home.strays()
    ]
    for path in home.turtle_files():
        try:
            files[path] = turtle.read_path(path, (known or {}).get(path))
            if not files[path].triples:
                raise turtle.TurtleSyntaxError(
                    "The file states nothing.", 1, repair="Restore what it held, or remove it."
                )
        except (turtle.TurtleSyntaxError, OSError) as error:
            findings.append(file_finding(home.name(path), error))
    return Dataset(home, files, tuple(findings))


def load(home: Home) -> ox.Store:
    """Return the named graphs of a dataset in an embedded store, without what only checks need.

    Several times faster than `read`, for answering questions.

    Raises:
        InvalidDatasetError: naming file and line of each file that `read` refuses.

    >>> from trilateral.home import find_home
    >>> len(load(find_home())) > 1000
    True
    """
    import pyoxigraph

    if home.strays():
        read_valid(home)
    store = pyoxigraph.Store()
    for path in home.turtle_files():
        if path.is_relative_to(home.shapes):
            continue
        graph = pyoxigraph.NamedNode(prefixes()["graph"] + home.graph_path(path))
        try:
            text = turtle.decode(turtle.read_bytes(path))
            if not turtle.is_plain(text):
                turtle.read(text)
            store.bulk_load(text, pyoxigraph.RdfFormat.TURTLE, to_graph=graph)
            if not store.contains_named_graph(graph):
                read_valid(home)
        except (SyntaxError, turtle.TurtleSyntaxError, OSError):
            read_valid(home)
            raise
    return store


def read_valid(home: Home) -> Dataset:
    """Read a dataset of which every file is Turtle.

    Raises:
        InvalidDatasetError: naming file and line of each file that is not.
    """
    dataset = read(home)
    if dataset.findings:
        raise InvalidDatasetError("\n".join(str(finding) for finding in dataset.findings))
    return dataset


def file_finding(name: str, error: turtle.TurtleSyntaxError | OSError) -> Finding:
    """Return what a file cannot be read for as a finding."""
    if isinstance(error, turtle.TurtleSyntaxError):
        return syntax_finding(name, error)
    message = f"The file cannot be read: {error.strerror}."
    repair = "Put a Turtle file here that you may read, or remove this."
    return Finding(name, 0, "unreadable", message, "", repair)


def syntax_finding(name: str, error: turtle.TurtleSyntaxError) -> Finding:
    """Return a syntax error as a finding, with a hint where the mistake is a common one."""
    message = error.message.rstrip(".") + "."
    if error.repair:
        repair = error.repair
    elif "IRI code point" in error.message:
        repair = "Percent-encode the character in the IRI (a space is %20)."
    elif "has not been declared" in error.message:
        repair = "Declare the prefix as ontology/prefixes.ttl has it."
    elif "Unexpected end" in error.message:
        repair = "What begins here does not end: restore the rest of the file."
    elif "dot is expected" in error.message:
        repair = "End the block above with a full stop, and each triple in it with a semicolon."
    else:
        repair = "Correct the Turtle at this place; https://www.w3.org/TR/turtle/ has the grammar."
    return Finding(name, error.line, "turtle-syntax", message, "", repair)
