"""Target: what all stores that can be loaded have in common."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import ClassVar
from urllib.parse import urlencode

from trilateral.load.change import Change
from trilateral.load.transport import Transport


@dataclass(frozen=True)
class Target(ABC):
    """A store.

    Attributes:
        url: Its address, as the user gave it.
        query: The address of its queries; empty where it has to be given.
        whole: Whether a change that fails leaves what was there before.
        how: How the store is changed, in words.
        union: Whether its default graph is the union of all graphs, in words.
    """

    url: str
    query: str
    name: ClassVar[str]
    whole: ClassVar[bool] = True
    how: ClassVar[str] = "in one transaction"
    union: ClassVar[str]

    @abstractmethod
    def apply(self, change: Change, transport: Transport) -> None:
        """Make a change.

        Raises:
            LostError: when it is not known whether the change was made.
            RemoteError: when the store refuses; what it held is then as it was, unless the
                target is not ``whole``.
        """


class OneUpdate(Target):
    """A store in which one SPARQL update, whatever its length, is one transaction.

    Attributes:
        update: The address of its updates.
        quads: The address at which N-Quads are added in one transaction, which is faster;
            empty where a part of them could be taken for all.
        limit: How many bytes an update may have; 0 for no limit.
        form: Whether it is sent as a field of a form, and not as it is.
        media_type: What it is said to be, where it is not.
    """

    update: ClassVar[str]
    quads: ClassVar[str] = ""
    limit: ClassVar[int] = 0
    form: ClassVar[bool] = False
    media_type: ClassVar[str] = "application/sparql-update"

    def apply(self, change: Change, transport: Transport) -> None:
        """Make a change by one request."""
        from trilateral.remote.errors import RemoteError

        if change.adds and self.quads:
            quads = change.nquads()
            transport.send("POST", self.url + self.quads, quads, "application/n-quads")
            return
        body, media_type = change.update(), self.media_type
        if self.form:
            body = urlencode({"update": body}).encode()
            media_type = "application/x-www-form-urlencoded"
        if self.limit and len(body) > self.limit:
            raise RemoteError(
                f"{self.url}: the update has {len(body):,} bytes, and {self.name} takes "
                f"{self.limit:,} at once.",
                "Load graphs one by one with --graph.",
            )
        transport.send("POST", self.url + self.update, body, media_type)
