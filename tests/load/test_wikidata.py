"""Wikidata beside an answer, from a stand-in of this machine: what is its own stays its own."""

import csv
import io
import json
import re
import shutil
from urllib.parse import parse_qs

import pyoxigraph as ox
import pytest
from tests.conftest import WORLD
from tests.load.conftest import build_of, fill, standing

JSON = {"Content-Type": "application/sparql-results+json"}
# Two items with labels, one of them with two identifiers of a kind and one that nobody knows;
# nothing of Q9900000006.
ITEMS = """
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix wd: <http://www.wikidata.org/entity/> .
@prefix wdt: <http://www.wikidata.org/prop/direct/> .
wd:Q9900000001 rdfs:label "Arland"@en , "아를란드"@ko , "阿兰"@zh ;
    wdt:P297 "XA" ; wdt:P214 "12" , "7" ; wdt:P856 <https://arland.example/> .
wd:Q9900000002 rdfs:label "Borland"@mul ; wdt:P214 <http://www.wikidata.org/.well-known/genid/1> .
wd:Q9900000009 rdfs:label "Nobody asked"@ko ; wdt:P214 "9" .
"""
LINKS = {
    "actor:arland": "skos:exactMatch wd:Q9900000001 ;",
    "actor:borland": "owl:sameAs wd:Q9900000002 ;",
    "actor:corland": "schema:sameAs <http://www.wikidata.org/entity/Q9900000006> ;",
}
QUESTION = ("who-belongs-to-a-framework", "--framework", "tidal-pact", "--format", "csv")


@pytest.fixture(scope="module")
def linked(tmp_path_factory):
    """The tiny world, with links to Wikidata by three properties."""
    data = tmp_path_factory.mktemp("linked") / "data"
    shutil.copytree(WORLD / "data", data)
    path = data / "actors" / "states.ttl"
    text = path.read_text("utf-8")
    known = "@prefix owl: <http://www.w3.org/2002/07/owl#> .\n"
    known += "@prefix schema: <https://schema.org/> .\n"
    known += "@prefix wd: <http://www.wikidata.org/entity/> .\n"
    for thing, link in LINKS.items():
        text, count = re.subn(rf"(?m)^{thing}$", f"{thing}\n    {link}", text)
        assert count == 1, thing
    path.write_text(known + text, "utf-8")
    return data


@pytest.fixture
def wikidata():
    """A stand-in for Wikidata's endpoint."""
    store = ox.Store()
    store.load(ITEMS.encode(), format=ox.RdfFormat.TURTLE)

    def reply(request, body):
        query = parse_qs(body.decode())["query"][0]
        assert "SERVICE" not in query
        return 200, JSON, store.query(query).serialize(format=ox.QueryResultsFormat.JSON)

    with standing("", reply) as served:
        yield served


def asking(trilateral, url, linked, *options, question=QUESTION):
    status, out, err = trilateral(
        *("ask", *question, "--data", linked, "--wikidata-endpoint", url),
        *("--wikidata-delay", 0, *options),
    )
    return status, list(csv.DictReader(io.StringIO(out))), err


def test_labels_and_identifiers_stand_in_columns_of_their_own(wikidata, linked, trilateral):
    wanted = ("--wikidata", "ko,zh-hans,P297,P214,P856", "--wikidata-columns", "member")
    status, rows, err = asking(trilateral, wikidata.url, linked, *wanted)
    assert status == 0, err
    plain = asking(trilateral, wikidata.url, linked)[1]
    new = [name for name in rows[0] if name not in plain[0]]
    assert new == [
        *("memberWikidata", "memberWikidata_ko", "memberWikidata_zh_hans"),
        *("memberWikidata_P297", "memberWikidata_P214", "memberWikidata_P856"),
        *("wikidataEndpoint", "wikidataTime"),
    ]
    # What the dataset says stands as it stood, row by row.
    assert [{name: row[name] for name in plain[0]} for row in rows] == plain
    by_member = {row["member"].rpartition("/")[2]: row for row in rows}
    arland = by_member["arland"]
    assert [arland[name] for name in new[:-1]] == [
        *("http://www.wikidata.org/entity/Q9900000001", "아를란드", "阿兰", "XA", "12 | 7"),
        *("https://arland.example/", wikidata.url),
    ]
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", arland["wikidataTime"])
    borland = by_member["borland"]
    # A name that holds in every language; a value that nobody knows is none.
    assert (borland["memberWikidata_ko"], borland["memberWikidata_P214"]) == ("Borland", "")
    unlinked = [row for name, row in by_member.items() if f"actor:{name}" not in LINKS]
    assert unlinked
    for row in unlinked:
        assert {row[name] for name in new} == {""}


def test_a_note_tells_what_was_asked_and_what_stays_empty(wikidata, linked, trilateral):
    question = ("which-frameworks-does-an-actor-belong-to", "--format", "csv")
    options = ("--wikidata", "ko")
    status, rows, err = asking(trilateral, wikidata.url, linked, *options, question=question)
    assert status == 0
    members = {row["actor"] for row in rows}
    links = {name.removeprefix("actor:") for name in LINKS}
    with_link = {each for each in members if each.rpartition("/")[2] in links}
    # Frameworks have no link, so that their column is not looked up.
    assert f"asked about {len(with_link)} things in actor; it says nothing of 1 of them.\n" in err
    assert f"Without a link to it, and empty: {len(members - with_link)}." in err
    assert "Wikidata's (CC0), not part of the dataset" in err
    assert "frameworkWikidata" not in rows[0]


