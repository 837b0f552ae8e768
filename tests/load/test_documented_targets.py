"""Stores that cannot run here: their requests are held against what is documented of them.

Stardog: https://stardog-union.github.io/http-docs/, to ``/update`` of
the database. Neptune: https://docs.aws.amazon.com/neptune/latest/userguide/
access-graph-sparql-http-rest.html, as ``update`` of a form. QLever: https://docs.qlever.dev, to
the address of the server, with its token as a bearer.
"""

from urllib.parse import parse_qs

import pytest
from tests.load.conftest import standing

from trilateral.load.change import Change
from trilateral.load.graphs import graph_of
from trilateral.load.targets import find_target
from trilateral.load.transport import Transport
from trilateral.remote.credentials import Credentials
from trilateral.remote.errors import RemoteError

TRIPLE = '<urn:s> <urn:p> "ö & o"@en .\n'.encode()
CHANGE = Change({"urn:new": graph_of("urn:new", TRIPLE)}, ["urn:gone"])
UPDATE = (
    "DROP SILENT GRAPH <urn:new> ;\nDROP SILENT GRAPH <urn:gone> ;\n"
    'INSERT DATA {\nGRAPH <urn:new> {\n<urn:s> <urn:p> "ö & o"@en .\n}\n}\n'
)
PLAIN, FORM = "application/sparql-update", "application/x-www-form-urlencoded"


@pytest.mark.parametrize(
    ("store", "address", "path", "media_type", "queries"),
    [
        ("stardog", "/db", "/db/update", PLAIN, "/query"),
        ("neptune", "/sparql", "/sparql", FORM, ""),
        ("qlever", "/", "/", PLAIN, ""),
    ],
)
def test_a_change_is_one_update(store, address, path, media_type, queries):
    transport = Transport(Credentials("bearer", secret="t0k"))
    with standing("", lambda request, body: (200, {}, b"")) as server:
        target = find_target(server.url + address, store, transport)
        target.apply(CHANGE, transport)
        assert target.query == (server.url + address).rstrip("/") + queries
    [(method, asked, headers, body)] = server.requests
    assert (method, asked, headers["Content-Type"]) == ("POST", path, media_type)
    assert headers["Authorization"] == "Bearer t0k"
    text = parse_qs(body.decode())["update"][0] if media_type == FORM else body.decode()
    assert text == UPDATE
    assert target.whole == (store != "qlever")


@pytest.mark.parametrize("store", ["stardog", "neptune", "qlever"])
def test_a_refusal_is_told(store):
    with standing("", lambda request, body: (403, {}, b"read only")) as server:
        target = find_target(server.url, store, Transport())
        with pytest.raises(RemoteError, match="may not be written to"):
            target.apply(CHANGE, Transport())
