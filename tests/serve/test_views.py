"""Views: marks stand where the data put them, the table says the same, and both can be taken."""

import csv
import datetime
import hashlib
import io
import re
import xml.etree.ElementTree as ET
from collections import Counter
from html import unescape
from itertools import pairwise

import httpx
import pytest
from tests.conftest import WORLD
from tests.serve.conftest import WAIT

from trilateral.home import find_home
from trilateral.serve.pages.language import words_in
from trilateral.serve.pages.views import drawing, land, network, roles
from trilateral.serve.pages.views.atlas import Frame
from trilateral.serve.pages.views.spans import Span, days, span
from trilateral.serve.pages.views.timeline import describe
from trilateral.serve.site import Term

SVG = "{http://www.w3.org/2000/svg}"
VIEWS = {
    "timeline": "framework=framework:tidal-pact",
    "map": "framework=framework:tidal-pact&date=2021-01-01",
    "network": "thing=framework:tidal-pact",
    "matrix": "topic=topic:security",
    "overlap": "date=2022-06-01",
}
BASE = "https://w3id.org/trilateral/"


def drawn(client, path):
    """The drawing of a path as a tree, and its marks by the thing that they lead to."""
    found = client.get(path)
    assert found.status_code == 200, found.text
    root = ET.fromstring(found.text)
    marks = [node for node in root.iter(f"{SVG}a") if node.get("class") == "mark"]
    return root, marks


def marks_of(client, path):
    _, marks = drawn(client, path)
    return {mark.get("href").removeprefix(BASE): mark for mark in marks}


def table_of(client, path):
    return list(csv.DictReader(io.StringIO(client.get(path).text)))


def inline(client, path):
    page = client.get(path).text
    return page, ET.fromstring(re.search(r"<svg.*?</svg>", page, re.DOTALL)[0])


def numbers(node, *names):
    return tuple(float(node.get(name)) for name in names)


# ---------------------------------------------------------------- what all views keep


@pytest.mark.parametrize("name", VIEWS)
def test_a_view_says_the_same_as_drawing_table_and_files(world_client, name):
    query = VIEWS[name]
    page, root = inline(world_client, f"/views/{name}?{query}")
    marks = [node for node in root.iter(f"{SVG}a") if node.get("class") == "mark"]
    rows = table_of(world_client, f"/views/{name}.csv?{query}")
    assert marks
    assert len(marks) == len(rows)
    if name == "matrix":
        cells = re.findall(r'<td><span class="polarity', page)
        assert len(cells) == len(marks)
    else:
        body = re.search(r"<tbody>(.*?)</tbody>", page, re.DOTALL)[1]
        assert body.count("<tr>") == len(marks)
    # Each mark leads to a page of this server here, and to the published IRI in the file.
    _, in_file = drawn(world_client, f"/views/{name}.svg?{query}")
    assert [mark.get("href") for mark in in_file] == [
        BASE + mark.get("href").removeprefix("/") for mark in marks
    ]
    assert world_client.get(marks[0].get("href"), follow_redirects=True).status_code == 200
    assert all(mark.find(f"{SVG}title").text for mark in marks)
    assert all(href in page for href in {f'href="{mark.get("href")}"' for mark in marks})


@pytest.mark.parametrize("name", VIEWS)
def test_a_drawing_names_itself_and_breaks_no_policy(world_client, name):
    page, root = inline(world_client, f"/views/{name}?{VIEWS[name]}")
    ids = root.get("aria-labelledby").split()
    assert [root.find(f"{SVG}{tag}").get("id") for tag in ("title", "desc")] == ids
    assert root.find(f"{SVG}title").text
    assert not re.search(r"<script|style=|<style|\son\w+=", page.replace('rel="stylesheet"', ""))
    file, _ = drawn(world_client, f"/views/{name}.svg?{VIEWS[name]}")
    assert file.get("role") == "img"
    assert root.get("role") == "group"
    # A file has no style sheet: its colours stand in it.
    assert file.find(f"{SVG}rect").get("fill") == "#ffffff"


