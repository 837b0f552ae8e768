"""Folders of the user that are not the dataset's."""

from __future__ import annotations

import os
from pathlib import Path


def cache_folder(part: str) -> Path:
    """Return ``trilateral/PART`` in the cache folder of the user (XDG base directories).

    >>> cache_folder("check").parts[-2:]
    ('trilateral', 'check')
    """
    named = os.environ.get("XDG_CACHE_HOME", "")
    # The specification has relative paths ignored.
    base = Path(named) if Path(named).is_absolute() else Path.home() / ".cache"
    return base / "trilateral" / part
