"""Operations: what an operator asks, reads in the log, and does: reload, stop, mend."""

import contextlib
import hashlib
import http.client
import json
import os
import re
import shutil
import signal
import socket
import threading
from pathlib import Path

import httpx
import pytest
from tests.conftest import TESTS, WORLD
from tests.serve.conftest import WAIT, until

from trilateral.serve.web.log import Log

JSON = {"accept": "application/sparql-results+json"}
RUNAWAY = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
BORLAND = "/actor/borland.ttl"


@pytest.fixture
def data(tmp_path):
    """A copy of the tiny world that a test may change."""
    return shutil.copytree(WORLD / "data", tmp_path / "data")


@contextlib.contextmanager
def served(serve, *options):
    with serve(*options) as (process, url), httpx.Client(base_url=url, timeout=WAIT) as client:
        yield process, client


def sample(client, name):
    """The value of one metric, labels and all, as in the text format; None where there is none."""
    found = re.search(rf"^{re.escape(name)} (\S+)$", client.get("/metrics").text, re.M)
    return float(found[1]) if found else None


def told(process, text):
    """Read the log until a line holds a text."""
    for line in process.stderr:
        if text in line:
            return line
    pytest.fail(f"The log ends without: {text}")


def change(folder, label="Nordland"):
    path = folder / "actors" / "states.ttl"
    aside = path.with_suffix(".part")
    aside.write_text(path.read_text("utf-8").replace('"Borland"@en', f'"{label}"@en'), "utf-8")
    aside.replace(path)
    return path


# ---------------------------------------------------------------- what an operator asks


def test_health_readiness_and_metrics(world_client):
    for path, body in (("/healthz", "ok\n"), ("/readyz", "ready\n")):
        answer = world_client.get(path)
        assert (answer.status_code, answer.text) == (200, body)
        assert answer.headers["cache-control"] == "no-store"
    assert world_client.get("/metrics").headers["content-type"].startswith("text/plain; version=")


def test_metrics_count_requests_by_part_and_queries_by_outcome(world_client):
    names = [
        'trilateral_requests_total{route="sparql",status="200"}',
        'trilateral_requests_total{route="sparql",status="400"}',
        'trilateral_requests_total{route="none",status="404"}',
        'trilateral_queries_total{outcome="ok"}',
        'trilateral_queries_total{outcome="syntax"}',
        "trilateral_query_seconds_count",
    ]
    before = [sample(world_client, name) or 0 for name in names]
    for query in ("ASK {}", "ASK {}", "ASK { nonsense"):
        world_client.post("/sparql", data={"query": query}, headers=JSON)
    world_client.get("/%00")
    after = [sample(world_client, name) or 0 for name in names]
    counted = [new - old for new, old in zip(after, before, strict=True)]
    assert counted == [2, 1, 1, 2, 1, 3]


def test_metrics_tell_of_data_workers_and_memory(world_client):
    answer = world_client.get(
        "/sparql", params={"query": "SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } }"},
        headers=JSON,
    )  # fmt: skip
    quads = int(answer.json()["results"]["bindings"][0]["n"]["value"])
    assert sample(world_client, "trilateral_quads") == quads
    assert sample(world_client, "trilateral_ready") == 1
    assert sample(world_client, "trilateral_queue_length") == 0
    assert sample(world_client, "trilateral_workers_busy") == 0
    assert sample(world_client, "trilateral_engine_memory_bytes") > 10 << 20
    assert sample(world_client, "process_resident_memory_bytes") > 10 << 20
    version = re.search(r'data_info\{version="(\w{64})"\} 1', world_client.get("/metrics").text)[1]
    assert version[:16] in world_client.get(BORLAND).headers["etag"]


def test_the_page_for_operators_names_every_metric(world_client):
    page = (TESTS.parent / "docs" / "serve.md").read_text(encoding="utf-8")
    told = set(re.findall(r"`(trilateral_\w+)", page))
    text = world_client.get("/metrics").text
    held = re.findall(r"^# TYPE (trilateral_\w+) (\w+)$", text, re.M)
    assert told == {name for name, _ in held}


def test_each_answer_has_an_identifier_that_no_client_chooses(world_client):
    given = {"x-request-id": "mine"}
    names = {world_client.get("/healthz", headers=given).headers["x-request-id"] for _ in range(2)}
    assert len(names) == 2
    assert all(re.fullmatch("[0-9a-f]{16}", name) for name in names)