@pytest.mark.parametrize("name", VIEWS)
def test_a_view_opens_its_queries_in_the_editor(world_client, name):
    page = unescape(world_client.get(f"/views/{name}?{VIEWS[name]}&lang=ko").text)
    queries = re.findall(r'class="button query" href="(/query\?query=[^"]+)"', page)
    assert queries
    assert all("SELECT" in each and each.endswith("lang=ko") for each in queries)
    assert f'href="/views/{name}.svg?' in page


def test_the_overview_leads_to_all_views(world_client):
    page = world_client.get("/views").text
    for name in VIEWS:
        assert f'href="/views/{name}"' in page


def test_each_view_has_something_to_show_first(world_client):
    for name in VIEWS:
        assert drawn(world_client, f"/views/{name}.svg")[1], name


def test_a_view_of_data_with_nothing_to_draw_says_so(serve, tmp_path):
    (tmp_path / "actor.ttl").write_text(
        "@prefix skos: <http://www.w3.org/2004/02/skos/core#> .\n"
        "@prefix tri: <https://w3id.org/trilateral/ontology#> .\n"
        f'<{BASE}actor/arland> a tri:State ; skos:prefLabel "Arland"@en .\n'
        f"<{BASE}participation/a> tri:participant <{BASE}actor/arland> .\n",
        encoding="utf-8",
    )
    with serve("--data", tmp_path) as (_, url), httpx.Client(base_url=url, timeout=WAIT) as client:
        for name in VIEWS:
            for ending in ("", ".svg", ".csv"):
                assert client.get(f"/views/{name}{ending}").status_code == 200, name + ending
            assert not drawn(client, f"/views/{name}.svg")[1]
            if name != "map":
                assert "Nothing to draw:" in client.get(f"/views/{name}").text


def test_the_same_question_gives_the_same_bytes(world_client, serve):
    first = {name: world_client.get(f"/views/{name}.svg?{q}").content for name, q in VIEWS.items()}
    with serve("--data", WORLD / "data") as (_, url):
        again = {
            name: world_client.get(f"{url}/views/{name}.svg?{q}").content
            for name, q in VIEWS.items()
        }
    assert first == again


@pytest.mark.parametrize(
    ("path", "status", "words"),
    [
        ("timeline?framework=framework:nothing", 404, "/framework/"),
        ("timeline?framework=topic:trade", 400, "framework"),
        ("timeline?from=20x0", 400, "four digits"),
        ("timeline?from=2020&to=2010", 400, "after"),
        ("timeline?framework=framework:coastal-club&from=2050", 404, "2050"),
        ("timeline?framework=framework:harbour-charter", 404, "date"),
        ("map?date=2021-02-30", 400, "2024-05-07"),
        ("map?date=20210230", 400, "2024-05-07"),
        ("map?area=moon", 400, "world"),
        ("network?thing=actor:nobody", 404, "/search"),
        ("network?thing=javascript:alert(1)", 400, "actor"),
        ("matrix?topic=topic:security&ascription=ascription:inferred", 404, "another topic"),
        ("overlap?date=2010-01-01", 404, "another day"),
        ("overlap?day=2010-01-01", 400, "date"),
    ],
)
def test_what_cannot_be_shown_is_told_with_help(world_client, path, status, words):
    name, _, query = path.partition("?")
    for ending in ("", ".svg", ".csv"):
        found = world_client.get(f"/views/{name}{ending}?{query}")
        assert found.status_code == status
        assert words in found.json()["detail"]


# ---------------------------------------------------------------- timeline


