"""Verify: a release against its own checksums, canonical hashes and counts."""

from __future__ import annotations

import csv
import gzip
import json
import sqlite3
import zlib
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from trilateral.publish.release import counts, digests
from trilateral.publish.release.assemble import DATABASE
from trilateral.publish.release.libraries import check_libraries
from trilateral.publish.release.refusals import VerificationError

_NEEDED = {
    *("version", "rdfc10_sha256", "rdfc10_sha256_of_triples"),
    *("quads", "graphs", "tables"),
}
_SIGNATURES = {f"{digests.SUMS}.sig", f"{digests.SUMS}.asc"}


@dataclass(frozen=True)
class Verified:
    """What was found right: numbers of files, of RDF files among them and of tables, the hash."""

    version: str
    files: int
    rdf_files: int
    tables: int
    quads: int
    rdfc10_sha256: str


def verify(folder: Path, progress: Callable[[str], None] = lambda name: None) -> Verified:
    """Verify a release and return what was found right.

    Files are compared by ``SHA256SUMS``, then ``manifest.json`` with them, the canonical
    hash of each RDF file, and the counts of the dataset and the tables. A signature is not
    looked at.

    Raises:
        VerificationError: naming the first file that is missing, unknown or differs.
        RefusedError: when a library is not installed.
    """
    import pyoxigraph

    check_libraries()
    progress("checksums")
    sums = _check_sums(folder)
    manifest = _manifest(folder, sums)
    progress("canonical hashes")
    hashes = {
        name: entry["rdfc10_sha256"]
        for name, entry in manifest["files"].items()
        if "rdfc10_sha256" in entry
    }
    for name, digest in hashes.items():
        if _hash(folder, name) != digest:
            raise _differs(folder / name, "what it says has another canonical hash")
    nquads = _read(folder, "dataset.nq.gz")
    expected = digests.hash_dataset(nquads)
    for name, digest in expected.items():
        if hashes.get(f"{name}.gz") != digest:
            raise _differs(folder / f"{name}.gz", "it does not hold what dataset.nq.gz holds")
    told = manifest["rdfc10_sha256"], manifest["rdfc10_sha256_of_triples"]
    if told != (expected["dataset.nq"], expected["dataset.ttl"]):
        raise _differs(folder / "manifest.json", "the hash of the release is not that of its data")
    progress("counts")
    store = pyoxigraph.Store()
    store.bulk_load(nquads, pyoxigraph.RdfFormat.N_QUADS)
    counted = counts.count(store)
    files = {"counts.json": counts.write_json(counted), "counts.csv": counts.write_csv(counted)}
    for name, data in files.items():
        if _read(folder, name) != data:
            raise _differs(folder / name, "the data hold another number")
    if (manifest["quads"], manifest["graphs"]) != (counted["quads"], counted["graphs"]):
        raise _differs(folder / "manifest.json", "the data hold another number of quads")
    for name, rows in manifest["tables"].items():
        for file, found in _rows(folder, name):
            if found != rows:
                raise _differs(folder / file, f"the table {name} has {found} rows, not {rows}")
    return Verified(
        version=manifest["version"],
        files=len(sums),
        rdf_files=len(hashes),
        tables=len(manifest["tables"]),
        quads=counted["quads"],
        rdfc10_sha256=manifest["rdfc10_sha256"],
    )


def _check_sums(folder: Path) -> dict[str, str]:
    path = folder / digests.SUMS
    try:
        sums = digests.read_sums(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise VerificationError(
            f"{path}: this cannot be read: {error}.", "Name the folder of one release."
        ) from None
    except ValueError as error:
        raise _differs(path, f"this is no digest and name: {error}") from None
    there = {
        each.relative_to(folder).as_posix() for each in folder.rglob("*") if not each.is_dir()
    } - {digests.SUMS}
    for name, digest in sums.items():
        if name not in there:
            raise _differs(folder / name, "it is missing")
        if digests.sha256((folder / name).read_bytes()) != digest:
            raise _differs(folder / name, f"it is not the file that {digests.SUMS} tells of")
    unknown = min(there - set(sums) - _SIGNATURES, default=None)
    if unknown:
        raise _differs(folder / unknown, f"{digests.SUMS} does not tell of it")
    return sums


def _manifest(folder: Path, sums: dict[str, str]) -> dict[str, Any]:
    path = folder / "manifest.json"
    try:
        manifest: dict[str, Any] = json.loads(path.read_bytes())
        told = {name: entry["sha256"] for name, entry in manifest["files"].items()}
        missing = _NEEDED - set(manifest)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise _differs(path, f"this is no manifest of a release: {error!r}") from None
    if missing:
        raise _differs(path, f"this is no manifest of a release: no {min(missing)}")
    for name in sorted({*told, *sums} - {path.name}):
        if told.get(name) != sums.get(name):
            raise _differs(path, f"it does not tell of {name} what {digests.SUMS} tells")
    return manifest


def _hash(folder: Path, name: str) -> str:
    import pyoxigraph

    try:
        return digests.canonical_hash(
            pyoxigraph.parse(_read(folder, name), format=digests.format_of(name))
        )
    except (SyntaxError, ValueError, OSError, EOFError, zlib.error) as error:
        raise _differs(folder / name, f"it cannot be read: {error}") from None


def _rows(folder: Path, table: str) -> Iterator[tuple[str, int]]:
    """Yield each file that has a table, with the number of its rows there."""
    counted = {
        f"tables/{table}.csv": _rows_of_csv,
        DATABASE: _rows_of_database,
        f"tables/{table}.parquet": _rows_of_parquet,
    }
    for name, rows in counted.items():
        try:
            yield name, rows(folder / name, table)
        except (OSError, ValueError, sqlite3.Error) as error:
            raise _differs(folder / name, f"it cannot be read: {error}") from None


def _rows_of_csv(path: Path, table: str) -> int:
    with path.open(encoding="utf-8", newline="") as file:
        return sum(1 for _ in csv.reader(file)) - 1


def _rows_of_database(path: Path, table: str) -> int:
    with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as connection:
        quoted = table.replace("-", "_").replace('"', '""')
        (found,) = connection.execute(f'SELECT COUNT(*) FROM "{quoted}"').fetchone()
        return int(found)


def _rows_of_parquet(path: Path, table: str) -> int:
    import pyarrow.parquet

    with pyarrow.parquet.ParquetFile(path) as file:
        return int(file.metadata.num_rows)


def _read(folder: Path, name: str) -> bytes:
    data = (folder / name).read_bytes()
    return gzip.decompress(data) if name.endswith(".gz") else data


def _differs(path: Path, why: str) -> VerificationError:
    return VerificationError(f"{path}: {why}.", "Fetch the release again from its publisher.")
