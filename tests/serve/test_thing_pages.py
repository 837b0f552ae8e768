"""The page of a thing, kind by kind: what it shows, on what that rests, and where it leads.

What is expected was worked out from the files of the tiny world (`tests/world/data`).
"""

import json
import re
import shutil
from html.parser import HTMLParser

import httpx
import pytest
from tests.conftest import WORLD

from trilateral.ask.questions import read_questions
from trilateral.home import find_home
from trilateral.serve.pages.things.parts import MEMBERS_ON, PARTS
from trilateral.serve.pages.things.section import own_questions

BASE = "https://w3id.org/trilateral/"
GAZETTE = "https://example.org/corland-gazette/tidal-pact#:~:text="
REPORT = "https://example.org/strait-institute/calm-bay#:~:text="
ATLAS = "https://example.org/bay-atlas"
LEAGUE = "https://example.org/harbour-league/members"
TOLD = "What documents say: memberships, posts and events"


class Page(HTMLParser):
    """A page as its reader finds it: tables under headings, lists of facts, links.

    A cell is its text and the addresses of its links. ``tables`` is by h2; in each are
    the tables below it, as pairs of an h3 (or "") and rows, a row by column heads; what stands
    below a row is its ``evidence``, and rows that unfold go on with the table before.
    ``folded`` are the lines that unfold, by h2.
    """

    def __init__(self, text):
        super().__init__()
        self.tables, self.facts, self.links, self.heads = {}, {}, [], []
        self.text, self.scripts, self.ids = "", [], set()
        self._part, self._sub, self._columns, self._row = "", "", [], None
        self._open, self._into, self._term, self._script = None, None, "", False
        self._below, self._more, self._summary, self.folded = False, False, False, {}
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        self.ids.add(given.get("id"))
        self._script = tag == "script"
        if self._script:
            self.scripts.append([given, ""])
        if tag == "details":
            self._more = given.get("class") == "rows"
        if tag == "summary":
            self.folded.setdefault(self._part, []).append("")
            self._summary = True
        if tag in ("h1", "h2", "h3", "th", "td", "dt", "dd"):
            self._open = [tag, "", []]
            if tag in ("h2", "h3"):
                self.heads.append(tag)
        elif tag == "table":
            self._columns = []
            if not self._more:
                self.tables.setdefault(self._part, []).append((self._sub, []))
            self._more = False
        elif tag == "tr":
            self._row = []
            self._below = given.get("class") == "rests"
        if tag == "a":
            self.links.append(given["href"])
            if self._open:
                self._open[2].append(given["href"])

    def handle_data(self, data):
        if self._script:
            self.scripts[-1][1] += data
        self.text += data
        if self._summary:
            self.folded[self._part][-1] += data
        if self._open:
            self._open[1] += data

    def handle_endtag(self, tag):
        self._script = False
        if tag == "summary":
            self._summary = False
        if self._open and tag == self._open[0]:
            _, text, links = self._open
            self._open = None
            self._close(tag, " ".join(text.split()), links)
        elif tag == "tr" and self._row and self._below:
            [self.tables[self._part][-1][1][-1]["evidence"]] = self._row
        elif tag == "tr" and self._row:
            row = dict(zip(self._columns, self._row, strict=True))
            self.tables[self._part][-1][1].append(row)

    def _close(self, tag, text, links):
        if tag == "h2":
            self._part, self._sub = text, ""
        elif tag == "h3":
            self._sub = text
        elif tag == "th":
            self._columns.append(text)
        elif tag == "td":
            self._row.append((text, links))
        elif tag == "dt":
            self._term = text
        elif tag == "dd":
            self.facts.setdefault((self._part, self._term), (text, links))

    def rows(self, part, sub=None):
        """The rows under a heading; ``sub`` is that of the table."""
        found = self.tables.get(part, [])
        return [row for title, rows in found if sub in (None, title) for row in rows]

    def column(self, part, name, sub=None):
        return [row[name][0] for row in self.rows(part, sub)]


@pytest.fixture(scope="module")
def world(world_client):
    """Read a page of the tiny world: ``world("actor/borland")``."""

    def read(path, **query):
        answer = world_client.get(f"/{path}.html", params=query)
        assert answer.status_code == 200, answer.text
        assert answer.headers["content-type"].startswith("text/html")
        return Page(answer.text)

    return read


# ------------------------------------------------------------------ actors


def test_actor_shows_its_memberships_with_role_ground_and_dates(world):
    page = world("actor/borland")
    rows = page.rows("Frameworks it belongs to")
    attested, weak = (
        next(row for row in rows if row["role"][0] == role)
        for role in ("founding member", "participant")
    )
    assert len(rows) == 2
    assert attested["start date"][0] == "2019-06-01"
    assert attested["ongoing on"][0] == "2022-12-01"
    assert attested["status"][0] == "in force"
    assert attested["framework"] == ("Tidal Pact", ["/framework/tidal-pact"])
    assert weak["evidence"][0].startswith("1 record · weakly attested")
    assert attested["evidence"][0].startswith("2 records")
    assert "https://example.org/forum/kelp-round" in weak["evidence"][1]
    # The told one stands apart and rests on the words, the attested one on two registers.
    [told] = page.rows(TOLD, "Memberships")
    assert (told["framework"][0], told["role"][0]) == ("Tidal Pact", "member")
    assert told["evidence"][0].startswith("1 passage")
    assert any(link.startswith(GAZETTE) for link in told["evidence"][1])
    assert {ATLAS, "https://example.org/treaties/tidal-pact"} <= set(attested["evidence"][1])


