"""A Graph Store Protocol endpoint, graph by graph, and Fuseki, both started for real."""

import httpx
import pyoxigraph as ox
import pytest
from tests.load.conftest import (
    CHANGED,
    FOREIGN,
    HTTP,
    break_off,
    dump,
    hash_of,
    holds,
    put_foreign,
    quads_of,
    split,
    standing,
)


def gsp(url):
    return (f"{url}/store", "--store", "gsp", "--query", f"{url}/query")


def test_a_graph_store_is_loaded_graph_by_graph(store, build, later, trilateral):
    status, out, err = trilateral("load", *gsp(store), "--build", build)
    assert status == 0, err
    assert "sent, graph by graph" in out
    assert holds(store, build)


def test_a_load_that_broke_off_goes_on_where_it_stopped_and_claims_nothing_meanwhile(
    store, build, trilateral
):
    sent = []

    def reply(request, body):
        if request.command == "PUT" and len(sent) == 5:
            return 507, {}, b"disk full"
        if request.command == "PUT":
            sent.append(request.path)
        return None

    with standing(store, reply) as full:
        status, _, err = trilateral("load", *gsp(full.url), "--build", build)
    assert status == 1
    assert "its disk is full" in err
    assert "Some graphs may be new and others old." in err
    assert split(dump(store))["marker"] == set()
    with standing(store, lambda request, body: None) as between:
        status, _, err = trilateral("load", *gsp(between.url), "--build", build)
        again = [path for method, path, *_ in between.requests if method == "PUT"]
    assert status == 0, err
    assert set(sent).isdisjoint(again)
    assert holds(store, build)


# ---------------------------------------------------------------- Fuseki


@pytest.fixture
def login(fuseki, monkeypatch):
    monkeypatch.setenv("TRILATERAL_USER", fuseki.user)
    monkeypatch.setenv("TRILATERAL_PASSWORD", fuseki.password)
    monkeypatch.setenv("TRILATERAL_AUTH", "digest")
    return httpx.DigestAuth(fuseki.user, fuseki.password)


def dump_fuseki(fuseki, login):
    answer = HTTP.get(f"{fuseki.url}/data", auth=login, headers={"Accept": "application/n-quads"})
    answer.raise_for_status()
    kept = ox.Store()
    kept.load(answer.content, format=ox.RdfFormat.N_QUADS)
    return set(kept)


def test_fuseki_with_digests_is_loaded_checked_and_asked_as_a_whole(
    fuseki, login, build, later, trilateral
):
    put_foreign(f"{fuseki.url}/data", login)
    for each in (build, later):
        status, out, err = trilateral("load", fuseki.url, "--build", each)
        assert status == 0, err
        assert "(fuseki)" in out
        assert fuseki.password not in out + err
        parts = split(dump_fuseki(fuseki, login))
        assert parts["ours"] == quads_of(each)
        assert hash_of(each) in {quad.object.value for quad in parts["marker"]}
        assert len(parts["foreign"]) == 2
    assert "nothing to do" in trilateral("load", fuseki.url, "--build", later)[1]
    # Without others' data the union of all graphs is asked, which is faster.
    HTTP.delete(f"{fuseki.url}/data", params={"graph": FOREIGN}, auth=login).raise_for_status()
    endpoint = ("--endpoint", f"{fuseki.url}/query")
    status, out, err = trilateral("check", *endpoint, "--build", later, "--questions")
    assert status == 0, out + err


def test_fuseki_takes_all_of_an_update_or_nothing(fuseki, login):
    """Why one request suffices there: what fails at its end takes back its beginning."""
    before = dump_fuseki(fuseki, login)
    broken = f"DROP SILENT GRAPH <{CHANGED}> ; LOAD <http://127.0.0.1:9/nothing>"
    answer = HTTP.post(f"{fuseki.url}/update", data={"update": broken}, auth=login)
    assert answer.status_code >= 400
    assert dump_fuseki(fuseki, login) == before


def test_quads_of_a_form_that_breaks_off_are_not_added_to_fuseki(fuseki, login):
    """What a first load relies on; as a body of their own, a part of them is taken for all."""
    line = b'<http://a.example/s> <http://a.example/p> "%d" <http://a.example/broken> .\n'
    quads = b"".join(line % number for number in range(20_000))
    before = dump_fuseki(fuseki, login)
    challenge = HTTP.post(f"{fuseki.url}/data")
    flow = login.auth_flow(httpx.Request("POST", f"{fuseki.url}/data"))
    next(flow)
    answer = httpx.Response(401, headers=challenge.headers, request=challenge.request)
    signed = flow.send(answer).headers["Authorization"]
    head = (
        b'--end\r\nContent-Disposition: form-data; name="file"; filename="a.nq"\r\n'
        b"Content-Type: application/n-quads\r\n\r\n"
    )
    form = {"Content-Type": "multipart/form-data; boundary=end", "Authorization": signed}
    for part in (head + quads, head + quads + b"\r\n--en"):
        break_off(f"{fuseki.url}/data", form, part)
        assert dump_fuseki(fuseki, login) == before
    whole = HTTP.post(
        f"{fuseki.url}/data",
        content=head + quads + b"\r\n--end--\r\n",
        headers={"Content-Type": form["Content-Type"]},
        auth=login,
    )
    assert whole.status_code == 200
    assert len(dump_fuseki(fuseki, login) - before) == 20_000
    graph = {"graph": "http://a.example/broken"}
    HTTP.delete(f"{fuseki.url}/data", params=graph, auth=login).raise_for_status()


def test_oxigraph_takes_all_of_an_update_or_nothing(copy):
    before = dump(copy)
    broken = f"DROP SILENT GRAPH <{CHANGED}> ; LOAD <http://127.0.0.1:9/nothing>"
    answer = HTTP.post(f"{copy}/update", data={"update": broken})
    assert answer.status_code >= 400
    assert dump(copy) == before
