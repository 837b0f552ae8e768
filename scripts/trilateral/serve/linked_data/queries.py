"""Queries: those that come by GET go from the connection to a worker and back, without a task.

A short query takes less time than a task, the routes and a response in parts cost. All that is
not plain is left to the application: what it would refuse, a client that has the answer
already, and one whose seconds are used up.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Scope

from trilateral.serve.generation import Generation
from trilateral.serve.linked_data import sparql
from trilateral.serve.site import Site
from trilateral.serve.web.connection import Reply
from trilateral.serve.web.gate import refusal
from trilateral.serve.web.headers import written
from trilateral.serve.web.http import Problem, is_large
from trilateral.serve.web.observe import GONE, mistake, new_name, note, seen
from trilateral.serve.workers.execution import Execution
from trilateral.serve.workers.peer import Result

# What tells of a body, of an answer that the client has, or of one that it waits for first.
_NOT_PLAIN = (b"content-length", b"transfer-encoding", b"if-none-match", b"expect")


class Queries:
    """Takes the queries that connections bring; ``refuse`` makes the answer to one not done."""

    def __init__(
        self, site: Site, parts: Starlette, refuse: Callable[[Request, Problem], Response]
    ) -> None:
        self.site, self.parts, self.refuse = site, parts, refuse
        self._tasks: set[asyncio.Task[None]] = set()

    def take(self, scope: Scope, reply: Reply) -> Callable[[], None] | None:
        """Have a worker answer a query; returns what ends it when nobody waits for it."""
        if scope["path"] not in sparql.PATHS or scope["method"] != "GET":
            return None
        generation, given = self.site.current, dict(scope["headers"])
        plain = len(given) == len(scope["headers"]) and not any(map(given.get, _NOT_PLAIN))
        if generation is None or not plain or refusal(scope):
            return None
        began, request = time.monotonic(), Request(scope)
        account = self.site.account(request)
        try:
            asked = sparql.read_operation(scope["query_string"])
            if asked is None:
                return None
            job = asked.job(request, self.site)
            account.ask()
        except Problem:
            return None
        scope["app"], scope["endpoint"] = self.parts, sparql.endpoint
        query = _Query(self, generation, request, asked, reply, began)
        generation.hold()
        query.execution = generation.engine.submit(job, query.respond, account)
        return query.leave

    def begin(self, work: Coroutine[Any, Any, None]) -> None:
        """Have something done beside."""
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


@dataclass
class _Query:
    """One query, from when it is taken until it is answered or its client has gone."""

    queries: Queries
    generation: Generation
    request: Request
    asked: sparql.Operation
    reply: Reply
    began: float
    execution: Execution | None = None
    ended: bool = False

    def respond(self, found: Result | Exception) -> None:
        """Send the answer, or why there is none."""
        problem = self.queries.site.count(self.began, found, self.request)
        self.execution = None
        if isinstance(found, Result) and is_large(found.body):
            self.queries.begin(self._respond_aside(found))
            return
        self._send(self._response(problem or found))

    async def _respond_aside(self, found: Result) -> None:
        self._send(await asyncio.to_thread(self._response, found))

    def _response(self, found: Result | Exception) -> Response:
        if isinstance(found, Exception):
            return self._refuse(found)
        try:
            return self.asked.answer(self.request, found)
        except Exception as error:
            return self._refuse(error)

    def leave(self) -> None:
        """End the query of a client that has gone."""
        if not self.ended:
            if self.execution:
                self.execution.leave()
                self.queries.site.count(self.began, None, self.request)
            self._end(GONE, new_name())

    def _refuse(self, error: Exception) -> Response:
        problem = error if isinstance(error, Problem) else None
        told = problem or mistake(self.queries.site, self.request.scope, error)
        return self.queries.refuse(self.request, told)

    def _send(self, response: Response) -> None:
        if not self.ended:
            name = new_name()
            head = written([*response.raw_headers, (b"x-request-id", name.encode())])
            self.reply(response.status_code, head, bytes(response.body))
            self._end(response.status_code, name)

    def _end(self, status: int, name: str) -> None:
        self.ended = True
        self.generation.release()
        note(self.queries.site, seen(self.request.scope), name, status, self.began)
