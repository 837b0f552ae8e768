"""Queries on a site of files: the browser answers as the server does, without a network too."""

import asyncio
import gzip
import json
import re
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import ClassVar

import pyoxigraph as ox
import pytest
from playwright.sync_api import expect
from tests.conftest import WORLD
from tests.serve.accessibility import violations
from tests.serve.conftest import WAIT, until

from trilateral.ask import values
from trilateral.ask.questions import read_questions
from trilateral.home import find_home
from trilateral.prefixes import prefixes
from trilateral.publish.site.maker import Maker
from trilateral.publish.site.plan import Plan
from trilateral.serve.linked_data.query_text import explain
from trilateral.serve.web.headers import STATIC_POLICY
from trilateral.serve.web.static import asset
from trilateral.serve.workers.source import load

LABELS = """PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX tri: <https://w3id.org/trilateral/ontology#>
SELECT ?state ?stateLabel WHERE {
  ?state a tri:State ; skos:prefLabel ?stateLabel .
  FILTER (LANG(?stateLabel) = "en")
} ORDER BY ?state"""
# As tests/world/data/actors/states.ttl has them.
STATES = ["Arland", "Borland", "Corland", "Dorland"]
RUNAWAY = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
RUN = re.compile(r"^Load .*B and run$")


class Files(SimpleHTTPRequestHandler):
    """A host that gives out files and a policy, and notes what it is asked for.

    ``instead`` has what it gives in the place of a file, None for none.
    """

    protocol_version = "HTTP/1.1"
    asked: ClassVar[list[str]] = []
    instead: ClassVar[dict[str, bytes | None]] = {}

    def end_headers(self):
        self.send_header("Content-Security-Policy", STATIC_POLICY.decode())
        super().end_headers()

    def do_GET(self):
        self.asked.append(self.path)
        name = self.path.partition("?")[0].rpartition("/")[2]
        if name not in self.instead:
            super().do_GET()
            return
        body = self.instead[name]
        self.send_response(404 if body is None else 200)
        self.send_header("Content-Type", self.guess_type(name))
        self.send_header("Content-Length", str(len(body or b"")))
        self.end_headers()
        self.wfile.write(body or b"")

    def log_message(self, *_):
        pass


@contextmanager
def host(folder):
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Files, directory=str(folder)))
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


def write_part(folder, data, *urls):
    """Write what queries need of a site, and some of its pages; all of it would take minutes.

    Returns the store that it was written from.
    """
    store, version = load(data, None)
    maker = Maker(
        Plan(find_home(data), data, folder, "https://example.org"), store, version, folder
    )
    asyncio.run(maker.open())
    files = [url for url in maker.files if url.startswith(("/static/", "/query/"))]
    once = [("graphs", ""), ("whole", "trig"), ("browser", ""), ("names", "")]
    maker.do([*once, *(("file", url) for url in (*files, "/", "/query", "/search", *urls))])
    return store


def written(folder, data, *urls):
    # A browser may be there already, in whose thread no other loop can run.
    with ThreadPoolExecutor(1) as other:
        return other.submit(write_part, folder, data, *urls).result()


@pytest.fixture(scope="module")
def url(tmp_path_factory):
    """The URL of a site of the tiny world, which lies under a path of its host."""
    folder = tmp_path_factory.mktemp("host")
    written(folder / "a" / "site", WORLD / "data", "/actor/", "/query?question=who-holds")
    with host(folder) as found:
        yield f"{found}/a/site"


@pytest.fixture(scope="module")
def visitors(browser):
    """What pages share that nothing is kept for: what was fetched."""
    found = browser.new_context(service_workers="block")
    found.set_default_timeout(WAIT * 1000)
    yield found
    found.close()


@pytest.fixture
def page(visitors):
    yield from watched(visitors)


@pytest.fixture
def context(browser):
    """A new visitor, for whom pages are kept."""
    found = browser.new_context()
    found.set_default_timeout(WAIT * 1000)
    yield found
    found.close()


@pytest.fixture
def keeping(context):
    yield from watched(context)


