"""``trilateral publish``: releases and their history, nanopublications, site, documentation."""

from __future__ import annotations

import json
import sys
from argparse import Namespace
from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

from trilateral import dataset, findings
from trilateral.build.write import replacing, write_through
from trilateral.check import run as checks
from trilateral.commands.console import home_of, print_json, progress
from trilateral.findings import Finding
from trilateral.home import Home
from trilateral.nouns import counted
from trilateral.publish.history import data, pages, patch, series, text
from trilateral.publish.history.differences import compare
from trilateral.publish.history.versions import read_version
from trilateral.publish.nanopubs.make import make
from trilateral.publish.nanopubs.plan import make_plan as plan_nanopubs
from trilateral.publish.nanopubs.positions import find_positions, select
from trilateral.publish.release import assemble, verify, writing
from trilateral.publish.release.libraries import check_libraries
from trilateral.publish.release.plan import make_plan
from trilateral.publish.release.refusals import RefusedError


def release(options: Namespace) -> int:
    """Check the dataset and, when it has no errors and nothing stands against it, release it."""
    today = datetime.now(UTC).date()
    check_libraries()
    plan = make_plan(home_of(options), options.out, options.date or today, today)
    if _has_errors(plan.home, options, "released"):
        return 1
    files = assemble.assemble(plan, lambda name: progress(f"making {name}"))
    progress("writing")
    writing.write(files, plan.folder)
    manifest = json.loads(files["manifest.json"])
    if options.json:
        print_json(manifest)
        return 0
    size = sum(map(len, files.values()))
    print(f"{plan.folder}  {counted(len(files), 'file')}, {counted(size, 'byte')}")
    print(f"version {manifest['version']} of the data, {manifest['model']} of the model")
    graphs, tables = manifest["graphs"], manifest["tables"]
    print(f"{counted(manifest['quads'], 'quad')} in {counted(len(graphs), 'named graph')}")
    print(f"{counted(sum(tables.values()), 'row')} in {counted(len(tables), 'table')}")
    for each in manifest["left_out"]:
        print(f"left out: {each}")
    if plan.commit is None:
        print("no git repository keeps the data, so the release names no commit")
    print(f"RDFC-1.0 SHA-256 {manifest['rdfc10_sha256']}")
    return 0


def diff(options: Namespace) -> int:
    """Compare two versions and print, or write, how they differ."""
    found = compare(read_version(options.old), read_version(options.new))
    if options.format == "text":
        written = text.write_text(found, options.brief)
    else:
        written = _FORMATS[options.format](found)
    if options.out is None:
        sys.stdout.write(written)
        return 0
    aside = options.out.with_name(f".{options.out.name}-in-the-making")
    try:
        write_through(aside, written.encode())
        aside.replace(options.out)
    finally:
        aside.unlink(missing_ok=True)
    print(f"{options.out}: {text.summary(found)}")
    return 0


_FORMATS = {"html": pages.write_changes, "json": data.write_json, "rdf": patch.write_patch}


def history(options: Namespace) -> int:
    """Write the history of all releases of a folder, in the place of the last."""
    series.check_target(options.out.resolve())
    files = series.write_history(options.releases, progress)
    progress("writing")
    with replacing(options.out, "the history", series.check_target) as folder:
        _fill(folder, files)
    size = sum(map(len, files.values()))
    print(f"{options.out}  {counted(len(files), 'file')}, {counted(size, 'byte')}")
    return 0


def nanopubs(options: Namespace) -> int:
    """Check the dataset and, when it has no errors, write its positions as nanopublications."""
    today = datetime.now(UTC).date()
    plan = plan_nanopubs(home_of(options), options.out, options.date or today, today)
    store = dataset.load(plan.home)
    found = find_positions(store, plan.day)
    wanted = select(found, options.stance, options.source)
    if not wanted:
        raise RefusedError("There is no position in the data, so nothing to write.")
    if _has_errors(plan.home, options, "written"):
        return 1
    progress("making nanopublications")
    files = make(plan, store, wanted)
    writing.write(files, plan.folder, "the folder")
    if options.json:
        print_json({each.name: each.nanopub for each in wanted})
        return 0
    size = sum(map(len, files.values()))
    print(f"{plan.folder}  {len(files)} of {counted(len(found), 'position')}, {size:,} bytes")
    print(f"version {plan.day} of the data; not signed")
    return 0


def site(options: Namespace) -> int:
    """Check the dataset and, when it has no errors, write its site as files."""
    from trilateral.publish.site.make import make
    from trilateral.publish.site.plan import check_target
    from trilateral.publish.site.plan import make_plan as plan_site

    home = home_of(options)
    plan = plan_site(
        home, options.data, options.out, options.base, options.base_path, options.lang,
        options.history,
    )  # fmt: skip
    if _has_errors(home, options, "written", checks.run_incremental):
        return 1
    with replacing(plan.out, "the site", check_target) as folder:
        made = make(plan, folder, lambda name: progress(f"making {name}"), options.all)
    told = {
        "out": str(plan.out), "files": len(made.files), "bytes": made.size, "kept": made.kept
    }  # fmt: skip
    if options.json:
        print_json(told)
    else:
        print(f"{plan.out}  {counted(len(made.files), 'file')}, {made.size:,} bytes")
        if made.kept:
            print(f"kept of the last site: {counted(made.kept, 'file')}")
        if not options.base:
            print(f"sitemap, robots.txt and descriptions name {plan.address} as its address;")
            print("give --base for another host")
    return 0


def docs(options: Namespace) -> int:
    """Check the dataset and, when it has no errors, write the documentation of the project."""
    from trilateral.publish.docs.plan import check_target
    from trilateral.publish.docs.plan import make_plan as plan_docs

    home = home_of(options)
    plan = plan_docs(home, options.out, options.site)
    from trilateral.publish.docs.make import make

    if _has_errors(home, options, "written", checks.run_incremental):
        return 1
    files = make(plan, progress)
    with replacing(plan.out, "the documentation", check_target) as folder:
        _fill(folder, files)
    size = sum(map(len, files.values()))
    told = {"out": str(plan.out), "files": len(files), "bytes": size}
    if options.json:
        print_json(told)
    else:
        files_told = f"{counted(len(files), 'file')}, {size:,} bytes"
        print(f"{plan.out}  {files_told}; all links inside lead somewhere")
    return 0


def _fill(folder: Path, files: Mapping[str, bytes]) -> None:
    for name, body in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(body)


def _has_errors(
    home: Home, options: Namespace, what: str, check: Callable[..., list[Finding]] = checks.run
) -> bool:
    """Check the dataset, print the errors that it has, and say ``what`` was not done for them."""
    found = check(home, lambda name: progress(f"checking {name}"))
    errors = [finding for finding in found if finding.severity == "error"]
    if errors and options.json:
        print(findings.to_json(errors))
    elif errors:
        for finding in errors:
            print(finding)
    if errors:
        told = counted(len(errors), "error")
        print(f"trilateral: {told}, so nothing was {what}.", file=sys.stderr)
    return bool(errors)


def verify_release(options: Namespace) -> int:
    """Verify a release and say what was found right."""
    found = verify.verify(options.release, lambda name: progress(f"verifying {name}"))
    if options.json:
        print_json(asdict(found))
        return 0
    print(f"{options.release}: version {found.version} is as it was released")
    files = counted(found.files, "file")
    print(f"{files} by SHA-256, {found.rdf_files} of them by canonical hash")
    print(f"{counted(found.quads, 'quad')} and {counted(found.tables, 'table')} counted")
    print(f"RDFC-1.0 SHA-256 {found.rdfc10_sha256}")
    return 0
