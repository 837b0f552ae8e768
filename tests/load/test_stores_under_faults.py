"""Stores that are killed, cut off or left without room while they are loaded, started for real.

Whatever happens, a store holds all of the old version or all of the new one, and the next load is
whole. Held against each other are sets of quads: no graph of ours has blank nodes, so that equal
sets are equal canonical hashes.
"""

import shutil
import signal
import threading
from functools import cache

import pyoxigraph as ox
import pytest
from tests.conftest import WORLD
from tests.load.conftest import (
    FOREIGN_TEXT,
    GRAPH,
    MARKER,
    build_of,
    hash_of,
    quads_of,
    split,
    version_of,
)
from tests.load.victims import VICTIMS
from tests.load.wire import points, wired

SCHEMA = "https://schema.org/"
EITHER = "It holds either what it held before or all that was sent, never a part. Load again"
FOREIGN_TRIPLES = {quad.triple for quad in ox.parse(FOREIGN_TEXT, format=ox.RdfFormat.TURTLE)}
ISOLATED = [name for name, kind in VICTIMS.items() if kind.isolated]
WITH_USERS = [name for name in VICTIMS if name not in ("oxigraph", "blazegraph")]
NOTE = '<{}> <http://www.w3.org/2004/02/skos/core#editorialNote> "{}: {}"@en .\n'


def more_of(folder, word):
    """A build of a version in which each file of the tiny world says something more, and new."""
    data = folder / "data"
    shutil.copytree(WORLD / "data", data)
    for path in sorted(data.rglob("*.ttl")):
        with path.open("a", encoding="utf-8") as file:
            file.write(NOTE.format(GRAPH + word, word, f"{path.name} " * 200))
    (data / "actors" / "offices.ttl").rename(data / "actors" / "posts.ttl")
    return build_of(data, folder / "dist")


@pytest.fixture(scope="module")
def revised(tmp_path_factory):
    return more_of(tmp_path_factory.mktemp("revised"), "revised")


@pytest.fixture(scope="module")
def larger(tmp_path_factory):
    """A version with terms that no store has room for yet."""
    return more_of(tmp_path_factory.mktemp("larger"), "larger")


@pytest.fixture(scope="module", params=VICTIMS)
def victim(request, tmp_path_factory):
    kind = VICTIMS[request.param]
    if reason := kind.missing():
        pytest.skip(reason)
    with kind(tmp_path_factory.mktemp(kind.name) / "store") as store:
        store.put_foreign()
        yield store


version = cache(quads_of)


def held(quads, *builds):
    """The one of some builds that a store holds, whole, and says so, beside others' data."""
    parts = split(quads)
    assert {quad.triple for quad in parts["foreign"]} == FOREIGN_TRIPLES
    told = {quad.predicate.value: quad.object.value for quad in parts["marker"]}
    for build in builds:
        marker = {f"{SCHEMA}version": version_of(build), f"{SCHEMA}sha256": hash_of(build)}
        if parts["ours"] == version(build) and told == marker:
            return build
    return None


@pytest.fixture
def load(victim, trilateral, monkeypatch):
    """Load a build into the store, or by way of a wire; status and messages."""

    def load(build, wire=None, login=None, again=False):
        user, password = login or (victim.user, victim.password)
        if user:
            told = {"USER": user, "PASSWORD": password, "AUTH": victim.scheme}
            for name, value in told.items():
                monkeypatch.setenv(f"TRILATERAL_{name}", value)
        url = wire.url_of(victim.url) if wire else victim.url
        status, _, err = trilateral(
            "load", url, "--store", victim.name, "--build", build, *again * ["--again"]
        )
        return status, err

    return load


@pytest.fixture
def old(victim, load, build):
    """The build that the store holds when a test begins."""
    if not held(victim.dump(), build):
        assert load(build)[0] == 0
    assert held(victim.dump(), build) == build
    return build


@pytest.fixture
def ten(victim, load, old, revised):
    """Ten points of the load of the revised version over the old one."""
    if not victim.ten:
        victim.clear()
        with wired(victim) as wire:
            assert load(revised, wire)[0] == 0
        assert held(victim.dump(), revised)
        assert load(old)[0] == 0
        victim.ten = points(wire.sizes)
    assert len(victim.ten) == 10
    return victim.ten


def attempt(victim, load, build, point, then=lambda: None, **options):
    """Load by way of a wire that breaks; what the store held just before that, and the message."""
    seen = []

    def break_off():
        seen.append(victim.dump())
        then()

    victim.clear()
    with wired(victim, point, break_off, **options) as wire:
        status, err = load(build, wire)
    assert (status, len(seen)) == (1, 1), err
    assert "the connection was lost" in err
    if victim.recovers or point.request != victim.ten[-1].request:
        assert EITHER in err
    else:
        assert "perhaps a part. Load again" in err
    return seen[0]


