"""The SPARQL 1.1 Protocol: cases of our own for what the W3C's test each of, by its name.

The data are three documents, each a graph that says of itself what it is, as those of the
W3C do; the names of the graphs are ours, since the server names a graph by its file.
"""

import csv
import io
import json
import urllib.parse
import xml.etree.ElementTree as ET

import httpx
import pyoxigraph as ox
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from trilateral.serve.linked_data.query_text import has_dataset, has_service
from trilateral.serve.web.form import unquote

GRAPH = "https://w3id.org/trilateral/graph/"
G1, G2, G3 = (f"{GRAPH}data{number}" for number in (1, 2, 3))
FORM = "application/x-www-form-urlencoded"
QUERY = "application/sparql-query"
UPDATE = "application/sparql-update"
JSON = "application/sparql-results+json"
XML = "application/sparql-results+xml"
RESULTS = {JSON, XML, "text/csv", "text/tab-separated-values"}
GRAPHS = {
    "text/turtle": ox.RdfFormat.TURTLE,
    "application/n-triples": ox.RdfFormat.N_TRIPLES,
    "application/rdf+xml": ox.RdfFormat.RDF_XML,
    "application/trig": ox.RdfFormat.TRIG,
    "application/n-quads": ox.RdfFormat.N_QUADS,
    "application/ld+json": None,
}


@pytest.fixture(scope="module")
def endpoint(tmp_path_factory, serve):
    """A client of a server of three graphs, of which each says of itself what it is."""
    folder = tmp_path_factory.mktemp("data")
    for graph in (G1, G2, G3):
        text = f"<{graph}> a <http://xmlns.com/foaf/0.1/Document> .\n"
        (folder / f"{graph.rpartition('/')[2]}.ttl").write_text(text)
    with (
        serve("--data", folder, "--seconds", "5") as (_, url),
        httpx.Client(base_url=url, timeout=30) as client,
    ):
        yield client


def typed(*graphs):
    """Return a pattern that each of some graphs says something of itself."""
    return " ".join(f"<{graph}> a ?type{at} ." for at, graph in enumerate(graphs))


def named(*graphs):
    return " ".join(f"GRAPH ?g{at} {{ {typed(graph)} }}" for at, graph in enumerate(graphs))


def ask(answer):
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == JSON
    return answer.json()["boolean"]


def direct(endpoint, query, media=QUERY, accept=None, **params):
    headers = {"content-type": media, **({"accept": accept} if accept else {})}
    return endpoint.post("/sparql", params=params, content=query, headers=headers)


# ---------------------------------------------------------------- the 13 queries


def test_query_get(endpoint):
    assert ask(endpoint.get("/sparql", params={"query": "ASK {}"})) is True


def test_query_post_form(endpoint):
    answer = endpoint.post("/sparql", content="query=ASK%20%7B%7D", headers={"content-type": FORM})
    assert ask(answer) is True


def test_query_post_direct(endpoint):
    assert ask(direct(endpoint, "ASK {}")) is True


def test_query_dataset_default_graphs_get(endpoint):
    params = {"query": f"ASK {{ {typed(G1, G2)} }}", "default-graph-uri": [G1, G2]}
    assert ask(endpoint.get("/sparql", params=params)) is True
    params["default-graph-uri"] = [G1, G3]
    assert ask(endpoint.get("/sparql", params=params)) is False


def test_query_dataset_default_graphs_post(endpoint):
    query = f"ASK {{ {typed(G1, G2)} }}"
    assert ask(direct(endpoint, query, **{"default-graph-uri": [G1, G2]})) is True
    assert ask(direct(endpoint, query, **{"default-graph-uri": [G2]})) is False


def test_query_dataset_named_graphs_get(endpoint):
    params = {"query": f"ASK {{ {named(G1, G2)} }}", "named-graph-uri": [G1, G2]}
    assert ask(endpoint.get("/sparql", params=params)) is True
    params["named-graph-uri"] = [G1]
    assert ask(endpoint.get("/sparql", params=params)) is False


