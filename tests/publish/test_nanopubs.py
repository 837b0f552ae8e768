"""Nanopublications: each position as the library takes it, with nothing added and nothing lost."""

import json
import os
import re
import shutil
import subprocess
import sys
from datetime import date
from pathlib import Path

import pyoxigraph as ox
import pytest
import rdflib
from nanopub import Nanopub
from nanopub.utils import MalformedNanopubError
from rdflib import URIRef
from tests.publish.conftest import DAY, ROOT, files, git, home_of, start

from trilateral import dataset
from trilateral.errors import UnknownNameError
from trilateral.prefixes import prefixes
from trilateral.publish.nanopubs.make import make
from trilateral.publish.nanopubs.plan import Plan, make_plan
from trilateral.publish.nanopubs.positions import find_positions, select
from trilateral.publish.release import writing
from trilateral.publish.release.refusals import RefusedError

# The library uses what rdflib has deprecated.
pytestmark = pytest.mark.filterwarnings("ignore:ConjunctiveGraph:DeprecationWarning")
TODAY = date(2026, 3, 10)
NPX = rdflib.Namespace("http://purl.org/nanopub/x/")
LICENCE = "https://creativecommons.org/licenses/by/4.0/"
KINDS = ("tri:Stance", "tri:Recommendation")
# The positions of the two texts of the tiny world, by hand.
POSITIONS = [
    "recommendation:corland-gazette-2022-10-invite-borland",
    "recommendation:strait-institute-2022-15-court",
    "recommendation:strait-institute-2022-16-court-with-league",
    "stance:corland-gazette-2022-1-author",
    "stance:corland-gazette-2022-3-author",
    "stance:corland-gazette-2022-4-author-tension",
    "stance:corland-gazette-2022-4-author-trade",
    "stance:corland-gazette-2022-7-arland",
    "stance:corland-gazette-2022-7-borland",
    "stance:corland-gazette-2022-8-arland",
    "stance:corland-gazette-2022-8-corland",
    "stance:corland-gazette-2022-9-unnamed",
    "stance:strait-institute-2022-10-public-of-arland",
    "stance:strait-institute-2022-12-governments",
    "stance:strait-institute-2022-13-arland-navy",
    "stance:strait-institute-2022-17-dorland-court",
    "stance:strait-institute-2022-17-dorland-members",
    "stance:strait-institute-2022-8-task-force-lowers",
    "stance:strait-institute-2022-8-task-force-raises",
    "stance:strait-institute-2022-9-task-force",
]
DECLARED = "stance:strait-institute-2022-8-task-force-lowers"
ASCRIBED = "stance:corland-gazette-2022-7-arland"
ADVICE = "recommendation:corland-gazette-2022-10-invite-borland"
MORE = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "np": "http://www.nanopub.org/nschema#",
    "npx": str(NPX),
}


def make_all(home, out):
    """Every position of a dataset, written into a folder."""
    store = dataset.load(home)
    plan = Plan(home, out, date.fromisoformat(DAY), LICENCE)
    writing.write(make(plan, store, find_positions(store, plan.day)), out)
    return out


@pytest.fixture(scope="module")
def made(world, tmp_path_factory):
    return make_all(world, tmp_path_factory.mktemp("made") / "nanopubs")


@pytest.fixture(scope="module")
def shipped(home, tmp_path_factory):
    """Those of the real data, in a folder of the name that the documentation gives it."""
    return make_all(home, tmp_path_factory.mktemp("shipped") / "nanopubs")


@pytest.fixture(scope="module")
def read(shipped):
    """The graphs of each by name, of the real data: sets of triples."""
    found = []
    for path in sorted(shipped.iterdir()):
        graphs = {"Head": set(), "assertion": set(), "provenance": set(), "pubinfo": set()}
        for quad in ox.parse(path=path, format=ox.RdfFormat.TRIG):
            graphs[quad.graph_name.value.rpartition("/")[2]].add(triple_of(quad))
        found.append(graphs)
    return found


def triple_of(quad):
    return str(quad.subject), str(quad.predicate), str(quad.object)


def values(graph, predicate):
    """Subjects and objects of a predicate."""
    return {(s, o) for s, p, o in graph if p == term(predicate)}


