"""Packages: the wheel and the source distribution of the project, which carry the dataset."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time
from pathlib import Path

from trilateral.publish.release.refusals import RefusedError


def build_packages(root: Path, day: date) -> dict[str, bytes]:
    """Return wheel and source distribution of a checkout by name; files in them are of a day.

    Raises:
        RefusedError: when they cannot be built.
    """
    import build
    import pyproject_hooks

    epoch = int(datetime.combine(day, time(), UTC).timestamp())

    def run(
        cmd: Sequence[str], cwd: str | None = None, extra_environ: Mapping[str, str] | None = None
    ) -> None:
        environ = {**(extra_environ or {}), "SOURCE_DATE_EPOCH": str(epoch)}
        pyproject_hooks.quiet_subprocess_runner(cmd, cwd, environ)

    builder = build.ProjectBuilder(root, runner=run)
    with tempfile.TemporaryDirectory() as folder:
        try:
            made = [Path(builder.build(kind, folder)) for kind in ("wheel", "sdist")]
        except build.BuildException as error:
            raise RefusedError(
                f"{root}: the package cannot be built: {error}", "Correct pyproject.toml."
            ) from None
        return {path.name: path.read_bytes() for path in made}
