"""RDF4J and GraphDB do not run here: the requests are held against the protocol as documented.

https://rdf4j.org/documentation/reference/rest-api/: a POST to ``/transactions`` gives the
address of a transaction, which takes ``UPDATE``, ``ADD`` and ``COMMIT`` by PUT, and ends
without effect by DELETE.
"""

import pytest
from tests.load.conftest import standing

from trilateral.load.change import Change
from trilateral.load.graphs import graph_of
from trilateral.load.targets import find_target
from trilateral.load.transport import LostError, PartError, Transport
from trilateral.remote.errors import RemoteError

TRIPLE = b'<urn:s> <urn:p> "o"@en .\n'
CHANGE = Change({"urn:new": graph_of("urn:new", TRIPLE)}, ["urn:gone"])
REPOSITORY = "/rdf4j-server/repositories/R"
BEGIN = ("POST", f"{REPOSITORY}/transactions", None, b"")
# The server calls itself otherwise than its clients do, as behind a proxy.
BEGUN = (201, {"Location": f"http://inside:8080{REPOSITORY}/transactions/17"}, b"")
WITHIN = f"{REPOSITORY}/transactions/17"
REMOVE = (
    *("PUT", f"{WITHIN}?action=UPDATE", "application/sparql-update"),
    b"DROP SILENT GRAPH <urn:new> ;\nDROP SILENT GRAPH <urn:gone> ;\n",
)
ADD = (
    *("PUT", f"{WITHIN}?action=ADD", "application/n-quads"),
    b'<urn:s> <urn:p> "o"@en <urn:new> .\n',
)
COMMIT = ("PUT", f"{WITHIN}?action=COMMIT", None, b"")
ROLLBACK = ("DELETE", WITHIN, None, b"")


def apply(store, broken=None, answer=(500, {}, b"no")):
    """Make the change; what was sent, and the error. One request is answered otherwise."""

    def reply(request, body):
        if broken and (request.command, request.path) == broken[:2]:
            return answer
        return BEGUN if request.command == "POST" else (200, {}, b"")

    error = None
    with standing("", reply) as server:
        try:
            find_target(server.url + REPOSITORY, store, Transport()).apply(CHANGE, Transport())
        except RemoteError as caught:
            error = caught
    sent = [
        (method, path, headers.get("Content-Type"), body)
        for method, path, headers, body in server.requests
    ]
    return sent, error


@pytest.mark.parametrize("store", ["rdf4j", "graphdb"])
def test_a_change_is_one_transaction(store):
    assert apply(store) == ([BEGIN, REMOVE, ADD, COMMIT], None)


@pytest.mark.parametrize(("broken", "until"), [(REMOVE, [REMOVE]), (ADD, [REMOVE, ADD])])
def test_what_fails_within_it_takes_it_back(broken, until):
    sent, error = apply("rdf4j", broken)
    assert sent == [BEGIN, *until, ROLLBACK]
    assert "HTTP status 500" in error.message


def test_a_transaction_that_is_lost_at_its_end_is_told():
    sent, error = apply("rdf4j", COMMIT, (None, {}, b""))
    assert sent == [BEGIN, REMOVE, ADD, COMMIT]
    assert isinstance(error, LostError)


def test_a_commit_that_is_refused_may_leave_a_part_which_is_told():
    sent, error = apply("rdf4j", COMMIT)
    assert sent == [BEGIN, REMOVE, ADD, COMMIT]
    assert isinstance(error, PartError)
    assert "It may hold a part of what was sent." in error.repair


def test_what_is_no_repository_begins_none():
    sent, error = apply("rdf4j", BEGIN, (200, {}, b"welcome"))
    assert sent == [BEGIN]
    assert "began no transaction" in error.message