def term(name):
    return f"<{iri(name)}>"


def file_of(folder, position):
    return folder / f"{position.replace(':', '-')}.trig"


def parsed(path):
    found = rdflib.Dataset()
    found.parse(path)
    return found


def turtle(text, **more):
    """The triples of a text, as a set: there are no blank nodes."""
    table = {**prefixes(), **MORE, **more}
    header = "".join(f"@prefix {name}: <{namespace}> .\n" for name, namespace in table.items())
    return set(rdflib.Graph().parse(data=header + text, format="turtle"))


def iri(name):
    return URIRef(prefixes().expand(name))


# ------------------------------------------------------------------- the library takes them


def test_each_position_becomes_one_file(made):
    assert sorted(files(made)) == [f"{name.replace(':', '-')}.trig" for name in POSITIONS]


@pytest.mark.parametrize("position", POSITIONS)
def test_the_library_finds_it_valid_and_not_signed(position, made):
    found = Nanopub(rdf=file_of(made, position))
    assert found.is_valid
    assert found.metadata.signature is None
    assert found.source_uri is None


def test_the_library_finds_those_of_the_real_data_valid(shipped):
    paths = sorted(shipped.iterdir())
    assert len(paths) > 200
    assert all(Nanopub(rdf=path).is_valid for path in paths[::10])


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (r":assertion \{.*?\n\}\n", "assertion graph is empty"),
        (r":provenance \{.*?\n\}\n", "provenance graph is empty"),
        (r":pubinfo \{.*?\n\}\n?$", "pubinfo graph is empty"),
        (r"(?<=\n):assertion\n    prov:.*?\n\.\n", "assertion graph URI as subject"),
        (r"    np:hasAssertion :assertion ;\n", "No nanopublication"),
    ],
)
def test_the_library_finds_what_is_missing(spoil, words, made, tmp_path):
    text = file_of(made, ASCRIBED).read_text("utf-8")
    spoilt = re.sub(spoil, "", text, flags=re.DOTALL)
    assert spoilt != text
    (tmp_path / "spoilt.trig").write_text(spoilt, "utf-8")
    with pytest.raises(MalformedNanopubError) as raised:
        assert Nanopub(rdf=tmp_path / "spoilt.trig").is_valid
    assert words in re.sub(r"\x1b\[\d+m", "", str(raised.value))


def test_a_slug_that_begins_like_a_hash_is_not_taken_for_one(project, tmp_path):
    text = (project / "data/stances/corland-gazette-2022.ttl").read_text("utf-8")
    store = dataset.load(home_of(project))
    graph = prefixes()["graph"] + "stances/rand-2022"
    store.load(
        text.replace("stance:corland-gazette-2022-", "stance:rand-2022-").encode(),
        ox.RdfFormat.TURTLE,
        to_graph=ox.NamedNode(graph),
    )
    (position,) = select(find_positions(store, TODAY), ["stance:rand-2022-7-arland"])
    plan = Plan(home_of(project), tmp_path, TODAY, "https://example.org/licence")
    (data,) = make(plan, store, [position]).values()
    (tmp_path / position.name).write_bytes(data)
    assert Nanopub(rdf=tmp_path / position.name).source_uri is None


# ------------------------------------------------------------------- what stands where

