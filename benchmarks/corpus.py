"""A corpus of the shape of the shipped data, of any size: ``python -m benchmarks.corpus --help``.

The data are written as often as it takes, each time with fresh names; terms of the ontology are
shared. Each copy brings as many sources as the data have, and for each kind of thing as many as
they have, so that all ratios stay as they are.

Copies are tied to each other. A part of the references that tie things to what several sources
speak of (the proposition of a stance, relations of propositions, members of frameworks) lead into
another copy: one that is some copies further on, another number for each reference, the last
copies to the first. As each reference is shifted in all copies alike, each thing is linked to as
often as in the data, and by other sources than its own.

One copy is held in memory, as text with gaps for its number, however many are written.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import re
import sys
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import IO

import pyoxigraph as ox

from trilateral import dataset, turtle
from trilateral.home import Home, find_home
from trilateral.prefixes import prefixes
from trilateral.vocabulary import iri

# Of the references that may lead into another copy, one in so many does.
ONE_IN = 4
# Characters that N-Quads writes otherwise stand for what a copy puts in: its own mark in a name
# (with \x01 and a number of copies: the mark of one that is so much further on), and its number in
# a label.
_MARK, _FURTHER, _NUMBER = "\x00", "\x01", "\x02"
_GAP = re.compile(f"{_FURTHER}(\\d+){_FURTHER}")
# A name that is made of other names begins with the name of what one of these leads to.
_WHOLES = ("figureOf", "inDocument", "participant", "phaseOf", "reportedIn")
_LEADING_ELSEWHERE = {
    "Stance": ("proposition",),
    "Proposition": ("entails", "contradicts", "narrows"),
    "Membership": ("member",),
}
_TYPE = iri("rdf:type")


@dataclass(frozen=True)
class Graph:
    """A named graph of one copy: its path, such as ``stances/x``, and its text in N-Quads."""

    path: str
    text: str


class Corpus:
    """A corpus of some copies of a dataset; the first has the names of the dataset itself.

    Attributes:
        copies: How many there are.
        size: The triples of one copy.
        shared: The triples of the ontology, which are there once.
    """

    def __init__(self, home: Home | None = None, *, copies: int = 0, quads: int = 0) -> None:
        """Read what is to be written ``copies`` times, or to about ``quads`` in all."""
        read = dataset.read_valid(home or find_home())
        self._home = read.home
        start = prefixes()["graph"]
        self._data, self._ontology = (
            {
                start + self._home.graph_path(path): file.triples
                for path, file in read.under(folder).items()
            }
            for folder in (self._home.data, self._home.ontology)
        )
        self.size = sum(map(len, self._data.values()))
        self.shared = sum(map(len, self._ontology.values()))
        self.copies = copies or max(1, round((quads - self.shared) / self.size))

    def __len__(self) -> int:
        """Return the number of quads."""
        return self.shared + self.copies * self.size

    def graphs(self) -> Iterator[Graph]:
        """Yield the graphs of the ontology, then those of each copy."""
        for name, triples in self._ontology.items():
            yield Graph(_path(name), "".join(f"{triple} <{name}> .\n" for triple in triples))
        for copy in range(self.copies):
            yield from self.copy(copy)

    def copy(self, number: int) -> Iterator[Graph]:
        """Yield the graphs of one copy."""
        own = _mark(number)
        label = f" {number}" if number else ""
        for name, pieces, further in self._templates:
            marks = [_mark((number + shift) % self.copies) for shift in further]
            text = "".join(part for pair in zip(pieces, [*marks, ""], strict=True) for part in pair)
            path = _path(name) + own
            yield Graph(path, text.replace(_MARK, own).replace(_NUMBER, label))

    @cached_property
    def _templates(self) -> list[tuple[str, list[str], list[int]]]:
        """Text of each graph, cut where a name of another copy stands, and of which copies."""
        names = _Names(self._data, self.copies)
        found = []
        for name, triples in self._data.items():
            text = "".join(f"{names.triple(triple)} <{name}{_MARK}> .\n" for triple in triples)
            pieces = _GAP.split(text)
            found.append((name, pieces[::2], [int(shift) for shift in pieces[1::2]]))
        return found


class _Names:
    """The names of a copy, with gaps for marks."""

    def __init__(self, data: dict[str, Sequence[ox.Triple]], copies: int) -> None:
        self._copies = copies
        self._said: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
        for triples in data.values():
            for triple in triples:
                if isinstance(triple.object, ox.NamedNode):
                    said = self._said[triple.subject.value]
                    said[triple.predicate.value].append(triple.object.value)
        self._known: dict[str, str] = {}
        self._shifts = self._shifted()
        self._label = iri("skos:prefLabel")

    def triple(self, triple: ox.Triple) -> str:
        subject, predicate, value = triple.subject.value, triple.predicate.value, triple.object
        if isinstance(value, ox.NamedNode):
            shift = self._shift(subject, predicate, value.value)
            written = f"<{self._name(value.value, shift)}>" if value.value in self._said else value
        elif predicate == self._label:
            before, quote, after = str(value).rpartition('"')
            written = f"{before}{_NUMBER}{quote}{after}"
        else:
            written = value
        return f"<{self._name(subject)}> {triple.predicate} {written}"

    def _name(self, name: str, shift: int = 0) -> str:
        """Return the name of a thing in this copy, or in one that is so much further on."""
        found = self._known.get(name)
        if found is None:
            cut = name.rfind("/") + 1
            found = self._known[name] = name[:cut] + self._local(name)
        if not shift:
            return found
        assert _FURTHER not in found
        return found.replace(_MARK, f"{_FURTHER}{shift}{_FURTHER}")

    def _local(self, name: str) -> str:
        local = _last(name)
        starts = [each for each in self._starts(name) if f"{local}-".startswith(f"{each[0]}-")]
        if not starts:
            return local + _MARK
        start, marked = max(starts, key=lambda pair: len(pair[0]))
        rest = local[len(start) :]
        for document in self._documents(name):
            end = f"-per-{_last(document)}"
            if rest.endswith(end):
                rest = rest[: -len(end)] + f"-per-{_last(self._name(document))}"
        return marked + rest

    def _starts(self, name: str) -> Iterator[tuple[str, str]]:
        """Yield what the name of a thing may begin with, by the rule for such names."""
        said = self._of(name)
        classes = {each.rpartition("#")[2] for each in self._said[name][_TYPE]}
        wholes = [whole for each in _WHOLES for whole in said(each)]
        if classes & {"Affiliation", "Funding"}:
            wholes += said("member")
        if said("ascription"):
            wholes += said("evidence")
        for whole in wholes:
            yield self._pair(whole)
        for whole in said("usedIn"):
            start, marked = self._pair(whole)
            yield start.removeprefix("register-"), marked.removeprefix("register-")
        for first, second in (("member", "framework"), ("codedBy", "codedUnit")):
            if "Membership" in classes or first == "codedBy":
                for one in said(first):
                    for other in said(second):
                        shift = self._shift(name, iri(f"tri:{first}"), one)
                        start = f"{_last(one)}-{_last(other)}"
                        yield start, f"{_last(self._name(one, shift))}-{_last(self._name(other))}"
        if "UnnamedParty" in classes:
            passage = _last(name).removeprefix("unnamed-")
            start, marked = self._pair(prefixes()["passage"] + passage)
            yield f"unnamed-{start}", f"unnamed-{marked}"

    def _pair(self, name: str) -> tuple[str, str]:
        return _last(name), _last(self._name(name)) if name in self._said else _last(name)

    def _of(self, name: str):
        return lambda prop: self._said[name].get(iri(f"tri:{prop}"), [])

    def _documents(self, name: str) -> Iterator[str]:
        for passage in self._of(name)("evidence"):
            yield from self._of(passage)("inDocument")

    def _shift(self, subject: str, predicate: str, value: str) -> int:
        """Return by how many copies a reference is shifted: mostly by none."""
        return self._shifts.get((subject, predicate, value), 0)

    def _shifted(self) -> dict[tuple[str, str, str], int]:
        """Return the references that lead into another copy, each with how much further on."""
        found: dict[tuple[str, str, str], int] = {}
        for kind, properties in _LEADING_ELSEWHERE.items():
            for prop in properties:
                predicate = iri(f"tri:{prop}")
                references = sorted(
                    (subject, predicate, value)
                    for subject, said in self._said.items()
                    if iri(f"tri:{kind}") in said.get(_TYPE, ())
                    for value in said.get(predicate, ())
                )
                for reference in references[::ONE_IN] if self._copies > 1 else ():
                    digest = hashlib.sha256(" ".join(reference).encode()).digest()
                    found[reference] = 1 + int.from_bytes(digest[:8]) % (self._copies - 1)
        return found


def _mark(number: int) -> str:
    return f"-x{number}" if number else ""


def _last(name: str) -> str:
    return name.rpartition("/")[2]


def _path(graph: str) -> str:
    return graph.removeprefix(prefixes()["graph"])


def write_nquads(corpus: Corpus, file: IO[bytes]) -> None:
    """Write a corpus as N-Quads, graph by graph."""
    for graph in corpus.graphs():
        file.write(graph.text.encode())


def write_turtle(corpus: Corpus, folder: Path) -> Home:
    """Write the data of a corpus as the Turtle files of a dataset, and return where they lie."""
    for number in range(corpus.copies):
        for graph in corpus.copy(number):
            path = folder / f"{graph.path}.ttl"
            path.parent.mkdir(parents=True, exist_ok=True)
            quads = ox.parse(graph.text.encode(), format=ox.RdfFormat.N_QUADS)
            path.write_text(turtle.write(quad.triple for quad in quads), encoding="utf-8")
    return find_home(folder)


@contextmanager
def _opened(path: str) -> Iterator[IO[bytes]]:
    if path == "-":
        yield sys.stdout.buffer
    elif path.endswith(".gz"):
        with gzip.open(path, "wb", compresslevel=1) as file:
            yield file
    else:
        with Path(path).open("wb", buffering=1 << 20) as file:
            yield file


def main() -> None:
    """Write a corpus."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("out", help="FILE.nq, FILE.nq.gz, - for standard output, or DIR/")
    parser.add_argument("--data", type=Path, help="repeat the Turtle files of this folder")
    size = parser.add_mutually_exclusive_group(required=True)
    size.add_argument("--quads", type=int, default=0, help="to about so many")
    size.add_argument("--sources", type=int, default=0, help="of so many documents, about")
    size.add_argument("--copies", type=int, default=0)
    options = parser.parse_args()
    home = find_home(options.data)
    copies = options.copies
    if options.sources:
        documents = sum(1 for path in (home.data / "stances").glob("*.ttl"))
        copies = max(1, round(options.sources / max(1, documents)))
    corpus = Corpus(home, copies=copies, quads=options.quads)
    if options.out.endswith("/"):
        write_turtle(corpus, Path(options.out))
    else:
        with _opened(options.out) as file:
            write_nquads(corpus, file)
    told = f"{len(corpus):,} quads, {corpus.copies:,} copies of {corpus.size:,}"
    print(told, file=sys.stderr)


if __name__ == "__main__":
    main()
