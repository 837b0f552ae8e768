"""A store that was loaded holds the dataset, all of it, and nothing else was touched."""

import gzip
import hashlib
import json
import threading

import httpx
import pyoxigraph as ox
import pytest
from proof.stores.oxigraph import Oxigraph
from tests.load.conftest import (
    CHANGED,
    FOREIGN,
    FOREIGN_TEXT,
    GONE,
    GRAPH,
    HTTP,
    MARKER,
    NEW,
    dump,
    fill,
    hash_of,
    holds,
    quads_of,
    split,
    standing,
)

JSON = "application/sparql-results+json"


def foreign():
    triples = [quad.triple for quad in ox.parse(FOREIGN_TEXT, format=ox.RdfFormat.TURTLE)]
    graphs = (ox.NamedNode(FOREIGN), ox.DefaultGraph())
    return {ox.Quad(*triple, graph) for triple in triples for graph in graphs}


def test_all_is_there_after_a_load_and_what_others_have_too(store, build, trilateral):
    status, out, err = trilateral("load", store, "--build", build)
    assert status == 0, err
    assert holds(store, build)
    assert split(dump(store))["foreign"] == foreign()
    graphs = {quad.graph_name.value for quad in quads_of(build)}
    assert f"graphs: {len(graphs)} new, 0 replaced, 0 removed, 0 as they are" in out
    assert f"verified: {len(quads_of(build)):,} quads in {len(graphs)} graphs" in out
    assert f"--endpoint {store}/query" in out
    assert hash_of(build) in out


def test_loading_again_changes_nothing_and_needs_no_right_to_write(
    tmp_path, build, later, trilateral
):
    with Oxigraph(tmp_path / "store") as writable:
        fill(writable.url, build)
    with Oxigraph(tmp_path / "store", read_only=True) as read_only:
        before = dump(read_only.url)
        status, out, _ = trilateral("load", read_only.url, "--build", build)
        assert status == 0
        assert "nothing to do" in out
        assert f"{len({quad.graph_name for quad in quads_of(build)})} as they are" in out
        # Another version has to be written, which this server does not allow.
        status, _, err = trilateral("load", read_only.url, "--build", later)
        assert status == 1
        assert "read-only" in err
        assert "HTTP status 403" in err
        assert "The store holds what it held before." in err
        assert dump(read_only.url) == before


def test_another_version_replaces_what_differs_and_removes_what_is_gone(
    shared, build, later, trilateral
):
    before = dump(shared)
    status, out, _ = trilateral("load", shared, "--build", later, "--dry-run")
    assert status == 0
    assert f"  new  {NEW}\n  replaced  {CHANGED}\n  removed  {GONE}\n" in out
    assert "1 would be new, 1 would be replaced, 1 would be removed" in out
    assert dump(shared) == before
    status, out, _ = trilateral("load", shared, "--build", later)
    assert status == 0
    assert "graphs: 1 new, 1 replaced, 1 removed," in out
    assert holds(shared, later)
    assert split(dump(shared))["foreign"] == foreign()


def test_json_tells_what_was_done(store, build, trilateral):
    status, out, _ = trilateral("load", store, "--build", build, "--json", "--all-graphs")
    told = json.loads(out)
    names = sorted({quad.graph_name.value for quad in quads_of(build)})
    assert (status, told["store"], told["rdfc10_sha256"]) == (0, "oxigraph", hash_of(build))
    assert (told["graphs"]["new"], told["compared"]) == (names, names)
    assert told["quads_sent"] == len(quads_of(build))


