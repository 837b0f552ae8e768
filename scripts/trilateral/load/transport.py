"""Transport: what is sent to a store over HTTP, with progress, and what its answers mean."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from trilateral.remote.address import user_agent
from trilateral.remote.credentials import Credentials
from trilateral.remote.errors import RemoteError, UnauthorizedError

if TYPE_CHECKING:
    import httpx

_LARGE = 1 << 18  # bytes, which a store may need some time for
_AT_ONCE = 1 << 14  # bytes, which are sent before a refusal is there to be read
_CONNECT = 10.0  # seconds
_REPORT = 1.0  # seconds between two lines of progress

# What a status says, where it says more than its number.
_MEANINGS = {
    403: ("it may not be written to with these credentials, or is read-only", "Ask its operator."),
    404: (
        "there is no such store, or it is read-only",
        "Check the address, --store, and that the store takes updates.",
    ),
    405: (
        "it is not written to at this address, or is read-only",
        "Check the address, --store, and that the store takes updates.",
    ),
    413: ("it does not take as much at once", "Raise its limit on the size of a request."),
    415: ("it does not take this format", "Check the address, and --store."),
    507: ("its disk is full", "Make room there, then load again."),
}


@dataclass
class Meter:
    """Tells how far requests have come that together have so many bytes.

    Attributes:
        whole: The bytes.
        progress: Who is told.
    """

    whole: int
    progress: Callable[[str], None]
    begun: float = field(default_factory=time.monotonic)
    told: float = field(default_factory=time.monotonic)
    sent: int = 0

    def add(self, size: int) -> None:
        """Note that so many bytes more were sent."""
        self.sent = min(self.sent + size, self.whole)
        now = time.monotonic()
        if now - self.told >= _REPORT:
            self.told = now
            self.progress(describe(self.sent, self.whole, now - self.begun))


# What is sent: as it is, or a function that yields it in pieces.
Pieces = Callable[[], Iterator[bytes]]
Body = bytes | Pieces


class LostError(RemoteError):
    """The connection ended before the store said whether it had done what it was sent."""


class PartError(RemoteError):
    """A store failed while it made a change that is whole elsewhere, and may hold a part of it."""


class _Shared:
    """What all requests of a load are sent by."""

    client: httpx.Client | None = None


@dataclass(frozen=True)
class Transport:
    """How requests are sent.

    Attributes:
        credentials: What the store is shown, if anything.
        timeout: Seconds without a sign of the store.
        progress: Told what is under way.
        meter: What counts the bytes of several requests as one.
    """

    credentials: Credentials | None = None
    timeout: float = 600.0
    progress: Callable[[str], None] = field(default=lambda text: None, repr=False)
    meter: Meter | None = None
    _shared: _Shared = field(default_factory=_Shared, repr=False, compare=False)

    def send(
        self,
        method: str,
        url: str,
        body: Body = b"",
        media_type: str = "",
        parameters: Mapping[str, str] | None = None,
        also: tuple[int, ...] = (),
        accept: str = "*/*",
    ) -> httpx.Response:
        """Send a request and return the answer, whose status says success or is one of ``also``.

        The body may be a function that yields it in pieces, as often as authentication needs it;
        it is looked through once before, for its length. A redirection is an error: it might
        lead credentials elsewhere.

        Raises:
            LostError: when it is not known what became of it.
            RemoteError: when the store cannot be reached or refuses; it then did nothing.
        """
        import httpx

        headers = {"Accept": accept}
        content = _Body(body, self.meter, self.progress) if media_type else None
        if content:
            headers |= {"Content-Type": media_type, "Content-Length": str(content.size)}
        if self.credentials and (header := self.credentials.header()):
            headers["Authorization"] = header
        large = content is not None and content.size > _AT_ONCE
        login = self._login(url, parameters) if large else None
        try:
            answer = self._client.request(
                method, url, content=content, params=parameters, headers=headers,
                auth=login or httpx.USE_CLIENT_DEFAULT,
            )  # fmt: skip
        except (httpx.ConnectError, httpx.ConnectTimeout) as error:
            raise RemoteError(
                f"{url}: cannot be reached: {error}.",
                "Nothing was sent. Check the address, and that the store runs.",
            ) from None
        except httpx.TransportError as error:
            reason = str(error) or type(error).__name__
            raise LostError(f"{url}: the connection was lost: {reason}.") from None
        if not answer.is_success and answer.status_code not in also:
            raise self._refusal(url, answer)
        return answer

    @property
    def _client(self) -> httpx.Client:
        """What sends all requests: connections are kept, and the last challenge is remembered."""
        import httpx

        shared = self._shared
        if shared.client is None:
            timeout = httpx.Timeout(self.timeout, connect=_CONNECT)
            told = {"User-Agent": user_agent("httpx")}
            shared.client = httpx.Client(timeout=timeout, auth=self._digest(), headers=told)
        return shared.client

    def _digest(self) -> httpx.DigestAuth | None:
        import httpx

        login = self.credentials
        if login is None or login.scheme != "digest":
            return None
        return httpx.DigestAuth(login.user, login.secret)

    def _login(self, url: str, parameters: Mapping[str, str] | None) -> httpx.DigestAuth | None:
        """Return a login by digest to which an address has given its challenge just now.

        What is sent without one, or with one that is too old, is refused before it has been
        read: all of it would be sent twice, or the connection broken off, and the reason lost.

        Raises:
            UnauthorizedError: when the login is not accepted; nothing was sent.
        """
        import httpx

        login = self._digest()
        if login:
            # What fails here is told of the request itself.
            with suppress(httpx.TransportError):
                answer = self._client.options(url, params=parameters, auth=login)
                if answer.status_code == 401:
                    raise self._refusal(url, answer)
        return login

    def _refusal(self, url: str, answer: httpx.Response) -> RemoteError:
        status = answer.status_code
        if status == 401:
            return UnauthorizedError(url, self.credentials is not None)
        said = " ".join(answer.text.split())[:300] if "html" not in _media(answer) else ""
        if self.credentials:
            said = self.credentials.hide(said)
        meaning, repair = _MEANINGS.get(status, ("it refuses", "Look into the log of the store."))
        words = f': "{said}"' if said else ""
        return RemoteError(f"{url}: {meaning} (HTTP status {status}){words}.", repair)


def _media(answer: httpx.Response) -> str:
    return str(answer.headers.get("Content-Type", ""))


@dataclass(frozen=True)
class _Body:
    """A body that is sent in pieces, as often as authentication needs it."""

    data: Body
    meter: Meter | None
    progress: Callable[[str], None]

    @cached_property
    def size(self) -> int:
        return len(self.data) if isinstance(self.data, bytes) else sum(map(len, self.data()))

    def __iter__(self) -> Iterator[bytes]:
        meter = self.meter or Meter(self.size, self.progress)
        for piece in [self.data] if isinstance(self.data, bytes) else self.data():
            yield piece
            meter.add(len(piece))
        if self.size > _LARGE and not self.meter:
            self.progress("sent; the store is storing it")


def describe(sent: int, whole: int, seconds: float) -> str:
    """Return how far a load is, how fast, and what remains.

    >>> describe(5_000_000, 20_000_000, 2.0)
    'sent 5.0 of 20.0 MB, 2.5 MB/s, 6 s left'
    """
    rate = sent / seconds
    left = (whole - sent) / rate
    return (
        f"sent {sent / 1e6:.1f} of {whole / 1e6:.1f} MB, {rate / 1e6:.1f} MB/s, {left:.0f} s left"
    )
