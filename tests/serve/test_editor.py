"""The editor without a script: a form, its answer, its downloads, and code to carry away."""

import html
import json
import os
import re
import subprocess
import sys

import pytest

from trilateral.home import find_home
from trilateral.serve.pages.snippets import form_of, snippets

STATES = """PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX tri: <https://w3id.org/trilateral/ontology#>
SELECT ?state ?stateLabel WHERE {
  ?state a tri:State ; skos:prefLabel ?stateLabel .
  FILTER (LANG(?stateLabel) = "en")
} ORDER BY ?state"""
# As tests/world/data/actors/states.ttl has them.
NAMES = ["Arland", "Borland", "Corland", "Dorland"]


def area(page):
    return html.unescape(re.search(r"<textarea[^>]*>\n(.*?)</textarea>", page, re.DOTALL)[1])


def cells(page):
    body = re.search(r"<tbody>(.*?)</tbody>", page, re.DOTALL)[1]
    return [
        html.unescape(re.sub(r"<[^>]+>", "", each)) for each in re.findall(r"<td.*?</td>", body)
    ]


# ---------------------------------------------------------------- the page


def test_the_page_offers_every_question(world_client):
    page = world_client.get("/query").text
    offered = re.findall(r'<a href="/query\?question=([\w-]+)"', page)
    assert sorted(offered) == sorted(path.stem for path in find_home().queries.glob("*.rq"))
    assert area(page) == ""
    assert "<tbody>" not in page


def test_a_query_is_answered_as_a_table(world_client):
    answer = world_client.get("/query", params={"query": STATES})
    assert answer.status_code == 200
    assert area(answer.text) == STATES
    assert cells(answer.text) == NAMES
    assert '<a href="/actor/arland"' in answer.text
    # A stranger's query takes no room among the pages that the server keeps.
    assert answer.headers["cache-control"].startswith("private")
    assert "etag" not in answer.headers


def test_labels_and_links_keep_the_language(world_client):
    page = world_client.get("/query", params={"query": STATES, "lang": "ja"}).text
    assert "アーランド" in page
    assert 'href="/actor/arland?lang=ja"' in page
    assert '<input type="hidden" name="lang" value="ja">' in page


def test_a_long_query_can_be_posted(world_client):
    query = STATES + "\n# " + "x" * 100_000
    answer = world_client.post("/query", data={"query": query.replace("\n", "\r\n")})
    assert answer.status_code == 200
    assert area(answer.text) == query
    assert cells(answer.text) == NAMES


def test_a_query_beyond_the_limit_is_refused(world_client):
    answer = world_client.post("/query", data={"query": "#" * (256 * 1024 + 1)})
    assert answer.status_code == 413


def test_triples_are_rows_of_three(world_client):
    query = (
        "PREFIX skos: <http://www.w3.org/2004/02/skos/core#>\n"
        "CONSTRUCT { ?a skos:prefLabel ?label } WHERE {\n"
        "  VALUES ?a { <https://w3id.org/trilateral/actor/arland> } ?a skos:prefLabel ?label }"
    )
    page = world_client.get("/query", params={"query": query}).text
    labels = {"Arland", "アーランド", "阿兰", "阿蘭", "아를란드"}
    assert labels <= set(cells(page))
    assert len(cells(page)) == 3 * len(labels)


def test_an_ask_is_answered(world_client):
    page = world_client.get("/query", params={"query": "ASK { ?s ?p ?o }"}).text
    assert cells(page) == ["true"]


def test_a_mistake_is_told_with_its_line(world_client):
    answer = world_client.get("/query", params={"query": "SELECT ?s WHERE {\n  ?s ?p\n}"})
    assert answer.status_code == 400
    assert answer.headers["cache-control"] == "no-store"
    # The closing bracket stands where an object should: in line 3.
    assert 'data-line="3"' in answer.text
    assert "Line 3: <mark><code>}</code></mark>" in answer.text
    assert area(answer.text) == "SELECT ?s WHERE {\n  ?s ?p\n}"


def test_what_takes_too_long_is_told_on_the_page(serve):
    import httpx
    from tests.conftest import WORLD

    query = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
    with serve("--data", WORLD / "data", "--seconds", "1") as (_, url):
        answer = httpx.get(f"{url}/query", params={"query": query}, timeout=30)
    assert answer.status_code in (503, 504)
    assert area(answer.text) == query
    assert '<div id="problem" class="problem" role="alert">' in answer.text


def test_hostile_text_stays_text(world_client):
    hostile = '</textarea><script>alert(1)</script><img src=x onerror="alert(1)">'
    query = f"SELECT ?x {{ VALUES ?x {{ '''{hostile}''' <javascript:alert(1)> }} }}"
    page = world_client.get("/query", params={"query": query}).text
    assert area(page) == query
    assert sorted(cells(page)) == sorted([hostile, "javascript:alert(1)"])
    assert "<script>alert" not in page
    assert "<img src=x" not in page
    assert 'href="javascript:' not in page


