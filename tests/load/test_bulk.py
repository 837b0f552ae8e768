"""A new store by its own bulk loader: whole in its folder or not there, and served as it is."""

import hashlib
import json
import os
import shutil
import stat
import sys

import pytest
from proof.engines.java import jars_of
from proof.stores.fuseki import _ARTIFACT, Fuseki
from proof.stores.oxigraph import Oxigraph
from proof.stores.store import find
from tests.load.conftest import MARKER, dump, hash_of, holds, quads_of

from trilateral.load import bulk

STORES = {"oxigraph": Oxigraph, "fuseki": Fuseki}
PROGRAMS = {"oxigraph": "oxigraph", "fuseki": "tdb2.tdbloader"}


def write_program(path, text):
    path.write_text(text)
    path.chmod(path.stat().st_mode | stat.S_IXUSR)


@pytest.fixture
def programs(tmp_path, monkeypatch):
    """A search path with the programs of the stores, as far as they are here, and no others."""
    folder = tmp_path / "bin"
    folder.mkdir()
    if found := find("oxigraph"):
        (folder / "oxigraph").symlink_to(found)
    if not Fuseki.missing():
        java = shutil.which("java")
        options = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"
        for name in ("tdb2.tdbloader", "tdb2.tdbquery"):
            words = f'exec {java} {options} -cp "{jars_of(_ARTIFACT)}/*" {name} "$@"'
            write_program(folder / name, f"#!/bin/sh\n{words}\n")
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}/usr/bin{os.pathsep}/bin")
    return folder


@pytest.fixture(params=STORES)
def kind(request):
    if reason := STORES[request.param].missing():
        pytest.skip(reason)
    return request.param


def test_a_new_store_is_made_verified_and_served(kind, programs, build, tmp_path, trilateral):
    place = tmp_path / "place"
    build = shutil.copytree(build, tmp_path / "a #1 of 100%20")
    words = ("--bulk", place / "data", "--store", kind, "--build", build)
    status, out, err = trilateral("load", *words)
    assert status == 0, err
    assert f"verified: {len(quads_of(build)):,} quads" in out
    assert hash_of(build) in out
    assert str(place / "data") in out
    assert [path.name for path in place.iterdir()] == ["data"]
    with STORES[kind](place) as store:
        # As any store that was loaded over HTTP: nothing is left to do.
        status, out, err = trilateral("load", store.url, "--build", build)
        assert (status, "nothing to do" in out) == (0, True), out + err
        if kind == "oxigraph":
            assert holds(store.url, build)


def test_json_tells_what_was_made(programs, build, tmp_path, trilateral):
    words = ("--bulk", tmp_path / "data", "--store", "oxigraph", "--build", build, "--json")
    told = json.loads(trilateral("load", *words, "--all-graphs")[1])
    names = sorted({quad.graph_name.value for quad in quads_of(build)})
    assert (told["store"], told["compared"]) == ("oxigraph", names)
    assert (told["quads"], told["rdfc10_sha256"]) == (len(quads_of(build)), hash_of(build))


def test_a_folder_that_is_in_use_is_refused_and_stays_as_it_is(
    kind, programs, build, tmp_path, trilateral
):
    with STORES[kind](tmp_path / "store") as store:
        before = sorted((store.folder / "data").iterdir())
        words = ("--bulk", store.folder / "data", "--store", kind, "--build", build)
        status, _, err = trilateral("load", *words)
        assert status == 1
        assert "it is there and not empty; a server may run on it." in err
        assert sorted((store.folder / "data").iterdir()) == before
        if kind == "oxigraph":
            assert not dump(store.url)


def test_a_loader_that_is_not_installed_is_named(kind, programs, build, tmp_path, trilateral):
    (programs / PROGRAMS[kind]).unlink()
    words = ("--bulk", tmp_path / "data", "--store", kind, "--build", build)
    status, _, err = trilateral("load", *words)
    assert status == 1
    assert f"{PROGRAMS[kind]}: the program is not installed" in err
    assert f"trilateral load URL --store {kind}" in err
    assert not (tmp_path / "data").exists()


LOSSY = """\
#!{python}
import os, re, sys
from pathlib import Path
from tempfile import NamedTemporaryFile

if sys.argv[1] == "load":
    for at, word in enumerate(sys.argv):
        if word.startswith("--file="):
            path = Path(word.partition("=")[2])
            with NamedTemporaryFile("w", encoding="utf-8", suffix=".nq", delete=False) as file:
                file.write(re.sub({lost!r}, "", path.read_text("utf-8"), count=1))
            sys.argv[at] = "--file=" + file.name
os.execv({program!r}, [{program!r}, *sys.argv[1:]])
"""