def test_roles_that_are_no_belonging_and_what_is_only_told_stand_apart(world):
    page = world("actor/dorland")
    # An observer of the Coastal Club, a member of the Harbour League; that it belongs to the
    # Tidal Pact only a newspaper says.
    assert page.column("Frameworks it belongs to", "framework") == ["Harbour League"]
    others = page.rows("Other roles in frameworks")
    assert [(row["framework"][0], row["role"][0]) for row in others] == [
        ("Coastal Club", "observer")
    ]
    assert page.column(TOLD, "framework", "Memberships") == ["Tidal Pact"]
    parts = list(page.tables)
    assert parts.index("Frameworks it belongs to") < parts.index(TOLD)
    club = world("framework/coastal-club")
    assert club.column("In other roles", "member") == ["Dorland"]
    assert "Dorland" not in club.column("Members, from first to last", "member")
    assert "do not belong to it" in club.text


def test_roles_that_are_no_belonging_are_those_of_the_question_about_a_day():
    def roles(question):
        return set(re.findall(r"role:[a-z-]+", re.search(r"\bIN \([^)]*\)", question.text)[0]))

    asked = read_questions(find_home())["who-belonged-to-a-framework-on-a-date"]
    assert len(roles(asked)) == 10
    assert roles(own_questions()["memberships"]) == roles(asked)


def test_positions_of_groupings_are_named_and_not_handed_to_their_members(world):
    page = world("actor/arland")
    part = "Positions of groupings it belongs to"
    # One position each: that the pact lowers tension, and that it lasts.
    assert [(row["grouping"][0], row["positions"][0]) for row in page.rows(part)] == [
        ("governments of Arland and Borland", "1"), ("public of Arland", "1"),
    ]  # fmt: skip
    assert "not said to be a position of its members" in page.text
    assert all("positions" in row and "polarity" not in row for row in page.rows(part))


def test_actor_shows_who_held_its_offices_and_who_belongs_to_it(world):
    page = world("actor/borland")
    offices = page.rows("Offices", "Held for it")
    # The newest first; the one whose end is not known was the last to be seen.
    assert [(row["person"][0], row["holder"][0]) for row in offices] == [
        ("Bea Borg", "latest known holder"), ("Cleo Wynn", ""),
    ]  # fmt: skip
    assert world("office/premier-of-arland").column("Who held it", "holder") == ["acting", ""]
    assert all(ATLAS in row["evidence"][1] for row in offices)
    # That somebody belongs to it without an office, or pays for it, only documents say.
    assert page.column(TOLD, "who", "People and funds") == ["Bea Borg"]
    force = world("actor/task-force-on-the-bay")
    assert "People and funds" not in force.tables
    told = force.rows(TOLD, "People and funds")
    assert {(row["who"][0], row["role"][0]) for row in told} == {
        ("Ada Orr", "cochair"), ("Bram Lund", "task force member"),
        ("Cleo Wynn", "project director"), ("Tern Foundation", "funder"),
    }  # fmt: skip
    assert world("actor/tern-foundation").column(TOLD, "funded") == ["Task Force on the Bay"]


def test_person_shows_posts_and_seats(world):
    page = world("actor/ada-orr")
    seats = "Posts, seats and institutions"
    assert {row["organization"][0] for row in page.rows(TOLD, seats)} == {
        "Strait Institute", "Task Force on the Bay",
    }  # fmt: skip
    [acting] = page.rows("Offices", seats)
    assert (acting["organization"][0], acting["role"][0]) == ("Arland", "acting holder")
    assert acting["office"][0] == "Premier of Arland"
    assert (acting["start date"][0], acting["end date"][0]) == ("2020-05-01", "2020-05-31")


def test_positions_are_grouped_by_the_way_they_reach_us(world):
    part = "Positions it holds, by the way they reach us"
    author = world("actor/mira-tell")
    assert [title for title, _ in author.tables[part]] == ["self declared"]
    assert len(author.rows(part)) == 5
    assert [title for title, _ in world("actor/borland").tables[part]] == ["ascribed"]
    arland = world("actor/arland")
    assert arland.column(part, "proposition", "reported") == [
        "Corland wants to close bay and ports"
    ]
    assert arland.column(part, "proposition", "ascribed") == ["pact lasts"]


def test_what_an_actor_ascribes_to_others_names_them_and_the_chain(world):
    part = "Positions it tells of or ascribes to others"
    author = world("actor/mira-tell")
    assert sorted(author.column(part, "holder", "ascribed")) == [
        "Arland", "Borland", "unnamed doubters (Corland Gazette 2022, passage 9)",
    ]  # fmt: skip
    assert author.column(part, "holder", "reported") == ["Arland"]
    [row] = world("actor/arland").rows(part)
    assert row["holder"][0] == "Corland"
    assert row["within"][1] == ["/stance/corland-gazette-2022-8-arland"]