def test_cut_off_at_ten_points_it_holds_one_version_and_takes_the_next_load(
    victim, load, old, revised, ten
):
    for point in ten[:-1]:
        seen = attempt(victim, load, revised, point)
        # A reader meets the old version while the load lasts, and so after it was cut off.
        assert held(seen, old), point
        assert held(victim.dump(), old), point
    # The store has made the change, and its answer is lost.
    attempt(victim, load, revised, ten[-1], answered=True)
    assert held(victim.dump(), revised)
    assert load(old)[0] == 0
    assert held(victim.dump(), old)
    assert victim.beside() == 0


def test_killed_at_ten_points_it_holds_one_version_and_takes_the_next_load(
    victim, load, old, revised, ten
):
    def kill():
        victim.stop(signal.SIGKILL)

    for point in ten:
        seen = attempt(victim, load, revised, point, kill)
        victim.start()
        there = victim.dump()
        if point == ten[-1]:
            # It had all, so that it may have made the change, which no reader saw half of.
            assert held(there, old, revised) or not victim.recovers
            assert held(seen, old, revised) or not victim.isolated
        else:
            assert held(seen, old), point
            assert held(there, old), point
    # What it was said to hold it still has after a crash at once.
    status, err = load(revised)
    if status and not victim.recovers:
        # Its graphs are whole, and an index of them is not, which the load finds out.
        assert "with --again" in err
        status, err = load(revised, again=True)
    assert status == 0, err
    kill()
    victim.start()
    assert held(victim.dump(), revised)
    assert victim.beside() == 0


def test_on_a_full_disk_it_keeps_one_version_and_takes_the_load_once_there_is_room(
    victim, load, old, larger
):
    victim.fill_the_disk()
    status, err = load(larger)
    victim.make_room()
    assert status == 1
    there = victim.dump()
    if "The store holds what it held before." in err:
        assert held(there, old)
    else:
        assert held(there, old, larger)
    assert load(larger)[0] == 0
    assert held(victim.dump(), larger)
    assert victim.beside() == 0


@pytest.mark.parametrize("victim", ISOLATED, indirect=True)
def test_a_reader_never_sees_half_of_a_load(victim, load, old, revised):
    """In each single query either all of one version or all of the other.

    Virtuoso keeps readers apart only until the swap, as the cuts show.
    """
    query = (
        "SELECT ?hash (COUNT(*) AS ?quads) WHERE { "
        f"GRAPH <{MARKER}> {{ ?marker <{SCHEMA}sha256> ?hash }} "
        f'GRAPH ?g {{ ?s ?p ?o }} FILTER (STRSTARTS(STR(?g), "{GRAPH}")) }} GROUP BY ?hash'
    )
    seen, done = [], threading.Event()

    def read():
        while not done.wait(0.01):
            rows = victim.rows(query)
            seen.append([(digest.value, int(quads.value)) for digest, quads in rows])

    reader = threading.Thread(target=read)
    reader.start()
    try:
        assert load(revised)[0] == 0
    finally:
        done.set()
        reader.join()
    assert {len(rows) for rows in seen} == {1}
    assert {row for rows in seen for row in rows} <= {
        (hash_of(build), len(version(build))) for build in (old, revised)
    }


@pytest.mark.parametrize("victim", WITH_USERS, indirect=True)
def test_a_wrong_password_is_told_and_changes_nothing(victim, load, old, revised):
    status, err = load(revised, login=(victim.user, "wrong-9"))
    assert status == 1
    assert "does not take these credentials (HTTP status 401)" in err
    assert "wrong-9" not in err
    assert held(victim.dump(), old)


def test_where_nobody_may_write_that_is_told_and_nothing_changed(victim, load, old, revised):
    reader = victim.forbid()
    try:
        status, err = load(revised, login=reader)
        assert status == 1
        assert "read-only" in err
        assert "The store holds what it held before." in err
        assert held(victim.dump(), old)
        # What it holds already it can be told to hold all the same.
        assert load(old, login=reader)[0] == 0
    finally:
        victim.allow()


@pytest.mark.parametrize("victim", ["rdf4j"], indirect=True)
def test_rdf4j_without_room_for_its_indexes_is_not_said_to_hold_what_it_held(
    victim, load, old, larger
):
    """It may hold a part then, or be damaged (docs/load.md), so that this test is the last."""
    victim.room = min(path.stat().st_size for path in victim.folder.rglob("triples-*.dat"))
    victim.fill_the_disk()
    status, err = load(larger)
    assert status == 1
    assert "It may hold a part of what was sent." in err
    assert "what it held before" not in err