def test_what_was_spoilt_in_the_store_is_repaired_and_nothing_else_is_sent(copy, build, trilateral):
    swap = (
        f"DELETE {{ GRAPH <{CHANGED}> {{ ?s ?p ?o }} }} "
        f"INSERT {{ GRAPH <{CHANGED}> {{ ?s <http://example.org/p> ?o }} }} "
        f"WHERE {{ {{ SELECT * {{ GRAPH <{CHANGED}> {{ ?s ?p ?o }} }} ORDER BY ?o LIMIT 1 }} }}"
    )
    HTTP.post(f"{copy}/update", data={"update": swap}).raise_for_status()
    _, out, _ = trilateral("load", copy, "--build", build)
    assert "graphs: 0 new, 1 replaced, 0 removed," in out
    assert holds(copy, build)


def test_again_sends_what_is_there_too(copy, build, trilateral):
    _, out, _ = trilateral("load", copy, "--build", build)
    assert "nothing to do" in out and "quads sent" not in out
    names = {quad.graph_name.value for quad in quads_of(build)}
    for words, graphs, sent in (
        ((), len(names), len(quads_of(build))),
        (("--graph", CHANGED), 1, sum(q.graph_name.value == CHANGED for q in quads_of(build))),
    ):
        status, out, err = trilateral("load", copy, "--build", build, "--again", *words)
        assert status == 0, err
        assert f"graphs: 0 new, {graphs} replaced, 0 removed, 0 as they are" in out
        assert f"{sent:,} quads sent" in out
        assert holds(copy, build) or words
        assert quads_of(build) <= dump(copy)


def test_a_store_that_counts_other_than_its_graphs_is_told_from_one_that_was_changed(
    copy, build, trilateral
):
    """As one whose index of properties lost a triple in a crash: its graphs are as they were."""

    def miscount(request, body):
        if request.path == "/query" and b"property" in body and b"SUM" in body:
            headers = {"Content-Type": request.headers["Content-Type"], "Accept": JSON}
            rows = HTTP.post(f"{copy}/query", content=body, headers=headers).json()
            for row in rows["results"]["bindings"][:1]:
                row["triples"]["value"] = str(int(row["triples"]["value"]) - 1)
            return 200, {"Content-Type": JSON}, json.dumps(rows).encode()
        return None

    with standing(copy, miscount) as store:
        status, _, err = trilateral("load", store.url, "--store", "oxigraph", "--build", build)
    assert status == 1
    assert "1 difference in all. Each graph has as many triples as it should" in err
    assert "--again" in err
    swap = f"DELETE WHERE {{ GRAPH <{CHANGED}> {{ ?s ?p ?o }} }}"

    def disturb(request, body):
        if request.path == "/query" and b"property" in body and b"SUM" in body:
            HTTP.post(f"{copy}/update", data={"update": swap}).raise_for_status()

    with standing(copy, disturb) as store:
        status, _, err = trilateral("load", store.url, "--store", "oxigraph", "--build", build)
    assert status == 1
    assert "Another program may have written to the store; load again." in err


def test_one_graph_alone_is_loaded_and_ends_the_claim_to_another_version(
    copy, build, later, trilateral
):
    status, out, err = trilateral("load", copy, "--build", later, "--graph", "graph:events/places")
    assert status == 0, err
    assert "graphs: 0 new, 1 replaced, 0 removed, 0 as they are" in out
    parts = split(dump(copy))
    of = {name: {q for q in quads if q.graph_name.value == CHANGED}
          for name, quads in (("there", parts["ours"]), ("later", quads_of(later)))}  # fmt: skip
    assert of["there"] == of["later"]
    rest = {quad for quad in quads_of(build) if quad.graph_name.value != CHANGED}
    assert parts["ours"] - of["there"] == rest
    assert parts["marker"] == set()
    # Of the version that the copy holds, a graph leaves the claim as it is.
    trilateral("load", copy, "--build", build)
    trilateral("load", copy, "--build", build, "--graph", CHANGED)
    assert holds(copy, build)


def test_a_graph_that_is_not_there_is_named_with_those_near(store, build, trilateral):
    before = dump(store)
    status, _, err = trilateral("load", store, "--build", build, "--graph", GRAPH + "events/place")
    assert status == 2
    assert f"has no such graph.\nDid you mean:\n  {CHANGED}" in err
    assert dump(store) == before


