"""Hostile requests: nothing leaves the machine, nothing comes out, and the next is answered."""

import contextlib
import json
import re
import select
import shutil
import socket
import threading
from urllib.parse import quote, urlsplit

import httpx
import pytest
from tests.conftest import WORLD
from tests.serve.conftest import WAIT, until

JSON = {"accept": "application/sparql-results+json"}
RUNAWAY = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
NAMES = "https://w3id.org/trilateral/"


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    """The tiny world, in which one label holds what a page must not run."""
    folder = tmp_path_factory.mktemp("hostile") / "data"
    shutil.copytree(WORLD / "data", folder)
    path = folder / "actors" / "hostile.ttl"
    path.parent.mkdir(exist_ok=True)
    path.write_text(HOSTILE, encoding="utf-8")
    return folder


SCRIPT = "<script>document.title='run'</script><img src=x onerror=document.title='run'>"
HOSTILE = f"""
@prefix actor: <{NAMES}actor/> .
@prefix dct: <http://purl.org/dc/terms/> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix tri: <{NAMES}ontology#> .

actor:hostile
    a tri:State ;
    skos:prefLabel "{SCRIPT}"@en ;
    skos:altLabel "=cmd|' /C calc'!A0"@en, "left \\u202E thgir"@en ;
    skos:definition "{SCRIPT}"@en ;
    rdfs:seeAlso <javascript:alert(1)>, <data:text/html,x>, <https://example.org/?a=b&c="> ;
    foaf:homepage <javascript:alert(2)> ;
    skos:exactMatch <javascript:alert(3)> ;
.
""".replace('&c=">', "&c=d>")


@pytest.fixture(scope="module")
def url(serve, data):
    """A server with limits that are soon reached, and without a budget."""
    limits = ("--seconds", 3, "--memory", "256M", "--workers", 4, "--queue", 8, "--budget", 0)
    with serve("--data", data, *limits) as (_, found):
        yield found


@pytest.fixture
def client(url):
    """Asks the server; at the end of the test, the next query is answered all the same."""
    with httpx.Client(base_url=url, timeout=WAIT) as found:
        yield found
        answers = []

        def answered():
            answers.append(found.get("/sparql", params={"query": "ASK {}"}, headers=JSON))
            # Told when to come back, while queries of clients that have gone are being ended.
            return "retry-after" not in answers[-1].headers

        until(answered)
        assert answers[-1].json()["boolean"] is True


def raw(url, data, whole=True):
    """Send bytes and return what comes back."""
    place = urlsplit(url)
    with socket.create_connection((place.hostname, place.port), timeout=WAIT) as stream:
        stream.sendall(data)
        found = b""
        with contextlib.suppress(ConnectionError):
            while part := stream.recv(1 << 16):
                found += part
        return found


def get(url, target, *fields):
    """Ask for a target as it stands, which clients would tidy up; return status, head and body."""
    lines = [b"GET " + target + b" HTTP/1.1", b"Host: a", b"Connection: close", *fields]
    head, _, body = raw(url, b"\r\n".join(lines) + b"\r\n\r\n").partition(b"\r\n\r\n")
    return int(head.split()[1]), head, body


# ---------------------------------------------------------------- nothing leaves the machine


@pytest.fixture
def listener():
    """A port that nothing connects to; what would connect waits in the backlog."""
    with socket.create_server(("127.0.0.1", 0)) as stream:
        yield stream
        assert not select.select([stream], [], [], 0)[0], "The server has made a connection."


