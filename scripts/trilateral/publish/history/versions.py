"""Versions: one version of the dataset read from a release or a file, and verified first."""

from __future__ import annotations

import gzip
import json
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from trilateral.build.assemble import canonical_nquads
from trilateral.prefixes import prefixes
from trilateral.publish.release import digests
from trilateral.publish.release.refusals import RefusedError, VerificationError

if TYPE_CHECKING:
    import pyoxigraph as ox

_DATASET, _MANIFEST = "dataset.nq.gz", "manifest.json"
_AGAIN = "Fetch the release again from its publisher."


@dataclass(frozen=True)
class Version:
    """One version: its name, its quads and their canonical hash; ``day`` is that of a release."""

    name: str
    day: str
    rdfc10_sha256: str
    quads: frozenset[ox.Quad]

    @property
    def iri(self) -> str:
        """The IRI of a release, under which it never changes; "" of a file."""
        return version_iri(self.day) if self.day else ""


def version_iri(day: str) -> str:
    """Return the IRI of the release of a day.

    >>> version_iri("2026-11-30")
    'https://w3id.org/trilateral/version/2026-11-30/'
    """
    return f"{prefixes().base}version/{day}/"


def read_version(path: Path) -> Version:
    """Return the version that a release holds, or a dataset file (``.nq`` or ``.nq.gz``).

    What is read of a release is verified before: digests of manifest and dataset, and the
    canonical hash of the dataset. A file has nothing to be held against.

    Raises:
        VerificationError: naming the file of a release that is not what the release says.
        RefusedError: for what is neither, or holds no N-Quads, or things without a name.
    """
    if path.is_dir():
        return _read_release(path)
    if not path.name.endswith((".nq", ".nq.gz")):
        raise RefusedError(
            f"{path}: this is neither a release nor a dataset in N-Quads.",
            "Name the folder of a release, or a file such as dataset.nq or dataset.nq.gz.",
        )
    try:
        data = path.read_bytes()
        if path.name.endswith(".gz"):
            data = gzip.decompress(data)
    except (OSError, EOFError, zlib.error) as error:
        raise RefusedError(f"{path}: this cannot be read: {error}.", "Restore the file.") from None
    return _parse(path, data, path.name.removesuffix(".gz").removesuffix(".nq"), "")


def _read_release(folder: Path) -> Version:
    sums = _sums(folder)
    manifest = _manifest(folder, _verified(folder, _MANIFEST, sums))
    data = _verified(folder, _DATASET, sums)
    try:
        version = _parse(folder / _DATASET, gzip.decompress(data), *[str(manifest["version"])] * 2)
    except (OSError, EOFError, zlib.error) as error:
        raise VerificationError(
            f"{folder / _DATASET}: it cannot be read: {error}.", _AGAIN
        ) from None
    if version.rdfc10_sha256 != manifest["rdfc10_sha256"]:
        raise VerificationError(
            f"{folder / _DATASET}: what it says has another canonical hash than {_MANIFEST} tells.",
            _AGAIN,
        )
    return version


def _sums(folder: Path) -> dict[str, str]:
    path = folder / digests.SUMS
    try:
        return digests.read_sums(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise VerificationError(
            f"{path}: this cannot be read: {error}.", "Name the folder of one release."
        ) from None


def _verified(folder: Path, name: str, sums: dict[str, str]) -> bytes:
    path = folder / name
    try:
        data = path.read_bytes()
    except OSError as error:
        raise VerificationError(f"{path}: it cannot be read: {error.strerror}.", _AGAIN) from None
    if sums.get(name) != digests.sha256(data):
        raise VerificationError(f"{path}: it is not the file that {digests.SUMS} tells of.", _AGAIN)
    return data


def _manifest(folder: Path, data: bytes) -> dict[str, Any]:
    try:
        manifest: dict[str, Any] = json.loads(data)
        manifest["version"], manifest["rdfc10_sha256"]
    except (ValueError, KeyError, TypeError) as error:
        raise VerificationError(
            f"{folder / _MANIFEST}: this is no manifest of a release: {error!r}.", _AGAIN
        ) from None
    return manifest


def _parse(path: Path, data: bytes, name: str, day: str) -> Version:
    import pyoxigraph

    try:
        quads = frozenset(pyoxigraph.parse(data, format=pyoxigraph.RdfFormat.N_QUADS))
    except SyntaxError as error:
        raise RefusedError(
            f"{path}: line {error.lineno}: this is no N-Quads: {error.msg}.", "Restore the file."
        ) from None
    for quad in quads:
        if any(isinstance(term, pyoxigraph.BlankNode) for term in quad):
            raise RefusedError(
                f"{path}: it says something of a node without a name, which nobody can find "
                f"again in another version: {quad}",
                "Name the node by an IRI.",
            )
    return Version(name, day, digests.sha256(canonical_nquads(quads)), quads)
