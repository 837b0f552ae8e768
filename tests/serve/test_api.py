"""The named questions over HTTP: the answers of ``trilateral ask``, for people and programs."""

import csv
import html
import io
import itertools
import json
import re
import shutil

import httpx
import pyoxigraph as ox
import pytest
from tests.serve.conftest import WAIT

from trilateral import dataset
from trilateral.ask import engines, formats, show, values

QUESTIONS = "/api/questions/"
JSON = "application/sparql-results+json"
PROBLEM = "application/problem+json"


@pytest.fixture(scope="module")
def questions(world):
    return show.find(world)


@pytest.fixture(scope="module")
def hasty_client(serve):
    """A client of a server of the shipped data, on which no query may take its time."""
    options = ("--seconds", 0.1, "--budget", 0)
    with serve(*options) as (_, url), httpx.Client(base_url=url, timeout=WAIT) as client:
        yield client


@pytest.fixture(scope="module")
def asked(world, questions):
    """The answer that ``trilateral ask`` gives on the tiny world."""
    store = dataset.load(world)

    def answer(name, given):
        question = questions[name]
        return engines.ask_oxigraph(store, question.bound(values.bind(store, question, given)))

    return answer


# ---------------------------------------------------------------- the answers


def test_each_question_is_answered_as_by_the_command(world_client, questions, asked):
    rows = 0
    for name, question in questions.items():
        expected = asked(name, {})
        if question.form == "CONSTRUCT":
            found = world_client.get(f"{QUESTIONS}{name}.ttl")
            triples = {q.triple for q in ox.parse(found.content, format=ox.RdfFormat.TURTLE)}
            assert triples == set(expected.triples), name
            continue
        found = world_client.get(f"{QUESTIONS}{name}.json")
        assert found.status_code == 200, name
        assert found.headers["content-type"] == JSON
        rows += len(expected.rows)
        if name == "what-does-each-class-mean":
            # Served are the graphs of a build, which has agreement figures, all of one class.
            found, expected = (
                [row for row in each["results"]["bindings"]
                 if row["class"]["value"] != "https://w3id.org/trilateral/ontology#AgreementFigure"]
                for each in (found.json(), json.loads(formats.to_json(expected)))
            )  # fmt: skip
            assert found == expected
            continue
        assert found.json() == json.loads(formats.to_json(expected)), name
    assert rows > 300


@pytest.mark.parametrize(
    ("name", "given"),
    [
        ("which-frameworks-does-an-actor-belong-to", {"actor": "arland"}),
        ("which-frameworks-does-an-actor-belong-to", {"actor": "all"}),
        ("who-belonged-to-a-framework-on-a-date", {"framework": "all", "date": "2019-01-01"}),
        ("which-labels-are-missing-in-a-language", {"language": "ko"}),
        ("who-holds", {"ascription": "ascribed"}),
    ],
)
def test_parameters_bind_as_with_the_command(world_client, asked, name, given):
    found = world_client.get(f"{QUESTIONS}{name}.json", params=given)
    assert found.json() == json.loads(formats.to_json(asked(name, given)))


@pytest.mark.parametrize(
    "value", ["arland", "actor:arland", "https://w3id.org/trilateral/actor/arland", "Arland",
              "aRlAND", "アーランド", "<https://w3id.org/trilateral/actor/arland>"]
)  # fmt: skip
def test_a_thing_is_named_by_slug_short_form_iri_or_label(world_client, value):
    """A label in any language, capital letters or not."""
    found = world_client.get(
        f"{QUESTIONS}which-frameworks-does-an-actor-belong-to.json", params={"actor": value}
    )
    actors = {row["actor"]["value"] for row in found.json()["results"]["bindings"]}
    assert actors == {"https://w3id.org/trilateral/actor/arland"}


@pytest.mark.parametrize("value", ["actor:arland", "https://w3id.org/trilateral/actor/arland"])
def test_a_thing_of_another_kind_is_not_what_is_asked_for(world_client, value):
    name = "who-belonged-to-a-framework-on-a-date"
    found = world_client.get(f"{QUESTIONS}{name}.json", params={"framework": value})
    assert found.status_code == 404
    assert "knows no framework" in found.json()["detail"]


def test_a_framework_that_acts_is_an_actor(world_client):
    name = "what-do-documents-say-about-an-actor"
    given = {"actor": "framework:tidal-pact"}
    found = world_client.get(f"{QUESTIONS}{name}.json", params=given)
    assert found.status_code == 200


