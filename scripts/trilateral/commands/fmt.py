"""``trilateral fmt``: write Turtle files in canonical form."""

from __future__ import annotations

from argparse import Namespace

from trilateral import formatting
from trilateral.commands.console import home_of, print_json
from trilateral.nouns import counted


def run(options: Namespace) -> int:
    """Format files, or with ``--check`` tell which are not canonical."""
    home = home_of(options)
    outcome = formatting.format_files(home, options.files, check=options.check)
    if options.json:
        print_json(
            {
                "files": outcome.files,
                "changed": outcome.changed,
                "findings": [str(finding) for finding in outcome.findings],
            }
        )
    else:
        for finding in outcome.findings:
            print(finding)
        for name in outcome.changed:
            print(f"{'would format' if options.check else 'formatted'} {name}")
        print(f"{counted(outcome.files, 'file')}, {len(outcome.changed)} not in canonical form")
    return 1 if outcome.findings or (options.check and outcome.changed) else 0
