"""The site as files: the same pages and documents as the server gives, with links to files."""

import asyncio
import gzip
import html
import json
import os
import posixpath
import re
import shutil
import signal
import subprocess
import sys
from dataclasses import replace
from urllib.parse import unquote, urlsplit

import httpx
import pyoxigraph as ox
import pytest
from tests.conftest import WORLD
from tests.publish.sites import ADDRESS, copied, made, publish, publishing, tree
from tests.serve.conftest import PATIENT, WAIT, serving

from trilateral.errors import TrilateralError
from trilateral.home import find_home
from trilateral.prefixes import prefixes
from trilateral.publish.release.refusals import RefusedError
from trilateral.publish.site import again, kept
from trilateral.publish.site.again import find_change
from trilateral.publish.site.kept import file_for, restore
from trilateral.publish.site.maker import Maker
from trilateral.publish.site.plan import make_plan
from trilateral.publish.site.processes import processes
from trilateral.publish.site.terms import terms_of
from trilateral.serve.workers.source import load

RDF = ("ttl", "jsonld", "nt", "rdf", "trig", "nq")
# What only a server can answer, or only files have, as `docs/publish.md` tells; then the links.
LEFT_OUT = re.compile(
    r'<nav class="languages".*?</nav>|<p class="elsewhere">.*?</p>|<link[^>]* hreflang=[^>]*>'
    r'|<form class="(?:panel choose|row filters|panel parameters)".*?</form>'
    r'|<form action="[^"]*" class="day">.*?</form>|<details id="programs".*?</details>'
    r'|<details (?:class="filters"|id="data").*?</details>|<p class="filters">.*?</p>'
    r'|<p id="told"[^>]*></p>|<ol id="found"[^>]*></ol>| data-(?:static|code|endpoint)="[^"]*"'
    r'|<(?:a|span) class="build"[^>]*>.*?</(?:a|span)>'
    r'|<meta http-equiv="Content-Security-Policy"[^>]*>'
    r'|<script type="module" src="[^"]*/(?:search|browser/page)\.[^>]*></script>'
    r'|<script type="application/json" id="browser-words">.*?</script>',
    re.DOTALL,
)
LINK = re.compile(r' (?:href|src|action|data-names)="([^"]*)"')
# Pages that tell what the server offers, and so differ in words; see `test_claims_nothing...`.
OTHER_WORDS = ("about/index.html", "api/index.html", "graphs/index.html")
FOLDERS = ("about", "compare", "graphs", "query", "search", "views")
# Pages whose parameters a script reads.
SCRIPTED = ("query/index.html", "search/index.html")


@pytest.fixture(scope="session")
def files(site):
    return {path.relative_to(site).as_posix() for path in site.rglob("*") if path.is_file()}


@pytest.fixture(scope="session")
def server(data):
    with (
        serving("--data", data, *PATIENT) as (_, url),
        httpx.Client(base_url=url, timeout=WAIT, follow_redirects=True) as client,
    ):
        client.headers["accept"] = "text/html"
        yield client


