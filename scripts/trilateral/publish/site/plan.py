"""Plan: which site is to be written, and why it must not be, before anything is read."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from trilateral.home import Home
from trilateral.prefixes import prefixes
from trilateral.publish.release.plan import check_place
from trilateral.publish.release.refusals import RefusedError

MANIFEST = "manifest.json"
MADE_BY = "trilateral publish site"


@dataclass(frozen=True)
class Plan:
    """One site.

    Attributes:
        home: The dataset.
        data: The data folder that was named, None for that of the project.
        out: The folder of the site.
        address: Where the site will be, without a slash at the end.
        base_path: The path of its root, with a slash at the end: only the page for what is not
            found has to know it.
        language: That of the pages.
        history: A folder with the history of releases, which the pages lead to.
    """

    home: Home
    data: Path | None
    out: Path
    address: str
    base_path: str = "/"
    language: str = "en"
    history: Path | None = None


def make_plan(
    home: Home,
    data: Path | None,
    out: Path,
    url: str,
    base_path: str,
    language: str,
    history: Path | None = None,
) -> Plan:
    """Return the plan of a site.

    Args:
        home: The dataset.
        data: The data folder that was named.
        out: The folder of the site.
        url: The address that it will have, "" for that of the names of things.
        base_path: The path of its root, "" for that of the address.
        language: That of the pages.
        history: A folder with the history of releases.

    Raises:
        RefusedError: naming what stands against it.
    """
    out = out.resolve()
    check_place(home, out)
    check_target(out)
    path = base_path or (urlsplit(url).path if url else "/")
    address = url or prefixes().base
    root = f"/{path.strip('/')}/".replace("//", "/")
    return Plan(home, data, out, address.rstrip("/"), root, language, history)


def check_target(out: Path, made_by: str = MADE_BY) -> None:
    """Refuse a path at which something stands that would be lost and that a command did not make.

    Raises:
        RefusedError: naming what stands there.
    """
    foreign = _foreign(out, made_by)
    if foreign:
        raise RefusedError(
            f"{foreign}: this is not of a site that was written here, so {out} is not replaced.",
            "Name another folder with --out, or remove this one yourself.",
        )


def _foreign(out: Path, made_by: str) -> Path | None:
    """Return what is there and of no site, or None."""
    if not out.exists() and not out.is_symlink():
        return None
    if not out.is_dir():
        return out
    if not any(out.iterdir()):
        return None
    try:
        told = json.loads((out / MANIFEST).read_bytes())
        files = set(told["files"]) if told["made_by"] == made_by else None
    except (OSError, ValueError, KeyError, TypeError):
        return out
    if files is None:
        return out
    # Not by pathlib: a site has tens of thousands of files.
    for folder, _, names in os.walk(out):
        prefix = f"{os.path.relpath(folder, out)}/".removeprefix("./")
        for name in sorted(names):
            if f"{prefix}{name}" not in files and (prefix or name != MANIFEST):
                return Path(folder, name)
    return None
