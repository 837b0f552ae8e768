"""Options: those of ``trilateral serve``, with what is told where one is wrong."""

from __future__ import annotations

import argparse
import ipaddress
import re
from collections.abc import Callable
from pathlib import Path

from trilateral.serve.workers.limits import Limits, duration, size

SUMMARY = "serve pages, linked data and a SPARQL endpoint"
_MORE = """\
signals:
  TERM, INT  answer what runs, refuse new connections, end with status 0
  HUP        read the data again; requests are answered all the while, and where the
             data cannot be read, the old ones are served on

addresses for operators: /healthz (the process lives), /readyz (queries are answered),
/metrics (Prometheus)

exit status: 0 told to end, 1 cannot serve, 2 wrong usage
"""


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of the server to a parser."""
    parser.description = (
        f"{SUMMARY[0].upper()}{SUMMARY[1:]}. Writes no data, asks no other server, needs Linux."
    )
    parser.epilog = _MORE
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--data", type=Path, metavar="DIR", help="serve the Turtle files of DIR")
    what.add_argument("--build", type=Path, metavar="DIR", help="serve what a build wrote to DIR")
    _add_place(parser.add_argument_group("where"))
    _add_limits(parser.add_argument_group("limits"))
    add = parser.add_argument_group("running").add_argument
    add(
        "--issues",
        type=_form,
        metavar="URL",
        help="where readers report errors: a form for a new issue that takes title and body, "
        "as in https://HOST/OWNER/NAME/issues/new; without it pages have no such link",
    )
    add(
        "--history",
        type=Path,
        metavar="DIR",
        help="what `trilateral publish history` wrote: pages lead to what versions changed",
    )
    add("--watch", action="store_true", help="read the data again whenever the files change")
    add("--log-requests", action="store_true", help="a line for each request, on standard error")
    add("--log-format", choices=("text", "json"), default="text", help="default: text")


def _add_place(group: argparse._ArgumentGroup) -> None:
    add = group.add_argument
    add("--host", default="127.0.0.1", help="the address to listen at; default: 127.0.0.1")
    add("--port", type=_whole(0, 65535), default=8000, help="0 for any free one; default: 8000")
    add(
        "--trusted-proxy",
        type=_network,
        action="append",
        default=[],
        metavar="ADDRESS",
        help="believe X-Forwarded-For and X-Forwarded-Proto of this address or network; "
        "may be repeated",
    )


def _add_limits(group: argparse._ArgumentGroup) -> None:
    for name, read, metavar, text in (
        ("seconds", _between(duration, 0.1, 3600), "S", "seconds that a query may run"),
        ("memory", _between(size, 16 << 20, 1 << 40), "SIZE", "memory of a query, as in 512M"),
        ("output", _between(size, 1 << 10, 1 << 30), "SIZE", "length of an answer, as in 32M"),
        ("workers", _whole(1, 256), "N", "queries that run at once"),
        ("queue", _whole(0, 100_000), "N", "queries that may wait"),
        (
            "budget",
            _between(duration, 0, 1_000_000),
            "S",
            "seconds of queries that a client has each minute, 0 for no bound",
        ),
    ):
        default = getattr(Limits, name)
        shown = f"{default >> 20}M" if metavar == "SIZE" else f"{default:g}"
        group.add_argument(
            f"--{name}",
            type=read,
            default=default,
            metavar=metavar,
            help=f"{text}; default: {shown}",
        )


def _whole(least: int, most: int) -> Callable[[str], int]:
    def read(text: str) -> int:
        if not re.fullmatch(r"[0-9]{1,9}", text) or not least <= int(text) <= most:
            raise argparse.ArgumentTypeError(
                f"{text!r} is no whole number from {least} to {most:,}"
            )
        return int(text)

    return read


def _between(measure: Callable[[str], float], least: float, most: float) -> Callable[[str], float]:
    def read(text: str) -> float:
        try:
            value = measure(text)
        except ValueError as error:
            raise argparse.ArgumentTypeError(str(error)) from None
        if not least <= value <= most:
            raise argparse.ArgumentTypeError(f"{text!r} is not from {least:,} to {most:,}")
        return value

    return read


def _form(text: str) -> str:
    if not re.fullmatch(r"https://[\w.-]+(?::\d+)?/[^\s?#\"<>]*", text, re.ASCII):
        raise argparse.ArgumentTypeError(
            f"{text!r} is no address of a form: https://, without ? and #"
        )
    return text


def _network(text: str) -> str:
    try:
        return str(ipaddress.ip_network(text))
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"no address or network: {error}") from None
