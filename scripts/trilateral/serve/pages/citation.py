"""Citation: how the dataset is cited, from the facts of ``CITATION.cff``."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

from trilateral.home import find_home


@dataclass(frozen=True)
class Citation:
    """The facts of a citation; a licence is named as SPDX names it."""

    title: str
    authors: str
    version: str
    released: str
    licence: str
    url: str

    @property
    def year(self) -> str:
        """The year of the release."""
        return self.released[:4]

    def text(self, data: str) -> str:
        """Return the citation as a sentence; ``data`` is the digest that tells builds apart."""
        return (
            f"{self.authors} ({self.year}). {self.title}. Version {self.version}, data {data}. "
            f"{self.url}"
        )

    def bibtex(self, data: str) -> str:
        """Return the citation as an entry of BibTeX."""
        return (
            f"@misc{{trilateral-{self.version},\n"
            f"  author = {{{{{self.authors}}}}},\n"
            f"  title = {{{self.title}}},\n"
            f"  year = {{{self.year}}},\n"
            f"  version = {{{self.version}}},\n"
            f"  note = {{Data {data}, {self.licence}}},\n"
            f"  url = {{{self.url}}}\n}}"
        )


def read_citation() -> Citation:
    """Return how the dataset of this package is cited.

    >>> read_citation().url
    'https://w3id.org/trilateral/'
    """
    return _read(find_home().root / "CITATION.cff")


@cache
def _read(path: Path) -> Citation:
    facts = yaml.safe_load(path.read_text(encoding="utf-8"))
    return Citation(
        title=facts["title"],
        authors=", ".join(each["name"] for each in facts["authors"]),
        version=str(facts["version"]),
        released=str(facts["date-released"]),
        licence=facts["license"],
        url=facts["url"],
    )