def test_what_is_kept_is_counted_as_what_it_is_and_has_an_identifier(world_client):
    first = world_client.get(BORLAND)
    counted = 'trilateral_requests_total{route="documents",status="%s"}'
    took = 'trilateral_request_seconds_count{route="documents"}'
    names = [counted % 200, counted % 304, took]
    before = [sample(world_client, name) or 0 for name in names]
    again = world_client.get(BORLAND)
    head = world_client.head(BORLAND)
    known = world_client.get(BORLAND, headers={"if-none-match": first.headers["etag"]})
    after = [sample(world_client, name) or 0 for name in names]
    assert [new - old for new, old in zip(after, before, strict=True)] == [2, 1, 3]
    assert (again.text, head.text, known.text) == (first.text, "", "")
    assert (again.status_code, head.status_code, known.status_code) == (200, 200, 304)
    ids = {each.headers["x-request-id"] for each in (first, again, head, known)}
    assert len(ids) == 4
    # What is kept has the same headers as what is made, but for the moment and the name.
    changing = {"date", "x-request-id"}
    made, given, short = (
        {name: value for name, value in each.headers.items() if name not in changing}
        for each in (first, again, head)
    )
    assert made == given == short
    of_the_body = {"content-length", "content-encoding", "content-type"}
    assert set(made) - set(known.headers) == of_the_body & set(made)


def test_a_request_that_comes_again_in_the_same_bytes_is_answered_as_before(serve, data):
    """Made, kept, and known by its bytes, over one connection: the same but for the moment."""
    with served(serve, "--data", data, "--log-requests", "--log-format", "json") as (log, client):
        url = client.base_url

        def exchange(method, *fields):
            lines = [f"{method} {BORLAND} HTTP/1.1", f"Host: {url.host}:{url.port}", *fields]
            stream.sendall("\r\n".join([*lines, "", ""]).encode())
            answer = http.client.HTTPResponse(stream, method=method)
            answer.begin()
            kept = {name: answer.headers[name] for name in answer.headers}
            name, _ = kept.pop("x-request-id"), kept.pop("date")
            return answer.status, kept, answer.read(), name

        with socket.create_connection((url.host, url.port), timeout=60) as stream:
            tag = exchange("GET")[1]["etag"]
            asked = ("GET",), ("HEAD",), ("GET", f"If-None-Match: {tag}")
            answers = [[exchange(*words) for words in asked] for _ in range(4)]
            for each in answers[1:]:
                assert [answer[:3] for answer in each] == [answer[:3] for answer in answers[0]]
            assert [answer[0] for answer in answers[0]] == [200, 200, 304]
            assert answers[0][0][2].startswith(b"@prefix")
            names = [answer[3] for each in answers for answer in each]
            assert len(set(names)) == len(names) == 12
            counted = 'trilateral_requests_total{route="documents",status="%s"}'
            assert [sample(client, counted % status) for status in (200, 304)] == [9, 4]
            logged = {}
            while not logged.keys() >= set(names):
                line = json.loads(log.stderr.readline())
                logged[line.get("id")] = line.get("method")
            assert [logged[name] for name in names] == ["GET", "HEAD", "GET"] * 4


@pytest.mark.parametrize(
    "hosts", [[], ["a.example", "b.example"], ["a.example", "a.example"]],
    ids=["none", "two", "one twice"],
)  # fmt: skip
def test_what_is_kept_is_not_given_to_a_request_that_names_no_host_or_two(world_client, hosts):
    url = world_client.base_url
    for host in hosts or ["a.example"]:
        assert world_client.get(BORLAND, headers={"host": host}).status_code == 200
    fields = "".join(f"Host: {host}\r\n" for host in hosts)
    with socket.create_connection((url.host, url.port), timeout=60) as stream:
        stream.sendall(f"GET {BORLAND} HTTP/1.1\r\n{fields}Connection: close\r\n\r\n".encode())
        answer = stream.makefile("rb").read()
    assert answer.startswith(b"HTTP/1.1 400 ")


def test_what_is_kept_for_one_scheme_is_not_given_for_another(serve):
    """The URL of the context is of the scheme by which the proxy was asked."""
    options = ("--data", WORLD / "data", "--trusted-proxy", "127.0.0.1")
    with served(serve, *options) as (_, client):
        for scheme in ("http", "https", "http"):
            fields = {"x-forwarded-proto": scheme, "host": "a.example"}
            document = client.get("/actor/borland.jsonld", headers=fields).json()
            assert document["@context"] == f"{scheme}://a.example/context.jsonld"


