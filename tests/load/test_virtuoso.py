"""Virtuoso, started for real: loaded, checked, asked, killed, and what it cannot keep."""

import httpx
import pyoxigraph as ox
import pytest
from proof.stores.virtuoso import Virtuoso
from tests.load.conftest import (
    BASE,
    FOREIGN,
    HTTP,
    hash_of,
    put_foreign,
    quads_of,
    split,
    standing,
)

from trilateral.load.change import Change
from trilateral.load.graphs import graph_of
from trilateral.load.targets import find_target
from trilateral.load.transport import Transport
from trilateral.remote.credentials import Credentials
from trilateral.remote.errors import RemoteError

# Graphs that any Virtuoso has.
_BEGIN = 18
_ITS_OWN = ("http://www.openlin", "http://localuriqas", "http://www.w3.org/")
DAY = "http://www.w3.org/2001/XMLSchema#"


@pytest.fixture
def login(virtuoso, monkeypatch):
    monkeypatch.setenv("TRILATERAL_USER", virtuoso.user)
    monkeypatch.setenv("TRILATERAL_PASSWORD", virtuoso.password)
    monkeypatch.setenv("TRILATERAL_AUTH", "digest")
    return httpx.DigestAuth(virtuoso.user, virtuoso.password)


def dump(store):
    """All that it holds but for its own, and not by our client; below its 10,000 rows."""
    listed = ", ".join(f'"{begin}"' for begin in _ITS_OWN)
    query = (
        "SELECT ?s ?p ?o ?g WHERE { GRAPH ?g { ?s ?p ?o } "
        f"FILTER (SUBSTR(STR(?g), 1, {_BEGIN}) NOT IN ({listed})) }}"
    )
    answer = HTTP.post(
        f"{store.url}/sparql",
        data={"query": query},
        headers={"Accept": "application/sparql-results+json"},
    )
    rows = list(ox.parse_query_results(answer.content, format=ox.QueryResultsFormat.JSON))
    assert len(rows) < 10_000
    found = ox.Store()  # one form for equal values
    found.extend(ox.Quad(*row) for row in rows)
    return set(found)


def test_it_is_loaded_beside_and_swapped_checked_and_asked(
    virtuoso, login, build, later, trilateral
):
    put_foreign(f"{virtuoso.url}/sparql-graph-crud-auth", login)
    for each in (build, later):
        status, out, err = trilateral("load", virtuoso.url, "--build", each)
        assert status == 0, err
        assert "(virtuoso)" in out
        parts = split(dump(virtuoso))
        assert parts["ours"] == quads_of(each)
        assert hash_of(each) in {quad.object.value for quad in parts["marker"]}
        # And nothing is left beside.
        assert {quad.graph_name.value for quad in parts["foreign"]} == {FOREIGN}
    assert "nothing to do" in trilateral("load", virtuoso.url, "--build", later)[1]
    status, out, err = trilateral(
        "check", "--endpoint", f"{virtuoso.url}/sparql", "--build", later, "--all-graphs"
    )
    assert status == 0, out + err


def test_a_login_that_is_not_sent_as_a_digest_is_refused_and_the_remedy_named(
    virtuoso, login, build, later, trilateral, monkeypatch
):
    other = later if quads_of(build) <= dump(virtuoso) else build
    before = dump(virtuoso)
    monkeypatch.setenv("TRILATERAL_AUTH", "basic")
    status, _, err = trilateral("load", virtuoso.url, "--build", other)
    assert status == 1
    assert "TRILATERAL_AUTH=digest" in err
    assert dump(virtuoso) == before


def test_what_it_would_not_keep_is_found_out_before_the_swap(virtuoso, login):
    """A month and its first day are one value to it, so that one of both would be lost."""
    before = dump(virtuoso)
    days = (("2021-06", "gYearMonth"), ("2021-06-01", "date"))
    text = "".join(f'<urn:s> <urn:p> "{day}"^^<{DAY}{kind}> .\n' for day, kind in days)
    graph = graph_of(f"{BASE}graph/days", text.encode())
    transport = Transport(Credentials("digest", virtuoso.user, virtuoso.password))
    target = find_target(virtuoso.url, None, transport)
    with pytest.raises(RemoteError) as caught:
        target.apply(Change({graph.name: graph}), transport)
    assert "of 2 triples sent to" in caught.value.message
    assert "it keeps 1" in caught.value.message
    assert dump(virtuoso) == before


def test_a_checkpoint_is_made_before_the_swap_and_after_it_and_a_refusal_told():
    refused, told = [], []

    def reply(request, body):
        if b"checkpoint" in body:
            refused.append(len(server.requests))
            return 500, {}, b"No permission"
        return 200, {}, b'{"results": {"bindings": []}}'

    with standing("", reply) as server:
        transport = Transport(progress=told.append)
        find_target(server.url, "virtuoso", transport).swap({}, ["urn:gone"], transport)
    swap = next(at for at, (*_, body) in enumerate(server.requests, 1) if b"sql:log-enable" in body)
    assert refused == [swap - 1, swap + 1]
    lost = [text for text in told if "a crash of the store may lose a part" in text]
    assert len(lost) == 2
    assert all("No permission" in text for text in lost)


class Cramped(Virtuoso):
    """A Virtuoso whose transactions may be no longer than the tests' data need, or than a limit."""

    limit = 100_000

    def command(self):
        words = super().command()
        settings = self.folder / "virtuoso.ini"
        more = f"[Parameters]\nTransactionAfterImageLimit = {self.limit}\n"
        settings.write_text(settings.read_text().replace("[Parameters]\n", more))
        return words


def test_a_swap_that_is_too_long_for_its_log_is_told_and_is_all_that_is_left_to_do(
    virtuoso, login, build, trilateral, tmp_path
):
    with Cramped(tmp_path / "store") as store:
        status, _, err = trilateral("load", store.url, "--build", build)
        assert status == 1
        assert "Raise TransactionAfterImageLimit" in err
        assert "The store holds what it held before." in err
        assert not split(dump(store))["ours"]
        store.isql("checkpoint")
        store.stop()
        store.limit = 50_000_000
        store.start()
        status, _, err = trilateral("load", store.url, "--build", build)
        assert status == 0, err
        assert "graphs are beside already; going on" in err
        assert split(dump(store))["ours"] == quads_of(build)
