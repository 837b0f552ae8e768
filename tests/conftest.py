"""What tests share: the real dataset, the tiny world, the frozen texts, the command line."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from trilateral import dataset
from trilateral.home import find_home

TESTS = Path(__file__).parent
WORLD = TESTS / "world"


# Files of many quick tests that share little: their tests go to any worker, those of others to one.
SPREAD = {"test_expected.py", "test_questions_engines.py", "test_planted_faults.py",
          "test_broken_inputs.py"}  # fmt: skip


def pytest_collection_modifyitems(items):
    """Keep the tests of a file on one worker, where what they share is made once."""
    for item in items:
        if item.path.name not in SPREAD:
            item.add_marker(pytest.mark.xdist_group(str(item.path)))


def pytest_collection_finish(session):
    if os.environ.get("TRILATERAL_NO_SKIP") and not texts_folder():
        raise pytest.UsageError("TRILATERAL_TEXTS names no folder of frozen texts")


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    """Under TRILATERAL_NO_SKIP a skipped test is a failed one."""
    outcome = yield
    report = outcome.get_result()
    if report.skipped and os.environ.get("TRILATERAL_NO_SKIP"):
        report.outcome = "failed"
        report.longrepr = f"skipped, but nothing may be skipped here: {report.longrepr}"


def texts_folder():
    folder = os.environ.get("TRILATERAL_TEXTS")
    return Path(folder) if folder and Path(folder).is_dir() else None


@pytest.fixture(scope="session")
def home():
    return find_home()


@pytest.fixture(scope="session")
def world():
    return find_home(WORLD / "data")


@pytest.fixture(scope="session")
def store(home):
    return dataset.read_valid(home).store()


@pytest.fixture(scope="session")
def world_store(world):
    return dataset.read_valid(world).store()


@pytest.fixture(scope="session")
def texts():
    """The folder of the frozen texts, which are under copyright and not in the repository."""
    folder = texts_folder()
    if folder is None:
        pytest.skip("the frozen texts are not at hand: set TRILATERAL_TEXTS to their folder")
    return folder


@pytest.fixture
def run():
    """Run ``trilateral`` as a user would, in a process of its own."""

    def run(*arguments, cwd=None):
        return subprocess.run(
            [sys.executable, "-m", "trilateral", *map(str, arguments)],
            capture_output=True,
            text=True,
            cwd=cwd,
            timeout=300,
        )

    return run