def test_actor_shows_what_each_document_says_of_it(world):
    page = world("actor/borland")
    part = "What documents say of it"
    assert len(page.rows(part, "The Tidal Pact costs its members dear")) == 2
    [row] = page.rows(part, "A pact for a calm bay")
    assert row["holder"][0] == "Task Force on the Bay"
    assert row["polarity"][0] == "ambivalent"


def test_actor_shows_events_recommendations_names_identifiers_mentions_and_silences(world):
    borland = world("actor/borland")
    assert borland.column("Events it took part in", "participant") == ["Bea Borg"]
    # The same meeting as a newspaper tells of it, and another.
    assert len(borland.rows(TOLD, "Events it took part in")) == 2
    assert [row["value"][0] for row in borland.rows("Identifiers")] == ["XB"]
    assert sorted(borland.column("Mentions", "passages")) == ["1", "5"]
    corland = world("actor/corland")
    [asked] = corland.rows("Recommendations addressed to it")
    assert (asked["holder"][0], asked["ascription"][0]) == ("Mira Tell", "self declared")
    assert asked["action"][0] == "invite Borland to the Harbour League"
    assert asked["condition"][0] == "if the pact is frozen"
    assert asked["target"][0] == "Borland; Harbour League"
    [silent] = corland.rows("Documents that do not address it")
    assert (silent["document"][0], silent["term"][0]) == ("A pact for a calm bay", "corland")
    kell = world("actor/kell")
    assert kell.column("Names", "name", "Used by sources") == ["Port Kell"]
    assert kell.column("Names", "name kind", "Used by sources") == ["contested"]
    assert kell.column("Names", "name", "In frameworks") == ["Kell, Arland"]
    arland = world("actor/arland")
    assert "https://example.org/authority/arland" in {
        link for row in arland.rows("Identifiers") for link in row["value"][1]
    }
    assert {"アーランド", "阿兰", "阿蘭", "아를란드"} <= set(arland.column("Names", "name"))
    public = world("actor/public-of-arland")
    assert sorted(public.column("Poll figures", "as printed")) == ["35", "61 percent"]


# ------------------------------------------------------------------ frameworks


def test_framework_shows_its_members_on_the_day_asked_for(world):
    def members(day=None):
        page = world("framework/tidal-pact", **({"date": day} if day else {}))
        [head] = [part for part in page.tables if part.startswith("Members on")] or [None]
        return head, sorted(page.column(head, "member", "")) if head else []

    # The sources were read on 2022-12-01: the state of the data.
    assert members() == ("Members on 2022-12-01", ["Arland", "Borland"])
    assert members("2019-06-01") == ("Members on 2019-06-01", ["Arland", "Borland"])
    early = world("framework/tidal-pact", date="2019-05-31")
    assert "No attested membership covers this day." in early.text


def test_a_day_after_the_newest_record_is_explained_with_one_that_it_covers(world):
    # The memberships of the Tidal Pact were seen on 2022-12-01.
    late = world("framework/tidal-pact", date="2022-12-02")
    assert late.column("Members on 2022-12-02", "certainty", "") == ["possible", "possible"]
    assert "The newest record of this framework was seen on 2022-12-01" in " ".join(
        late.text.split()
    )
    assert "/framework/tidal-pact.html?date=2022-12-01" in late.links
    seen = world("framework/tidal-pact", date="2022-12-01")
    assert seen.column("Members on 2022-12-01", "certainty", "") == ["certain", "certain"]
    assert "newest record" not in seen.text
    # In another language the link keeps it.
    assert (
        "/framework/tidal-pact.html?date=2022-12-01&lang=ko"
        in world("framework/tidal-pact", date="2022-12-02", lang="ko").links
    )


@pytest.mark.parametrize(
    "day", ["yesterday", "2023-02-29", "2023-2-1", '2023-01-01" ^^', "20230101"]
)
def test_what_is_no_day_is_refused_with_what_would_be_one(world_client, day):
    answer = world_client.get("/framework/tidal-pact.html", params={"date": day})
    assert answer.status_code == 400
    assert "2024-05-07" in answer.json()["detail"]


def test_framework_shows_all_memberships_changes_phases_and_figures(world):
    pact = world("framework/tidal-pact")
    part = "Members, from first to last"
    assert pact.column(part, "member") == ["Arland", "Borland"]
    # In all roles and both attested.
    complete = "How complete the record of memberships is, in all roles"
    assert pact.column(complete, "memberships") == ["2"]
    said = pact.column("What documents say: memberships", "member", "Of others in it")
    assert sorted(said) == ["Arland", "Borland", "Dorland"]
    changes = pact.rows("Who joined and who left, in any role")
    assert {(row["change"][0], row["member"][0]) for row in changes} == {
        ("joined", "Arland"), ("joined", "Borland"),
    }  # fmt: skip
    kelp = world("framework/kelp-round")
    assert [(row["status"][0], row["start date"][0]) for row in kelp.rows("Phases")] == [
        ("in force", "2016-01-01"), ("stalled", "2018-07-01"), ("in force", "2021-07-01"),
    ]  # fmt: skip
    [figure] = kelp.rows("Figures")
    assert figure["amount"][0].startswith("1200")
    assert ATLAS in figure["evidence"][1]


