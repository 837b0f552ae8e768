"""Site: what every part of the server shares: the engine, the questions, names, what is kept."""

from __future__ import annotations

import asyncio
import hashlib
import json
import re
import time
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from starlette.requests import Request

from trilateral.ask.questions import Question, read_questions
from trilateral.errors import TrilateralError
from trilateral.home import Home, find_home
from trilateral.prefixes import prefixes
from trilateral.publish.history.retired import Retirement
from trilateral.publish.history.written import History, read_history
from trilateral.serve.generation import Generation, Kept, pinned
from trilateral.serve.pages.vocabulary import Vocabulary
from trilateral.serve.web.budget import Account, Budget
from trilateral.serve.web.clients import client_of
from trilateral.serve.web.headers import QUERIES
from trilateral.serve.web.http import Problem
from trilateral.serve.web.log import Log
from trilateral.serve.web.metrics import Metrics, State
from trilateral.serve.web.problems import problem_of
from trilateral.serve.workers.execution import NOBODY
from trilateral.serve.workers.limits import Limits
from trilateral.serve.workers.peer import JobError, Result
from trilateral.serve.workers.pool import Engine, NotServedError

_JSON = "application/sparql-results+json"
_IRI = re.compile(r"[a-z][a-z0-9+.-]*:[^\x00-\x20<>\"{}|\\^`]+", re.IGNORECASE)
# Seconds before each try to start an engine in the place of one that has ended.
_PAUSES = (0, 1, 3)
_OVERHEAD = 500
_RETIREMENT = ("thing", "day", "note", "successor")
# Jobs of one request that are at work or in the queue at a time.
_ABREAST = 2


