"""Source: the store that is served, from the Turtle of a dataset or from a build of it."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import TYPE_CHECKING

from trilateral import dataset
from trilateral.coding import agreement
from trilateral.errors import TrilateralError
from trilateral.home import Home, find_home
from trilateral.prefixes import prefixes

if TYPE_CHECKING:
    import pyoxigraph as ox


def load(data: Path | None, build: Path | None) -> tuple[ox.Store, str]:
    """Return a store in memory and the version of what it holds, a hexadecimal digest.

    The same graphs as a build has: one for each file, and one with the agreement figures.

    Raises:
        TrilateralError: when there is no such build, or the dataset cannot be read.
    """
    return _from_build(build) if build else _from_turtle(data)


def _from_turtle(data: Path | None) -> tuple[ox.Store, str]:
    import pyoxigraph

    home = find_home(data)
    store = dataset.load(home)
    graph = pyoxigraph.NamedNode(prefixes()["graph"] + "agreement")
    store.extend(
        pyoxigraph.Quad(t.subject, t.predicate, t.object, graph) for t in agreement.triples(store)
    )
    return store, version_of(home)


def version_of(home: Home) -> str:
    """Return the version of the data of a home, which `load` returns with them.

    The same wherever the folders lie.

    Raises:
        OSError: when a file cannot be read.
    """
    digest = hashlib.sha256()
    for path in sorted(home.turtle_files(), key=home.name):
        digest.update(f"{home.name(path)}\0".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _from_build(build: Path) -> tuple[ox.Store, str]:
    import pyoxigraph

    try:
        manifest = json.loads((build / "manifest.json").read_bytes())
        version = str(manifest["rdfc10_sha256"])
        digests = {name: str(told["sha256"]) for name, told in manifest["files"].items()}
        quads = _checked(build / "dataset.nq", digests.pop("dataset.nq"))
        for name, digest in digests.items():
            _checked(build / name, digest)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise TrilateralError(
            f"{build}: this is not the output of a build: {error}.",
            "Make one with: trilateral build --out DIR",
        ) from None
    store = pyoxigraph.Store()
    try:
        # Not by bulk_load, whose threads leave a store in memory in which the same queries take a
        # sixth longer at a hundred thousand quads, and two thirds at a million.
        store.load(quads, pyoxigraph.RdfFormat.N_QUADS)
    except SyntaxError as error:
        raise TrilateralError(
            f"{build / 'dataset.nq'}:{error.lineno}: this is no N-Quads: {error.msg}",
            "Build again.",
        ) from None
    return store, version


def _checked(path: Path, digest: str) -> bytes:
    """Return the bytes of a file of a build, which has to have the digest of its manifest."""
    data = path.read_bytes()
    if hashlib.sha256(data).hexdigest() != digest:
        raise TrilateralError(
            f"{path}: the file is not the one that manifest.json tells of.", "Build again."
        )
    return data