WHOLE = {
    DECLARED: {
        "Head": """
            <> a np:Nanopublication ; np:hasAssertion :assertion ;
                np:hasProvenance :provenance ; np:hasPublicationInfo :pubinfo .
        """,
        "assertion": """
            stance:strait-institute-2022-8-task-force-lowers a tri:Stance ;
                tri:holder actor:task-force-on-the-bay ;
                tri:proposition proposition:pact-lowers-tension ;
                tri:polarity polarity:supports ;
                tri:intensity intensity:strong ;
                tri:modality modality:asserts ;
                tri:ascription ascription:self-declared .
            proposition:pact-lowers-tension
                tri:claim "The Tidal Pact lowers tension in the bay."@en .
        """,
        "provenance": """
            :assertion prov:wasDerivedFrom passage:strait-institute-2022-8 ;
                prov:hadPrimarySource source:strait-institute-2022 ;
                prov:wasAttributedTo coder:coder-1 , coder:coder-2 .
            stance:strait-institute-2022-8-task-force-lowers
                skos:prefLabel "Task Force on the Bay: the pact greatly lowers tension"@en ;
                tri:ascription ascription:self-declared ;
                tri:evidence passage:strait-institute-2022-8 ;
                tri:codedBy coder:coder-1 , coder:coder-2 ;
                tri:codebookVersion "1.0" ;
                tri:confidence confidence:high .
            passage:strait-institute-2022-8 a tri:Passage , prov:Entity ;
                tri:inDocument source:strait-institute-2022 ;
                tri:startPosition 236 ; tri:endPosition 317 ;
                tri:sha256 "55bca09d3eeac29fa91f113350fb7484e36992a464fdcb1e7648690faad33a9d" ;
                tri:textFragment
                    <https://example.org/strait-institute/calm-bay#:~:text=the%20tidal,lowers%20it.>
                    .
            source:strait-institute-2022 a tri:Document ;
                skos:prefLabel "A pact for a calm bay"@en ;
                tri:author actor:task-force-on-the-bay ; tri:publisher actor:strait-institute ;
                tri:issued "2022-09"^^xsd:gYearMonth ; tri:accessedOn "2022-12-01"^^xsd:date ;
                tri:sha256 "0259878b2eb4d6e29b27b10bdabfbd989084bae11acccc4418f60d8b51dfea79" ;
                tri:url <https://example.org/strait-institute/calm-bay> .
            coder:coder-1 a tri:Coder , prov:Agent ; skos:prefLabel "Coder 1"@en .
            coder:coder-2 a tri:Coder , prov:Agent ; skos:prefLabel "Coder 2"@en .
        """,
        "pubinfo": """
            <> rdfs:label "Task Force on the Bay: the pact greatly lowers tension"@en ;
                dct:created "2026-03-01T00:00:00Z"^^xsd:dateTime ;
                dct:creator <https://w3id.org/trilateral/dcat#creator> ;
                dct:license <https://creativecommons.org/licenses/by/4.0/> ;
                npx:hasNanopubType tri:Stance ;
                npx:describes stance:strait-institute-2022-8-task-force-lowers ;
                prov:wasDerivedFrom
                    <https://w3id.org/trilateral/graph/stances/strait-institute-2022> .
            <https://w3id.org/trilateral/graph/stances/strait-institute-2022>
                dct:isPartOf <https://w3id.org/trilateral/void#dataset> .
            <https://w3id.org/trilateral/void#dataset> dcat:version "2026-03-01" .
        """,
    },
    ASCRIBED: {
        "Head": """
            <> a np:Nanopublication ; np:hasAssertion :assertion ;
                np:hasProvenance :provenance ; np:hasPublicationInfo :pubinfo .
        """,
        "assertion": """
            stance:corland-gazette-2022-7-arland a tri:Stance ;
                tri:holder actor:arland ;
                tri:proposition proposition:pact-lasts ;
                tri:polarity polarity:supports ;
                tri:intensity intensity:moderate ;
                tri:modality modality:hopes ;
                tri:ascription ascription:ascribed ;
                tri:ascriber actor:mira-tell .
            proposition:pact-lasts tri:claim "The Tidal Pact lasts."@en .
        """,
        "provenance": """
            :assertion prov:wasDerivedFrom passage:corland-gazette-2022-7 ;
                prov:hadPrimarySource source:corland-gazette-2022 ;
                prov:wasAttributedTo coder:coder-1 , coder:coder-2 .
            stance:corland-gazette-2022-7-arland
                skos:prefLabel "Arland, according to Mira Tell: hopes that the pact lasts"@en ;
                tri:ascription ascription:ascribed ;
                tri:ascriber actor:mira-tell ;
                tri:evidence passage:corland-gazette-2022-7 ;
                tri:codedBy coder:coder-1 , coder:coder-2 ;
                tri:codebookVersion "1.0" ;
                tri:confidence confidence:high .
            passage:corland-gazette-2022-7 a tri:Passage , prov:Entity ;
                tri:inDocument source:corland-gazette-2022 ;
                tri:startPosition 397 ; tri:endPosition 462 ;
                tri:sha256 "d455ec2409cb85f8911df5cb6f02a5ca0b47fe5e45bfa04d95aa71d783c7d85c" ;
                tri:textFragment
                    <https://example.org/corland-gazette/tidal-pact#:~:text=arland%20hopes,its%20cost.>
                    .
            source:corland-gazette-2022 a tri:Document ;
                skos:prefLabel "The Tidal Pact costs its members dear"@en ;
                tri:author actor:mira-tell ; tri:publisher actor:corland-gazette ;
                tri:issued "2022-11-05"^^xsd:date ; tri:accessedOn "2022-12-01"^^xsd:date ;
                tri:sha256 "9cb3691800faf9a1d75a9a0f71ad9118171870cc35788e57d888e0823fb1fb1e" ;
                tri:url <https://example.org/corland-gazette/tidal-pact> .
            coder:coder-1 a tri:Coder , prov:Agent ; skos:prefLabel "Coder 1"@en .
            coder:coder-2 a tri:Coder , prov:Agent ; skos:prefLabel "Coder 2"@en .
        """,
        "pubinfo": """
            <> rdfs:label "Arland, according to Mira Tell: hopes that the pact lasts"@en ;
                dct:created "2026-03-01T00:00:00Z"^^xsd:dateTime ;
                dct:creator <https://w3id.org/trilateral/dcat#creator> ;
                dct:license <https://creativecommons.org/licenses/by/4.0/> ;
                npx:hasNanopubType tri:Stance ;
                npx:describes stance:corland-gazette-2022-7-arland ;
                prov:wasDerivedFrom
                    <https://w3id.org/trilateral/graph/stances/corland-gazette-2022> .
            <https://w3id.org/trilateral/graph/stances/corland-gazette-2022>
                dct:isPartOf <https://w3id.org/trilateral/void#dataset> .
            <https://w3id.org/trilateral/void#dataset> dcat:version "2026-03-01" .
        """,
    },
}  # fmt: skip


