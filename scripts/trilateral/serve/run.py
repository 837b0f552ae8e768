"""Run: the server as a process: it listens, reloads on SIGHUP and drains on SIGTERM."""

from __future__ import annotations

import asyncio
import logging
import os
import resource
import signal
import socket
import sys
from argparse import Namespace
from collections.abc import Sequence
from types import FrameType

import uvicorn
import uvloop
from starlette.types import ASGIApp

from trilateral.errors import TrilateralError
from trilateral.serve.site import Site
from trilateral.serve.watch import seen, watch
from trilateral.serve.web.connection import Repeats, Take, connections
from trilateral.serve.web.log import Log
from trilateral.serve.workers.limits import Limits
from trilateral.serve.workers.pool import NotServedError

if sys.platform != "linux":
    raise TrilateralError("trilateral serve needs Linux.", "Run it in a Linux machine or WSL.")


class _Server(uvicorn.Server):
    """Says where it serves, and ends with status 0 when it was told to end."""

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started and sockets:
            host, port = sockets[0].getsockname()[:2]
            place = f"[{host}]" if ":" in host else host
            print(f"trilateral: serving at http://{place}:{port}/", flush=True)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        # Not noted as uvicorn does, which would raise the signal again once all is drained.
        self.force_exit = self.should_exit and sig == signal.SIGINT
        self.should_exit = True


def serve(options: Namespace) -> int:
    """Serve a dataset until the process is told to end; 0 when it was.

    Raises:
        TrilateralError: when the data cannot be served or the address not listened at.
    """
    limits = Limits(
        seconds=options.seconds,
        memory=options.memory,
        output=options.output,
        workers=options.workers,
        queue=options.queue,
        budget=options.budget,
    )
    log = Log(options.log_format, options.log_requests)
    # One for each connection, and some for workers and files.
    wanted, (soft, hard) = 2 * limits.connections, resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(wanted, hard), hard))
    # What uvicorn tells is told by the log already, without requests.
    logging.getLogger("uvicorn.error").setLevel(logging.CRITICAL)
    # Until the data are read, there is nothing to read again.
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    site = Site(
        limits, options.data, options.build, log, options.issues or "", past=options.history
    )
    listening = _listen(options.host, options.port)
    with listening:
        return uvloop.run(_serve(site, listening, options))


async def _serve(site: Site, listening: socket.socket, options: Namespace) -> int:
    folder = site.build or site.home.data
    before = seen(folder) if options.watch else {}
    # While the engine reads the data, all parts are imported.
    opening = asyncio.ensure_future(site.open())
    await asyncio.sleep(0)
    app, repeats, takes = _app(site)
    await opening
    server = _Server(
        uvicorn.Config(
            app,
            http=connections(options.trusted_proxy, repeats, takes),
            ws="none",
            log_config=None,
            access_log=False,
            server_header=False,
            # Who is to be believed is said by an option, never by the environment.
            proxy_headers=bool(options.trusted_proxy),
            forwarded_allow_ips=options.trusted_proxy,
            workers=1,
            limit_concurrency=site.limits.connections,
            # Long enough for a query that waits for a worker first.
            timeout_graceful_shutdown=int(2 * site.limits.seconds + 5),
            reset_contextvars=True,
        )
    )
    broken: list[TrilateralError] = []

    def give_up(error: TrilateralError) -> None:
        broken.append(error)
        server.should_exit = True

    site.on_broken = give_up
    tasks: set[asyncio.Task[None]] = set()

    def reload() -> None:
        task = asyncio.ensure_future(_reload(site))
        tasks.add(task)
        task.add_done_callback(tasks.discard)

    asyncio.get_running_loop().add_signal_handler(signal.SIGHUP, reload)
    if options.watch:
        tasks.add(asyncio.ensure_future(watch(folder, before, reload)))
    await server.serve(sockets=[listening])
    for task in tasks:
        task.cancel()
    if broken:
        raise NotServedError("The engine of the server ended and could not be started again.")
    return 0


def _app(site: Site) -> tuple[ASGIApp, Repeats, Sequence[Take]]:
    from trilateral.serve.app import make_app

    return make_app(site)


async def _reload(site: Site) -> None:
    before = site.version
    try:
        await site.reload()
    except TrilateralError as error:
        site.metrics.reloads.labels("failed").inc()
        site.log.tell("reload-failed", f"The data are served as they were. {error}", "error")
        return
    site.metrics.reloads.labels("done").inc()
    changed = "changed" if site.version != before else "the same"
    site.log.tell(
        "reloaded", f"The data were read again; they are {changed}.", quads=site.engine.quads
    )


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        listening = socket.create_server(
            (host, port), family=family, backlog=512, dualstack_ipv6=host == "::"
        )
        # Connections inherit it. Without it the end of an answer waits for the client to
        # acknowledge its beginning, 40 ms; asyncio sets it on sockets of its own making alone.
        listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return listening
    except OSError as error:
        raise NotServedError(
            f"{host}:{port}: the server cannot listen there: {_reason(error)}.",
            "Name another --host or --port; --port 0 takes any that is free.",
        ) from None


def _reason(error: OSError) -> str:
    resolving = isinstance(error, socket.gaierror)
    return os.strerror(error.errno) if error.errno and not resolving else str(error.strerror)