# ---------------------------------------------------------------- log


def test_requests_are_logged_as_json_without_anything_personal(serve):
    options = ("--data", WORLD / "data", "--log-requests", "--log-format", "json")
    with served(serve, *options) as (process, client):
        secret = {"x-forwarded-for": "192.0.2.7", "user-agent": "secret", "referer": "/secret"}
        client.get("/actor/secret%0a%1b%5b31m?secret=1", headers=secret)
        client.post("/sparql", data={"query": "ASK { ?secret ?p 1 }"}, headers=JSON | secret)
        client.get(BORLAND, headers=secret)
        process.send_signal(signal.SIGTERM)
        text = process.stderr.read()
    lines = [json.loads(line) for line in text.splitlines()]
    requests = [line for line in lines if line["event"] == "request"]
    assert [(each["method"], each["route"], each["status"]) for each in requests] == [
        ("GET", "none", 404),
        ("POST", "sparql", 200),
        ("GET", "documents", 200),
    ]
    assert requests[1]["outcome"] == "ok"
    keys = {"time", "level", "event", "id", "method", "route", "status", "ms", "outcome"}
    assert all(set(each) == keys for each in requests)
    for word in ("secret", "192.0.2", "127.0.0.1", "ASK", "borland"):
        assert word not in text


def test_a_log_line_stays_one_line(capsys):
    Log().tell("event", "a\nb\r\nc\x1b[31m\u202ed", field="e\u2028f")
    assert capsys.readouterr().err == "trilateral: a b c\\x1b[31m\ufffdd (field e f)\n"


def test_a_mistake_is_told_by_place_and_without_its_message(capsys):
    try:
        raise ValueError("SELECT secret")
    except ValueError as error:
        Log("json").mistake(error, route="sparql")
    line = json.loads(capsys.readouterr().err)
    assert (line["event"], line["level"]) == ("mistake", "error")
    assert "test_operations.py" in line["where"]
    assert "secret" not in json.dumps(line)


# ---------------------------------------------------------------- reload


class Stream:
    """Asks for one document again and again until told to stop; keeps all that was answered."""

    def __init__(self, url):
        self.url, self.answers, self.stop = url, [], threading.Event()
        self.thread = threading.Thread(target=self.run)

    def run(self):
        with httpx.Client(base_url=self.url, timeout=WAIT) as client:
            while not self.stop.is_set():
                got = [client.get(BORLAND), client.get("/sparql", params={"query": LABEL})]
                self.answers.append(got)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.stop.set()
        self.thread.join()


LABEL = (
    "SELECT ?label { <https://w3id.org/trilateral/actor/borland> "
    '<http://www.w3.org/2004/02/skos/core#prefLabel> ?label FILTER(LANG(?label) = "en") }'
)


def test_a_reload_drops_no_request_and_gives_each_version_its_validator(serve, data):
    with served(serve, "--data", data) as (process, client):
        old = client.get(BORLAND)
        assert '"Borland"@en' in old.text
        with Stream(str(client.base_url)) as stream:
            until(lambda: stream.answers)
            change(data)
            process.send_signal(signal.SIGHUP)
            assert "changed" in told(process, "read again")
            after = len(stream.answers)
            until(lambda: len(stream.answers) >= after + 3)
        new = client.get(BORLAND)
        assert '"Nordland"@en' in new.text
        assert new.headers["etag"] != old.headers["etag"]
        known = {old.headers["etag"]: old.text, new.headers["etag"]: new.text}
        for document, answer in stream.answers:
            assert (document.status_code, answer.status_code) == (200, 200)
            assert document.text == known[document.headers["etag"]]
        assert {answers[0].text for answers in stream.answers} == {old.text, new.text}
        rows = [answers[1].json()["results"]["bindings"] for answers in stream.answers]
        seen = {each[0]["label"]["value"] for each in rows}
        assert seen == {"Borland", "Nordland"}
        assert sample(client, 'trilateral_reloads_total{result="done"}') == 1


