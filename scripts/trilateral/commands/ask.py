"""``trilateral ask``: list the questions, or put one to the dataset."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Sequence

from trilateral.ask import show
from trilateral.commands.console import console, home_of, open_endpoint, print_json
from trilateral.errors import TrilateralError, UnknownNameError


def run(options: Namespace) -> int:
    """List the questions, show the help of one, or answer it."""
    home = home_of(options)
    questions = show.find(home)
    if options.question is None:
        if options.help:
            options.parser.print_help()
        elif options.json or options.format == "json":
            print_json([show.as_json(question) for question in questions.values()])
        else:
            console().print(show.listing(questions))
        return 0
    question = show.pick(questions, options.question)
    if options.help:
        print(show.help_text(question))
        return 0
    kind = options.format or ("json" if options.json else "table")
    given = _given(options.rest)
    try:
        endpoint = open_endpoint(options) if options.endpoint else None
        text = show.answer(home, question, given, options.engine, kind, options.iris, endpoint)
    except SyntaxError as error:
        raise TrilateralError(
            f"{home.name(question.path)}: this is no SPARQL: {error}.", "Correct the query."
        ) from None
    if isinstance(text, str):
        print(text, end="" if text.endswith("\n") else "\n")
    else:
        for part in text:
            console().print(part, soft_wrap=isinstance(part, str), markup=False)
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