QUERIES = {
    "service": "SELECT * { SERVICE <URL> { ?s ?p ?o } }",
    "silent": "SELECT * { SERVICE SILENT <URL> { ?s ?p ?o } }",
    "case and comment": "SELECT * { sErViCe#x\n<URL> { ?s ?p ?o } }",
    "escaped": "SELECT * { SERVICE <\\u0068URL> { ?s ?p ?o } }".replace("\\u0068URL", "ESCAPED"),
    "prefixed": "PREFIX e: <URL> SELECT * { SERVICE e: { ?s ?p ?o } }",
    "base": "BASE <URL> SELECT * { SERVICE <x> { ?s ?p ?o } }",
    "glued": "SELECT * { ?s ?p 1.SERVICE<URL>{ ?s ?p ?o } }",
    "without a space": "ASK { SERVICESILENT<URL>{} }",
    "variable": "SELECT * { VALUES ?g { <URL> } SERVICE ?g { ?s ?p ?o } }",
    "bound": 'SELECT * { BIND(IRI("URL") AS ?g) SERVICE SILENT ?g { ?s ?p ?o } }',
    "inner": "SELECT * { { SELECT * { SERVICE <URL> { ?s ?p ?o } } } }",
    "exists": "ASK { FILTER EXISTS { SERVICE <URL> { ?s ?p ?o } } }",
    "construct": "CONSTRUCT { ?s ?p ?o } { OPTIONAL { SERVICE <URL> { ?s ?p ?o } } }",
    "describe": "DESCRIBE <URL>",
    "from": "SELECT * FROM <URL> { ?s ?p ?o }",
    "from named": "SELECT * FROM NAMED <URL> { GRAPH ?g { ?s ?p ?o } }",
    "graph": "SELECT * { GRAPH <URL> { ?s ?p ?o } }",
    "file": "SELECT * FROM <file:///etc/passwd> { ?s ?p ?o }",
}


@pytest.mark.parametrize("query", QUERIES.values(), ids=QUERIES)
def test_no_query_makes_a_connection(client, listener, query):
    place = f"http://127.0.0.1:{listener.getsockname()[1]}/"
    text = query.replace("URL", place).replace("ESCAPED", place.replace("h", "\\u0068", 1))
    headers = {"accept": "application/sparql-results+json, text/turtle"}
    answer = client.post("/sparql", data={"query": text}, headers=headers)
    if "service" in query.lower():
        # SILENT too: an answer without what the other endpoint has would look like one.
        assert answer.status_code == 400
        assert "another endpoint with SERVICE; this server makes no" in answer.json()["detail"]
    assert answer.status_code in (200, 400)
    assert "root:" not in answer.text


@pytest.mark.parametrize("name", ["default-graph-uri", "named-graph-uri"])
def test_no_parameter_makes_a_connection(client, listener, name):
    place = f"http://127.0.0.1:{listener.getsockname()[1]}/g"
    for graph in (place, "file:///etc/passwd"):
        fields = {"query": "SELECT * { ?s ?p ?o }", name: graph}
        answer = client.post("/sparql", data=fields, headers=JSON)
        assert answer.status_code in (200, 400, 404)
        assert "root:" not in answer.text
        assert client.get("/graphs", params={"graph": graph}).status_code in (400, 404)


UPDATES = [
    "LOAD <URL>",
    "LOAD SILENT <URL> INTO GRAPH <urn:g>",
    "INSERT DATA { <urn:a> a <urn:b> }",
    "DROP ALL",
    "INSERT { ?s ?p ?o } WHERE { SERVICE <URL> { ?s ?p ?o } }",
]


@pytest.mark.parametrize("update", UPDATES)
def test_no_update_is_made(client, listener, update):
    text = update.replace("URL", f"http://127.0.0.1:{listener.getsockname()[1]}/")
    update_type = {"content-type": "application/sparql-update"}
    answers = [
        client.post("/sparql", data={"update": text}),
        client.post("/sparql", content=text, headers=update_type),
        client.post("/sparql", data={"query": text}, headers=JSON),
    ]
    assert [each.status_code for each in answers[:2]] == [403, 403]
    assert answers[2].status_code in (400, 403)
    ask = {"query": "ASK { <urn:a> a <urn:b> }"}
    assert client.post("/sparql", data=ask, headers=JSON).json()["boolean"] is False


# ---------------------------------------------------------------- nothing else comes out


