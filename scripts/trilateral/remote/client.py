"""Client: a SPARQL endpoint anywhere, asked with SPARQLWrapper, patiently and within limits."""

from __future__ import annotations

import math
import re
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from http.client import HTTPException, IncompleteRead
from typing import TYPE_CHECKING, Any
from urllib.error import HTTPError

from trilateral.ask.engines import Answer
from trilateral.prefixes import prefixes
from trilateral.remote.address import BUSY, PARTIAL, check_address, seconds_of, user_agent
from trilateral.remote.credentials import Credentials
from trilateral.remote.errors import (
    BusyError,
    LateError,
    RefusedError,
    RemoteError,
    UnauthorizedError,
    UnreachableError,
)

if TYPE_CHECKING:
    from trilateral.ask.engines import Row
    from trilateral.remote.wrapper import Wrapper

_TRIES = 5
_FIRST_PAUSE = 1.0  # seconds, doubled at each try
_LONGEST_WAIT = 120.0  # seconds that an endpoint may ask for; beyond, come back another time
_CHUNK = 1 << 16
# How Virtuoso says that a time limit of its own has cut an answer short.
_ENDED = "S1TAT"
# Fewer rows than this are no cap: no endpoint was found that gives less.
_LEAST_CAP = 100
_CUT = re.compile(r"\s*\b(LIMIT|OFFSET)\s+(\d+)\s*$", re.IGNORECASE)
_PREFIX = re.compile(r"(?<![\w:?$-])([a-z][\w-]*):(?!//)")
_DECLARED = re.compile(r"PREFIX\s+([\w-]*):", re.IGNORECASE)
_COMMENT = re.compile(r"^[ \t]*#.*\n?", re.MULTILINE)
_NOISE = re.compile(r"<[^<>\s]*>|\"[^\"\n]*\"|'[^'\n]*'|#[^\n]*")


class _AskAgainError(Exception):
    def __init__(self, code: int, asked: float | None) -> None:
        super().__init__(code)
        self.code, self.asked = code, asked


@dataclass
class Pace:
    """How requests to an endpoint follow each other: ``delay`` seconds are between two.

    ``requests`` counts those that were sent; ``last`` is when the last one ended.
    """

    delay: float = 0.0
    requests: int = field(default=0, init=False)
    last: float | None = field(default=None, init=False)