def watched(context):
    """A page that must stay on its host, and within the policy."""
    found = context.new_page()
    wrong = []
    found.on("pageerror", lambda error: wrong.append(str(error)))
    found.on("console", lambda said: wrong.append(said.text) if "Policy" in said.text else None)
    found.on("request", lambda asked: wrong.append(asked.url) if outside(asked.url) else None)
    yield found
    found.close()
    assert wrong == []


def outside(url):
    return not url.startswith(("http://127.0.0.1:", "blob:http://127.0.0.1:"))


def open_editor(page, url):
    page.goto(url)
    page.locator("#data summary span:not(:empty)").wait_for()


def write(page, text):
    page.locator(".cm-content").click()
    page.keyboard.press("Control+a")
    page.keyboard.insert_text(text)


def run(page, query):
    write(page, query)
    page.locator("#run").click()
    page.locator("#status", has_text=re.compile(r"(row|triple)s? in [\d.]+ s")).wait_for()


def states(page):
    return page.locator("#shown tbody td:nth-child(2)").all_inner_texts()


KEPT = """async () => {
  const root = new URL(document.documentElement.dataset.static, location.href);
  const told = await fetch(new URL("data/browser.json", root));
  const { version, engine, dataset } = await told.json();
  const files = [engine, dataset].map(({ file }) => new URL(`${file}?v=${version}`, root));
  const here = await Promise.all(files.map((url) => caches.match(url)));
  return here.every(Boolean) && navigator.serviceWorker.controller !== null;
}"""


def keeps(page):
    """Wait until the service worker keeps what queries need."""
    until(lambda: page.evaluate(KEPT))


# ---------------------------------------------------------------- the answers of the server

ANSWERS = """async ([module, queries]) => {
  const { makeSource } = await import(module);
  const source = makeSource({
    place: document.createElement("details"),
    run: document.createElement("button"),
    load: () => {},
    base: document.getElementById("editor").dataset.base,
    prefixes: {},
  });
  const given = { signal: new AbortController().signal, tell: () => {} };
  const found = {};
  for (const [name, text] of Object.entries(queries)) {
    found[name] = (await source.answer(text, given)).body;
  }
  return found;
}"""


def test_all_questions_have_the_answers_of_the_server(page, home, tmp_path):
    """Over the shipped data, the rows and their order, byte for byte."""
    questions = read_questions(home)
    files = {name: f"/api/questions/{name}.json" for name in questions}
    store = written(tmp_path, None, *files.values())
    queries = {name: each.bound(values.bind(store, each, {})) for name, each in questions.items()}
    with host(tmp_path) as url:
        open_editor(page, f"{url}/query/")
        found = page.evaluate(ANSWERS, [f"{url}{asset('browser/source.js')}", queries])
    assert len(found) == len(questions) > 90
    for name, file in files.items():
        assert found[name] == (tmp_path / file[1:]).read_text("utf-8"), name


def test_triples_graphs_and_iris_are_read_as_on_the_server(page, url):
    open_editor(page, f"{url}/query/")
    run(page, "CONSTRUCT { ?s a tri:State } WHERE { ?s a tri:State }")
    assert page.locator("#status").inner_text().startswith("4 triples in ")
    assert page.locator("#shown th").all_inner_texts() == ["subject", "predicate", "object"]
    # Relative to the base of the project; FROM takes the place of the union of all graphs.
    run(page, "ASK { <actor/arland> a tri:State }")
    assert page.locator("#shown td").inner_text() == "true"
    run(page, "ASK FROM <graph/topics> { <actor/arland> a tri:State }")
    assert page.locator("#shown td").inner_text() == "false"
    run(page, "ASK FROM <graph/actors/states> { <actor/arland> a tri:State }")
    assert page.locator("#shown td").inner_text() == "true"


