"""A release: the same bytes twice, and every format says what N-Quads says."""

import gzip
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
import zipfile
from dataclasses import replace
from datetime import date
from io import BytesIO

import pyld
import pyoxigraph as ox
import pytest
import rdflib
from tests.conftest import WORLD
from tests.publish.conftest import DAY, ROOT, files, git, start

from trilateral import __version__
from trilateral.publish.metadata.citation import read_citation
from trilateral.publish.release import assemble, formats, writing
from trilateral.publish.release.plan import Plan
from trilateral.publish.release.refusals import RefusedError
from trilateral.serve.workers.source import load

WHOLE = ("nq", "trig", "jsonld", "ttl", "rdf")


@pytest.fixture(scope="module")
def manifest(released):
    return json.loads((released / "manifest.json").read_text("utf-8"))


def dataset(released, ending):
    return gzip.decompress((released / f"dataset.{ending}.gz").read_bytes())


@pytest.fixture(scope="module")
def releases(project, tmp_path_factory):
    """Two releases of one commit by the command, at once, in unlike places and surroundings."""
    elsewhere = tmp_path_factory.mktemp("elsewhere") / "a folder with spaces"
    previous = os.umask(0o077)
    git(project.parent, "clone", "--quiet", project, elsewhere)
    os.umask(previous)
    outs = [tmp_path_factory.mktemp("releases") / "out", elsewhere.parent / "deep" / "er" / "out"]
    arguments = ("publish", "release", "--date", DAY, "--out")
    running = [
        start(project, *arguments, outs[0], TZ="UTC", LC_ALL="C.UTF-8", PYTHONHASHSEED="1"),
        start(
            elsewhere, *arguments, outs[1],
            umask=0o077, TZ="Asia/Tokyo", LC_ALL="POSIX", PYTHONHASHSEED="2",
            PYTHONCOERCECLOCALE="0", PYTHONUTF8="0", SOURCE_DATE_EPOCH="0",
        ),
    ]  # fmt: skip
    for each in running:
        said, errors = each.communicate(timeout=900)
        assert each.returncode == 0, said + errors
        assert f"version {DAY} of the data, {__version__} of the model" in said
    return [out / DAY for out in outs]


def test_releases_in_unlike_surroundings_are_byte_equal(releases, released):
    one, *others = map(files, (*releases, released))
    for other in others:
        assert sorted(one) == sorted(other)
        assert [name for name in one if one[name] != other[name]] == []


def test_it_holds_each_kind_of_file(released):
    names = set(files(released))
    graphs = {
        f"graphs/{path.relative_to(WORLD / 'data').as_posix()}"
        for path in (WORLD / "data").rglob("*.ttl")
    } | {
        f"graphs/{path.relative_to(ROOT).as_posix()}" for path in (ROOT / "ontology").rglob("*.ttl")
    }
    assert {name for name in names if name.startswith("graphs/")} == graphs | {
        "graphs/agreement.ttl"
    }
    tables = {path.stem for path in (ROOT / "queries" / "tables").glob("*.rq")}
    assert {name for name in names if name.startswith("tables/")} == {
        f"tables/{table}.{ending}" for table in tables for ending in ("csv", "parquet")
    } | {"tables/csv-metadata.json"}
    assert {name for name in names if "/" not in name} == {
        *(f"dataset.{ending}.gz" for ending in WHOLE),
        *("ontology.ttl", "shapes.ttl", "context.jsonld", "counts.json", "counts.csv"),
        *(
            "trilateral.sqlite",
            "CITATION.cff",
            "LICENSE-data",
            "manifest.json",
            "SHA256SUMS",
            "README.md",
        ),
        *("dcat.ttl", "dcat.jsonld", "void.ttl", "schema.jsonld", "croissant.json"),
        *("ro-crate-metadata.json", "datacite.json", "codemeta.json", "README.md"),
    }


def test_the_page_on_publishing_names_each_kind_of_file(released):
    page = (ROOT / "docs" / "publish.md").read_text("utf-8")
    for path in released.iterdir():
        name = path.name.removeprefix("dataset") if path.suffix == ".gz" else path.name
        assert f"{name}`" in page or f"`{name}/" in page, name


def test_canonical_hash_is_that_of_an_independent_implementation(released, manifest):
    nquads = dataset(released, "nq")
    options = {"inputFormat": "application/n-quads", "format": "application/n-quads"}
    normalized = pyld.jsonld.normalize(nquads.decode(), {"algorithm": "URDNA2015", **options})
    assert manifest["rdfc10_sha256"] == hashlib.sha256(normalized.encode()).hexdigest()
    # As documented: the file is canonical N-Quads itself.
    assert manifest["rdfc10_sha256"] == hashlib.sha256(nquads).hexdigest()
    whole = {manifest["files"][f"dataset.{each}.gz"]["rdfc10_sha256"] for each in WHOLE[:3]}
    assert whole == {manifest["rdfc10_sha256"]}
    triples = {manifest["files"][f"dataset.{each}.gz"]["rdfc10_sha256"] for each in WHOLE[3:]}
    assert triples == {manifest["rdfc10_sha256_of_triples"]}


