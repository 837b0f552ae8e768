"""Assemble the files of a release from a build, as bytes and without touching the disk."""

from __future__ import annotations

import json
from collections.abc import Callable
from importlib.metadata import version
from typing import Any

from trilateral import __version__, dataset
from trilateral.build import assemble as builds
from trilateral.licences import licence_url
from trilateral.prefixes import prefixes
from trilateral.publish.history.continuity import check_nothing_lost
from trilateral.publish.history.versions import read_version, version_iri
from trilateral.publish.metadata import citation, readme
from trilateral.publish.metadata.facts import gather_facts
from trilateral.publish.metadata.formats import write_formats
from trilateral.publish.release import counts, csvw, digests, formats, parquet, tables
from trilateral.publish.release.database import write_database
from trilateral.publish.release.libraries import check_libraries
from trilateral.publish.release.packages import build_packages
from trilateral.publish.release.plan import Plan
from trilateral.publish.release.refusals import RefusedError
from trilateral.serve.workers.source import version_of

DATABASE = "trilateral.sqlite"
_LICENCE = "LICENSE-data"
_MANIFEST = "manifest.json"
_NO_PACKAGES = "wheel and source distribution: made only of the project's own data in a checkout"


def assemble(plan: Plan, progress: Callable[[str], None] = lambda name: None) -> dict[str, bytes]:
    """Return the files of a release by name; ``progress`` hears what is made.

    The same bytes for the same commit, date and versions of the libraries. The data must
    have passed the checks.

    Raises:
        InvalidDatasetError: naming file and line of each file that is no Turtle.
        RefusedError: when something is not installed, a format or table cannot be made, or an
            IRI of the release before is neither described nor retired.
        VerificationError: when the release before is not what it says.
    """
    import pyoxigraph

    check_libraries()
    before = read_version(plan.out / plan.previous) if plan.previous else None
    progress("the dataset")
    build = builds.assemble(dataset.read_valid(plan.home))
    if before:
        check_nothing_lost(before, build["dataset.nq"], plan.version)
    things = json.loads(build["manifest.json"])["things"]
    store = pyoxigraph.Store()
    store.bulk_load(build["dataset.nq"], pyoxigraph.RdfFormat.N_QUADS)
    progress("formats")
    files = formats.write_formats(build, store)
    hashes = {
        name: digests.canonical_hash(pyoxigraph.parse(data, format=form))
        for name, data in files.items()
        if (form := digests.format_of(name))
    }
    for name, expected in digests.hash_dataset(build["dataset.nq"]).items():
        if hashes[name] != expected:
            raise RefusedError(
                f"{name}: it would not hold what dataset.nq holds.", "Report this as an error."
            )
        files[f"{name}.gz"] = parquet.gzip(files.pop(name))
    progress("counts")
    counted = counts.count(store)
    files["counts.json"] = counts.write_json(counted)
    files["counts.csv"] = counts.write_csv(counted)
    progress("tables")
    filled = tables.fill(tables.read_tables(plan.home), store)
    files |= _write_tables(filled, plan)
    files[citation.NAME] = citation.write_citation(
        plan.metadata, plan.version, version_iri(plan.version), hashes["dataset.nq"]
    )
    licence = plan.home.data.parent / _LICENCE
    if licence.is_file():
        files[_LICENCE] = licence.read_bytes()
    if plan.of_checkout:
        progress("wheel and source distribution")
        files |= {
            f"packages/{name}": data
            for name, data in build_packages(plan.home.root, plan.day).items()
        }
    progress("metadata")
    facts = gather_facts(plan, files, filled, counted, hashes["dataset.nq"])
    files |= write_formats(facts)
    files[readme.NAME] = readme.write(facts, {*files, _MANIFEST, digests.SUMS})
    files[_MANIFEST] = _manifest(plan, things, counted, filled, files, hashes)
    sums = {name: digests.sha256(data) for name, data in files.items()}
    files[digests.SUMS] = digests.write_sums(sums)
    return files


def _write_tables(filled: list[tables.Table], plan: Plan) -> dict[str, bytes]:
    from trilateral.serve.web import csv_safe

    files = {DATABASE: write_database(filled)}
    for table in filled:
        heads = [column.name for column in table.columns]
        files[f"tables/{table.name}.csv"] = csv_safe.write(heads, table.rows, raw=True).encode()
        files[f"tables/{table.name}.parquet"] = parquet.write_parquet(table)
    title = str(plan.metadata["title"])
    licence = licence_url(str(plan.metadata["license"]))
    files["tables/csv-metadata.json"] = csvw.describe(filled, title, licence, plan.version)
    return files


def _manifest(
    plan: Plan,
    things: dict[str, int],
    counted: dict[str, Any],
    filled: list[tables.Table],
    files: dict[str, bytes],
    hashes: dict[str, str],
) -> bytes:
    entries: dict[str, dict[str, Any]] = {}
    for name in sorted(files):
        entries[name] = {"sha256": digests.sha256(files[name]), "bytes": len(files[name])}
        if name.removesuffix(".gz") in hashes:
            entries[name]["rdfc10_sha256"] = hashes[name.removesuffix(".gz")]
    told = {
        "version": plan.version,
        "iri": version_iri(plan.version),
        **({"previous": plan.previous} if plan.previous else {}),
        "model": __version__,
        "ontology": f"{prefixes().base}ontology/{__version__}",
        "title": plan.metadata["title"],
        "license": plan.metadata["license"],
        "commit": plan.commit,
        # As pages tell of the data that they are made from.
        "data": version_of(plan.home),
        "rdfc10_sha256": hashes["dataset.nq"],
        "rdfc10_sha256_of_triples": hashes["dataset.ttl"],
        "quads": counted["quads"],
        "graphs": counted["graphs"],
        "things": things,
        "tables": {table.name: len(table.rows) for table in filled},
        "left_out": [] if plan.of_checkout else [_NO_PACKAGES],
        "made_with": {name: version(name) for name in ("apsw", "pyarrow", "pyoxigraph")},
        "files": entries,
    }
    return (json.dumps(told, ensure_ascii=False, indent=2) + "\n").encode()