# ---------------------------------------------------------------- questions


def test_a_question_is_loaded_and_answered(world_client):
    answer = world_client.get("/query", params={"question": "where-can-it-be-shown-on-a-map"})
    assert area(answer.text).startswith("PREFIX basis:")
    assert "<h1>Which places can be shown on a map" in answer.text
    # Only one place of the tiny world has a point.
    assert "Selby" in cells(answer.text)
    assert answer.text.count("<tr>") == 2
    assert "public" in answer.headers["cache-control"]


def test_a_question_takes_its_parameters(world_client):
    given = {"question": "which-frameworks-does-an-actor-belong-to", "actor": "actor:arland"}
    answer = world_client.get("/query", params=given)
    assert "VALUES ?actor { <https://w3id.org/trilateral/actor/arland> }" in area(answer.text)
    assert '<option value="actor:arland">Arland</option>' in answer.text
    assert 'name="actor" value="actor:arland"' in answer.text
    assert "Tidal Pact" in cells(answer.text)
    left_open = world_client.get("/query", params={**given, "actor": ""})
    assert left_open.status_code == 200
    assert "VALUES ?actor" not in area(left_open.text)


def test_a_parameter_that_names_nothing_is_told(world_client):
    given = {"question": "which-frameworks-does-an-actor-belong-to", "actor": "} DROP ALL {"}
    answer = world_client.get("/query", params=given)
    assert answer.status_code in (400, 404)
    assert 'role="alert"' in answer.text
    assert 'value="} DROP ALL {"' in answer.text
    assert "DROP ALL" not in area(answer.text)


def test_an_unknown_question_is_told(world_client):
    assert world_client.get("/query?question=nothing").status_code == 404


# ---------------------------------------------------------------- downloads


@pytest.mark.parametrize(
    ("ending", "media"),
    [
        ("json", "application/sparql-results+json"),
        ("csv", "text/csv"),
        ("tsv", "text/tab-separated-values"),
        ("xml", "application/sparql-results+xml"),
    ],
)
def test_rows_are_downloaded(world_client, ending, media):
    answer = world_client.get("/query", params={"query": STATES, "format": ending})
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith(media)
    name = f'attachment; filename="trilateral-query.{ending}"'
    assert answer.headers["content-disposition"] == name
    assert all(each in answer.text for each in NAMES)


def test_downloaded_csv_holds_no_formulas(world_client):
    query = "SELECT ?x { VALUES ?x { '=1+1' } }"
    answer = world_client.get("/query", params={"query": query, "format": "csv"})
    assert answer.text == "x\r\n'=1+1\r\n"


def test_triples_are_downloaded(world_client):
    query = "CONSTRUCT { <a:s> <a:p> 'o' } WHERE {}"
    answer = world_client.get("/query", params={"query": query, "format": "nt"})
    assert answer.text == '<a:s> <a:p> "o" .\n'


@pytest.mark.parametrize(("ending", "status"), [("ttl", 406), ("exe", 404)])
def test_a_format_that_cannot_hold_the_answer_is_told(world_client, ending, status):
    given = {"query": STATES, "format": ending}
    answer = world_client.get("/query", params=given, headers={"accept": "application/json"})
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    page = world_client.get("/query", params=given, headers={"accept": "text/html"})
    assert page.status_code == status
    assert 'role="alert"' in page.text


# ---------------------------------------------------------------- completion


def test_completion_has_all_names(world_client):
    answer = world_client.get("/query/completion.json")
    names = answer.json()
    assert names["prefixes"]["actor"] == "https://w3id.org/trilateral/actor/"
    classes = {name: (label, definition) for name, label, definition in names["classes"]}
    label, definition = classes["tri:State"]
    assert label == "state"
    assert definition.endswith(".")
    properties = [name for name, *_ in names["properties"]]
    assert {"tri:holder", "skos:prefLabel", "rdf:type"} <= set(properties)
    assert len(properties) == len(set(properties))
    assert ["actor:arland", "Arland"] in names["things"]
    assert not {name for name, _ in names["things"]} & {*classes, *properties}


def test_completion_speaks_the_language_of_the_page(world_client):
    things = world_client.get("/query/completion.json?lang=ja").json()["things"]
    assert ["actor:arland", "アーランド"] in things
    # What has no Japanese name keeps its English one.
    assert ["actor:borland", "Borland"] in things


def test_completion_is_kept_by_browsers(world_client):
    first = world_client.get("/query/completion.json")
    assert first.headers["cache-control"].startswith("public")
    assert first.headers["content-encoding"] == "gzip"
    known = {"if-none-match": first.headers["etag"]}
    assert world_client.get("/query/completion.json", headers=known).status_code == 304


