"""The home page, the search, the lists and the page about the site say what the data say."""

import html
import re
import shutil

import httpx
import pytest
import yaml
from tests.conftest import TESTS, WORLD

from trilateral.serve.pages.finding import fold
from trilateral.serve.pages.table import make_cell, make_table, plain
from trilateral.serve.site import Answer, Site, Term

BASE = "https://w3id.org/trilateral/"
KINDS = [("actor", 21), ("event", 8), ("framework", 7)]


def results(client, **parameters):
    """Return the paths of the things that a search shows, in order."""
    text = client.get("/search", params=parameters).raise_for_status().text
    shown = re.search(r'<ol class="results".*?</ol>', text, re.DOTALL)
    return re.findall(r'<li>\s*<a href="([^"?]+)', shown[0]) if shown else []


def words(text):
    """Return the text of a page as it is read."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", text)).split())


# ---------------------------------------------------------------- search


@pytest.mark.parametrize(
    "query",
    ["Arland", "ARLAND", "ｱrland", "ärländ", "アーランド", "아를란드", "阿兰", "阿蘭", "AR",
     "Kingdom of Arland", "kingdom arl"],
)  # fmt: skip
def test_a_thing_is_found_by_each_of_its_names_in_each_language(world_client, query):
    query = query.replace("ｱ", "Ａ")
    assert results(world_client, q=query)[0] == "/actor/arland"


def test_a_thing_is_found_by_a_part_of_a_word_in_scripts_without_spaces(world_client):
    # 海带圆桌 is the name of the Kelp Round; 圆桌 its last two characters.
    assert results(world_client, q="圆桌") == ["/framework/kelp-round"]
    assert results(world_client, q="ーラン") == ["/actor/arland"]


def test_a_name_that_a_source_uses_is_found_and_told_with_its_source(world_client):
    text = world_client.get("/search", params={"q": "the pact", "kind": "framework"}).text
    assert results(world_client, q="the pact", kind="framework") == ["/framework/tidal-pact"]
    assert "name in a source: the pact (English), used by" in words(text)
    assert 'href="/source/corland-gazette-2022"' in text


def test_the_name_that_fits_is_told_with_its_language(world_client):
    text = words(world_client.get("/search", params={"q": "阿蘭"}).text)
    assert "label: 阿蘭 (Chinese, traditional)" in text


def test_exact_names_come_before_beginnings_words_and_parts(shipped_client):
    # "Quad" is a name of the framework; other names begin with it or have it as a word.
    found = results(shipped_client, q="quad")
    assert found[0] == "/framework/quad"
    assert found.index("/framework/quad-critical-minerals-initiative") == 1
    # The offices "President of ..." come before the "Presidential Executive Office".
    found = results(shipped_client, q="president")
    assert found[0].startswith("/office/president-of-")
    # Two letters are no part of a word: "us" does not find Russia.
    first = results(shipped_client, q="us", kind="actor")
    assert first[0] == "/actor/united-states"
    assert "/actor/russia" not in first


def test_all_words_must_be_there(world_client):
    assert results(world_client, q="harbour 2001")[0] == "/event/harbour-conference-2001"
    assert not results(world_client, q="harbour arland kelp")


def test_a_kind_narrows_the_search_and_each_kind_has_its_count(world_client):
    assert set(results(world_client, q="borland", kind="actor")) == {
        "/actor/borland", "/actor/university-of-borland", "/actor/public-of-borland",
        "/actor/arland-and-borland-governments",
    }  # fmt: skip
    text = words(world_client.get("/search", params={"q": "borland"}).text)
    assert "Actors 4" in text


def test_pages_of_results_go_on_where_the_last_ended(shipped_client):
    first = results(shipped_client, q="japan")
    second = results(shipped_client, q="japan", page="2")
    assert len(first) == len(second) == 25
    assert not set(first) & set(second)


@pytest.mark.parametrize("page", ["0", "-1", "x", "9999", "1" * 5000])
def test_a_page_that_is_not_there_is_not_found(world_client, page):
    assert world_client.get("/search", params={"q": "arland", "page": page}).status_code == 404


def test_a_search_that_finds_nothing_tells_what_would(world_client):
    text = world_client.get("/search", params={"q": "harbuor sumit"}).text
    assert "/search?q=harbour%20summit" in text
    text = words(world_client.get("/search", params={"q": "kelp arland"}).text)
    assert "Found by one word: kelp" in text


def test_a_search_without_words_says_how_to_search(world_client):
    for given in ("", "   ", "?!", "\u202e"):
        answer = world_client.get("/search", params={"q": given})
        assert answer.status_code == 200
        assert not results(world_client, q=given)
    assert "Type a name" in world_client.get("/search").text


def test_a_search_has_bounds(world_client):
    assert world_client.get("/search", params={"q": "a" * 201}).status_code == 400
    assert world_client.get("/search", params={"q": "a", "kind": "skos"}).status_code == 404
    assert world_client.get("/search", params={"q": " ".join("ab" for _ in range(60))}).is_success


@pytest.mark.parametrize(
    "one, other",
    [
        ("Réunion", "reunion"),
        ("U.S.", "us"),
        ("D.C.", "dc"),
        ("Xi’an", "xian"),
        ("ＡＰＥＣ", "apec"),
    ],
)
def test_names_are_compared_without_case_accents_and_width(one, other):
    assert fold(one) == fold(other)


def test_marks_that_tell_words_of_other_scripts_apart_are_kept():
    assert fold("が") != fold("か")
    assert fold("한") != fold("하")


# ---------------------------------------------------------------- lists


@pytest.mark.parametrize("kind, count", KINDS)
def test_a_list_has_all_things_of_its_kind(world_client, kind, count):
    text = world_client.get(f"/{kind}/").raise_for_status().text
    rows = re.findall(rf'<td><a href="(/{kind}/[^"]+)"', text)
    assert len(set(rows)) == len(rows) == count


def test_every_kind_of_the_data_has_a_list_of_so_many_things_as_the_home_page_says(shipped_client):
    home = shipped_client.get("/").text
    counts = re.findall(r'<li><a href="/([a-z-]+)/">[^<]+<span class="count">([\d,]+)<', home)
    assert len(counts) > 40
    for kind, count in counts:
        text = words(shipped_client.get(f"/{kind}/").raise_for_status().text)
        assert re.search(rf"(?<![\d,]){count} [a-z]", text), kind


def test_the_home_page_counts_what_the_store_holds(shipped_client, store):
    [[count]] = store.query(
        f"SELECT (COUNT(DISTINCT ?e) AS ?n) {{ ?e a <{BASE}ontology#Event> }}",
        use_default_graph_as_union=True,
    )
    assert f"Events {int(count.value):,} " in words(shipped_client.get("/").text)


def test_lists_are_narrowed_by_kind_and_year(world_client):
    rows = re.findall(r'<td><a href="(/event/[^"]+)"', world_client.get("/event/?year=2021").text)
    assert {"/event/harbour-summit-2021", "/event/selby-leaders-meeting-2021"} <= set(rows)
    assert "/event/harbour-conference-2001" not in rows
    text = world_client.get("/actor/?kind=state").text
    rows = re.findall(r'<td><a href="(/actor/[^"]+)"', text)
    assert rows == [f"/actor/{name}land" for name in ("ar", "bor", "cor", "dor")]
    assert "None of the 21 actors" in words(world_client.get("/actor/?kind=nothing").text)


def test_events_are_listed_from_the_latest(world_client):
    text = world_client.get("/event/?kind=signing").text
    assert re.findall(r'<td class="date">([^<]*)<', text) == ["2019-06-01", "2001-03-02"]


def test_lists_have_labels_in_the_language_and_english_where_there_are_none(world_client):
    text = world_client.get("/actor/?lang=ja&kind=state").text
    assert '<a href="/actor/arland?lang=ja"><span lang="ja">アーランド</span></a>' in text
    assert '<a href="/actor/borland?lang=ja"><span lang="en">Borland</span></a>' in text


def test_long_lists_have_pages(shipped_client):
    first, second = (
        re.findall(r'<td><a href="(/source/[^"]+)"', shipped_client.get(f"/source/?page={n}").text)
        for n in (1, 2)
    )
    assert len(first) == len(second) == 200
    assert not set(first) & set(second)
    assert {"/source/china-daily-2024", "/source/chicago-council-2021"} == set(first[:2])


def test_a_kind_without_its_slash_leads_to_its_list(world_client):
    answer = world_client.get("/actor?lang=ja")
    assert (answer.status_code, answer.headers["location"]) == (308, "/actor/?lang=ja")


@pytest.mark.parametrize("path", ["/nothing/", "/skos/", "/ACTOR/", "/actor%00/"])
def test_what_is_no_kind_is_not_found(world_client, path):
    assert world_client.get(path).status_code == 404


# ---------------------------------------------------------------- home and about


@pytest.mark.parametrize("path", ["/", "/about"])
def test_pages_tell_how_to_cite_with_the_facts_of_the_citation_file(shipped_client, path):
    facts = yaml.safe_load((TESTS.parent / "CITATION.cff").read_text(encoding="utf-8"))
    text = words(shipped_client.get(path).text)
    for fact in ("title", "version", "url", "license"):
        assert facts[fact] in text
    assert facts["authors"][0]["name"] in text
    assert str(facts["date-released"])[:4] in text


def test_the_page_about_the_site_tells_its_limits(world_client):
    # The server of the tiny world runs with --seconds 60 and --budget 3600.
    text = words(world_client.get("/about").text)
    assert "Time of a query 60 seconds" in text
    assert "3600 seconds of running queries for each minute" in text


def test_links_of_home_and_about_lead_somewhere(shipped_client):
    paths = {
        html.unescape(path).partition("#")[0]
        for page in ("/", "/about")
        for path in re.findall(r'href="(/[^"]*)"', shipped_client.get(page).text)
    }
    gone = {}
    # The lists of all kinds have a test of their own.
    for path in sorted(path for path in paths if not re.fullmatch(r"/[a-z-]+/", path)):
        status = shipped_client.get(path, follow_redirects=True).status_code
        if status != 200:
            gone[path] = status
    assert not gone


def test_examples_of_the_home_page_are_queries_with_rows(shipped_client, store):
    asked = [
        dict(httpx.URL(html.unescape(path)).params)
        for path in re.findall(r'href="(/query\?[^"]+)"', shipped_client.get("/").text)
    ]
    [counts] = [given["query"] for given in asked if "query" in given]
    assert any(store.query(counts, use_default_graph_as_union=True))
    questions = [given for given in asked if "question" in given]
    assert len(questions) == 7
    for given in questions:
        path = f"/api/questions/{given.pop('question')}.json"
        answer = shipped_client.get(path, params=given).raise_for_status()
        assert answer.json()["results"]["bindings"], path


def test_every_page_keeps_the_language_in_its_links(world_client):
    for path in ("/", "/about", "/search?q=arland", "/actor/"):
        text = world_client.get(path, params={"lang": "ko"}).text
        links = set(re.findall(r'href="(/(?:actor|event|source|compare|views)[^"]*)"', text))
        assert links, path
        own = world_client.get("/").text
        assert all(
            "lang=ko" in link for link in links - set(re.findall(r'href="([^"]*)" lang', text))
        )
        assert "lang=" not in "".join(re.findall(r'<a href="(/actor[^"]*)"', own))


def test_a_problem_is_told_to_readers_in_the_frame_of_the_site(world_client):
    answer = world_client.get("/nothing/", headers={"accept": "text/html"})
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert answer.headers["vary"] == "Accept"
    assert answer.headers["cache-control"] == "no-store"
    assert "No such kind" in answer.text
    assert 'action="/search"' in answer.text
    # Programs are told in JSON.
    answer = world_client.get("/nothing/", headers={"accept": "application/json"})
    assert answer.json()["title"] == "Not Found"
    assert answer.json()["detail"].startswith("There is no kind of thing 'nothing'.")
    # A language that is not there does not keep the problem from being told.
    answer = world_client.get("/?lang=xx", headers={"accept": "text/html"})
    assert (answer.status_code, "No such language" in answer.text) == (404, True)


def test_a_language_without_labels_is_not_found(world_client):
    assert world_client.get("/", params={"lang": "xx"}).status_code == 404


# ---------------------------------------------------------------- tables and hostile data


def test_tables_leave_out_columns_and_show_what_values_are():
    site = Site(data=WORLD / "data")
    date = "http://www.w3.org/2001/XMLSchema#date"
    row = {
        "actor": Term("literal", "a"),
        "day": Term("literal", "2024-05-07", datatype=date),
        "many": Term("literal", "7", datatype="http://www.w3.org/2001/XMLSchema#integer"),
    }
    table = make_table(site, Answer(["actor", "day", "many"], [row]), without=("actor",))
    assert table.heads == ["day", "many"]
    assert [cell.kind for cell in table.rows[0]] == ["date", "number"]


def test_long_tables_are_short_until_all_is_asked_for(shipped_client, store):
    path = "/api/questions/which-sources-are-used.html"
    [[count]] = store.query(
        f"SELECT (COUNT(DISTINCT ?s) AS ?n) {{ ?s a ?c VALUES ?c {{ <{BASE}ontology#Document> "
        f"<{BASE}ontology#Register> }} }}",
        use_default_graph_as_union=True,
    )
    text = shipped_client.get(path).text
    assert text.count("<tr>") == 1 + 200
    link = re.search(rf'href="([^"#]+)#[^"]*">Show all {int(count.value):,} rows', text)
    assert shipped_client.get(html.unescape(link[1])).text.count("<tr>") == 1 + int(count.value)


@pytest.mark.parametrize("iri", ["javascript:alert(1)", "data:text/html,x", "file:///etc/passwd",
                                 "JAVASCRIPT:alert(1)"])  # fmt: skip
def test_only_addresses_of_the_web_become_links(iri):
    assert make_cell(Site(data=WORLD / "data"), Term("uri", iri)).href == ""


def test_marks_that_turn_writing_round_are_not_shown():
    assert plain("a\u202eb\u2066c\u200fd\u061ce\x00f\x1bg") == "abcdefg"
    assert plain("東京 – Tōkyō\nMünchen") == "東京 – Tōkyō\nMünchen"


HOSTILE = """
@prefix actor: <https://w3id.org/trilateral/actor/> .
@prefix actor-kind: <https://w3id.org/trilateral/actor-kind/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix tri: <https://w3id.org/trilateral/ontology#> .
actor:hostile a tri:Organization ; tri:actorKind actor-kind:company ;
    skos:prefLabel "<script>alert(1)</script>\\u202Etxt.exe"@en ;
    skos:altLabel "\\"><img src=x onerror=alert(2)>{{7*7}}"@en ;
    skos:definition "</td><script src=//evil.example></script>"@en .
"""


def test_hostile_names_are_text(serve, tmp_path):
    shutil.copytree(WORLD / "data", tmp_path / "data")
    (tmp_path / "data/actors/hostile.ttl").write_text(HOSTILE, encoding="utf-8")
    with (
        serve("--data", tmp_path / "data") as (_, url),
        httpx.Client(base_url=url, timeout=60) as client,
    ):
        pages = [
            client.get("/actor/").text,
            client.get("/search", params={"q": "img onerror"}).text,
            client.get("/search", params={"q": '"><script>alert(3)</script>'}).text,
            client.get(
                '/nowhere/"><script>alert(4)</script>/', headers={"accept": "text/html"}
            ).text,
        ]
    assert "&lt;script&gt;alert(1)&lt;/script&gt;txt.exe" in pages[0]
    assert results_in(pages[1]) == ["/actor/hostile"]
    assert "{{7*7}}" in html.unescape(pages[1])
    for page in pages:
        assert not re.search(r"<script(?! src=\"/static/)|<img src=x|\u202e", page)


def results_in(text):
    shown = re.search(r'<ol class="results".*?</ol>', text, re.DOTALL)
    return re.findall(r'<li>\s*<a href="([^"?]+)', shown[0])
