"""The errors that end a command: what happened, where, and how to repair it."""

from __future__ import annotations


class TrilateralError(Exception):
    """A command cannot go on. Exit status 2 unless a subclass says otherwise.

    >>> print(TrilateralError("no such question: who", "Try: trilateral ask"))
    no such question: who
    Try: trilateral ask
    """

    status = 2

    def __init__(self, message: str, repair: str = "") -> None:
        super().__init__("\n".join(part for part in (message, repair) if part))
        self.message = message
        self.repair = repair


class UnknownNameError(TrilateralError):
    """A question, parameter, document or value that does not exist."""


class SourceTextError(TrilateralError):
    """A frozen text is missing, unreadable or not the one that was coded."""

    status = 1


class InvalidDatasetError(TrilateralError):
    """The dataset has findings, so nothing was written."""

    status = 1
