"""Blazegraph: a namespace that keeps quads, of which one update is one transaction.

An update of which the character set is not told, it takes for Latin-1, though SPARQL knows but
UTF-8.
"""

from __future__ import annotations

from trilateral.load.targets.target import OneUpdate, Target


class _Blazegraph(OneUpdate):
    name = "blazegraph"
    update = ""
    media_type = "application/sparql-update; charset=utf-8"
    union = "it is, where the namespace keeps quads"


def blazegraph(url: str) -> Target:
    """Return the namespace at ``http://HOST:9999/blazegraph/namespace/NAME/sparql``."""
    return _Blazegraph(url, url)
