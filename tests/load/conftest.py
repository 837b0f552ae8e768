"""What the tests of loading share: two versions of the tiny world, stores, and faulty ones."""

import json
import shutil
import socket
import threading
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx
import pyoxigraph as ox
import pytest
from proof.stores.blazegraph import Blazegraph
from proof.stores.fuseki import Fuseki
from proof.stores.oxigraph import Oxigraph
from proof.stores.rdf4j import Rdf4j
from proof.stores.virtuoso import Virtuoso
from tests.conftest import WORLD

from trilateral import cli, dataset
from trilateral.build import assemble, write
from trilateral.home import find_home

BASE = "https://w3id.org/trilateral/"
GRAPH = BASE + "graph/"
MARKER = BASE + "loaded"
FOREIGN = "http://example.org/of-others"
FOREIGN_TEXT = (
    '<http://example.org/a> <http://www.w3.org/2000/01/rdf-schema#label> "theirs" .\n'
    f'<{BASE}actor/arland> <http://example.org/rank> "3" .\n'
)
NQUADS = "application/n-quads"
# One for all: to make one takes longer than most of what it is used for.
HTTP = httpx.Client(timeout=60, trust_env=False)


@pytest.fixture(autouse=True)
def alone(monkeypatch, tmp_path):
    """No credentials but a test's own, and no proxy on the way."""
    for name in ("TOKEN", "USER", "PASSWORD", "AUTH"):
        monkeypatch.delenv(f"TRILATERAL_{name}", raising=False)
    monkeypatch.setenv("NETRC", "")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("no_proxy", "*")


def build_of(data, out):
    write.write(assemble.assemble(dataset.read_valid(find_home(data))), out)
    return out


@pytest.fixture(scope="session")
def build(tmp_path_factory):
    """A build of the tiny world."""
    return build_of(WORLD / "data", tmp_path_factory.mktemp("build") / "dist")


@pytest.fixture(scope="session")
def later(tmp_path_factory):
    """A build of a later version: one graph changed, one new, one gone."""
    data = tmp_path_factory.mktemp("later") / "data"
    shutil.copytree(WORLD / "data", data)
    places = data / "events" / "places.ttl"
    text = places.read_text("utf-8")
    assert text.count('"Selby"@en ;') == 1
    more = '"Selby"@en ;\n    skos:altLabel "Selby Town"@en ;'
    places.write_text(text.replace('"Selby"@en ;', more), "utf-8")
    (data / "actors" / "offices.ttl").rename(data / "actors" / "posts.ttl")
    return build_of(data, data.parent / "dist")


CHANGED, NEW, GONE = (GRAPH + name for name in ("events/places", "actors/posts", "actors/offices"))


def hash_of(build):
    return json.loads((build / "manifest.json").read_text("utf-8"))["rdfc10_sha256"]


def quads_of(build):
    """What a store that was loaded with a build holds of ours, but for the marker."""
    kept = ox.Store()  # which has one form for equal numbers, as the stores have
    kept.load(path=build / "dataset.nq", format=ox.RdfFormat.N_QUADS)
    return set(kept)


def dump(url):
    """All that a store holds, fetched by its graph store and not by our client."""
    answer = HTTP.get(f"{url}/store", headers={"Accept": NQUADS})
    answer.raise_for_status()
    return set(ox.parse(answer.content, format=ox.RdfFormat.N_QUADS))


def put_foreign(graphs, login):
    """Put what others have into a store that wants a login, at the address of its graphs."""
    answer = HTTP.put(
        graphs,
        params={"graph": FOREIGN},
        content=FOREIGN_TEXT,
        headers={"Content-Type": "text/turtle"},
        auth=login,
    )
    answer.raise_for_status()


def split(quads):
    """Quads of the dataset, of the marker, and of others."""
    parts = {"ours": set(), "marker": set(), "foreign": set()}
    for quad in quads:
        name = getattr(quad.graph_name, "value", "")
        kind = "marker" if name == MARKER else "ours" if name.startswith(GRAPH) else "foreign"
        parts[kind].add(quad)
    return parts


def holds(url, build):
    """Whether a store holds a build, and says so."""
    parts = split(dump(url))
    told = {(quad.predicate.value, quad.object.value) for quad in parts["marker"]}
    schema = "https://schema.org/"
    assert told == {(f"{schema}version", version_of(build)), (f"{schema}sha256", hash_of(build))}
    return parts["ours"] == quads_of(build)


def version_of(build):
    return json.loads((build / "manifest.json").read_text("utf-8"))["version"]