@pytest.mark.parametrize("position", WHOLE)
def test_the_four_graphs_hold_what_is_expected_and_no_more(position, made):
    found = parsed(file_of(made, position))
    base = f"http://purl.org/nanopub/temp/trilateral/2026-03-01/{position.replace(':', '-')}/"
    names = {str(graph.identifier) for graph in found.graphs() if len(graph)}
    assert names == {base + name for name in WHOLE[position]}
    for name, text in WHOLE[position].items():
        expected = turtle(f"@base <{base}> .\n{text}", **{"": base})
        assert set(found.graph(URIRef(base + name))) == expected, name


# All that the file of the tiny world says of this recommendation, and where it belongs.
SAID = """
    recommendation:corland-gazette-2022-10-invite-borland a tri:Recommendation ;
        tri:action "invite Borland to the Harbour League"@en ;
        tri:addressee actor:corland ;
        tri:ascription ascription:self-declared ;
        tri:condition "if the pact is frozen"@en ;
        tri:deonticForce force:should ;
        tri:holder actor:mira-tell ;
        tri:intensity intensity:moderate ;
        tri:modality modality:recommends ;
        tri:polarity polarity:supports ;
        tri:proposition proposition:borland-should-be-invited-to-league ;
        tri:target actor:borland , framework:harbour-league .
"""
OF_THE_CODERS = """
    recommendation:corland-gazette-2022-10-invite-borland
        skos:prefLabel "Mira Tell: Corland should invite Borland to the league"@en ;
        tri:addressing addressing:stated ;
        tri:codebookVersion "1.0" ;
        tri:codedBy coder:coder-1 , coder:coder-2 ;
        tri:confidence confidence:high ;
        tri:evidence passage:corland-gazette-2022-10 .
"""


def test_a_recommendation_loses_nothing(made):
    found = Nanopub(rdf=file_of(made, ADVICE))
    claim = turtle(
        "proposition:borland-should-be-invited-to-league"
        ' tri:claim "Borland should be invited to the Harbour League."@en .'
    )
    assert set(found.assertion) == turtle(SAID) | claim
    assert turtle(OF_THE_CODERS) <= set(found.provenance)
    assert set(found.pubinfo.objects(None, NPX.hasNanopubType)) == {iri("tri:Recommendation")}


