"""The W3C's own cases, from a checkout of https://github.com/w3c/rdf-tests, if there is one.

``TRILATERAL_W3C_TESTS`` names its folder. A server that only reads is asked what they ask:
queries and what is wrong must be answered as they say, updates and writing with 403, and of
the graph store the requests that read a graph as it was put. Without the folder there is
nothing to run here; `test_protocol` and `test_graph_store` have cases of our own for each.
"""

import hashlib
import json
import os
import re
import urllib.parse
from contextlib import contextmanager
from pathlib import Path

import httpx
import pyoxigraph as ox
import rdflib
from rdflib.collection import Collection
from rdflib.namespace import RDF

FOLDER = os.environ.get("TRILATERAL_W3C_TESTS")
MF = rdflib.Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#")
HT = rdflib.Namespace("http://www.w3.org/2011/http#")
CNT = rdflib.Namespace("http://www.w3.org/2011/content#")
UT = rdflib.Namespace("http://www.w3.org/2009/sparql/tests/test-update#")
RESULTS = ("application/sparql-results+json", "application/sparql-results+xml")
TABLES = (*RESULTS, "text/csv", "text/tab-separated-values")
GRAPHS = {
    "text/turtle": ox.RdfFormat.TURTLE,
    "application/n-triples": ox.RdfFormat.N_TRIPLES,
    "application/rdf+xml": ox.RdfFormat.RDF_XML,
}
FORMATS = {"boolean": RESULTS, "tabular": TABLES, "RDF": tuple(GRAPHS)}
STATUS = {"OK": [200], "NoContent": [204], "Created": [201], "NotFound": [404]}


def read(path):
    return rdflib.Graph().parse(path, format="turtle", publicID=path.as_uri())


def cases(manifest):
    """Yield name, node and requests of each case, in the order of the manifest."""
    for entries in manifest.objects(None, MF.entries):
        for case in Collection(manifest, entries):
            requests = manifest.value(manifest.value(case, MF.action), HT.requests)
            yield re.split("[#/]", case)[-1], case, list(Collection(manifest, requests))


def request_of(manifest, node):
    """Return method, path, headers and body of a request."""
    headers = {}
    for listed in manifest.objects(node, HT.headers):
        for each in Collection(manifest, listed):
            name, value = manifest.value(each, HT.fieldName), manifest.value(each, HT.fieldValue)
            headers[str(name)] = str(value)
    body = manifest.value(node, HT.body)
    content = None
    if body is not None:
        coding = str(manifest.value(body, CNT.characterEncoding))
        content = str(manifest.value(body, CNT.chars)).encode(coding)
    method, path = manifest.value(node, HT.methodName), manifest.value(node, HT.absolutePath)
    return str(method), str(path), headers, content


def expected(manifest, node):
    """Return the statuses and the Content-Type that an answer may have."""
    answer = manifest.value(node, HT.resp)
    statuses = []
    for each in manifest.objects(answer, MF.expectedStatus):
        name = str(each).rpartition("#")[2]
        family = re.fullmatch(r"StatusCode(\d)xx", name)
        statuses += [int(family[1]) * 100 + at for at in range(100)] if family else STATUS[name]
    return answer, statuses


@contextmanager
def serving(serve, folder, quads):
    """Serve quads under graphs of any name, as a build of them."""
    data = ox.serialize(quads, format=ox.RdfFormat.N_QUADS)
    (folder / "dataset.nq").write_bytes(data)
    digest = hashlib.sha256(data).hexdigest()
    manifest = {"rdfc10_sha256": digest, "files": {"dataset.nq": {"sha256": digest}}}
    (folder / "manifest.json").write_text(json.dumps(manifest))
    with (
        serve("--build", folder) as (_, url),
        httpx.Client(base_url=url, timeout=30) as client,
    ):
        yield client