# What arithmetic gives, by hand; and what looks like it in paths, texts and names.
NUMBERS = {
    "10 - 3 - 2": "5", "10-3+2": "9", "20/2/5": "2", "100/10*2": "20", "2*3-4-1": "1",
    "10 - 2 * 6 / 3 / 2 - 1 - 1": "6", "(9 - 3 - 2) - (8 - 2 - 1) - 1": "-2",
    "ABS(1 - 2 - 3) - 1 - 1": "2", "-?v - 1 - 1": "-8",
    "IF(9 - 3 - 2 = 4 && ?v - 1 < 6, 5-1-1, 0)": "3",
    "STRLEN('a-b-c (') - 1 - 2": "4", "xsd:integer('7') - ?v - 1": "0", "?v -1 -1": "4",
}  # fmt: skip
UNCHANGED = [
    "ASK { ?s a:b/a:c/a:d-e*/(a:f|^a:g)/(a:h/a:i/a:j)* ?o . ?s a:k (1 -2 -3) }",
    "SELECT (COUNT(*) AS ?n) (?a + ?b + ?c AS ?d) { ?s ?p 'a - b - c' } # (a - b - c)",
    "SELECT * { VALUES (?a ?b) { (1 -1) } FILTER regex(?a, '[a-c-e]') }",
]


def test_operators_are_read_from_the_left(page, url):
    open_editor(page, f"{url}/query/")
    module = f"{url}{asset('browser/arithmetic.js')}"
    change = "async ([module, all]) => all.map((await import(module)).fromTheLeft)"
    assert page.evaluate(change, [module, UNCHANGED]) == UNCHANGED
    values = "\n".join(f"({text} AS ?x{at})" for at, text in enumerate(NUMBERS))
    ordered = "{ BIND (6 AS ?v) FILTER (9 - 3 - 2 = 4) } ORDER BY (1 - 1 - 1)"
    run(page, f"SELECT {values} {ordered}")
    found = page.locator("#shown td").all_inner_texts()
    assert dict(zip(NUMBERS, found, strict=True)) == NUMBERS


AS_IT_IS = """async ([module, url, text]) => {
  const { Engine } = await import(module);
  const engine = new Engine();
  const given = { signal: new AbortController().signal, tell: () => {} };
  await engine.load({ url }, [], given);
  const { body } = await engine.query({ text, rows: "text/csv" }, given);
  return body;
}"""


def test_the_engine_still_needs_brackets(page, url):
    """When this fails, `browser/arithmetic.js` can go, and so can its tests."""
    open_editor(page, f"{url}/query/")
    told = page.request.get(f"{url}/data/browser.json").json()
    asked = [f"{url}{asset('browser/engine.js')}", f"{url}/{told['engine']['file']}"]
    answer = page.evaluate(AS_IT_IS, [*asked, "SELECT (10 - 3 - 2 AS ?x) {}"])
    assert answer.split() == ["x", "9"]


# ---------------------------------------------------------------- what it costs, and its end


def packed():
    """The compressed files that the host was asked for since the list was cleared."""
    paths = (path.partition("?")[0] for path in Files.asked)
    return [path.removeprefix("/a/site/") for path in paths if path.endswith(".gz")]


def test_sizes_are_shown_before_anything_is_loaded(page, url):
    Files.asked.clear()
    open_editor(page, f"{url}/query/")
    told = page.request.get(f"{url}/data/browser.json").json()
    graphs = {each["label"]: each for each in page.request.get(f"{url}/data/graphs.json").json()}
    shown = page.locator("#run").inner_text()
    page.locator("#data summary").click()
    assert page.get_by_text(re.compile("^All graphs: [0-9,]+ triples, [0-9]+ kB$")).is_visible()
    page.get_by_label("Only graphs that are chosen here").check()
    page.get_by_label("Find a graph").fill("states")
    page.get_by_label(re.compile("actors/states ")).check()
    states = graphs["actors/states"]
    size = f"{-(-states['bytes_gzip'] // 1000)} kB"
    row = page.locator("#data li:visible").inner_text()
    assert row.strip() == f"actors/states {states['quads']} triples, {size}"
    assert packed() == []
    # What is told is what the files are.
    bodies = {}
    for name in ("engine", "dataset"):
        bodies[name] = page.request.get(f"{url}/{told[name]['file']}").body()
        assert told[name]["bytes_gzip"] == len(bodies[name])
        assert told[name]["bytes"] == len(gzip.decompress(bodies[name]))
    quads = list(ox.parse(gzip.decompress(bodies["dataset"]), format=ox.RdfFormat.TRIG))
    assert told["dataset"]["quads"] == len(quads)
    assert shown == f"Load {sum(map(len, bodies.values())) / 1e6:.1f} MB and run"
    # Some graphs are loaded, and the answer says so; then all, without the engine.
    Files.asked.clear()
    run(page, "SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } }")
    assert page.locator("#shown td").inner_text() == str(states["quads"])
    expect(page.locator("#status")).to_contain_text(f"It comes from 1 of {len(graphs)} graphs.")
    page.get_by_label("All graphs").check()
    expect(page.locator("#run")).to_have_text(RUN)
    page.locator("#run").click()
    expect(page.locator("#shown td")).to_have_text(str(len(quads)))
    expect(page.locator("#run")).to_have_text("Run")
    assert sorted(packed()) == sorted(
        [told["engine"]["file"], states["file"], told["dataset"]["file"]]
    )


