"""The answers of a store, question by question, held against those of the embedded engine."""

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

from proof.stores import comunica_engine
from proof.stores.store import Store
from trilateral import cli
from trilateral.ask import values
from trilateral.ask.engines import Answer, ask_oxigraph
from trilateral.ask.questions import read_questions
from trilateral.home import Home, find_home
from trilateral.load.answers import rows_of
from trilateral.load.source import Source, read_source
from trilateral.remote.client import Client
from trilateral.remote.credentials import Credentials
from trilateral.remote.errors import RemoteError
from trilateral.remote.view import see_whole


@dataclass(frozen=True)
class Outcome:
    """How an engine answers a question: ``same``, ``other rows`` or what it says instead."""

    question: str
    told: str
    seconds: float


def queries_of(source: Source, home: Home, names: Sequence[str] = ()) -> dict[str, str]:
    """Return the questions, all or those named, with the defaults of their parameters."""
    return {
        name: question.bound(values.bind(source.store, question, {}))
        for name, question in read_questions(home).items()
        if not names or name in names
    }


def answers_of_store(
    store: Store, data: Path | None, names: Sequence[str], seconds: float
) -> Iterator[Outcome]:
    """Load a running store with the data of a folder, or the project's, and ask it."""
    if store.user:
        login = {"USER": store.user, "PASSWORD": store.password, "AUTH": "digest"}
        os.environ |= {f"TRILATERAL_{name}": value for name, value in login.items()}
    named = ["--data", str(data)] if data else []
    if cli.main(["load", store.url, "--store", store.name, *named]):
        raise SystemExit(1)
    source = read_source(data=data)
    credentials = Credentials("digest", store.user, store.password) if store.user else None
    client = Client(store.query, credentials, timeout=seconds, time_limit=seconds)
    client = see_whole(client, source.graphs)
    for name, query in queries_of(source, find_home(data), names).items():
        begun = perf_counter()
        try:
            told: Answer | str = client.ask(query)
        except RemoteError as error:
            told = error.message
        yield _outcome(source, name, query, told, perf_counter() - begun)


def answers_of_comunica(
    data: Path | None, names: Sequence[str], seconds: float
) -> Iterator[Outcome]:
    """Ask Comunica about the data of a folder, or the project's."""
    source = read_source(data=data)
    queries: Mapping[str, str] = queries_of(source, find_home(data), names)
    found = comunica_engine.ask(b"".join(source.nquads()), queries, seconds)
    for name, told, taken in found:
        yield _outcome(source, name, queries[name], told, taken)


def _outcome(source: Source, name: str, query: str, told: Answer | str, seconds: float) -> Outcome:
    if isinstance(told, str):
        return Outcome(name, f"no answer: {told}", seconds)
    wanted, there = rows_of(ask_oxigraph(source.store, query)), rows_of(told)
    if wanted == there:
        return Outcome(name, "same", seconds)
    missing, more = (wanted - there).total(), (there - wanted).total()
    return Outcome(name, f"other rows: {missing} missing, {more} too many", seconds)


def show(store: type[Store] | None, names: Sequence[str], seconds: float) -> int:
    """Print how a store, or Comunica, answers, and return how many answers differ."""
    with TemporaryDirectory() as folder:
        if store is None:
            return _print(answers_of_comunica(None, names, seconds))
        with store(Path(folder) / store.name) as running:
            return _print(answers_of_store(running, None, names, seconds))


def _print(outcomes: Iterator[Outcome]) -> int:
    asked = bad = 0
    for each in outcomes:
        asked, bad = asked + 1, bad + (each.told != "same")
        print(f"{each.seconds:7.1f} s  {each.question}: {each.told[:200]}", flush=True)
    print(f"{asked} questions, {asked - bad} with the same rows")
    return bad