def read(text):
    """A page without what is left out and without its links, and its links in order.

    A link that was left out is "" among them.
    """
    text = LEFT_OUT.sub("", text)
    links = re.findall(
        r'<a(?=[ >])(?![^>]* href=)|(?<= )(?:href|src|action|data-names)="[^"]*', text
    )
    links = [html.unescape(each.partition('"')[2]) for each in links]
    return " ".join(LINK.sub("", text).split()), links


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
    pages = {file for file in files if file.endswith(".html")} - {"404.html"}
    plain = sorted(file for file in pages if not re.search(r"/index\.\w+-|\.(all|date)-", file))
    waiting, seen = [(url_of(file), file) for file in plain], set()
    for url, file in waiting:
        if file in seen or file in OTHER_WORDS:
            continue
        seen.add(file)
        given = server.get(url)
        # With parameters, both may say that there is nothing.
        assert given.status_code == 200 or (given.status_code == 404 and "?" in url), (url, file)
        theirs, there = read(given.text.replace(origin, ADDRESS))
        ours, here = read((site / file).read_text("utf-8"))
        assert ours == theirs, (url, file)
        for server_link, link in zip(there, here, strict=True):
            if not server_link.startswith("/"):
                assert link == server_link, (file, link)
            elif link:
                target = leads_to(file, link)
                assert target in files, (file, link)
                if target.endswith(".html") and target not in SCRIPTED:
                    waiting.append((server_link.partition("#")[0], target))
    # Where the server has a form with choices, or tells of the API, files have links.
    chosen = {file for file in pages - seen if re.search(r"/index\.\w+-", file)}
    assert pages - seen - chosen == set(OTHER_WORDS)
    for file in sorted(chosen):
        given = server.get(url_with_parameters(file)).text
        theirs, ours = (read(text)[0] for text in (given, (site / file).read_text("utf-8")))
        if file.startswith("api/"):
            # What programs are told stands above that.
            theirs, ours = (text.partition('<nav aria-label="Tags">')[2] for text in (theirs, ours))
            assert "<ul" in ours
        assert ours == theirs, file


def url_with_parameters(file):
    """The URL on the server of ``actor/index.kind-state.html``."""
    folder, given = re.fullmatch(r"([\w/-]+)/index\.(.+)\.html", file).groups()
    pairs = [each.partition("-")[::2] for each in re.split(r"\.(?=[a-z]+-)", given)]
    named = [(k, re.sub("^(topic|framework)-", r"\1:", v)) for k, v in pairs]
    path = f"/{folder}" if folder.startswith("views/") else f"/{folder}/"
    return f"{path}?{'&'.join(map('='.join, named))}"


def url_of(file):
    """The URL on the server of a page without parameters."""
    path = "/" + file.removesuffix("index.html") if file.endswith("index.html") else f"/{file}"
    kinds = path.count("/") == 2 and path.split("/")[1] not in FOLDERS
    return path if kinds or not path.endswith("/") else path.rstrip("/") or "/"


def test_every_document_is_that_of_the_server(site, files, server):
    origin = str(server.base_url).rstrip("/")
    documents = sorted(file for file in files if file.endswith(tuple(f".{each}" for each in RDF)))
    assert {"actor/arland.ttl", "graph/actors/states.nq", "dataset.trig", "shapes.rdf"} <= set(
        documents
    )
    # All kinds of things in all formats.
    for file in documents[:: 2 * len(RDF) + 1] + [each for each in documents if "/" not in each]:
        if file.split(".")[0] not in ("void", "dcat", "sparql-examples"):
            given = server.get(f"/{file}").content.replace(origin.encode(), ADDRESS.encode())
            assert (site / file).read_bytes() == given, file


def test_answers_are_those_of_the_server(site, files, server):
    asked = [file for file in files if re.fullmatch(r"api/questions/[\w-]+\.(json|csv)", file)]
    questions = json.loads((site / "api" / "questions.json").read_bytes())
    assert len(asked) == 2 * sum("csv" in each["formats"] for each in questions) > 100
    for file in sorted(asked)[::9]:
        assert (site / file).read_bytes() == server.get(f"/{file}").content, file


A_STANCE = re.compile(r"stance:corland-gazette-2022-3-author\n.*?\n\.\n", re.DOTALL)
# What is changed in which file, and the most files that are written then; None for all.
EDITS = [
    ("actors/states.ttl", '"Arland"@en', '"Republic of Arland"@en', 400),
    ("stances/corland-gazette-2022.ttl", A_STANCE, "", 400),
    ("actors/states.ttl", "\nactor:arland\n", "\n# Nothing is said here.\nactor:arland\n", 20),
    ("stances/strait-institute-2022.ttl", '"Bay of Arland"@en', '"Bay of the Arlanders"@en', 200),
    ("retired.ttl", "No document speaks of it.", "No document spoke of it.", None),
    (
        "events/summits.ttl",
        "event:harbour-conference-2001\n",
        """event:second-talks
    a tri:Event ;
    skos:prefLabel "Second talks"@en ;
    tri:attestedBy source:register-harbour-league ;
    tri:basis basis:attested ;
    tri:eventKind event-kind:summit ;
    tri:heldUnder framework:tidal-pact ;
    tri:place place:selby ;
    tri:startDate "2022-01-02"^^xsd:date ;
.

event:harbour-conference-2001
""",
        300,
    ),
]


