"""``trilateral code``: compare the codings of two coders."""

from __future__ import annotations

from argparse import Namespace
from dataclasses import asdict

from trilateral import dataset
from trilateral.coding import agreement
from trilateral.commands.console import home_of, print_json, print_table, progress


def run(options: Namespace) -> int:
    """Print the agreement figures of each document and variable."""
    store = dataset.load(home_of(options))
    progress("drawing 1000 bootstrap samples for each variable")
    found = agreement.agreements(store)
    if options.json:
        print_json([asdict(figure) for figure in found])
        return 0
    print_table(
        ("document", "variable", "metric", "units", "alpha", "95 % interval"),
        [
            (
                figure.document.rpartition("/")[2],
                figure.variable,
                figure.metric,
                str(figure.units),
                "not defined" if figure.alpha is None else f"{figure.alpha:.2f}",
                "" if figure.low is None else f"{figure.low:.2f} to {figure.high:.2f}",
            )
            for figure in found
        ],
    )
    return 0
