"""Libraries: what ``trilateral[publish]`` brings and the base installation does not have."""

from __future__ import annotations

from importlib.util import find_spec

from trilateral.publish.release.refusals import RefusedError

_NAMES = ("apsw", "build", "hatchling", "packaging", "pyarrow")


def check_libraries() -> None:
    """Check that everything is installed that makes or reads a release.

    Raises:
        RefusedError: naming what is missing and how to install it.
    """
    missing = [name for name in _NAMES if find_spec(name) is None]
    if missing:
        raise RefusedError(
            f"A release needs {', '.join(missing)}, which the base installation does not have.",
            "Run: pip install 'trilateral[publish]'",
        )