def test_a_site_that_was_brought_up_to_date_is_a_new_one(site, data, own_cache, tmp_path):
    """After each of several changes, and whatever was taken over from before."""
    out = tmp_path / "site"
    data = shutil.copytree(data, tmp_path / "data")
    copied(site, out)
    for file, old, new, most in EDITS:
        text = (data / file).read_text("utf-8")
        edited = old.sub(new, text, 1) if isinstance(old, re.Pattern) else text.replace(old, new, 1)
        assert edited != text, file
        (data / file).write_text(edited, "utf-8")
        found = made(data, out)
        written = len(found.files) - found.kept
        assert (0 < written <= most) if most else found.kept == 0, file
    made(data, tmp_path / "new", whole=True)
    ours, theirs = tree(out), tree(tmp_path / "new")
    assert ours.keys() == theirs.keys()
    assert [name for name in ours if ours[name] != theirs[name]] == []
    assert (
        "event/second-talks.html" in ours
        and "stance/corland-gazette-2022-3-author.html" not in ours
    )
    # The site that it was made from is as it was, in spite of the links.
    assert "Republic of Arland" not in (site / "actor" / "arland.html").read_text("utf-8")
    # The same data again: every file is taken over.
    again = made(data, out)
    assert again.kept == len(again.files)


def test_nothing_is_looked_for_where_much_has_changed(site, data, own_cache, tmp_path, monkeypatch):
    out, data = tmp_path / "site", shutil.copytree(data, tmp_path / "data")
    copied(site, out)
    path = data / "actors" / "states.ttl"
    path.write_text(path.read_text("utf-8").replace('"Arland"@en', '"The Arland"@en'), "utf-8")
    plan = make_plan(find_home(data), data, out, ADDRESS, "", "en")
    maker = Maker(plan, *load(data, None), tmp_path / "new")
    change = find_change(maker)
    assert (len(change.gone), len(change.new)) == (1, 1)
    assert change.named_otherwise == {f"{prefixes().base}actor/arland"}
    monkeypatch.setattr(again, "_MOST", 1)
    assert find_change(maker) is None


def test_nothing_is_taken_over_of_a_site_that_was_touched(site, data, own_cache, tmp_path):
    out = tmp_path / "site"
    copied(site, out)
    plan = make_plan(find_home(data), data, out, ADDRESS, "", "en")
    assert restore(plan) is not None
    # Other options, another package: other rules.
    assert restore(replace(plan, language="ja")) is None
    told = file_for(out).read_bytes()
    file_for(out).write_bytes(told.replace(b'"rules": "', b'"rules": "of an earlier package, ', 1))
    assert restore(plan) is None
    # A line that is damaged, one that is missing, none.
    for damaged in (told[:-10], told.rpartition(b"\n")[0].rpartition(b"\n")[0] + b"\n", b""):
        file_for(out).write_bytes(damaged)
        assert restore(plan) is None
    file_for(out).write_bytes(told)
    assert restore(plan) is not None
    (out / "about" / "index.html").unlink()
    assert restore(plan) is None


def test_rules_change_with_each_file_that_pages_are_made_of(tmp_path, monkeypatch):
    data = WORLD / "data"
    plan = make_plan(find_home(data), data, tmp_path / "site", ADDRESS, "", "en")
    package = tmp_path / "package"
    (package / "templates").mkdir(parents=True)
    (package / "templates" / "base.html").write_text("one")
    monkeypatch.setattr(kept, "_PACKAGE", package)
    before = kept.rules(plan)
    assert kept.rules(plan) == before
    (package / "templates" / "base.html").write_text("two")
    assert kept.rules(plan) != before


