"""Metadata: what ``CITATION.cff`` beside the data says of them, which a release must have."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from trilateral.publish.release.refusals import RefusedError

NAME = "CITATION.cff"
# Those of the Citation File Format, and what a reader of a dataset needs besides.
_REQUIRED = (
    "cff-version", "message", "title", "authors",
    "abstract", "keywords", "license", "type", "url", "version",
)  # fmt: skip


def read_metadata(folder: Path) -> dict[str, Any]:
    """Return the citation of the data in a folder.

    Raises:
        RefusedError: naming the file and each field that it lacks.

    >>> from trilateral.home import find_home
    >>> read_metadata(find_home().root)["license"]
    'CC-BY-4.0'
    """
    import yaml

    path = folder / NAME
    try:
        found = yaml.safe_load(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise RefusedError(
            f"{path}: there is no such file, so that nobody could cite the release.",
            f"Write one with: {', '.join(_REQUIRED)}.",
        ) from None
    except (UnicodeDecodeError, yaml.YAMLError) as error:
        problem = str(error).replace("\n", " ")
        raise RefusedError(f"{path}: this is no YAML in UTF-8: {problem}", "Correct it.") from None
    if not isinstance(found, dict):
        raise RefusedError(f"{path}: this is no mapping of fields.", "Correct it.")
    missing = [name for name in _REQUIRED if not found.get(name)]
    if missing:
        raise RefusedError(f"{path}: no {', no '.join(missing)}.", "Give each of them a value.")
    return found


def write_metadata(found: dict[str, Any], version: str) -> bytes:
    """Return the citation of one release, whose day is its version."""
    import yaml

    told = {**found, "date-released": version}
    text: str = yaml.safe_dump(told, allow_unicode=True, sort_keys=False, width=1000)
    return text.encode()