if FOLDER:
    ROOT = Path(FOLDER).resolve() / "sparql" / "sparql11"

    def test_protocol_manifest(serve, tmp_path):
        manifest = read(ROOT / "protocol" / "manifest.ttl")
        quads = []
        for data in set(manifest.objects(None, UT.graphData)):
            path = ROOT / "protocol" / Path(str(manifest.value(data, UT.graph))).name
            name = ox.NamedNode(str(manifest.value(data, rdflib.RDFS.label)))
            quads += [ox.Quad(q.subject, q.predicate, q.object, name) for q in ox.parse(path=path)]
        wrong, counts = [], {"query": 0, "update": 0, "bad": 0}
        with serving(serve, tmp_path, quads) as client:
            for name, _, requests in cases(manifest):
                counts[name.partition("_")[0]] += 1
                # Of updates the first request; those after it ask for what it has changed.
                refused = name.startswith("update_")
                for node in requests[:1] if refused else requests:
                    method, path, headers, content = request_of(manifest, node)
                    got = client.request(method, path, headers=headers, content=content)
                    answer, statuses = expected(manifest, node)
                    media = got.headers.get("content-type", "").partition(";")[0]
                    form = manifest.value(answer, MF.expectedFormat)
                    truth = manifest.value(answer, MF.expectedBoolean)
                    if refused:
                        right = got.status_code == 403
                    else:
                        right = got.status_code in statuses
                        right &= form is None or media in FORMATS[str(form)]
                        right &= truth is None or got.json()["boolean"] is truth.toPython()
                    if not right:
                        wrong.append((name, got.status_code, media))
        assert not wrong
        assert counts == {"query": 13, "update": 7, "bad": 14}

    def graph_of(text):
        """Return the triples of a Turtle text, blank nodes named alike."""
        found = ox.Dataset(ox.parse(text, format=ox.RdfFormat.TURTLE))
        found.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
        return {quad.triple for quad in found}

    def test_graph_store_manifest(serve, tmp_path):
        manifest = read(ROOT / "graph-store-protocol" / "manifest-indirect.ttl")
        listed = list(cases(manifest))
        # What the first request of all puts is served.
        _, path, _, content = request_of(manifest, listed[0][2][0])
        name = ox.NamedNode(urllib.parse.parse_qs(path.partition("?")[2])["graph"][0])
        loaded = {name.value: graph_of(content)}
        quads = [ox.Quad(t.subject, t.predicate, t.object, name) for t in loaded[name.value]]
        wrong, reads, writes = [], 0, 0
        with serving(serve, tmp_path, quads) as client:
            for case, _, requests in listed:
                state = {}
                for node in requests:
                    method, path, headers, content = request_of(manifest, node)
                    query = urllib.parse.parse_qs(path.partition("?")[2], keep_blank_values=True)
                    graph = query.get("graph", [""])[0]
                    path = path.replace("/gsp", "/graphs", 1)
                    if method not in ("GET", "HEAD"):
                        writes += 1
                        got = client.request(method, path, headers=headers, content=content)
                        if got.status_code != 403:
                            wrong.append((case, method, got.status_code))
                        state[graph] = graph_of(content) if method == "PUT" else None
                        continue
                    # A template stands for what a server that writes has named.
                    if state.get(graph) != loaded.get(graph) or graph.startswith("$"):
                        continue
                    reads += 1
                    got = client.request(method, path, headers=headers)
                    _, statuses = expected(manifest, node)
                    right = got.status_code in statuses
                    if method == "GET" and got.status_code == 200:
                        right &= graph_of(got.content) == loaded[graph]
                    if not right:
                        wrong.append((case, method, got.status_code))
        assert not wrong
        assert reads >= 4
        assert writes >= 8

    def test_service_description_manifest(serve, tmp_path):
        manifest = read(ROOT / "service-description" / "manifest.ttl")
        (entries,) = manifest.objects(None, MF.entries)
        names = {str(each).rpartition("#")[2] for each in Collection(manifest, entries)}
        assert names == {"has-endpoint-triple", "returns-rdf", "conforms-to-schema"}
        with serving(serve, tmp_path, []) as client:
            answer = client.get("/sparql")
            media = answer.headers["content-type"].partition(";")[0]
            found = rdflib.Graph().parse(data=answer.content, format=media)
            sd = rdflib.Namespace("http://www.w3.org/ns/sparql-service-description#")
            endpoint = rdflib.URIRef(str(client.base_url).rstrip("/") + "/sparql")
            (service,) = found.subjects(sd.endpoint, endpoint)
            # The schema: an endpoint is one of a service, which has one endpoint.
            assert (service, RDF.type, sd.Service) in found
            assert len(list(found.objects(service, sd.endpoint))) == 1
