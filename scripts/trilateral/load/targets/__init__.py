"""Targets: the stores that can be loaded, each with the one way in which it changes as a whole."""

from __future__ import annotations

from collections.abc import Callable

from trilateral.errors import UnknownNameError
from trilateral.load.targets.blazegraph import blazegraph
from trilateral.load.targets.documented import neptune, qlever, stardog
from trilateral.load.targets.fuseki import fuseki
from trilateral.load.targets.graph_store import graph_store
from trilateral.load.targets.oxigraph import oxigraph
from trilateral.load.targets.rdf4j import graphdb, rdf4j
from trilateral.load.targets.target import Target
from trilateral.load.targets.virtuoso import virtuoso
from trilateral.load.transport import Transport

TARGETS: dict[str, Callable[[str], Target]] = {
    "oxigraph": oxigraph,
    "fuseki": fuseki,
    "virtuoso": virtuoso,
    "rdf4j": rdf4j,
    "graphdb": graphdb,
    "blazegraph": blazegraph,
    "stardog": stardog,
    "neptune": neptune,
    "qlever": qlever,
    "gsp": graph_store,
}
# What a header of an answer begins with, and of which store it is.
_SIGNS = (
    ("Server", "Oxigraph", "oxigraph"),
    ("Fuseki-Request-Id", "", "fuseki"),
    ("Server", "Virtuoso", "virtuoso"),
)

# Whatever a store answers shows what it is, but for a refusal of credentials.
_ANY = tuple(status for status in range(300, 600) if status != 401)


def find_target(url: str, store: str | None, transport: Transport) -> Target:
    """Return the target at an address: of the kind that is named, or that its answers show.

    Raises:
        UnknownNameError: when they do not show it.
    """
    url = url.rstrip("/")
    return TARGETS[store or _detect(url, transport)](url)


def _detect(url: str, transport: Transport) -> str:
    answer = transport.send("HEAD", url, also=_ANY)
    for name, begin, store in _SIGNS:
        if name in answer.headers and answer.headers[name].startswith(begin):
            return store
    raise UnknownNameError(
        f"{url}: the store does not show what it is.",
        f"Name it with --store: {', '.join(TARGETS)}.",
    )