def test_a_reader_never_sees_half_of_a_load_in_parts(copy, build, later, trilateral):
    """Sees either all of one version or all of the other, in each single query."""
    sizes = {hash_of(each): len(quads_of(each)) for each in (build, later)}
    query = (
        "SELECT ?hash (COUNT(*) AS ?quads) WHERE { "
        f"GRAPH <{MARKER}> {{ ?marker <https://schema.org/sha256> ?hash }} "
        f'GRAPH ?g {{ ?s ?p ?o }} FILTER (STRSTARTS(STR(?g), "{GRAPH}")) }} GROUP BY ?hash'
    )
    seen, done = [], threading.Event()

    def read():
        headers = {"Accept": "application/sparql-results+json"}
        with httpx.Client(timeout=60, trust_env=False) as client:
            while not done.wait(0.01):
                answer = client.post(f"{copy}/query", data={"query": query}, headers=headers)
                rows = answer.json()["results"]["bindings"]
                seen.append([(row["hash"]["value"], int(row["quads"]["value"])) for row in rows])

    reader = threading.Thread(target=read)
    reader.start()
    try:
        for each in (later, build):
            assert trilateral("load", copy, "--build", each, "--in-parts")[0] == 0
    finally:
        done.set()
        reader.join()
    assert {row for rows in seen for row in rows} == set(sizes.items())
    assert {len(rows) for rows in seen} == {1}


def test_data_of_a_folder_are_loaded_like_a_build(store, build, trilateral):
    from tests.conftest import WORLD

    assert trilateral("load", store, "--data", WORLD / "data")[0] == 0
    assert holds(store, build)


@pytest.fixture
def release(build, tmp_path):
    """What a load reads of a release."""
    folder = tmp_path / "2026-11-30"
    folder.mkdir()
    packed = gzip.compress((build / "dataset.nq").read_bytes(), 1)
    (folder / "dataset.nq.gz").write_bytes(packed)
    manifest = json.loads((build / "manifest.json").read_text("utf-8"))
    manifest["files"] = {"dataset.nq.gz": {"sha256": hashlib.sha256(packed).hexdigest()}}
    (folder / "manifest.json").write_text(json.dumps(manifest))
    return folder


def test_a_release_is_loaded_like_its_build(store, build, release, trilateral):
    status, _, err = trilateral("load", store, "--release", release)
    assert status == 0, err
    assert holds(store, build)


def test_a_release_of_other_data_than_it_says_is_refused(store, release, trilateral):
    packed = gzip.compress(b"<urn:a> <urn:b> <urn:c> <urn:d> .\n")
    (release / "dataset.nq.gz").write_bytes(packed)
    before = dump(store)
    _, _, err = trilateral("load", store, "--release", release)
    assert "it is not the file of its manifest" in err
    manifest = json.loads((release / "manifest.json").read_text("utf-8"))
    manifest["files"]["dataset.nq.gz"]["sha256"] = hashlib.sha256(packed).hexdigest()
    (release / "manifest.json").write_text(json.dumps(manifest))
    status, _, err = trilateral("load", store, "--release", release)
    assert status == 1
    assert "it has another canonical hash" in err
    assert dump(store) == before


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (lambda folder: (folder / "manifest.json").unlink(), "this is no build"),
        (lambda folder: (folder / "manifest.json").write_text("{}"), "this is no build"),
        (lambda folder: (folder / "dataset.nq").write_bytes(b""), "not the file of its manifest"),
    ],
)
def test_a_spoilt_build_is_refused_before_anything_is_sent(
    spoil, words, store, build, tmp_path, trilateral
):
    import shutil

    copy = shutil.copytree(build, tmp_path / "copy")
    spoil(copy)
    before = dump(store)
    status, _, err = trilateral("load", store, "--build", copy)
    assert status == 1
    assert words in err
    assert "trilateral build --out DIR" in err
    assert dump(store) == before