def test_framework_shows_agreements_succession_events_and_what_is_said(world):
    league = world("framework/harbour-league")
    [treaty] = league.rows("Agreements: signed and in force")
    assert (treaty["agreement"][0], treaty["signed"][0]) == ("Harbour Charter", "2001-03-02")
    came = league.rows("What it came from and what came from it")
    assert any(
        (row.get("relation", ("",))[0], row.get("other", ("",))[0]) == ("succeeds", "Coastal Club")
        for row in came
    )
    pact = world("framework/tidal-pact")
    said = "What documents say of it"
    assert len(pact.rows(said, "The Tidal Pact costs its members dear")) == 4
    assert len(pact.rows(said, "A pact for a calm bay")) == 5
    [held] = pact.rows("Events", "Held under it")
    assert held["event"][1] == ["/event/selby-leaders-meeting-2021"]
    [produced] = pact.rows("Events", "Documents that they produced")
    assert produced["url"][1] == ["https://example.org/selby-declaration"]
    assert pact.facts["", "status"][0] == "in force"
    assert pact.facts["", "established by"][0] == "signing of the Tidal Pact, 2019"


# ------------------------------------------------------------------ events


def test_event_shows_when_where_who_and_what_came_of_it(world):
    page = world("event/selby-leaders-meeting-2021")
    assert page.facts["", "start date"][0] == "2021-04-29"
    assert page.facts["", "place"] == ("Selby", ["/place/selby"])
    assert page.facts["", "sub event of"][0] == "Harbour Summit of 2021"
    people = {
        (row["participant"][0], row["representing"][0], row["office"][0])
        for row in page.rows("Participants")
    }
    assert people == {
        ("Jon Arne", "Arland", "Premier of Arland"),
        ("Bea Borg", "Borland", "President of Borland"),
    }
    assert all(LEAGUE in row["evidence"][1] for row in page.rows("Participants"))
    assert "others may have taken part" in page.text
    [outcome] = page.rows("Outcomes")
    assert outcome["outcome"][0] == "Selby Declaration of 2021"
    [told] = page.rows("How documents tell of it, and the record")
    assert (told["told date"][0], told["recorded date"][0]) == ("2021-05", "2021-04-29")
    assert any(link.startswith(GAZETTE) for link in told["evidence"][1])


def test_told_event_shows_the_bounds_of_its_date_and_its_participants(world):
    page = world("event/joining-meeting-per-corland-gazette-2022")
    assert page.facts["", "start date"][0] == "2019"
    assert page.facts["", "earliest start"][0] == "2019-01-01"
    assert page.facts["", "latest start"][0] == "2019-12-31"
    assert page.facts["", "unknown"][0] == "place"
    assert "Participants" not in page.tables
    told = page.column("What documents say: participants and parts", "participant")
    assert sorted(told) == ["Arland", "Borland", "Dorland"]
    parts = world("event/harbour-summit-2021").rows("Parts of it")
    assert [row["part"][1] for row in parts] == [["/event/selby-leaders-meeting-2021"]]


# ------------------------------------------------------------------ propositions, topics


def test_proposition_shows_every_position_side_by_side(world):
    page = world("proposition/pact-raises-tension")
    rows = {row["holder"][0]: row for row in page.rows("Positions, side by side")}
    assert set(rows) == {"Mira Tell", "Task Force on the Bay"}
    tell, force = rows["Mira Tell"], rows["Task Force on the Bay"]
    assert (tell["polarity"][0], tell["modality"][0]) == ("supports", "predicts")
    assert (force["polarity"][0], force["modality"][0]) == ("opposes", "asserts")
    assert tell["evidence"][0].startswith("the words in The Tidal Pact costs its members dear")
    assert "coded by Coder 1; Coder 2, confidence high" in tell["evidence"][0]
    assert tell["evidence"][1][0] == GAZETTE + "the%20tidal%20pact%20of,of%20kell."
    assert force["evidence"][1][0] == REPORT + "the%20tidal,lowers%20it."
    assert tell["evidence"][1][-1] == "/stance/corland-gazette-2022-3-author"
    [related] = page.rows("Related propositions")
    assert (related["proposition"][0], related["relation"][0]) == (
        "pact lowers tension",
        "contradicts",
    )
    assert page.facts["", "cause"][0] == "the Tidal Pact and its upkeep"
    assert page.facts["", "effect"][0] == "tension in the bay"
    figures = world("proposition/pact-lowers-tension").column("Poll figures on it", "as printed")
    assert sorted(figures) == ["48 percent", "61 percent"]


def test_topic_counts_positions_by_side(world):
    page = world("topic/security")
    sides = {
        (row["polarity"][0], row["ascription"][0]): row["positions"][0]
        for row in page.rows("Positions by side")
    }
    # That the pact raises tension: one for, one against; that it lowers it: two for it, one
    # of them a public whose answers are reported.
    assert sides == {
        ("supports", "self declared"): "2",
        ("supports", "reported"): "1",
        ("opposes", "self declared"): "1",
    }
    assert set(page.column("Propositions", "proposition")) == {
        "pact raises tension", "pact lowers tension",
    }  # fmt: skip
    assert page.text.count("Of this topic alone; narrower topics have pages of their own.") == 2
    narrower = {row["narrower topic"][0]: row for row in page.rows("Narrower topics")}
    below = narrower["Maritime security and sea lanes"]
    assert below["narrower topic"][1] == ["/topic/maritime-security"]
    there = world("topic/maritime-security")
    assert int(below["propositions"][0]) == len(there.rows("Propositions")) == 4
    assert below["positions"][0] == "4"


