"""The client of endpoints: pages behind silent caps, patience, limits, and no half answers."""

import json
import re
from urllib.parse import parse_qs

import pytest
from tests.load.conftest import standing

from trilateral.ask.questions import read_questions
from trilateral.home import find_home
from trilateral.remote.client import Client, prepare
from trilateral.remote.errors import RemoteError

JSON = {"Content-Type": "application/sparql-results+json"}
TURTLE = {"Content-Type": "text/turtle"}
QUERY = "SELECT ?n WHERE { ?n ?p ?o } ORDER BY ?n"


def result(numbers):
    rows = [{"n": {"type": "literal", "value": str(number)}} for number in numbers]
    return json.dumps({"head": {"vars": ["n"]}, "results": {"bindings": rows}}).encode()


def query_of(body):
    return parse_qs(body.decode())["query"][0]


def capped(rows, cap):
    """An endpoint of so many rows that gives no more than ``cap`` at once, without a word."""

    def reply(request, body):
        query = query_of(body)
        limit, offset = (
            int(found[1]) if (found := re.search(rf"{word} (\d+)", query)) else default
            for word, default in (("LIMIT", rows), ("OFFSET", 0))
        )
        return 200, JSON, result(range(offset, min(offset + min(limit, cap), rows)))

    return reply


@pytest.mark.parametrize(
    ("rows", "cap", "requests"),
    [
        (99, 1000, 1),  # fewer than any cap
        (100, 1000, 2),  # asked whether there is more: no
        (250, 100, 5),  # 100, one more?, 100, 50, none
        (200, 100, 4),
    ],
)
def test_a_silent_cap_is_found_and_the_rest_is_asked_for(rows, cap, requests):
    with standing("", capped(rows, cap)) as endpoint:
        answer = Client(endpoint.url).ask(QUERY)
    assert [int(row[0].value) for row in answer.rows] == list(range(rows))
    assert len(endpoint.requests) == requests


def test_where_as_many_rows_come_as_are_expected_nobody_asks_for_more():
    with standing("", capped(250, 1000)) as endpoint:
        assert len(Client(endpoint.url).ask(QUERY, expected=250).rows) == 250
        assert len(endpoint.requests) == 1
        assert len(Client(endpoint.url).ask(QUERY, expected=249).rows) == 250
        assert len(endpoint.requests) == 3


def test_an_order_is_asked_for_only_where_there_are_pages():
    """To sort may take an endpoint longer than all else, and pages without an order overlap."""
    with standing("", capped(250, 100)) as endpoint:
        answer = Client(endpoint.url).ask("SELECT ?n WHERE { ?n ?p ?o }", 250, "ORDER BY ?n")
        assert [int(row[0].value) for row in answer.rows] == list(range(250))
        ordered = ["ORDER BY ?n" in query_of(request[3]) for request in endpoint.requests]
        assert ordered == [False, True, True, True, True, True]
        del endpoint.requests[:]
        Client(endpoint.url).ask("SELECT ?n WHERE { ?n ?p ?o }", 100, "ORDER BY ?n")
        assert ["ORDER" in query_of(request[3]) for request in endpoint.requests] == [False]


@pytest.mark.parametrize(
    ("cut", "cap", "numbers", "requests"),
    [
        ("LIMIT 300", 1000, range(300), 1),  # as many as it asks for
        ("LIMIT 300", 250, range(300), 3),  # 250, one more?, 50
        ("OFFSET 20 LIMIT 250", 100, range(20, 270), 4),
        ("OFFSET 350 # limit 3", 100, range(350, 500), 4),
    ],
)
def test_a_limit_of_the_query_is_kept_across_pages(cut, cap, numbers, requests):
    with standing("", capped(500, cap)) as endpoint:
        answer = Client(endpoint.url).ask(f"{QUERY} {cut}")
    assert [int(row[0].value) for row in answer.rows] == list(numbers)
    assert len(endpoint.requests) == requests


class Clock:
    """A clock that only sleeping moves."""

    def __init__(self):
        self.now, self.slept = 0.0, []

    def __call__(self):
        return self.now

    def sleep(self, seconds):
        self.slept.append(seconds)
        self.now += seconds


def patient(url, clock, **limits):
    return Client(url, clock=clock, sleep=clock.sleep, **limits)


