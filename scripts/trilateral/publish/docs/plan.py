"""Plan: which documentation is to be written, and why it must not be, before anything is read."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from trilateral.home import Home
from trilateral.prefixes import prefixes
from trilateral.publish import manifest
from trilateral.publish.metadata.citation import read_citation
from trilateral.publish.release.plan import check_place
from trilateral.publish.release.refusals import RefusedError

MADE_BY = "trilateral publish docs"
# What ``trilateral[docs]`` brings, by the names under which it is imported.
_LIBRARIES = {
    "markdown_it": "markdown-it-py",
    "mdit_py_plugins": "mdit-py-plugins",
    "pygments": "pygments",
    "pygraphviz": "pygraphviz",
    "pylode": "pylode",
}


@dataclass(frozen=True)
class Plan:
    """One documentation.

    Attributes:
        home: The dataset, whose root holds README.md and docs/.
        out: The folder of the pages.
        site: The address of the pages of things, of the API and of the editor, without a slash
            at the end.
        repository: The address of the files of the project, "" where no one has told it.
    """

    home: Home
    out: Path
    site: str
    repository: str = ""


def make_plan(home: Home, out: Path, site_url: str = "") -> Plan:
    """Return the plan of a documentation.

    Args:
        home: The dataset.
        out: The folder of the pages.
        site_url: The address of the site or server, "" for that of the names of things.

    Raises:
        RefusedError: naming what is missing, or what stands against it.
    """
    out = out.resolve()
    missing = sorted(name for module, name in _LIBRARIES.items() if find_spec(module) is None)
    if missing:
        raise RefusedError(
            f"The documentation needs {', '.join(missing)}, which the base installation lacks.",
            "Run: pip install 'trilateral[docs]'",
        )
    for name in ("README.md", "docs"):
        if not (home.root / name).exists():
            raise RefusedError(
                f"{home.root / name}: the guide is missing, which an installed package does not "
                "hold.",
                "Run the command in a checkout of the project.",
            )
    check_place(home, out)
    if out.is_relative_to(home.root / "docs"):
        raise RefusedError(
            f"{out}: this lies in docs/, which is read.", "Name another folder with --out."
        )
    check_target(out)
    address = (site_url or prefixes().base).rstrip("/")
    repository = str(read_citation(home.root).get("repository-code") or "").rstrip("/")
    return Plan(home, out, address, repository)


def check_target(out: Path) -> None:
    """Refuse a path at which something stands that would be lost and is no documentation.

    Raises:
        RefusedError: naming what stands there.
    """
    manifest.check_target(out, MADE_BY)