def test_nothing_that_is_said_of_any_position_is_lost_or_added(home, read):
    stated = {
        triple_of(quad)
        for path in (home.data / "stances").glob("*.ttl")
        for quad in ox.parse(path=path, format=ox.RdfFormat.TURTLE)
    }
    positions = {s for s, o in values(stated, "rdf:type") if o in map(term, KINDS)}
    described = [o for each in read for s, p, o in each["pubinfo"] if p == f"<{NPX.describes}>"]
    assert sorted(described) == sorted(positions)
    for stance, graphs in zip(described, read, strict=True):
        told = graphs["assertion"] | graphs["provenance"]
        assert {t for t in told if t[0] == stance} == {t for t in stated if t[0] == stance}


def test_a_note_of_the_coders_is_part_of_the_provenance(world, tmp_path):
    """No shipped position has one, and the shapes allow it."""
    store = dataset.load(world)
    graph = ox.NamedNode(prefixes()["graph"] + "stances/corland-gazette-2022")
    note = ox.Literal("Hope or plan?", language="en")
    store.add(
        ox.Quad(ox.NamedNode(iri(ASCRIBED)), ox.NamedNode(iri("skos:scopeNote")), note, graph)
    )
    plan = Plan(world, tmp_path, TODAY, LICENCE)
    (data,) = make(plan, store, select(find_positions(store, TODAY), [ASCRIBED])).values()
    places = {
        quad.graph_name.value.rpartition("/")[2]
        for quad in ox.parse(data, format=ox.RdfFormat.TRIG)
        if quad.object == note
    }
    assert places == {"provenance"}


def test_an_assertion_says_how_the_position_reached_us_and_nothing_of_the_holder(read):
    ways = set()
    for assertion in (each["assertion"] for each in read):
        ((stance, proposition),) = values(assertion, "tri:proposition")
        assert {s for s, _, _ in assertion} == {stance, proposition}
        ((_, way),) = values(assertion, "tri:ascription")
        told = way in (term("ascription:ascribed"), term("ascription:reported"))
        assert len(values(assertion, "tri:ascriber")) == told
        ways.add(way)
    assert ways == {
        term(f"ascription:{name}") for name in ("self-declared", "reported", "ascribed", "inferred")
    }


def test_no_holder_or_ascriber_is_an_agent_of_an_assertion(read):
    """It is attributed to its coders alone: whose position it tells of has not written it."""
    for provenance in (each["provenance"] for each in read):
        attributed = values(provenance, "prov:wasAttributedTo")
        assert attributed
        assert all(s.endswith("/assertion>") for s, _ in attributed)
        assert all(o.startswith(f"<{prefixes()['coder']}") for _, o in attributed)


def test_a_chain_names_the_outer_position(read):
    """A goal that unnamed tellers impute, told by the task force."""
    outer = term("stance:chicago-council-2021-55-2")
    within = [each for each in read if values(each["assertion"], "tri:ascribedWithin")]
    (graphs,) = within
    assert {o for _, o in values(graphs["assertion"], "tri:ascribedWithin")} == {outer}
    assert outer in {o for _, o in values(graphs["provenance"], "prov:wasDerivedFrom")}


# ------------------------------------------------------------------- which of them


@pytest.fixture(scope="module")
def positions(world):
    return find_positions(dataset.load(world), TODAY)


@pytest.mark.parametrize(
    "name",
    [
        "corland-gazette-2022-7-arland",
        ASCRIBED,
        "https://w3id.org/trilateral/stance/corland-gazette-2022-7-arland",
    ],
)
def test_a_position_is_known_by_slug_short_form_or_iri(name, positions):
    assert [each.name for each in select(positions, [name])] == [
        "stance-corland-gazette-2022-7-arland.trig"
    ]


def test_those_of_one_document(positions):
    chosen = select(positions, source="corland-gazette-2022")
    assert [each.stance for each in chosen] == [
        prefixes().expand(name) for name in POSITIONS if "corland-gazette" in name
    ]


def test_an_unknown_name_is_answered_with_those_near_it(positions):
    with pytest.raises(UnknownNameError, match=r"--stance knows no such position(.|\n)*7-arland"):
        select(positions, ["corland-gazette-2022-7-arlan"])
    with pytest.raises(UnknownNameError, match="--stance knows no such position"):
        select(positions, ["actor:arland"])  # it exists, and is none
    with pytest.raises(UnknownNameError, match=r"--source knows no such doc(.|\n)*corland-gazette"):
        select(positions, source="corland-gazette")


