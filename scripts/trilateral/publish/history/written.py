"""Written: the pages that ``trilateral publish history`` has written, for a site that has them.

A site holds one version of the data and knows nothing of others; which things have a page of
what each version changed, ``history.json`` tells.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from trilateral.publish.history.series import page_of
from trilateral.publish.manifest import MANIFEST
from trilateral.publish.release.refusals import RefusedError

FOLDER = "history"
_INDEX, _LIST = "index.html", "history.json"


@dataclass(frozen=True)
class History:
    """What versions changed, as pages; nothing, unless it was read.

    Attributes:
        files: By their paths in a site, without the first "/".
        pages: The path of the page of a thing, by its IRI, and under "" that of the index.
    """

    files: Mapping[str, Path] = field(default_factory=dict)
    pages: Mapping[str, str] = field(default_factory=dict)


def read_history(folder: Path) -> History:
    """Return what a folder has.

    Raises:
        RefusedError: when the folder holds no history, or not the page of a thing.
    """
    try:
        things = json.loads((folder / _LIST).read_bytes())["things"]
        pages = {iri: page_of(iri) for iri in things}
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise RefusedError(
            f"{folder}: this is no history of releases: {error}.",
            "Write one with: trilateral publish history RELEASES --out DIR",
        ) from None
    found = sorted(path for path in folder.rglob("*") if path.is_file())
    # The site has a manifest of its own.
    found = [path for path in found if path != folder / MANIFEST]
    files = {f"{FOLDER}/{path.relative_to(folder).as_posix()}": path for path in found}
    for name in (_INDEX, *pages.values()):
        if f"{FOLDER}/{name}" not in files:
            raise RefusedError(
                f"{folder / name}: this page is missing.", "Write the history again."
            )
    named = {"": f"/{FOLDER}/", **{iri: f"/{FOLDER}/{page}" for iri, page in pages.items()}}
    return History(files, named)
