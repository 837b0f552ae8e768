"""Log: what happens, a line each on standard error, for people or as JSON for programs.

Nothing of a person stands in it: no address, no query, no parameter, no path as it was sent.
"""

from __future__ import annotations

import json
import sys
import traceback
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, TextIO


@dataclass(frozen=True)
class Log:
    """Where the server tells what happens.

    Attributes:
        form: ``text`` or ``json``.
        requests: Whether each request has a line; else only what an operator should know.
        stream: None for standard error.
    """

    form: str = "text"
    requests: bool = False
    stream: TextIO | None = None

    def tell(self, event: str, message: str = "", level: str = "info", **fields: Any) -> None:
        r"""Write one line; line breaks become spaces, what else is not printable is escaped.

        >>> Log(stream=sys.stdout).tell("reloaded", "Served\nanew.\x1b", quads=3)
        trilateral: Served anew.\x1b (quads 3)
        """
        if self.form == "json":
            now = datetime.now(UTC).isoformat(timespec="milliseconds")
            said = {"time": now, "level": level, "event": event}
            if message:
                said["message"] = message
            line = json.dumps({**said, **fields})
        else:
            more = ", ".join(f"{name} {value}" for name, value in fields.items())
            told = f"trilateral: {message or event}{f' ({more})' if more else ''}"
            line = _printable(" ".join(told.splitlines()))
        # A log that nobody can read is no reason to stop answering.
        with suppress(OSError, ValueError):
            print(line, file=self.stream or sys.stderr, flush=True)

    def mistake(self, error: BaseException, **fields: Any) -> None:
        """Tell of an error of the server: its type and where; its message may hold a query."""
        where = [
            f"{each.filename}:{each.lineno} {each.name}"
            for each in traceback.extract_tb(error.__traceback__)[-6:]
        ]
        name = type(error).__name__
        self.tell(
            "mistake", f"A mistake: {name}.", "error", where=" < ".join(where[::-1]), **fields
        )


def _printable(text: str) -> str:
    return "".join(
        each if each.isprintable() else f"\\x{ord(each):02x}" if ord(each) < 256 else "\ufffd"
        for each in text
    )
