"""Reconcile: what is proposed and why, politeness, the cache, and that nothing is written.

Two kinds of endpoint, both on a free port of this machine: one that plays back
recorded answers, and one that runs the query over a small graph in the form of
Wikidata.
"""

import csv
import hashlib
import io
import json
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs

import pyoxigraph as ox
import pytest
import rdflib
from tests.conftest import TESTS, WORLD

from trilateral import __version__
from trilateral.errors import UnknownNameError
from trilateral.folders import cache_folder
from trilateral.home import find_home
from trilateral.reconcile import evidence, proposals, queries
from trilateral.reconcile.cache import Cache, CacheError
from trilateral.reconcile.endpoint import Endpoint, EndpointError, OutOfTimeError
from trilateral.reconcile.things import Name, Thing, of_kinds, pick, read_things
from trilateral.remote.address import WIKIDATA

RECORDED = TESTS / "recorded" / "wikidata"
LANGUAGES = ["en", "ja", "ko", "zh-hans", "zh-hant"]
JSON_TYPE = {"Content-Type": "application/sparql-results+json"}
NOTHING = b'{"head": {"vars": ["thing", "item"]}, "results": {"bindings": []}}'
WORLD_DATA = ["--data", WORLD / "data"]
ASKED = "SELECT DISTINCT ?thing ?item"


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch):
    monkeypatch.setenv("no_proxy", "*")


class Served:
    """A server of this machine: ``reply(query, number)`` gives status, headers and body."""

    def __init__(self, reply):
        self.queries, self.headers = [], []
        served = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                served.queries.append(parse_qs(body)["query"][0])
                served.headers.append(dict(self.headers))
                status, headers, body = reply(served.queries[-1], len(served.queries))
                if status is None:
                    return  # no answer at all
                try:
                    self.send_response(status)
                    for name, value in headers.items():
                        self.send_header(name, value)
                    self.end_headers()
                    for piece in [body] if isinstance(body, bytes) else body:
                        self.wfile.write(piece)
                        self.wfile.flush()
                except OSError:
                    pass  # the client has gone

            def log_message(self, *arguments):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_port}/sparql"


@contextmanager
def serving(reply):
    served = Served(reply)
    threading.Thread(target=served.server.serve_forever, args=(0.01,), daemon=True).start()
    try:
        yield served
    finally:
        served.server.shutdown()
        served.server.server_close()


@pytest.fixture
def serve():
    """Serve one reply function for the length of a test."""
    with_open = []

    def start(reply):
        manager = serving(reply)
        with_open.append(manager)
        return manager.__enter__()

    yield start
    for manager in with_open:
        manager.__exit__(None, None, None)


def graph_reply(path=RECORDED / "world.ttl"):
    """Return a reply function that runs each query over a graph."""
    store = ox.Store()
    store.load(path=path, format=ox.RdfFormat.TURTLE)

    def reply(query, number):
        found = store.query(query)
        return 200, JSON_TYPE, found.serialize(format=ox.QueryResultsFormat.JSON)

    return reply


def recorded_reply(query, number):
    name = "candidates" if ASKED in query else "items"
    return 200, JSON_TYPE, (RECORDED / f"{name}-japan.json").read_bytes()


def nothing_reply(query, number):
    return 200, JSON_TYPE, NOTHING


@pytest.fixture
def wikidata(serve):
    return serve(graph_reply())


@pytest.fixture(scope="module")
def world_things(world_store):
    return read_things(world_store)


class Clock:
    """A clock that only sleeping moves."""

    def __init__(self):
        self.now, self.slept = 0.0, []

    def __call__(self):
        return self.now

    def sleep(self, seconds):
        self.slept.append(seconds)
        self.now += seconds


@pytest.fixture
def make(tmp_path):
    """Make an endpoint that does not really sleep."""

    def make(url, **options):
        clock = Clock()
        options = {"delay": 0.0} | options
        cache = options.pop("cache", None) or Cache(tmp_path / "cache")
        made = Endpoint(url, cache, clock=clock, sleep=clock.sleep, **options)
        made.slept = clock.slept
        return made

    return make


