"""What tests share: the real dataset, the tiny world, the frozen texts, the command line."""

import os
import subprocess
import sys
from functools import cache
from pathlib import Path

import pyoxigraph as ox
import pytest

from trilateral import dataset
from trilateral.ask import engines
from trilateral.check.shacl import graph_of
from trilateral.home import find_home

TESTS = Path(__file__).parent
WORLD = TESTS / "world"


# Files whose tests take longest, begun first, since what is begun last decides when all is done.
LONGEST = (
    *("test_shacl_engines.py", "test_questions_engines.py", "test_expected.py", "test_ontology.py"),
    *("test_docs.py", "test_planted_faults.py", "test_incremental.py", "test_owl_profile.py"),
    *("test_broken_inputs.py", "test_cli.py", "test_entailments.py", "test_mutants.py"),
    *("test_browser.py", "test_editor_browser.py", "test_shapes.py", "test_hostile.py"),
    *("test_package.py", "test_build.py", "test_operations.py", "test_fuzz.py"),
    *("test_site.py", "test_site_browser.py", "test_graph_store_protocol.py", "test_again.py"),
    "test_documentation.py",
    *("test_release.py", "test_verify.py", "test_language.py", "test_nanopubs.py"),
)


def pytest_configure(config):
    """Keep the order given below; pytest-xdist would begin with the files of the most tests."""
    config.option.loadscopereorder = False


def pytest_collection_modifyitems(items):
    """Begin with what takes longest."""
    items.sort(key=_turn)


def _turn(item):
    name = item.path.name
    return LONGEST.index(name) if name in LONGEST else len(LONGEST)


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


def read_graph(*paths):
    """Turtle files as one graph of rdflib, whose own parser takes several times as long."""
    quads = (quad for path in paths for quad in ox.parse(path=path, format=ox.RdfFormat.TURTLE))
    return graph_of(quad.triple for quad in quads)


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
def stores(store, world_store):
    return {"data": store, "world": world_store}


@pytest.fixture(scope="session")
def ask_rdflib(stores):
    """Ask rdflib a query over the shipped data or the world: it is slow, so each one once."""

    @cache
    def copied(place):
        return engines.rdflib_dataset(stores[place])

    @cache
    def ask(place, query):
        return engines.ask_rdflib_dataset(copied(place), query)

    return ask


@pytest.fixture(scope="session")
def everything(home):
    """Ontology, aligned vocabularies, data, and what the derive rules give."""
    from proof import logic

    return logic.everything(home)


@pytest.fixture(scope="session")
def texts():
    """The folder of the frozen texts, which are under copyright and not in the repository."""
    folder = texts_folder()
    if folder is None:
        pytest.skip("the frozen texts are not at hand: set TRILATERAL_TEXTS to their folder")
    return folder


@pytest.fixture(scope="session")
def run():
    """Run ``trilateral`` as a user would, in a process of its own."""

    def run(*arguments, cwd=None):
        return subprocess.run(
            [sys.executable, "-m", "trilateral", *map(str, arguments)],
            capture_output=True,
            text=True,
            cwd=cwd,
            timeout=900,
        )

    return run
