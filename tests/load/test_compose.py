"""The Compose files are what the Compose Specification allows, and refer to what they declare.

Nothing here runs containers. The schema is the one that the package check-jsonschema brings.
"""

import copy
import hashlib
import re
import subprocess

import jsonschema
import pyoxigraph as ox
import pytest
import yaml
from check_jsonschema.builtin_schemas import get_builtin_schema
from proof.engines.java import jars_of
from proof.stores.fuseki import _ARTIFACT as ARTIFACT
from proof.stores.fuseki import Fuseki
from tests.conftest import TESTS

FOLDER = TESTS.parent / "deploy" / "compose"
FILES = {path.stem: yaml.safe_load(path.read_text("utf-8")) for path in FOLDER.glob("*.yaml")}
IMAGE = re.compile(r"[\w./-]+:[\w.-]*\d[\w.-]*")
VARIABLE = re.compile(r"\$(\$|\{[A-Z_]+(:[-?][^{}]*)?\})")


@pytest.fixture(scope="module")
def schema():
    found = get_builtin_schema("vendor.compose-spec")
    return jsonschema.validators.validator_for(found)(found)


def problems(file, schema):
    """What is wrong with a Compose file, by the schema and by what it refers to."""
    found = [error.message for error in schema.iter_errors(file)]
    for name, service in file["services"].items():
        for kind in ("configs", "secrets"):
            for each in service.get(kind, ()):
                used = each["source"] if isinstance(each, dict) else each
                if used not in file.get(kind, {}):
                    found.append(f"{name}: {kind} has no {used}")
        for volume in service.get("volumes", ()):
            source = volume.rsplit(":/", 1)[0]
            if not source.startswith(("$", ".", "/")) and source not in file.get("volumes", {}):
                found.append(f"{name}: volumes has no {source}")
        gone = [each for each in service.get("depends_on", {}) if each not in file["services"]]
        found += [f"{name}: services has no {each}" for each in gone]
        if not IMAGE.fullmatch(service.get("image", "")):
            found.append(f"{name}: the version of the image is not pinned")
        ports = map(str, service.get("ports", ()))
        open_ports = [port for port in ports if not port.startswith("127.0.0.1:")]
        found += [f"{name}: {port} is open to other machines" for port in open_ports]
    return found


def test_there_is_a_file_for_each_store():
    assert sorted(FILES) == ["fuseki", "graphdb", "qlever", "virtuoso"]


@pytest.mark.parametrize("store", sorted(FILES))
def test_a_file_is_valid_and_refers_to_what_it_declares(store, schema):
    assert problems(FILES[store], schema) == []


def spoil(file, *keys, value=None):
    """Return a file with another value somewhere, or without it."""
    spoilt = copy.deepcopy(file)
    at = spoilt
    for key in keys[:-1]:
        at = at[key]
    if value is None:
        del at[keys[-1]]
    else:
        at[keys[-1]] = value
    return spoilt


@pytest.mark.parametrize(
    ("keys", "value", "words"),
    [
        (("services", "load", "imgae"), "x:1", "'imgae' was unexpected"),
        (("services", "fuseki", "restart"), 7, "7 is not of type 'string'"),
        (("services", "load", "build", "dockerfile_inline"), ["FROM x"], "is not valid under any"),
        (("services", "fuseki", "depends_on", "load", "condition"), "done", "is not valid under"),
        (("volumes",), {"other": {}}, "volumes has no store"),
        (("services", "load"), None, "services has no load"),
        (("services", "fuseki", "image"), "fuseki:latest", "is not pinned"),
        (("services", "fuseki", "ports"), ["3030:3030"], "is open to other machines"),
        (("services", "load", "configs"), ["load"], "configs has no load"),
        (("services", "load", "secrets"), [{"source": "dba"}], "secrets has no dba"),
    ],
)
def test_a_broken_file_is_found_out(keys, value, words, schema):
    found = problems(spoil(FILES["fuseki"], *keys, value=value), schema)
    assert any(words in each for each in found), found


@pytest.mark.parametrize("store", sorted(FILES))
def test_each_dollar_is_a_variable_of_compose_or_escaped(store):
    text = (FOLDER / f"{store}.yaml").read_text("utf-8")
    assert "$" not in VARIABLE.sub("", text)


def scripts():
    for store, file in sorted(FILES.items()):
        for name, service in file["services"].items():
            for words in (service.get("command"), service.get("entrypoint")):
                if words and "-c" in words and words[0] in ("sh", "bash"):
                    script = words[words.index("-c") + 1].replace("$$", "$")
                    script = re.sub(r"\$\{[A-Z_]+:-([^}]*)\}", r"\1", script)
                    yield pytest.param(words[0], script, id=f"{store}-{name}")


@pytest.mark.parametrize(("shell", "script"), list(scripts()))
def test_scripts_are_of_their_shell(shell, script):
    done = subprocess.run([shell, "-n", "-c", script], capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")


def test_the_repository_of_graphdb_is_turtle():
    text = FILES["graphdb"]["configs"]["repository"]["content"]
    quads = list(ox.parse(text.encode(), format=ox.RdfFormat.TURTLE))
    assert [quad for quad in quads if quad.object == ox.Literal("trilateral")]


def test_fuseki_is_filled_by_its_file_once_for_each_version(tmp_path, build):
    """The one script that can run here, with the server that the file makes an image of."""
    if reason := Fuseki.missing():
        pytest.skip(reason)
    (jar,) = jars_of(ARTIFACT).glob("*.jar")
    text = (FOLDER / "fuseki.yaml").read_text("utf-8")
    assert f"{ARTIFACT[1]}:{ARTIFACT[2]}" in text
    with jar.open("rb") as file:
        assert f"{hashlib.file_digest(file, 'sha256').hexdigest()}  /fuseki/{jar.name}" in text
    store = tmp_path / "store"
    store.mkdir()
    script = FILES["fuseki"]["services"]["load"]["command"][-1].replace("$$", "$")
    for there, here in (("/fuseki.jar", jar), ("/store/", f"{store}/"), ("/dist/", f"{build}/")):
        assert there in script
        script = script.replace(there, str(here))
    begun = [store / "data", store / "loaded"]
    subprocess.run(["sh", "-c", script], check=True, capture_output=True)
    first = [path.stat().st_ctime_ns for path in begun]
    subprocess.run(["sh", "-c", script], check=True, capture_output=True)
    assert [path.stat().st_ctime_ns for path in begun] == first
    assert not (store / "aside").exists()
    assert list((store / "data").glob("Data-*"))