def test_query_dataset_named_graphs_post(endpoint):
    query = f"ASK {{ {named(G1, G2)} }}"
    assert ask(direct(endpoint, query, **{"named-graph-uri": [G1, G2]})) is True
    # With a dataset of named graphs alone, the default graph is empty.
    assert ask(direct(endpoint, f"ASK {{ {typed(G1)} }}", **{"named-graph-uri": [G1]})) is False


def test_query_dataset_full(endpoint):
    query = f"ASK {{ {typed(G3)} {named(G1, G2)} }}"
    dataset = {"default-graph-uri": G3, "named-graph-uri": [G1, G2]}
    assert ask(direct(endpoint, query, **dataset)) is True
    pairs = [("default-graph-uri", G3), ("named-graph-uri", G1), ("named-graph-uri", G2)]
    body = httpx.QueryParams([("query", query), *pairs])
    answer = endpoint.post("/sparql", content=str(body), headers={"content-type": FORM})
    assert ask(answer) is True
    # The default graph is that one alone.
    assert ask(direct(endpoint, f"ASK {{ {typed(G1)} }}", **dataset)) is False


def test_query_multiple_dataset(endpoint):
    """What the protocol names takes the place of what the query names, default and named."""
    query = f"ASK FROM <{G3}> {{ {typed(G1)} }}"
    assert ask(direct(endpoint, query)) is False
    assert ask(direct(endpoint, query, **{"default-graph-uri": G1})) is True
    query = f"ASK FROM NAMED <{G1}> {{ {named(G1)} }}"
    assert ask(direct(endpoint, query)) is True
    assert ask(direct(endpoint, query, **{"default-graph-uri": G1})) is False
    assert ask(direct(endpoint, query, **{"named-graph-uri": G2})) is False


def test_query_content_type_select(endpoint):
    answer = direct(endpoint, "SELECT (1 AS ?value) {}")
    assert answer.headers["content-type"].partition(";")[0] in RESULTS


def test_query_content_type_ask(endpoint):
    assert direct(endpoint, "ASK {}").headers["content-type"] in (JSON, XML)


def test_query_content_type_describe(endpoint):
    answer = direct(endpoint, "DESCRIBE <http://example.org/>")
    assert answer.status_code == 200
    assert answer.headers["content-type"].partition(";")[0] in GRAPHS


def test_query_content_type_construct(endpoint):
    """Relative IRIs are relative to the published base."""
    answer = direct(endpoint, "CONSTRUCT { <s> <p> 1 } WHERE {}", accept="application/n-triples")
    base = "https://w3id.org/trilateral/"
    integer = "http://www.w3.org/2001/XMLSchema#integer"
    assert answer.text == f'<{base}s> <{base}p> "1"^^<{integer}> .\n'


# ---------------------------------------------------------------- the 7 updates: refused

DC = "PREFIX dc: <http://purl.org/dc/terms/> "
COPY = DC + "CLEAR ALL ; INSERT { GRAPH <http://a.example/> { ?s a dc:Thing } } WHERE { ?s a ?c }"
UPDATES = {
    "update_dataset_default_graph": (COPY, UPDATE, {"using-graph-uri": G1}),
    "update_dataset_default_graphs": (COPY, UPDATE, {"using-graph-uri": [G1, G2]}),
    "update_dataset_named_graphs": (COPY, UPDATE, {"using-named-graph-uri": [G1, G2]}),
    "update_dataset_full": (COPY, UPDATE, {"using-graph-uri": G1, "using-named-graph-uri": G2}),
    "update_post_form": ("update=CLEAR%20ALL", FORM, {}),
    "update_post_direct": ("CLEAR ALL", UPDATE, {}),
    "update_base_uri": (f"BASE <{GRAPH}> INSERT DATA {{ <a> <b> <c> }}", UPDATE, {}),
}