@pytest.mark.parametrize(
    ("query", "terms"),
    [
        ("SELECT ?a WHERE { ?a tri:holder ?b }", {"tri:holder"}),
        ("SELECT ?a WHERE { ?a a tri:Stance . ?a tri:holder/^tri:about ?c }",
         {"tri:Stance", "tri:holder", "tri:about"}),
        ("SELECT ?a WHERE { ?a a ?class . ?a tri:holder ?b }", {"rdf:type", "tri:holder"}),
        ("SELECT ?a WHERE { ?a ?b ?c }", None),
        ("SELECT ?a WHERE { <http://a.example/> ?b ?c . }", {"<http://a.example/>"}),
        ("SELECT ?a WHERE { actor:japan ?b ?c . }", {"actor:japan"}),
        ("SELECT ?a WHERE { VALUES ?a { actor:japan } ?a ?b ?c }", {"actor:japan"}),
        ("SELECT ?a WHERE { ?a ?b ?c VALUES (?b ?d) { (tri:holder 1) } }", {"tri:holder"}),
        ("SELECT ?a WHERE { VALUES ?a { UNDEF } ?a ?b ?c }", None),
        ("SELECT ?a WHERE { { VALUES ?a { actor:japan } } UNION { ?a ?b ?c } }", None),
        ("SELECT ?a WHERE { VALUES ?a { actor:japan } { SELECT ?c { ?a ?b ?c } } }", None),
        ("SELECT ?a WHERE { { SELECT ?a ?b ?c { ?a tri:holder ?c } ORDER BY ?a ?b ?c } }",
         {"tri:holder"}),
        ("ASK { GRAPH ?g { ?a tri:holder ?b . ?b ?c [] } }", None),
        ("SELECT ?a WHERE { ?a tri:holder ?d ; ?b ?c . }", None),
        ("SELECT ?a WHERE { ?a !tri:holder ?c }", None),
    ],
)  # fmt: skip
def test_what_a_query_reads(query, terms):
    expanded = (
        None if terms is None else {prefixes().expand(each) or each.strip("<>") for each in terms}
    )
    found = terms_of(query)
    assert (found is None) == (expanded is None)
    assert found is None or expanded <= found


def test_pages_lead_to_their_history(tmp_path):
    """Where a folder of it is named."""
    data, past = WORLD / "data", tmp_path / "past"
    things = {f"https://w3id.org/trilateral/actor/{name}": {} for name in ("arland", "gone")}
    (past / "actor").mkdir(parents=True)
    for name in ("index.html", "history.css", "actor/arland.html"):
        (past / name).write_text(name)
    (past / "history.json").write_text(json.dumps({"things": things}))
    plan = make_plan(find_home(data), data, tmp_path / "site", "", "", "en", past)
    with pytest.raises(RefusedError, match=r"actor/gone\.html: this page is missing"):
        Maker(plan, *load(data, None), tmp_path / "out")
    (past / "actor" / "gone.html").write_text("gone")
    maker = Maker(plan, *load(data, None), tmp_path / "out")
    asyncio.run(maker.open())
    maker.do([("thing", "actor/arland"), ("thing", "actor/borland"), ("past", "")])
    page = (tmp_path / "out" / "actor" / "arland.html").read_text("utf-8")
    assert '<a href="../history/actor/arland.html">What each version changed</a>' in page
    assert '<a href="../history/">History</a>' in page
    other = (tmp_path / "out" / "actor" / "borland.html").read_text("utf-8")
    assert "What each version changed" not in other and '"../history/"' in other
    assert (
        tmp_path / "out" / "history" / "actor" / "arland.html"
    ).read_text() == "actor/arland.html"
    with pytest.raises(RefusedError, match="this is no history of releases"):
        Maker(replace(plan, history=data), *load(data, None), tmp_path / "out")


