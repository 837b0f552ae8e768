"""Options: those of ``trilateral load``, and those that name what a store is held against."""

from __future__ import annotations

import argparse
from pathlib import Path

STORES = (
    *("oxigraph", "fuseki", "virtuoso", "rdf4j", "graphdb", "blazegraph", "stardog", "neptune"),
    *("qlever", "gsp"),
)
SUMMARY = "put the dataset into a triple store, whole or not at all, and verify it"
_MORE = """\
addresses:
  oxigraph  http://HOST:7878                    the server
  fuseki    http://HOST:3030/DATASET            a dataset
  virtuoso  http://HOST:8890                    the server, with TRILATERAL_AUTH=digest
  rdf4j     http://HOST:8080/rdf4j-server/repositories/ID
  blazegraph http://HOST:9999/blazegraph/namespace/NAME/sparql
not tried with a server:
  graphdb   http://HOST:7200/repositories/ID
  stardog   http://HOST:5820/DATABASE
  neptune   https://HOST:8182/sparql
  qlever    http://HOST:7001                    the server, with TRILATERAL_TOKEN
in any case:
  gsp       any graph store, with --query for the endpoint of its queries

credentials come from TRILATERAL_USER and TRILATERAL_PASSWORD (TRILATERAL_AUTH=digest sends a
digest), TRILATERAL_TOKEN (bearer), or a netrc file; never from the command line

exit status: 0 the store holds it, 1 it does not, 2 wrong usage
"""


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of the verb to a parser."""
    parser.description = f"{SUMMARY[0].upper()}{SUMMARY[1:]}. Graphs of others are left alone."
    parser.epilog = _MORE
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    add = parser.add_argument
    add("store_url", metavar="URL", nargs="?", help="the address of the store")
    add("--store", choices=STORES, help="what it is; asked of it where this is left out")
    add("--query", metavar="URL", help="where it answers queries; needed for gsp")
    add_source(parser)
    add("--graph", metavar="IRI", help="only this named graph; short forms too: graph:agreement")
    add(
        "--bulk",
        type=Path,
        metavar="DIR",
        help="no URL, but a new store in the new folder DIR, by "
        "its own bulk loader (--store oxigraph, fuseki)",
    )
    add("--dry-run", action="store_true", help="tell what would change, change nothing")
    add(
        "--in-parts",
        action="store_true",
        help="put graphs beside the old ones, request by "
        "request, and swap; a load that broke off goes on",
    )
    add("--again", action="store_true", help="send all graphs, also those that are there already")
    add("--all-graphs", action="store_true", help="verify each graph by canonical hash, not a few")
    add("--timeout", type=float, default=600, metavar="S", help="seconds of silence; default: 600")
    add("--json", action="store_true", help="print JSON")


def add_source(parser: argparse.ArgumentParser, data: bool = True) -> None:
    """Add the options that name a version of the dataset."""
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--release", type=Path, metavar="DIR", help="a release")
    what.add_argument("--build", type=Path, metavar="DIR", help="what a build wrote to DIR")
    if data:
        what.add_argument("--data", type=Path, metavar="DIR", help="the Turtle files of DIR")
