"""The endpoint: a SPARQL service on the web, asked politely and not without need."""

from __future__ import annotations

import json
import math
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from http.client import HTTPException
from typing import TYPE_CHECKING, Any
from urllib.error import HTTPError

from trilateral.errors import TrilateralError
from trilateral.reconcile.cache import Cache
from trilateral.remote.address import BUSY, check_address, seconds_of, user_agent

if TYPE_CHECKING:
    from SPARQLWrapper import SPARQLWrapper

WIKIDATA = "https://query.wikidata.org/sparql"

_TRIES = 5
_FIRST_PAUSE = 1.0  # seconds, doubled at each try
_LONGEST_WAIT = 120.0  # seconds that an endpoint may ask for; beyond, come back another time
_CHUNK = 1 << 16

Row = dict[str, dict[str, str]]


class EndpointError(TrilateralError):
    """An endpoint gives no answer, or none that can be used."""

    status = 1


class OutOfTimeError(EndpointError):
    """The time for all requests together is over."""


class _BusyError(Exception):
    def __init__(self, code: int, asked: float | None) -> None:
        super().__init__(code)
        self.code, self.asked = code, asked


@dataclass
class Endpoint:
    """A SPARQL endpoint with its limits, all in seconds.

    ``timeout`` holds for one request, ``time_limit`` for all together, ``delay`` is
    the pause between two. ``requests`` counts those that were sent.

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
    requests: int = field(default=0, init=False)

    def __post_init__(self) -> None:
        check_endpoint(self.url)
        self._end = self.clock() + self.time_limit
        self._last: float | None = None

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
            raise EndpointError(
                f"{self.url}: the answer is no SPARQL JSON result: {error}.",
                "Check that --endpoint is the address of a SPARQL endpoint, not of a web page.",
            ) from None
        self.cache.put(self.url, query, answer)
        return rows

    def _fetch(self, query: str) -> Any:
        for number in range(_TRIES):
            if self._last is not None:
                self._wait(self.delay - (self.clock() - self._last))
            try:
                return self._request(query)
            except _BusyError as busy:
                if number + 1 == _TRIES:
                    raise EndpointError(
                        f"{self.url}: busy (HTTP status {busy.code}), also at try {_TRIES}.",
                        "Try again later, with a longer --delay or a smaller --batch.",
                    ) from None
                pause = _FIRST_PAUSE * 2**number if busy.asked is None else busy.asked
                if pause > _LONGEST_WAIT:
                    raise EndpointError(
                        f"{self.url}: asks to wait {pause:.0f} s (HTTP status {busy.code}).",
                        "Try again after that time.",
                    ) from None
                self._wait(pause)
        raise AssertionError("unreachable")

    def _wait(self, pause: float) -> None:
        if self.clock() + max(pause, 0) >= self._end:
            raise OutOfTimeError(
                f"the time limit of {self.time_limit:g} s is reached.",
                "Raise --time-limit, or ask again: answers are kept in the cache.",
            )
        if pause > 0:
            self.sleep(pause)

    def _request(self, query: str) -> Any:
        from SPARQLWrapper.SPARQLExceptions import SPARQLWrapperException

        self._wait(0)
        self.requests += 1
        try:
            # SPARQLWrapper takes whole seconds; 0 would mean no limit.
            allowed = max(1, math.ceil(min(self.timeout, self._end - self.clock())))
            body = self._read(_wrapper(self.url, query, allowed).query().response)
            return json.loads(body)
        except HTTPError as error:
            if error.code in BUSY:
                raise _BusyError(error.code, seconds_of(error.headers.get("Retry-After"))) from None
            raise self._refusal(f"HTTP status {error.code}") from None
        except SPARQLWrapperException as error:
            raise self._refusal(error.msg) from None
        except TimeoutError:
            raise self._silence() from None
        except (OSError, HTTPException) as error:
            reason = getattr(error, "reason", None) or error
            if isinstance(reason, TimeoutError):
                raise self._silence() from None
            raise EndpointError(
                f"{self.url}: cannot be reached: {reason or type(error).__name__}.",
                "Check the network and the address given by --endpoint.",
            ) from None
        except (ValueError, RecursionError):
            raise EndpointError(
                f"{self.url}: the answer is no SPARQL JSON result: it is no JSON.",
                "Check that --endpoint is the address of a SPARQL endpoint, not of a web page.",
            ) from None
        finally:
            self._last = self.clock()

    def _read(self, response: Any) -> bytes:
        """Read an answer in pieces: one that drips must not outlast the limits."""
        begun, pieces = self.clock(), []
        with response:
            while piece := response.read1(_CHUNK):
                pieces.append(piece)
                if self.clock() - begun > self.timeout:
                    raise TimeoutError
                self._wait(0)
        return b"".join(pieces)

    def _refusal(self, what: str) -> EndpointError:
        return EndpointError(
            f"{self.url}: does not answer the query: {what.rstrip('.')}.",
            "Check the address given by --endpoint; a smaller --batch makes a lighter query.",
        )

    def _silence(self) -> EndpointError:
        self._wait(0)  # raises when it was the time limit that cut the answer off
        return EndpointError(
            f"{self.url}: no answer within {self.timeout:g} s.",
            "Try again later, raise --timeout, or make --batch smaller.",
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


def _wrapper(url: str, query: str, timeout: int) -> SPARQLWrapper:
    from SPARQLWrapper import JSON, POST, SPARQLWrapper

    wrapper = SPARQLWrapper(url, returnFormat=JSON, agent=user_agent("SPARQLWrapper"))
    wrapper.setQuery(query)
    wrapper.setMethod(POST)
    wrapper.setOnlyConneg(True)
    wrapper.setTimeout(timeout)
    return wrapper


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
