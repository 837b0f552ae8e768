"""Builds: the same bytes every time, a hash that others can compute, and no half-written dist."""

import hashlib
import json
import shutil
from pathlib import Path

import pyld
import pyoxigraph as ox
import pytest
from tests.conftest import WORLD

from trilateral import dataset
from trilateral.build import assemble, write
from trilateral.errors import TrilateralError
from trilateral.home import find_home


@pytest.fixture(scope="module")
def files(world):
    return assemble.assemble(dataset.read_valid(world))


def test_two_builds_are_byte_equal(world, files):
    assert assemble.assemble(dataset.read_valid(world)) == files


def test_order_of_files_and_triples_does_not_matter(world, files):
    data = dataset.read_valid(world)
    turned = dataset.Dataset(data.home, dict(reversed(data.files.items())))
    for file in turned.files.values():
        file.triples.reverse()
    assert assemble.assemble(turned) == files


def test_one_named_graph_per_file_and_every_serialization_says_the_same(world, files):
    quads = set(ox.parse(files["dataset.nq"], format=ox.RdfFormat.N_QUADS))
    trig = set(ox.parse(files["dataset.trig"], format=ox.RdfFormat.TRIG))
    merged = set(ox.parse(files["dataset.ttl"], format=ox.RdfFormat.TURTLE))
    assert trig == quads
    assert {quad.triple for quad in merged} == {quad.triple for quad in quads}
    graphs = {quad.graph_name.value for quad in quads}
    base = "https://w3id.org/trilateral/graph/"
    expected = {
        base + path.relative_to(WORLD / "data").with_suffix("").as_posix()
        for path in (WORLD / "data").rglob("*.ttl")
    } | {
        base + path.relative_to(world.root).with_suffix("").as_posix()
        for path in world.ontology.rglob("*.ttl")
    }
    assert graphs == expected | {base + "agreement"}


def test_hash_is_the_one_that_an_independent_implementation_computes(files):
    manifest = json.loads(files["manifest.json"])
    normalized = pyld.jsonld.normalize(
        files["dataset.nq"].decode(),
        {
            "algorithm": "URDNA2015",
            "inputFormat": "application/n-quads",
            "format": "application/n-quads",
        },
    )
    digest = hashlib.sha256(normalized.encode()).hexdigest()
    assert manifest["rdfc10_sha256"] == digest


def test_manifest_counts_and_digests_are_those_of_the_files(files):
    manifest = json.loads(files["manifest.json"])
    assert manifest["quads"] == sum(manifest["graphs"].values())
    assert set(manifest["files"]) == set(files) - {"manifest.json"}
    for name, entry in manifest["files"].items():
        assert entry["bytes"] == len(files[name])
        assert entry["sha256"] == hashlib.sha256(files[name]).hexdigest()


# Counted by hand in tests/world. The Harbour League is framework and organization, so it counts in
# both; Dorland in the Tidal Pact and two more memberships are asserted, seven are on record.
COUNTED = {
    "tri:Affiliation": (12, "affiliations"),
    "tri:Affiliation with tri:office": (4, "terms of office"),
    "tri:Economy": (1, "economy"),
    "tri:Figure": (1, "figure"),
    "tri:Framework": (7, "frameworks"),
    "tri:Membership": (10, "memberships"),
    "tri:Office": (2, "offices"),
    "tri:Organization": (6, "organizations"),
    "tri:Person": (6, "people"),
    "tri:Phase": (3, "phases"),
    "tri:Register": (4, "registers"),
    "tri:Stance": (17, "stances"),
    "tri:State": (4, "states"),
    "tri:UnnamedParty": (1, "unnamed party"),
}


def test_manifest_counts_things_by_class(files):
    things = json.loads(files["manifest.json"])["things"]
    assert {name: things[name] for name in COUNTED} == {
        name: count for name, (count, _) in COUNTED.items()
    }
    assert list(things) == sorted(things)
    # Only what data describe: no terms, no values of lists, no agreement figures.
    assert not {"tri:Role", "owl:Class", "qb:Observation", "qb:DataSet"} & set(things)


