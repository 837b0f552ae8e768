"""The site as files: the same pages and documents as the server gives, with links to files."""

import gzip
import json
import os
import posixpath
import re
import signal
import subprocess
import sys
from html.parser import HTMLParser
from urllib.parse import unquote, urljoin, urlsplit

import httpx
import pyoxigraph as ox
import pytest
from tests.conftest import WORLD
from tests.serve.conftest import PATIENT, WAIT, serving, until

ADDRESS = "https://example.org/graph"
RDF = ("ttl", "jsonld", "nt", "rdf", "trig", "nq")
LINKS = ("href", "src", "action", "data-names", "data-static")
VOID = {"meta", "link", "img", "input", "br", "hr", "source", "wbr", "path", "rect", "circle"}
# What only a server can answer is left out, on pages told of in `docs/publish.md`.
LEFT_OUT = (
    ("nav", "class", "languages"),
    ("p", "class", "elsewhere"),
    ("form", "class", "panel choose"),
    ("form", "class", "row filters"),
    ("form", "class", "day"),
    ("form", "class", "panel parameters"),
    ("details", "id", "programs"),
)
ADDED = (
    *(("details", "class", "filters"), ("p", "id", "told"), ("ol", "id", "found")),
    *(("details", "id", "data"), ("script", "id", "browser-words")),
)
# Scripts that only files have.
THEIRS = re.compile(r"/(search|browser/page)\.")
# Pages that tell what the server offers, and so differ in words; see `test_claims_nothing...`.
OTHER_WORDS = ("about/index.html", "api/index.html", "graphs/index.html")


def publish(*arguments, **environment):
    return subprocess.run(
        [sys.executable, "-m", "trilateral", "publish", "site", *map(str, arguments)],
        capture_output=True,
        text=True,
        env={**os.environ, **environment},
    )


@pytest.fixture(scope="session")
def site(tmp_path_factory):
    """The site of the tiny world."""
    out = tmp_path_factory.mktemp("site") / "site"
    done = publish("--data", WORLD / "data", "--out", out, "--url", ADDRESS)
    assert done.returncode == 0, done.stderr
    return out


@pytest.fixture(scope="session")
def files(site):
    return {path.relative_to(site).as_posix() for path in site.rglob("*") if path.is_file()}


@pytest.fixture(scope="session")
def server():
    with (
        serving("--data", WORLD / "data", *PATIENT) as (_, url),
        httpx.Client(base_url=url, timeout=WAIT, follow_redirects=True) as client,
    ):
        client.headers["accept"] = "text/html"
        yield client


class Page(HTMLParser):
    """A page as a list of what it holds, without some elements, and its links in order."""

    def __init__(self, text):
        super().__init__()
        self.tokens, self.links, self._skipped = [], [], []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        if self._skipped:
            self._skipped += [tag] * (tag not in VOID)
            return
        if any(tag == name and given.get(key) == value for name, key, value in LEFT_OUT + ADDED):
            self._skipped.append(tag)
            return
        if (tag == "link" and "hreflang" in given) or THEIRS.search(given.get("src") or ""):
            self._skipped += [tag] * (tag not in VOID)
            return
        for name in LINKS:
            value = given.pop(name, None)
            if name != "data-static" and (name != "href" or not (value or "/").startswith("#")):
                self.links.append(((tag, len(self.tokens), name), value))
        given.pop("data-endpoint", None), given.pop("data-code", None)
        self.tokens.append((tag, *sorted(given.items())))

    def handle_startendtag(self, tag, attributes):
        self.handle_starttag(tag, attributes)
        if tag not in VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag):
        if self._skipped:
            if self._skipped[-1] == tag:
                self._skipped.pop()
        elif tag not in VOID:
            self.tokens.append(("/" + tag,))

    def handle_data(self, data):
        if not self._skipped and data.strip():
            self.tokens.append(" ".join(data.split()))


def leads_to(file, link):
    """The file that a link of a page leads to on any web host, None for other sites."""
    if link is None or urlsplit(link).scheme or link.startswith("//"):
        return None
    target = posixpath.normpath(
        posixpath.join(
            "/", posixpath.dirname(file), unquote(urlsplit(link).path or posixpath.basename(file))
        )
    )
    folder = urlsplit(link).path.endswith("/") or urlsplit(link).path in (".", "..")
    return (target + "/index.html" if folder else target).replace("//", "/").lstrip("/")


