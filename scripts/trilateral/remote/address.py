"""Addresses of web services, and how the project presents itself to them."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

from trilateral import __version__
from trilateral.errors import UnknownNameError
from trilateral.prefixes import prefixes

WIKIDATA = "https://query.wikidata.org/sparql"
# What says that a service is busy and may be asked again.
BUSY = (429, 503)
# What Virtuoso's endpoints answer with when a query was ended before its end.
PARTIAL = 206
_LOGIN = re.compile(r"(?:[a-z][\w+.-]*:)?/*[^/?#]*@", re.IGNORECASE)
_LOOPBACK = ("localhost", "127.0.0.1", "::1")
_ELSEWHERE = (
    "Put them into TRILATERAL_USER and TRILATERAL_PASSWORD, or into a netrc file, where no "
    "list of processes and no history shows them."
)


def check_address(
    url: str,
    what: str = "an endpoint",
    example: str = "http://127.0.0.1:7878/query",
    elsewhere: str = _ELSEWHERE,
) -> None:
    """Raise an `UnknownNameError` unless ``url`` is the address of a web service.

    An address with a user name or a password is not repeated in the message.

    >>> check_address("file:///etc/passwd")
    Traceback (most recent call last):
    trilateral.errors.UnknownNameError: file:///etc/passwd: this is no address of an endpoint.
    Write an address such as http://127.0.0.1:7878/query.
    >>> check_address("https://me:secret@example.org/", elsewhere="Leave them out.")
    Traceback (most recent call last):
    trilateral.errors.UnknownNameError: The address holds a user name or a password.
    Leave them out.
    """
    if _LOGIN.match(url):
        raise UnknownNameError("The address holds a user name or a password.", elsewhere)
    try:
        parts = urlsplit(url)
        good = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
        good = good and url.isascii() and url.isprintable() and " " not in url
    except ValueError:
        good = False
    if not good:
        raise UnknownNameError(
            f"{url}: this is no address of {what}.", f"Write an address such as {example}."
        )


def is_private(url: str) -> bool:
    """Tell whether nobody on the way can read what is sent to an address.

    >>> [is_private(url) for url in ("https://example.org/", "http://127.0.0.1:1/", "http://a/")]
    [True, True, False]
    """
    parts = urlsplit(url)
    return parts.scheme == "https" or parts.hostname in _LOOPBACK


def user_agent(library: str) -> str:
    """Return how the project presents itself: name, version, homepage, and the library it uses.

    >>> user_agent("httpx").startswith("trilateral/")
    True
    """
    return f"trilateral/{__version__} ({prefixes().base}) {library}"


def seconds_of(retry_after: str | None) -> float | None:
    """Return the seconds that a Retry-After header asks for: a number of them, or a date.

    >>> seconds_of("7"), seconds_of("soon"), seconds_of(None)
    (7.0, None, None)
    """
    text = (retry_after or "").strip()
    try:
        if text.isascii() and text.isdigit():
            return float(text)
        date = parsedate_to_datetime(text)
    except (ValueError, TypeError, OverflowError):
        return None
    if date.tzinfo is None:
        date = date.replace(tzinfo=UTC)
    return max(0.0, (date - datetime.now(UTC)).total_seconds())