# ---------------------------------------------------------------- code

# Each ends the string, or the line, of one of the languages if it is not quoted.
HOSTILE = [
    "it's", 'a "quoted" word', "back\\slash \\u0041 \\n", "`touch broken`", "$(touch broken)",
    "${HOME} $HOME", "%s {x} {{y}}", "two\nlines", '"""', "'''", ')" )-" )--"', "#+ comment",
    "'; touch broken; '", "\\", "日本語 🗾", "&x=1 +%2B",
]  # fmt: skip


def literal(text):
    """A text as a SPARQL literal (19.7 of the specification): quotes and backslashes escaped."""
    return "'''" + text.replace("\\", "\\\\").replace("'", "\\'") + "'''"


QUERY = "SELECT ?x WHERE {\n  VALUES ?x {\n    " + "\n    ".join(map(literal, HOSTILE)) + "\n  }\n}"


@pytest.fixture
def code(world_client):
    """The code for a query, as the server gives it."""
    return lambda query: world_client.post("/query/code", data={"query": query}).json()["code"]


def run(arguments, folder):
    done = subprocess.run(
        arguments, cwd=folder, capture_output=True, text=True, timeout=60,
        env={**os.environ, "PYTHONIOENCODING": "utf-8"},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert list(folder.iterdir()) == []  # nothing that the texts ask for was run
    return done.stdout


def test_the_code_for_python_runs(code, tmp_path):
    told = run([sys.executable, "-c", code(QUERY)["Python"]], tmp_path)
    assert told.splitlines() == [str({"x": each}) for each in HOSTILE]


def test_the_code_for_curl_runs(code, tmp_path):
    # As JSON, whose texts are not rewritten for spreadsheets.
    snippet = code(QUERY)["curl"].replace("text/csv", "application/sparql-results+json")
    told = json.loads(run(["sh", "-c", snippet], tmp_path))
    assert [row["x"]["value"] for row in told["results"]["bindings"]] == HOSTILE
    assert "Dorland" in run(["sh", "-c", code(STATES)["curl"]], tmp_path)


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("ASK { ?s ?p ?o }", ("true", "True")),
        ("CONSTRUCT { <a:s> <a:p> 'o' } WHERE {}", ("<a:s> <a:p>", "<a:s> <a:p>")),
    ],
)
def test_the_code_for_other_forms_runs(code, tmp_path, query, told):
    made = code(query)
    assert told[0] in run(["sh", "-c", made["curl"]], tmp_path)
    assert told[1] in run([sys.executable, "-c", made["Python"]], tmp_path)


@pytest.mark.parametrize("text", [QUERY, 'a)" b)-" c)--"', "plain", ')----"'])
def test_the_code_for_r_holds_the_query(text):
    """A raw string of R is r"(...)", or r"-(...)-" with any number of dashes (?Quotes)."""
    snippet = snippets("http://localhost/sparql", text)["R"]
    found = re.search(r'r"(-*)\((.*?)\)\1"', snippet, re.DOTALL)
    assert found[2] == f"\n{text}\n"
    assert snippet[found.end() :].startswith("\nanswer <- request(")


def test_the_address_in_the_code_is_the_one_that_was_asked(world_client, code):
    assert f'"{world_client.base_url}/sparql"' in code(STATES)["JavaScript"]
    answer = world_client.get("/query?query=ASK{}", headers={"host": "x'; touch broken; '"})
    assert answer.status_code == 400


def test_the_page_has_code_and_citation_without_a_script(world_client):
    page = world_client.get("/query", params={"query": STATES}).text
    assert [name for name in ("curl", "Python", "R", "JavaScript") if f"<h2>{name}</h2>" in page]
    text = html.unescape(re.sub(r"<[^>]+>", "", page))
    assert "Trilateral: who stands where in the Indo-Pacific" in text
    assert re.search(r"Version \d+\.\d+\.\d+, data [0-9a-f]{12}", text)
    assert re.search(r"Answer to the query http\S+, retrieved on \[the day\]\.", text)
    link = re.search(r'id="permalink" readonly value="([^"]*)"', page)[1]
    assert world_client.get(html.unescape(link)).text == page


@pytest.mark.parametrize(
    ("query", "form"),
    [
        ("select * {}", "SELECT"),
        ("BASE <http://a/#SELECT>\nPREFIX ask: <a:b>\nCONSTRUCT {} {}", "CONSTRUCT"),
        ("# SELECT\n\n  DESCRIBE <a:b>", "DESCRIBE"),
        ("PREFIX a:<a:b>ASK{}", "ASK"),
        ("nonsense", "SELECT"),
        (" " * 100_000 + "x", "SELECT"),
    ],
)
def test_the_form_of_a_query_is_found(query, form):
    assert form_of(query) == form