@pytest.fixture
def outcomes(wikidata, make, world_things):
    def outcomes(*names, **options):
        things = pick(world_things, names)
        return list(proposals.propose(things, make(wikidata.url), LANGUAGES, **options))

    return outcomes


def found(outcome):
    return [(each.item, each.score) for each in outcome.proposals]


# What is proposed and why.


def test_match_by_name_in_five_languages_code_and_class(outcomes):
    (outcome,) = outcomes("arland")
    (proposal,) = outcome.proposals
    assert proposal.item == "wd:Q9900000001"
    assert (proposal.item_label, proposal.description) == ("Arland", "state on an invented bay")
    assert proposal.turtle == "skos:exactMatch wd:Q9900000001 ;"
    assert proposal.reasons == (
        "ISO 3166-1 alpha-2 code XA (P297)",
        "label equal in 5 languages (en, ja, ko, zh-hans, zh-hant)",
        "class fits: sovereign state",
    )
    assert proposal.score == 100
    assert not proposal.ambiguous


def test_code_outranks_a_namesake_of_fitting_class(outcomes):
    (outcome,) = outcomes("borland")
    assert found(outcome) == [("wd:Q9900000002", 70), ("wd:Q9900000003", 45)]
    assert not outcome.proposals[0].ambiguous
    limited = outcomes("borland", limit=1)
    assert found(limited[0]) == [("wd:Q9900000002", 70)]


def test_another_code_speaks_against(outcomes):
    (outcome,) = outcomes("corland")
    assert found(outcome) == [("wd:Q9900000004", 5)]
    assert outcome.proposals[0].reasons[0] == ("against: its ISO 3166-1 alpha-2 code is XZ (P297)")


def test_ambiguous_names_list_all_in_order_without_pages_about_names(outcomes):
    (outcome,) = outcomes("mira-tell")
    assert found(outcome) == [("wd:Q9900000011", 45), ("wd:Q9900000012", 45)]
    assert all(proposal.ambiguous for proposal in outcome.proposals)
    assert [each.description for each in outcome.proposals] == ["columnist", "painter"]


def test_a_human_is_no_think_tank_and_an_alias_counts_less_than_a_label(outcomes):
    (outcome,) = outcomes("strait-institute")
    assert found(outcome) == [("wd:Q9900000021", 35)]
    assert outcome.proposals[0].reasons == ("another name equal (en)", "class fits: think tank")


def test_match_by_homepage_however_it_is_spelled(outcomes):
    (outcome,) = outcomes("kelp-round")
    assert found(outcome) == [("wd:Q9900000031", 50)]
    assert outcome.proposals[0].reasons == ("official website (P856)",)


def test_nothing_fits_and_only_items_count(outcomes):
    (outcome,) = outcomes("tern-foundation")
    (proposal,) = outcome.proposals
    assert (proposal.item, proposal.turtle, proposal.score) == ("", "", 0)
    assert proposal.reasons == ("no candidate",)


@pytest.mark.parametrize(
    ("thing", "claims", "reason", "points"),
    [
        ({"identifiers": (("P298", "XAA"),)}, {"P298": {"XAA"}}, "alpha-3 code XAA (P298)", 70),
        ({"identifiers": (("P6782", "0x"),)}, {"P6782": {"0x"}}, "ROR identifier 0x (P6782)", 70),
        ({"identifiers": (("P1566", "7"),)}, {"P1566": {"7"}}, "GeoNames identifier 7", 70),
        ({"classes": ("tri:Person",)}, {"P31": {"Q5"}}, "class fits: human", 15),
        ({"links": (("Q1", "Arland"),)}, {"P39": {"Q1"}}, "position held Arland (P39)", 10),
        ({"links": (("Q1", "Arland"),)}, {"P27": {"Q1"}}, "citizenship Arland (P27)", 10),
    ],
)
def test_each_piece_of_evidence_gives_its_points(thing, claims, reason, points):
    base = {"iri": "i", "name": "n", "label": "l", "classes": (), "names": ()}
    verdict = evidence.judge(Thing(**(base | thing)), evidence.Item("Q2", claims=claims), ["en"])
    assert reason in verdict.reasons[0]
    assert verdict.score == points
    other = evidence.Item("Q2", claims={key: {"Q3"} for key in claims})
    assert evidence.judge(Thing(**(base | thing)), other, ["en"]).score == 0


