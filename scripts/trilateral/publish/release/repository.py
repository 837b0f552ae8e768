"""Repository: what git says of the files that a release is made of."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from trilateral.publish.release.refusals import RefusedError


@dataclass(frozen=True)
class Repository:
    """Where a repository stands: its last commit, the day of that (UTC), what is not committed."""

    top: Path
    commit: str
    day: date
    changes: tuple[str, ...]


def find_repository(folder: Path, read: tuple[Path, ...] = ()) -> Repository | None:
    """Return the repository that keeps the files of a folder, or None where none does.

    Files that git ignores count as changes below the folders that a release reads.

    Raises:
        RefusedError: when git fails, so that nobody can tell whether all is committed.
    """
    if not any((each / ".git").exists() for each in (folder, *folder.parents)):
        return None
    if not _git(folder, "ls-files"):
        return None  # An environment with the package may lie inside a repository of other things.
    top = Path(_git(folder, "rev-parse", "--show-toplevel").rstrip("\n"))
    commit, seconds = _git(folder, "log", "-1", "--format=%H %ct").split()
    status = _git(top, "status", "--porcelain", "-z", "--ignored", "--untracked-files=all")
    changes = []
    for entry in filter(None, status.split("\0")):
        name = entry[3:]
        inside = any((top / name).is_relative_to(each) for each in read)
        if not entry.startswith("!!") or inside:
            changes.append(name)
    return Repository(top, commit, datetime.fromtimestamp(int(seconds), UTC).date(), tuple(changes))


def _git(folder: Path, *arguments: str) -> str:
    command = ["git", "--no-optional-locks", "-C", str(folder), *arguments]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=True)
    except FileNotFoundError:
        raise RefusedError(
            f"{folder}: it lies in a git repository and git is not installed, so that nobody "
            "can tell whether all is committed.",
            "Install git.",
        ) from None
    except subprocess.CalledProcessError as error:
        raise RefusedError(f"{folder}: git fails: {error.stderr.strip()}", "Repair it.") from None
    return done.stdout
