"""Site: what every part of the server shares: the engine, the questions, names, what is kept."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Awaitable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from starlette.requests import Request

from trilateral.ask.questions import Question, read_questions
from trilateral.home import Home, find_home
from trilateral.prefixes import prefixes
from trilateral.serve.budget import Budget
from trilateral.serve.http import Problem
from trilateral.serve.limits import Limits
from trilateral.serve.pool import Engine, JobError, Result

_JSON = "application/sparql-results+json"
_IRI = re.compile(r"[a-z][a-z0-9+.-]*:[^\x00-\x20<>\"{}|\\^`]+", re.IGNORECASE)
_Any = TypeVar("_Any")


@dataclass(frozen=True)
class Term:
    """One RDF term of an answer: ``kind`` is ``uri``, ``literal`` or ``bnode``."""

    kind: str
    value: str
    language: str = ""
    datatype: str = ""

    def __str__(self) -> str:
        return self.value


Row = dict[str, Term]


@dataclass
class Answer:
    """Rows under variables; a variable that is not bound in a row is not in it."""

    variables: list[str]
    rows: list[Row]


@dataclass
class Site:
    """What is served, and from what.

    Attributes:
        limits: What bounds queries and clients.
        data: The data folder that is served, None for that of the project.
        build: The build that is served instead, if any.
        home: The dataset whose questions and ontology are shown.
        questions: The named questions.
        engine: The workers; replaced as a whole by `reload`.
        kept: Answers to queries of the pages, until the data change.
    """

    limits: Limits = field(default_factory=Limits)
    data: Path | None = None
    build: Path | None = None
    home: Home = field(init=False)
    questions: dict[str, Question] = field(init=False)
    engine: Engine = field(init=False)
    budget: Budget = field(init=False)
    labels: dict[str, dict[str, str]] = field(init=False, default_factory=dict)
    kept: dict[str, Any] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        self.home = find_home(self.data)
        self.questions = read_questions(self.home)
        self.budget = Budget(self.limits.budget)

    @property
    def version(self) -> str:
        """The digest of the data, which decides all validators."""
        return self.engine.version

    async def open(self) -> None:
        """Start the workers and read the names of all things.

        Raises:
            TrilateralError: when the data cannot be opened.
        """
        engine = Engine(self.limits)
        await engine.start(self.data, self.build)
        labels = await _labels(engine)
        self.engine, self.labels = engine, labels
        self.kept.clear()

    async def reload(self) -> None:
        """Serve the data as they are now; what runs on the old ones is answered from those.

        Raises:
            TrilateralError: when they cannot be opened; the old ones are served on.
        """
        old = self.engine
        await self.open()
        self.draining = asyncio.ensure_future(old.drain(self.limits.seconds + 1))

    async def close(self) -> None:
        """End the workers, after what they are at."""
        await self.engine.drain(self.limits.seconds + 1)

    # ------------------------------------------------------------ jobs

    async def run(self, request: Request | None, job: Mapping[str, Any]) -> Result:
        """Have a job done, for as long as the client waits and has seconds left.

        Raises:
            Problem: with status and repair, when it was not done.
        """
        client = client_of(request) if request else ""
        self.budget.ask(client)
        try:
            work = self.engine.run(dict(job))
            done = await (while_waiting(request, work) if request else work)
        except JobError as error:
            if error.kind == "timeout":
                self.budget.charge(client, self.limits.seconds)
            raise problem_of(error, self.limits) from None
        self.budget.charge(client, done.seconds)
        return done

    async def query(self, text: str, request: Request | None = None) -> Answer:
        """Return the rows of a SELECT or ASK of our own; kept until the data change."""
        key = f"query {text}"
        if key not in self.kept:
            job = {"does": "query", "query": text, "solutions": _JSON, "prefixes": True}
            self.kept[key] = read_answer((await self.run(request, job)).body)
        return self.kept[key]  # type: ignore[no-any-return]

    async def ask(
        self, name: str, request: Request | None = None, /, **terms: str
    ) -> tuple[str, Answer]:
        """Return the text of a named question, bound to SPARQL terms, and its rows.

        Parameters that are not given stay open, also those that have a default.
        """
        text = self.questions[name].bound(terms)
        return text, await self.query(text, request)

    def label(self, iri: str, language: str = "en") -> str:
        """Return the label of a thing in a language, else in English, else its short form."""
        names = self.labels.get(iri, {})
        return names.get(language) or names.get("en") or prefixes().compact(iri).strip("<>")

    def path(self, iri: str) -> str | None:
        """Return the path on this server of an IRI of the project, None for others.

        The path of the thing itself, which redirects; a fragment is left out.
        """
        base = prefixes().base
        if not iri.startswith(base):
            return None
        return "/" + iri.removeprefix(base).partition("#")[0]


def node(iri: str) -> str:
    """Return an IRI as a SPARQL term.

    Raises:
        Problem: when it is none.

    >>> node("https://w3id.org/trilateral/actor/japan")
    '<https://w3id.org/trilateral/actor/japan>'
    """
    if not _IRI.fullmatch(iri):
        raise Problem(400, "No IRI", f"{iri[:80]!r} is no absolute IRI.", "Give a whole IRI.")
    return f"<{iri}>"


def read_answer(body: bytes) -> Answer:
    """Read an answer in the SPARQL 1.1 Query Results JSON Format; an ASK has one row, ``answer``.

    >>> read_answer(b'{"head":{},"boolean":true}').rows[0]["answer"].value
    'true'
    """
    found = json.loads(body)
    if "boolean" in found:
        return Answer(["answer"], [{"answer": Term("literal", str(found["boolean"]).lower())}])
    rows = [
        {
            name: Term(
                each["type"], each["value"], each.get("xml:lang", ""), each.get("datatype", "")
            )
            for name, each in row.items()
        }
        for row in found["results"]["bindings"]
    ]
    return Answer(found["head"]["vars"], rows)


async def _labels(engine: Engine) -> dict[str, dict[str, str]]:
    """Return the display labels of all things, by IRI and language tag in lower case."""
    text = """
        SELECT ?thing ?label {
          { ?thing skos:prefLabel ?label } UNION { ?thing rdfs:label ?label }
        }"""
    job = {"does": "query", "query": text, "solutions": _JSON, "prefixes": True}
    labels: dict[str, dict[str, str]] = {}
    for row in read_answer((await engine.run({**job, "output": 1 << 30})).body).rows:
        label = row["label"]
        labels.setdefault(row["thing"].value, {}).setdefault(label.language.lower(), label.value)
    for names in labels.values():
        if "" in names:
            names.setdefault("en", names.pop(""))
    return labels


# ---------------------------------------------------------------- clients


def client_of(request: Request) -> str:
    """Return what tells clients apart: the address that the connection comes from."""
    return request.client.host if request.client else ""


async def while_waiting(request: Request, work: Awaitable[_Any]) -> _Any:
    """Do some work for as long as the client waits for it; the body must have been read.

    Raises:
        ClientGoneError: when it has gone; the work is cancelled.
    """
    doing = asyncio.ensure_future(work)
    gone = asyncio.ensure_future(_hung_up(request))
    try:
        await asyncio.wait({doing, gone}, return_when=asyncio.FIRST_COMPLETED)
        if not doing.done():
            raise ClientGoneError
        return doing.result()
    finally:
        gone.cancel()
        if not doing.done():
            doing.cancel()


class ClientGoneError(Exception):
    """The client has hung up; nobody reads what would be answered."""


async def _hung_up(request: Request) -> None:
    await request.body()
    while (await request.receive())["type"] != "http.disconnect":
        pass


def problem_of(error: JobError, limits: Limits) -> Problem:
    """Return the problem that tells a client why a job was not done, and what helps."""
    told = str(error)
    if error.kind == "syntax":
        return Problem(400, "This is no SPARQL 1.1 query", told, "Correct the query.")
    if error.kind == "not-acceptable":
        return Problem(
            406, "Not acceptable", "None of the accepted media types can hold this answer.",
            "SELECT and ASK give SPARQL results, CONSTRUCT and DESCRIBE give RDF.",
        )  # fmt: skip
    if error.kind == "unknown-graph":
        return Problem(404, "No such graph", f"There is no graph <{told}>.", "See /graphs.")
    if error.kind == "timeout":
        return Problem(
            503, "The query takes too long", told,
            "Ask for less: bind a variable, add a LIMIT, leave out an ORDER BY; or load a "
            "release into a store of your own.",
        )  # fmt: skip
    if error.kind == "memory":
        return Problem(503, "The query takes too much memory", told, "Ask for less.")
    if error.kind == "too-long":
        return Problem(
            503, "The answer is too long", f"An answer has at most {limits.output:,} bytes here.",
            "Page through it with ORDER BY, LIMIT and OFFSET, or load a release.",
        )  # fmt: skip
    if error.kind in ("busy", "closing"):
        return Problem(503, "The server is busy", told, "Try again.", retry_after="5")
    if error.kind == "internal":
        return Problem(500, "A mistake of the server", "The query could not be run.", "Report it.")
    return Problem(400, "The query cannot be answered", told, "Correct the query.")
