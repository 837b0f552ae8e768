"""``trilateral check``: run all checks, once or at each change, or check a copy in a store."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Sequence

from trilateral import findings
from trilateral.check import run as checks
from trilateral.commands.console import home_of, progress
from trilateral.findings import Finding
from trilateral.nouns import counted


def run(options: Namespace) -> int:
    """Run all checks and print the findings."""
    if options.endpoint:
        from trilateral.commands.check_copy import check_copy

        return check_copy(options)
    home = home_of(options)
    if options.watch:
        from trilateral.check.watch import watch

        for found in watch(home, _progress):
            _print(found, options)
        return 0
    check = checks.run_incremental if options.incremental else checks.run
    found = check(home, _progress)
    _print(found, options)
    return 1 if findings.has_errors(found) else 0


def _progress(name: str) -> None:
    progress(f"checking {name}")


def _print(found: Sequence[Finding], options: Namespace) -> None:
    kind = "json" if options.json else options.format
    if kind == "json":
        print(findings.to_json(found), flush=True)
    elif kind == "sarif":
        print(findings.to_sarif(found), flush=True)
    else:
        for finding in found:
            print(finding)
        errors = sum(finding.severity == "error" for finding in found)
        warnings = counted(len(found) - errors, "warning")
        print(f"{counted(errors, 'error')}, {warnings}", flush=True)
