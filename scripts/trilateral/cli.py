"""The command line: one verb a stage, in the order of the flow.

Heavy modules are imported inside the verbs, so that ``--help`` answers at once.
Exit status: 0 clean, 1 findings, 2 usage.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from trilateral import __version__
from trilateral.errors import TrilateralError, UnknownNameError

if TYPE_CHECKING:
    from rich.console import Console

    from trilateral.home import Home

_FLOW = """\
the flow, one verb a stage:

  source text -> sources   list the documents, draft and verify their passages
              -> code      compare the codings of two coders
              -> fmt       write Turtle in the one canonical form
              -> build     check and assemble the dataset into dist/
              -> check     syntax, form, terms, queries, rules, shapes
              -> ask       put a question to the dataset

exit status: 0 clean, 1 findings, 2 wrong usage
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one verb and return its exit status.

    >>> main(["--version"])
    Traceback (most recent call last):
    SystemExit: 0
    """
    options, rest = _parser().parse_known_args(arguments)
    try:
        if rest and options.verb != "ask":
            raise UnknownNameError(
                f"{rest[0]}: unknown argument.", f"See: trilateral {options.verb} --help"
            )
        options.rest = rest
        run: Callable[[argparse.Namespace], int] = options.run
        return run(options)
    except TrilateralError as error:
        print(f"trilateral: {error}", file=sys.stderr)
        return error.status
    except BrokenPipeError:
        sys.stderr.close()
        return 0
    except KeyboardInterrupt:
        print("trilateral: interrupted; nothing was changed.", file=sys.stderr)
        return 130


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
    sources.set_defaults(run=_sources_list, data=None, json=False)
    listed = kinds.add_parser("list", parents=[common], help="list the documents")
    listed.set_defaults(run=_sources_list)
    verified = kinds.add_parser(
        "verify", parents=[common], help="check every passage against the frozen texts"
    )
    verified.add_argument("texts", type=Path, metavar="DIR", help="the folder of the frozen texts")
    verified.set_defaults(run=_sources_verify)
    drafted = kinds.add_parser(
        "draft", parents=[common], help="print the passages of a document as Turtle"
    )
    drafted.add_argument("texts", type=Path, metavar="DIR", help="the folder of the frozen texts")
    drafted.add_argument("document", help="the document, such as china-daily-2024")
    drafted.set_defaults(run=_sources_draft)

    code = verbs.add_parser(
        "code", parents=[common], help="compare the codings of two coders (Krippendorff's alpha)"
    )
    code.set_defaults(run=_code)

    fmt = verbs.add_parser("fmt", help="write Turtle files in canonical form")
    fmt.add_argument("files", nargs="*", type=Path, help="files or folders; all when none is named")
    fmt.add_argument("--check", action="store_true", help="change nothing, tell what would change")
    fmt.add_argument("--json", action="store_true", help="print JSON")
    fmt.set_defaults(run=_fmt)

    build = verbs.add_parser("build", parents=[common], help="check and assemble into dist/")
    build.add_argument(
        "--out", type=Path, default=Path("dist"), metavar="DIR", help="default: dist"
    )
    build.set_defaults(run=_build)

    check = verbs.add_parser("check", parents=[common], help="run all checks")
    check.add_argument("--format", choices=("text", "json", "sarif"), default="text")
    check.set_defaults(run=_check)

    ask = verbs.add_parser(
        "ask", parents=[common], help="put a question to the dataset", add_help=False
    )
    ask.add_argument("-h", "--help", action="store_true", help="show this help, or a question's")
    ask.add_argument("question", nargs="?", help="the question; without one, all are listed")
    ask.add_argument("--format", choices=("table", "csv", "json", "turtle"), help="default: table")
    ask.add_argument("--engine", choices=("oxigraph", "rdflib"), default="oxigraph")
    ask.add_argument("--iris", action="store_true", help="show IRIs beside labels in a table")
    ask.set_defaults(run=_ask, parser=ask)
    return parser


def _home(options: argparse.Namespace) -> Home:
    from trilateral.home import find_home

    return find_home(getattr(options, "data", None))


def _console() -> Console:
    from rich.console import Console

    wide = None if sys.stdout.isatty() else 120
    return Console(width=wide, highlight=False, soft_wrap=False)


def _progress(message: str) -> None:
    print(f"  {message} ...", file=sys.stderr, flush=True)


def _print_json(value: Any) -> None:
    print(json.dumps(value, ensure_ascii=False, indent=2))


def _sources_list(options: argparse.Namespace) -> int:
    from dataclasses import asdict

    from trilateral import dataset
    from trilateral.sources import texts

    found = texts.documents(dataset.load(_home(options)))
    if options.json:
        _print_json([asdict(document) for document in found])
        return 0
    from rich import box
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for name in ("document", "title", "frozen text", "code points"):
        table.add_column(name, overflow="fold")
    for document in found:
        table.add_row(document.slug, document.label, document.file, str(document.length))
    _console().print(table)
    return 0


def _sources_verify(options: argparse.Namespace) -> int:
    from dataclasses import asdict

    from trilateral import dataset
    from trilateral.findings import Finding
    from trilateral.prefixes import prefixes
    from trilateral.sources import coverage, verify

    data = dataset.read_valid(_home(options))
    store = data.store()
    report = verify.verify(store, options.texts)
    covered = coverage.coverage(store, options.texts) if report.texts_found else []
    complete = report.clean and not any(each.gaps for each in covered)
    findings = [
        Finding(
            *data.locate(failure.iri),
            "source-text",
            failure.message,
            prefixes().compact(failure.iri),
            failure.repair,
        )
        for failure in report.failures
    ]
    if options.json:
        _print_json(
            {
                "checked": report.checked,
                "total": report.total,
                "failures": [asdict(finding) for finding in findings],
                "coverage": [asdict(each) for each in covered],
            }
        )
        return 0 if complete else 1
    for finding in findings:
        print(finding)
    for kind, total in report.total.items():
        print(f"{kind}: {report.checked[kind]} of {total} checked and found as stated")
    for each in covered:
        done = each.sentences - len(each.gaps)
        print(f"{each.document}: {done} of {each.sentences} sentences have a passage")
        for gap in each.gaps:
            print(f"  no passage for {gap.start}-{gap.end}: {gap.words}")
    return 0 if complete else 1


def _sources_draft(options: argparse.Namespace) -> int:
    from trilateral import dataset
    from trilateral.sources import draft, texts

    document = texts.document(dataset.load(_home(options)), options.document)
    turtle = draft.draft(document, texts.read_text(options.texts, document))
    if options.json:
        _print_json({"document": document.slug, "turtle": turtle})
    else:
        print(turtle, end="")
    return 0


def _code(options: argparse.Namespace) -> int:
    from dataclasses import asdict

    from trilateral import dataset
    from trilateral.coding import agreement

    store = dataset.load(_home(options))
    _progress("drawing 1000 bootstrap samples for each variable")
    found = agreement.agreements(store)
    if options.json:
        _print_json([asdict(figure) for figure in found])
        return 0
    from rich import box
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for name in ("document", "variable", "metric", "units", "alpha", "95 % interval"):
        table.add_column(name, overflow="fold")
    for figure in found:
        interval = "" if figure.low is None else f"{figure.low:.2f} to {figure.high:.2f}"
        table.add_row(
            figure.document.rpartition("/")[2],
            figure.variable,
            figure.metric,
            str(figure.units),
            "not defined" if figure.alpha is None else f"{figure.alpha:.2f}",
            interval,
        )
    _console().print(table)
    return 0


def _fmt(options: argparse.Namespace) -> int:
    from trilateral import formatting

    home = _home(options)
    outcome = formatting.format_files(home, options.files, check=options.check)
    if options.json:
        _print_json(
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
        print(f"{outcome.files} files, {len(outcome.changed)} not in canonical form")
    return 1 if outcome.findings or (options.check and outcome.changed) else 0


def _build(options: argparse.Namespace) -> int:
    from trilateral import dataset, findings
    from trilateral.build import assemble, write
    from trilateral.check import run

    home = _home(options)
    found = run.run(home, lambda name: _progress(f"checking {name}"))
    errors = [finding for finding in found if finding.severity == "error"]
    if errors:
        if options.json:
            print(findings.to_json(errors))
        else:
            for finding in errors:
                print(finding)
        print(
            f"trilateral: {len(errors)} errors, so nothing was built; {options.out} is as it was.",
            file=sys.stderr,
        )
        return 1
    _progress("assembling")
    files = assemble.assemble(dataset.read_valid(home))
    write.write(files, options.out)
    manifest = json.loads(files["manifest.json"])
    if options.json:
        _print_json(manifest)
        return 0
    for name, entry in manifest["files"].items():
        print(f"{options.out / name}  {entry['bytes']:,} bytes")
    print(f"{manifest['quads']:,} quads in {len(manifest['graphs'])} named graphs")
    print(f"RDFC-1.0 SHA-256 {manifest['rdfc10_sha256']}")
    return 0


def _check(options: argparse.Namespace) -> int:
    from trilateral import findings
    from trilateral.check import run

    found = run.run(_home(options), lambda name: _progress(f"checking {name}"))
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


def _ask(options: argparse.Namespace) -> int:
    from trilateral.ask import show

    home = _home(options)
    questions = show.find(home)
    if options.question is None:
        if options.help:
            options.parser.print_help()
        elif options.json or options.format == "json":
            _print_json([show.as_json(question) for question in questions.values()])
        else:
            _console().print(show.listing(questions))
        return 0
    question = show.pick(questions, options.question)
    if options.help:
        print(show.help_text(question))
        return 0
    kind = options.format or ("json" if options.json else "table")
    text = show.answer(home, question, _given(options.rest), options.engine, kind, options.iris)
    if isinstance(text, str):
        print(text, end="" if text.endswith("\n") else "\n")
    else:
        for part in text:
            _console().print(part, soft_wrap=isinstance(part, str), markup=False)
    return 0


def _given(rest: Sequence[str]) -> dict[str, str]:
    """Read ``--name value`` and ``--name=value`` pairs."""
    given: dict[str, str] = {}
    words = list(rest)
    while words:
        word = words.pop(0)
        name, equals, value = word.removeprefix("--").partition("=")
        if not word.startswith("--") or not (equals or words):
            raise UnknownNameError(
                f"{word}: parameters are given as --name value.",
                "See: trilateral ask QUESTION --help",
            )
        given[name] = value if equals else words.pop(0)
    return given
