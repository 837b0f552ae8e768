"""Engine: the process that holds the store and forks the workers that answer from it.

Run by the server as ``python -m trilateral.serve.engine FD OPTIONS``. On the control
socket it tells that it is ready and hands over one end of each worker's socket; the server
asks it to end a worker, or to let one run behind the others. It has one thread, so that
forking is safe, and ends when the server does.
"""

from __future__ import annotations

import contextlib
import gc
import json
import os
import selectors
import signal
import socket
import sys
from pathlib import Path
from typing import Any

from trilateral.errors import TrilateralError
from trilateral.serve import source
from trilateral.serve.worker import work

_BEHIND = 15


def main() -> None:
    """Load the store, fork the workers, and keep their number until the server hangs up."""
    control = socket.socket(fileno=int(sys.argv[1]))
    options = json.loads(sys.argv[2])
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        store, version = source.load(
            Path(options["data"]) if options["data"] else None,
            Path(options["build"]) if options["build"] else None,
        )
    except (TrilateralError, OSError, MemoryError) as error:
        _tell(control, {"failed": str(error) or type(error).__name__})
        sys.exit(1)
    gc.collect()
    _tell(control, {"ready": version, "quads": len(store)})
    _Engine(control, store, options["limits"]).run()


class _Engine:
    def __init__(self, control: socket.socket, store: Any, limits: dict[str, Any]) -> None:
        self.control, self.store, self.limits = control, store, limits
        self.workers: set[int] = set()
        self.woken, wake = socket.socketpair()
        self.wake = wake
        self.woken.setblocking(False)
        wake.setblocking(False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.set_wakeup_fd(wake.fileno(), warn_on_full_buffer=False)

    def run(self) -> None:
        for _ in range(self.limits["workers"]):
            self.fork()
        selector = selectors.DefaultSelector()
        selector.register(self.control, selectors.EVENT_READ)
        selector.register(self.woken, selectors.EVENT_READ)
        while True:
            for key, _ in selector.select():
                if key.fileobj is self.woken:
                    with contextlib.suppress(BlockingIOError):
                        self.woken.recv(4096)
                    self.reap()
                elif not self.obey():
                    self.end()
                    return

    def fork(self) -> None:
        ours, theirs = socket.socketpair()
        pid = os.fork()
        if pid == 0:
            signal.set_wakeup_fd(-1)
            for other in (self.control, self.woken, self.wake, theirs):
                other.close()
            try:
                work(self.store, ours, self.limits)
            finally:
                os._exit(1)
        ours.close()
        self.workers.add(pid)
        with contextlib.suppress(OSError):
            message = json.dumps({"worker": pid}).encode()
            socket.send_fds(self.control, [message], [theirs.fileno()])
        theirs.close()

    def reap(self) -> None:
        """Take note of workers that ended, and put others in their place."""
        for pid in list(self.workers):
            ended, status = os.waitpid(pid, os.WNOHANG)
            if ended:
                self.workers.discard(pid)
                _tell(self.control, {"ended": pid, "signal": os.WTERMSIG(status)})
                self.fork()

    def obey(self) -> bool:
        """Do what the server asks for; False when it has hung up."""
        try:
            message = self.control.recv(4096)
        except OSError:
            return False
        if not message:
            return False
        asked = json.loads(message)
        # Only a worker that is not yet reaped: its number cannot belong to another process.
        if asked.get("end") in self.workers:
            os.kill(asked["end"], signal.SIGKILL)
        if asked.get("behind") in self.workers:
            os.setpriority(os.PRIO_PROCESS, asked["behind"], _BEHIND)
        return True

    def end(self) -> None:
        for pid in self.workers:
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)


def _tell(control: socket.socket, what: dict[str, Any]) -> None:
    with contextlib.suppress(OSError):
        control.send(json.dumps(what).encode())


if __name__ == "__main__":
    main()
