"""The endpoint: a SPARQL service on the web, asked politely and not without need."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from trilateral.errors import TrilateralError
from trilateral.reconcile.cache import Cache
from trilateral.remote.address import WIKIDATA, check_address
from trilateral.remote.client import Client, Pace
from trilateral.remote.errors import (
    BusyError,
    LateError,
    RefusedError,
    RemoteError,
    UnreachableError,
)

Row = dict[str, dict[str, str]]


class EndpointError(TrilateralError):
    """An endpoint gives no answer, or none that can be used."""

    status = 1


class OutOfTimeError(EndpointError):
    """The time for all requests together is over."""


@dataclass
class Endpoint:
    """A SPARQL endpoint with its limits, all in seconds, and the answers that are kept.

    ``timeout`` holds for one request, ``time_limit`` for all together, ``delay`` is
    the pause between two. It is sent no credentials.

    Raises:
        UnknownNameError: when ``url`` is no address of a web service.
    """

    url: str
    cache: Cache
    timeout: float = 60.0
    time_limit: float = 600.0
    delay: float = 1.0
    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep
    client: Client = field(init=False, repr=False)

    def __post_init__(self) -> None:
        check_endpoint(self.url)
        self.client = Client(
            self.url,
            timeout=self.timeout,
            time_limit=self.time_limit,
            pace=Pace(self.delay),
            clock=self.clock,
            sleep=self.sleep,
        ).of_one_limit()

    @property
    def requests(self) -> int:
        """How many requests were sent."""
        return self.client.pace.requests

    def ask(self, query: str, columns: Sequence[str]) -> list[Row]:
        """Return the rows of a SELECT, from the cache where it has them.

        A row maps each variable to a term as the SPARQL 1.1 Query Results JSON
        Format writes it.

        Raises:
            OutOfTimeError: when the time limit is reached.
            EndpointError: when there is no answer, or one that lacks ``columns``.
            CacheError: when the answer cannot be kept.
        """
        kept = self.cache.get(self.url, query)
        if kept is not None:
            try:
                return _rows(kept, columns)
            except ValueError:
                pass  # damaged: asked again and replaced
        answer = self._fetch(query)
        try:
            rows = _rows(answer, columns)
        except ValueError as error:
            raise self._unusable(str(error)) from None
        self.cache.put(self.url, query, answer)
        return rows

    def _fetch(self, query: str) -> Any:
        try:
            return json.loads(self.client.fetch(query))
        except RemoteError as error:
            raise self._explained(error) from None
        except (ValueError, RecursionError):
            raise self._unusable("it is no JSON") from None

    def _explained(self, error: RemoteError) -> EndpointError:
        """Return an error of the client in the words of the command that asks."""
        if isinstance(error, LateError) and error.in_all:
            return OutOfTimeError(
                f"the time limit of {self.time_limit:g} s is reached.",
                "Raise --time-limit, or ask again: answers are kept in the cache.",
            )
        if isinstance(error, LateError):
            return EndpointError(
                f"{self.url}: no answer within {self.timeout:g} s.",
                "Try again later, raise --timeout, or make --batch smaller.",
            )
        if isinstance(error, RefusedError):
            # Without the words of the server, which are for those who wrote the query.
            return EndpointError(
                f"{self.url}: does not answer the query: {error.reason.rstrip('.')}.",
                "Check the address given by --endpoint; a smaller --batch makes a lighter query.",
            )
        if isinstance(error, UnreachableError):
            return EndpointError(
                error.message, "Check the network and the address given by --endpoint."
            )
        hint = " A longer --delay or a smaller --batch may help."
        repair = error.repair + (hint if isinstance(error, BusyError) else "")
        return EndpointError(error.message, repair)

    def _unusable(self, why: str) -> EndpointError:
        return EndpointError(
            f"{self.url}: the answer is no SPARQL JSON result: {why}.",
            "Check that --endpoint is the address of a SPARQL endpoint, not of a web page.",
        )


def check_endpoint(url: str) -> None:
    """Raise an `UnknownNameError` unless ``url`` is the address of a web service.

    >>> check_endpoint("file:///etc/passwd")
    Traceback (most recent call last):
    trilateral.errors.UnknownNameError: file:///etc/passwd: this is no address of an endpoint.
    Write an address such as https://query.wikidata.org/sparql.
    """
    check_address(
        url,
        example=WIKIDATA,
        elsewhere="Name an endpoint that is open to all, without credentials.",
    )


def _rows(answer: Any, columns: Sequence[str]) -> list[Row]:
    """Return the rows of an answer.

    Raises:
        ValueError: saying what the answer lacks.
    """
    try:
        variables, rows = answer["head"]["vars"], answer["results"]["bindings"]
    except (TypeError, KeyError):
        raise ValueError("it has no head and results") from None
    if not isinstance(rows, list) or not isinstance(variables, list):
        raise ValueError("it has no list of rows")
    for column in columns:
        if column not in variables:
            raise ValueError(f"it has no column {column}")
        for row in rows:
            term = row.get(column) if isinstance(row, dict) else None
            if not isinstance(term, dict) or not isinstance(term.get("value"), str):
                raise ValueError(f"a row has no {column}")
    return rows