OUTSIDE = [
    b"/static/../run.py", b"/static/..%2frun.py", b"/static/%2e%2e/run.py",
    b"/static/..%2f..%2f..%2f..%2f..%2f..%2f..%2fetc%2fpasswd", b"/static/%252e%252e/run.py",
    b"/static/..\\run.py", b"/static/..%5crun.py", b"/static//etc/passwd", b"//etc/passwd",
    b"/static/%2fetc%2fpasswd", b"/static/site.css%00.ttl", b"/%00", b"/static/%c0%ae%c0%ae/run.py",
    b"/static/%e0%80%ae%e0%80%ae/run.py", b"/static/site.css", b"/static/", b"/../../etc/passwd",
    b"/.git/config", b"/dataset/data/actors.ttl", b"/actor/..%2f..%2fhome.ttl",
    b"/actor/japan.ttl/../../run.py", b"/static/.%2e/run.py", b"/templates/base.html",
]  # fmt: skip


@pytest.mark.parametrize("target", OUTSIDE)
def test_no_file_outside_of_what_is_published_is_given(client, url, target):
    status, _, body = get(url, target, b"Accept: application/json")
    assert status == 404
    assert b"root:" not in body
    assert b"import " not in body


@pytest.mark.parametrize(
    "target", [b"//evil.example/", b"/%5cevil.example/x", b"/%2fevil.example/x", b"///a"]
)
def test_no_redirect_leads_elsewhere(client, url, target):
    status, head, _ = get(url, target)
    assert status == 404
    assert b"location:" not in head.lower()


def test_an_absolute_target_is_answered_as_the_path_it_has(client, url):
    assert get(url, b"http://evil.example/healthz")[0] == 200
    assert get(url, b"file:///etc/passwd")[0] in (400, 404)


# ---------------------------------------------------------------- headers and methods


@pytest.mark.parametrize(
    "target",
    [b"/%0d%0aX-Evil:%20yes", b"/actor/japan%0d%0aX-Evil:%20yes", b"/actor/japan%0aX-Evil:yes",
     b"/search?q=a%0d%0aX-Evil:%20yes", b"/?lang=ja%0d%0aX-Evil:%20yes", b"/actor/a%7f%9f"],
)  # fmt: skip
def test_no_header_can_be_added(client, url, target):
    _, head, _ = get(url, target)
    assert b"x-evil" not in head.lower()


@pytest.mark.parametrize("path", ["/actor/日本", "/actor/\u202ejapan", "/actor/%ff", "/actor/a b"])
def test_names_beyond_ascii_are_no_mistake_of_the_server(client, path):
    answer = client.get(path, headers={"accept": "text/turtle"})
    assert answer.status_code in (303, 404)
    assert answer.headers.get("location", "").isascii()


HOSTS = [b"[", b"a b", b"a/b", b"a@b", b"<script>", b'a"b', b"a:port", b"", b"a\\b", b"\xff"]


@pytest.mark.parametrize("host", HOSTS)
def test_a_host_that_is_none_is_refused(client, url, host):
    answer = raw(url, b"GET / HTTP/1.1\r\nConnection: close\r\nHost: " + host + b"\r\n\r\n")
    assert answer.startswith(b"HTTP/1.1 400 ")


@pytest.mark.parametrize("fields", [b"", b"Host: a\r\nHost: b\r\n"])
def test_a_request_names_one_host(client, url, fields):
    answer = raw(url, b"GET / HTTP/1.1\r\nConnection: close\r\n" + fields + b"\r\n")
    assert answer.startswith(b"HTTP/1.1 400 ")


def test_what_the_host_header_says_is_not_kept_for_others(client, url):
    evil = [b"Host: evil.example", b"Connection: close"]
    for target in (b"/", b"/.well-known/void", b"/sitemap.xml", b"/robots.txt", b"/dcat"):
        raw(url, b"GET " + target + b" HTTP/1.1\r\n" + b"\r\n".join(evil) + b"\r\n\r\n")
        assert b"evil.example" not in get(url, target)[2]