def lines(data, form):
    """What rdflib reads, as a set of N-Quads lines of pyoxigraph, which has one way to write."""
    read = rdflib.Dataset()
    read.parse(data=data, format=form)
    return set(ox.parse(read.serialize(format="nquads"), format=ox.RdfFormat.N_QUADS))


@pytest.mark.parametrize(("ending", "form"), [("trig", "trig"), ("jsonld", "json-ld")])
def test_formats_with_graphs_hold_the_same_quads_for_another_reader(released, ending, form):
    quads = set(ox.parse(dataset(released, "nq"), format=ox.RdfFormat.N_QUADS))
    assert len(quads) > 6000
    assert lines(dataset(released, ending), form) == quads


@pytest.mark.parametrize(("ending", "form"), [("ttl", "turtle"), ("rdf", "xml")])
def test_formats_without_graphs_hold_the_triples_of_all_for_another_reader(released, ending, form):
    quads = ox.parse(dataset(released, "nq"), format=ox.RdfFormat.N_QUADS)
    triples = {quad.triple for quad in quads}
    assert {each.triple for each in lines(dataset(released, ending), form)} == triples


def test_each_graph_alone_holds_what_it_holds_in_the_dataset(released):
    graphs = {}
    for quad in ox.parse(dataset(released, "nq"), format=ox.RdfFormat.N_QUADS):
        name = quad.graph_name.value.removeprefix("https://w3id.org/trilateral/graph/")
        graphs.setdefault(name, set()).add(quad.triple)
    for name, triples in graphs.items():
        path = released / "graphs" / f"{name}.ttl"
        assert {quad.triple for quad in ox.parse(path=path)} == triples, name


def test_json_ld_carries_the_context_that_lies_beside_it(released):
    document = json.loads(dataset(released, "jsonld"))
    beside = json.loads((released / "context.jsonld").read_text("utf-8"))
    assert document["@context"] == beside["@context"]
    assert beside["@context"]["holder"]["@type"] == "@id"


def test_a_format_that_says_something_else_is_refused(world, tmp_path, monkeypatch):
    """A planted fault: a writer of RDF/XML that loses a triple."""
    right = formats._rdf_xml
    lose = lambda store, nquads: right(store, nquads.split(b"\n", 1)[1])  # noqa: E731
    monkeypatch.setattr(formats, "_rdf_xml", lose)
    plan = Plan(world, tmp_path, date(2026, 3, 1), read_citation(ROOT))
    with pytest.raises(RefusedError, match=r"dataset\.rdf: it would not hold what dataset\.nq"):
        assemble.assemble(plan)


def test_json_ld_writes_iris_out_where_a_prefix_would_be_read_into_one():
    graph = "https://w3id.org/trilateral/graph/x"
    nquads = f'<skos:x> <urn:p> "a" <{graph}> .\n<urn:s> <urn:p> <skos:y> <{graph}-2> .\n'.encode()
    store = ox.Store()
    store.load(nquads, ox.RdfFormat.N_QUADS)
    # The class makes `skos` a prefix of the context.
    written = formats._json_ld(formats.read_graphs(nquads), formats_context(store))
    assert set(ox.parse(written, format=ox.RdfFormat.JSON_LD)) == set(store)


def formats_context(store):
    from trilateral.serve.linked_data import jsonld

    return jsonld.make_context(store)


def test_gzip_names_no_file_and_no_time(released):
    for ending in WHOLE:
        head = (released / f"dataset.{ending}.gz").read_bytes()[:8]
        # Magic number, deflate, no flags (so no name), time 0.
        assert head == b"\x1f\x8b\x08\x00" + bytes(4)