# ------------------------------------------------------------------ sources


def test_document_shows_its_propositions_in_the_order_of_the_text(world):
    page = world("source/corland-gazette-2022")
    part = "Propositions, in the order of the text"
    assert page.column(part, "passage") == ["1", "3", "4", "4", "7", "7", "8", "8", "9", "10"]
    assert page.rows(part)[1]["passage"][1] == ["/passage/corland-gazette-2022-3"]
    assert page.column(part, "proposition")[0] == "pact brings losses to members"
    assert sorted(page.column("Names it uses", "name")) == [
        "Arland", "Bay of Kell", "Tidal Pact", "the pact",
    ]  # fmt: skip
    assert sorted(page.column("What it does not address", "term")) == ["percent", "poll", "survey"]
    [asked] = page.rows("Recommendations")
    assert (asked["holder"][0], asked["ascription"][0]) == ("Mira Tell", "self declared")
    assert (asked["addressee"][0], asked["deontic force"][0]) == ("Corland", "should")
    assert len(page.rows("Events, memberships and posts that it tells of")) == 14
    assert page.facts["", "author"][0] == "Mira Tell"
    coders = page.rows("Coverage and coding", "Coders")
    assert [(row["coder"][0], row["codings"][0]) for row in coders] == [
        ("Coder 1", "9"), ("Coder 2", "9"),
    ]  # fmt: skip
    assert page.rows("Coverage and coding", "Agreement of the coders")
    report = world("source/strait-institute-2022")
    assert sorted(report.column("Poll figures", "as printed")) == [
        "35", "48 percent", "52 percent", "61 percent",
    ]  # fmt: skip
    assert len(report.rows("Recommendations")) == 2


def test_register_shows_what_rests_on_it(world):
    page = world("source/register-bay-atlas")
    tables = dict(page.tables["Facts that rest on it"])
    assert {title: len(rows) for title, rows in tables.items()} == {
        # Three memberships, a figure, three phases, four terms of office, two offices.
        "attested by": 13,
        # Five actors, one of them an economy, a framework and a place.
        "identifiers from": 7,
        "names from": 1,
    }
    assert ATLAS in page.links


# ------------------------------------------------------------------ all things


@pytest.mark.parametrize(
    "path",
    [
        "stance/corland-gazette-2022-8-corland",
        "recommendation/strait-institute-2022-16-court-with-league",
        "membership/dorland-coastal-club",
        "participation/jon-arne-selby-leaders-meeting-2021",
        "affiliation/bea-borg-president-of-borland",
        "poll/strait-institute-2022-pact-calms-bay-arland",
        "outcome/selby-declaration-2021",
        "figure/kelp-round-quota-2016",
        "phase/kelp-round-stalled-2018",
        "funding/tern-foundation-task-force-per-strait-institute-2022",
    ],
)
def test_statement_shows_all_that_is_said_of_it_and_on_what_it_rests(world, path):
    page = world(path)
    assert "Rests on" in page.text
    assert any(link.startswith((GAZETTE, REPORT, ATLAS, LEAGUE)) for link in page.links)
    assert any(link.startswith("/ontology.html#") for link in page.links)


def test_things_without_label_are_headed_by_what_they_link(world_client):
    titles = {
        path: re.search(r"<h1><bdi>(.*?)</bdi></h1>", world_client.get(f"/{path}.html").text)[1]
        for path in (
            "passage/corland-gazette-2022-8",
            "participation/bea-borg-selby-leaders-meeting-2021",
            "coding/coder-1-corland-gazette-2022-3-a",
        )
    }
    assert list(titles.values()) == [
        "Passage 8 of The Tidal Pact costs its members dear",
        "Bea Borg at meeting of the leaders of Arland and Borland at Selby, 2021",
        "Coding a of passage 3 of The Tidal Pact costs its members dear by Coder 1",
    ]


def test_what_has_no_label_has_a_readable_one_where_others_name_it(world):
    stance = world("stance/corland-gazette-2022-3-author")
    assert ("Passage 3 of The Tidal Pact costs its members dear",
            ["/passage/corland-gazette-2022-3"]) in stance.facts.values()  # fmt: skip
    passage = world("passage/corland-gazette-2022-3")
    assert "Coding a of passage 3 of The Tidal Pact costs its members dear by Coder 1" in (
        passage.text
    )
    assert not re.search(r"(coding|passage):corland", stance.text + passage.text)