# ------------------------------------------------------------------- by the command


def end(process):
    said, errors = process.communicate(timeout=300)
    assert "Traceback" not in errors
    return process.returncode, said, errors


def test_the_command_gives_the_same_bytes_elsewhere(project, made, tmp_path):
    """The others were made in this process, from the tiny world where it lies."""
    out = tmp_path / "deep" / "er" / "b c"
    code, said, errors = end(
        start(
            project, "publish", "nanopubs", "--date", DAY, "--out", out,
            umask=0o077, TZ="Asia/Tokyo", LC_ALL="POSIX", PYTHONHASHSEED="2",
        )
    )  # fmt: skip
    assert code == 0, errors
    assert f"{out}  20 of 20 positions" in said
    assert f"version {DAY} of the data; not signed" in said
    assert files(out) == files(made)


def test_those_of_a_selection_have_the_same_bytes_and_another_day_another_name(world, made):
    store = dataset.load(world)
    for day, same in ((DAY, True), ("2026-03-02", False)):
        plan = Plan(world, made, date.fromisoformat(day), LICENCE)
        ((name, data),) = make(
            plan, store, select(find_positions(store, plan.day), [ASCRIBED])
        ).items()
        assert name == file_of(made, ASCRIBED).name
        assert (data == (made / name).read_bytes()) is same
        assert f"/temp/trilateral/{day}/".encode() in data


def test_data_with_errors_are_refused(changing, tmp_path):
    path = changing / "data" / "stances" / "corland-gazette-2022.ttl"
    text = path.read_text("utf-8")
    path.write_text(text.replace("    tri:polarity polarity:opposes ;\n", "", 1), "utf-8")
    git(changing, "commit", "--all", "--quiet", "--message", "x")
    code, said, errors = end(start(changing, "publish", "nanopubs", "--out", tmp_path / "out"))
    assert code == 1
    assert "Expected one polarity of the stance" in said
    assert "1 error, so nothing was written" in errors
    assert list(tmp_path.glob("out*")) == []


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--stance", "nobody"], "nobody: --stance knows no such position"),
        (["--source", "nobody"], "nobody: --source knows no such document"),
        (["--source", "x", "--stance", "y"], "not allowed with argument"),
        (["--date", "tomorrow"], "this is no date such as 2026-11-30"),
    ],
)
def test_wrong_usage(arguments, words, project, tmp_path):
    out = tmp_path / "out"
    code, _, errors = end(start(project, "publish", "nanopubs", "--out", out, *arguments))
    assert (code, out.exists()) == (2, False)
    assert words in errors


def test_data_without_positions_are_refused(changing, tmp_path):
    for path in (changing / "data" / "stances").iterdir():
        path.unlink()
    git(changing, "commit", "--all", "--quiet", "--message", "x")
    code, _, errors = end(start(changing, "publish", "nanopubs", "--out", tmp_path / "out"))
    assert (code, (tmp_path / "out").exists()) == (1, False)
    assert "There is no position in the data" in errors


# ------------------------------------------------------------------- what is refused


def refused(project, out, words, day=DAY):
    with pytest.raises(RefusedError, match=words):
        make_plan(home_of(project), out, date.fromisoformat(day), TODAY)


def test_a_plan_has_folder_day_and_licence(project, tmp_path):
    found = make_plan(home_of(project), tmp_path / "out", date.fromisoformat(DAY), TODAY)
    assert found.folder == tmp_path / "out"
    assert found.licence == LICENCE
    assert not found.folder.exists()


def test_what_stands_is_not_written_over(project, tmp_path):
    (tmp_path / "file").write_text("mine")
    for out in (tmp_path, tmp_path / "file"):
        refused(project, out, f"{out}: this stands, and nothing is written over it")
    assert (tmp_path / "file").read_text() == "mine"