def test_tags_and_types_are_kept(wikidata, linked, trilateral):
    question = (*QUESTION[:-1], "json")
    words = ("--wikidata-endpoint", wikidata.url, "--wikidata-delay", "0", "--data", linked)
    out = trilateral("ask", *question, "--wikidata", "zh-hans,P856", *words)[1]
    rows = json.loads(out)["results"]["bindings"]
    row = next(row for row in rows if row["member"]["value"].endswith("/arland"))
    label = {"type": "literal", "value": "阿兰", "xml:lang": "zh"}
    assert row["memberWikidata_zh_hans"] == label  # said under another tag, which stays
    assert row["memberWikidata_P856"] == {"type": "uri", "value": "https://arland.example/"}
    assert row["wikidataTime"]["datatype"].endswith("#dateTime")


def test_things_go_in_batches_and_no_others_are_asked_about(wikidata, linked, trilateral):
    options = ("--wikidata", "ko", "--wikidata-batch", 1, "--wikidata-columns", "member")
    asking(trilateral, wikidata.url, linked, *options)
    sent = [parse_qs(body.decode())["query"][0] for _, _, _, body in wikidata.requests]
    named = [sorted(set(re.findall(r"entity/(Q\d+)", query))) for query in sent]
    assert all(len(names) == 1 for names in named)
    assert "Q9900000009" not in {name for names in named for name in names}
    assert len(named) > 1


def test_a_copy_of_the_dataset_is_joined_too(wikidata, linked, running, trilateral, tmp_path):
    fill(running.url, build_of(linked, tmp_path / "dist"), foreign=False)
    there = trilateral(
        *("ask", *QUESTION, "--endpoint", f"{running.url}/query", "--wikidata", "ko,P297"),
        *("--wikidata-endpoint", wikidata.url, "--wikidata-delay", 0),
    )
    assert there[0] == 0, there[2]
    rows = list(csv.DictReader(io.StringIO(there[1])))
    here = asking(trilateral, wikidata.url, linked, "--wikidata", "ko,P297")[1]
    for each in (*rows, *here):
        del each["wikidataTime"]
    assert rows == here


def test_credentials_for_the_store_are_not_sent_to_wikidata(
    wikidata, linked, trilateral, monkeypatch
):
    monkeypatch.setenv("TRILATERAL_TOKEN", "kelp")
    assert asking(trilateral, wikidata.url, linked, "--wikidata", "ko")[0] == 0
    for _, _, headers, body in wikidata.requests:
        assert "Authorization" not in headers
        assert b"kelp" not in body
        assert headers["User-Agent"].startswith("trilateral/")


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ((500, {}, b""), "does not answer the query"),
        ((200, {"Content-Type": "text/html"}, b"<p>Welcome</p>"), "no answer to a query"),
        (
            (200, JSON, b'{"head": {"vars": ["n"]}, "results": {"bindings": []}}'),
            "the answer is not to what was asked: it lacks columns",
        ),
        ((200, JSON, b'{"head": {}, "boolean": true}'), "it lacks columns"),
        ((None, {}, b""), "cannot be reached"),
        ((429, {"Retry-After": "9999"}, b""), "asks to wait 9999 s"),
    ],
)
def test_an_endpoint_that_fails_fails_the_command_and_prints_no_half(
    answer, words, linked, trilateral
):
    with standing("", lambda request, body: answer) as served:
        status, rows, err = asking(trilateral, served.url, linked, "--wikidata", "ko")
    assert (status, rows) == (1, [])
    assert words in err


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--wikidata", "ko,P"), "P: this is neither a language tag nor a property"),
        (("--wikidata", 'ko"}'), "neither a language tag nor a property"),
        (("--wikidata", "ko", "--wikidata-columns", "nobody"), "no such column.\nIt has: "),
        (("--wikidata", "ko", "--wikidata-limit", 1), "things have an item of Wikidata, more than"),
        (("--wikidata", "ko", "--wikidata-batch", 0), "--wikidata-batch 0: must be more than 0"),
        (("--wikidata", "ko", "--wikidata-delay", -1), "must be 0 or more"),
    ],
)
def test_wrong_options_are_told_before_wikidata_is_asked(
    options, words, wikidata, linked, trilateral
):
    status, rows, err = asking(trilateral, wikidata.url, linked, *options)
    assert (status, rows, wikidata.requests) == (2, [], [])
    assert words in err


def test_where_nothing_has_a_link_nobody_is_asked(wikidata, trilateral):
    status, rows, err = asking(trilateral, wikidata.url, WORLD / "data", "--wikidata", "ko")
    assert status == 0
    assert "Wikidata was not asked: no thing in the answer has a link to it." in err
    assert not [name for name in rows[0] if "ikidata" in name]
    assert wikidata.requests == []


def test_a_graph_has_no_columns(trilateral):
    words = ("derive/memberships-as-org-memberships", "--wikidata", "ko")
    status, _, err = trilateral("ask", *words, "--data", WORLD / "data")
    assert status == 2
    assert "gives a graph, which has no columns" in err


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--data", WORLD / "data"), f"trilateral load URL --data {WORLD / 'data'}"),
        (("--engine", "rdflib"), "--engine means nothing beside --endpoint"),
    ],
)
def test_what_means_nothing_to_an_endpoint_is_refused(options, words, trilateral):
    status, _, err = trilateral("ask", "who-holds", "--endpoint", "http://127.0.0.1:9/", *options)
    assert status == 2
    assert words in err