@pytest.mark.parametrize("name", UPDATES)
def test_update_is_refused(endpoint, name):
    text, media, params = UPDATES[name]
    answer = direct(endpoint, text, media, **params)
    assert answer.status_code == 403
    assert answer.headers["content-type"] == "application/problem+json"
    assert ask(direct(endpoint, f"ASK {{ {typed(G1, G2, G3)} }}")) is True


# ---------------------------------------------------------------- the 14 that are wrong

CONFLICT = "WITH <http://a.example/> DELETE { ?s ?p 1 } INSERT { ?s ?p 2 } WHERE { ?s ?p 1 }"
WRONG = {
    "bad_query_method": (405, "PUT", {"query": "ASK {}"}, None, None),
    "bad_multiple_queries": (400, "GET", {"query": ["ASK {}", "SELECT * {}"]}, None, None),
    "bad_query_wrong_media_type": (415, "POST", {}, "text/plain", "ASK {}"),
    "bad_query_missing_form_type": (415, "POST", {}, None, "query=ASK%20%7B%7D"),
    "bad_query_missing_direct_type": (415, "POST", {}, None, "ASK {}"),
    "bad_query_non_utf8": (415, "POST", {}, f"{QUERY}; charset=UTF-16", "ASK {}".encode("utf-16")),
    "bad_query_syntax": (400, "GET", {"query": "ASK {"}, None, None),
    "bad_update_get": (403, "GET", {"update": "CLEAR ALL"}, None, None),
    "bad_multiple_updates": (403, "POST", {}, FORM, "update=CLEAR%20NAMED&update=CLEAR%20DEFAULT"),
    "bad_update_wrong_media_type": (415, "POST", {}, "text/plain", "CLEAR NAMED"),
    "bad_update_missing_form_type": (415, "POST", {}, None, "update=CLEAR%20NAMED"),
    "bad_update_non_utf8": (
        415, "POST", {}, f"{UPDATE}; charset=UTF-16", "CLEAR NAMED".encode("utf-16")
    ),
    "bad_update_syntax": (403, "POST", {}, FORM, "update=CLEAR%20XYZ"),
    "bad_update_dataset_conflict": (
        403, "POST", {"using-named-graph-uri": "http://a.example/people"}, UPDATE, CONFLICT
    ),
}  # fmt: skip
# And some that the W3C has no case of.
WRONG_BESIDES = {
    "no query in a form": (400, "POST", {}, FORM, "default-graph-uri=http%3A%2F%2Fa.example%2F"),
    "empty query": (400, "GET", {"query": ""}, None, None),
    "query beside a direct one": (400, "POST", {"query": "ASK {}"}, QUERY, "ASK {}"),
    "query and update": (403, "POST", {}, FORM, "query=ASK%20%7B%7D&update=CLEAR%20ALL"),
    "no UTF-8 in the body": (400, "POST", {}, QUERY, b"ASK { ?s ?p '\xff' }"),
    "no UTF-8 in a form": (400, "POST", {}, FORM, "query=ASK%20%7B%7D%ff"),
    "charset of a form": (415, "POST", {}, f"{FORM};charset=shift_jis", "query=ASK%20%7B%7D"),
    "graph that is no IRI": (
        400, "GET", {"query": "ASK {}", "default-graph-uri": "a b"}, None, None
    ),
    "multipart": (415, "POST", {}, "multipart/form-data; boundary=x", "--x--"),
    "update as a query": (400, "POST", {}, QUERY, "INSERT DATA { <a> <b> <c> }"),
    "delete": (405, "DELETE", {}, None, None),
    "too many parameters": (400, "POST", {}, FORM, "a=&" * 3000),
}  # fmt: skip


PHRASES = {
    400: "Bad Request",
    403: "Forbidden",
    405: "Method Not Allowed",
    415: "Unsupported Media Type",
}


