"""Run: the server as a process: it listens, reloads on SIGHUP and drains on SIGTERM."""

from __future__ import annotations

import socket
import sys
from argparse import Namespace

import uvicorn

from trilateral.errors import TrilateralError
from trilateral.serve.app import make_app
from trilateral.serve.limits import Limits
from trilateral.serve.site import Site


class _Server(uvicorn.Server):
    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started and sockets:
            host, port = sockets[0].getsockname()[:2]
            place = f"[{host}]" if ":" in host else host
            print(f"trilateral: serving at http://{place}:{port}/", flush=True)


def serve(options: Namespace) -> int:
    """Serve a dataset until the process is told to end; 0 when it was.

    Raises:
        TrilateralError: when the address cannot be listened at.
    """
    site = Site(Limits(seconds=options.seconds), options.data, options.build)
    config = uvicorn.Config(
        make_app(site),
        http="httptools",
        log_level="warning",
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=15,
    )
    try:
        listening = socket.create_server((options.host, options.port), backlog=512)
    except OSError as error:
        raise TrilateralError(
            f"{options.host}:{options.port}: the server cannot listen there: {error.strerror}.",
            "Name another --host or --port; --port 0 takes any that is free.",
        ) from None
    server = _Server(config)
    server.run(sockets=[listening])
    return 0 if server.started else 1


if sys.platform == "win32":
    raise TrilateralError("trilateral serve needs Linux.", "Run it in a Linux machine or WSL.")