def test_a_thing_told_of_in_two_files_counts_once_and_a_class_without_things_not(tmp_path):
    for number in (1, 2):
        (tmp_path / f"{number}.ttl").write_text(
            "@prefix actor: <https://w3id.org/trilateral/actor/> .\n"
            "@prefix tri: <https://w3id.org/trilateral/ontology#> .\n"
            f"actor:arland a tri:State . actor:land-{number} a tri:State , tri:Nothing .\n"
        )
    data = dataset.read_valid(find_home(tmp_path))
    assert assemble.count_things(data) == {"tri:State": 3}
    assert assemble.describe_things(data, {"tri:State": 3}) == [(3, "states")]


def snapshot(folder):
    return {path.name: path.read_bytes() for path in Path(folder).iterdir()}


def build_of(**files):
    """A build of these files: their manifest names them."""
    return files | {"manifest.json": json.dumps({"files": dict.fromkeys(files)}).encode()}


def test_write_swaps_the_whole_folder(tmp_path):
    out = tmp_path / "dist"
    write.write(build_of(old=b"x"), out)
    write.write(build_of(new=b"y"), out)
    assert snapshot(out) == build_of(new=b"y")
    assert [path.name for path in tmp_path.iterdir()] == ["dist"]


def test_write_replaces_what_a_link_leads_to_and_keeps_the_link(tmp_path):
    (tmp_path / "dist").symlink_to("real")
    (tmp_path / "real").mkdir()
    write.write(build_of(new=b"y"), tmp_path / "dist")
    assert (tmp_path / "dist").is_symlink()
    assert snapshot(tmp_path / "real") == build_of(new=b"y")


@pytest.mark.parametrize("name", ["precious.txt", "manifest.json"])
def test_write_refuses_a_folder_that_is_no_build(name, tmp_path):
    (tmp_path / name).write_text("mine")
    with pytest.raises(TrilateralError, match="not the output of a build"):
        write.write(build_of(), tmp_path)
    assert snapshot(tmp_path) == {name: b"mine"}


def test_an_error_while_writing_leaves_the_old_build(tmp_path):
    out = tmp_path / "dist"
    write.write(build_of(), out)
    with pytest.raises(TrilateralError, match="as it was"):
        write.write({"no/such/folder": b"x", **build_of()}, out)
    assert snapshot(out) == build_of()
    assert [path.name for path in tmp_path.iterdir()] == ["dist"]


def test_command_builds_the_world_twice_alike(run, tmp_path):
    for name in ("one", "two"):
        done = run("build", "--data", WORLD / "data", "--out", tmp_path / name)
        assert done.returncode == 0, done.stdout + done.stderr
    assert snapshot(tmp_path / "one") == snapshot(tmp_path / "two")
    manifest = json.loads((tmp_path / "one" / "manifest.json").read_text())
    assert manifest["rdfc10_sha256"] in done.stdout
    lines = done.stdout.splitlines()
    quads = next(at for at, line in enumerate(lines) if " quads in " in line)
    shown = [line.strip() for line in lines[quads + 1 : -1]]
    assert {f"{count} {name}" for count, name in COUNTED.values()} <= set(shown)
    assert len(shown) == len(manifest["things"])


def test_data_of_ones_own_are_named_as_the_user_named_them(run, tmp_path):
    shutil.copytree(WORLD / "data", tmp_path / "mine")
    path = tmp_path / "mine" / "actors" / "states.ttl"
    path.write_text(path.read_text(encoding="utf-8") + "oops", encoding="utf-8")
    done = run("build", "--data", tmp_path / "mine", "--out", tmp_path / "dist")
    assert done.returncode == 1
    assert "mine/actors/states.ttl:" in done.stdout