def test_a_timeline_has_all_that_belongs_to_a_framework(world_client):
    marks = marks_of(world_client, "/views/timeline.svg?framework=framework:tidal-pact")
    assert set(marks) == {
        "framework/tidal-pact",
        "event/selby-leaders-meeting-2021",
        "membership/arland-tidal-pact",
        "membership/borland-tidal-pact",
        "membership/arland-tidal-pact-per-corland-gazette-2022",
        "membership/borland-tidal-pact-per-corland-gazette-2022",
        "membership/dorland-tidal-pact-per-corland-gazette-2022",
    }
    asserted = marks["membership/dorland-tidal-pact-per-corland-gazette-2022"]
    assert "per a source" in asserted.find(f"{SVG}title").text
    assert next(asserted.iter(f"{SVG}rect")).get("stroke-dasharray")
    assert not next(marks["membership/arland-tidal-pact"].iter(f"{SVG}rect")).get(
        "stroke-dasharray"
    )


def test_memberships_stand_apart_from_what_is_asserted_or_is_none(world_client, shipped_client):
    def groups(client, framework):
        root, _ = drawn(client, f"/views/timeline.svg?framework=framework:{framework}")
        found, head = {}, None
        for node in root:
            if node.tag == f"{SVG}text":
                head = node.text
            elif node.get("class") == "mark":
                found.setdefault(head, []).append(node.get("href").removeprefix(BASE))
        return found

    pact = groups(world_client, "tidal-pact")
    assert pact["Memberships"] == ["membership/arland-tidal-pact", "membership/borland-tidal-pact"]
    assert sorted(pact["Memberships that only a document asserts"]) == [
        f"membership/{name}-tidal-pact-per-corland-gazette-2022"
        for name in ("arland", "borland", "dorland")
    ]
    # Dorland was an observer of the club.
    club = groups(world_client, "coastal-club")
    assert club["Other roles, no memberships"] == ["membership/dorland-coastal-club"]
    rows = table_of(world_client, "/views/timeline.csv?framework=framework:coastal-club")
    kinds = {row["thing"].removeprefix(BASE): row["what"] for row in rows}
    assert kinds["membership/dorland-coastal-club"] == "no membership"
    quad = groups(shipped_client, "quad")
    assert quad["Other roles, no memberships"] == ["membership/republic-of-korea-quad"]
    assert "membership/republic-of-korea-quad" not in quad["Memberships"]
    assert "membership/japan-quad" in quad["Memberships"]


def test_what_is_only_asserted_is_nowhere_solid(world_client):
    marks = marks_of(world_client, "/views/timeline.svg?framework=framework:tidal-pact")
    asserted = marks["membership/dorland-tidal-pact-per-corland-gazette-2022"]
    assert {node.get("class") for node in asserted.iter(f"{SVG}rect")} == {"maybe"}
    attested = marks["membership/arland-tidal-pact"]
    assert {node.get("class") for node in attested.iter(f"{SVG}rect")} == {"maybe", "sure"}


def test_an_event_has_its_date_beside_it(world_client):
    marks = marks_of(world_client, "/views/timeline.svg?framework=framework:tidal-pact")
    label = marks["event/selby-leaders-meeting-2021"].find(f".//{SVG}text")
    assert list(label.itertext()) == [label.text, " (2021-04-29)"]
    assert drawing.cut("Meeting of the ministers in Bali in 2011", 22 * 5.5, 10) == (
        "Meeting of the minist…"
    )


def test_a_membership_spans_its_share_of_the_axis(world_client):
    # 2016 to 2019 are 1461 days on 680 units from 300; 1 January 2016 to 30 June 2018 are 912.
    marks = marks_of(
        world_client, "/views/timeline.svg?framework=framework:kelp-round&from=2016&to=2019"
    )
    pale, solid = marks["membership/kell-kelp-round"].iter(f"{SVG}rect")
    for bar in (pale, solid):
        assert numbers(bar, "x", "width") == pytest.approx((300, 680 * 912 / 1461), abs=0.01)
    # It stood still from 1 July 2018: the phase begins where the membership ends.
    stalled = next(marks["phase/kelp-round-stalled-2018"].iter(f"{SVG}rect"))
    assert numbers(stalled, "x")[0] == pytest.approx(300 + 680 * 912 / 1461, abs=0.01)
    assert numbers(stalled, "x", "width")[1] == pytest.approx(680 - 680 * 912 / 1461, abs=0.01)


def test_an_unknown_start_is_marked_and_an_ongoing_end_too(world_client):
    # 1999 to 2001 are 1096 days; certain from 31 December 1999 to 1 January 2001, 368 days.
    club = marks_of(world_client, "/views/timeline.svg?framework=framework:coastal-club")
    member = club["membership/dorland-coastal-club"]
    pale, solid = member.iter(f"{SVG}rect")
    assert numbers(pale, "x", "width") == (300, 680)
    assert numbers(solid, "x", "width") == pytest.approx(
        (300 + 680 * 364 / 1096, 680 * 368 / 1096), abs=0.01
    )
    signs = [node.text for node in member.iter(f"{SVG}text")]
    assert signs[-1] == "?"
    assert "no later than 1999-12-31 to 2001" in member.find(f"{SVG}title").text
    # 1 June 2019 is day 151 of 1461; in force on 1 December 2022, whose end is day 1431.
    pact = marks_of(world_client, "/views/timeline.svg?framework=framework:tidal-pact")
    member = pact["membership/arland-tidal-pact"]
    pale, solid = member.iter(f"{SVG}rect")
    left = 300 + 680 * 151 / 1461
    assert numbers(pale, "x", "width") == pytest.approx((left, 980 - left), abs=0.01)
    assert numbers(solid, "x", "width") == pytest.approx((left, 680 * 1280 / 1461), abs=0.01)
    assert [node.text for node in member.iter(f"{SVG}text")][-1] == "→"


def test_an_actor_has_the_events_of_those_who_represent_it(world_client):
    marks = marks_of(world_client, "/views/timeline.svg?actor=actor:borland")
    assert "event/selby-leaders-meeting-2021" in marks
    assert "membership/borland-kelp-round" in marks
    assert "event/selby-signing-2019" not in marks


def test_what_is_outside_the_years_is_left_out_and_told(world_client):
    page = world_client.get("/views/timeline?framework=framework:kelp-round&from=2019&to=2020").text
    # The phases of 2016 and of 2021 and the membership of Kell lie outside.
    assert "Left out: 3 outside 2019 to 2020." in page


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ({"startDate": "2000", "endDate": "2010"},
         ("2000-01-01", "2000-12-31", "2010-01-01", "2010-12-31")),
        ({"startDate": "2001-02", "ongoingOn": "2022-12-01"},
         ("2001-02-01", "2001-02-28", "2022-12-01", None)),
        ({"latestStart": "1999-12-31"}, (None, "1999-12-31", None, None)),
        ({"startDate": "2001", "earliestStart": "2001-03-02"},
         ("2001-03-02", "2001-12-31", None, None)),
        ({"startDate": "soon"}, (None, None, None, None)),
    ],
)  # fmt: skip
def test_dates_are_ranges_as_precise_as_they_are(row, expected):
    found = span({name: Term("literal", value) for name, value in row.items()})
    bounds = (found.earliest_start, found.latest_start, found.earliest_end, found.latest_end)
    assert tuple(each and each.isoformat() for each in bounds) == expected


def test_an_event_without_an_end_is_over_on_its_day():
    day = datetime.date(2021, 4, 29)
    row = {"startDate": Term("literal", "2021-04-29"), "what": Term("literal", "event")}
    assert span(row, event=True) == Span(day, day, day, day)
    assert describe(row, span(row, event=True), words_in("en")) == "2021-04-29"


@pytest.mark.parametrize("text", ["", "2021-13", "2021-02-30", "12345-01-01", "a-b-c", "1-2-3-4"])
def test_what_is_no_date_has_no_days(text):
    assert days(text) is None


def test_of_many_rows_what_fits_is_drawn_and_the_rest_is_counted(shipped_client):
    rows = table_of(shipped_client, "/views/timeline.csv?framework=framework:wto")
    members = [row for row in rows if row["what"] == "membership"]
    starts = [row["dates"] for row in members if row["dates"][0].isdigit()]
    assert len(rows) <= 90
    assert starts == sorted(starts)
    page = shipped_client.get("/views/timeline?framework=framework:wto").text
    (left_out,) = re.findall(r"Left out: the (\d+) latest memberships", page)
    query = "SELECT DISTINCT ?m { ?m tri:framework framework:wto ; tri:member ?member }"
    prefixes = "".join(
        f"PREFIX {prefix}: <{BASE}{path}> "
        for prefix, path in (("tri", "ontology#"), ("framework", "framework/"))
    )
    answer = shipped_client.get("/sparql", params={"query": prefixes + query})
    assert int(left_out) + len(members) == len(answer.json()["results"]["bindings"])


# ---------------------------------------------------------------- map


def test_places_and_members_stand_at_their_points(world_client):
    marks = marks_of(world_client, "/views/map.svg?framework=framework:tidal-pact&date=2021-01-01")
    assert set(marks) == {"place/selby", "actor/arland"}
    # Selby, 10.75 N 20.5 W: 9.5 degrees from the west at 30 W, 69.25 from the north at 80 N.
    disc = next(marks["place/selby"].iter(f"{SVG}circle"))
    scale = 1000 / 360
    assert numbers(disc, "cx", "cy") == pytest.approx(
        (9.5 * scale, 69.25 * scale / (3**0.5 / 2)), abs=0.01
    )
    page = world_client.get(f"/views/map?{VIEWS['map']}").text
    assert "Members without a point in the data: Borland." in page


def test_a_place_counts_its_attested_events(world_client):
    rows = table_of(world_client, "/views/map.csv")
    # The signing, the summit and the meeting within it; what documents tell is not counted.
    assert [(row["thingLabel"], row["events"]) for row in rows] == [("Selby", "3")]


def test_nobody_belonged_before_the_start(world_client):
    found = marks_of(world_client, "/views/map.svg?framework=framework:tidal-pact&date=2018-01-01")
    assert set(found) == {"place/selby"}


def test_points_outside_an_area_are_left_out_and_told(world_client):
    page = world_client.get("/views/map?area=indo-pacific").text
    assert "Left out: 1 point outside the area." in page


def test_a_frame_turns_the_earth_and_keeps_its_edges():
    frame = Frame(-30, 330, -58, 80)
    assert frame.place(-30, 80) == (0, 0)
    # The date line is 210 degrees east of 30 W, from either side.
    assert frame.place(180, 80)[0] == frame.place(-180, 80)[0] == pytest.approx(1000 * 210 / 360)
    asia = Frame(62, 182, -48, 56)
    assert [asia.holds(*each) for each in ((139, 35), (-77, 38), (174, -41), (-179, 0))] == [
        True, False, True, True
    ]  # fmt: skip


def test_the_land_is_the_file_that_is_named_and_lies_where_land_is():
    assert hashlib.sha256(land.FILE.read_bytes()).hexdigest() == land.SHA256
    assert "Permission to use" in (land.FILE.parent / "LICENSE").read_text()

    def inside(longitude, latitude):
        hits = 0
        for ring in land.rings():
            for (x1, y1), (x2, y2) in pairwise(ring):
                if (y1 > latitude) != (y2 > latitude):
                    hits += longitude < x1 + (latitude - y1) * (x2 - x1) / (y2 - y1)
        return hits % 2 == 1

    # Alice Springs, Ulaanbaatar and Kansas City; the middle of the Pacific and Indian Oceans.
    assert all(inside(*each) for each in ((133.9, -23.7), (106.9, 47.9), (-94.6, 39.1)))
    assert not any(inside(*each) for each in ((-140, 0), (80, -30), (150, 30)))
    # No line runs across the map where an outline crosses 180 degrees.
    steps = [abs(one[0] - two[0]) for ring in land.rings() for one, two in pairwise(ring)]
    assert max(steps) < 180


# ---------------------------------------------------------------- neighbourhood


def test_a_neighbourhood_tells_relations_from_statements(world_client):
    rows = table_of(world_client, "/views/network.csv?thing=framework:tidal-pact")
    members = [
        (row["neighbourLabel"], row["as"], row["basis"])
        for row in rows
        if row["link"] == "membership"
    ]
    # A register has Arland and Borland; the Gazette alone has Dorland. No line is of both.
    assert members == [
        ("Arland", "founding member", "attested"),
        ("Arland", "member", "asserted"),
        ("Borland", "founding member", "attested"),
        ("Borland", "member", "asserted"),
        ("Dorland", "member", "asserted"),
    ]
    told = {row["neighbour"].removeprefix(BASE): row["as"] for row in rows}
    assert told["event/selby-leaders-meeting-2021"] == "← held under"
    assert told["event/selby-signing-2019"] == "established by →"
    assert told["proposition/pact-lasts"] == "← about"
    assert sum(row["link"] == "proposition" for row in rows) == 7


def test_neighbours_lie_around_the_middle_in_their_order(world_client):
    _, marks = drawn(world_client, "/views/network.svg?thing=actor:jon-arne")
    assert marks
    for mark in marks:
        x, y = numbers(mark.find(f"{SVG}circle"), "cx", "cy")
        assert (x * x + y * y) ** 0.5 == pytest.approx(316, abs=0.02)
    first = marks[0].find(f"{SVG}circle")
    assert numbers(first, "cx", "cy") == pytest.approx((0, -316), abs=0.01)


def test_positions_of_coders_are_no_links(world_client):
    rows = table_of(world_client, "/views/network.csv?thing=proposition:pact-raises-tension")
    holders = {row["neighbourLabel"]: row["as"] for row in rows if row["link"] == "position"}
    assert holders == {"Mira Tell": "supports", "Task Force on the Bay": "opposes"}


def test_a_position_that_others_tell_of_says_so(world_client):
    path = "/views/network.{}?thing=proposition:pact-lowers-tension"
    rows = table_of(world_client, path.format("csv"))
    holders = {row["neighbourLabel"]: row["basis"] for row in rows if row["link"] == "position"}
    assert holders == {"Task Force on the Bay": "self-declared", "public of Arland": "reported"}
    marks = marks_of(world_client, path.format("svg"))
    dashes = {
        name: marks[f"actor/{name}"].find(f"{SVG}line").get("stroke-dasharray")
        for name in ("public-of-arland", "task-force-on-the-bay")
    }
    assert dashes == {"public-of-arland": "5 4", "task-force-on-the-bay": None}


def test_of_many_neighbours_each_kind_keeps_its_share(shipped_client):
    rows = table_of(shipped_client, "/views/network.csv?thing=actor:japan")
    assert len(rows) == 60
    kinds = {row["link"] for row in rows}
    assert {"membership", "affiliation", "participation"} <= kinds
    page = shipped_client.get("/views/network?thing=actor:japan").text
    assert re.search(r"60 of \d{3} lines are shown", page)


def test_who_is_outside_is_never_drawn_as_a_member(shipped_client):
    """The ROK and the Quad: a register has it outside, China Daily 2024 among the members.

    After data/frameworks/quad.ttl (republic-of-korea-quad, attested, non-participant; Japan is
    an attested member) and data/stances/china-daily-2024.ttl (passage 25: Japan and the ROK).
    """
    path = "/views/network.{}?thing=framework:quad"
    names = {"japan", "republic-of-korea"}
    rows = table_of(shipped_client, path.format("csv"))
    told = [
        (row["neighbour"].removeprefix(BASE + "actor/"), row["link"], row["as"], row["basis"])
        for row in rows
        if row["neighbour"].removeprefix(BASE + "actor/") in names
    ]
    assert told == [
        ("japan", "membership", "member, participant", "attested"),
        ("japan", "membership", "member", "asserted"),
        ("republic-of-korea", "membership", "member", "asserted"),
        ("republic-of-korea", "no membership", "non participant", "attested"),
    ]
    _, marks = drawn(shipped_client, path.format("svg"))
    lines = [
        (
            mark.findall(f".//{SVG}text")[-1].text,
            mark.find(f"{SVG}line").get("stroke-dasharray"),
            mark.find(f"{SVG}circle").get("class"),
        )
        for mark in marks
        if mark.get("href").removeprefix(BASE + "actor/") in names
    ]
    assert lines == [
        ("member, participant", None, "membership"),
        ("member (asserted)", "5 4", "membership"),
        ("member (asserted)", "5 4", "membership"),
        ("non participant", "1 5", "apart"),
    ]