def test_no_sum_of_names_class_and_tie_outranks_a_code():
    best = evidence.LABEL + 2 * evidence.FURTHER_LANGUAGE + evidence.CLASS + evidence.TIE
    assert best < evidence.IDENTIFIER


def test_things_carry_what_the_dataset_says(world_things, store):
    things = {thing.name: thing for thing in world_things}
    assert things["actor:arland"].identifiers == (("P297", "XA"), ("P298", "XAA"))
    assert Name("阿蘭", "zh-hant", True) in things["actor:arland"].names
    assert Name("Kingdom of Arland", "en", False) in things["actor:arland"].names
    assert things["framework:kelp-round"].homepages == ("https://example.org/kelp-round",)
    real = {thing.name: thing for thing in read_things(store)}
    assert ("P6782", "047dqcg40") in real["actor:korea-university"].identifiers
    assert real["actor:korea-university"].matches == ("Q39997",)
    assert ("Q30", "United States") in real["actor:us-forces-korea"].links


def test_unnamed_parties_are_never_matched_and_groupings_only_when_asked(world_things):
    assert not [thing for thing in world_things if "tri:UnnamedParty" in thing.classes]
    default = {thing.name for thing in of_kinds(world_things, ["actor", "framework", "place"])}
    assert {"actor:arland", "actor:ada-orr", "framework:tidal-pact"} <= default
    assert not default & {"actor:task-force-on-the-bay", "actor:public-of-arland"}
    assert {t.name for t in of_kinds(world_things, ["person"])} == {
        f"actor:{slug}"
        for slug in ("ada-orr", "bea-borg", "bram-lund", "cleo-wynn", "jon-arne", "mira-tell")
    }


def test_a_thing_is_named_by_slug_short_form_iri_or_label(world_things):
    iri = "https://w3id.org/trilateral/actor/arland"
    for name in ("arland", "actor:arland", iri, f"<{iri}>", "Arland", "arLAND", "アーランド"):
        assert [thing.iri for thing in pick(world_things, [name])] == [iri]
    with pytest.raises(UnknownNameError, match="Did you mean:\n  actor:arland"):
        pick(world_things, ["arlnd"])


# The query itself.


def test_names_are_put_in_as_terms_whatever_they_hold(serve, make, tmp_path):
    nasty = 'A "quoted" \\ back\\"slash } . ?s ?p ?o # \n\t{ UNDEF } $x ?y'
    graph = ox.Store()
    item = ox.NamedNode("http://www.wikidata.org/entity/Q9900000041")
    label = ox.NamedNode("http://www.w3.org/2000/01/rdf-schema#label")
    graph.add(ox.Quad(item, label, ox.Literal(nasty, language="en")))
    other = ox.NamedNode("http://www.wikidata.org/entity/Q9900000042")
    graph.add(ox.Quad(other, label, ox.Literal("quoted", language="en")))
    graph.dump(tmp_path / "g.ttl", format=ox.RdfFormat.TURTLE, from_graph=ox.DefaultGraph())
    served = serve(graph_reply(tmp_path / "g.ttl"))
    thing = Thing("i", 'actor:"a\\', nasty, (), (Name(nasty, "en", True),))
    (outcome,) = proposals.propose([thing], make(served.url), ["en"])
    assert found(outcome) == [("wd:Q9900000041", 30)]


def test_queries_give_the_same_on_another_engine(world_things):
    graph = rdflib.Graph().parse(RECORDED / "world.ttl")
    store = ox.Store()
    store.load(path=RECORDED / "world.ttl", format=ox.RdfFormat.TURTLE)
    numbers = [f"Q99000000{number:02}" for number in (1, 2, 11, 21)]
    for text in (
        queries.candidates(world_things, LANGUAGES),
        queries.items(numbers, LANGUAGES),
    ):
        rows = {tuple(term.value for term in row) for row in store.query(text)}
        assert len(rows) > 5
        assert {tuple(map(str, row)) for row in graph.query(text)} == rows
        assert all("http://www.wikidata.org/entity/Q" in " ".join(row) for row in rows)
        assert "SERVICE" not in text
        assert "UNDEF" not in text


