"""Worker: a process that answers one job after another from the store it was forked with.

It opens nothing: no file and no connection, whatever a query asks for. What takes too
long ends it (an interval timer), what takes too much memory too (an address space limit);
the engine then forks another. Where it cannot be relied on after a job it ends by itself,
before it begins another.
"""

from __future__ import annotations

import gc
import os
import resource
import signal
import socket
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, NoReturn

import pyoxigraph as ox

from trilateral.prefixes import prefixes
from trilateral.serve.workers import wire
from trilateral.serve.workers.jobs import JOBS
from trilateral.serve.workers.writing import Output, RefusedError, TooLongError

_GROWTH = 64 << 20


def work(
    store: ox.Store, stream: socket.socket, box: socket.socket, limits: dict[str, Any]
) -> NoReturn:
    """Answer jobs until the server hangs up, and end the process."""
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    gc.freeze()
    prefixes()  # read once, as nothing can be read later
    pages = int(Path("/proc/self/statm").read_text().split()[0])
    room = pages * resource.getpagesize() + int(limits["memory"])
    resource.setrlimit(resource.RLIMIT_AS, (room, room))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (0, 0))
    small = _peak()
    for job in _jobs(box, stream):
        ends = False
        signal.setitimer(signal.ITIMER_REAL, job["seconds"])
        output = Output(stream, job.get("output", limits["output"]))
        try:
            JOBS[job["does"]](store, job, output)
            # Memory is not given back to the system: one that has grown is replaced.
            ends = _peak() - small > _GROWTH
            last = output.take() + wire.frame(wire.END, wire.GROWN if ends else b"")
        except TooLongError:
            last = _failure("too-long", "The answer is longer than an answer may be here.")
        except RefusedError as error:
            last = _failure(*error.args)
        except (MemoryError, RecursionError):
            ends, last = True, _failure("memory", "The query takes more memory than it may here.")
        except SyntaxError as error:
            last = _failure("syntax", str(error))
        except (ValueError, OSError, RuntimeError) as error:
            last = _failure("failed", str(error))
        except Exception as error:
            # A mistake of ours: told as such.
            ends, last = True, _failure("internal", type(error).__name__)
        except BaseException as error:
            # A panic of the store, after which nothing in this process can be relied on.
            _send(stream, _failure("internal", type(error).__name__))
            os._exit(2)
        signal.setitimer(signal.ITIMER_REAL, 0)
        _send(stream, last)
        if ends:
            break
    os._exit(0)


def _jobs(box: socket.socket, stream: socket.socket) -> Iterator[dict[str, Any]]:
    """Give the jobs that come, until the server hangs up."""

    def read(size: int) -> bytes:
        found = stream.recv(size, socket.MSG_WAITALL)
        if len(found) < size:
            raise ConnectionResetError
        return found

    with suppress(ConnectionError):
        while packet := box.recv(wire.PACKET):
            yield wire.unpack(packet, read)


def _send(stream: socket.socket, frame: bytes) -> None:
    """Send a frame; where the server has hung up, nobody waits for this worker."""
    try:
        stream.sendall(frame)
    except OSError:
        os._exit(0)


def _peak() -> int:
    """Return the bytes of memory that this process has had at most."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def _failure(kind: str, message: str) -> bytes:
    return wire.json_frame(wire.FAILURE, {"kind": kind, "message": message})
