"""What the tests of publishing share: committed projects of the tiny world, and a release."""

import os
import shutil
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
from tests.conftest import TESTS, WORLD
from tests.publish.sites import cache, data, own_cache, site  # noqa: F401 - fixtures
from tests.serve.conftest import browser  # noqa: F401 - a fixture of these tests too

from trilateral.home import Home
from trilateral.publish.metadata.citation import read_citation
from trilateral.publish.release import assemble, writing
from trilateral.publish.release.plan import Plan

ROOT = TESTS.parent
DAY = "2026-03-01"
# The same author, day and files give the same commit.
COMMITTED = {
    "GIT_CONFIG_GLOBAL": os.devnull,
    **{f"GIT_{who}_NAME": "Ada Orr" for who in ("AUTHOR", "COMMITTER")},
    **{f"GIT_{who}_EMAIL": "ada@example.org" for who in ("AUTHOR", "COMMITTER")},
    **{f"GIT_{who}_DATE": "2026-02-28T12:00:00+00:00" for who in ("AUTHOR", "COMMITTER")},
}


def git(folder, *arguments, **environment):
    done = subprocess.run(
        ["git", "-C", folder, *arguments],
        env=os.environ | COMMITTED | environment,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def make_project(folder):
    """A project whose own data are the tiny world, all of it committed."""
    leave = shutil.ignore_patterns("__pycache__", "dataset")
    for name in ("ontology", "shapes", "queries", "scripts/trilateral"):
        shutil.copytree(ROOT / name, folder / name, ignore=leave)
    for name in (
        *("pyproject.toml", "README.md", "CHANGELOG.md", "CITATION.cff", ".gitignore"),
        *("LICENSE", "LICENSE-data"),
    ):
        shutil.copy(ROOT / name, folder / name)
    shutil.copytree(WORLD / "data", folder / "data")
    # Warnings are counted, and kept for the shipped data alone.
    (folder / "shapes" / "warnings.csv").write_text("rule,count\n")
    for path in (folder / "shapes" / "checks").glob("*-warning.rq"):
        path.unlink()
    git(folder, "init", "--quiet")
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message", "The tiny world")
    return folder


def home_of(folder):
    return Home(folder, *(folder / name for name in ("ontology", "data", "shapes", "queries")))


def start(project, *arguments, umask=0o022, **environment):
    """Start ``trilateral`` of a project as a user would."""
    return subprocess.Popen(
        [sys.executable, "-m", "trilateral", *map(str, arguments)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=project,
        umask=umask,
        env=os.environ | {"PYTHONPATH": str(project / "scripts")} | environment,
    )


@pytest.fixture(scope="session")
def project(tmp_path_factory):
    """A project that tests only read."""
    return make_project(tmp_path_factory.mktemp("project"))


@pytest.fixture
def changing(project, tmp_path):
    """A clone of the project that a test may change."""
    git(tmp_path, "clone", "--quiet", project, "changing")
    return tmp_path / "changing"


@pytest.fixture(scope="session")
def released(project, tmp_path_factory):
    """A release of the project, whose checks are left to the command, that tests only read."""
    out = tmp_path_factory.mktemp("released")
    commit = git(project, "rev-parse", "HEAD").strip()
    plan = Plan(home_of(project), out, date.fromisoformat(DAY), read_citation(project), commit)
    writing.write(assemble.assemble(plan), plan.folder)
    return plan.folder


@pytest.fixture
def spoilt(released, tmp_path):
    """A copy of the release that a test may spoil."""
    return Path(shutil.copytree(released, tmp_path / DAY))


def files(folder):
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }
