"""The ontology is OWL 2 DL, by an independent profile checker (ROBOT, run on Java)."""

import shutil
import subprocess
from pathlib import Path

import pytest
from conftest import TESTS

from trilateral import dataset, turtle

CACHE = Path.home() / ".cache" / "trilateral"
needs_maven = pytest.mark.skipif(
    not (shutil.which("java") and shutil.which("mvn")),
    reason="java and mvn are not on the path: the profile checker comes from Maven Central",
)


def profile(text, tmp_path):
    file = tmp_path / "ontology.ttl"
    file.write_text(text, encoding="utf-8")
    command = [TESTS.parent / ".ci" / "owl-profile", CACHE, file]
    return subprocess.run(command, capture_output=True, text=True, timeout=280)


@pytest.fixture(scope="module")
def merged(home):
    return turtle.write(dataset.read_valid(home).triples(home.ontology))


@needs_maven
def test_ontology_is_owl_2_dl(merged, tmp_path):
    done = profile(merged, tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr


@needs_maven
def test_a_property_of_two_kinds_is_not(merged, tmp_path):
    broken = merged + "\ntri:holder a owl:DatatypeProperty .\n"
    assert profile(broken, tmp_path).returncode == 1