def test_only_the_languages_asked_for_are_compared(wikidata, make, world_things):
    things = pick(world_things, ["arland"])
    (outcome,) = proposals.propose(things, make(wikidata.url), ["ja"])
    assert "label equal (ja)" in outcome.proposals[0].reasons
    assert outcome.proposals[0].item_label == "アーランド"
    assert '"Arland"' not in wikidata.queries[0]


# The command.


def rows_of(done):
    return json.loads(done.stdout)


def test_command_writes_nothing_to_the_dataset_and_presents_itself(run, wikidata, tmp_path):
    data = tmp_path / "data"
    shutil.copytree(WORLD / "data", data)

    def state():
        return {
            path: (hashlib.sha256(path.read_bytes()).hexdigest(), path.stat().st_mtime_ns)
            for folder in (data, find_home().ontology)
            for path in folder.rglob("*")
            if path.is_file()
        }

    before = state()
    cache = tmp_path / "cache"
    done = run(
        "reconcile", "--data", data, "--endpoint", wikidata.url, "--cache", cache,
        "--delay", 0, "--kind", "actor", cwd=tmp_path,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert state() == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["cache", "data"]
    assert "skos:exactMatch wd:Q9900000001 ;" in done.stdout
    assert "  ambiguous: several candidates are about as good" in done.stdout
    assert "actor:tern-foundation  Tern Foundation\n  no candidate\n" in done.stdout
    assert "none of them confirmed" in done.stderr
    assert "tri:identifiersFrom a register" in done.stderr
    for headers in wikidata.headers:
        agent = headers["User-Agent"]
        assert agent.startswith(f"trilateral/{__version__} (https://w3id.org/trilateral/)")
        assert "Authorization" not in headers
        assert "application/sparql-results+json" in headers["Accept"]


def test_recorded_answer_agrees_with_the_match_on_record(run, serve, tmp_path):
    served = serve(recorded_reply)
    options = ["--endpoint", served.url, "--cache", tmp_path, "--delay", 0]
    done = run("reconcile", "japan", "--json", *options)
    assert done.returncode == 0, done.stderr
    (row,) = rows_of(done)
    assert (row["item"], row["item label"], row["turtle"]) == ("wd:Q17", "Japan", "")
    assert row["wikidata agrees"] is True
    assert row["wikidata says"] == "Wikidata agrees with wd:Q17"
    assert row["confirmed"] is False
    assert {"ISO 3166-1 alpha-2 code JP (P297)", "label equal (en)", "match on record"} == set(
        row["reasons"]
    )


def with_matches(tmp_path, lines):
    data = tmp_path / "mine"
    data.mkdir()
    head = "".join(
        f"@prefix {prefix}: <{iri}> .\n"
        for prefix, iri in {
            "actor": "https://w3id.org/trilateral/actor/",
            "skos": "http://www.w3.org/2004/02/skos/core#",
            "tri": "https://w3id.org/trilateral/ontology#",
            "wd": "http://www.wikidata.org/entity/",
        }.items()
    )
    (data / "a.ttl").write_text(head + "\n".join(lines))
    return data


@pytest.mark.parametrize(
    ("match", "agrees", "says"),
    [
        ("Q9900000002", True, "agrees with wd:Q9900000002"),
        ("Q9900000003", False, "does not agree with wd:Q9900000003: wd:Q9900000002 fits better"),
        ("Q9900000099", False, "does not agree with wd:Q9900000099: it says nothing of it"),
        ("Q9900000004", False, "does not agree with wd:Q9900000004: against: its ISO 3166-1"),
    ],
)
def test_wikidata_agrees_or_not_with_a_match_on_record(
    match, agrees, says, run, wikidata, tmp_path
):
    thing = 'actor:b a tri:State ; skos:prefLabel "Borland"@en ; tri:countryCode "XB" '
    data = with_matches(tmp_path, [f"{thing}; skos:exactMatch wd:{match} ."])
    options = ["--data", data, "--endpoint", wikidata.url, "--cache", tmp_path, "--delay", 0]
    done = run("reconcile", "b", "--json", *options)
    assert done.returncode == 0, done.stderr
    rows = rows_of(done)
    assert {row["wikidata agrees"] for row in rows} == {agrees}
    assert says in rows[0]["wikidata says"]
    assert {row["item"] for row in rows if row["on record"]} == {f"wd:{match}"}
    asked = len(wikidata.queries)
    unasked = run("reconcile", "--json", *options)
    assert (unasked.returncode, rows_of(unasked)) == (0, [])
    assert len(wikidata.queries) == asked  # all have a match: no request
    every = run("reconcile", "--all", "--json", *options)
    assert rows_of(every) == rows


def test_table_csv_and_json_hold_the_same_rows(run, wikidata, tmp_path):
    options = [*WORLD_DATA, "--endpoint", wikidata.url, "--cache", tmp_path, "--delay", 0]
    outputs = {
        kind: run("reconcile", "borland", "tern-foundation", "--format", kind, *options)
        for kind in ("table", "csv", "json")
    }
    rows = rows_of(outputs["json"])
    assert [row["item"] for row in rows] == ["wd:Q9900000002", "wd:Q9900000003", None]
    lines = list(csv.DictReader(io.StringIO(outputs["csv"].stdout)))
    assert list(lines[0]) == [
        "thing", "label", "item", "item label", "description", "score", "reasons", "turtle"
    ]  # fmt: skip
    assert [(line["item"], line["turtle"]) for line in lines] == [
        (row["item"] or "", row["turtle"]) for row in rows
    ]
    for row in rows:
        assert row["thing"] in outputs["table"].stdout
        assert row["turtle"] in outputs["table"].stdout
    assert outputs["table"].stdout.endswith("2 things, 1 with a candidate\n")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["arlnd"], "arlnd: there is no such thing.\nDid you mean:\n  actor:arland"),
        (["--kind", "planet"], "planet: there is no such kind.\nKnown: actor, "),
        (["--language", "en,,ja"], "this is no language tag"),
        (["--batch", "0"], "--batch 0: must be more than 0."),
        (["--limit", "-1"], "--limit -1: must be more than 0."),
        (["--timeout", "nan"], "--timeout nan: must be more than 0."),
        (["--time-limit", "inf"], "--time-limit inf: must be more than 0."),
        (["--delay", "-1"], "--delay -1.0: must be 0 or more."),
        (["--endpoint", "query.wikidata.org/sparql"], "this is no address of an endpoint"),
        (["--endpoint", "file:///etc/passwd"], "this is no address of an endpoint"),
        (["--endpoint", "http://"], "this is no address of an endpoint"),
        (["--endpoint", "http://a:99999/"], "this is no address of an endpoint"),
        (["--endpoint", "https://me:secret@example.org/"], "without credentials"),
    ],
)
def test_wrong_usage_ends_with_status_2_before_any_request(arguments, words, run, tmp_path):
    done = run("reconcile", *arguments, *WORLD_DATA, "--cache", tmp_path)
    assert done.returncode == 2, done.stdout + done.stderr
    assert words in done.stderr
    assert "Traceback" not in done.stderr
    assert "secret" not in done.stderr
    assert not list(tmp_path.iterdir())