def test_what_refuses_a_release_refuses_nanopublications(changing, tmp_path):
    out = tmp_path / "out"
    refused(changing, changing / "data" / "out", "this lies in data/")
    refused(changing, out, "2026-03-11: this date is in the future", "2026-03-11")
    refused(changing, out, "before the last commit .*, of 2026-02-28", "2026-02-27")
    (changing / "CITATION.cff").write_text("title: x\n")
    refused(changing, out, r"CITATION\.cff: not committed")
    git(changing, "commit", "--all", "--quiet", "--message", "x")
    refused(changing, out, r"CITATION\.cff: no cff-version.* no license")
    assert not out.exists()


def test_a_folder_that_cannot_be_made_is_told(tmp_path):
    (tmp_path / "file").write_text("mine")
    with pytest.raises(RefusedError, match="file: the folder cannot be written: File exists"):
        writing.write({"a.trig": b"x"}, tmp_path / "file" / "out", "the folder")
    assert files(tmp_path) == {"file": b"mine"}


# ------------------------------------------------------------------- signed


def documented():
    """The commands of the documentation that make a key, sign, and test the name."""
    page = (ROOT / "docs" / "publish.md").read_text("utf-8")
    return "".join(re.findall(r"^```text\n(python -c.*?)^```", page, re.M | re.S))


# Read in a process of its own: libraries that other tests use change how rdflib reads literals.
# The library's own test of a signature takes any, so that it is made here.
VERDICT = """
import json, sys
from base64 import b64decode
from pathlib import Path
from Crypto.Hash import SHA256
from Crypto.PublicKey import RSA
from Crypto.Signature import pkcs1_15
from nanopub import Nanopub
from nanopub.namespaces import NPX
from nanopub.trustyuri.rdf import RdfHasher, RdfUtils
from nanopub.utils import MalformedNanopubError

signed = Nanopub(rdf=Path(sys.argv[1]))
try:
    trusty = signed.has_valid_trusty
except MalformedNanopubError as error:
    trusty = str(error)
signature, key = (
    b64decode(next(signed.pubinfo.objects(None, NPX[name])))
    for name in ("hasSignature", "hasPublicKey")
)
quads = [quad for quad in RdfUtils.get_quads(signed.rdf) if quad[2] != NPX.hasSignature]
text = RdfHasher.normalize_quads(quads, baseuri=str(signed.namespace), hashstr=" ")
try:
    pkcs1_15.new(RSA.import_key(key)).verify(SHA256.new(text.encode()), signature)
    holds = True
except ValueError:
    holds = False
print(json.dumps({"valid": signed.is_valid, "trusty": trusty, "signature": holds}))
"""


def verdict(path):
    """What the library says of a signed nanopublication, and whether its key signed the rest."""
    done = subprocess.run(
        [sys.executable, "-c", VERDICT, str(path)], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_the_documented_commands_sign(shipped, tmp_path):
    """With a key made for it, and no way to the network."""
    name = "stance-china-daily-2024-20-1.trig"
    folder = tmp_path / "nanopubs"
    folder.mkdir()
    shutil.copy(shipped / name, folder)
    nowhere = {f"{name}_proxy": "http://127.0.0.1:9" for name in ("http", "https", "all")}
    path = os.pathsep.join((str(Path(sys.executable).parent), os.environ["PATH"]))
    done = subprocess.run(
        ["bash", "-euc", documented()],
        cwd=tmp_path,
        env=os.environ | nowhere | {"HOME": str(tmp_path), "PATH": path},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    assert sorted(path.name for path in folder.iterdir()) == [f"signed.{name}", name]
    signed, unsigned = Nanopub(rdf=folder / f"signed.{name}"), Nanopub(rdf=folder / name)
    whole = {"valid": True, "trusty": True, "signature": True}
    assert verdict(folder / f"signed.{name}") == whole
    assert re.fullmatch(r"http://purl\.org/np/RA[\w-]{43}", signed.source_uri)
    assert set(signed.assertion) == set(unsigned.assertion)
    # One word is another, and name and signature are no longer those of the content.
    text = (folder / f"signed.{name}").read_text("utf-8")
    assert "polarity:supports" in text
    (tmp_path / "other.trig").write_text(text.replace("polarity:supports", "polarity:opposes"))
    other = verdict(tmp_path / "other.trig")
    assert not other["signature"]
    assert "Trusty artefact" in str(other["trusty"])
