"""``trilateral publish``: write a release, or verify one."""

from __future__ import annotations

import json
import sys
from argparse import Namespace
from dataclasses import asdict
from datetime import UTC, datetime

from trilateral import findings
from trilateral.check import run as checks
from trilateral.commands.console import home_of, print_json, progress
from trilateral.publish.release import assemble, verify, writing
from trilateral.publish.release.libraries import check_libraries
from trilateral.publish.release.plan import make_plan


def release(options: Namespace) -> int:
    """Check the dataset and, when it has no errors and nothing stands against it, release it."""
    today = datetime.now(UTC).date()
    plan = make_plan(home_of(options), options.out, options.date or today, today)
    check_libraries()
    found = checks.run(plan.home, lambda name: progress(f"checking {name}"))
    errors = [finding for finding in found if finding.severity == "error"]
    if errors:
        if options.json:
            print(findings.to_json(errors))
        else:
            for finding in errors:
                print(finding)
        print(f"trilateral: {len(errors)} errors, so nothing was released.", file=sys.stderr)
        return 1
    files = assemble.assemble(plan, lambda name: progress(f"making {name}"))
    progress("writing")
    writing.write(files, plan.folder)
    manifest = json.loads(files["manifest.json"])
    if options.json:
        print_json(manifest)
        return 0
    size = sum(map(len, files.values()))
    print(f"{plan.folder}  {len(files)} files, {size:,} bytes")
    print(f"version {manifest['version']} of the data, {manifest['model']} of the model")
    print(f"{manifest['quads']:,} quads in {len(manifest['graphs'])} named graphs")
    print(f"{sum(manifest['tables'].values()):,} rows in {len(manifest['tables'])} tables")
    for each in manifest["left_out"]:
        print(f"left out: {each}")
    if plan.commit is None:
        print("no git repository keeps the data, so the release names no commit")
    print(f"RDFC-1.0 SHA-256 {manifest['rdfc10_sha256']}")
    return 0


def verify_release(options: Namespace) -> int:
    """Verify a release and say what was found right."""
    found = verify.verify(options.release, lambda name: progress(f"verifying {name}"))
    if options.json:
        print_json(asdict(found))
        return 0
    print(f"{options.release}: version {found.version} is as it was released")
    print(f"{found.files} files by SHA-256, {found.rdf_files} of them by canonical hash")
    print(f"{found.quads:,} quads and {found.tables} tables counted")
    print(f"RDFC-1.0 SHA-256 {found.rdfc10_sha256}")
    return 0
