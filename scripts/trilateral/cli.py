"""The command line: one verb a stage, in the order of the flow.

A verb is imported when it is used, so that ``--help`` answers at once.
Exit status: 0 clean, 1 findings, 2 usage; 130 and 143 after SIGINT and SIGTERM.
"""

from __future__ import annotations

import argparse
import signal
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from importlib import import_module
from pathlib import Path

from trilateral import __version__
from trilateral.errors import TrilateralError, UnknownNameError
from trilateral.load import options as load
from trilateral.publish import options as publish
from trilateral.serve.options import SUMMARY, add_options

_FLOW = """\
the flow, one verb a stage:

  source text -> sources   list the documents, draft and verify their passages
              -> code      compare the codings of two coders
              -> fmt       write Turtle in the one canonical form
              -> build     check and assemble the dataset into dist/
              -> check     syntax, form, terms, queries, rules, shapes
              -> ask       put a question to the dataset
              -> serve     pages, linked data and a SPARQL endpoint
              -> publish   a release to cite, with what verifies it
              -> load      the dataset in a triple store of one's own

beside the flow:

                 reconcile  propose Wikidata items for things without one

exit status: 0 clean, 1 findings, 2 wrong usage
"""

_RECONCILE = "propose Wikidata items for things that have none; writes nothing"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one verb and return its exit status.

    >>> main(["--version"])
    Traceback (most recent call last):
    SystemExit: 0
    """
    options, rest = _parser().parse_known_args(arguments)
    # Given arguments, it runs inside another program, whose signals are not ours.
    with _ending_on_sigterm() if arguments is None else nullcontext():
        try:
            if rest and options.verb != "ask":
                # Not what follows an equals sign: it may be meant for a password.
                name = rest[0].partition("=")[0]
                raise UnknownNameError(
                    f"{name}: unknown argument.", f"See: trilateral {options.verb} --help"
                )
            options.rest = rest
            module, _, function = options.run.partition(".")
            command = getattr(import_module(f"trilateral.commands.{module}"), function)
            status = int(command(options))
            sys.stdout.flush()
            return status
        except TrilateralError as error:
            print(f"trilateral: {error}", file=sys.stderr)
            return error.status
        except BrokenPipeError:
            sys.stderr.close()
            return 0
        except OSError as error:
            place = f"{error.filename}: " if error.filename else ""
            print(f"trilateral: {place}{error.strerror or error}.", file=sys.stderr)
            # What is left to print has nowhere to go: Python would complain once more at its end.
            sys.stdout = None if arguments is None else sys.stdout
            return 1
        except (KeyboardInterrupt, _TerminatedError) as signalled:
            print("trilateral: interrupted; no file was left half written.", file=sys.stderr)
            return 143 if isinstance(signalled, _TerminatedError) else 130


class _TerminatedError(SystemExit):
    """SIGTERM has come; a child process, which inherits the handler, ends without a word."""


@contextmanager
def _ending_on_sigterm() -> Iterator[None]:
    """Let SIGTERM end the command as Ctrl-C does, so that it can clean up."""

    def end(number: int, _: object) -> None:
        raise _TerminatedError(128 + number)

    before = signal.signal(signal.SIGTERM, end)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="trilateral",
        description="Who stands where in the Indo-Pacific, according to whom and on which words.",
        epilog=_FLOW,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=f"trilateral {__version__}")
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="VERB")
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument(
        "--data", type=Path, metavar="DIR", help="use the Turtle files of DIR instead of data/"
    )
    common.add_argument("--json", action="store_true", help="print JSON")

    sources = verbs.add_parser("sources", help="list the documents, draft and verify passages")
    kinds = sources.add_subparsers(dest="kind", metavar="ACTION")
    sources.set_defaults(run="sources.list_documents", data=None, json=False)
    listed = kinds.add_parser("list", parents=[common], help="list the documents")
    listed.set_defaults(run="sources.list_documents")
    verified = kinds.add_parser(
        "verify", parents=[common], help="check every passage against the frozen texts"
    )
    verified.add_argument("texts", type=Path, metavar="DIR", help="the folder of the frozen texts")
    verified.set_defaults(run="sources.verify_passages")
    drafted = kinds.add_parser(
        "draft", parents=[common], help="print the passages of a document as Turtle"
    )
    drafted.add_argument("texts", type=Path, metavar="DIR", help="the folder of the frozen texts")
    drafted.add_argument("document", help="the document, such as china-daily-2024")
    drafted.set_defaults(run="sources.draft_passages")

    code = verbs.add_parser(
        "code", parents=[common], help="compare the codings of two coders (Krippendorff's alpha)"
    )
    code.set_defaults(run="code.run")

    fmt = verbs.add_parser("fmt", help="write Turtle files in canonical form")
    fmt.add_argument("files", nargs="*", type=Path, help="files or folders; all when none is named")
    fmt.add_argument("--check", action="store_true", help="change nothing, tell what would change")
    fmt.add_argument("--json", action="store_true", help="print JSON")
    fmt.set_defaults(run="fmt.run")

    build = verbs.add_parser("build", parents=[common], help="check and assemble into dist/")
    build.add_argument(
        "--out", type=Path, default=Path("dist"), metavar="DIR", help="default: dist"
    )
    build.set_defaults(run="build.run")

    check = verbs.add_parser("check", parents=[common], help="run all checks")
    check.add_argument("--format", choices=("text", "json", "sarif"), default="text")
    check.add_argument(
        "--incremental", action="store_true", help="check what changed since the last such check"
    )
    check.add_argument(
        "--watch", action="store_true", help="check again at each change of a file, until Ctrl-C"
    )
    _add_endpoint(check, "check the copy in a store instead: is it the version it claims to be?")
    load.add_source(check, data=False)
    check.add_argument(
        "--all-graphs", action="store_true", help="compare each graph of the copy, not a few"
    )
    check.add_argument(
        "--questions", action="store_true", help="compare the copy's answer to every question"
    )
    check.set_defaults(run="check.run")

    ask = verbs.add_parser(
        "ask", parents=[common], help="put a question to the dataset", add_help=False
    )
    ask.add_argument("-h", "--help", action="store_true", help="show this help, or a question's")
    ask.add_argument("question", nargs="?", help="the question; without one, all are listed")
    ask.add_argument("--format", choices=("table", "csv", "json", "turtle"), help="default: table")
    ask.add_argument("--engine", choices=("oxigraph", "rdflib"), help="default: oxigraph")
    _add_endpoint(ask, "ask the SPARQL endpoint at this address")
    ask.add_argument(
        "--alone", action="store_true", help="it holds nothing else, and needs no looking through"
    )
    _add_wikidata(ask)
    ask.add_argument("--iris", action="store_true", help="show IRIs beside labels in a table")
    ask.set_defaults(run="ask.run", parser=ask)

    served = verbs.add_parser("serve", help=SUMMARY)
    add_options(served)
    served.set_defaults(run="serve.run")
    publish.add_options(verbs.add_parser("publish", help=publish.SUMMARY), common)
    loaded = verbs.add_parser("load", help=load.SUMMARY)
    load.add_options(loaded)
    loaded.set_defaults(run="load.run")
    _add_reconcile(verbs.add_parser("reconcile", parents=[common], help=_RECONCILE))
    return parser


def _add_endpoint(parser: argparse.ArgumentParser, text: str) -> None:
    add = parser.add_argument
    add("--endpoint", metavar="URL", help=text)
    add("--timeout", type=float, default=60, metavar="S", help="seconds a request; default: 60")
    add("--time-limit", type=float, default=600, metavar="S", help="seconds in all; default: 600")


def _add_wikidata(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument_group(
        "Wikidata", "labels and identifiers that Wikidata gives, in columns of their own"
    ).add_argument
    add("--wikidata", metavar="WANTED", help="language tags and properties, such as ko,P297,P214")
    add("--wikidata-columns", metavar="NAMES", help="of these columns; default: all with links")
    add("--wikidata-endpoint", metavar="URL", help="default: https://query.wikidata.org/sparql")
    add("--wikidata-batch", type=int, default=100, metavar="N", help="things a request; 100")
    add("--wikidata-limit", type=int, default=1000, metavar="N", help="things in all; 1000")
    add("--wikidata-delay", type=float, default=1, metavar="S", help="seconds between requests; 1")


def _add_reconcile(parser: argparse.ArgumentParser) -> None:
    parser.description = f"{_RECONCILE[0].upper()}{_RECONCILE[1:]}."
    parser.set_defaults(run="reconcile.run")
    add = parser.add_argument
    add("things", nargs="*", metavar="THING", help="slug, short form, IRI or label; also matched")
    add(
        "--kind",
        action="append",
        metavar="KIND",
        help="actor, framework, place (these three by default), state, economy, organization, "
        "person, grouping, population, office or event; may be repeated",
    )
    add("--all", action="store_true", help="also things that have a match already")
    add("--endpoint", metavar="URL", help="default: https://query.wikidata.org/sparql")
    add("--limit", type=int, default=5, metavar="N", help="candidates a thing; default: 5")
    add("--language", metavar="TAGS", help="names to compare; default: en,ja,ko,zh-hans,zh-hant")
    add("--batch", type=int, default=20, metavar="N", help="things a request; default: 20")
    add("--timeout", type=float, default=60, metavar="S", help="seconds a request; default: 60")
    add("--time-limit", type=float, default=600, metavar="S", help="seconds in all; default: 600")
    add("--delay", type=float, default=1, metavar="S", help="seconds between two; default: 1")
    add("--cache", type=Path, metavar="DIR", help="default: trilateral/reconcile in your cache")
    add("--refresh", action="store_true", help="ask again what the cache holds")
    add("--format", choices=("table", "csv", "json"), default="table", help="default: table")