def test_checksums_are_those_that_coreutils_and_hashlib_compute(released, manifest):
    done = subprocess.run(
        ["sha256sum", "--check", "--strict", "--quiet", "SHA256SUMS"],
        cwd=released, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    listed = [line[66:] for line in (released / "SHA256SUMS").read_text("utf-8").splitlines()]
    assert listed == sorted(set(files(released)) - {"SHA256SUMS"})
    for name, entry in manifest["files"].items():
        data = (released / name).read_bytes()
        assert entry["bytes"] == len(data)
        assert entry["sha256"] == hashlib.sha256(data).hexdigest()
    assert set(manifest["files"]) == set(listed) - {"manifest.json"}


def test_manifest_names_version_model_and_commit(project, manifest):
    assert (manifest["version"], manifest["model"]) == (DAY, __version__)
    assert manifest["commit"] == git(project, "rev-parse", "HEAD").strip()
    assert manifest["left_out"] == []
    # By which the pages of a server or site of these data cite them.
    assert manifest["data"] == load(project / "data", None)[1]
    assert manifest["quads"] == sum(manifest["graphs"].values())
    assert manifest["things"]["tri:State"] == 4
    assert manifest["tables"]["memberships"] == 10


def test_counts_are_those_of_queries_written_here(released):
    counts = json.loads((released / "counts.json").read_text("utf-8"))
    quads = set(ox.parse(dataset(released, "nq"), format=ox.RdfFormat.N_QUADS))
    triples = {quad.triple for quad in quads}
    assert (counts["quads"], counts["triples"]) == (len(quads), len(triples))
    by_property, by_class, by_graph = {}, {}, {}
    for triple in triples:
        name = triple.predicate.value
        by_property[name] = by_property.get(name, 0) + 1
        if name == "http://www.w3.org/1999/02/22-rdf-syntax-ns#type":
            by_class[triple.object.value] = by_class.get(triple.object.value, 0) + 1
    for quad in quads:
        by_graph[quad.graph_name.value] = by_graph.get(quad.graph_name.value, 0) + 1
    assert counts["properties"] == by_property
    assert counts["classes"] == by_class
    assert counts["graphs"] == by_graph
    rows = (released / "counts.csv").read_bytes().decode().split("\r\n")
    assert rows[0] == "kind,iri,count"
    assert f"quads,,{len(quads)}" in rows
    assert "class,https://w3id.org/trilateral/ontology#State,4" in rows
    assert len(rows) == 1 + 5 + len(by_graph) + len(by_class) + len(by_property) + 1


def test_packages_carry_the_data_and_the_day(released):
    wheel = zipfile.ZipFile(released / "packages" / f"trilateral-{__version__}-py3-none-any.whl")
    inside = wheel.read("trilateral/dataset/data/actors/states.ttl")
    assert inside == (WORLD / "data" / "actors" / "states.ttl").read_bytes()
    assert {entry.date_time[:3] for entry in wheel.infolist()} == {(2026, 3, 1)}
    packed = (released / "packages" / f"trilateral-{__version__}.tar.gz").read_bytes()
    with tarfile.open(fileobj=BytesIO(packed)) as sdist:
        assert f"trilateral-{__version__}/data/actors/states.ttl" in sdist.getnames()


def test_data_of_ones_own_are_released_without_packages_and_say_so(tmp_path, world):
    shutil.copy(ROOT / "CITATION.cff", tmp_path)
    plan = Plan(world, tmp_path, date(2026, 3, 1), read_citation(tmp_path))
    made = assemble.assemble(plan)
    assert not [name for name in made if name.startswith("packages/")]
    assert "codemeta.json" not in made
    manifest = json.loads(made["manifest.json"])
    assert "wheel" in manifest["left_out"][0]
    assert manifest["commit"] is None


def test_without_its_libraries_it_says_what_to_install(project, tmp_path):
    program = (
        "import sys; sys.modules['pyarrow'] = None\n"
        "from trilateral import cli\n"
        f"sys.exit(cli.main(['publish', 'release', '--out', {str(tmp_path / 'out')!r}]))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        env=os.environ | {"PYTHONPATH": str(project / "scripts")},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 1
    assert "A release needs pyarrow, which" in done.stderr
    assert "pip install 'trilateral[publish]'" in done.stderr
    assert not (tmp_path / "out").exists()


@pytest.fixture(scope="module")
def shipped(home, tmp_path_factory):
    """The shipped data as a release; that they pass the checks is tested elsewhere."""
    out = tmp_path_factory.mktemp("shipped")
    # Seen from elsewhere, so that no packages are built: those of the world show how.
    plan = Plan(replace(home, root=out), out, date(2026, 12, 1), read_citation(home.root))
    writing.write(assemble.assemble(plan), plan.folder)
    return plan.folder


def test_the_shipped_data_loaded_again_have_the_same_canonical_hash(shipped, store):
    manifest = json.loads((shipped / "manifest.json").read_text("utf-8"))
    for ending, form in zip(WHOLE[:3], ("N_QUADS", "TRIG", "JSON_LD"), strict=True):
        quads = ox.parse(dataset(shipped, ending), format=getattr(ox.RdfFormat, form))
        # Sorted lines are the canonical form of data that have no blank nodes.
        written = {f"{quad} .\n" for quad in quads}
        assert not any(line.startswith("_:") or " _:" in _bare(line) for line in written)
        digest = hashlib.sha256("".join(sorted(written)).encode()).hexdigest()
        assert digest == manifest["rdfc10_sha256"]
    # The store of the Turtle files has all but the agreement figures, which a build computes.
    figures = [name for name in manifest["graphs"] if name.endswith("/agreement")]
    assert manifest["quads"] == len(store) + sum(manifest["graphs"][name] for name in figures)


def _bare(line):
    """A line of N-Quads without its IRIs and texts."""
    return re.sub(r'"(?:[^"\\]|\\.)*"|<[^>]*>', "", line)