def test_every_page_is_that_of_the_server(site, files, server):
    origin = str(server.base_url).rstrip("/")
    waiting, seen = [("/", "index.html")], {}
    for url, file in waiting:
        if file in seen:
            continue
        seen[file] = url
        given = server.get(url)
        assert given.status_code == 200, (url, file)
        theirs = Page(given.text.replace(origin, ADDRESS))
        ours = Page((site / file).read_text("utf-8"))
        if file not in OTHER_WORDS:
            assert ours.tokens == theirs.tokens, (url, file)
            pairs = zip(theirs.links, ours.links, strict=True)
            for (place, there), (same, here) in pairs:
                assert place == same, (url, file)
                if there is None or not there.startswith("/"):
                    assert here == there
                elif here is not None:
                    target = leads_to(file, here)
                    assert target in files, (file, here)
                    if target.endswith(".html"):
                        waiting.append((urljoin(url, there).partition("#")[0], target))
    pages = {file for file in files if file.endswith(".html")} - {"404.html"}
    # Where the server has a form, files have links.
    assert {file for file in pages - set(seen) if not re.search(r"/index\.\w+-", file)} == set()


def test_every_document_is_that_of_the_server(site, files, server):
    origin = str(server.base_url).rstrip("/")
    documents = sorted(file for file in files if file.endswith(tuple(f".{each}" for each in RDF)))
    assert {"actor/arland.ttl", "graph/actors.nq", "dataset.trig", "shapes.rdf"} <= set(documents)
    for file in documents:
        if file.split(".")[0] not in ("void", "dcat", "sparql-examples"):
            given = server.get(f"/{file}").content.replace(origin.encode(), ADDRESS.encode())
            assert (site / file).read_bytes() == given, file


def test_answers_are_those_of_the_server(site, files, server):
    asked = [file for file in files if re.fullmatch(r"api/questions/[\w-]+\.(json|csv)", file)]
    questions = json.loads((site / "api" / "questions.json").read_bytes())
    assert len(asked) == 2 * sum("csv" in each["formats"] for each in questions) > 100
    for file in sorted(asked)[::7]:
        assert (site / file).read_bytes() == server.get(f"/{file}").content, file


def test_every_link_leads_to_a_file(site, files):
    for file in files:
        if not file.endswith((".html", ".svg")):
            continue
        text = (site / file).read_text("utf-8")
        for link in re.findall(r' (?:href|src|action|data-[a-z]+)="([^"]*)"', text):
            if file == "404.html":
                assert not link.startswith("/") or link == "/graph/" or link.startswith("/graph/")
                link = link.replace("/graph/", "./", 1)
            elif urlsplit(link).scheme == "" and not link.startswith("#"):
                assert not link.startswith("/"), (file, link)
            if link[:1] in ("", "#") or not re.match(r"[./\w]", link) or "/" not in link:
                continue
            target = leads_to(file, link)
            assert target is None or target in files, (file, link)


def test_scripts_and_styles_name_files_that_exist(site, files):
    """Under any path: by the place of the file that names them."""
    named = 0
    for file in files:
        if file.startswith("static/") and file.endswith((".js", ".mjs", ".css")):
            text = (site / file).read_text("utf-8")
            for link in re.findall(r"""(?:from|import|import\(|new URL\()\s*["'](\.[^"']+)["']""", text):
                assert leads_to(file, link) in files, (file, link)
                named += 1
            assert not re.search(r"""(?:from|import|import\()\s*["']/""", text), file
    assert named > 20


def test_claims_nothing_that_files_cannot_do(site):
    for name in ("about", "api", "graphs"):
        text = (site / name / "index.html").read_text("utf-8")
        assert "openapi" not in text and "/sparql" not in text and "/graphs?" not in text
    said = {name: list(ox.parse(path=site / f"{name}.nt")) for name in ("void", "dcat")}
    for triples in said.values():
        assert triples
        assert not [t for t in triples if "sparql" in str(t).lower()]
        assert not [t for t in triples if "DataService" in str(t) or "accessService" in str(t)]
    downloads = {t.object.value for t in said["dcat"] if t.predicate.value.endswith("#downloadURL")}
    assert downloads == {f"{ADDRESS}/dataset.{each}" for each in RDF}
    for each in downloads:
        assert (site / each.removeprefix(f"{ADDRESS}/")).is_file()


def test_graphs_are_listed_with_their_sizes(site):
    told = json.loads((site / "data" / "graphs.json").read_bytes())
    union = set()
    for each in told:
        path = site / each["file"]
        packed = path.read_bytes()
        data = gzip.decompress(packed)
        assert (each["bytes"], each["bytes_gzip"]) == (len(data), len(packed))
        assert each["quads"] == data.count(b"\n")
        quads = set(ox.parse(data, format=ox.RdfFormat.N_QUADS))
        assert {quad.graph_name.value for quad in quads} == {each["iri"]}
        union |= quads
    whole = gzip.decompress((site / "data" / "dataset.nq.gz").read_bytes())
    assert union == set(ox.parse(whole, format=ox.RdfFormat.N_QUADS))
    packed = gzip.decompress((site / "data" / "dataset.trig.gz").read_bytes())
    assert set(ox.parse(packed, format=ox.RdfFormat.TRIG)) == union


