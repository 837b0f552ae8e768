"""What goes wrong in the middle leaves the old data, or all of the new, and a clear message."""

import pytest
from proof.stores.oxigraph import Oxigraph
from tests.load.conftest import CHANGED, HTTP, MARKER, break_off, dump, holds, standing

ARLAND = b"<https://w3id.org/trilateral/actor/arland> "


def answer_updates(status, headers=None, body=b"", before=lambda: None):
    """Let queries through, and answer each update, and what adds quads, so."""

    def reply(request, _):
        if not request.path.startswith(("/update", "/store")):
            return None
        before()
        return status, headers or {}, body

    return reply


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (507, 'its disk is full (HTTP status 507): "No space left on device".'),
        (500, "it refuses (HTTP status 500)"),
        (413, "it does not take as much at once (HTTP status 413)"),
        (403, "it may not be written to with these credentials, or is read-only"),
        (302, "it refuses (HTTP status 302)"),
    ],
)
def test_what_a_store_refuses_is_told_and_leaves_the_old_data(
    status, words, copy, later, trilateral
):
    before = dump(copy)
    elsewhere = {"Location": "http://127.0.0.1:1/"} if status == 302 else {}
    reply = answer_updates(status, elsewhere, b"No space left\n on device")
    with standing(copy, reply) as faulty:
        # One graph suffices, and fewer have to be compared first.
        done, _, err = trilateral(
            *("load", faulty.url, "--store", "oxigraph", "--build", later, "--graph", CHANGED)
        )
    assert done == 1
    assert words in err
    assert "The store holds what it held before." in err
    assert dump(copy) == before


def test_quads_that_break_off_or_cannot_be_read_are_not_added(tmp_path):
    """What a first load of Oxigraph relies on: a body of quads is one transaction."""
    good = b'<http://a.example/s> <http://a.example/p> "%d" <http://a.example/g> .\n'
    body = b"".join(good % number for number in range(50_000))
    with Oxigraph(tmp_path / "store") as store:
        url, media = f"{store.url}/store", {"Content-Type": "application/n-quads"}
        assert HTTP.post(url, content=body + b"<broken", headers=media).status_code == 400
        assert not dump(store.url)
        break_off(url, media, body)
        assert not dump(store.url)
        assert HTTP.post(url, content=body, headers=media).status_code == 204
        assert len(dump(store.url)) == 50_000


def test_a_network_that_is_cut_after_the_store_has_it_all_is_told_and_loading_again_is_nothing(
    copy, later, trilateral
):
    def reply(request, body):
        if not request.path.startswith("/update"):
            return None
        assert request._forward(body)[0] == 204
        return None, {}, b""

    with standing(copy, reply) as between:
        status, _, err = trilateral("load", between.url, "--store", "oxigraph", "--build", later)
    assert status == 1
    assert "the connection was lost" in err
    assert holds(copy, later)
    assert "nothing to do" in trilateral("load", copy, "--build", later)[1]


def test_a_store_that_keeps_less_than_it_was_sent_is_found_out(store, build, trilateral):
    def reply(request, body):
        if not request.path.startswith("/store"):
            return None
        # The line of one triple is lost on the way.
        lines = body.splitlines(keepends=True)
        number = next(at for at, line in enumerate(lines) if line.startswith(ARLAND))
        return request._forward(b"".join(lines[:number] + lines[number + 1 :]))

    with standing(store, reply) as lossy:
        status, _, err = trilateral("load", lossy.url, "--store", "oxigraph", "--build", build)
    assert status == 1
    assert "graph/actors/states: " in err
    assert " triples, expected " in err


def test_a_store_that_does_not_keep_which_version_it_is_is_found_out(store, build, trilateral):
    def reply(request, body):
        if not request.path.startswith("/store"):
            return None
        lines = body.splitlines(keepends=True)
        kept = [line for line in lines if not line.endswith(f"<{MARKER}> .\n".encode())]
        return request._forward(b"".join(kept))

    with standing(store, reply) as lossy:
        status, _, err = trilateral("load", lossy.url, "--store", "oxigraph", "--build", build)
    assert status == 1
    assert f"{MARKER}: it does not say which version it is" in err


def test_a_store_that_is_not_there_is_named_and_how_to_go_on(build, trilateral):
    status, _, err = trilateral("load", "http://127.0.0.1:9", "--build", build)
    assert status == 1
    assert "http://127.0.0.1:9: cannot be reached" in err
    assert "Nothing was sent." in err


def test_an_unknown_store_has_to_be_named(build, trilateral):
    with standing("", lambda request, body: (200, {"Server-Of": "pages"}, b"hello")) as page:
        status, _, err = trilateral("load", page.url, "--build", build)
        assert status == 2
        assert "Name it with --store: oxigraph, fuseki" in err
        status, _, err = trilateral("load", page.url, "--store", "oxigraph", "--build", build)
    assert status == 1
    assert "no answer to a query" in err


def test_a_graph_store_wants_to_know_where_queries_go(store, build, trilateral):
    status, _, err = trilateral("load", f"{store}/store", "--store", "gsp", "--build", build)
    assert status == 2
    assert "Add --query URL." in err