@pytest.mark.parametrize(
    ("lost", "words"),
    [
        (r"(?m)^<[^>\n]*actor/arland> .*\n", "triples, expected"),
        (rf".*sha256> .* <{MARKER}> \.\n", "it does not say which version it is"),
    ],
)
def test_what_a_loader_loses_is_found_out_and_nothing_is_left(
    lost, words, programs, build, tmp_path, trilateral
):
    program = str(find("oxigraph"))
    (programs / "oxigraph").unlink()
    text = LOSSY.format(python=sys.executable, lost=lost, program=program)
    write_program(programs / "oxigraph", text)
    place = tmp_path / "place"
    options = ("--bulk", place / "data", "--store", "oxigraph", "--build", build)
    status, _, err = trilateral("load", *options)
    assert status == 1
    assert words in err
    assert not list(place.iterdir())


def test_a_loader_that_fails_is_told_in_its_own_words(programs, build, tmp_path, trilateral):
    (programs / "oxigraph").unlink()
    write_program(programs / "oxigraph", "#!/bin/sh\necho no room left >&2\nexit 3\n")
    place = tmp_path / "place"
    options = ("--bulk", place / "data", "--store", "oxigraph", "--build", build)
    status, _, err = trilateral("load", *options)
    assert status == 1
    assert "oxigraph: it failed with exit status 3: no room left" in err
    assert not list(place.iterdir())


def test_what_cannot_be_loaded_ends_its_loader_and_nothing_is_left(
    programs, build, tmp_path, trilateral
):
    """Also where the loader is a script that waits for what loads, which has its output too."""
    (programs / "oxigraph").unlink()
    ended = tmp_path / "ended"
    write_program(programs / "oxigraph", f"#!/bin/sh\n(sleep 30; touch {ended})\nexit 0\n")
    foreign = shutil.copytree(build, tmp_path / "foreign")
    quads = (foreign / "dataset.nq").read_bytes() + b"<urn:s> <urn:p> <urn:o> <urn:g> .\n" * 100_000
    (foreign / "dataset.nq").write_bytes(quads)
    manifest = json.loads((foreign / "manifest.json").read_text("utf-8"))
    manifest["rdfc10_sha256"] = hashlib.sha256(quads).hexdigest()
    manifest["files"]["dataset.nq"]["sha256"] = manifest["rdfc10_sha256"]
    (foreign / "manifest.json").write_text(json.dumps(manifest), "utf-8")
    place = tmp_path / "place"
    options = ("--bulk", place / "data", "--store", "oxigraph", "--build", foreign)
    status, _, err = trilateral("load", *options)
    assert status == 1
    assert "urn:g is not ours." in err
    # What still had its output would have been waited for.
    assert not ended.exists()
    assert not list(place.iterdir())


def test_fuseki_is_loaded_and_asked_once_by_a_java_that_begins_soon_or_as_it_is_told(
    programs, build, tmp_path, trilateral, monkeypatch
):
    if reason := Fuseki.missing():
        pytest.skip(reason)
    log = tmp_path / "log"
    for name in ("tdb2.tdbloader", "tdb2.tdbquery"):
        (programs / name).rename(programs / f"real-{name}")
        text = f'#!/bin/sh\necho "{name} $JVM_ARGS" >>{log}\nexec {programs}/real-{name} "$@"\n'
        write_program(programs / name, text)
    options = ("--store", "fuseki", "--build", build)
    monkeypatch.delenv("JVM_ARGS", raising=False)
    assert trilateral("load", "--bulk", tmp_path / "one", *options)[0] == 0
    monkeypatch.setenv("JVM_ARGS", "-Xmx1g")
    assert trilateral("load", "--bulk", tmp_path / "two", *options)[0] == 0
    monkeypatch.delenv("JVM_ARGS")
    monkeypatch.setattr(bulk, "_SOON", 1000)
    assert trilateral("load", "--bulk", tmp_path / "large", *options)[0] == 0
    soon = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"
    assert [line.split(" ", 1)[1] for line in log.read_text().splitlines()] == [
        *(soon, soon, "-Xmx1g", "-Xmx1g"),
        *("", soon),
    ]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("http://127.0.0.1:9", "--store", "oxigraph"), "which has no use for an address"),
        (("--store", "oxigraph", "--dry-run"), "which has no use for --dry-run"),
        (("--store", "stardog"), "stardog: no bulk loader of it is known."),
        ((), "Add --store oxigraph or fuseki"),
    ],
)
def test_what_makes_no_sense_is_refused(words, told, build, tmp_path, trilateral):
    status, _, err = trilateral("load", *words, "--bulk", tmp_path / "data", "--build", build)
    assert status == 2
    assert told in err


def test_a_load_needs_an_address_or_a_folder(build, trilateral):
    status, _, err = trilateral("load", "--build", build)
    assert status == 2
    assert "Add it, or --bulk DIR." in err
