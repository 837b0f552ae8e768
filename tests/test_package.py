"""The wheel carries the dataset: installing it alone gives questions and answers."""

import subprocess
import sys
import zipfile

import pytest
from conftest import TESTS


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    out = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", out]
    done = subprocess.run([*command, TESTS.parent], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    (found,) = out.glob("*.whl")
    return found


def test_wheel_holds_ontology_data_shapes_queries_and_licences(wheel, home):
    names = set(zipfile.ZipFile(wheel).namelist())
    for folder in (home.ontology, home.data, home.shapes, home.queries):
        for path in folder.rglob("*"):
            if path.suffix in (".ttl", ".rq", ".txt"):
                inside = path.relative_to(home.root).as_posix()
                assert f"trilateral/dataset/{inside}" in names
    assert any(name.endswith("licenses/LICENSE-data") for name in names)
    assert not any("tests/" in name or name.endswith((".pyc",)) for name in names)


def test_unpacked_wheel_answers_as_the_checkout_does(wheel, tmp_path, run):
    zipfile.ZipFile(wheel).extractall(tmp_path)
    program = (
        f"import sys; sys.path.insert(0, {str(tmp_path)!r})\n"
        "from trilateral import cli, home\n"
        f"assert str(home.find_home().root).startswith({str(tmp_path)!r})\n"
        "sys.exit(cli.main(['ask', 'which-poll-figures-are-printed', '--format', 'csv']))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert done.stdout == run("ask", "which-poll-figures-are-printed", "--format", "csv").stdout
