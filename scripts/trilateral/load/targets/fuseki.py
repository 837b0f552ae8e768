"""Fuseki: a dataset of Apache Jena Fuseki, of which one update is one transaction.

So it is with TDB2 and with transactional memory, the datasets that its commands make. A body of
N-Quads is one too, but where the connection breaks off at the end of a line, Fuseki 5.6.0 takes
what it has for all of it; an update without its end is refused.
"""

from __future__ import annotations

from trilateral.load.targets.target import OneUpdate, Target


class _Fuseki(OneUpdate):
    name = "fuseki"
    update = "/update"
    union = "it is not, unless configured (tdb2:unionDefaultGraph)"


def fuseki(url: str) -> Target:
    """Return the dataset at an address such as ``http://127.0.0.1:3030/ds``."""
    return _Fuseki(url, f"{url}/query")