def test_a_thing_without_a_label_can_be_named_too(world_client, world_store):
    """Stances have no label, so that no list of labels has them."""
    name = "what-is-the-evidence-for-a-statement"
    everything = world_client.get(f"{QUESTIONS}{name}.json", params={"statement": "all"}).json()
    statement = everything["results"]["bindings"][0]["statement"]["value"]
    one = world_client.get(f"{QUESTIONS}{name}.json", params={"statement": statement}).json()
    assert {row["statement"]["value"] for row in one["results"]["bindings"]} == {statement}


# ---------------------------------------------------------------- formats


def test_rows_are_the_same_in_all_formats(world_client):
    name = f"{QUESTIONS}where-can-it-be-shown-on-a-map"
    expected = world_client.get(f"{name}.json").json()
    names = expected["head"]["vars"]
    rows = [[row.get(each, {}).get("value", "") for each in names]
            for row in expected["results"]["bindings"]]  # fmt: skip
    table = world_client.get(f"{name}.csv")
    assert table.headers["content-type"] == "text/csv; charset=utf-8; header=present"
    assert list(csv.reader(io.StringIO(table.text, newline=""))) == [names, *rows]
    for ending, kind in (("xml", ox.QueryResultsFormat.XML), ("tsv", ox.QueryResultsFormat.TSV)):
        found = ox.parse_query_results(world_client.get(f"{name}.{ending}").content, format=kind)
        assert [["" if t is None else t.value for t in row] for row in found] == rows


def test_triples_are_the_same_in_all_formats(world_client):
    name = f"{QUESTIONS}derive/propositions-as-claims"
    kinds = {"ttl": ox.RdfFormat.TURTLE, "nt": ox.RdfFormat.N_TRIPLES,
             "rdf": ox.RdfFormat.RDF_XML}  # fmt: skip
    found = {each: world_client.get(f"{name}.{each}") for each in (*kinds, "jsonld")}
    linked = found["jsonld"].json()
    linked["@context"] = world_client.get(linked["@context"]).json()["@context"]
    graphs = [
        {q.triple for q in ox.parse(found[ending].content, format=kind)}
        for ending, kind in kinds.items()
    ]
    graphs.append({q.triple for q in ox.parse(json.dumps(linked), format=ox.RdfFormat.JSON_LD)})
    assert len(graphs[0]) > 3
    assert all(each == graphs[0] for each in graphs)


@pytest.mark.parametrize(
    ("accept", "ending"),
    [("text/csv", "csv"), ("application/json", "json"), ("text/html,*/*;q=0.1", "html"),
     ("*/*", "json"), (None, "json"), ("application/sparql-results+xml", "xml")],
)  # fmt: skip
def test_the_bare_name_leads_to_the_accepted_format(world_client, accept, ending):
    headers = {"accept": accept} if accept else {}
    request = world_client.build_request("GET", f"{QUESTIONS}who-holds?ascription=reported")
    request.headers.pop("accept")
    request.headers.update(headers)
    found = world_client.send(request)
    assert found.status_code == 303
    assert found.headers["location"] == f"{QUESTIONS}who-holds.{ending}?ascription=reported"
    assert found.headers["vary"] == "Accept"


def test_rows_cannot_be_had_as_turtle(world_client):
    found = world_client.get(f"{QUESTIONS}who-holds", headers={"accept": "text/turtle"})
    assert (found.status_code, found.headers["content-type"]) == (406, PROBLEM)


