"""``trilateral ask``: list the questions, or put one to the dataset."""

from __future__ import annotations

import math
import sys
from argparse import Namespace
from collections.abc import Callable, Sequence

from trilateral import dataset
from trilateral.ask import remote, show, values, wikidata
from trilateral.ask.engines import ENGINES, Answer, ask_oxigraph
from trilateral.ask.questions import Question
from trilateral.commands.console import console, home_of, open_endpoint, print_json
from trilateral.errors import TrilateralError, UnknownNameError
from trilateral.home import Home
from trilateral.nouns import counted
from trilateral.remote.address import WIKIDATA

Asking = Callable[[str], Answer]


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
    show.check_format(question, kind)
    given = _given(options.rest)
    _check_place(options)
    wanted = _wanted(options, question)
    try:
        found, ask = _answer(options, home, question, given)
    except SyntaxError as error:
        raise TrilateralError(
            f"{home.name(question.path)}: this is no SPARQL: {error}.", "Correct the query."
        ) from None
    if wanted:
        found = _with_wikidata(options, found, ask, wanted)
    text = show.as_shown(found, question, kind, options.iris)
    if isinstance(text, str):
        print(text, end="" if text.endswith("\n") else "\n")
    else:
        for part in text:
            console().print(part, soft_wrap=isinstance(part, str), markup=False)
    return 0


def _answer(
    options: Namespace, home: Home, question: Question, given: dict[str, str]
) -> tuple[Answer, Asking]:
    """Return the answer of the endpoint, or of an engine over the dataset, and how it is asked."""
    if options.endpoint:
        client = open_endpoint(options)
        return remote.ask(client, question, given), client.ask
    store = dataset.load(home)
    query = question.bound(values.bind(store, question, given))
    found = ENGINES[options.engine or "oxigraph"](store, query)
    return found, lambda query: ask_oxigraph(store, query)


def _check_place(options: Namespace) -> None:
    """Refuse what means nothing to an endpoint, which has data and an engine of its own."""
    if not options.endpoint:
        return
    if options.data is not None:
        raise UnknownNameError(
            "--data means nothing beside --endpoint, which is asked about what it holds.",
            f"Leave out one of them, or put the data there: trilateral load URL --data "
            f"{options.data}",
        )
    if options.engine is not None:
        raise UnknownNameError(
            "--engine means nothing beside --endpoint, which is an engine of its own.",
            "Leave out one of them.",
        )


def _wanted(options: Namespace, question: Question) -> wikidata.Wanted | None:
    """Return what is asked of Wikidata, if anything."""
    if options.wikidata is None:
        return None
    if show.gives_graph(question):
        raise UnknownNameError(
            f"{question.name} gives a graph, which has no columns.", "Leave out --wikidata."
        )
    for name in ("batch", "limit", "delay"):
        value = getattr(options, f"wikidata_{name}")
        if not math.isfinite(value) or value < (0 if name == "delay" else 1):
            least = "0 or more" if name == "delay" else "more than 0"
            raise UnknownNameError(f"--wikidata-{name} {value}: must be {least}.")
    return wikidata.read_wanted(options.wikidata)


def _with_wikidata(
    options: Namespace, found: Answer, ask: Asking, wanted: wikidata.Wanted
) -> Answer:
    from trilateral.remote.client import Client, Pace

    # Without credentials: those of the environment are for the store of the dataset.
    client = Client(
        options.wikidata_endpoint or WIKIDATA,
        timeout=options.timeout,
        time_limit=options.time_limit,
        pace=Pace(options.wikidata_delay),
    )
    columns = [name.strip() for name in (options.wikidata_columns or "").split(",") if name.strip()]
    joined = wikidata.join(
        found,
        ask,
        client,
        wanted,
        columns,
        batch=options.wikidata_batch,
        limit=options.wikidata_limit,
    )
    print(_note(joined, client.url), file=sys.stderr)
    return joined.answer


def _note(joined: wikidata.Joined, url: str) -> str:
    """Return what was looked up, what stays empty, and whose the columns are."""
    if not joined.linked:
        return "Wikidata was not asked: no thing in the answer has a link to it."
    unknown = f"; it says nothing of {joined.unknown} of them" if joined.unknown else ""
    linked = counted(joined.linked, "thing")
    return (
        f"Wikidata ({url}) was asked about {linked} in {', '.join(joined.columns)}"
        f"{unknown}.\nWithout a link to it, and empty: {joined.unlinked}. What it says is "
        "Wikidata's (CC0), not part of the dataset."
    )


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
