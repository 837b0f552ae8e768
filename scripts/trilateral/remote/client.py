"""Client: a SPARQL endpoint anywhere, asked with SPARQLWrapper, patiently and within limits."""

from __future__ import annotations

import math
import re
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from http.client import HTTPException
from typing import TYPE_CHECKING, Any
from urllib.error import HTTPError

from trilateral.ask.engines import Answer
from trilateral.prefixes import prefixes
from trilateral.remote.address import BUSY, check_address, seconds_of, user_agent
from trilateral.remote.credentials import Credentials
from trilateral.remote.errors import RemoteError, UnauthorizedError

if TYPE_CHECKING:
    from trilateral.ask.engines import Row
    from trilateral.remote.wrapper import Wrapper

_TRIES = 5
_FIRST_PAUSE = 1.0  # seconds, doubled at each try
_LONGEST_WAIT = 120.0  # seconds that an endpoint may ask for; beyond, come back another time
_CHUNK = 1 << 16
# Fewer rows than this are no cap: no endpoint was found that gives less.
_LEAST_CAP = 100
_CUT = re.compile(r"\b(LIMIT|OFFSET)\s+\d+\s*$", re.IGNORECASE)
_PREFIX = re.compile(r"(?<![\w:?$-])([a-z][\w-]*):(?!//)")
_DECLARED = re.compile(r"PREFIX\s+([\w-]*):", re.IGNORECASE)
_COMMENT = re.compile(r"^[ \t]*#.*\n?", re.MULTILINE)
_NOISE = re.compile(r"<[^<>\s]*>|\"[^\"\n]*\"|#[^\n]*")


class _BusyError(Exception):
    def __init__(self, code: int, asked: float | None) -> None:
        super().__init__(code)
        self.code, self.asked = code, asked


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

    Raises:
        UnknownNameError: when ``url`` is no address of a web service, or holds a password.
    """

    url: str
    credentials: Credentials | None = None
    timeout: float = 60.0
    time_limit: float = 600.0
    graphs: tuple[str, ...] = ()
    parameters: tuple[tuple[str, str], ...] = ()
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

    def ask(self, query: str, expected: int = 0) -> Answer:
        """Return the whole answer to a query.

        An endpoint that gives no more than so many rows without a word is asked for the rest,
        page by page; the query has to say an order. Where as many rows come as are
        ``expected``, nobody asks for more.

        Raises:
            RemoteError: when there is no answer within the limits, or half of one.
        """
        end = self.clock() + self.time_limit
        text = prepare(query)
        first = self._ask(text, end)
        if len(first.rows) in (expected, *range(_LEAST_CAP)) or _CUT.search(_NOISE.sub("", text)):
            return first
        rows = list(first.rows)
        cap = len(rows)
        page = self._ask(f"{text}\nLIMIT 1 OFFSET {cap}", end).rows
        while page:
            page = self._ask(f"{text}\nLIMIT {cap} OFFSET {len(rows)}", end).rows
            rows += page
        return Answer(first.variables, tuple(rows))

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

    def _fetch(self, query: str, end: float) -> tuple[bytes, str]:
        for number in range(_TRIES):
            try:
                return self._request(query, end)
            except _BusyError as busy:
                if number + 1 == _TRIES:
                    raise RemoteError(
                        f"{self.url}: busy (HTTP status {busy.code}), also at try {_TRIES}.",
                        "Try again later.",
                    ) from None
                pause = _FIRST_PAUSE * 2**number if busy.asked is None else busy.asked
                if pause > _LONGEST_WAIT:
                    raise RemoteError(
                        f"{self.url}: asks to wait {pause:.0f} s (HTTP status {busy.code}).",
                        "Try again after that time.",
                    ) from None
                if self.clock() + pause >= end:
                    raise self._late() from None
                self.sleep(pause)
        raise AssertionError("unreachable")

    def _request(self, query: str, end: float) -> tuple[bytes, str]:
        from SPARQLWrapper.SPARQLExceptions import SPARQLWrapperException, Unauthorized

        allowed = min(self.timeout, end - self.clock())
        if allowed <= 0:
            raise self._late()
        try:
            response = self._wrapper(query, allowed).query().response
            return self._body(response, end), str(response.headers.get("Content-Type", ""))
        except Unauthorized:
            raise UnauthorizedError(self.url, self.credentials is not None) from None
        except HTTPError as error:
            if error.code in BUSY:
                raise _BusyError(error.code, seconds_of(error.headers.get("Retry-After"))) from None
            raise self._refusal(f"HTTP status {error.code}") from None
        except SPARQLWrapperException as error:
            raise self._refusal(str(error)) from None
        except (OSError, HTTPException) as error:
            reason = getattr(error, "reason", None) or error
            if isinstance(reason, TimeoutError):
                raise self._late() from None
            raise RemoteError(
                f"{self.url}: cannot be reached: {reason or type(error).__name__}.",
                "Check the address, and that the store runs.",
            ) from None

    def _body(self, response: Any, end: float) -> bytes:
        """Read an answer in pieces: one that drips must not outlast the limits."""
        begun, pieces = self.clock(), []
        with response:
            while piece := response.read1(_CHUNK):
                pieces.append(piece)
                now = self.clock()
                if now - begun > self.timeout or now > end:
                    raise TimeoutError
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

    def _refusal(self, what: str) -> RemoteError:
        said = " ".join(what.split())[:400]
        if self.credentials:
            said = self.credentials.hide(said)
        return RemoteError(
            f"{self.url}: does not answer the query: {said.rstrip('.')}.",
            "Check that this is the address of a SPARQL endpoint.",
        )

    def _late(self) -> RemoteError:
        return RemoteError(
            f"{self.url}: no whole answer within the time limit ({self.timeout:g} s a request, "
            f"{self.time_limit:g} s in all).",
            "Try again later, or raise --timeout and --time-limit.",
        )


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