def test_an_answer_that_the_client_has_is_not_sent_again(world_client):
    url = f"{QUESTIONS}who-holds.csv"
    first = world_client.get(url)
    again = world_client.get(url, headers={"if-none-match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert first.headers["cache-control"].startswith("public")
    other = world_client.get(url, params={"ascription": "ascribed"}).headers["etag"]
    assert other != first.headers["etag"]
    head = world_client.head(url)
    assert head.headers["etag"] == first.headers["etag"]
    assert not head.content


# ---------------------------------------------------------------- CSV


def test_csv_holds_no_formula_unless_it_is_asked_for(serve, tmp_path, world):
    """A label of the tiny world that a spreadsheet would run, and one that is a number."""
    data = shutil.copytree(world.data, tmp_path / "data")
    path = data / "actors" / "states.ttl"
    text = path.read_text()
    assert 'skos:prefLabel "Arland"@en' in text
    text = text.replace('skos:prefLabel "Arland"@en', 'skos:prefLabel "=1+1,\\"Arland"@en')
    path.write_text(text)
    with serve("--data", data) as (_, url):
        ask = f"{url}{QUESTIONS}which-frameworks-does-an-actor-belong-to.csv?actor=arland"
        safe = httpx.get(ask, timeout=WAIT).text
        raw = httpx.get(f"{ask}&raw=true", timeout=WAIT).text
    labels = [row["actorLabel"] for row in csv.DictReader(io.StringIO(safe, newline=""))]
    assert set(labels) == {"'=1+1,\"Arland"}
    assert safe.replace("\"'=1+1", '"=1+1') == raw


def test_negative_numbers_stay_numbers(world_client):
    """Selby lies at 20.5 degrees west."""
    found = world_client.get(f"{QUESTIONS}where-can-it-be-shown-on-a-map.csv").text
    assert ",-20.5," in found
    assert "'-" not in found


# ---------------------------------------------------------------- pages of rows


def test_pages_make_up_the_whole(world_client):
    url = f"{QUESTIONS}who-belongs-to-a-framework.json?framework=all"
    whole = world_client.get(url).json()["results"]["bindings"]
    assert len(whole) > 6
    found, pages, following = [], 0, f"{url}&limit=5"
    while following:
        page = world_client.get(following)
        assert page.headers["x-total-count"] == str(len(whole))
        found += page.json()["results"]["bindings"]
        pages += 1
        following = page.links.get("next", {}).get("url")
    assert found == whole
    assert pages == -(-len(whole) // 5)
    last = world_client.get(page.links["first"]["url"]).links["last"]["url"]
    assert world_client.get(last).json()["results"]["bindings"] == whole[(pages - 1) * 5 :]


def test_no_question_has_a_limit_of_its_own(home):
    """Paging adds one, which a query can have but once."""
    for question in show.find(home).values():
        body = question.text.rpartition("}")[2]
        assert "LIMIT" not in body, question.name
        assert "OFFSET" not in body, question.name


def test_an_answer_is_the_same_bytes_from_every_worker(world_client, questions):
    """A strong validator promises it; an offset of 0 is another URL, so that it is asked anew."""
    for name, question in questions.items():
        if question.form == "SELECT":
            url = f"{QUESTIONS}{name}.json"
            once, again = world_client.get(url), world_client.get(f"{url}?offset=0")
            assert once.content == again.content, name
            assert once.headers["etag"] == again.headers["etag"]


# ---------------------------------------------------------------- what is refused


@pytest.mark.parametrize(
    ("path", "status", "told"),
    [
        ("who-hold.json", 404, "who-holds"),
        ("who-hold", 404, "who-holds"),
        ("who-holds.pdf", 404, "json, csv, tsv, xml"),
        ("who-holds.ttl", 404, "json"),
        ("derive/propositions-as-claim.ttl", 404, "derive/propositions-as-claims"),
        ("who-holds.json?propositions=x", 400, "proposition, ascription"),
        ("who-holds.json?ascription=reported&ascription=ascribed", 400, "more than once"),
        ("who-holds.json?ascription=", 400, "empty"),
        ("who-holds.json?ascription=reportd", 404, "reported"),
        ("which-frameworks-does-an-actor-belong-to.json?actor=arlnd", 404, "arland"),
        ("who-belonged-to-a-framework-on-a-date.json?date=2024-02-30", 400, "2024-05-07"),
        ("who-belonged-to-a-framework-on-a-date.json?date=2024", 400, "2024-05-07"),
        ("which-labels-are-missing-in-a-language.json?language=x!", 400, "language tag"),
        ("who-holds.json?limit=0", 400, "from 1"),
        ("who-holds.json?limit=ten", 400, "from 1"),
        ("who-holds.json?limit=%EF%BC%91", 400, "from 1"),
        ("who-holds.json?offset=-1", 400, "from 0"),
        ("who-holds.csv?raw=yes", 400, "true or false"),
        ("derive/propositions-as-claims.ttl?limit=1", 400, "no parameter"),
    ],
)
def test_a_mistake_is_told_with_what_would_be_right(world_client, path, status, told):
    found = world_client.get(QUESTIONS + path)
    assert (found.status_code, found.headers["content-type"]) == (status, PROBLEM)
    assert told in found.json()["detail"]
    assert found.json()["status"] == status
    assert found.headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ("which-members-do-frameworks-share.json?framework=all", "Give a value for framework"),
        ("which-members-do-frameworks-share.html?framework=all", "Give a value for framework"),
        ("how-many-frameworks-does-each-state-share-with.csv", "Ask again when"),
    ],
)
def test_a_question_that_takes_too_long_is_told_what_would_be_less(hasty_client, asked, told):
    """All frameworks with all others take half a minute, the states a second."""
    found = hasty_client.get(QUESTIONS + asked)
    assert (found.status_code, found.headers["content-type"]) == (503, PROBLEM)
    assert found.json()["detail"].startswith(f"The query was ended after 0.1 seconds. {told}")
    assert found.headers["cache-control"] == "no-store"


HOSTILE = [
    "arland> } UNION { ?s ?p ?o } #",
    "<https://w3id.org/trilateral/actor/arland> } UNION { ?s ?p ?o",
    "https://w3id.org/trilateral/actor/arland> <x:y",
    '"',
    "'",
    '""" } UNION {',
    "}",
    "arland\nUNION",
    "arland\r\nX-Injected: 1",
    "arland\0",
    "%00",
    "%22%3E",
    "arland\\u003E",
    "\u202ednalra",
    "{ UNDEF } VALUES ?x",
    "?actor",
    "_:b",
    "SERVICE <http://127.0.0.1:9/>",
    "actor:arland }",
    "javascript:alert(1)",
    "<script>alert(1)</script>",
    "x" * 10_000,
    "\U0010ffff",
    "../../etc/passwd",
]


@pytest.mark.parametrize(
    ("name", "parameter"),
    [
        ("which-frameworks-does-an-actor-belong-to", "actor"),
        ("who-belonged-to-a-framework-on-a-date", "date"),
        ("which-labels-are-missing-in-a-language", "language"),
        ("who-holds", "limit"),
        ("who-holds", "\u202e> } UNION {"),
    ],
)
def test_hostile_values_name_nothing(world_client, name, parameter):
    for value, ending in itertools.product(HOSTILE, ("json", "html")):
        found = world_client.get(f"{QUESTIONS}{name}.{ending}", params={parameter: value})
        assert found.status_code in (400, 404), value
        assert found.headers["content-type"] == PROBLEM
        assert "x-injected" not in found.headers
        assert "\u202e" not in found.text
        assert len(found.text) < 2000


@pytest.mark.parametrize(
    "path", ["%2e%2e/%2e%2e/etc/passwd", "who-holds%00.json", "who-holds.json%0d%0aX-A:1",
             "derive%2f..%2fwho-holds.json", "%F0%9F.json", "who-holds.json/"],
)  # fmt: skip
def test_hostile_paths_name_no_question(world_client, path):
    found = world_client.get(QUESTIONS + path)
    assert (found.status_code, found.headers["content-type"]) == (404, PROBLEM)


def test_invalid_bytes_in_a_value_name_nothing(world_client):
    found = world_client.get(
        f"{QUESTIONS}which-frameworks-does-an-actor-belong-to.json?actor=%ff%fe"
    )
    assert found.status_code == 404


# ---------------------------------------------------------------- lists and pages


def test_the_list_tells_all_questions_and_where_they_are(world_client, questions):
    found = world_client.get("/api/questions").json()
    assert [each["name"] for each in found] == list(questions)
    one = next(each for each in found if each["name"] == "who-holds")
    assert one["formats"]["csv"] == "/api/questions/who-holds.csv"
    assert [each["kind"] for each in one["parameters"]] == ["proposition", "ascription"]
    assert world_client.get("/api").headers["location"] == "/api/"
    program = world_client.get("/api/", headers={"accept": "application/json"})
    assert (program.status_code, program.headers["location"]) == (303, "/api/questions")


def test_the_page_lists_questions_by_tag(world_client):
    browser = {"accept": "text/html"}
    everything = world_client.get("/api/", headers=browser).text
    example = re.search(r'curl "(.*)"', html.unescape(everything))[1]
    assert "holder" in world_client.get(example).text
    polls = world_client.get("/api/?tag=polls", headers=browser).text
    assert "which-poll-figures-are-printed.csv" in polls
    assert "who-holds.csv" in everything
    assert "who-holds.csv" not in polls.partition('class="questions"')[2]
    assert world_client.get("/api/?tag=none", headers=browser).status_code == 404


def test_the_page_of_a_question_keeps_what_was_asked(browser, world_url):
    page = browser.new_page()
    page.goto(f"{world_url}{QUESTIONS}which-frameworks-does-an-actor-belong-to.html?lang=ja")
    page.get_by_label("actor", exact=True).fill("arland")
    page.get_by_role("button", name="質問する").click()
    page.wait_for_url("**actor=arland**")
    assert "lang=ja" in page.url
    rows = page.locator("main tbody tr")
    assert rows.count() >= 1
    assert all("アーランド" in text for text in rows.all_inner_texts())
    assert "actor=arland" in page.get_by_role("link", name="CSV").get_attribute("href")
    page.close()


def test_the_page_of_triples_shows_them(world_client):
    found = world_client.get(f"{QUESTIONS}derive/propositions-as-claims.html")
    assert "schema:Claim" in found.text