class Term(NamedTuple):
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
        log: Where is told what happens.
        issues: Where mistakes are reported: the address of a form for a new issue, or "".
        files: On a site of files, the file that a path with its query has, None where it has
            none; None where a server answers.
        past: The folder with the history of releases that a server shows, if any.
        history: What versions changed, which pages lead to.
        home: The dataset whose questions and ontology are shown.
        questions: The named questions.
        shown: A digest of the options that pages show, on which their validators depend.
        budget: The seconds that clients have left for queries of their own.
        reading: Those that they have left for all else.
        metrics: What is counted.
        current: The version of the data that new requests are answered from.
        on_broken: Called when the engine has ended and no other can be started.
    """

    limits: Limits = field(default_factory=Limits)
    data: Path | None = None
    build: Path | None = None
    log: Log = field(default_factory=Log)
    issues: str = ""
    files: Callable[[str], str | None] | None = None
    past: Path | None = None
    history: History = field(default_factory=History)
    home: Home = field(init=False)
    questions: dict[str, Question] = field(init=False)
    shown: str = field(init=False)
    budget: Budget = field(init=False)
    reading: Budget = field(init=False)
    metrics: Metrics = field(init=False)
    current: Generation | None = field(init=False, default=None)
    on_broken: Callable[[TrilateralError], None] = field(init=False, default=lambda error: None)

    def __post_init__(self) -> None:
        self.home = find_home(self.data)
        self.questions = read_questions(self.home)
        self._show(self.history)
        # Who has queried too much can read on, and so can others at the same address.
        self.budget = Budget(self.limits.budget)
        self.reading = Budget(self.limits.budget)
        self.metrics = Metrics(self._state)
        self._changing = asyncio.Lock()
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def generation(self) -> Generation:
        """The version of the data that the request at hand is answered from.

        Raises:
            Problem: 503, when none is open.
        """
        found = pinned() or self.current
        if found is None:
            raise Problem(503, "Not ready", "The data are not loaded.", "Try again.")
        return found

    @property
    def engine(self) -> Engine:
        """The workers; another one after a reload."""
        return self.generation.engine

    @property
    def labels(self) -> dict[str, dict[str, str]]:
        """The display labels of all things, by IRI and language tag in lower case."""
        return self.generation.labels

    @property
    def vocabulary(self) -> Vocabulary:
        """What the words of answers are called in other languages."""
        return self.generation.vocabulary

    @property
    def retired(self) -> dict[str, Retirement]:
        """What earlier versions described and this one does not, by IRI."""
        return self.generation.retired

    @property
    def kept(self) -> Kept:
        """Answers to queries of the pages, until the data change."""
        return self.generation.kept

    @property
    def version(self) -> str:
        """The digest of the data, which decides all validators."""
        return self.engine.version

    @property
    def ready(self) -> bool:
        """Whether queries are answered."""
        return self.current is not None and self.current.engine.alive

    @property
    def live(self) -> bool:
        """Whether a server answers, which can be asked anything; else there are files alone."""
        return self.files is None

    def there(self, path: str) -> bool:
        """Tell whether a path with its query leads to something."""
        return self.files is None or self.files(path) is not None

    async def open(self) -> None:
        """Start the workers and read the names of all things, unless that was done.

        Raises:
            TrilateralError: when the data cannot be opened.
        """
        if self.current is None:
            past = await self._read_past()
            self.current = await self._load()
            self._show(past)

    async def reload(self) -> None:
        """Serve the data as they are now; what runs on the old ones is answered from those.

        Raises:
            TrilateralError: when they cannot be opened; the old ones are served on.
        """
        async with self._changing:
            past = await self._read_past()
            self._replace(await self._load())
            self._show(past)

    async def close(self) -> None:
        """End the workers, after what they are at."""
        old, self.current = self.current, None
        for task in self._tasks:
            task.cancel()
        if old:
            await old.engine.drain(self.limits.seconds + 1)

    async def _read_past(self) -> History:
        return await asyncio.to_thread(read_history, self.past) if self.past else self.history

    def _show(self, history: History) -> None:
        """Have pages lead to a history, and their validators depend on it and on the options."""
        self.history = history
        shown = repr((self.limits, self.issues, sorted(history.pages)))
        self.shown = hashlib.sha256(shown.encode()).hexdigest()[:8]

    async def _load(self) -> Generation:
        engine = Engine(self.limits)
        await engine.start(self.data, self.build)
        try:
            new = Generation(engine, await read_labels(engine), await read_retired(engine))
        except JobError as error:
            await engine.close()
            raise NotServedError(
                f"The labels of the things cannot be read: {error}", "Raise --memory."
            ) from None
        engine.when_gone(lambda why: self._lost(new, why))
        return new

    def _replace(self, new: Generation) -> None:
        old, self.current = self.current, new
        if old:
            # Long enough for one that waits for a worker first.
            self._begin(old.retire(2 * self.limits.seconds + 5))

    def _begin(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _lost(self, generation: Generation, why: str) -> None:
        if generation is self.current:
            self.log.tell("engine-ended", f"{why} Another is started.", "error")
            self._begin(self._revive())

    async def _revive(self) -> None:
        """Start an engine in the place of one that has ended."""
        async with self._changing:
            for pause in _PAUSES:
                await asyncio.sleep(pause)
                try:
                    self._replace(await self._load())
                except TrilateralError as error:
                    self.log.tell("engine-not-started", str(error), "error")
                    last = error
                else:
                    self.metrics.restarts.inc()
                    self.log.tell("engine-started", "The engine is there again.")
                    return
            self.on_broken(last)

    def _state(self) -> State:
        current = self.current
        if current is None:
            return State()
        engine = current.engine
        return State(
            engine.version, engine.quads, engine.queue.running, engine.queue.waiting,
            len(current.kept), engine.pid, self.ready,
        )  # fmt: skip

    # ------------------------------------------------------------ jobs

    async def run(self, request: Request | None, job: Mapping[str, Any]) -> Result:
        """Have a job done, for as long as the client waits and has seconds left.

        Raises:
            Problem: with status and repair, when it was not done.
        """
        if request is None:
            return await self._run(None, job)
        # A page asks much at once; so that it does not fill the queue, by and by.
        async with request.scope.setdefault("lane", asyncio.Semaphore(_ABREAST)):
            return await self._run(request, job)

    async def _run(self, request: Request | None, job: Mapping[str, Any]) -> Result:
        account = self.account(request) if request else NOBODY
        account.ask()
        began = time.monotonic()
        try:
            done = await self.engine.run(dict(job), account)
        except asyncio.CancelledError:
            # The connection ends the work for a client that has hung up.
            self.count(began, None, request)
            raise
        except Exception as error:
            raise self.count(began, error, request) or error from None
        self.count(began, done, request)
        return done

    def account(self, request: Request) -> Account:
        """Return what a client has for a request: for queries of its own, or for all else."""
        own = request.scope["path"] in QUERIES
        return Account(self.budget if own else self.reading, client_of(request))

    def count(
        self, began: float, found: Result | Exception | None, request: Request | None
    ) -> Problem | None:
        """Count a job by how it ended, None where nobody waited; returns what a client is told."""
        outcome, problem = "ok", None
        if found is None:
            outcome = "client-gone"
        elif isinstance(found, JobError):
            outcome, problem = found.kind, problem_of(found, self.limits)
            if outcome == "internal":
                self.log.tell("job-failed", f"A job failed: {found}.", "error")
        elif isinstance(found, Problem):
            outcome, problem = "refused", found
        elif isinstance(found, Exception):
            outcome = "internal"
        self.metrics.query(outcome, time.monotonic() - began)
        if request:
            request.scope["outcome"] = outcome
        return problem

    async def query(self, text: str, request: Request | None = None) -> Answer:
        """Return the rows of a SELECT or ASK of our own; kept until the data change."""
        kept = self.kept_answer(text)
        if kept is not None:
            return kept
        job = {"does": "query", "query": text, "solutions": _JSON, "prefixes": True}
        done = await self.run(request, job)
        answer = read_answer(done.body)
        self.kept.put(_key(text), answer, _OVERHEAD + len(done.body))
        return answer

    def kept_answer(self, text: str) -> Answer | None:
        """Return the rows of a query where they are kept."""
        return self.kept.get(_key(text))

    def keep_answer(self, text: str, answer: Answer) -> str:
        """Keep rows as those of a query; returns the key under which `kept` has them."""
        key = _key(text)
        self.kept[key] = answer
        return key

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
        path = "/" + iri.removeprefix(base).partition("#")[0]
        # What begins with two slashes names another host.
        return None if path.startswith("//") else path


def _key(text: str) -> str:
    return f"query {text}"


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


async def read_labels(engine: Engine) -> dict[str, dict[str, str]]:
    """Return the display labels of all things, by IRI and language tag in lower case."""
    text = """
        SELECT ?thing ?label {
          { ?thing skos:prefLabel ?label } UNION { ?thing rdfs:label ?label }
        }"""
    labels: dict[str, dict[str, str]] = {}
    for row in await _rows(engine, text):
        label = row["label"]
        labels.setdefault(row["thing"].value, {}).setdefault(label.language.lower(), label.value)
    for names in labels.values():
        if "" in names:
            names.setdefault("en", names.pop(""))
    return labels


async def read_retired(engine: Engine) -> dict[str, Retirement]:
    """Return what earlier versions described and this one does not, by IRI."""
    text = """
        SELECT ?thing ?day ?note ?successor {
          ?thing a owl:NamedIndividual ; dct:modified ?day ; skos:changeNote ?note
          OPTIONAL { ?thing dct:isReplacedBy ?successor }
        }"""
    return {
        row["thing"].value: Retirement(
            *(row[name].value if name in row else "" for name in _RETIREMENT)
        )
        for row in await _rows(engine, text)
    }


async def _rows(engine: Engine, text: str) -> list[Row]:
    """Return the rows of a query about all things, which may be as long as the data."""
    job = {"does": "query", "query": text, "solutions": _JSON, "prefixes": True, "output": 1 << 30}
    return read_answer((await engine.run(job, seconds=60)).body).rows