@pytest.mark.parametrize(
    ("words", "remark", "expected"),
    [
        (["member"], " (asserted)", "member (asserted)"),
        (["member", "participant"], " (asserted)", "member, … (asserted)"),
        (["sectoral dialogue partner"], " (asserted)", "sectoral d… (asserted)"),
    ],
)
def test_what_does_not_fit_loses_whole_words_and_never_its_basis(words, remark, expected):
    # 22 letters of 5.5 units.
    assert network.told(words, remark, 22 * 5.5, 10) == expected


# ---------------------------------------------------------------- matrix


def test_a_matrix_has_the_sides_that_were_taken(world_client):
    rows = table_of(world_client, "/views/matrix.csv?topic=topic:security")
    assert sorted((r["actorLabel"], r["polarities"], r["propositionLabel"]) for r in rows) == [
        ("Mira Tell", "supports", "pact raises tension"),
        ("Task Force on the Bay", "opposes", "pact raises tension"),
        ("Task Force on the Bay", "supports", "pact lowers tension"),
        ("public of Arland", "supports", "pact lowers tension"),
    ]  # fmt: skip
    marks = marks_of(world_client, "/views/matrix.svg?topic=topic:security")
    against = marks["stance/strait-institute-2022-8-task-force-raises"]
    assert [node.text for node in against.iter(f"{SVG}text")] == ["−"]
    # The contested proposition stands first.
    assert rows[0]["propositionLabel"] == "pact lowers tension"
    order = re.findall(r'<th scope="row">.*?>([^<]+)</span>', world_client.get(
        "/views/matrix?topic=topic:security").text)  # fmt: skip
    assert order == ["pact raises tension", "pact lowers tension"]


def test_only_own_and_reported_words_are_shown_unless_more_is_asked_for(world_client):
    # Five of Mira Tell and five of the task force are self-declared, one each of Arland and of
    # its public are reported; its navy's is inferred.
    def ways(query=""):
        return Counter(
            row["ascription"] for row in table_of(world_client, f"/views/matrix.csv{query}")
        )

    assert ways() == {"self-declared": 10, "reported": 2}
    assert ways("?ascription=ascription:inferred") == {"inferred": 1}
    assert ways("?ascription=any") == {
        "self-declared": 10, "reported": 2, "inferred": 1, "ascribed": 7
    }  # fmt: skip
    ascribed = table_of(world_client, "/views/matrix.csv?ascription=ascription:ascribed")
    assert {row["actorLabel"] for row in ascribed} == {
        "Arland", "Borland", "Corland", "Dorland", "governments of Arland and Borland",
        "unnamed doubters (Corland Gazette 2022, passage 9)",
    }  # fmt: skip


