"""The errors of stores on the web."""

from __future__ import annotations

from trilateral.errors import TrilateralError


class RemoteError(TrilateralError):
    """A store gives no answer, or none that can be used, or refuses what it is sent."""

    status = 1


class UnauthorizedError(RemoteError):
    """A store wants other credentials, or any at all."""

    def __init__(self, url: str, sent: bool) -> None:
        what = "does not take these credentials" if sent else "wants credentials"
        super().__init__(
            f"{url}: the store {what} (HTTP status 401).",
            "Set TRILATERAL_USER and TRILATERAL_PASSWORD (with TRILATERAL_AUTH=digest where the "
            "store asks for digests), or TRILATERAL_TOKEN, or add its host to a netrc file.",
        )
