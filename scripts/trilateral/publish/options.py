"""Options: those of ``trilateral publish``, a subcommand for each thing that is published."""

from __future__ import annotations

import argparse
from datetime import date
from pathlib import Path

SUMMARY = "write a release, or verify one"
_RELEASE = """\
A release is refused where checks find errors, where it stands already, where anything is
not committed, and where its date lies in the future or before the last commit or release.
"""


def add_options(parser: argparse.ArgumentParser, common: argparse.ArgumentParser) -> None:
    """Add the subcommands to a parser; ``common`` has the options that all verbs share."""
    kinds = parser.add_subparsers(dest="kind", required=True, metavar="ACTION")
    release = kinds.add_parser(
        "release", parents=[common], help="write a release", description=_RELEASE
    )
    release.add_argument(
        "--out", type=Path, required=True, metavar="DIR", help="the folder of all releases"
    )
    release.add_argument(
        "--date", type=_date, metavar="YYYY-MM-DD", help="its version; default: today (UTC)"
    )
    release.set_defaults(run="publish.release")
    verify = kinds.add_parser("verify", help="verify checksums, hashes and counts of a release")
    verify.add_argument("release", type=Path, metavar="DIR", help="the folder of one release")
    verify.add_argument("--json", action="store_true", help="print JSON")
    verify.set_defaults(run="publish.verify_release")


def _date(text: str) -> date:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        found = None
    if found is None or found.isoformat() != text:
        raise argparse.ArgumentTypeError(f"{text}: this is no date such as 2026-11-30")
    return found