@pytest.mark.parametrize("name", [*WRONG, *WRONG_BESIDES])
def test_what_is_wrong_is_refused(endpoint, name):
    status, method, params, media, body = {**WRONG, **WRONG_BESIDES}[name]
    headers = {"content-type": media} if media else {}
    answer = endpoint.request(method, "/sparql", params=params, content=body, headers=headers)
    assert answer.status_code == status
    problem = answer.json()
    # A problem without a type of its own has the phrase of its status for a title (RFC 9457).
    assert (problem["type"], problem["status"]) == ("about:blank", status)
    assert problem["title"] == PHRASES[status]
    if status == 405:
        assert {"GET", "POST", "HEAD"} <= set(answer.headers["allow"].split(", "))
    if status == 415:
        assert QUERY in (answer.headers.get("accept-post") or problem["detail"]) or "UTF-8" in str(
            problem
        )


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("SELECT ?x { ?x tri:holder ?y }", "PREFIX tri: <https://w3id.org/trilateral/ontology#>"),
        ("SELECT ?x { ?x foo:bar ?y }", "The prefix foo: is not declared"),
        ("SELECT ?x {\n ?x ?y \n}", "Line 3, column 2"),
        ("SELECT ?x WHERE { ?x a }", "something is missing at its end or before"),
        ("DELETE WHERE { ?s ?p ?o }", "DELETE changes data"),
        # From the beginning of the word or IRI that the parser has stopped within.
        (
            "INSERT DATA {<a:a> <b:b> 1}",
            "column 8: it cannot be read on from 'DATA {<a:a> <b:b> 1}'",
        ),
        ("\nLOAD <http://127.0.0.1/>", "Line 2, column 6: it cannot be read on from '<http://127."),
        ("", "Line 1, column 1: something is missing"),
        ("ASK { SELECT ?x { GRAPH }", "Line 1"),
    ],
)
def test_mistake_is_told_with_its_place_and_repair(endpoint, query, told):
    answer = direct(endpoint, query)
    assert answer.status_code == 400
    assert told in answer.json()["detail"]


def test_text_of_a_query_is_bounded(endpoint):
    long = "ASK {} #" + "x" * (256 << 10)
    assert direct(endpoint, long).status_code == 413
    body = httpx.QueryParams({"query": long})
    form = endpoint.post("/sparql", content=str(body), headers={"content-type": FORM})
    assert form.status_code == 413
    huge = b"x" * (2 << 20)
    assert direct(endpoint, huge).status_code == 413
    chunks = (b"x" * 65536 for _ in range(64))
    answer = endpoint.post("/sparql", content=chunks, headers={"content-type": QUERY})
    assert answer.status_code == 413
    assert ask(direct(endpoint, "ASK {} #" + "x" * (250 << 10))) is True


# ---------------------------------------------------------------- datasets


def count(endpoint, query, **params):
    answer = direct(endpoint, query, **params)
    assert answer.status_code == 200, answer.text
    return int(answer.json()["results"]["bindings"][0]["n"]["value"])


def test_from_narrows_what_a_query_sees(endpoint):
    everything = f"{{ ?s a ?o FILTER (STRSTARTS(STR(?s), '{GRAPH}data')) }}"
    assert count(endpoint, f"SELECT (COUNT(*) AS ?n) {everything}") == 3
    assert count(endpoint, f"SELECT (COUNT(*) AS ?n) FROM <{G1}> {everything}") == 1
    assert count(endpoint, f"SELECT (COUNT(*) AS ?n)FROM<{G1}>FROM <{G2}>{everything}") == 2
    # Graphs that are not here are empty; none is looked for elsewhere.
    nowhere = "http://127.0.0.1:9/data"
    assert count(endpoint, f"SELECT (COUNT(*) AS ?n) FROM <{nowhere}> {everything}") == 0
    assert count(endpoint, f"SELECT (COUNT(*) AS ?n) {everything}",
                 **{"default-graph-uri": nowhere}) == 0  # fmt: skip
    inside = f"{{ GRAPH ?g {everything} }}"
    assert count(endpoint, f"SELECT (COUNT(*) AS ?n) FROM NAMED <{G1}> {inside}") == 1
    assert count(endpoint, f"SELECT (COUNT(*) AS ?n) FROM NAMED <{nowhere}> {inside}") == 0
    # Named graphs alone leave the default graph empty.
    assert count(endpoint, f"SELECT (COUNT(*) AS ?n) FROM NAMED <{G1}> {everything}") == 0