def test_a_reload_that_fails_says_why_and_serves_on(serve, data):
    with served(serve, "--data", data) as (process, client):
        before = client.get(BORLAND)
        path = change(data)
        path.write_text(path.read_text("utf-8") + "\nactor:broken a tri:State , ;\n", "utf-8")
        lines = len(path.read_text("utf-8").splitlines())
        process.send_signal(signal.SIGHUP)
        line = told(process, "served as they were")
        assert f"{path.name}:{lines}" in line
        assert "\\x0a" not in line
        after = client.get(BORLAND)
        assert (after.text, after.headers["etag"]) == (before.text, before.headers["etag"])
        assert client.get("/readyz").status_code == 200
        assert sample(client, 'trilateral_reloads_total{result="failed"}') == 1


def build(folder, text):
    """A build as `trilateral build` writes it, of one graph: quads, shapes and manifest."""
    folder.mkdir()
    files = {"dataset.nq": text.encode(), "shapes.ttl": b"# None.\n"}
    for name, data in files.items():
        (folder / name).write_bytes(data)
    digests = {name: hashlib.sha256(data).hexdigest() for name, data in files.items()}
    told = {name: {"sha256": digest} for name, digest in digests.items()}
    manifest = {"rdfc10_sha256": digests["dataset.nq"], "files": told}
    (folder / "manifest.json").write_text(json.dumps(manifest))
    return folder


def quad(label):
    borland, graph = (
        f"<https://w3id.org/trilateral/{each}>" for each in ("actor/borland", "graph/a")
    )
    return f'{borland} <http://www.w3.org/2004/02/skos/core#prefLabel> "{label}"@en {graph} .\n'


def test_a_build_that_is_put_in_the_place_of_another_is_watched(serve, tmp_path):
    """Once as a folder, once behind a symbolic link, as deployments do it."""
    build(tmp_path / "one", quad("One"))
    build(tmp_path / "two", quad("Two"))
    current = tmp_path / "current"
    current.symlink_to("one")
    with served(serve, "--build", current, "--watch") as (process, client):
        assert '"One"@en' in client.get(BORLAND).text
        (tmp_path / "next").symlink_to("two")
        (tmp_path / "next").replace(current)
        told(process, "read again")
        assert '"Two"@en' in client.get(BORLAND).text
        # What is half written is not served, and what is written then is.
        (tmp_path / "two" / "dataset.nq").write_text(quad("Half"))
        assert "manifest.json" in told(process, "served as they were")
        assert '"Two"@en' in client.get(BORLAND).text
        shutil.rmtree(tmp_path / "two")
        build(tmp_path / "two", quad("Three"))
        told(process, "read again")
        assert '"Three"@en' in client.get(BORLAND).text


# ---------------------------------------------------------------- options that pages show


def test_a_page_has_another_validator_under_other_options_and_a_document_the_same(serve):
    """Limits stand at /about, the form for errors on the pages of things."""
    paths = ("/about", "/actor/borland.html", BORLAND, "/sparql?query=ASK%7B%7D")
    data = ("--data", WORLD / "data")
    issues = ("--issues", "https://example.org/issues/new")
    tags = []
    for options in ((), ("--seconds", 3), issues):
        with served(serve, *data, *options) as (_, client):
            tags.append([client.get(path).headers["etag"] for path in paths])
            known = [client.get(path, headers={"if-none-match": tag})
                     for path, tag in zip(paths, tags[0], strict=True)]  # fmt: skip
            statuses = [each.status_code for each in known]
            assert statuses == ([304] * 4 if not options else [200, 200, 304, 304])
    for page in zip(*(each[:2] for each in tags), strict=True):
        assert len(set(page)) == 3
    for document in zip(*(each[2:] for each in tags), strict=True):
        assert len(set(document)) == 1


# ---------------------------------------------------------------- end and restart


def engine_of(process):
    (pid,) = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
    return int(pid)


def test_an_engine_that_ends_is_replaced(serve):
    with served(serve, "--data", WORLD / "data") as (process, client):
        before = client.get(BORLAND)
        os.kill(engine_of(process), signal.SIGKILL)
        told(process, "Another is started")
        # What is kept is answered meanwhile, what is not is refused for some seconds.
        assert client.get(BORLAND).text == before.text
        assert client.get("/readyz").status_code in (200, 503)
        told(process, "The engine is there again.")
        assert client.get("/readyz").status_code == 200
        assert client.get("/sparql", params={"query": "ASK {}"}).status_code == 200
        assert sample(client, "trilateral_engine_restarts_total") == 1


