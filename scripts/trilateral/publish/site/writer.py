"""Writer: what writes the files of a site, and takes note of each."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping
from pathlib import Path

from trilateral.publish.site.kept import Block, State, Unit


class Writer:
    """Writes files into a folder.

    Attributes:
        folder: The folder.
        last: The state of each file of the site that stands in the place of this one: what comes
            out the same is not written.
        block: Takes note of all that is written.
        unit: The part of it that is written now.
    """

    def __init__(self, folder: Path, last: Mapping[str, State]) -> None:
        self.folder, self.last = folder, last
        self.block, self.unit = Block(), Unit()
        self._folders = {""}

    def begin(self, task: str) -> Unit:
        """Take what is written from here on for that of a task."""
        self.unit = self.block.units[task] = Unit()
        return self.unit

    def keep(self, file: str) -> None:
        """Leave a file as it stands there."""
        self.unit.files.append(file)
        self.block.files[file] = self.last[file]

    def write(self, file: str, body: bytes) -> None:
        """Write a file, if it is not there already."""
        digest = hashlib.sha256(body).hexdigest()[:16]
        state = self.last.get(file)
        if state and state[0] == digest and state[1] == len(body):
            self.keep(file)
            return
        self.unit.files.append(file)
        self._make_folder_of(file)
        # Not by pathlib, which takes longer than the system does: there are tens of thousands.
        handle = os.open(f"{self.folder}/{file}", os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o666)
        try:
            left = memoryview(body)
            while left:
                left = left[os.write(handle, left) :]
            self.block.files[file] = digest, len(body), os.fstat(handle).st_mtime_ns
        finally:
            os.close(handle)

    def _make_folder_of(self, file: str) -> None:
        folder = file.rpartition("/")[0]
        if folder not in self._folders:
            (self.folder / folder).mkdir(parents=True, exist_ok=True)
            self._folders.add(folder)