@pytest.mark.parametrize(
    "query",
    [
        "SELECT (COUNT(*) AS ?n) { ?from a ?x FILTER (?from = <%s>) } # FROM <http://a.example/>",
        "SELECT (COUNT(*) AS ?n) { <%s> a ?x FILTER ('FROM <http://a.example/>' != '') }",
        'SELECT (COUNT(*) AS ?n) { <%s> a ?x FILTER ("""a\nFROM <b:c>""" != "") }',
        "PREFIX from: <http://a.example/> SELECT (COUNT(*) AS ?n) { <%s> a ?x MINUS {?x from:b 1}}",
        "SELECT (COUNT(*) AS ?n) { <%s> a ?x FILTER ('a'@from != 'b') }",
    ],
)
def test_word_from_elsewhere_names_no_graph(endpoint, query):
    assert count(endpoint, query % G1) == 1


@pytest.mark.parametrize(
    ("query", "asks"),
    [
        ("ASK { SERVICE <a:b> {} }", True),
        ("ASK { service silent ?x {} }", True),
        ("ASK { ?s ?p 1.SERVICE <a:b> {} }", True),
        ("ASK { ?s ?p ?o.SERVICE <a:b> {} }", True),
        ("ASK { ?s ?p a:.SERVICE a:b {} }", True),
        ("ASK { ?s ?p true.SERVICE a:b {} }", True),
        ("ASK { ?s ?p 'x'@en.SERVICE a:b {} }", True),
        ("ASK { ?s ?p 1SERVICE<a:b>{} }", True),
        ("ASK { SERVICESILENT<a:b>{} }", True),
        ("ASK { ?SERVICE ?p $SERVICE }", False),
        ("ASK { a:SERVICE SERVICE:a 'x'@service }", False),
        ("ASK { ?s ?p a:b.SERVICE }", False),  # a full stop within a name is of the name
        ("ASK { <a:SERVICE> ?p 'SERVICE' } # SERVICE", False),
    ],
)
def test_keyword_service_is_told_from_names_and_texts(query, asks):
    assert has_service(query) is asks


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("ASK FROM<a:b> {}", True),
        ("SELECT *\nfrom named <a:b> {}", True),
        ("DESCRIBE <a:b>FROM <a:c>", True),
        ("ASK { ?from ?p 'FROM' } # FROM", False),
        ("ASK { ?from ?p a:from, <FROM> }", False),
    ],
)
def test_keyword_from_is_told_from_names_and_texts(query, names):
    assert has_dataset(query) is names


def test_describe_sees_all_graphs_or_those_that_are_named(endpoint, world_store):
    actor = ox.NamedNode("https://w3id.org/trilateral/ontology#Actor")
    said = {quad.triple for quad in world_store.quads_for_pattern(actor, None, None)}
    places = {quad.graph_name.value for quad in world_store.quads_for_pattern(actor, None, None)}
    # Once with what the ontology says of it, once with what it corresponds to.
    assert len(places) == 2
    query = "DESCRIBE <ontology#Actor>"
    accept = "application/n-triples"
    answer = direct(endpoint, query, accept=accept)
    assert {q.triple for q in ox.parse(answer.content, format=ox.RdfFormat.N_TRIPLES)} == said
    one = min(places)
    answer = direct(endpoint, query, accept=accept, **{"default-graph-uri": one})
    found = {q.triple for q in ox.parse(answer.content, format=ox.RdfFormat.N_TRIPLES)}
    graph = ox.NamedNode(one)
    assert found == {
        quad.triple for quad in world_store.quads_for_pattern(actor, None, None, graph)
    }