def fill(url, build=None, foreign=True):
    """Put into a store, without the code that is tested: a build and its marker, others' data."""
    nquads = b""
    if build:
        nquads += (build / "dataset.nq").read_bytes()
        nquads += (
            f'<{MARKER}> <https://schema.org/version> "{version_of(build)}" <{MARKER}> .\n'
            f'<{MARKER}> <https://schema.org/sha256> "{hash_of(build)}" <{MARKER}> .\n'
        ).encode()
    if foreign:
        nquads += FOREIGN_TEXT.replace(" .\n", f" <{FOREIGN}> .\n").encode()
        nquads += FOREIGN_TEXT.encode()
    HTTP.delete(f"{url}/store").raise_for_status()
    sent = HTTP.post(f"{url}/store", content=nquads, headers={"Content-Type": NQUADS})
    sent.raise_for_status()


@pytest.fixture(scope="session")
def running(tmp_path_factory):
    """An Oxigraph server on disk, which tests empty before they use it."""
    if reason := Oxigraph.missing():
        pytest.skip(reason)
    with Oxigraph(tmp_path_factory.mktemp("oxigraph") / "store") as store:
        yield store


@pytest.fixture
def store(running):
    """The address of an Oxigraph server that holds nothing but what somebody else put there."""
    fill(running.url)
    return running.url


@pytest.fixture
def copy(running, build):
    """The address of one that holds the tiny world, and says so, and nothing else."""
    fill(running.url, build, foreign=False)
    return running.url


@pytest.fixture
def shared(running, build):
    """The address of one that holds the tiny world beside others' data."""
    fill(running.url, build)
    return running.url


@pytest.fixture
def trilateral(capsys):
    """Run a command in this process: its exit status and what it printed."""

    def trilateral(*arguments):
        capsys.readouterr()
        try:
            status = cli.main([str(each) for each in arguments])
        except SystemExit as ended:
            status = ended.code
        printed = capsys.readouterr()
        return status, printed.out, printed.err

    return trilateral


class Standing:
    """A server that stands before a store: ``reply`` answers a request or lets it through.

    ``reply(handler, body)`` returns None to let it through, or status, headers and body;
    a status of None ends the connection without a word.
    """

    def __init__(self, target, reply):
        self.requests = []
        standing = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def _answer(self):
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                standing.requests.append((self.command, self.path, dict(self.headers), body))
                answer = reply(self, body) or self._forward(body)
                status, headers, content = answer
                if status is None:
                    self.close_connection = True
                    return
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                if "Content-Length" in headers:  # a wrong one, so that the connection must end
                    self.close_connection = True
                else:
                    self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            def _forward(self, body):
                keep = ("Accept", "Content-Type")
                headers = {name: self.headers[name] for name in keep if name in self.headers}
                answer = HTTP.request(
                    self.command, target + self.path, content=body, headers=headers
                )
                kept = {"Content-Type": answer.headers.get("Content-Type", "text/plain")}
                return answer.status_code, kept, answer.content

            do_GET = do_HEAD = do_OPTIONS = _answer  # noqa: N815
            do_POST = do_PUT = do_DELETE = _answer  # noqa: N815

            def log_message(self, *arguments):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_port}"


@contextmanager
def standing(target, reply):
    served = Standing(target, reply)
    thread = threading.Thread(target=served.server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield served
    finally:
        served.server.shutdown()
        served.server.server_close()
        thread.join()


def break_off(url, headers, body):
    """Send a body to its last byte but one, hang up, and see what is answered to its end."""
    host, _, path = url.removeprefix("http://").partition("/")
    name, _, port = host.partition(":")
    lines = [f"POST /{path} HTTP/1.1", f"Host: {host}", f"Content-Length: {len(body) + 1}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    with socket.create_connection((name, int(port)), timeout=60) as stream:
        stream.sendall("\r\n".join([*lines, "", ""]).encode() + body)
        # A store that refuses what it has by then may have hung up itself.
        with suppress(OSError):
            stream.shutdown(socket.SHUT_WR)
            while stream.recv(1 << 16):
                pass


@pytest.fixture(scope="session")
def fuseki(tmp_path_factory):
    """A Fuseki that wants a login by digest to be read or written."""
    if reason := Fuseki.missing():
        pytest.skip(reason)
    with Fuseki(tmp_path_factory.mktemp("fuseki") / "store", auth="digest") as store:
        yield store


@pytest.fixture(scope="session")
def rdf4j(tmp_path_factory):
    """An RDF4J Server with an empty repository."""
    if reason := Rdf4j.missing():
        pytest.skip(reason)
    with Rdf4j(tmp_path_factory.mktemp("rdf4j") / "store") as store:
        yield store


@pytest.fixture(scope="session")
def virtuoso(tmp_path_factory):
    """A Virtuoso, whose one user may write with a digest."""
    if reason := Virtuoso.missing():
        pytest.skip(reason)
    with Virtuoso(tmp_path_factory.mktemp("virtuoso") / "store") as store:
        yield store


@pytest.fixture(scope="session")
def blazegraph(tmp_path_factory):
    """A Blazegraph, whose namespace keeps quads."""
    if reason := Blazegraph.missing():
        pytest.skip(reason)
    with Blazegraph(tmp_path_factory.mktemp("blazegraph") / "store") as store:
        yield store
