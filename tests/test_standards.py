"""The standards' own constraints: each fixture trips the one it is named after, ours trip none.

A fixture is a small graph in the terms of a standard. What is wrong in it is ``ex:wrong``; a
name may end in ``@`` and a word when a constraint has more than one fixture.
"""

import shutil
from pathlib import Path

import pyoxigraph as ox
import pytest

from trilateral import dataset
from trilateral.check import standards
from trilateral.home import find_home
from trilateral.prefixes import prefixes

ROOT = Path(__file__).parent.parent
WORLD = ROOT / "tests" / "world" / "data"
HOME = find_home()
FOLDER = ROOT / "tests" / "fixtures" / "standards"
VALID = sorted(FOLDER.rglob("valid.ttl"))
FIXTURES = sorted(set(FOLDER.rglob("*.ttl")) - set(VALID))
WRONG = "https://example.org/wrong"
# Typing only gives types; whether two of them can go together says constraint 55.
FOUND_BY_ANOTHER = {"prov/50-typing": "prov/55-entity-activity-disjoint"}


def name(path):
    return f"{path.parent.name}/{path.stem.partition('@')[0]}"


def constraint(path):
    return standards.Violation(path, "").rule


def found_in(path):
    store = ox.Store()
    store.load(path=path, format=ox.RdfFormat.TURTLE)
    standards.close(store, HOME)
    return {(found.rule, found.focus) for found in standards.violations(store, HOME)}


CONSTRAINTS = {
    constraint(path)
    for kind in ("violation", "order")
    for path in standards.files(HOME, kind)
    # Reads the order that all the order queries give, and reports in their names.
    if path.name != "event-order-violation.rq"
}


@pytest.mark.parametrize("path", FIXTURES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_fixture_trips_its_constraint_and_nothing_else(path):
    rule = FOUND_BY_ANOTHER.get(name(path), name(path))
    assert found_in(path) == {(rule, WRONG)}


@pytest.mark.parametrize("path", VALID, ids=lambda path: path.parent.name)
def test_valid_graph_trips_nothing(path):
    assert found_in(path) == set()


def test_every_constraint_has_a_fixture():
    assert {name(path) for path in FIXTURES} - set(FOUND_BY_ANOTHER) == CONSTRAINTS


def test_every_numbered_constraint_of_the_data_cube_is_there():
    numbers = {rule.split("-")[2] for rule in CONSTRAINTS if rule.startswith("data-cube/")}
    assert numbers == {str(number) for number in range(1, 22)}


def test_every_integrity_condition_of_skos_is_there():
    numbers = {rule.split("/")[1].split("-")[0] for rule in CONSTRAINTS if rule.startswith("skos/")}
    assert numbers >= {"s9", "s13", "s14", "s27", "s37", "s46"}


def test_every_numbered_constraint_of_prov_is_there():
    there = {name(path) for path in FIXTURES}
    numbers = {rule.split("/")[1].split("-")[0] for rule in there if rule.startswith("prov/")}
    assert numbers == {str(number) for number in range(22, 57)}


@pytest.mark.parametrize("kind", ["violation", "order", "entailment", "instances"])
def test_every_query_names_its_clause(kind):
    for path in standards.files(HOME, kind):
        header = standards.header(path)
        assert header["specification"].startswith("https://www.w3.org/TR/"), path
        assert header["summary"], path
        assert kind not in {"violation", "order"} or header["repair"], path


def test_world_meets_every_constraint(world):
    assert standards.run_standards(dataset.read_valid(world)) == []


def test_shipped_data_meet_every_constraint(home):
    assert standards.run_standards(dataset.read_valid(home)) == []


# ---------------------------------------------------------------- by way of our own terms


def findings_with(folder, text):
    """The findings on the tiny world with one more file of data, as rule and focus."""
    shutil.copytree(WORLD, folder / "data")
    table = "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in prefixes().items())
    (folder / "data" / "added.ttl").write_text(table + text, encoding="utf-8")
    read = dataset.read_valid(find_home(folder / "data"))
    return [
        (found.rule, prefixes().compact(found.focus)) for found in standards.run_standards(read)
    ]


def test_poll_figure_without_population_is_an_observation_without_a_dimension(tmp_path):
    added = """
    poll:added a tri:PollFigure ; qb:dataSet poll:figures ; tri:share 35.0 ; tri:unit unit:PERCENT ;
        tri:pollQuestion poll-question:losses-in-trade ;
        tri:reportedIn source:corland-gazette-2022 .
    """
    assert findings_with(tmp_path, added) == [
        ("data-cube/ic-11-all-dimensions-required", "poll:added")
    ]


def test_poll_figure_given_twice_is_a_duplicate_observation(tmp_path):
    added = """
    poll:added a tri:PollFigure ; qb:dataSet poll:figures ; tri:share 35.0 ; tri:unit unit:PERCENT ;
        tri:population actor:public-of-arland ; tri:reportedIn source:strait-institute-2022 ;
        tri:pollQuestion poll-question:losses-in-trade .
    """
    assert findings_with(tmp_path, added) == [
        ("data-cube/ic-12-no-duplicate-observations", "poll:added")
    ]


def test_stances_told_within_each_other_are_derived_from_themselves(tmp_path):
    added = """
    stance:corland-gazette-2022-8-arland tri:ascribedWithin stance:corland-gazette-2022-8-corland .
    """
    rule = "prov/42-derivation-generation-generation-ordering"
    assert findings_with(tmp_path, added) == [
        (rule, "stance:corland-gazette-2022-8-arland"),
        (rule, "stance:corland-gazette-2022-8-corland"),
    ]


def test_designation_with_two_forms_is_a_label_with_two_forms(tmp_path):
    added = """designation:strait-institute-2022-tidal-pact tri:literalForm "The Pact"@en ."""
    assert findings_with(tmp_path, added) == [
        ("skos/s52-one-literal-form", "designation:strait-institute-2022-tidal-pact")
    ]


def test_activity_with_an_author_is_an_entity_as_well(tmp_path):
    added = """event:added a prov:Activity ; tri:author actor:added . actor:added a tri:Person ."""
    assert findings_with(tmp_path, added) == [("prov/55-entity-activity-disjoint", "event:added")]


def test_topic_related_to_what_stands_above_it(tmp_path):
    added = """
    topic:added a tri:Topic ; skos:broader topic:alliance-values ; skos:related topic:alliances .
    """
    assert findings_with(tmp_path, added) == [("skos/s27-related-is-not-broader", "topic:added")]


def test_finding_names_place_detail_and_repair(tmp_path):
    shutil.copytree(WORLD, tmp_path / "data")
    file = tmp_path / "data" / "added.ttl"
    file.write_text(
        "@prefix skos: <http://www.w3.org/2004/02/skos/core#> .\n"
        "@prefix topic: <https://w3id.org/trilateral/topic/> .\n"
        "topic:added\n    skos:prefLabel 5 .\n",
        encoding="utf-8",
    )
    read = dataset.read_valid(find_home(tmp_path / "data"))
    found = standards.standard_findings(read, standards.run_standards(read))
    assert [str(finding) for finding in found] == [
        "data/added.ttl:3: error: topic:added: A label is no plain literal. 5 "
        "Write it as a text with its language. [skos/s12-labels-are-plain-literals]"
    ]