# ---------------------------------------------------------------- forms of answers

VALUES = """SELECT ?text ?number ?none ?iri WHERE {
  VALUES (?text ?number ?iri) { ("a, \\"b\\"\\n"@en 1 <http://a.example/>) ("=1+1" 2.5 <a:b>) }
} ORDER BY ?number"""


def test_select_in_each_format(endpoint):
    answer = direct(endpoint, VALUES, accept=JSON)
    assert answer.headers["content-type"] == JSON
    found = answer.json()
    assert found["head"]["vars"] == ["text", "number", "none", "iri"]
    first = found["results"]["bindings"][0]
    assert first["text"] == {"type": "literal", "value": 'a, "b"\n', "xml:lang": "en"}
    assert first["iri"] == {"type": "uri", "value": "http://a.example/"}
    assert "none" not in first

    answer = direct(endpoint, VALUES, accept=XML)
    assert answer.headers["content-type"] == XML
    space = "{http://www.w3.org/2005/sparql-results#}"
    root = ET.fromstring(answer.content)
    assert root.tag == f"{space}sparql"
    assert len(root.findall(f"{space}results/{space}result")) == 2

    answer = direct(endpoint, VALUES, accept="text/csv")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    rows = list(csv.reader(io.StringIO(answer.text, newline="")))
    # As the standard has it, to the letter: values without type, for programs.
    assert rows[:2] == [
        ["text", "number", "none", "iri"],
        ['a, "b"\n', "1", "", "http://a.example/"],
    ]
    assert rows[2] == ["=1+1", "2.5", "", "a:b"]

    answer = direct(endpoint, VALUES, accept="text/tab-separated-values")
    assert answer.headers["content-type"] == "text/tab-separated-values; charset=utf-8"
    assert answer.text.splitlines()[:2] == [
        "?text\t?number\t?none\t?iri",
        '"a, \\"b\\"\\n"@en\t1\t\t<http://a.example/>',
    ]

    answer = direct(endpoint, VALUES, accept="application/json")
    assert answer.headers["content-type"] == "application/json"
    assert answer.json() == found


@pytest.mark.parametrize("media", GRAPHS)
def test_construct_in_each_format(endpoint, media):
    query = f"CONSTRUCT {{ <{G1}> <http://a.example/p> 'x'@en }} {{}}"
    answer = direct(endpoint, query, accept=media)
    assert answer.headers["content-type"].partition(";")[0] == media
    if media == "application/ld+json":
        (node,) = json.loads(answer.content)["@graph"]
        assert node == {"id": G1, "http://a.example/p": {"@value": "x", "@language": "en"}}
        return
    (quad,) = ox.parse(answer.content, format=GRAPHS[media])
    wanted = ox.Triple(
        ox.NamedNode(G1), ox.NamedNode("http://a.example/p"), ox.Literal("x", language="en")
    )
    assert quad.triple == wanted


@pytest.mark.parametrize(
    ("query", "accept"),
    [
        ("CONSTRUCT { <a> <http://a.example/1> 1 } {}", "application/rdf+xml"),
        ("CONSTRUCT { <a> <b> <<( <c> <d> <e> )>> } {}", "application/ld+json"),
    ],
)
def test_format_that_cannot_hold_an_answer_says_so(endpoint, query, accept):
    answer = direct(endpoint, query, accept=accept)
    assert answer.status_code == 400
    assert "ask for Turtle" in answer.json()["detail"]
    assert direct(endpoint, query, accept="text/turtle").status_code == 200


@pytest.mark.parametrize(
    ("query", "accept"),
    [
        ("ASK {}", "text/csv"),  # of which the standard says nothing for ASK
        ("ASK {}", "text/tab-separated-values"),
        ("ASK {}", "text/turtle"),
        ("SELECT * { ?s ?p ?o }", "text/turtle"),
        ("CONSTRUCT WHERE { ?s ?p ?o }", JSON),
        ("DESCRIBE <a:b>", "text/html"),
        ("SELECT * { ?s ?p ?o }", "image/png"),
    ],
)
def test_answer_that_is_accepted_in_no_form(endpoint, query, accept):
    answer = direct(endpoint, query, accept=accept)
    assert answer.status_code == 406
    assert "SELECT and ASK" in answer.text


