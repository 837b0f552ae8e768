"""Problems: what a client is told when a job was not done, and what helps."""

from __future__ import annotations

from trilateral.serve.web.http import Problem
from trilateral.serve.workers.limits import Limits
from trilateral.serve.workers.peer import JobError

_LESS = (
    "Ask for less: bind a variable, add a LIMIT, leave out an ORDER BY; or load a release into "
    "a store of your own."
)
_AGAIN = "Try again in some seconds."


def problem_of(error: JobError, limits: Limits) -> Problem:
    """Return the problem that tells a client why a job was not done, and what helps.

    >>> problem_of(JobError("timeout", "The query was ended after 2 seconds."), Limits()).status
    503
    """
    told = str(error)
    if error.kind == "syntax":
        return Problem(400, "This is no SPARQL 1.1 query", told, "Correct the query.")
    if error.kind == "service":
        # SILENT too: an empty solution, which the standard allows, would look like an answer.
        return Problem(
            400, "SERVICE is not available here",
            "The query asks another endpoint with SERVICE; this server makes no connection.",
            "Ask that endpoint itself and join the answers, or load a release into a store of "
            "your own.",
        )  # fmt: skip
    if error.kind == "not-acceptable":
        return Problem(
            406, "Not acceptable", "None of the accepted media types can hold this answer.",
            "SELECT and ASK give SPARQL results, CONSTRUCT and DESCRIBE give RDF.",
        )  # fmt: skip
    if error.kind == "unknown-graph":
        return Problem(404, "No such graph", f"There is no graph <{told}>.", "See /graphs.")
    if error.kind == "timeout":
        return Problem(503, "The query takes too long", told, _LESS)
    if error.kind == "memory":
        return Problem(503, "The query takes too much memory", told, _LESS)
    if error.kind == "too-long":
        return Problem(
            503, "The answer is too long", f"An answer has at most {limits.output:,} bytes here.",
            "Page through it with ORDER BY, LIMIT and OFFSET, or load a release.",
        )  # fmt: skip
    if error.kind in ("busy", "closing"):
        return Problem(503, "The server is busy", told, _AGAIN, retry_after="5")
    if error.kind == "internal":
        return Problem(500, "A mistake of the server", "The query could not be run.", "Report it.")
    return Problem(400, "The query cannot be answered", told, "Correct the query.")
