"""What one mistake changes."""

from dataclasses import dataclass

import pyoxigraph as ox


@dataclass(frozen=True)
class Mistake:
    """What goes and what comes, and in a few words what it is."""

    what: str
    gone: frozenset[ox.Triple]
    new: frozenset[ox.Triple]