def test_browser_is_led_to_the_editor_and_its_queries_are_answered(endpoint):
    browser = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
    answer = endpoint.get("/sparql", headers={"accept": browser})
    assert (answer.status_code, answer.headers["location"]) == (303, "/query")
    answer = endpoint.get("/sparql", params={"query": "ASK {}"}, headers={"accept": browser})
    assert ask(answer) is True


def test_trailing_slash_is_the_same_endpoint(endpoint):
    assert ask(endpoint.get("/sparql/", params={"query": "ASK {}"})) is True


# ---------------------------------------------------------------- percent-encoding


def decoded(function, text, **more):
    try:
        return function(text, **more)
    except UnicodeDecodeError:
        return "no UTF-8"


@given(st.text(st.sampled_from("%%%%0123456789abcdefABCDEFxuUN\\\n\"'{}日é\0")) | st.text())
@example("%")
@example("%4")
@example("%%34%3")
@example("%FF")
@example("\\x41%41")
def test_percent_encoding_is_read_as_the_standard_library_reads_it(text):
    for each in (text, urllib.parse.quote(text), urllib.parse.quote_plus(text)):
        assert decoded(unquote, each) == decoded(urllib.parse.unquote, each, errors="strict")


# ---------------------------------------------------------------- validators


def test_validator_tells_queries_datasets_and_formats_apart(endpoint):
    def etag(accept=JSON, **params):
        answer = endpoint.get("/sparql", params=params, headers={"accept": accept})
        return answer.headers.get("etag")

    query = "SELECT ?s { ?s a ?c } ORDER BY ?s"
    tags = [
        etag(query=query),
        etag(query=query + " "),
        etag(XML, query=query),
        etag(query=query, **{"default-graph-uri": G1}),
        etag(query=query, **{"default-graph-uri": G2}),
        etag(query=query, **{"named-graph-uri": G1}),
    ]
    assert all(tags)
    assert len(set(tags)) == len(tags)
    assert etag(query=query) == tags[0]


@pytest.mark.parametrize(
    "call", ["NOW()", "NOW #\n()", "RAND ()", "uuid()", "STRUUID()", "BNODE()"]
)
def test_answer_that_differs_each_time_has_no_validator(endpoint, call):
    answer = endpoint.get("/sparql", params={"query": f"SELECT ({call} AS ?x) {{}}"})
    assert answer.status_code == 200
    assert "etag" not in answer.headers
    assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    ("query", "accept", "status"),
    [
        ("ASK {}", "*/*", 200),
        ("SELECT * { GRAPH ?g { ?s ?p ?o } } ORDER BY ?s ?p ?o", "text/csv", 200),
        ("SELECT (RAND() < 2 AS ?x) {}", "application/sparql-results+xml", 200),
        ("CONSTRUCT { <a:s> <a:p> <a:o> } WHERE {}", "text/turtle", 200),
        ("ASK {", "*/*", 400),
        ("ASK {", "text/html", 400),
        ("ASK {}", "text/csv", 406),
        ("ASK { SERVICE <http://127.0.0.1/> {} }", "*/*", 400),
        ("ASK {} #" + "x" * (20 << 10), "*/*", 200),
    ],
)
def test_the_short_way_gives_what_the_long_one_gives(endpoint, query, accept, status):
    """A client that may have the answer goes the long way, through the application."""
    given = {"accept": accept, "accept-encoding": "gzip"}
    short = endpoint.get("/sparql", params={"query": query}, headers=given)
    long = endpoint.get(
        "/sparql", params={"query": query}, headers={**given, "if-none-match": '"none"'}
    )
    assert short.status_code == long.status_code == status
    own = ("x-request-id", "date")
    assert [each for each in short.headers.multi_items() if each[0] not in own] == [
        each for each in long.headers.multi_items() if each[0] not in own
    ]
    assert short.content == long.content
    assert short.headers["x-request-id"] != long.headers["x-request-id"]


