"""The wheel carries the dataset: installing it alone gives questions and answers."""

import os
import re
import signal
import subprocess
import sys
import venv
import zipfile

import httpx
import pytest
from tests.conftest import TESTS


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


@pytest.fixture(scope="module")
def installed(wheel, tmp_path_factory):
    """The folder of programs of an environment that holds the wheel and what it needs."""
    folder = tmp_path_factory.mktemp("environment")
    venv.create(folder, with_pip=True)
    pip = [folder / "bin" / "python", "-m", "pip", "install", "--quiet", wheel]
    done = subprocess.run(pip, capture_output=True, text=True, env=alone())
    assert done.returncode == 0, done.stderr
    return folder / "bin"


def alone():
    """The variables of this process without those that would let it see the checkout."""
    return {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}


PAGES = [
    "/", "/about", "/search?q=japan", "/actor/", "/actor/japan.html", "/compare", "/views",
    "/query", "/api/", "/api/openapi.json", "/.well-known/void", "/context.jsonld",
    "/sitemap.xml",
]  # fmt: skip


def test_wheel_serves_pages_documents_and_queries_in_an_empty_environment(installed, tmp_path):
    process = subprocess.Popen(
        [installed / "trilateral", "serve", "--port", "0"],
        stdout=subprocess.PIPE,
        text=True,
        cwd=tmp_path,
        env=alone(),
    )
    try:
        found = re.search(r"http://\S+", process.stdout.readline())
        with httpx.Client(base_url=found[0], timeout=30) as client:
            turtle = client.get("/actor/japan", headers={"accept": "text/turtle"})
            assert turtle.headers["location"].endswith("/actor/japan.ttl")
            assert '"Japan"@en' in client.get("/actor/japan.ttl").text
            # Templates, queries beside the pages, static files, the outline of the map.
            for path in PAGES:
                assert client.get(path, follow_redirects=True).status_code == 200, path
            for path in re.findall(r'href="(/views/[\w-]+)"', client.get("/views").text):
                assert client.get(path).status_code == 200, path
            page = client.get("/query").text
            files = set(re.findall(r'(?:href|src)="(/static/[^"]+)"', page))
            assert any(path.endswith(".css") for path in files)
            assert any(path.endswith(".js") for path in files)
            for path in files:
                file = client.get(path)
                assert file.status_code == 200, path
                assert "immutable" in file.headers["cache-control"]
            ask = {"query": 'ASK { ?japan ?label "Japan"@en }'}
            answer = client.post("/sparql", data=ask, headers={"accept": "application/json"})
            assert answer.json()["boolean"] is True
    finally:
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=30)
    assert process.returncode == 0
