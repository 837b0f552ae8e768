"""The errors of stores on the web."""

from __future__ import annotations

from trilateral.errors import TrilateralError


class RemoteError(TrilateralError):
    """A store gives no answer, or none that can be used, or refuses what it is sent."""

    status = 1


class BusyError(RemoteError):
    """A store has too much to do, and asks to be asked another time."""


class UnreachableError(RemoteError):
    """There is no connection, or it was lost before the answer."""


class RefusedError(RemoteError):
    """A store does not answer a query, for a ``reason`` such as an HTTP status."""

    def __init__(self, message: str, repair: str, reason: str) -> None:
        super().__init__(message, repair)
        self.reason = reason


class LateError(RemoteError):
    """A time limit is reached: that of one request, or that of all (``in_all``)."""

    def __init__(self, message: str, repair: str, in_all: bool) -> None:
        super().__init__(message, repair)
        self.in_all = in_all


class UnauthorizedError(RefusedError):
    """A store wants other credentials, or any at all."""

    def __init__(self, url: str, sent: bool) -> None:
        what = "does not take these credentials" if sent else "wants credentials"
        super().__init__(
            f"{url}: the store {what} (HTTP status 401).",
            "Set TRILATERAL_USER and TRILATERAL_PASSWORD (with TRILATERAL_AUTH=digest where the "
            "store asks for digests), or TRILATERAL_TOKEN, or add its host to a netrc file.",
            "HTTP status 401",
        )