@pytest.mark.parametrize("path", ["/actor/japan", "/actor/japan.ttl", "/about", "/healthz"])
def test_a_method_that_is_refused_is_told_all_that_are_not(client, path):
    allowed = {"GET", "HEAD", "OPTIONS"}
    for answer in (client.delete(path), client.options(path)):
        assert set(answer.headers["allow"].split(", ")) == allowed
    assert client.delete(path).status_code == 405


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "TRACE", "PROPFIND", "MKCOL"])
def test_methods_that_would_change_something_are_refused(client, method):
    for path in ("/", "/actor/japan", "/actor/japan.ttl", "/sparql", "/graphs", "/healthz"):
        answer = client.request(method, path)
        # Also 403: where the protocol has an update, it is refused as such.
        assert answer.status_code in (403, 404, 405), path
        assert answer.headers["content-type"].startswith("application/problem+json")


# ---------------------------------------------------------------- many at once, and going away


def test_fifty_runaway_queries_at_once(client):
    """Three run at a time and four wait; the rest is told at once when to come back."""
    answers = []

    def ask():
        answers.append(client.post("/sparql", data={"query": RUNAWAY}))

    threads = [threading.Thread(target=ask) for _ in range(50)]
    for thread in threads:
        thread.start()
    # Health and documents that need no worker are answered meanwhile.
    assert client.get("/healthz").status_code == 200
    for thread in threads:
        thread.join()
    assert len(answers) == 50
    assert {each.status_code for each in answers} == {503}
    busy = [each for each in answers if "retry-after" in each.headers]
    assert 0 < len(busy) < 50
    assert all(each.json()["status"] == 503 for each in answers)


def test_fifty_clients_that_hang_up(client, url):
    place = urlsplit(url)
    ask = f"GET /sparql?query={quote(RUNAWAY)} HTTP/1.1\r\nHost: a\r\nAccept: text/csv\r\n\r\n"
    for _ in range(50):
        with socket.create_connection((place.hostname, place.port)) as stream:
            stream.sendall(ask.encode())


def test_half_a_request_and_then_nothing(client, url):
    for data in (b"", b"GET", b"POST /sparql HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nque"):
        place = urlsplit(url)
        with socket.create_connection((place.hostname, place.port)) as stream:
            stream.sendall(data)


def test_a_compressed_body_is_not_unpacked(client):
    """A bomb of some bytes that unpack to gigabytes is none where nothing is unpacked."""
    fields = {"content-encoding": "gzip", "content-type": "application/sparql-query"}
    answer = client.post("/sparql", content=b"\x1f\x8b" + bytes(100), headers=fields)
    assert answer.status_code in (400, 415)


# ---------------------------------------------------------------- hostile data


def test_labels_are_text_and_links_lead_to_the_web(client):
    """The label is in the page, as text; no link has a scheme that runs something."""
    pages = [
        client.get(path, follow_redirects=True)
        for path in ("/actor/hostile.html", "/actor/", "/search?q=script", "/search?q=" + SCRIPT)
    ]
    assert "&lt;script&gt;" in pages[0].text
    for page in pages:
        assert page.status_code == 200
        assert "<script>document" not in page.text
        assert "<img src=x" not in page.text
        found = re.findall(r"(?:href|src|action|formaction|xlink:href)\s*=\s*[\"']?([^\"'> ]+)",
                           page.text)  # fmt: skip
        assert found
        assert not [each for each in found if re.match(r"\s*(javascript|data|vbscript):", each)]


def test_nothing_that_a_label_holds_is_run(client, url, browser):
    page = browser.new_page()
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("dialog", lambda dialog: pytest.fail("A script was run."))
    page.goto(f"{url}/actor/hostile.html")
    assert page.title() != "run"
    assert "<script>" in page.inner_text("h1")
    assert {urlsplit(each).netloc for each in asked} == {urlsplit(url).netloc}
    page.close()


def test_structured_data_in_a_page_cannot_be_left(client):
    """`</script>` in a label would end the JSON-LD of a page."""
    text = client.get("/actor/hostile.html").text
    [body] = re.findall(r"<script type=\"application/ld\+json\">(.*?)</script>", text, re.S)
    assert any(each["id"].endswith("/actor/hostile") for each in json.loads(body)["@graph"])
