"""Files: what each file of a release is, by its name: title, media type, known format."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath

from trilateral.publish.metadata.citation import NAME as CITATION
from trilateral.publish.release import digests

# How to cite and under which terms: no form of the data.
_ABOUT = (CITATION, "LICENSE-data")


@dataclass(frozen=True)
class Kind:
    """A format: its name, its media type and its code among the file types of the EU, if any."""

    name: str
    media: str
    code: str = ""


# By ending; the media types are registered with IANA.
_KINDS = {
    ".nq": Kind("N-Quads", "application/n-quads", "RDF_N_QUADS"),
    ".trig": Kind("TriG", "application/trig", "RDF_TRIG"),
    ".jsonld": Kind("JSON-LD", "application/ld+json", "JSON_LD"),
    ".ttl": Kind("Turtle", "text/turtle", "RDF_TURTLE"),
    ".rdf": Kind("RDF/XML", "application/rdf+xml", "RDF_XML"),
    ".csv": Kind("CSV", "text/csv", "CSV"),
    ".parquet": Kind("Parquet", "application/vnd.apache.parquet", "PARQUET"),
    ".json": Kind("JSON", "application/json", "JSON"),
    ".sqlite": Kind("SQLite", "application/vnd.sqlite3"),
    ".whl": Kind("wheel", "application/zip", "ZIP"),
    ".gz": Kind("gzip", "application/gzip"),
}
GZIP = _KINDS[".gz"]
_TITLES = {
    "ontology.ttl": "The terms of the dataset",
    "shapes.ttl": "The constraints that the dataset meets",
    "context.jsonld": "The JSON-LD context of the dataset",
    "counts": "Counts of triples, things, classes and properties",
    "trilateral.sqlite": "All tables in one SQLite database",
    "tables/csv-metadata.json": "Description of the CSV tables (CSV on the Web)",
}


@dataclass(frozen=True)
class File:
    """A file of a release; ``packed`` is whether it is a file of its kind compressed as gzip."""

    path: str
    title: str
    kind: Kind
    packed: bool
    bytes: int
    sha256: str

    @property
    def media(self) -> str:
        """The media type of the file as it lies there."""
        return GZIP.media if self.packed else self.kind.media


def describe_files(files: Mapping[str, bytes], summaries: Mapping[str, str]) -> tuple[File, ...]:
    """Return the data files of a release, sorted; ``summaries`` are those of tables by name.

    >>> (found,) = describe_files({"dataset.nq.gz": b"", "LICENSE-data": b""}, {})
    >>> found.title, found.kind.name, found.media
    ('The dataset with its named graphs as N-Quads', 'N-Quads', 'application/gzip')
    """
    return tuple(
        _describe(name, files[name], summaries) for name in sorted(files) if name not in _ABOUT
    )


def _describe(name: str, data: bytes, summaries: Mapping[str, str]) -> File:
    packed = name.endswith(".gz") and not name.endswith(".tar.gz")
    kind = _KINDS[PurePosixPath(name.removesuffix(".gz") if packed else name).suffix]
    title = _title(PurePosixPath(name), kind, summaries)
    return File(name, title, kind, packed, len(data), digests.sha256(data))


def _title(path: PurePosixPath, kind: Kind, summaries: Mapping[str, str]) -> str:
    stem = path.name.partition(".")[0]
    told = _TITLES.get(str(path)) or _TITLES.get(stem)
    if told:
        return told
    if path.parts[0] == "graphs":
        return f"The named graph {path.relative_to('graphs').with_suffix('')}"
    if path.parts[0] == "tables":
        return f"{summaries[stem].rstrip('.')} ({kind.name})"
    if path.parts[0] == "packages":
        return "The software with the dataset, as " + (
            "a wheel" if kind.name == "wheel" else "its sources"
        )
    graphs = f"{path.name.removesuffix('.gz')}" in digests.OF_GRAPHS
    what = "The dataset with its named graphs" if graphs else "The triples of all named graphs"
    return f"{what} as {kind.name}"
