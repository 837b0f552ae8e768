"""Site written again: that it is a whole new one, byte for byte; for the proof page.

``python -m proof site``; TMPDIR names a folder with four gigabytes, best in memory.
"""

from __future__ import annotations

import filecmp
import os
import shutil
import sys
import tempfile
import time
from pathlib import Path

from proof.incremental import EDITS
from trilateral.build.write import replacing
from trilateral.home import find_home
from trilateral.publish.site.make import Made, make
from trilateral.publish.site.plan import check_target, make_plan

# Edits of one file: what is edited, file, old and new text of its first such place.
_MORE = (
    ("label of a state", "actors/states.ttl", '"Japan"@en', '"State of Japan"@en'),
    ("a comment", "events/quad.ttl", "\nevent:", "\n# Nothing is said here.\nevent:"),
)


def section() -> str:
    """Bring a site up to date after each edit and return the section of the proof page."""
    lines = [
        "## Site written again",
        "",
        "The site of the shipped data, after each edit of one file brought up to date and written "
        "as a whole beside it; edits stay, so that each finds what those before have left.",
        "",
        "| edit | files written | files that differ | seconds | as a whole, seconds | same |",
        "| --- | ---: | ---: | ---: | ---: | --- |",
    ]
    with tempfile.TemporaryDirectory() as folder:
        os.environ["XDG_CACHE_HOME"] = str(Path(folder) / "cache")
        data = Path(shutil.copytree(find_home().data, Path(folder) / "data"))
        before, _ = _written(data, Path(folder) / "site")
        for what, name, old, new in (*EDITS, *_MORE):
            path = data / name
            text = path.read_text("utf-8")
            if old not in text:
                raise ValueError(f"{name} has no {old}: name another edit in proof/site.py.")
            path.write_text(text.replace(old, new, 1), "utf-8")
            made, seconds = _written(data, Path(folder) / "site")
            _, whole = _written(data, Path(folder) / "new", whole=True)
            same = _same(Path(folder) / "site", Path(folder) / "new")
            other = sum(before.files.get(file) != digest for file, digest in made.files.items())
            lines.append(
                f"| {what} | {len(made.files) - made.kept:,} of {len(made.files):,} | {other:,} "
                f"| {seconds:.1f} | {whole:.1f} | {'yes' if same else 'NO'} |"
            )
            print(lines[-1], file=sys.stderr, flush=True)
            before = made
    return "\n".join(lines)


def _written(data: Path, out: Path, whole: bool = False) -> tuple[Made, float]:
    start = time.perf_counter()
    plan = make_plan(find_home(data), data, out, "https://example.org", "", "en")
    with replacing(out, "the site", check_target) as folder:
        made = make(plan, folder, whole=whole)
    return made, time.perf_counter() - start


def _same(one: Path, other: Path) -> bool:
    """Tell whether two folders hold the same files with the same bytes."""
    names = [
        sorted(path.relative_to(each) for path in each.rglob("*") if path.is_file())
        for each in (one, other)
    ]
    return names[0] == names[1] and all(
        filecmp.cmp(one / name, other / name, shallow=False) for name in names[0]
    )
