"""Stores that have not been tried, as their documentation has them: one update each.

Stardog and Amazon Neptune make an update with all of its operations one
transaction, as they say. QLever means to, and does not promise it, so that it is taken for a
store in which a failure may leave a part.
"""

from __future__ import annotations

from trilateral.load.targets.target import OneUpdate, Target


class _Stardog(OneUpdate):
    name = "stardog"
    update = "/update"
    union = "it is not, unless configured (query.all.graphs)"


class _Neptune(OneUpdate):
    name = "neptune"
    update = ""
    # The longest request that it takes.
    limit = 150 << 20
    form = True
    union = "it is"


class _QLever(OneUpdate):
    name = "qlever"
    update = ""
    whole = in_parts = False
    how = "in one update"
    union = "it is"


def stardog(url: str) -> Target:
    """Return the database at an address such as ``http://HOST:5820/DATABASE``."""
    return _Stardog(url, f"{url}/query")


def neptune(url: str) -> Target:
    """Return the cluster at an address such as ``https://HOST:8182/sparql``."""
    return _Neptune(url, url)


def qlever(url: str) -> Target:
    """Return the server at an address such as ``http://HOST:7001``, which wants its token."""
    return _QLever(url, url)
