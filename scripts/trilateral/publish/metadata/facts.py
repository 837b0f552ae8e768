"""Facts: the one table of what is told about a release, which every format takes its from.

From ``CITATION.cff`` and ``pyproject.toml``, the tables and their headers, the counts, and
the bytes of the files.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from trilateral import __version__
from trilateral.licences import licence_url
from trilateral.prefixes import prefixes
from trilateral.publish.history.versions import version_iri
from trilateral.publish.metadata.citation import Author, publisher_of, read_authors
from trilateral.publish.metadata.files import File, describe_files
from trilateral.publish.release.plan import Plan
from trilateral.publish.release.tables import Table


@dataclass(frozen=True)
class Facts:
    """What is known of a release.

    ``version`` is its day, ``previous`` that of the release before, empty where there is none;
    ``rdfc10_sha256`` the canonical hash of what it holds; ``url`` leads to all versions;
    ``model`` is the version of the package, ``licence`` an identifier of SPDX, ``doi`` and
    ``repository`` are empty where the citation names none. ``software`` is the project table of
    ``pyproject.toml``, empty where the release has no packages.
    """

    title: str
    abstract: str
    keywords: tuple[str, ...]
    licence: str
    url: str
    authors: tuple[Author, ...]
    doi: str
    repository: str
    version: str
    previous: str
    rdfc10_sha256: str
    model: str
    ontology: str
    files: tuple[File, ...]
    tables: tuple[Table, ...]
    counts: Mapping[str, Any]
    software: Mapping[str, Any]

    @property
    def iri(self) -> str:
        """The IRI of the release, under which it never changes: what is cited."""
        return version_iri(self.version)

    @property
    def rows(self) -> int:
        """The number of rows of all tables."""
        return sum(len(table.rows) for table in self.tables)

    @property
    def licence_url(self) -> str:
        """The address of the licence, the same in all formats."""
        return licence_url(self.licence)

    @property
    def publisher(self) -> Author:
        """Who gives the data out."""
        return publisher_of(self.authors)


def gather_facts(
    plan: Plan,
    files: Mapping[str, bytes],
    tables: Sequence[Table],
    counts: Mapping[str, Any],
    rdfc10_sha256: str,
) -> Facts:
    """Return the facts of a release of which all data files are made."""
    told = plan.metadata
    return Facts(
        title=str(told["title"]),
        abstract=str(told["abstract"]),
        keywords=tuple(map(str, told["keywords"])),
        licence=str(told["license"]),
        url=str(told["url"]),
        authors=tuple(read_authors(told)),
        doi=str(told.get("doi") or ""),
        repository=str(told.get("repository-code") or ""),
        version=plan.version,
        previous=plan.previous,
        rdfc10_sha256=rdfc10_sha256,
        model=__version__,
        ontology=f"{prefixes().base}ontology/{__version__}",
        files=describe_files(files, {table.name: table.summary for table in tables}),
        tables=tuple(tables),
        counts=counts,
        software=_software(plan) if plan.of_checkout else {},
    )


def _software(plan: Plan) -> dict[str, Any]:
    project: dict[str, Any] = tomllib.loads(
        (plan.home.root / "pyproject.toml").read_text(encoding="utf-8")
    )["project"]
    return project
