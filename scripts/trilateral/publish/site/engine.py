"""Engine: the store of one process, which answers for the server's workers.

Nobody else waits and every query is ours, so that no job needs limits or a process of its own.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from trilateral.serve.workers.jobs import JOBS
from trilateral.serve.workers.peer import JobError, Result
from trilateral.serve.workers.pool import Engine
from trilateral.serve.workers.writing import SOLUTIONS, Output, RefusedError

if TYPE_CHECKING:
    import pyoxigraph as ox

_JSON = "application/sparql-results+json"


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
    """An engine that asks a store in the same process."""

    def __init__(self, store: ox.Store, version: str) -> None:
        self.store, self.version, self.quads = store, version, len(store)
        self._last: tuple[str, Result] | None = None

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
        return self._in_format(job, solutions) if solutions in SOLUTIONS else self.do(job)

    def _in_format(self, job: dict[str, Any], media: str) -> Result:
        """Answer a query; one that is asked again in another format is not run again."""
        import pyoxigraph

        if self._last is None or self._last[0] != job["query"]:
            self._last = job["query"], self.do({**job, "solutions": _JSON})
        done = self._last[1]
        if media == _JSON or done.head["form"] == "graph":
            return done
        found = pyoxigraph.parse_query_results(done.body, format=SOLUTIONS[_JSON])
        body = found.serialize(format=SOLUTIONS[media])
        assert body is not None
        return Result({**done.head, "media": media}, body, 0.0)

    def do(self, job: dict[str, Any]) -> Result:
        """Do a job; see `run`."""
        output = _Collected()
        try:
            JOBS[job["does"]](self.store, job, output)
        except RefusedError as error:
            raise JobError(*error.args) from None
        return Result(output.said, bytes(output.body), 0.0)

    def when_gone(self, call: Callable[[str], None]) -> None:
        """Do nothing: it goes with the process."""

    async def drain(self, seconds: float) -> None:
        """Do nothing: no job is ever at hand."""
