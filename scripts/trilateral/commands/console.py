"""What all commands share: the dataset that is meant, progress, JSON and tables."""

from __future__ import annotations

import json
import sys
from argparse import Namespace
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from trilateral.home import Home, find_home

if TYPE_CHECKING:
    from rich.console import Console

    from trilateral.remote.client import Client


def home_of(options: Namespace) -> Home:
    """Return the dataset that a command works on."""
    return find_home(getattr(options, "data", None))


def open_endpoint(options: Namespace) -> Client:
    """Return a client of the endpoint that is meant, which sees the dataset alone."""
    from trilateral.ask.remote import open_copy

    alone = getattr(options, "alone", False)
    return open_copy(options.endpoint, options.timeout, options.time_limit, alone=alone)


def progress(message: str) -> None:
    """Tell on standard error what begins, so that standard output holds only the answer."""
    print(f"  {message} ...", file=sys.stderr, flush=True)


def print_json(value: Any) -> None:
    """Print a value as JSON."""
    print(json.dumps(value, ensure_ascii=False, indent=2))


def console() -> Console:
    """Return a console as wide as the terminal, or of 120 columns when there is none."""
    from rich.console import Console

    return Console(width=None if sys.stdout.isatty() else 120, highlight=False, soft_wrap=False)


def print_table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Print a table."""
    from rich import box
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for head in heads:
        table.add_column(head, overflow="fold")
    for row in rows:
        table.add_row(*row)
    console().print(table)