def test_other_kinds_have_tables_of_their_own(world):
    assert len(world("office/president-of-borland").rows("Who held it")) == 2
    selby = world("place/selby")
    assert len(selby.rows("Events there")) == 3
    assert len(selby.rows("What documents say: events there")) == 2
    told = world("event/harbour-summit-per-corland-gazette-2022")
    assert "Parts of it" not in told.tables
    assert told.column("What documents say: participants and parts", "part", "Parts of it") == [
        "meeting of Jon Arne and Bea Borg, per Corland Gazette 2022"
    ]
    said = world("passage/corland-gazette-2022-8").rows("Statements that rest on it")
    assert {row["said"][1][0] for row in said} == {
        "/stance/corland-gazette-2022-8-arland", "/stance/corland-gazette-2022-8-corland",
    }  # fmt: skip
    wrote = world("passage/corland-gazette-2022-3").rows("What each coder wrote")
    assert [row["coder"][0] for row in wrote] == ["Coder 1", "Coder 2"]
    stance = world("stance/corland-gazette-2022-3-author").rows("What each coder wrote")
    assert [(row["coder"][0], row["modality"][0]) for row in stance] == [
        ("Coder 1", "predicts"), ("Coder 2", "predicts"),
    ]  # fmt: skip
    work = world("coder/coder-1").rows("Work, document by document")
    assert {row["document"][0]: row["codings"][0] for row in work} == {
        "The Tidal Pact costs its members dear": "9", "A pact for a calm bay": "0",
    }  # fmt: skip
    part = "What is said to bring it about, and what is said to follow"
    factor = world("factor/tension-in-the-bay").rows(part)
    # Two say that the pact lowers it, one that it raises it, one that it does not; and what
    # it does to trade.
    assert len(factor) == 5
    assert len(world("poll-question/pact-calms-bay").rows("Answers")) == 2
    assert "must" in world("scheme/force").column("Values", "value")


@pytest.mark.parametrize(
    "path",
    ["actor/arland", "actor/arland-navy", "framework/tidal-pact",
     "proposition/pact-lowers-tension", "source/strait-institute-2022",
     "source/corland-gazette-2022", "topic/maritime-security", "factor/trade"],
)  # fmt: skip
def test_every_position_opens_its_words_and_names_its_coders(world, path):
    page = world(path)
    seen = 0
    for title, rows in (pair for tables in page.tables.values() for pair in tables):
        for row in rows:
            if "polarity" in row and "evidence" in row:
                seen += 1
                assert "holder" in row or path.startswith("actor/")
                assert any(link.startswith((GAZETTE, REPORT)) for link in row["evidence"][1])
                assert re.search(r"coded by .*confidence (high|medium|low)", row["evidence"][0])
                way = row.get("ascription", (title,))[0]
                assert way in ("self declared", "reported", "ascribed", "inferred")
                if way == "inferred":
                    assert row["ascriber"][0] == "inferred by the coders"
                if way in ("ascribed", "reported"):
                    told_by_it = title == way and "holder" in row
                    assert told_by_it or row["ascriber"][0]
    assert seen


def test_backlinks_are_grouped_and_counted(world):
    page = world("framework/tidal-pact")
    here = "What points here"
    shown = {term: value for (part, term), value in page.facts.items() if part == here}
    assert shown["held under 1"] == (
        "meeting of the leaders of Arland and Borland at Selby, 2021",
        ["/event/selby-leaders-meeting-2021"],
    )
    assert "framework 5" in shown
    # Many: twelve are shown, and the query for the others.
    basis = world("basis/attested")
    [(text, links)] = [value for (part, _), value in basis.facts.items() if part == here]
    assert len(links) == 13
    assert re.search(r"and \d+ more$", text)
    assert links[-1].startswith("/query?query=")


def test_why_it_is_here_leads_to_the_graph_its_file_and_its_sources(world):
    page = world("framework/tidal-pact")
    assert "/graph/frameworks/tidal-pact" in page.links
    assert "frameworks/tidal-pact.ttl" in page.text
    graph = world("graph/frameworks/tidal-pact")
    assert {row["thing"][0] for row in graph.rows("What it describes")} == {
        "Tidal Pact", "Arland in the Tidal Pact", "Borland in the Tidal Pact",
    }  # fmt: skip
    assert {
        row["source"][0]: row["statements"][0] for row in graph.rows("Sources that it rests on")
    } == {
        "Treaty text of the Tidal Pact": "3",
        "Atlas of the bay: names, codes and points": "2",
    }
    assert "by computation" in world("graph/agreement").text


def test_page_leads_to_other_formats_and_says_how_to_cite_it(world, world_client):
    answer = world_client.get("/actor/borland.html")
    page = Page(answer.text)
    for ending in ("ttl", "jsonld", "nt", "rdf", "trig", "nq"):
        assert f"/actor/borland.{ending}" in page.links
        assert f"</actor/borland.{ending}>" in answer.headers["link"]
    assert f'<{BASE}actor/borland>; rel="cite-as"' in answer.headers["link"]
    use = "Formats, citing, errors"
    assert page.facts[use, "Permalink"] == (f"{BASE}actor/borland", ["/actor/borland"])
    cited = page.facts[use, "Cite this page"][0]
    assert cited.startswith("The Trilateral contributors: Borland. Trilateral ")
    assert cited.endswith(f"{BASE}actor/borland")
    [(attributes, text)] = [each for each in page.scripts if "src" not in each[0]]
    assert attributes == {"type": "application/ld+json"}
    assert any(each["id"] == f"{BASE}actor/borland" for each in json.loads(text)["@graph"])


def test_report_of_an_error_is_filled_in_where_there_is_a_tracker(world):
    [address] = [link for link in world("actor/borland").links if "/issues/new?" in link]
    asked = httpx.URL(address)
    assert asked.copy_with(query=None) == "https://example.org/issues/new"
    assert asked.params["title"] == "Error: Borland"
    assert f"<{BASE}actor/borland>" in asked.params["body"]


