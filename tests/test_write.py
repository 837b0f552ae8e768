"""Folders that are replaced, or changed in place: a reader never finds half of what was written."""

import subprocess
import sys

import pytest

from trilateral.build.write import change_only, replacing

OLD = {
    "manifest.json": "1",
    "a/same": "same",
    "a/b/other": "old",
    "gone/down/x": "x",
    "gone/y": "y",
}
NEW = {"manifest.json": "2", "a/same": "same", "a/other": "new", "came/z": "z"}
DIFFER = {name: text for name, text in NEW.items() if OLD.get(name) != text}
GONE = OLD.keys() - NEW.keys()


def write(folder, files):
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)


def tree(folder):
    return {
        path.relative_to(folder).as_posix(): path.read_text()
        for path in folder.rglob("*")
        if path.is_file()
    }


@pytest.fixture
def out(tmp_path):
    write(tmp_path / "out", OLD)
    return tmp_path / "out"


def accept(_):
    """Every folder may be replaced."""


def test_what_differs_goes_over_what_is_there(out):
    before = (out / "a/same").stat()
    with replacing(out, "it", accept) as fresh:
        write(fresh, DIFFER)
        assert tree(out) == OLD
        change_only(fresh, GONE)
        assert tree(out) == OLD
    assert tree(out) == NEW
    # Folders that are empty go, the file that stays is the same one, nothing is left beside.
    assert not (out / "gone").exists()
    assert (out / "a/same").stat().st_ino == before.st_ino
    assert [path.name for path in out.parent.iterdir()] == ["out"]


def test_what_fails_before_leaves_what_was_there(out):
    with pytest.raises(ZeroDivisionError), replacing(out, "it", accept) as fresh:
        write(fresh, DIFFER)
        raise ZeroDivisionError
    assert tree(out) == OLD
    assert [path.name for path in out.parent.iterdir()] == ["out"]


# Killed while it writes, when it has written, and while the change takes place.
KILLED = """
import os, sys
from pathlib import Path
from trilateral.build import write
from tests.test_write import DIFFER, GONE, accept, write as write_files

out, when = Path(sys.argv[1]), sys.argv[2]
replace, done = Path.replace, []

def dying(self, target):
    done.append(target)
    if when == "changing" and len(done) == 2:
        os._exit(9)
    return replace(self, target)

Path.replace = dying
with write.replacing(out, "it", accept) as fresh:
    write_files(fresh, DIFFER)
    if when == "writing":
        os._exit(9)
    write.change_only(fresh, GONE)
    if when == "written":
        os._exit(9)
"""


@pytest.mark.parametrize(("when", "files"), [("writing", OLD), ("written", NEW), ("changing", NEW)])
def test_one_that_was_killed_is_set_right_by_the_next(out, when, files):
    done = subprocess.run([sys.executable, "-c", KILLED, str(out), when], check=False)
    assert done.returncode == 9
    # The next finds all of the one or of the other, also when it comes to nothing itself.
    seen = []

    def see(there):
        seen.append(tree(there))

    with pytest.raises(ZeroDivisionError), replacing(out, "it", see):
        raise ZeroDivisionError
    assert seen == [files]
    assert tree(out) == files
    assert [path.name for path in out.parent.iterdir()] == ["out"]