def test_each_cell_carries_how_its_position_reaches_us(world_client):
    path = "/views/matrix{}?topic=topic:security"
    marks = marks_of(world_client, path.format(".svg"))
    found = {
        name: (
            "".join(mark.find(f"{SVG}text").itertext()),
            mark.find(f"{SVG}rect").get("stroke-dasharray"),
        )
        for name, mark in marks.items()
    }
    assert found == {
        "stance/corland-gazette-2022-3-author": ("+S", None),
        "stance/strait-institute-2022-8-task-force-lowers": ("+S", None),
        "stance/strait-institute-2022-8-task-force-raises": ("−S", None),
        "stance/strait-institute-2022-10-public-of-arland": ("+R", "3 2"),
    }
    page = world_client.get(path.format("")).text
    body = page[page.index('<table class="matrix"') :]
    assert len(re.findall(r"supports, self-declared", body)) == 2
    assert len(re.findall(r"supports, reported", body)) == 1
    assert re.search(r"<b>R</b> reported", page)
    every = re.search(r'href="([^"]+)">show it too', page)[1]
    assert unescape(every) == "/views/matrix?topic=topic:security&ascription=any"


def test_an_inferred_side_of_the_united_states_is_no_default(shipped_client):
    """Stance chicago-council-2021-38-3: the Biden administration, inferred by the coders."""
    holder = "Biden administration"
    usual, every = (
        {row["actorLabel"]: row["ascription"] for row in table_of(shipped_client, path)}
        for path in ("/views/matrix.csv", "/views/matrix.csv?ascription=any")
    )
    assert holder not in usual
    assert set(usual.values()) <= {"self-declared", "reported", "self-declared reported"}
    assert every[holder] == "inferred"


# ---------------------------------------------------------------- overlap


def test_overlap_counts_members_in_common_on_the_day(world_client):
    rows = table_of(world_client, "/views/overlap.csv?date=2022-06-01")
    # Borland is in both; Kell had left the round, Arland is in the pact alone.
    names = ("frameworkLabel", "otherLabel", "shared", "membersOfFramework", "membersOfOther")
    assert [tuple(row[name] for name in names) for row in rows] == [
        ("Kelp Round", "Tidal Pact", "1", "1", "2")
    ]
    _, (mark,) = drawn(world_client, "/views/overlap.svg?date=2022-06-01")
    # All members of the smaller one: the strongest colour, and the number.
    assert mark.find(f"{SVG}rect").get("class") == "heat-5"
    assert mark.find(f"{SVG}text").text == "1"


def test_the_roles_that_do_not_count_are_those_of_the_question(world_client):
    text = (find_home().queries / "how-much-do-frameworks-overlap.rq").read_text(encoding="utf-8")
    left_out = re.findall(r"NOT IN \(([^)]*)\)", text)
    assert len(left_out) == 4
    for each in left_out:
        assert sorted(re.findall(r"role:([\w-]+)", each)) == sorted(roles.APART)
    page = world_client.get("/views/overlap").text
    told = page[page.index("no membership are not counted") :].partition("</p>")[0]
    assert re.findall(r'href="/role/([\w-]+)"', told) == list(roles.APART)


def test_many_frameworks_are_cut_and_told(shipped_client):
    page, root = inline(shipped_client, "/views/overlap")
    assert len(list(root.iter(f"{SVG}a"))) > 100
    assert re.search(r"Left out: [\d,]+ pairs", page)
    long = shipped_client.get("/views/timeline?actor=actor:united-states").text
    assert re.search(r"Left out: the \d+ earliest events", long)


# ---------------------------------------------------------------- hostile text


def test_no_label_and_no_link_breaks_out_of_a_drawing():
    root = drawing.draw("x", "</title><script>alert(1)</script>", "a" + chr(0x202E) + "b", 10, 10)
    place = drawing.mark(root, "javascript:alert(1)", "\x00<b>" + chr(0xFFFF))
    drawing.add(place, "text", '"><img onerror=alert(1)>', class_='x" onload="y')
    for written in (drawing.inline(root, lambda iri: iri), drawing.as_file(root)):
        tree = ET.fromstring(written)
        assert {node.tag.removeprefix(SVG) for node in tree.iter()} <= {
            "svg", "title", "desc", "a", "text", "rect"
        }  # fmt: skip
        assert "javascript:" not in written
        assert chr(0x202E) not in written
        assert all(node.get("onload") is None for node in tree.iter())
    assert drawing.marks(root) == 1