# The cache.


def test_a_cached_answer_makes_no_request_and_refresh_asks_again(wikidata, make, world_things):
    things = pick(world_things, ["arland", "tern-foundation"])
    first = make(wikidata.url)
    before = list(proposals.propose(things, first, LANGUAGES))
    assert first.requests == 2
    again = make(wikidata.url)
    assert list(proposals.propose(things, again, LANGUAGES)) == before
    assert (again.requests, len(wikidata.queries)) == (0, 2)
    refreshed = make(wikidata.url, cache=Cache(first.cache.folder, refresh=True))
    assert list(proposals.propose(things, refreshed, LANGUAGES)) == before
    assert (refreshed.requests, len(wikidata.queries)) == (2, 4)


def test_another_endpoint_has_answers_of_its_own(serve, make, world_things):
    things = pick(world_things, ["arland"])
    for served in (serve(graph_reply()), serve(graph_reply())):
        list(proposals.propose(things, make(served.url), LANGUAGES))
        assert len(served.queries) == 2


@pytest.mark.parametrize(
    "damage",
    [
        b"",
        b'{"endpoint": "',
        b"\xff\xfe",
        b"[]",
        b"[" * 100_000,
        b'{"endpoint": "x", "query": "y", "answer": ' + NOTHING + b"}",
        "answer",
    ],
)
def test_a_broken_cache_file_is_ignored_and_replaced(damage, wikidata, make, world_things):
    things = pick(world_things, ["arland"])
    first = make(wikidata.url)
    before = list(proposals.propose(things, first, LANGUAGES))
    path = first.cache.path(wikidata.url, queries.candidates(things, LANGUAGES))
    good = path.read_bytes()
    if damage == "answer":
        damage = json.dumps(json.loads(good) | {"answer": {"head": {}}}).encode()
    path.write_bytes(damage)
    assert list(proposals.propose(things, make(wikidata.url), LANGUAGES)) == before
    assert len(wikidata.queries) == 3
    assert path.read_bytes() == good


