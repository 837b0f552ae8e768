"""Engine: the store of one process, which answers for the server's workers.

Nobody else waits and every query is ours, so that no job needs limits or a process of its own.
"""

from __future__ import annotations

import hashlib
import json
import math
import re
from collections.abc import Callable, Iterable
from typing import Any

import pyoxigraph as ox

from trilateral.publish.site.notes import Notes
from trilateral.serve.workers.jobs import JOBS, describe, said_as_given, said_in_graph
from trilateral.serve.workers.peer import JobError, Result
from trilateral.serve.workers.pool import Engine
from trilateral.serve.workers.writing import (
    JSON_LD,
    SOLUTIONS,
    Output,
    RefusedError,
    Said,
    write_quads,
)

_JSON = "application/sparql-results+json"
_TRIPLES = "application/n-triples"
_HEADER = re.compile(r"\A(?:#\+[^\n]*\n)*")
# What a page adds that shows the first rows; see `api.paging.Page`.
_FIRST = re.compile(r"\nLIMIT (\d+) OFFSET 0\Z")
_DOCUMENTS: dict[str, Callable[[ox.Store, dict[str, Any]], Said | None]] = {
    "describe": describe,
    "graph": said_in_graph,
    "given": said_as_given,
}


def key_of(looked_up: str) -> str:
    r"""Return a key among `notes.Notes` without the header of a query, which says nothing to it.

    >>> key_of("query #+ summary: All.\nASK {}")
    'query ASK {}'
    """
    kind, _, text = looked_up.partition(" ")
    return f"query {_HEADER.sub('', text)}" if kind == "query" else looked_up


def _digest_of(done: Result) -> str:
    """Return a digest of an answer, by which it is known again; "" for triples."""
    if done.head["form"] == "graph":
        return ""
    return hashlib.blake2b(done.body, digest_size=12).hexdigest()


def _rows_in(done: Result) -> float:
    """Return how many rows an answer has, more than any number for what is no table."""
    if done.head["form"] != "solutions":
        return math.inf
    return len(json.loads(done.body)["results"]["bindings"])


class _Collected(Output):
    """An answer in memory."""

    def __init__(self) -> None:
        self.said: dict[str, Any] = {}
        self.body = bytearray()

    def head(self, **said: Any) -> None:
        self.said = said

    def write(self, data: bytes) -> int:
        self.body += data
        return len(data)


class Direct(Engine):
    """An engine that asks a store in the same process.

    Attributes:
        store: The store.
        version: The digest of its data.
        notes: What was asked is noted here.
    """

    def __init__(self, store: ox.Store, version: str) -> None:
        self.store, self.version, self.notes = store, version, Notes()
        self._quads = len(store)
        self._answered: dict[str, str] = {}
        # Tables that were asked for to see whether they are others, and may be shown.
        self._again: dict[str, Result] = {}
        self._last: tuple[str, Result] | None = None
        self._json_ld: tuple[dict[str, Any], Result] | None = None
        self._document: tuple[tuple[Any, ...], Said | None] | None = None

    @property
    def quads(self) -> int:  # type: ignore[override]
        """How many quads there are."""
        self.notes.keys.add("quads")
        return self._quads

    @property
    def digest(self) -> str:
        """The first digits of the version."""
        self.notes.keys.add("digest")
        return super().digest

    @property
    def alive(self) -> bool:
        """Whether it answers, which it always does."""
        return True

    async def run(self, job: dict[str, Any], *_: Any, **__: Any) -> Result:
        """Do a job at once.

        Raises:
            JobError: when it was not done, with the reason.
        """
        solutions = job.get("solutions")
        if solutions in SOLUTIONS:
            return self._in_format(job, solutions)
        if job["does"] == "query":
            self.notes.keys.add(f"query {job['query']}")
        return self.do(job)

    def _in_format(self, job: dict[str, Any], media: str) -> Result:
        """Answer a query; one that is asked again in another format is not run again.

        Nor is one with another header, or that asks for more rows than there are.
        """
        # A query that runs without prefixes, or without a base, needs none of them.
        text = _HEADER.sub("", job["query"])
        first = _FIRST.search(text)
        whole = text[: first.start()] if first else ""
        if first and self._last and self._last[0] == whole:
            text = whole if _rows_in(self._last[1]) <= int(first[1]) else text
        if self._last is None or self._last[0] != text:
            done = self._again.get(text) or self.do({**job, "solutions": _JSON})
            self._last = text, done
            self._answered[text] = _digest_of(self._last[1])
        self.notes.keys.add(f"query {text}")
        done = self._last[1]
        if media == _JSON or done.head["form"] == "graph":
            return done
        found = ox.parse_query_results(done.body, format=SOLUTIONS[_JSON])
        body = found.serialize(format=SOLUTIONS[media])
        assert body is not None
        return Result({**done.head, "media": media}, body, 0.0)

    def answered(self, key: str) -> str:
        """Return a digest of the answer that a query had, by its key; "" where none is known."""
        return self._answered.get(key.removeprefix("query "), "")

    def ask_again(self, key: str) -> str:
        """Return a digest of the answer that a query has now, asked once; see `answered`."""
        text = key.removeprefix("query ")
        job = {"does": "query", "query": text, "solutions": _JSON, "graph": _TRIPLES}
        if text not in self._answered:
            done = self.do({**job, "prefixes": True})
            self._answered[text] = _digest_of(done)
            if done.head["form"] == "solutions":
                self._again[text] = done
        return self._answered[text]

    def forget(self) -> None:
        """Forget what was asked again: its answers are for what is made next."""
        self._again.clear()

    def do(self, job: dict[str, Any]) -> Result:
        """Do a job; see `run`. JSON-LD that is in the page of a thing and a file is made once."""
        if self._json_ld and self._json_ld[0] == job:
            return self._json_ld[1]
        output = _Collected()
        try:
            said = self._said(job)
            if said is None:
                JOBS[job["does"]](self.store, job, output)
            else:
                said.write(self.store, job, output)
        except RefusedError as error:
            raise JobError(*error.args) from None
        done = Result(output.said, bytes(output.body), 0.0)
        if job.get("media") == JSON_LD:
            self._json_ld = job, done
        return done

    def write(self, quads: Iterable[ox.Quad], job: dict[str, Any]) -> bytes:
        """Return quads in the format that a job names."""
        output = _Collected()
        write_quads(self.store, quads, job, output)
        return bytes(output.body)

    def _said(self, job: dict[str, Any]) -> Said | None:
        """Return what a document holds, found once for its formats; None for other jobs."""
        find = _DOCUMENTS.get(job["does"])
        if find is None:
            return None
        about = tuple(map(job.get, ("does", "thing", "name", "about", "text")))
        if self._document is None or self._document[0] != about:
            self._document = about, find(self.store, job)
        return self._document[1]

    def when_gone(self, call: Callable[[str], None]) -> None:
        """Do nothing: it goes with the process."""

    async def drain(self, seconds: float) -> None:
        """Do nothing: no job is ever at hand."""
