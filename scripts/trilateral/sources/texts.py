"""The frozen texts: found in a folder, and accepted only with the checksum that was coded."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from trilateral import sparql
from trilateral.errors import SourceTextError, UnknownNameError

if TYPE_CHECKING:
    import pyoxigraph as ox


@dataclass(frozen=True)
class Document:
    """A document of the dataset, as the graph describes it. ``length`` is in code points."""

    iri: str
    label: str
    file: str
    length: int
    digest: str
    url: str

    @property
    def slug(self) -> str:
        """The last part of the IRI, by which a document is named on the command line."""
        return self.iri.rpartition("/")[2]


def digest(text: str) -> str:
    """Return the SHA-256 of a text in UTF-8, in hexadecimal.

    >>> digest("")[:12]
    'e3b0c44298fc'
    """
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def documents(store: ox.Store) -> list[Document]:
    """Return the documents of a dataset, sorted by IRI."""
    return [
        Document(iri, label, file, int(length), sha, url)
        for iri, label, file, length, sha, url in sparql.rows(store, __package__, "documents")
    ]


def document(store: ox.Store, slug: str) -> Document:
    """Return one document by its slug.

    Raises:
        UnknownNameError: with the slugs that exist.
    """
    known = documents(store)
    for candidate in known:
        if candidate.slug == slug:
            return candidate
    names = ", ".join(candidate.slug for candidate in known)
    raise UnknownNameError(f"{slug}: there is no such document.", f"The documents are: {names}.")


def read_text(folder: Path, wanted: Document) -> str:
    """Return the frozen text of a document from a folder.

    Raises:
        SourceTextError: when the file is missing, is not UTF-8, or is not the text that was coded.
    """
    path = folder / wanted.file
    try:
        text = path.read_bytes().decode("utf-8")
    except FileNotFoundError:
        raise SourceTextError(
            f"{path}: the frozen text of {wanted.slug} is missing.",
            f"Save the text of {wanted.url} under this name; docs/guide.md says how.",
        ) from None
    except UnicodeDecodeError:
        raise SourceTextError(f"{path}: the text is not UTF-8.", "Save it as UTF-8.") from None
    except OSError as error:
        raise SourceTextError(f"{path}: the text cannot be read: {error.strerror}.") from None
    if digest(text) != wanted.digest:
        raise SourceTextError(
            f"{path}: this is not the text that was coded. Its SHA-256 is {digest(text)} "
            f"({len(text)} code points), coded was {wanted.digest} ({wanted.length}).",
            "Restore the frozen text, or code the new text as a document of its own.",
        )
    return text
