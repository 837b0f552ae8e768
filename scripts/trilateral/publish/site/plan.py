"""Plan: which site is to be written, and why it must not be, before anything is read."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from trilateral.home import Home
from trilateral.prefixes import prefixes
from trilateral.publish import manifest
from trilateral.publish.release.plan import check_place

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


def check_target(out: Path) -> None:
    """Refuse a path at which something stands that would be lost and is no site.

    Raises:
        RefusedError: naming what stands there.
    """
    manifest.check_target(out, MADE_BY)