def test_known_answer_is_not_made_again(endpoint):
    params = {"query": "SELECT ?s { ?s a ?c } ORDER BY ?s"}
    etag = endpoint.get("/sparql", params=params).headers["etag"]
    answer = endpoint.get("/sparql", params=params, headers={"if-none-match": etag})
    assert (answer.status_code, answer.content, answer.headers["etag"]) == (304, b"", etag)
    wrong = endpoint.get("/sparql", params={"query": "ASK {"}, headers={"if-none-match": "*"})
    assert wrong.status_code == 400
    posted = endpoint.post("/sparql", data=params, headers={"if-none-match": etag})
    assert posted.status_code == 200
    assert posted.headers["cache-control"] == "no-store"


# ---------------------------------------------------------------- service description

SD = "http://www.w3.org/ns/sparql-service-description#"


def described(endpoint, media="application/n-triples"):
    answer = endpoint.get("/sparql", headers={"accept": media})
    assert answer.status_code == 200
    assert answer.headers["vary"].startswith("Accept")
    return {quad.triple for quad in ox.parse(answer.content, format=GRAPHS[media])}


def test_returns_rdf(endpoint):
    plain = endpoint.get("/sparql")
    assert plain.headers["content-type"].partition(";")[0] in GRAPHS
    whole = described(endpoint)
    for media, form in GRAPHS.items():
        if form:
            assert described(endpoint, media) == whole


def test_has_endpoint_triple(endpoint):
    values = {t.object.value for t in described(endpoint) if t.predicate.value == SD + "endpoint"}
    assert values == {f"{str(endpoint.base_url).rstrip('/')}/sparql"}


def test_conforms_to_schema(endpoint):
    """Each property stands between the classes that the vocabulary gives it."""
    found = described(endpoint)
    types = {}
    for triple in found:
        if triple.predicate.value.endswith("#type"):
            types.setdefault(triple.subject, set()).add(triple.object.value.removeprefix(SD))
    schema = {
        "endpoint": ("Service", None),
        "supportedLanguage": ("Service", None),
        "feature": ("Service", None),
        "resultFormat": ("Service", None),
        "defaultDataset": ("Service", "Dataset"),
        "availableGraphs": ("Service", "GraphCollection"),
        "defaultGraph": ("Dataset", "Graph"),
        "namedGraph": (("Dataset", "GraphCollection"), "NamedGraph"),
        "name": ("NamedGraph", None),
        "graph": ("NamedGraph", "Graph"),
    }
    used = set()
    for triple in found:
        if triple.predicate.value.startswith(SD):
            name = triple.predicate.value.removeprefix(SD)
            domain, image = schema[name]
            used.add(name)
            assert types[triple.subject] & {*([domain] if isinstance(domain, str) else domain)}
            assert image is None or image in types[triple.object]
    assert used == set(schema)


def test_description_claims_what_works(endpoint):
    found = described(endpoint)
    features = {t.object.value for t in found if t.predicate.value == SD + "feature"}
    assert features == {SD + "UnionDefaultGraph"}
    names = {t.object.value for t in found if t.predicate.value == SD + "name"}
    query = "SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } }"
    rows = direct(endpoint, query).json()["results"]["bindings"]
    assert names == {row["g"]["value"] for row in rows} >= {G1, G2, G3}
    void = "http://rdfs.org/ns/void#triples"
    sizes = {t.subject.value: int(t.object.value) for t in found if t.predicate.value == void}
    for name in (G1, f"{GRAPH}ontology/prefixes"):
        query = f"SELECT (COUNT(*) AS ?n) {{ GRAPH <{name}> {{ ?s ?p ?o }} }}"
        assert sizes[name] == count(endpoint, query)
