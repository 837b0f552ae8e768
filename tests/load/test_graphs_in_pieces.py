"""The graphs of a version, read from a file in pieces, hold what it says, whatever its size."""

import random
import subprocess
import sys
from pathlib import Path

import pyoxigraph as ox
import pytest
from tests.load.conftest import GRAPH, quads_of

from trilateral.load import graphs
from trilateral.load.graphs import group, read_lines
from trilateral.load.source import Source, read_source

TEXT = "<https://example.org/a%d> <https://example.org/p> %s <%s> .\n"


def source_of(tmp_path, text):
    path = tmp_path / "dataset.nq"
    path.write_text(text, "utf-8")
    return Source("a test", "0", "0" * 64, group(read_lines(path)))


def test_graphs_are_put_together_again_from_many_runs(tmp_path, monkeypatch):
    monkeypatch.setattr(graphs, "_RUN", 1000)
    monkeypatch.setattr(graphs, "_PIECE", 100)
    # What looks like an end of line within a text is none.
    lines = [TEXT % (n, f'"{n} . \\n <{GRAPH}x> . "', f"{GRAPH}{n % 7}") for n in range(500)]
    random.Random(7).shuffle(lines)
    source = source_of(tmp_path, "".join(lines))
    assert list(source.graphs) == [f"{GRAPH}{n}" for n in range(7)]
    assert sorted(b"".join(source.nquads()).decode().splitlines(keepends=True)) == sorted(lines)
    for name, graph in source.graphs.items():
        own = [line.replace(f" <{name}> .\n", " .\n") for line in lines if f" <{name}> .\n" in line]
        assert b"".join(graph.ntriples()).decode() == "".join(own)
        assert graph.lines == len(own)
        pieces = list(graph.ntriples())
        assert len(pieces) > 1
        assert all(piece.endswith(b" .\n") for piece in pieces)


def test_a_build_is_read_as_it_is(build):
    found = ox.Store()
    found.bulk_load(b"".join(read_source(build=build).nquads()), ox.RdfFormat.N_QUADS)
    assert set(found) == quads_of(build)


@pytest.mark.parametrize(
    "text",
    [
        "# a comment\n" + TEXT % (1, "1", GRAPH),
        TEXT.replace(" .\n", " . # a comment\n") % (1, '"1"', GRAPH),
        TEXT % (1, '"1"', GRAPH) + "<broken",
        TEXT.replace("> <", "><") % (1, '"1"', GRAPH) + "\n",
    ],
)
def test_what_is_not_canonical_is_refused(text, tmp_path):
    with pytest.raises((ValueError, SyntaxError)):
        source_of(tmp_path, text)


def test_counts_are_by_value_and_of_each_graph(tmp_path):
    number = '"%s"^^<http://www.w3.org/2001/XMLSchema#decimal>'
    kind = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
    text = "".join(
        TEXT % (1, value, f"{GRAPH}{name}")
        for value in (number % "1.50", number % "1.5", '"1.5"')
        for name in "ab"
    ) + "".join(f"<urn:thing> {kind} <urn:class> <{GRAPH}{name}> .\n" for name in "abc")
    assert source_of(tmp_path, text).counts == {
        "quads": 7,
        "graphs": {f"{GRAPH}a": 3, f"{GRAPH}b": 3, f"{GRAPH}c": 1},
        "classes": {"urn:class": 3},
        "properties": {
            "https://example.org/p": 4,
            "http://www.w3.org/1999/02/22-rdf-syntax-ns#type": 3,
        },
    }


PROGRAM = """
import sys
from pathlib import Path
from trilateral.load.graphs import group, read_lines
from trilateral.load.source import Source

source = Source("", "", "", group(read_lines(Path(sys.argv[1]))))
assert sum(map(len, source.nquads())) == Path(sys.argv[1]).stat().st_size
assert source.counts["quads"] == int(sys.argv[2])
lines = Path("/proc/self/status").read_text().splitlines()
print(*(line.split()[1] for line in lines if line.startswith("VmHWM")))
"""


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="Linux tells the peak there")
def test_memory_does_not_grow_with_the_data(tmp_path):
    """Four times the data, tens of megabytes more of them, in hardly more memory."""
    peaks = []
    for size in (100_000, 400_000):
        path = tmp_path / f"{size}.nq"
        with path.open("w") as file:
            file.writelines(
                TEXT % (n, '"a text of some length, as they have"', f"{GRAPH}{n % 400}")
                for n in range(size)
            )
        words = [sys.executable, "-c", PROGRAM, str(path), str(size)]
        done = subprocess.run(words, capture_output=True, text=True, check=True)
        peaks.append(int(done.stdout) / 1024)
    assert path.stat().st_size / 2**20 > 50
    assert peaks[1] - peaks[0] < 15, peaks