def test_a_runaway_query_is_cancelled_and_the_next_one_answered(page, url):
    open_editor(page, f"{url}/query/")
    write(page, RUNAWAY)
    page.locator("#run").click()
    page.locator("#status", has_text="Running").wait_for()
    page.get_by_role("button", name="Cancel").click()
    page.locator("#status", has_text="The query was cancelled.").wait_for()
    assert not page.get_by_role("button", name="Cancel").is_visible()
    Files.asked.clear()
    run(page, LABELS)
    assert states(page) == STATES
    assert packed() == []


def test_the_data_are_loaded_without_a_query(page, url):
    open_editor(page, f"{url}/query/")
    # Pages have the policy in themselves, for hosts that send none; scripts of others do not run.
    policy = page.locator("meta[http-equiv=Content-Security-Policy]").get_attribute("content")
    assert "script-src 'self' 'wasm-unsafe-eval'; " in policy and "'unsafe-inline'" not in policy
    page.locator("#data summary").click()
    page.get_by_role("button", name=re.compile("^Load .*B$")).click()
    page.locator("#data summary", has_text=re.compile("[0-9,]+ triples loaded$")).wait_for()
    assert page.locator("#run").inner_text() == "Run"


# ---------------------------------------------------------------- what is wrong, in sentences


# Each with its line, which the editor marks, and a part of what is told.
WRONG = {
    "SELECT ?s WHERE {\n  ?s ?p\n}": (3, "Line 3, column 2: something is missing at its end"),
    "SELECT ?s WHER { ?s a ?c }": (1, "it cannot be read on from '{ ?s a ?c }'. The parser says"),
    "SELECT ?s { ?s a no:Such }": (0, "The prefix no: is not declared. Begin with"),
    "INSERT DATA { <a:a> <a:b> 1 }": (1, "INSERT changes data, which nobody can here."),
    "ASK { SERVICE SILENT <http://a.example/> {} }": (0, "this page makes no connection"),
}


def test_a_mistake_is_told_in_a_sentence(page, url):
    open_editor(page, f"{url}/query/")
    for query, (line, told) in WRONG.items():
        write(page, query)
        page.locator("#run").click()
        problem = page.get_by_role("alert")
        expect(problem).to_contain_text(told)
        assert problem.locator("h2").inner_text() == "The query was not answered"
        marked = page.locator(".cm-wrong").all_inner_texts()
        assert marked == ([query.split("\n")[line - 1]] if line else [])
        expect(page.locator("#status")).to_have_text("The query was not answered.")
    run(page, LABELS)
    assert states(page) == STATES
    assert not problem.is_visible()


