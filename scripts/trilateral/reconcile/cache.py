"""The cache: answers of endpoints on disk, one file for each endpoint and query."""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from trilateral.errors import TrilateralError


class CacheError(TrilateralError):
    """The folder of the cache cannot be written."""

    status = 1


@dataclass(frozen=True)
class Cache:
    """Answers in a folder. With ``refresh`` none is taken from it, but new ones are kept."""

    folder: Path
    refresh: bool = False

    def path(self, endpoint: str, query: str) -> Path:
        """Return the file of an answer, named by the SHA-256 of endpoint and query."""
        digest = hashlib.sha256(f"{endpoint}\n{query}".encode()).hexdigest()
        return self.folder / f"{digest}.json"

    def get(self, endpoint: str, query: str) -> Any:
        """Return the answer that is kept, or None: a file that is damaged counts as none."""
        if self.refresh:
            return None
        try:
            kept = json.loads(self.path(endpoint, query).read_bytes())
            if kept["endpoint"] == endpoint and kept["query"] == query:
                return kept["answer"]
        except (OSError, ValueError, KeyError, TypeError, RecursionError):
            pass
        return None

    def put(self, endpoint: str, query: str, answer: Any) -> None:
        """Keep an answer: written aside, then swapped in, so that no half of it is ever read.

        Raises:
            CacheError: when the folder cannot be written.
        """
        content = {"endpoint": endpoint, "query": query, "answer": answer}
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            self._swap_in(
                self.path(endpoint, query), json.dumps(content, ensure_ascii=False).encode()
            )
        except OSError as error:
            raise CacheError(
                f"{self.folder}: the answers cannot be kept: {error.strerror or error}.",
                "Name a folder that you may write with --cache.",
            ) from None

    def _swap_in(self, path: Path, content: bytes) -> None:
        handle, aside = tempfile.mkstemp(prefix=".", suffix=".part", dir=self.folder)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
            Path(aside).replace(path)
        except BaseException:  # an interruption too must leave nothing behind
            Path(aside).unlink(missing_ok=True)
            raise