@pytest.mark.parametrize(
    ("status", "headers", "slept"),
    [(429, {"Retry-After": "7"}, [7, 7]), (503, {}, [1, 2]), (429, {"Retry-After": "x"}, [1, 2])],
)
def test_a_busy_endpoint_is_asked_again_after_as_long_as_it_says(status, headers, slept):
    clock = Clock()
    left = [(status, headers, b"")] * 2 + [(200, JSON, result([1]))]
    with standing("", lambda request, body: left.pop(0)) as endpoint:
        assert len(patient(endpoint.url, clock).ask(QUERY).rows) == 1
    assert clock.slept == slept


@pytest.mark.parametrize(
    ("headers", "limits", "words", "slept"),
    [
        ({}, {}, "also at try 5", [1, 2, 4, 8]),
        ({"Retry-After": "3600"}, {}, "asks to wait 3600 s", []),
        ({"Retry-After": "30"}, {"time_limit": 70}, "70 s in all", [30, 30]),
    ],
)
def test_an_endpoint_that_stays_busy_is_given_up(headers, limits, words, slept):
    clock = Clock()
    with (
        standing("", lambda request, body: (503, headers, b"")) as endpoint,
        pytest.raises(RemoteError, match=words),
    ):
        patient(endpoint.url, clock, **limits).ask(QUERY)
    assert clock.slept == slept


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ((200, JSON, result(range(9))[:-30]), "broken off"),
        ((200, {"Content-Type": "text/html"}, b"<p>Welcome</p>"), "no answer to a query"),
        ((400, {}, b"Parse error at ORDER"), "Parse error at ORDER"),
        ((404, {}, b""), "does not answer the query"),
        ((500, {}, b"out of memory"), "out of memory"),
        ((403, {}, b""), "HTTP status 403"),
        ((None, {}, b""), "cannot be reached"),
        ((206, JSON, result(range(9))), "a part of the whole only"),
        ((200, JSON | {"X-SQL-State": "S1TAT"}, result(range(9))), "a part of the whole only"),
        # Turtle that ends too early where a statement ends would be read without a complaint.
        ((200, TURTLE | {"Content-Length": "99"}, b"<a:b> <a:c> <a:d> .\n"), "is broken off"),
    ],
)
def test_what_is_no_whole_answer_is_an_error(answer, words):
    with (
        standing("", lambda request, body: answer) as endpoint,
        pytest.raises(RemoteError, match=words),
    ):
        Client(endpoint.url).ask(QUERY)


def test_an_answer_that_drips_does_not_outlast_the_limit():
    def drip(request, body):
        request.send_response(200)
        request.send_header("Content-Type", "application/sparql-results+json")
        request.send_header("Content-Length", "100000")
        request.end_headers()
        try:
            for _ in range(300):
                request.wfile.write(b" ")
                request.wfile.flush()
                ended.wait(0.05)
        except OSError:
            pass
        return None, {}, b""

    import threading

    ended = threading.Event()
    with (
        standing("", drip) as endpoint,
        pytest.raises(RemoteError, match="no whole answer within the time limit"),
    ):
        try:
            Client(endpoint.url, timeout=0.3).ask(QUERY)
        finally:
            ended.set()


def test_every_question_is_sent_as_what_it_is():
    wrong = []
    for name, question in read_questions(find_home()).items():
        wrapper = Client("http://127.0.0.1:1/")._wrapper(prepare(question.bound({})), 1)
        if wrapper.queryType != question.form:
            wrong.append(name)
    assert wrong == []


def test_queries_see_the_graphs_that_are_named():
    with standing("", capped(1, 1)) as endpoint:
        Client(endpoint.url).of_graphs(["http://a/", "http://b/"]).ask(QUERY)
    method, _, headers, body = endpoint.requests[0]
    sent = parse_qs(body.decode())
    assert method == "POST"
    assert headers["User-Agent"].startswith("trilateral/")
    assert sent["default-graph-uri"] == sent["named-graph-uri"] == ["http://a/", "http://b/"]


@pytest.mark.parametrize(
    ("query", "declared"),
    [
        ("ASK { ?a a tri:Actor }", ["tri"]),
        ("PREFIX tri: <urn:x> ASK { ?a a tri:Actor ; skos:prefLabel ?l }", ["skos"]),
        ('ASK { ?a ?b "tri:Actor" . <tri:a> ?c ?d } # skos:x', []),
        ("ASK { ?a ?b unknown:c }", []),
        ("ASK { FILTER (STRSTARTS(STR(?g), STR(graph:))) }", ["graph"]),
    ],
)
def test_prefixes_of_the_project_are_declared_where_the_query_does_not(query, declared):
    added = prepare(query).removesuffix(query)
    assert re.findall(r"PREFIX (\S+): <", added) == declared
