"""Refusals: the error of a release that is not written, whatever the reason."""

from __future__ import annotations

from trilateral.errors import TrilateralError


class RefusedError(TrilateralError):
    """A release must not be written; nothing was."""

    status = 1
