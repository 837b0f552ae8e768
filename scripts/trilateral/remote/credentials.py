"""Credentials: from the environment or a netrc file, and in no message.

``TRILATERAL_TOKEN`` is a bearer token; ``TRILATERAL_USER`` and ``TRILATERAL_PASSWORD`` are a
login; without either, the netrc file (``NETRC``, else ``~/.netrc``) is looked up for the host.
``TRILATERAL_AUTH=digest`` has a login sent as a digest, and not as it is.
"""

from __future__ import annotations

import base64
import netrc
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from trilateral.errors import TrilateralError

_SCHEMES = ("basic", "digest")


class CredentialsError(TrilateralError):
    """Credentials are incomplete or cannot be read."""


@dataclass(frozen=True)
class Credentials:
    """A login or a bearer token; what is secret is not shown by ``repr``."""

    scheme: str
    user: str = field(default="", repr=False)
    secret: str = field(default="", repr=False)

    def header(self) -> str | None:
        """Return the Authorization header; None for a digest, which needs a challenge.

        >>> Credentials("bearer", secret="abc").header()
        'Bearer abc'
        """
        if self.scheme == "digest":
            return None
        if self.scheme == "bearer":
            return f"Bearer {self.secret}"
        login = base64.b64encode(f"{self.user}:{self.secret}".encode()).decode()
        return f"Basic {login}"

    def hide(self, text: str) -> str:
        """Return a text, such as the words of a server, without what is secret.

        >>> Credentials("basic", "ada", "s3cret").hide("no: ada:s3cret")
        'no: ada:***'
        """
        header = (self.header() or "").partition(" ")[2]
        for secret in (self.secret, header):
            text = text.replace(secret, "***") if secret else text
        return text


def find_credentials(url: str, environment: Mapping[str, str] = os.environ) -> Credentials | None:
    """Return the credentials for an address, or None where there are none.

    Raises:
        CredentialsError: naming the variable or file that is wrong, never what it holds.

    >>> find_credentials("http://a/", {"TRILATERAL_TOKEN": "abc"})
    Credentials(scheme='bearer')
    """
    token = environment.get("TRILATERAL_TOKEN")
    user = environment.get("TRILATERAL_USER")
    password = environment.get("TRILATERAL_PASSWORD")
    scheme = environment.get("TRILATERAL_AUTH", "basic").lower()
    if scheme not in _SCHEMES:
        raise CredentialsError(
            "TRILATERAL_AUTH is neither basic nor digest.", "Set it to one of them, or unset it."
        )
    if (user is None) != (password is None):
        named = "TRILATERAL_PASSWORD" if password is None else "TRILATERAL_USER"
        raise CredentialsError(f"{named} is not set, but its counterpart is.", "Set both.")
    if token is not None and user is not None:
        raise CredentialsError(
            "TRILATERAL_TOKEN and TRILATERAL_USER are both set.", "Unset one of them."
        )
    if token is not None:
        return _checked(Credentials("bearer", secret=token), "TRILATERAL_TOKEN")
    if user is not None and password is not None:
        return _checked(Credentials(scheme, user, password), "TRILATERAL_PASSWORD")
    return _of_netrc(url, scheme, environment)


def _checked(found: Credentials, name: str) -> Credentials:
    if not found.secret or not (found.user + found.secret).isprintable():
        raise CredentialsError(
            f"{name} is empty or holds a line break or another control character.",
            "Set it without the line break that ends a file.",
        )
    return found


def _of_netrc(url: str, scheme: str, environment: Mapping[str, str]) -> Credentials | None:
    named = environment.get("NETRC")
    path = Path(named) if named else Path.home() / ".netrc"
    if not named and not path.exists():
        return None
    try:
        entry = netrc.netrc(path).authenticators(urlsplit(url).hostname or "")
    except netrc.NetrcParseError as error:
        # Its message may quote the file.
        raise CredentialsError(
            f"{path}:{error.lineno}: this is no netrc file, or others may read it.",
            "Correct the line; write: machine HOST login USER password PASSWORD, and give the "
            "file mode 600.",
        ) from None
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is not UTF-8"
        raise CredentialsError(f"{path}: this cannot be read: {reason}.", "Mend NETRC.") from None
    if entry is None or not entry[2]:
        return None
    return _checked(Credentials(scheme, entry[0] or "", entry[2]), str(path))