def test_without_a_tracker_there_is_no_such_link(shipped_client):
    assert "Report an error" not in shipped_client.get("/actor/japan.html").text


@pytest.mark.parametrize("url", ["javascript:alert(1)", "http://example.org/new", "https://x/?a"])
def test_an_address_that_is_no_form_is_refused(run, url):
    done = run("serve", "--issues", url)
    assert done.returncode == 2
    assert "--issues" in done.stderr
    assert "no address of a form" in done.stderr


def test_every_table_opens_its_query_bound_to_the_thing(world):
    page = world("proposition/pact-raises-tension")
    queries = [
        httpx.URL(link).params["query"] for link in page.links if link.startswith("/query?query=")
    ]
    bound = f"VALUES ?proposition {{ <{BASE}proposition/pact-raises-tension> }}"
    assert any(bound in each for each in queries)


def test_labels_and_links_follow_the_language(world):
    page = world("actor/arland", lang="ja")
    assert "アーランド" in page.text
    assert "/framework/tidal-pact?lang=ja" in page.links
    assert "/actor/borland.ttl" not in page.links
    assert "/ontology.html?lang=ja#actorKind" in page.links


def test_only_those_that_speak_are_offered_for_comparison(world):
    assert "/compare?one=actor:mira-tell" in world("actor/mira-tell").links
    assert "/compare?one=source:corland-gazette-2022" in world("source/corland-gazette-2022").links
    for path in ("source/register-bay-atlas", "actor/corland-gazette"):
        assert not [link for link in world(path).links if link.startswith("/compare?")]
    assert "/views/timeline?framework=framework:tidal-pact" in world("framework/tidal-pact").links


def test_no_link_of_a_page_is_dead(world, world_client):
    inside = set()
    for path in ("actor/arland", "framework/tidal-pact", "event/selby-leaders-meeting-2021",
                 "proposition/pact-lowers-tension", "source/corland-gazette-2022",
                 "topic/security", "passage/corland-gazette-2022-8",
                 "graph/events/summits"):  # fmt: skip
        page = world(path)
        assert {link[1:] for link in page.links if link.startswith("#")} <= page.ids
        inside.update(link.partition("#")[0] for link in page.links if link.startswith("/"))
    # Queries in the editor and other languages are the same pages with other words.
    inside = {each for each in inside if not re.search(r"^/query\?|[?&]lang=", each)}
    assert len(inside) > 100
    for link in sorted(inside):
        answer = world_client.head(link, headers={"accept": "text/html"})
        assert answer.status_code in (200, 303), link


def test_ontology_page_has_a_place_for_each_term(world_client):
    text = world_client.get("/ontology.html").text
    assert 'id="holder"' in text
    assert 'id="Stance"' in text
    assert "Links a coded statement with the one actor whose position it is." in text
    assert "/ontology.html#Actor" in text


@pytest.mark.parametrize(
    ("language", "heading"),
    [("en", "<span>held under</span>"), ("ja", "<span>開催の枠組み</span>")],
)
def test_ontology_page_names_each_term_in_the_language_of_the_reader(
    world_client, language, heading
):
    text = world_client.get("/ontology.html", params={"lang": language}).text
    assert f'<h3 id="heldUnder">{heading} <code>tri:heldUnder</code></h3>' in text


def test_unknown_thing_is_not_found_and_near_ones_are_offered(world_client):
    answer = world_client.get("/actor/borlan.html")
    assert answer.status_code == 404
    assert "/actor/borland" in Page(answer.text).links
    assert answer.headers["cache-control"] == "no-store"
    # The right slug under the wrong kind.
    assert "/framework/tidal-pact" in Page(world_client.get("/actor/tidal-pact.html").text).links
    for path in ("/graph/no/such.html", "/nothing/at/all.html", "/actor/%3Cscript%3E.html"):
        answer = world_client.get(path, headers={"accept": "text/html"})
        assert answer.status_code == 404, path
        assert "<script>" not in answer.text


def test_hostile_names_and_addresses_do_no_harm(serve, tmp_path):
    copy = tmp_path / "data"
    shutil.copytree(WORLD / "data", copy)
    states = copy / "actors" / "states.ttl"
    name = '<script>alert(1)</script>\\u202Egnp\\" onclick=\\"x'
    text = states.read_text(encoding="utf-8").replace('"Borland"@en', f'"{name}"@en')
    text = text.replace(
        'tri:countryCode "XB" ;',
        'tri:countryCode "XB" ;\n    tri:homepage <javascript:alert(2)> ;\n'
        "    skos:exactMatch <data:text/html,x> ;",
    )
    states.write_text(text, encoding="utf-8")
    with serve("--data", copy) as (_, url), httpx.Client(base_url=url, timeout=30) as client:
        for path in ("/actor/borland.html", "/framework/tidal-pact.html",
                     "/membership/borland-tidal-pact.html", "/actor/borlan.html"):  # fmt: skip
            answer = client.get(path)
            page = Page(answer.text)
            assert "&lt;script&gt;alert(1)" in answer.text, path
            assert all(given.get("type") == "application/ld+json" or "src" in given
                       for given, _ in page.scripts)  # fmt: skip
            assert not [each for each in page.links if each.startswith(("javascript:", "data:"))]
            shown = re.sub(r"<script type.*?</script>", "", answer.text, flags=re.DOTALL)
            assert 'onclick="' not in shown
            assert "\u202e" not in shown
        assert "javascript:alert(2)" in client.get("/actor/borland.html").text