@dataclass(frozen=True)
class Client:
    """A SPARQL endpoint and how it is asked.

    Attributes:
        url: Its address, of queries.
        credentials: What it is shown, if anything.
        timeout: Seconds for one request.
        time_limit: Seconds for a question with all that it takes: pages, tries, pauses.
        graphs: The named graphs that queries see, and whose union is their default graph;
            without any, it is up to the endpoint.
        parameters: What is sent with each query beside it.
        deadline: When all questions together have to be answered, by ``clock``; without it, each
            has the time limit for itself.
        pace: How requests follow each other; copies of a client share it.

    Raises:
        UnknownNameError: when ``url`` is no address of a web service, or holds a password.
    """

    url: str
    credentials: Credentials | None = None
    timeout: float = 60.0
    time_limit: float = 600.0
    graphs: tuple[str, ...] = ()
    parameters: tuple[tuple[str, str], ...] = ()
    deadline: float | None = None
    pace: Pace = field(default_factory=Pace)
    clock: Callable[[], float] = field(default=time.monotonic, repr=False)
    sleep: Callable[[float], None] = field(default=time.sleep, repr=False)

    def __post_init__(self) -> None:
        check_address(self.url)

    def of_graphs(self, graphs: Iterable[str]) -> Client:
        """Return a client of the same endpoint whose queries see these graphs and no others."""
        return replace(self, graphs=tuple(graphs), parameters=())

    def with_parameters(self, *parameters: tuple[str, str]) -> Client:
        """Return a client of the same endpoint that sends these parameters with each query."""
        return replace(self, graphs=(), parameters=parameters)

    def of_one_limit(self) -> Client:
        """Return a client of the same endpoint with one time limit, from now, for all it asks."""
        return replace(self, deadline=self.clock() + self.time_limit)

    def ask(self, query: str, expected: int = 0, order: str = "") -> Answer:
        """Return the whole answer to a query.

        An endpoint that gives no more than so many rows without a word is asked for the rest,
        page by page; the query has to say an order, or ``order`` is put behind it where there
        are pages, since to sort may take longer than all else. Where as many rows come as are
        ``expected``, or as the query has for its LIMIT, nobody asks for more.

        Raises:
            RemoteError: when there is no answer within the limits, or half of one.
        """
        end = self._end()
        text = prepare(query)
        first = self._ask(text, end)
        cap = len(first.rows)
        if cap in (expected, *range(_LEAST_CAP)):
            return first
        if order:
            return self.ask(f"{query}\n{order}", expected)
        text, limit, offset = split_cut(text)
        rows = list(first.rows)
        # One row tells whether there are more: most endpoints have given them all.
        page = self._page(text, offset + cap, min(1, limit - cap), end)
        while page:
            page = self._page(text, offset + len(rows), min(cap, limit - len(rows)), end)
            rows += page
        return Answer(first.variables, tuple(rows))

    def ask_each(self, queries: Sequence[tuple[str, int, str]], at_once: bool) -> list[Answer]:
        """Return the whole answers to queries, each with what is expected, and an order.

        All ``at_once`` where the endpoint may be asked so much of; see `ask`.
        """
        with ThreadPoolExecutor(len(queries) if at_once else 1) as pool:
            return list(pool.map(lambda each: self.ask(*each), queries))

    def _page(self, text: str, offset: int, limit: float, end: float) -> tuple[Row, ...]:
        if limit <= 0:
            return ()
        return self._ask(f"{text}\nLIMIT {limit} OFFSET {offset}", end).rows

    def _end(self) -> float:
        return self.clock() + self.time_limit if self.deadline is None else self.deadline

    def _ask(self, query: str, end: float) -> Answer:
        body, media_type = self._fetch(query, end)
        try:
            return _read(body, media_type)
        except (ValueError, SyntaxError):
            raise RemoteError(
                f"{self.url}: the answer is broken off or no answer to a query ({media_type}).",
                "Check that this is the address of a SPARQL endpoint, not of a web page; the "
                "endpoint may also have ended the query within its answer.",
            ) from None

    def fetch(self, query: str) -> bytes:
        """Return what an endpoint answers to a query, as it is: rows as SPARQL JSON.

        Raises:
            RemoteError: when there is no answer within the limits.
        """
        return self._fetch(query, self._end())[0]

    def _fetch(self, query: str, end: float) -> tuple[bytes, str]:
        for number in range(_TRIES):
            if self.pace.last is not None:
                self._wait(self.pace.delay - (self.clock() - self.pace.last), end)
            try:
                return self._request(query, end)
            except _AskAgainError as busy:
                if number + 1 == _TRIES:
                    raise BusyError(
                        f"{self.url}: busy (HTTP status {busy.code}), also at try {_TRIES}.",
                        "Try again later.",
                    ) from None
                pause = _FIRST_PAUSE * 2**number if busy.asked is None else busy.asked
                if pause > _LONGEST_WAIT:
                    raise BusyError(
                        f"{self.url}: asks to wait {pause:.0f} s (HTTP status {busy.code}).",
                        "Try again after that time.",
                    ) from None
                self._wait(pause, end)
        raise AssertionError("unreachable")

    def _wait(self, pause: float, end: float) -> None:
        if self.clock() + max(pause, 0) >= end:
            raise self._late(in_all=True) from None
        if pause > 0:
            self.sleep(pause)

    def _request(self, query: str, end: float) -> tuple[bytes, str]:
        from SPARQLWrapper.SPARQLExceptions import SPARQLWrapperException, Unauthorized

        self._wait(0, end)
        allowed = min(self.timeout, end - self.clock())
        self.pace.requests += 1
        try:
            response = self._wrapper(query, allowed).query().response
            return self._body(response, end), str(response.headers.get("Content-Type", ""))
        except Unauthorized:
            raise UnauthorizedError(self.url, self.credentials is not None) from None
        except HTTPError as error:
            if error.code in BUSY:
                asked = seconds_of(error.headers.get("Retry-After"))
                raise _AskAgainError(error.code, asked) from None
            raise self._refusal(f"HTTP status {error.code}") from None
        except SPARQLWrapperException as error:
            raise self._refusal(str(error), str(error.msg)) from None
        except IncompleteRead:
            raise RemoteError(
                f"{self.url}: the answer is broken off: the connection was lost within it.",
                "Try again; the endpoint may also have ended the query within its answer.",
            ) from None
        except (OSError, HTTPException) as error:
            reason = getattr(error, "reason", None) or error
            if isinstance(reason, TimeoutError):
                raise self._late(in_all=self.clock() >= end) from None
            raise UnreachableError(
                f"{self.url}: cannot be reached: {reason or type(error).__name__}.",
                "Check the address, and that the store runs.",
            ) from None
        finally:
            self.pace.last = self.clock()

    def _body(self, response: Any, end: float) -> bytes:
        """Read an answer in pieces: one that drips must not outlast the limits."""
        begun, pieces = self.clock(), []
        with response:
            if response.status == PARTIAL or response.headers.get("X-SQL-State") == _ENDED:
                raise RemoteError(
                    f"{self.url}: the answer is a part of the whole only, as it says itself.",
                    "The endpoint ends queries that take long: ask for less, or another copy.",
                )
            while piece := response.read1(_CHUNK):
                pieces.append(piece)
                now = self.clock()
                if now - begun > self.timeout or now > end:
                    raise TimeoutError
            # What is left of the length that was told; read1 does not mind.
            if response.length:
                raise IncompleteRead(b"", response.length)
        return b"".join(pieces)

    def _wrapper(self, query: str, seconds: float) -> Wrapper:
        from SPARQLWrapper import JSON, POST, TURTLE

        from trilateral.remote.wrapper import Wrapper

        wrapper = Wrapper(self.url, agent=user_agent("SPARQLWrapper"))
        wrapper.setQuery(query)
        rows = wrapper.queryType in ("SELECT", "ASK")
        wrapper.setReturnFormat(JSON if rows else TURTLE)
        wrapper.setMethod(POST)
        wrapper.setOnlyConneg(True)
        # It takes whole seconds; 0 would mean no limit.
        wrapper.setTimeout(max(1, math.ceil(seconds)))
        for name, value in self.parameters:
            wrapper.addParameter(name, value)
        for graph in self.graphs:
            wrapper.addDefaultGraph(graph)
            wrapper.addNamedGraph(graph)
        if self.credentials and self.credentials.scheme == "digest":
            wrapper.login = self.credentials.user, self.credentials.secret
        elif self.credentials:
            wrapper.authorization = self.credentials.header()
        return wrapper

    def _refusal(self, what: str, reason: str = "") -> RefusedError:
        said = " ".join(what.split())[:400]
        if self.credentials:
            said = self.credentials.hide(said)
        return RefusedError(
            f"{self.url}: does not answer the query: {said.rstrip('.')}.",
            "Check that this is the address of a SPARQL endpoint.",
            reason or what,
        )

    def _late(self, in_all: bool) -> LateError:
        return LateError(
            f"{self.url}: no whole answer within the time limit ({self.timeout:g} s a request, "
            f"{self.time_limit:g} s in all).",
            "Try again later, or raise --timeout and --time-limit.",
            in_all,
        )


