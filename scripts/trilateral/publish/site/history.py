"""History: the pages of what each version changed, put into a site that leads to them.

``trilateral publish history`` has written them. A site holds one version of the data and knows
nothing of others; which things have such a page, ``history.json`` tells.
"""

from __future__ import annotations

import json
from pathlib import Path

from trilateral.publish.history.series import page_of
from trilateral.publish.release.refusals import RefusedError

FOLDER = "history"
_INDEX, _LIST = "index.html", "history.json"


def read_history(folder: Path) -> tuple[dict[str, Path], dict[str, str]]:
    """Return the files of a history by their names in a site, and the path of each page.

    The pages by the IRIs of things, the index under "".

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
    files = {f"{FOLDER}/{path.relative_to(folder).as_posix()}": path for path in found}
    for name in (_INDEX, *pages.values()):
        if f"{FOLDER}/{name}" not in files:
            raise RefusedError(
                f"{folder / name}: this page is missing.", "Write the history again."
            )
    named = {"": f"/{FOLDER}/", **{iri: f"/{FOLDER}/{page}" for iri, page in pages.items()}}
    return files, named