def test_every_link_leads_to_a_file(site, files):
    for file in files:
        if not file.endswith((".html", ".svg")):
            continue
        text = (site / file).read_text("utf-8")
        assert not re.search(r"<link(?![^>]* href=)", text), file
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
            for link in re.findall(
                r"""(?:from|import|import\(|new URL\()\s*["'](\.[^"']+)["']""", text
            ):
                assert leads_to(file, link) in files, (file, link)
                named += 1
            assert not re.search(r"""(?:from|import|import\()\s*["']/""", text), file
    assert named > 20


def test_claims_nothing_that_files_cannot_do(site):
    for name in ("about", "api", "graphs"):
        text = (site / name / "index.html").read_text("utf-8")
        assert "openapi" not in text and ">/sparql<" not in text and "/graphs?" not in text
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


def test_the_digest_of_the_data_stands_in_few_files(site, files):
    """Or each file would be another after each edit; where pages need it, a script writes it."""
    digest = json.loads((site / "manifest.json").read_bytes())["data"][:12].encode()
    found = {file for file in files if digest in (site / file).read_bytes()}
    dcat = {f"dcat.{each}" for each in RDF}
    assert found == {"manifest.json", "about/index.html", "data/browser.json", *dcat}
    assert json.loads((site / "data" / "browser.json").read_bytes())["data"].encode() == digest
    page = (site / "actor" / "arland.html").read_text("utf-8")
    there = '<a class="build" href="../about/#cite">[digest]</a>'
    assert page.count(there) == 2 and re.search(
        rf"Arland\. Trilateral [\d.]+, data {re.escape(there)}", page
    )
    assert 'id="cite"' in (site / "about" / "index.html").read_text("utf-8")


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
    # What hosts read is of the site too, so that the next one may take its place.
    assert {".htaccess", "_headers", "_redirects", ".nojekyll", "sw.js"} <= files


def test_another_language_and_path(tmp_path):
    """As ``--lang ja --base-path /ja`` have it; a few pages are enough."""
    data = WORLD / "data"
    plan = make_plan(find_home(data), data, tmp_path / "site", "", "/ja", "ja")
    maker = Maker(plan, *load(data, None), tmp_path)
    asyncio.run(maker.open())
    maker.do([("thing", "actor/arland"), ("file", "/views/timeline"), ("not_found", "")])
    text = (tmp_path / "actor" / "arland.html").read_text("utf-8")
    assert '<html lang="ja" data-static="../">' in text and "lang=ja" not in text
    assert "https://w3id.org/trilateral/context.jsonld" in text
    assert 'href="../../actor/arland.html"' in (tmp_path / "views/timeline/index.html").read_text()
    assert 'data-static="/ja/"' in (tmp_path / "404.html").read_text("utf-8")


@pytest.mark.parametrize("given", ["", "https://example.org/tri"])
def test_says_which_address_is_named_where_none_is_given(given, tmp_path):
    (tmp_path / "data").mkdir()
    shutil.copy(WORLD / "data" / "codings" / "coders.ttl", tmp_path / "data")
    options = ("--base", given) if given else ()
    done = publish("--data", tmp_path / "data", "--out", tmp_path / "site", *options)
    assert done.returncode == 0, done.stdout + done.stderr
    address = given or "https://w3id.org/trilateral"
    note = f"name {address} as its address;\ngive --base for another host\n"
    assert done.stdout.endswith(note) == (not given) and "--base" not in done.stdout[: -len(note)]
    robots = (tmp_path / "site" / "robots.txt").read_text("utf-8")
    assert robots.endswith(f"Sitemap: {address}/sitemap.xml\n")


@pytest.mark.parametrize("name", ["notes.txt", "actor/notes.txt"])
def test_refuses_a_folder_with_anything_else(tmp_path, name):
    out = tmp_path / "site"
    (out / "actor").mkdir(parents=True)
    told = {"made_by": "trilateral publish site", "files": {"index.html": ""}}
    (out / "manifest.json").write_text(json.dumps(told))
    (out / name).write_text("mine")
    done = publish("--data", WORLD / "data", "--out", out)
    assert done.returncode == 1
    assert f"{out / name}: `trilateral publish site` did not write this" in done.stderr
    assert (out / name).read_text() == "mine"