def test_sitemap_names_pages_that_exist(site, files):
    text = (site / "sitemap.xml").read_text()
    named = re.findall(r"<loc>([^<]+)</loc>", text)
    assert f"{ADDRESS}/" in named and f"{ADDRESS}/about/" in named
    assert f"{ADDRESS}/actor/arland.html" in named
    for each in named:
        assert leads_to("index.html", "." + each.removeprefix(ADDRESS)) in files, each
    assert f"Sitemap: {ADDRESS}/sitemap.xml" in (site / "robots.txt").read_text()


def test_page_for_what_is_not_found_works_at_any_depth(site):
    text = (site / "404.html").read_text("utf-8")
    assert 'data-static="/graph/"' in text and "Error 404" in text
    assert 'href="/graph/about/"' in text and 'href="/graph/actor/"' in text


def test_manifest_has_every_file(site, files):
    told = json.loads((site / "manifest.json").read_bytes())
    assert set(told["files"]) == files - {"manifest.json"}


def test_two_sites_are_the_same_bytes_and_the_second_takes_the_place(site, files, tmp_path):
    out = tmp_path / "here" / "site"
    for environment in ({"TZ": "Asia/Tokyo", "LC_ALL": "C"}, {"PYTHONHASHSEED": "7"}):
        done = publish("--data", WORLD / "data", "--out", out, "--url", ADDRESS, **environment)
        assert done.returncode == 0, done.stderr
    for file in files:
        assert (out / file).read_bytes() == (site / file).read_bytes(), file
    assert [path.name for path in out.parent.iterdir()] == ["site"]


def test_another_language_and_path(tmp_path):
    out = tmp_path / "site"
    done = publish("--data", WORLD / "data", "--out", out, "--lang", "ja", "--base-path", "/ja")
    assert done.returncode == 0, done.stderr
    text = (out / "actor" / "arland.html").read_text("utf-8")
    assert '<html lang="ja" data-static="../">' in text and "lang=ja" not in text
    assert 'data-static="/ja/"' in (out / "404.html").read_text("utf-8")
    assert f"{'https://w3id.org/trilateral'}/context.jsonld" in text


@pytest.mark.parametrize("name", ["notes.txt", "actor/notes.txt"])
def test_refuses_a_folder_with_anything_else(tmp_path, name):
    out = tmp_path / "site"
    (out / "actor").mkdir(parents=True)
    told = {"made_by": "trilateral publish site", "files": {"index.html": ""}}
    (out / "manifest.json").write_text(json.dumps(told))
    (out / name).write_text("mine")
    done = publish("--data", WORLD / "data", "--out", out)
    assert done.returncode == 1
    assert f"{out / name}: this is not of a site that was written here" in done.stderr
    assert (out / name).read_text() == "mine"


def test_refuses_a_folder_that_is_no_site(tmp_path):
    (tmp_path / "manifest.json").write_text('{"files": {}}')
    done = publish("--data", WORLD / "data", "--out", tmp_path)
    assert done.returncode == 1 and "is not replaced" in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["manifest.json"]


@pytest.mark.parametrize(
    "options",
    [("--url", "ftp://example.org"), ("--url", "https://example.org/?a"), ("--base-path", "here")],
)
def test_refuses_wrong_options(tmp_path, options):
    done = publish("--out", tmp_path / "site", *options)
    assert done.returncode == 2 and options[1] in done.stderr
    assert not list(tmp_path.iterdir())


def test_refuses_data_with_errors(tmp_path):
    data = tmp_path / "data"
    data.mkdir()
    (data / "actors.ttl").write_text("@prefix actor: <https://w3id.org/trilateral/actor/> .\n")
    (data / "broken.ttl").write_text("<a> <b> .\n")
    done = publish("--data", data, "--out", tmp_path / "new" / "site")
    assert done.returncode == 1
    assert "broken.ttl:1" in done.stdout and "nothing was written" in done.stderr
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGKILL])
def test_an_interrupted_one_leaves_what_was_there(site, tmp_path, number):
    out = tmp_path / "new" / "site"
    command = [sys.executable, "-m", "trilateral", "publish", "site", "--out", out]
    process = subprocess.Popen(
        [*map(str, command), "--data", str(WORLD / "data")],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    aside = out.parent / ".site-in-the-making"
    until(lambda: any(aside.rglob("*.html")) or process.poll() is not None)
    process.send_signal(number)
    process.communicate(timeout=WAIT)
    assert process.returncode != 0
    assert not out.exists()
    if number != signal.SIGKILL:
        assert not out.parent.exists()
        return
    # What one that was killed leaves, the next removes.
    assert aside.exists()
    done = publish("--data", WORLD / "data", "--out", out)
    assert done.returncode == 0, done.stderr
    assert [path.name for path in out.parent.iterdir()] == ["site"]
