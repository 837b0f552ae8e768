"""Versions: the IRIs of versions of the ontology, which are other names of it."""

from __future__ import annotations

import pyoxigraph as ox

from trilateral.home import Home
from trilateral.prefixes import prefixes

_VERSIONS = {prefixes()["owl"] + name for name in ("versionIRI", "priorVersion")}


def read_versions(home: Home) -> dict[str, str]:
    """Return the paths of what versions are of, by those of the versions.

    >>> from trilateral.home import find_home
    >>> set(read_versions(find_home()).values())
    {'ontology'}
    """
    base = prefixes().base
    return {
        triple.object.value.removeprefix(base): triple.subject.value.removeprefix(base)
        for path in sorted(home.ontology.rglob("*.ttl"))
        for triple in ox.parse(path=path, format=ox.RdfFormat.TURTLE)
        if triple.predicate.value in _VERSIONS and triple.object.value.startswith(base)
    }
