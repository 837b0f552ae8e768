"""Processes: those among which work is shared out, as many as there are processors."""

from __future__ import annotations

import gc
import multiprocessing
import os
import signal
from collections.abc import Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from multiprocessing import connection
from threading import Thread

from trilateral.errors import TrilateralError

_INTERRUPTS = (signal.SIGINT, signal.SIGTERM)


@contextmanager
def processes(number: int = 0) -> Iterator[Executor]:
    """Yield processes that have what this one has, and end with the block.

    What they are at is brought to its end also when it is left by an error; what waits is not
    begun. Not a `multiprocessing.Pool`, of which a thread looks for news without a pause while
    there are answers to be read, and which waits for ever for a process that was killed.

    Args:
        number: How many; 0 for one for each processor.

    Raises:
        TrilateralError: when one of them was ended by the system.
    """
    others = ProcessPoolExecutor(
        number or len(os.sched_getaffinity(0)),
        multiprocessing.get_context("fork"),
        _begin,
    )
    try:
        with _undisturbed():
            others.submit(int).result()
        yield others
    except BrokenProcessPool:
        raise TrilateralError(
            "A process that writes the site was ended from outside.",
            "Look whether there is memory for it: a gigabyte for each processor is enough.",
        ) from None
    finally:
        others.shutdown(cancel_futures=True)


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Have a signal wait while processes are begun.

    An error raised between their beginning and that of the thread which ends them would leave
    them to be waited for without end, and one raised in what Python does at a fork is lost.
    """
    before = signal.pthread_sigmask(signal.SIG_BLOCK, _INTERRUPTS)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _begin() -> None:
    """Leave interrupts to the process that waits for this one, and end when it is killed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, _INTERRUPTS)
    # What is there now stays. Of what comes, what refers to itself is looked for seldom: to look
    # as often as usual takes a tenth of the time, and never to look three times the memory.
    gc.freeze()
    gc.set_threshold(100_000, 50, 100)
    gc.enable()
    Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    assert parent is not None
    connection.wait([parent.sentinel])
    os._exit(1)
