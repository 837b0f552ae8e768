"""Sites: the site of the tiny world, and what writes others, for the tests of sites of files."""

import json
import os
import shutil
import subprocess
import sys
from contextlib import contextmanager

import pytest
from tests.conftest import WORLD
from tests.serve.conftest import WAIT

from trilateral.build.write import replacing
from trilateral.home import find_home
from trilateral.publish.site.kept import file_for
from trilateral.publish.site.make import make
from trilateral.publish.site.plan import check_target, make_plan

ADDRESS = "https://example.org/graph"


def publish(*arguments, **environment):
    return subprocess.run(
        [sys.executable, "-m", "trilateral", "publish", "site", *map(str, arguments)],
        capture_output=True,
        text=True,
        env={**os.environ, **environment},
    )


@contextmanager
def publishing(out):
    """Run the command until it says that it writes; yields the process and where it writes."""
    command = [sys.executable, "-m", "trilateral", "publish", "site", "--data", WORLD / "data"]
    process = subprocess.Popen(
        [*map(str, command), "--out", str(out), "--base", ADDRESS],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert any("making" in line and "things" in line for line in process.stderr)
    yield process, out.parent / f".{out.name}-in-the-making"
    process.communicate(timeout=WAIT)
    assert process.returncode != 0


@pytest.fixture(scope="session")
def cache(tmp_path_factory):
    """The user's cache, where it is kept what is known of the last site."""
    return tmp_path_factory.mktemp("cache")


@pytest.fixture
def own_cache(cache, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(cache))


@pytest.fixture(scope="session")
def data(tmp_path_factory):
    """The tiny world, in a folder of which any copy has files of the same names."""
    return shutil.copytree(WORLD / "data", tmp_path_factory.mktemp("world") / "data")


@pytest.fixture(scope="session")
def site(tmp_path_factory, data, cache):
    """The site of the tiny world, in the place of an earlier one, after one that was killed."""
    out = tmp_path_factory.mktemp("site") / "site"
    out.mkdir()
    told = {"made_by": "trilateral publish site", "files": {"old.html": ""}}
    (out / "manifest.json").write_text(json.dumps(told))
    (out / "old.html").write_text("an earlier one")
    with publishing(out) as (process, aside):
        process.kill()
    assert aside.exists() and (out / "old.html").exists()
    known = {"XDG_CACHE_HOME": str(cache)}
    done = publish("--data", data, "--out", out, "--base", ADDRESS, **known)
    assert done.returncode == 0, done.stderr
    assert [path.name for path in out.parent.iterdir()] == ["site"]
    assert not (out / "old.html").exists()
    return out


def copied(site, out):
    """The site at another place, with what is known of it: the same files, by links."""
    shutil.copytree(site, out, copy_function=os.link)
    shutil.copyfile(file_for(site.resolve()), file_for(out.resolve()))


def made(data, out, whole=False):
    """Write the site of a data folder, in this process and those that it starts."""
    plan = make_plan(find_home(data), data, out, ADDRESS, "", "en")
    with replacing(out, "the site", check_target) as folder:
        return make(plan, folder, whole=whole)


def tree(folder):
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }
