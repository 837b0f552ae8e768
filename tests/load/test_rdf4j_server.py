"""RDF4J Server, started for real: loaded, checked, asked, and its transactions as we need them."""

import pyoxigraph as ox
import pytest
from tests.load.conftest import (
    CHANGED,
    FOREIGN,
    FOREIGN_TEXT,
    HTTP,
    NQUADS,
    hash_of,
    quads_of,
    split,
)


def dump(store):
    answer = HTTP.get(f"{store.url}/statements", headers={"Accept": NQUADS})
    answer.raise_for_status()
    kept = ox.Store()
    kept.load(answer.content, format=ox.RdfFormat.N_QUADS)
    return set(kept)


@pytest.fixture
def loaded(rdf4j, build, trilateral):
    """The repository with the tiny world beside others' data."""
    HTTP.put(
        f"{rdf4j.url}/rdf-graphs/service",
        params={"graph": FOREIGN},
        content=FOREIGN_TEXT,
        headers={"Content-Type": "text/turtle"},
    ).raise_for_status()
    status, _, err = trilateral("load", rdf4j.url, "--store", "rdf4j", "--build", build)
    assert status == 0, err
    return rdf4j


def test_it_is_loaded_in_one_transaction_checked_and_asked(loaded, build, later, trilateral):
    words = ("load", loaded.url, "--store", "rdf4j", "--build")
    for each, told in ((build, "nothing to do"), (later, "in one transaction")):
        status, out, err = trilateral(*words, each)
        assert status == 0, err
        assert told in out
        parts = split(dump(loaded))
        assert parts["ours"] == quads_of(each)
        assert hash_of(each) in {quad.object.value for quad in parts["marker"]}
        assert len(parts["foreign"]) == 2
    HTTP.delete(f"{loaded.url}/rdf-graphs/service", params={"graph": FOREIGN})
    endpoint = ("--endpoint", loaded.url)
    status, out, err = trilateral("check", *endpoint, "--build", later, "--questions")
    assert status == 0, out + err


def test_it_takes_all_of_an_update_or_nothing(loaded):
    before = dump(loaded)
    broken = f"DROP SILENT GRAPH <{CHANGED}> ; LOAD <http://127.0.0.1:9/nothing>"
    answer = HTTP.post(f"{loaded.url}/statements", data={"update": broken})
    assert answer.status_code >= 400
    assert dump(loaded) == before
