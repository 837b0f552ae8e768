"""Citation: what ``CITATION.cff`` beside the data says of them, which a release must have."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from trilateral.licences import SPDX
from trilateral.publish.release.refusals import RefusedError

NAME = "CITATION.cff"
# What the hash of a release is of, in the words of each format that has a place for them.
CANONICAL_HASH = "SHA-256 of the canonical N-Quads (RDFC-1.0)"
# Those of the Citation File Format, and what a reader of a dataset needs besides.
_REQUIRED = (
    "cff-version", "message", "title", "authors",
    "abstract", "keywords", "license", "type", "url", "version",
)  # fmt: skip


@dataclass(frozen=True)
class Author:
    """Who made the data: a person, who has a family name, or a body; ORCID as its address."""

    name: str
    family: str = ""
    given: str = ""
    orcid: str = ""


def read_citation(folder: Path) -> dict[str, Any]:
    """Return the citation of the data in a folder.

    Raises:
        RefusedError: naming the file and each field that it lacks.

    >>> from trilateral.home import find_home
    >>> read_citation(find_home().root)["license"]
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
    if "authors" not in missing:
        authors = read_authors(found)
        missing += [f"authors[{at}].name" for at, each in enumerate(authors) if not each.name]
    if missing:
        raise RefusedError(f"{path}: no {', no '.join(missing)}.", "Give each of them a value.")
    return found


def find_licence(citation: dict[str, Any], folder: Path) -> str:
    """Return the licence that the citation in a folder names, by its identifier at SPDX.

    Raises:
        RefusedError: for a licence that has no address, since SPDX does not know it.
    """
    from packaging.licenses import InvalidLicenseExpression, canonicalize_license_expression

    told = str(citation["license"])
    try:
        found: str = canonicalize_license_expression(told)
    except InvalidLicenseExpression:
        found = ""
    if not found or " " in found or found.startswith("LicenseRef-"):
        raise RefusedError(
            f"{folder / NAME}: license: {told} is no single licence that SPDX knows.",
            f"Give its identifier, one of {SPDX}.",
        )
    return found


def read_authors(citation: dict[str, Any]) -> list[Author]:
    """Return the authors of a citation; one without any name has an empty one.

    >>> read_authors({"authors": [{"family-names": "Orr", "given-names": "Ada"}]})
    [Author(name='Ada Orr', family='Orr', given='Ada', orcid='')]
    """
    found = []
    for each in citation["authors"]:
        told = each if isinstance(each, dict) else {}
        family, given = (str(told.get(f"{kind}-names") or "") for kind in ("family", "given"))
        if told.get("name-particle"):
            family = f"{told['name-particle']} {family}"
        name = str(told.get("name") or f"{given} {family}".strip())
        found.append(Author(name, family, given, str(told.get("orcid") or "")))
    return found


def publisher_of(authors: Sequence[Author]) -> Author:
    """Return who gives the data out: the first author that is a body, or else the first.

    Who makes the data gives them out, as the citation names no other body.
    """
    return next((each for each in authors if not each.family), authors[0])


def write_citation(found: dict[str, Any], version: str, iri: str, rdfc10_sha256: str) -> bytes:
    """Return the citation of one release, whose day is its version: it, and no other, is cited.

    What the citation of the project identifies stays beside the release's own identifiers.
    """
    import yaml

    told = {
        **found,
        "version": version,
        "date-released": version,
        "url": iri,
        "identifiers": [
            *found.get("identifiers", []),
            _identifier("url", iri, "This release, which never changes."),
            _identifier("url", str(found["url"]), "The dataset, of which this is a version."),
            _identifier("other", rdfc10_sha256, f"{CANONICAL_HASH} of this release."),
        ],
    }
    text: str = yaml.safe_dump(told, allow_unicode=True, sort_keys=False, width=1000)
    return text.encode()


def _identifier(kind: str, value: str, description: str) -> dict[str, str]:
    return {"type": kind, "value": value, "description": description}