def test_what_is_told_is_what_the_server_tells(page, url):
    queries = [
        *WRONG, "ASK { ?a ?b 'c }", "ASK { ?a a b:c . # d:e\n ?x f:g '''h:i''' }", "SELECT é", "",
        "SELECT (SUM(?a) AS ?b) ?c { ?d ?a ?c }", "PREFIX a: <a:> ASK { a:b a:c <d:e>, é:f }",
        "SELECT ?x\nWHERE { ?x ?y ?z }\nORDER ?x", "DELETE", 'ASK { """a\n""" ?b ?c } }',
    ]  # fmt: skip
    store, table, expected, errors = ox.Store(), dict(prefixes()), [], []
    for query in queries:
        try:
            store.query(query)
        except SyntaxError as error:
            errors.append([str(error), query, table])
            expected.append(explain(str(error), query, table))
    assert len(errors) > 10
    open_editor(page, f"{url}/query/")
    told = page.evaluate(
        """async ([module, errors]) => {
          const { explain } = await import(module);
          return errors.map((each) => explain(...each));
        }""",
        [f"{url}{asset('browser/text.js')}", errors],
    )
    assert told == expected


@pytest.fixture
def instead():
    """What the host gives in the place of files, for one test."""
    yield Files.instead
    Files.instead.clear()


def test_what_cannot_be_fetched_is_told(page, url, instead):
    instead["dataset.trig.gz"] = None
    open_editor(page, f"{url}/query/")
    write(page, LABELS)
    page.locator("#run").click()
    problem = page.get_by_role("alert")
    expect(problem).to_contain_text(
        "/a/site/data/dataset.trig.gz cannot be fetched: the host answered 404."
    )
    instead.clear()
    run(page, LABELS)
    assert states(page) == STATES


def test_data_of_another_version_are_refused(page, url, instead):
    instead["dataset.trig.gz"] = gzip.compress(b"<a:a> <a:b> <a:c> .\n")
    open_editor(page, f"{url}/query/")
    write(page, LABELS)
    page.locator("#run").click()
    expect(page.get_by_role("alert")).to_contain_text("1 statements came, but the site tells of")
    instead["dataset.trig.gz"] = b"<html>"
    page.locator("#run").click()
    expect(page.get_by_role("alert")).to_contain_text("data/dataset.trig.gz cannot be read: ")
    # Neither is kept.
    instead.clear()
    run(page, LABELS)
    assert states(page) == STATES


# ---------------------------------------------------------------- questions, links, downloads


def test_a_question_has_its_answer_and_is_asked_with_other_values(page, url):
    open_editor(page, f"{url}/query/")
    page.get_by_text("Questions as examples").click()
    page.get_by_label("Find a question").fill("who holds which position")
    page.get_by_role("link", name=re.compile("^Who holds which position on a proposition")).click()
    # The answer is on the page: nothing has to be loaded to read it.
    page.locator("#views").wait_for()
    expect(page.locator("#run")).to_have_text(RUN)
    assert page.locator("#shown tbody tr").count() > 0
    page.get_by_label("proposition", exact=True).fill("nothing of that name")
    page.get_by_role("button", name="Ask").click()
    expect(page.get_by_role("alert")).to_contain_text(
        "The parameter proposition knows no proposition"
    )
    page.get_by_label("proposition", exact=True).fill("all")
    page.get_by_role("button", name="Ask").click()
    page.locator("#status", has_text=re.compile(r"rows in [0-9.]+ s")).wait_for()
    assert "VALUES ?proposition" not in page.locator("#query").input_value()


def test_a_link_shows_what_it_costs_and_runs_at_once_when_kept(keeping, url):
    open_editor(keeping, f"{url}/query/?query={LABELS}".replace("\n", "%0A").replace("#", "%23"))
    assert keeping.locator("#query").input_value() == LABELS
    assert RUN.match(keeping.locator("#run").inner_text())
    keeping.locator("#run").click()
    expect(keeping.locator("#status")).to_contain_text("4 rows in")
    link = keeping.evaluate("location.href")
    assert link.startswith(f"{url}/query/?query=")
    assert (
        keeping.locator("#shown tbody a").first.get_attribute("href") == f"{url}/actor/arland.html"
    )
    keeps(keeping)
    keeping.goto(link)
    expect(keeping.locator("#status")).to_contain_text("4 rows in")
    assert states(keeping) == STATES


