"""``trilateral build``: check, assemble and write ``dist/``."""

from __future__ import annotations

import json
import sys
from argparse import Namespace

from trilateral import dataset, findings
from trilateral.build import assemble, write
from trilateral.check import run as checks
from trilateral.commands.console import home_of, print_json, progress
from trilateral.errors import TrilateralError
from trilateral.nouns import counted


def run(options: Namespace) -> int:
    """Check the dataset and, when it has no errors, write the build."""
    home = home_of(options)
    for folder in (home.ontology, home.data, home.shapes, home.queries):
        if options.out.resolve().is_relative_to(folder):
            raise TrilateralError(
                f"{options.out}: this lies in {home.name(folder)}/, so that the next build "
                "would read what this one writes.",
                "Name another folder with --out.",
            )
    write.check_target(options.out)
    found = checks.run(home, lambda name: progress(f"checking {name}"))
    errors = [finding for finding in found if finding.severity == "error"]
    if errors:
        if options.json:
            print(findings.to_json(errors))
        else:
            for finding in errors:
                print(finding)
        print(
            f"trilateral: {counted(len(errors), 'error')}, so nothing was built; "
            f"{options.out} is as it was.",
            file=sys.stderr,
        )
        return 1
    progress("assembling")
    data = dataset.read_valid(home)
    files = assemble.assemble(data)
    write.write(files, options.out)
    manifest = json.loads(files["manifest.json"])
    if options.json:
        print_json(manifest)
        return 0
    for name, entry in manifest["files"].items():
        print(f"{options.out / name}  {counted(entry['bytes'], 'byte')}")
    graphs = counted(len(manifest["graphs"]), "named graph")
    print(f"{counted(manifest['quads'], 'quad')} in {graphs}")
    for count, name in assemble.describe_things(data, manifest["things"]):
        print(f"{count:>7,} {name}")
    print(f"RDFC-1.0 SHA-256 {manifest['rdfc10_sha256']}")
    return 0
