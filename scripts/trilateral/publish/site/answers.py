"""Answers: what the application of the server says to a URL, without a connection."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from starlette.applications import Starlette
from starlette.types import Message

# What stands in an answer for the address of the site; no host can have this name (RFC 2606).
HERE = "http://here.invalid"


class UnansweredError(Exception):
    """The application does not answer a URL: a mistake of ours, as all of them are its own."""


async def answer(parts: Starlette, url: str, may_lack: bool = False) -> bytes:
    """Return the body of the answer to a URL; ``may_lack`` lets it say that there is nothing.

    Raises:
        UnansweredError: when it is any other than 200, or 404 where that may be.
    """
    path, _, query = url.partition("?")
    said: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request"}

    async def send(message: Message) -> None:
        said.append(message)

    await parts(scope_of(parts, path, query), receive, send)
    if said[0]["status"] not in ((200, 404) if may_lack else (200,)):
        raise UnansweredError(f"{url}: {said[0]['status']}")
    return b"".join(each.get("body", b"") for each in said[1:])


def scope_of(parts: Starlette, path: str, query: str = "") -> dict[str, Any]:
    """Return a request of a browser as the application gets it."""
    return {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "GET",
        "scheme": "http",
        "path": path,
        "raw_path": quote(path).encode(),
        "root_path": "",
        "query_string": query.encode("ascii"),
        "headers": [(b"host", HERE.partition("://")[2].encode()), (b"accept", b"text/html")],
        "app": parts,
        "extensions": {},
    }