def test_answers_are_downloaded(page, url, tmp_path):
    open_editor(page, f"{url}/query/")
    write(page, 'SELECT ?a ?b { VALUES (?a ?b) { ("=1+1" 2) ("x,\\"y\\"" UNDEF) } }')
    bodies = {}
    for name in ("CSV", "JSON", "Turtle"):
        if name == "Turtle":
            write(page, "CONSTRUCT { <a:a> <a:b> 1 } {}")
        with page.expect_download() as found:
            page.locator(".downloads").get_by_role("button", name=name, exact=True).click()
        found.value.save_as(tmp_path / name)
        bodies[name] = (tmp_path / name).read_bytes()
    assert bodies["CSV"] == b'a,b\r\n\'=1+1,2\r\n"x,""y""",\r\n'
    assert len(json.loads(bodies["JSON"])["results"]["bindings"]) == 2
    assert bodies["Turtle"] == b"<a:a> <a:b> 1 .\n"


def test_the_digest_of_the_data_is_written_where_it_is_cited(page, url, instead):
    digest = page.request.get(f"{url}/data/browser.json").json()["data"]
    assert re.fullmatch("[0-9a-f]{12}", digest)
    page.goto(f"{url}/")
    expect(page.locator("footer .build")).to_have_text(digest)
    open_editor(page, f"{url}/query/")
    expect(page.locator("#citation")).to_contain_text(f", data {digest}. ")
    # Without a script, or where the file is missing, a link leads to it.
    instead["browser.json"] = None
    page.goto(f"{url}/")
    page.wait_for_load_state("networkidle")
    assert page.locator("footer .build").inner_text() == "[digest]"
    assert page.locator("footer .build").get_attribute("href").endswith("about/#cite")


# ---------------------------------------------------------------- without a network


def test_what_was_visited_is_there_without_a_network(keeping, context, url):
    keeping.goto(f"{url}/actor/")
    visited = keeping.title()
    # It is left before the service worker is there.
    open_editor(keeping, f"{url}/query/")
    run(keeping, LABELS)
    keeps(keeping)
    until(lambda: keeping.evaluate("(url) => caches.match(url).then(Boolean)", f"{url}/actor/"))
    context.set_offline(True)
    keeping.goto(f"{url}/actor/")
    assert keeping.title() == visited
    keeping.get_by_role("link", name="Trilateral", exact=True).click()
    expect(keeping.locator("h1")).to_be_visible()
    assert keeping.url == f"{url}/"
    open_editor(keeping, f"{url}/query/?query=ASK {{}}")
    keeping.locator("#status", has_text="1 row in").wait_for()
    run(keeping, LABELS)
    assert states(keeping) == STATES
    keeping.goto(f"{url}/topic/")
    assert "was not opened here before" in keeping.locator("body").inner_text()


def test_a_new_version_takes_the_place_of_the_old_one(keeping, url, instead):
    open_editor(keeping, f"{url}/query/")
    until(lambda: keeping.evaluate("navigator.serviceWorker.controller !== null"))
    keeping.reload()
    before = keeping.evaluate("caches.keys()")
    text = keeping.request.get(f"{url}/sw.js").text()
    instead["sw.js"] = re.sub(r'"version": "\w+"', '"version": "another"', text).encode()
    keeping.evaluate("navigator.serviceWorker.ready.then((found) => found.update())")
    assert before != [f"trilateral {url}/ another"]
    until(lambda: keeping.evaluate("caches.keys()") == [f"trilateral {url}/ another"])


# ---------------------------------------------------------------- the search, and who reads it


def test_a_thing_is_found_by_its_japanese_name(page, url):
    page.goto(f"{url}/")
    page.get_by_label("Search names in five languages").fill("アーランド")
    page.keyboard.press("Enter")
    page.locator("#found li").first.wait_for()
    assert page.locator("#found li a").first.get_attribute("href").endswith("actor/arland.html")


def test_the_panel_is_accessible(page, url):
    open_editor(page, f"{url}/query/")
    page.locator("#data summary").click()
    page.get_by_label("Only graphs that are chosen here").check()
    assert violations(page) == []