def split_cut(query: str) -> tuple[str, float, int]:
    """Return a query without the LIMIT and OFFSET at its end, and these.

    >>> split_cut("SELECT ?n { ?n ?p ?o } LIMIT 9 OFFSET 2")
    ('SELECT ?n { ?n ?p ?o }', 9, 2)
    >>> split_cut("SELECT ?n { ?n ?p '#' } OFFSET 2 # LIMIT 9")
    ("SELECT ?n { ?n ?p '#' }", inf, 2)
    >>> split_cut("SELECT ?n { ?n ?p ?o }")
    ('SELECT ?n { ?n ?p ?o }', inf, 0)
    """
    limit, offset = math.inf, 0
    last = query.rstrip().rfind("\n") + 1
    for noise in _NOISE.finditer(query, last):
        if noise[0].startswith("#"):
            query = query[: noise.start()]
            break
    while cut := _CUT.search(query):
        if cut[1].upper() == "LIMIT":
            limit = int(cut[2])
        else:
            offset = int(cut[2])
        query = query[: cut.start()]
    return query, limit, offset


def prepare(query: str) -> str:
    r"""Return a query that declares all prefixes of the project that it uses, without comments.

    SPARQLWrapper looks for the form of a query in every second line of comments, too.

    >>> prepare("# Ask!\nASK { ?actor a tri:Actor }")
    'PREFIX tri: <https://w3id.org/trilateral/ontology#>\nASK { ?actor a tri:Actor }'
    """
    query = _COMMENT.sub("", query)
    plain = _NOISE.sub(" ", query)
    missing = set(_PREFIX.findall(plain)) - set(_DECLARED.findall(plain))
    known = sorted(missing & set(prefixes()))
    return "".join(f"PREFIX {name}: <{prefixes()[name]}>\n" for name in known) + query


def _read(body: bytes, media_type: str) -> Answer:
    """Read an answer in one of the formats that were asked for.

    Raises:
        ValueError: when it is none, or half of one.
    """
    import pyoxigraph as ox

    media = media_type.partition(";")[0].strip().lower()
    form = ox.QueryResultsFormat.from_media_type(media)
    if form is None:
        known = ox.RdfFormat.from_media_type(media)
        if known is None:
            raise ValueError(media)
        return Answer((), triples=tuple(quad.triple for quad in ox.parse(body, format=known)))
    found = ox.parse_query_results(body, format=form)
    if isinstance(found, ox.QueryBoolean):
        return Answer(("answer",), ((ox.Literal(bool(found)),),))
    names = tuple(variable.value for variable in found.variables)
    rows: tuple[Row, ...] = tuple(tuple(solution) for solution in found)
    return Answer(names, rows)
