"""Refusals: the errors of a release that is not written, and of one that is not what it says."""

from __future__ import annotations

from trilateral.errors import TrilateralError


class RefusedError(TrilateralError):
    """A release must not be written; nothing was."""

    status = 1


class VerificationError(TrilateralError):
    """A release is not what it says; the message names the first file that differs."""

    status = 1