def test_a_server_whose_engine_cannot_be_replaced_ends_and_says_why(serve, data):
    with served(serve, "--data", data) as (process, _):
        path = change(data)
        path.write_text("nonsense", "utf-8")
        os.kill(engine_of(process), signal.SIGKILL)
        text = process.stderr.read()
        assert process.wait(WAIT) == 1
        assert path.name in text
        assert "could not be started again" in text
        assert "Traceback" not in text


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_what_runs_is_answered_before_the_server_ends(serve, number):
    with served(serve, "--data", WORLD / "data", "--seconds", 2) as (process, client):
        answers = []
        query = {"query": RUNAWAY}
        thread = threading.Thread(
            target=lambda: answers.append(client.post("/sparql", data=query, headers=JSON))
        )
        thread.start()
        with httpx.Client(base_url=client.base_url, timeout=WAIT) as other:
            until(lambda: sample(other, "trilateral_workers_busy") == 1)
        engine = engine_of(process)
        process.send_signal(number)
        thread.join()
        # It ran to its limit, which is what it would have been answered at any time.
        assert answers[0].status_code == 503
        assert "ended after 2 seconds" in answers[0].json()["detail"]
        assert process.wait(WAIT) == 0
        assert process.stderr.read() == ""
        assert not Path(f"/proc/{engine}").exists()
        with pytest.raises(httpx.ConnectError):
            client.get("/")


def test_an_engine_without_a_server_ends(serve):
    with served(serve, "--data", WORLD / "data") as (process, _):
        engine = engine_of(process)
        process.kill()
        process.wait()
        until(lambda: not lives(engine))


def lives(pid):
    """Whether a process is there that is not merely waiting to be reaped."""
    try:
        return "State:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return False


# ---------------------------------------------------------------- what cannot be served


def wrong_manifest(folder):
    build(folder / "b", quad("One"))
    (folder / "b" / "dataset.nq").write_text(quad("Other"))
    return ["--build", folder / "b"]


def altered_shapes(folder):
    build(folder / "b", quad("One"))
    (folder / "b" / "shapes.ttl").write_text("# Some.\n")
    return ["--build", folder / "b"]


def no_shapes(folder):
    build(folder / "b", quad("One"))
    (folder / "b" / "shapes.ttl").unlink()
    return ["--build", folder / "b"]


def broken_quads(folder):
    build(folder / "b", "<a> nonsense\n")
    return ["--build", folder / "b"]


def broken_turtle(folder):
    data = shutil.copytree(WORLD / "data", folder / "data")
    path = change(data)
    path.write_text("@prefix a: <urn:a> .\na:b a:c a:d .\na:b a:c\n", "utf-8")
    return ["--data", data]


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (lambda folder: ["--build", folder / "none"], ["none", "trilateral build"]),
        (lambda folder: ["--build", folder], ["not the output of a build"]),
        (wrong_manifest, ["dataset.nq", "manifest.json", "Build again"]),
        (altered_shapes, ["shapes.ttl", "manifest.json", "Build again"]),
        (no_shapes, ["shapes.ttl", "trilateral build"]),
        (broken_quads, ["dataset.nq:1: ", "Build again"]),
        (broken_turtle, [".ttl:", "error"]),
        (lambda _: ["--host", "192.0.2.1"], ["192.0.2.1:0", "cannot listen", "--host"]),
        (lambda _: ["--host", "no.such.host.invalid"], ["cannot listen", "--host"]),
    ],
    ids=["no build", "other folder", "other manifest", "altered shapes", "no shapes",
         "broken quads", "broken Turtle", "address", "name"],
)  # fmt: skip
def test_what_cannot_be_served_is_told_with_its_repair(run, tmp_path, options, words):
    done = run("serve", "--port", "0", *options(tmp_path))
    assert done.returncode == 1, done.stderr
    assert done.stderr.startswith("trilateral: ")
    assert "Traceback" not in done.stderr
    for word in words:
        assert word in done.stderr


def test_a_port_that_is_taken_is_told(run):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = run("serve", "--data", WORLD / "data", "--port", port)
    assert done.returncode == 1
    assert done.stderr == (
        f"trilateral: 127.0.0.1:{port}: the server cannot listen there: Address already in use.\n"
        "Name another --host or --port; --port 0 takes any that is free.\n"
    )


def test_every_address_of_the_machine_can_be_listened_at(serve):
    with served(serve, "--data", WORLD / "data", "--host", "::") as (_, client):
        port = client.base_url.port
        for host in ("127.0.0.1", "[::1]"):
            assert httpx.get(f"http://{host}:{port}/healthz", timeout=WAIT).status_code == 200
