"""Clients: who asks, and for how long they wait for the answer."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from typing import TypeVar

from starlette.requests import ClientDisconnect, Request

from trilateral.serve.web.budget import whose

_Any = TypeVar("_Any")


class ClientGoneError(Exception):
    """The client has hung up; nobody reads what would be answered."""


def client_of(request: Request) -> str:
    """Return what tells clients apart: the host that the connection comes from."""
    return whose(request.client.host) if request.client else "unknown"


async def while_waiting(request: Request, work: Awaitable[_Any]) -> _Any:
    """Do some work for as long as the client waits for it.

    Raises:
        ClientGoneError: when it has gone; the work is cancelled.
        Problem: when the body of the request is refused.
    """
    doing = asyncio.ensure_future(work)
    gone = asyncio.ensure_future(_hung_up(request))
    try:
        await asyncio.wait({doing, gone}, return_when=asyncio.FIRST_COMPLETED)
        if not doing.done():
            gone.result()
            raise ClientGoneError
        return doing.result()
    finally:
        for task in (doing, gone):
            if not task.cancel():
                # Whether it failed is of no interest any more.
                task.exception()


async def _hung_up(request: Request) -> None:
    try:
        await request.body()
    except ClientDisconnect:
        return
    except RuntimeError:
        pass  # The body was read as a stream before.
    while (await request.receive())["type"] != "http.disconnect":
        pass
