"""Engine: the process that holds the store and forks the workers that answer from it.

Run by the server as ``python -m trilateral.serve.workers.engine FD OPTIONS``. On the control
socket it tells that it is ready, hands over the sockets of each worker, and tells how
workers ended; the server asks it to end a worker, or to let one run behind the others. It
has one thread, so that forking is safe, and ends when the server does.
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
import time
import traceback
from pathlib import Path
from typing import Any

from trilateral.errors import TrilateralError
from trilateral.serve.workers import source
from trilateral.serve.workers.worker import work

_BEHIND = 15
# The server alone decides when engine and workers end, so that it can drain.
_NOT_OURS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
# So many workers in a row that could not begin are no accident.
_STILLBORN = 5
_AGAIN = 0.5
_LONGEST = 20_000


def main() -> None:
    """Load the store, fork the workers, and keep their number until the server hangs up."""
    control = socket.socket(fileno=int(sys.argv[1]))
    options = json.loads(sys.argv[2])
    for number in _NOT_OURS:
        signal.signal(number, signal.SIG_IGN)
    try:
        store, version = source.load(
            Path(options["data"]) if options["data"] else None,
            Path(options["build"]) if options["build"] else None,
        )
    except (TrilateralError, OSError, MemoryError) as error:
        _tell(control, {"failed": (str(error) or type(error).__name__)[:_LONGEST]})
        sys.exit(1)
    gc.collect()
    _tell(control, {"ready": version, "quads": len(store)})
    _Engine(control, store, options["limits"]).run()


class _Engine:
    def __init__(self, control: socket.socket, store: Any, limits: dict[str, Any]) -> None:
        self.control, self.store, self.limits = control, store, limits
        self.workers: set[int] = set()
        self.stillborn = 0
        self.resting = 0.0
        self.woken, self.wake = socket.socketpair()
        self.woken.setblocking(False)
        self.wake.setblocking(False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.set_wakeup_fd(self.wake.fileno(), warn_on_full_buffer=False)
        self.selector = selectors.DefaultSelector()
        self.selector.register(self.control, selectors.EVENT_READ)
        self.selector.register(self.woken, selectors.EVENT_READ)

    def run(self) -> None:
        while True:
            wanting = self.fill()
            for key, _ in self.selector.select(_AGAIN if wanting else None):
                if key.fileobj is self.woken:
                    with contextlib.suppress(BlockingIOError):
                        self.woken.recv(4096)
                    self.reap()
                elif not self.obey():
                    self.end()
                    return
            if self.stillborn >= _STILLBORN:
                _tell(self.control, {"failed": "The workers of the server end when they begin."})
                self.end()
                sys.exit(1)

    def fill(self) -> bool:
        """Fork workers until there are enough; True when some are to be tried later."""
        if time.monotonic() < self.resting:
            return True
        while len(self.workers) < self.limits["workers"]:
            try:
                self.fork()
            except OSError:
                # Too many processes or too little memory: it may be better in a moment.
                self.resting = time.monotonic() + _AGAIN
                return True
        return False

    def fork(self) -> None:
        ours, theirs = socket.socketpair()
        box, slot = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with ours, theirs, box, slot:
            pid = os.fork()
            if pid == 0:
                self.become_worker(ours, box)
            self.workers.add(pid)
            with contextlib.suppress(OSError):
                message = json.dumps({"worker": pid}).encode()
                # The box too, so that the server can take out what the worker has not yet.
                handles = [each.fileno() for each in (theirs, slot, box)]
                socket.send_fds(self.control, [message], handles)

    def become_worker(self, stream: socket.socket, box: socket.socket) -> None:
        try:
            signal.set_wakeup_fd(-1)
            # What a worker does not have, no query can reach: only stream and box are left open.
            first, second = sorted((stream.fileno(), box.fileno()))
            os.closerange(3, first)
            os.closerange(first + 1, second)
            os.closerange(second + 1, os.sysconf("SC_OPEN_MAX"))
            # Where memory runs out, a worker has to go, not the server.
            with contextlib.suppress(OSError):
                Path("/proc/self/oom_score_adj").write_text("500")
            work(self.store, stream, box, self.limits)
        except BaseException:
            traceback.print_exc()
        finally:
            os._exit(1)

    def reap(self) -> None:
        """Take note of workers that ended, and tell how."""
        for pid in list(self.workers):
            ended, status = os.waitpid(pid, os.WNOHANG)
            if ended:
                self.workers.discard(pid)
                code = os.waitstatus_to_exitcode(status)
                self.stillborn = self.stillborn + 1 if code == 1 else 0
                _tell(self.control, {"ended": pid, "code": code})

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
        for pid in self.workers:
            os.waitpid(pid, 0)


def _tell(control: socket.socket, what: dict[str, Any]) -> None:
    with contextlib.suppress(OSError):
        control.send(json.dumps(what).encode())


if __name__ == "__main__":
    main()
