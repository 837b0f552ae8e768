"""Work: what one of several processes does, with what the one before the fork has (`begun`)."""

from __future__ import annotations

import errno
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, NamedTuple

from trilateral.publish.site.asked import Asked
from trilateral.publish.site.kept import Answered
from trilateral.publish.site.maker import Maker, Task

_maker: Maker | None = None
# Where each process writes down what it has made, as lines (`kept.Block`).
_notebook: int | None = None


# What asks about the things of kinds.
_asked: Asked | None = None


@contextmanager
def begun(maker: Maker, asked: Asked | None) -> Iterator[IO[bytes]]:
    """Have processes that are begun from here on do tasks; yields what they write down."""
    global _maker, _asked, _notebook
    with tempfile.TemporaryFile() as notebook:
        _maker, _asked, _notebook = maker, asked, notebook.fileno()
        try:
            yield notebook
        finally:
            _maker = _asked = _notebook = None


class Pages(NamedTuple):
    """Pages with parameters that were ``found`` in what was made, or were ``done`` with it."""

    found: set[str]
    done: set[str]


def do(tasks: list[Task], doubts: dict[Task, list[Answered]]) -> tuple[Pages, list[Task]]:
    """Do tasks, but those of which all doubts are answered as before; returns these too."""
    assert _maker is not None and _notebook is not None
    ask = _maker.engine.ask_again
    same = [task for task, asked in doubts.items() if all(ask(key) == was for key, was in asked)]
    block = _maker.do([task for task in tasks if task not in same])
    _maker.engine.forget()
    # Nothing of which all is the same.
    line = block.line() if block.units else b""
    # The processes share the place at which the next is written.
    if os.write(_notebook, line) < len(line):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), tempfile.gettempdir())
    units = block.units.values()
    pages = Pages(
        {url for each in units for url in each.found}, {url for each in units for url in each.done}
    )
    return pages, same


def things_told_otherwise(kind: str) -> set[str]:
    """Return the things of a kind of which the pages are others."""
    assert _asked is not None
    return _asked.things(kind)