def test_each_endpoint_and_query_has_a_file_of_its_own(tmp_path):
    cache = Cache(tmp_path)
    assert len({cache.path(*pair) for pair in (("a", "q"), ("b", "q"), ("a", "r"))}) == 3


def test_cache_lies_in_the_cache_folder_of_the_user(monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert cache_folder("reconcile") == tmp_path / "trilateral" / "reconcile"
    monkeypatch.setenv("XDG_CACHE_HOME", "relative")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert cache_folder("reconcile") == tmp_path / ".cache" / "trilateral" / "reconcile"


def test_a_write_that_is_interrupted_leaves_the_old_file_and_nothing_else(monkeypatch, tmp_path):
    cache = Cache(tmp_path)
    cache.put("e", "q", 1)
    kept = cache.path("e", "q").read_bytes()

    def interrupted(self, target):
        raise KeyboardInterrupt

    monkeypatch.setattr(Path, "replace", interrupted)
    with pytest.raises(KeyboardInterrupt):
        cache.put("e", "q", 2)
    assert [path.read_bytes() for path in tmp_path.iterdir()] == [kept]


def test_a_folder_that_cannot_be_written_is_one_clear_message(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(CacheError, match=r"the answers cannot be kept: .*\n.*--cache"):
        Cache(tmp_path / "file" / "below").put("e", "q", 1)


def test_an_interrupted_command_leaves_no_half_written_file(serve, tmp_path):
    def drip(query, number):
        def pieces():
            yield NOTHING[:20]
            time.sleep(60)

        return 200, JSON_TYPE, pieces()

    served = serve(drip)
    cache = tmp_path / "cache"
    command = [sys.executable, "-m", "trilateral", "reconcile", "--cache", cache]
    command += ["--endpoint", served.url, *WORLD_DATA]
    child = subprocess.Popen(
        list(map(str, command)),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        # Tests that run in the background of a shell would hand on that SIGINT is ignored.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    try:
        deadline = time.monotonic() + 60
        while not served.queries and time.monotonic() < deadline:
            time.sleep(0.05)
        assert served.queries
        time.sleep(0.3)
        child.send_signal(signal.SIGINT)
        _, errors = child.communicate(timeout=50)
    finally:
        child.kill()
    assert child.returncode == 130
    assert "Traceback" not in errors
    assert not cache.exists() or not list(cache.iterdir())


# Politeness.


def busy_reply(status, times, headers):
    def reply(query, number):
        if number <= times:
            return status, headers, b"slow down"
        return 200, JSON_TYPE, NOTHING

    return reply


def test_retry_after_is_honoured_and_then_the_answer_comes(serve, make):
    served = serve(busy_reply(429, 1, {"Retry-After": "7"}))
    asked = make(served.url)
    assert asked.ask("SELECT", ["item"]) == []
    assert asked.slept == [7.0]
    assert asked.requests == 2


def test_retry_after_may_be_a_date(serve, make):
    begun = time.monotonic()
    date = format_datetime(datetime.now(UTC) + timedelta(seconds=40), usegmt=True)
    asked = make(serve(busy_reply(503, 1, {"Retry-After": date})).url)
    asked.ask("SELECT", ["item"])
    took = time.monotonic() - begun
    # A date has no parts of a second.
    assert 39 - took < asked.slept[0] <= 40


def test_retry_after_that_is_no_time_counts_as_none(serve, make):
    asked = make(serve(busy_reply(429, 1, {"Retry-After": "soon"})).url)
    asked.ask("SELECT", ["item"])
    assert asked.slept == [1.0]


def test_backoff_doubles_and_ends(serve, make):
    served = serve(busy_reply(503, 99, {}))
    asked = make(served.url)
    with pytest.raises(EndpointError, match=r"busy \(HTTP status 503\), also at try 5"):
        asked.ask("SELECT", ["item"])
    assert asked.slept == [1.0, 2.0, 4.0, 8.0]
    assert len(served.queries) == 5


def test_an_hour_of_waiting_is_not_cut_short_but_left_to_the_user(serve, make):
    served = serve(busy_reply(429, 99, {"Retry-After": "3600"}))
    asked = make(served.url, time_limit=9999.0)
    with pytest.raises(EndpointError, match=r"asks to wait 3600 s"):
        asked.ask("SELECT", ["item"])
    assert (asked.slept, len(served.queries)) == ([], 1)


def test_a_wait_beyond_the_time_limit_is_not_begun(serve, make):
    served = serve(busy_reply(429, 99, {"Retry-After": "30"}))
    asked = make(served.url, time_limit=20.0)
    with pytest.raises(OutOfTimeError, match="time limit of 20 s is reached"):
        asked.ask("SELECT", ["item"])
    assert asked.slept == []


def test_pause_between_requests_but_not_before_the_first(serve, make, world_things):
    served = serve(nothing_reply)
    asked = make(served.url, delay=2.5)
    list(proposals.propose(pick(world_things, ["arland", "borland"]), asked, LANGUAGES, batch=1))
    assert asked.slept == [2.5]
    assert len(served.queries) == 2  # nothing found, so no items are asked for


def test_many_things_go_into_few_requests(serve, make, world_things):
    served = serve(nothing_reply)
    states = list(of_kinds(world_things, ["state"]))
    asked = make(served.url)
    assert len(list(proposals.propose(states, asked, LANGUAGES, batch=3))) == 4
    assert len(served.queries) == 2
    assert "actor:arland" in served.queries[0]
    assert "actor:arland" not in served.queries[1]


def test_things_without_a_telling_name_make_no_request(serve, make):
    served = serve(nothing_reply)
    thing = Thing("i", "actor:x", "X", (), (Name("XY", "en", True), Name("Exwye", "fr", True)))
    (outcome,) = proposals.propose([thing], make(served.url), LANGUAGES)
    assert outcome.proposals[0].reasons == ("no candidate",)
    assert served.queries == []


# Failure.


def failing(run, url, tmp_path, *options):
    begun = time.monotonic()
    done = run("reconcile", *WORLD_DATA, "--endpoint", url, "--cache", tmp_path / "c", *options)
    assert "Traceback" not in done.stderr
    # Not after the waits and limits of these tests, which are longer.
    assert time.monotonic() - begun < 90
    return done


def test_time_limit_prints_what_there_is(run, serve, tmp_path):
    served = serve(nothing_reply)
    names = ["tern-foundation", "university-of-borland"]
    limits = ["--batch", 1, "--delay", 500, "--time-limit", 100]
    done = failing(run, served.url, tmp_path, *names, "--json", *limits)
    assert done.returncode == 1
    assert [row["thing"] for row in rows_of(done)] == ["actor:tern-foundation"]
    assert "trilateral: the time limit of 100 s is reached.\n" in done.stderr
    assert "Not asked about to the end: 1 of 2 things." in done.stderr
    assert len(served.queries) == 1


def test_failure_midway_prints_what_there_is(run, serve, tmp_path):
    def reply(query, number):
        return (200, JSON_TYPE, NOTHING) if number == 1 else (500, {}, b"Java stack trace")

    names = ["tern-foundation", "university-of-borland"]
    limits = ["--batch", 1, "--delay", 0, "--format", "csv"]
    done = failing(run, serve(reply).url, tmp_path, *names, *limits)
    assert done.returncode == 1
    assert done.stdout.splitlines()[1:] == [
        "actor:tern-foundation,Tern Foundation,,,,0,no candidate,"
    ]
    assert "does not answer the query" in done.stderr
    assert "Java" not in done.stderr
    kept = list((tmp_path / "c").iterdir())
    assert len(kept) == 1  # a failure is not kept


@pytest.mark.parametrize("status", [400, 401, 403, 404, 414, 500, 502])
def test_http_errors_are_one_message(status, serve, make):
    with pytest.raises(EndpointError, match="does not answer the query"):
        make(serve(lambda query, number: (status, {}, b"no")).url).ask("SELECT", ["item"])


def test_server_that_does_not_answer_in_time(run, serve, tmp_path):
    def sleepy(query, number):
        time.sleep(5)
        return 200, JSON_TYPE, NOTHING

    done = failing(run, serve(sleepy).url, tmp_path, "--timeout", 1)
    assert done.returncode == 1
    assert "no answer within 1 s." in done.stderr


def test_server_that_drips_does_not_outlast_the_timeout(serve, tmp_path):
    def drip(query, number):
        def pieces():
            for _ in range(900):
                yield b" "
                time.sleep(0.1)

        return 200, JSON_TYPE, pieces()

    asked = Endpoint(serve(drip).url, Cache(tmp_path), timeout=1.0)
    begun = time.monotonic()
    with pytest.raises(EndpointError, match="no answer within 1 s"):
        asked.ask("SELECT", ["item"])
    assert time.monotonic() - begun < 60  # of the 90 that it drips


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"<html>Welcome</html>", "it is no JSON"),
        (NOTHING[:-5], "it is no JSON"),
        (b"\xff\xfe\x00", "it is no JSON"),
        (b"[" * 100_000, "it is no JSON"),
        (b"[1]", "it has no head and results"),
        (b'{"head": {}, "boolean": true}', "it has no head and results"),
        (b'{"head": {"vars": ["s"]}, "results": {"bindings": []}}', "it has no column thing"),
        (b'{"head": {"vars": ["thing"]}, "results": {"bindings": 7}}', "it has no list of rows"),
        (
            b'{"head": {"vars": ["thing", "item"]}, "results": {"bindings": [{"item": 1}]}}',
            "a row has no thing",
        ),
    ],
)
def test_answer_that_is_no_sparql_json(body, words, serve, make, world_things):
    asked = make(serve(lambda query, number: (200, {"Content-Type": "text/html"}, body)).url)
    with pytest.raises(EndpointError, match="is no SPARQL JSON result: " + words):
        list(proposals.propose(pick(world_things, ["arland"]), asked, LANGUAGES))
    assert not asked.cache.folder.exists()


