"""Queries on a site of files: asked in the browser, as the server answers, and without a network."""

import json
import re
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pyoxigraph as ox
import pytest
from playwright.sync_api import expect
from tests.serve.conftest import WAIT

from trilateral.ask import values
from trilateral.serve.web.static import asset

# As tests/world/data/actors/states.ttl has them.
STATES = ["Arland", "Borland", "Corland", "Dorland"]
LABELS = """PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX tri: <https://w3id.org/trilateral/ontology#>
SELECT ?state ?stateLabel WHERE {
  ?state a tri:State ; skos:prefLabel ?stateLabel .
  FILTER (LANG(?stateLabel) = "en")
} ORDER BY ?state"""
RUNAWAY = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"


class Files(SimpleHTTPRequestHandler):
    """A host that gives out files and knows nothing of them."""

    protocol_version = "HTTP/1.1"

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


@pytest.fixture(scope="module")
def world_site(world_root):
    """The URL of a site of the tiny world, which lies under a path of its host."""
    with host(world_root.parent) as url:
        yield f"{url}/{world_root.name}"


@pytest.fixture
def context(browser):
    found = browser.new_context()
    found.set_default_timeout(WAIT * 1000)
    yield found
    found.close()


@pytest.fixture
def page(context):
    """A page that must stay on its host."""
    found = context.new_page()
    wrong = []
    found.on("pageerror", lambda error: wrong.append(str(error)))
    found.on("console", lambda said: wrong.append(said.text) if "Policy" in said.text else None)
    found.on(
        "request",
        lambda asked: (
            wrong.append(asked.url)
            if not asked.url.startswith(("http://127.0.0.1:", "blob:"))
            else None
        ),
    )
    yield found
    found.close()
    assert wrong == []


def open_editor(page, url):
    page.goto(url)
    page.locator(".cm-content").wait_for()
    page.locator("#data summary span:not(:empty)").wait_for()


def write(page, text):
    page.locator(".cm-content").click()
    page.keyboard.press("Control+a")
    page.keyboard.insert_text(text)


def run(page, query):
    write(page, query)
    page.locator("#run").click()
    page.locator("#status", has_text=re.compile(r"(row|triple)s? in [\d.]+ s")).wait_for()


def column(page, at):
    return page.locator(f"#shown tbody tr td:nth-child({at})").all_inner_texts()


# ---------------------------------------------------------------- answers

ANSWERS = """async ([module, queries]) => {
  const { makeSource } = await import(module);
  const source = makeSource({
    place: document.getElementById("data"),
    run: document.getElementById("run"),
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


def test_every_question_has_the_rows_of_the_server(page, shipped_root, home, store):
    """All questions over the shipped data: the same answers, byte for byte, in the same order."""
    questions = home_questions(home)
    queries = {
        name: each.bound(values.bind(store, each, {})) for name, each in questions.items()
    }
    with host(shipped_root) as url:
        open_editor(page, f"{url}/query/")
        found = page.evaluate(ANSWERS, [f"{url}{asset('browser/source.js')}", queries])
    for name, query in queries.items():
        answer = store.query(query, use_default_graph_as_union=True)
        assert found[name].encode() == answer.serialize(format=ox.QueryResultsFormat.JSON), name
    assert len(found) > 90
