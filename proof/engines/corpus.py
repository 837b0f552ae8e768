"""What is validated: pairs of a data graph and a shapes graph, each written as one file.

Nothing is inferred and no engine is asked to. What SHACL itself takes from the data
graph is ``rdfs:subClassOf``: an instance of a subclass counts as one of the class (SHACL
2.1.3.2, 4.1.1). So the ontology is a part of each data graph.
"""

from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox
from rdflib import RDF, Graph
from rdflib.namespace import SH

ROOT = Path(__file__).parents[2]
ONTOLOGY = sorted((ROOT / "ontology").rglob("*.ttl"))
DATA = sorted((ROOT / "data").rglob("*.ttl"))
WORLD = sorted((ROOT / "tests" / "world" / "data").rglob("*.ttl"))
LINT = ROOT / "shapes" / "shapes-lint.ttl"
SHAPES = sorted(set((ROOT / "shapes").glob("*.ttl")) - {LINT})
PROBES = Path(__file__).parent / "probes"


@dataclass(frozen=True)
class Corpus:
    """Files of data and files of shapes that are validated together."""

    name: str
    title: str
    data: list[Path]
    shapes: list[Path]

    def write(self, folder: Path) -> tuple[Path, Path]:
        """Write both graphs as N-Triples, which every engine reads, and return the files."""
        written = []
        for kind, files in (("data", self.data), ("shapes", self.shapes)):
            written.append(folder / f"{self.name}-{kind}.nt")
            with written[-1].open("wb") as stream:
                for at, file in enumerate(files):
                    ox.serialize(_triples(file, f"f{at}_"), stream, ox.RdfFormat.N_TRIPLES)
        return written[0], written[1]


def _triples(file: Path, prefix: str) -> list[ox.Triple]:
    # A blank node is one node of its file alone, also where two files use the same label.
    def apart(term: object) -> object:
        return ox.BlankNode(prefix + term.value) if isinstance(term, ox.BlankNode) else term

    return [
        ox.Triple(apart(quad.subject), quad.predicate, apart(quad.object))
        for quad in ox.parse(path=file, format=ox.RdfFormat.TURTLE)
    ]


def fixtures() -> tuple[list[Path], list[Path]]:
    """Return the fixtures of the shapes for data and those of the shapes for shapes."""
    lint = {str(shape).rpartition("#")[2] for shape in _shapes(Graph().parse(LINT))}
    files = sorted((ROOT / "tests" / "fixtures" / "shapes").glob("*.ttl"))
    return (
        [file for file in files if file.stem not in lint],
        [file for file in files if file.stem in lint],
    )


def _shapes(graph: Graph) -> set[object]:
    return {s for kind in (SH.NodeShape, SH.PropertyShape) for s in graph.subjects(RDF.type, kind)}


def corpora() -> dict[str, Corpus]:
    """Return all corpora by name."""
    ordinary, lint = fixtures()
    return {
        corpus.name: corpus
        for corpus in (
            Corpus("world", "the tiny world", ONTOLOGY + WORLD, SHAPES),
            Corpus("fixtures", "world and fixtures", ONTOLOGY + WORLD + ordinary, SHAPES),
            Corpus("lint", "shapes and lint fixtures", [*SHAPES, LINT, *lint], [LINT]),
            Corpus("probes", "probes", [PROBES / "data.ttl"], [PROBES / "shapes.ttl"]),
            Corpus("shipped", "the shipped data", ONTOLOGY + DATA, SHAPES),
        )
    }
