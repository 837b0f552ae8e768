"""``trilateral check``: run all checks."""

from __future__ import annotations

from argparse import Namespace

from trilateral import findings
from trilateral.check import run as checks
from trilateral.commands.console import home_of, progress


def run(options: Namespace) -> int:
    """Run all checks and print the findings."""
    found = checks.run(home_of(options), lambda name: progress(f"checking {name}"))
    kind = "json" if options.json else options.format
    if kind == "json":
        print(findings.to_json(found))
    elif kind == "sarif":
        print(findings.to_sarif(found))
    else:
        for finding in found:
            print(finding)
        errors = sum(finding.severity == "error" for finding in found)
        print(f"{errors} errors, {len(found) - errors} warnings")
    return 1 if findings.has_errors(found) else 0