def test_refuses_a_folder_that_is_no_site(tmp_path):
    (tmp_path / "manifest.json").write_text('{"files": {}}')
    done = publish("--data", WORLD / "data", "--out", tmp_path)
    assert done.returncode == 1 and "is not replaced" in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["manifest.json"]


@pytest.mark.parametrize(
    "options",
    [
        ("--base", "ftp://example.org"),
        ("--base", "https://example.org/?a"),
        ("--base-path", "here"),
    ],
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


def test_one_that_is_interrupted_leaves_nothing(site, tmp_path):
    with publishing(tmp_path / "new" / "site") as (process, aside):
        assert aside.exists()
        process.send_signal(signal.SIGTERM)
    assert not list(tmp_path.iterdir())


def test_a_process_that_is_ended_is_told():
    with pytest.raises(TrilateralError, match="was ended from outside"), processes(1) as others:
        assert others.submit(abs, -1).result() == 1
        others.submit(os._exit, 9).result()


# A signal comes at the moment at which each of the processes is begun.
SIGNALLED = """
import os, signal
from trilateral.publish.site.processes import processes

signal.signal(signal.SIGTERM, signal.default_int_handler)
os.register_at_fork(before=lambda: os.kill(os.getpid(), signal.{name}))
try:
    with processes(2):
        print("not heeded")
except KeyboardInterrupt:
    print("heeded")
"""


@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM"])
def test_a_signal_while_processes_are_begun_is_heeded_and_none_is_waited_for(name):
    command = [sys.executable, "-c", SIGNALLED.format(name=name)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=WAIT)
    assert (done.stdout, done.stderr, done.returncode) == ("heeded\n", "", 0)


# Some of all that is written; the processes and the disk have no part in what it says.
SOME = """
import asyncio, sys
from pathlib import Path
from trilateral.home import find_home
from trilateral.publish.site.maker import Maker
from trilateral.publish.site.plan import make_plan
from trilateral.serve.workers.source import load

data, out, address = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3]
plan = make_plan(find_home(data), data, out / "site", address, "", "en")
maker = Maker(plan, *load(data, None), out)
asyncio.run(maker.open())
once = [(name, "") for name in ("names", "graphs", "sitemap", "not_found", "rules")]
pages = [("file", url) for url in maker.pages if "/views" in url or url.count("/") == 1]
things = [("thing", path) for path in maker.things.documents[::25]]
maker.do([*once, ("whole", "trig"), ("browser", ""), ("whole", "rdf"), *pages, *things])
"""


def test_the_same_data_give_the_same_bytes(site, data, tmp_path):
    other = {"TZ": "Asia/Tokyo", "LC_ALL": "C", "PYTHONHASHSEED": "7"}
    command = [sys.executable, "-c", SOME, data, tmp_path, ADDRESS]
    subprocess.run([*map(str, command)], check=True, env={**os.environ, **other})
    found = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert len(found) > 150
    for path in found:
        assert path.read_bytes() == (site / path.relative_to(tmp_path)).read_bytes(), path


def test_addresses_for_programs_are_those_of_the_site(site, files):
    page = (site / "actor" / "arland.html").read_text("utf-8")
    assert f'<link rel="canonical" href="{ADDRESS}/actor/arland.html">' in page
    assert '<link rel="cite-as" href="https://w3id.org/trilateral/actor/arland">' in page
    home = (site / "index.html").read_text("utf-8")
    (text,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', home, re.DOTALL)
    told = json.loads(text)
    assert (told["@type"], told["url"]) == ("Dataset", f"{ADDRESS}/")
    parts = [each["contentUrl"] for each in told["distribution"]]
    assert len(parts) == 6
    assert all(each.removeprefix(f"{ADDRESS}/") in files for each in parts)
    items = re.findall(r'<link rel="item" type="[^"]+" href="([^"]+)">', home)
    assert sorted(items) == sorted(each.replace(ADDRESS, ".") for each in parts)