def test_nobody_listens(run, tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # without listening: nobody else can either
        url = f"http://127.0.0.1:{taken.getsockname()[1]}/sparql"
        done = failing(run, url, tmp_path)
    assert done.returncode == 1
    assert f"trilateral: {url}: cannot be reached: " in done.stderr
    assert "Check the network and the address given by --endpoint." in done.stderr


def test_a_connection_that_breaks_off_within_the_answer(serve, make):
    def short(query, number):
        return 200, JSON_TYPE | {"Content-Length": "9999"}, NOTHING[:-2]

    with pytest.raises(EndpointError, match="the answer is broken off"):
        make(serve(short).url).ask("SELECT", ["item"])


def test_a_connection_that_breaks_off_before_the_answer(serve, make):
    asked = make(serve(lambda query, number: (None, {}, b"")).url)
    with pytest.raises(EndpointError, match="cannot be reached: Remote end closed"):
        asked.ask("SELECT", ["item"])


def test_without_the_library_the_message_says_what_to_install(tmp_path):
    program = (
        "import sys; sys.modules['SPARQLWrapper'] = None\n"
        "from trilateral import cli\n"
        f"sys.exit(cli.main(['reconcile', '--data', {str(WORLD / 'data')!r}]))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.returncode == 2
    assert "SPARQLWrapper is not installed.\nInstall it: pip install" in done.stderr
    assert "Traceback" not in done.stderr


def test_default_endpoint_is_that_of_wikidata():
    assert WIKIDATA == "https://query.wikidata.org/sparql"