def test_parts_name_questions_parameters_and_variables_that_there_are():
    known = {**own_questions(), **read_questions(find_home())}
    asked = {"evidence", "statements", "backlinks", "backlink-counts", "day"}
    asked |= {"size-of-a-graph", "terms-of-the-ontology", "newest-record-of-a-framework"}
    for part in (MEMBERS_ON, *(part for parts in PARTS.values() for part in parts)):
        for section in part.sections:
            question = known[section.question]
            asked.add(section.question)
            variables = set(re.findall(r"\?(\w+)", question.text))
            used = {*section.where, *section.hide, *section.addresses, section.statement,
                    section.split, section.parameter} - {""}  # fmt: skip
            assert used <= variables, section
            assert bool(section.parameter) != bool(section.where), section
            named = {section.parameter, *(name for name, _ in section.given)} - {""}
            assert named <= {each.name for each in question.parameters}, section
    assert set(own_questions()) <= asked


# ------------------------------------------------------------------ the shipped data


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("actor/japan", "/framework/quad"),
        ("actor/fumio-kishida", "/office/prime-minister-of-japan"),
        ("framework/quad", "/actor/india"),
        ("event/camp-david-summit-2023", "/actor/fumio-kishida"),
        ("proposition/us-japan-rok-cooperation-should-deepen", "/topic/us-japan-rok-cooperation"),
        ("source/china-daily-2024", "/actor/ling-shengli"),
        ("topic/security", "/proposition/japan-and-rok-consider-all-security-options"),
        ("passage/china-daily-2024-25", "/source/china-daily-2024"),
        ("graph/events/g7", "/event/g7-elmau-summit-2022"),
    ],
)
def test_shipped_pages_show_what_they_are_for(shipped_client, path, expected):
    answer = shipped_client.get(f"/{path}.html")
    assert answer.status_code == 200
    assert expected in Page(answer.text).links


def test_long_tables_unfold_and_are_shown_whole_on_request(shipped_client):
    part = "Events it took part in"
    cut = Page(shipped_client.get("/actor/japan.html").text)
    assert len(cut.rows(part)) == 20
    assert any(line.startswith("10 more rows") for line in cut.folded[part])
    [link] = [each for each in cut.links if each.endswith("#events-it-took-part-in")][1:]
    whole = Page(shipped_client.get(link.partition("#")[0].replace("japan?", "japan.html?")).text)
    assert len(whole.rows(part)) > 200
    assert not [line for line in whole.folded[part] if "more row" in line]
    # One part is whole, the others are as they were.
    assert len(whole.rows("Offices", "Held for it")) == 20
    everything = Page(shipped_client.get("/actor/japan.html?all=1").text)
    assert len(everything.rows(part)) > 200
    assert len(everything.rows("Offices", "Held for it")) > 20


def test_evidence_of_facts_unfolds_and_that_of_positions_is_open(shipped_client):
    text = shipped_client.get("/actor/japan.html").text
    folded, unfolded = (
        re.search(rf'aria-labelledby="{part}".*?</section>', text, re.DOTALL)[0]
        for part in ("frameworks-it-belongs-to", "what-documents-say-of-it")
    )
    assert "<details><summary>" in folded.partition('class="rests"')[2][:60]
    assert '<ul class="grounds">' in unfolded.partition('class="rests"')[2][:60]


def test_a_non_participant_is_no_member(shipped_client):
    # The record has the Republic of Korea outside the Quad.
    quad = Page(shipped_client.get("/framework/quad.html").text)
    four = ["Australia", "India", "Japan", "United States"]
    assert quad.column("Members, from first to last", "member") == four + four
    others = quad.rows("In other roles")
    assert [(row["member"][0], row["role"][0]) for row in others] == [
        ("Republic of Korea", "non participant")
    ]
    korea = Page(shipped_client.get("/actor/republic-of-korea.html?all=1").text)
    assert "Quad" not in korea.column("Frameworks it belongs to", "framework")
    assert "Quad" in korea.column("Other roles in frameworks", "framework")


def test_positions_of_an_actor_begin_with_what_it_declares_itself(shipped_client):
    part = "Positions it holds, by the way they reach us"
    author = Page(shipped_client.get("/actor/ling-shengli.html?all=1").text)
    assert [title for title, _ in author.tables[part]] == ["self declared", "inferred"]
    page = Page(shipped_client.get("/actor/united-states.html?all=1").text)
    assert [title for title, _ in page.tables[part]] == ["reported", "ascribed", "inferred"]
    assert page.column(part, "ascriber", "inferred") == ["inferred by the coders"]


def test_recommendations_of_others_name_who_reports_them(shipped_client):
    # China Daily 2024 reports what an American author recommends.
    rows = Page(shipped_client.get("/source/china-daily-2024.html").text).rows("Recommendations")
    [row] = [row for row in rows if row["holder"][0] == "Vincent Brooks"]
    assert (row["ascription"][0], row["ascriber"][0]) == ("reported", "Ling Shengli")
