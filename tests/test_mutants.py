"""Mutation tests: a sample of the mutants, and proof that the tool itself can fail.

``python -m proof.mutants`` judges them all.
"""

import re
import shutil
from dataclasses import replace

import pyoxigraph as ox
import pytest
from proof.mutants.allowed import Allowed, read_allowed, reason
from proof.mutants.constraints import Constraint, Shapes, judge_constraints
from proof.mutants.judge import Judge, _Reached, judge_all, sampled
from proof.mutants.make import mutants
from proof.mutants.mistake import Mistake
from proof.mutants.operators import OF_THINGS, OPERATORS
from proof.mutants.page import Done, is_judged, report
from proof.mutants.world import World
from rdflib import SH

from trilateral import turtle
from trilateral.dataset import Dataset
from trilateral.prefixes import prefixes

ONE_IN = 150


@pytest.fixture(scope="module")
def judge(world):
    return Judge(world)


@pytest.fixture(scope="module")
def made(judge):
    return list(mutants(judge.world))


def done(judged, allowed=(), constraints=(), redundant=None):
    return Done(len(judged), judged, list(allowed), list(constraints), redundant or {})


# ---------------------------------------------------------------- a sample of the mutants


def test_what_survives_is_allowed(judge, made):
    chosen = list(sampled(made, ONE_IN))
    assert len(chosen) > 100
    forbidden = done(judge_all(judge, chosen), read_allowed()).forbidden
    assert [str(mutant) for mutant in forbidden] == []


def test_every_class_and_property_has_mutants(judge, made):
    said = {t.predicate.value for t in judge.world.triples}
    ours = {prefixes().compact(p) for p in said if p.startswith(prefixes()["tri"])}
    assert {mutant.property for mutant in made if mutant.operator == "drop"} >= ours
    assert {mutant.cls for mutant in made} == set(judge.world.classes)
    assert {mutant.operator for mutant in made} == {*OPERATORS, *OF_THINGS}


# ---------------------------------------------------------------- the tool can fail


def test_a_mutant_survives_when_its_constraint_is_switched_off(judge, world, made, tmp_path):
    shutil.copytree(world.shapes, tmp_path, dirs_exist_ok=True)
    path = tmp_path / "stances.ttl"
    head, name, rest = path.read_text("utf-8").partition("\ntrish:StanceShape-polarity\n")
    off = rest.replace("    sh:minCount 1 ;\n", "    sh:minCount 0 ;\n", 1)
    assert off.index("sh:minCount 0") < off.index("\n.\n")
    path.write_text(head + name + off, "utf-8")
    mutant = next(
        m for m in made if (m.operator, m.cls, m.property) == ("drop", "tri:Stance", "tri:polarity")
    )
    whole = judge.judge(mutant)
    assert whole.errors == {"StanceShape-polarity MinCountConstraintComponent"}
    weak = Judge(replace(world, shapes=tmp_path)).judge(mutant)
    assert weak.survived
    assert f"- forbidden and not found: {mutant}" in report(done([weak], read_allowed()))


def test_data_with_findings_are_refused(world, tmp_path):
    (tmp_path / "place.ttl").write_text(
        "@prefix place: <https://w3id.org/trilateral/place/> .\n"
        "@prefix tri: <https://w3id.org/trilateral/ontology#> .\n\n"
        "place:bay\n    a tri:Place ;\n.\n",
        encoding="utf-8",
    )
    with pytest.raises(ValueError, match="valid data only"):
        Judge(replace(world, data=tmp_path))


def test_a_line_by_which_nothing_survives_is_reported():
    line = Allowed("drop", "tri:Nothing", "*", "never")
    assert done([], [line]).unmatched == [line]
    assert "allowed, and nothing survives by it: drop, tri:Nothing, *, never" in report(
        done([], [line])
    )


def test_of_two_operators_a_sample_is_judged_and_all_that_may_survive(made):
    number = {name: sum(mutant.operator == name for mutant in made) for name in ("drop", "extra")}
    line = Allowed("extra", "*", "*", "maybe")
    for allowed, least, most in (([], 0.2, 0.3), ([line], 1, 1)):
        judged = [mutant for mutant in made if is_judged(mutant, allowed)]
        assert sum(mutant.operator == "drop" for mutant in judged) == number["drop"]
        extra = sum(mutant.operator == "extra" for mutant in judged)
        assert least <= extra / number["extra"] <= most


def test_each_line_of_the_list_has_a_reason():
    lines = read_allowed()
    assert lines
    assert all(line.reason and "," not in line.cls + line.property for line in lines)


def test_the_first_line_that_fits_counts(made):
    mutant = next(mutant for mutant in made if mutant.operator == "drop one")
    other = Allowed("drop", "*", "*", "no")
    both = Allowed("drop, drop one", "*", "*", "yes")
    assert reason(mutant, [other, both]) == both
    assert reason(mutant, [other]) is None


# ---------------------------------------------------------------- each operator, by hand

SMALL = """
@prefix actor: <https://w3id.org/trilateral/actor/> .
@prefix event: <https://w3id.org/trilateral/event/> .
@prefix place: <https://w3id.org/trilateral/place/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix role: <https://w3id.org/trilateral/role/> .
@prefix scheme: <https://w3id.org/trilateral/scheme/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix topic: <https://w3id.org/trilateral/topic/> .
@prefix tri: <https://w3id.org/trilateral/ontology#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .

actor:a a tri:State ; skos:prefLabel "A"@en, "Å"@ja .
event:e a tri:Event ; tri:place place:p ; tri:role role:r ; tri:sequence 3 ;
    tri:startDate "2020-02-28"^^xsd:date ; tri:endDate "2020-03-01"^^xsd:date .
place:p a tri:Place .
place:q a tri:Place .
role:r a skos:Concept, tri:Role ; skos:inScheme scheme:role .
topic:t a skos:Concept, tri:Topic ; skos:inScheme scheme:topic .
tri:Role rdfs:subClassOf skos:Concept .
tri:Topic rdfs:subClassOf skos:Concept .
"""
WORDS = '"words"'
LONG = [f'"{"A " * (n // 2 - 1)}A."@en' for n in (250, 400, 700, 1000)]
NAMELESS = "_:nameless"
BY_HAND = [
    ("drop", "actor:a", "skos:prefLabel", [], 2),
    ("drop one", "actor:a", "skos:prefLabel", [], 1),
    ("duplicate", "event:e", "tri:sequence", ["4"], 0),
    ("duplicate", "event:e", "tri:startDate", ['"2020-02-29"^^xsd:date'], 0),
    ("duplicate", "event:e", "tri:place", ["place:q"], 0),
    ("other class", "event:e", "tri:place", ["actor:a", "event:e"], 1),
    ("other list", "event:e", "tri:role", ["topic:t"], 1),
    (
        "node kind", "event:e", "tri:place",
        [WORDS, '"https://w3id.org/trilateral/place/p"', NAMELESS], 1,
    ),
    ("node kind", "event:e", "tri:sequence", ["<https://example.org/thing>", NAMELESS], 1),
    ("dangling", "event:e", "tri:place", ["place:p-nowhere"], 1),
    ("itself", "event:e", "tri:place", ["event:e"], 1),
    (
        "text", "actor:a", "skos:prefLabel",
        ['""@en', '" "@en', '" A"@en', r'"A\n"@en', r'"A\t"@en'], 1,
    ),
    ("length", "actor:a", "skos:prefLabel", LONG, 1),
    (
        "language", "actor:a", "skos:prefLabel",
        ['"A"', '"A"@fr', '"A"@zh', '"A"@en-gb', '"A"@ko'], 1,
    ),
    ("out of range", "event:e", "tri:sequence", ["-1000000000", "1000000000"], 1),
    (
        "out of range", "event:e", "tri:startDate",
        ['"0012-01-01"^^xsd:date', '"2999-12-31"^^xsd:date'], 1,
    ),
    (
        "datatype", "event:e", "tri:sequence",
        [
            '"3"', '"2020-02-02"^^xsd:date', '"2020-02-02T10:00:00Z"^^xsd:dateTime',
            '"2020"^^xsd:gYear', "true", "7.5",
        ], 1,
    ),
    ("swap", "event:e", "tri:startDate", ['"2020-02-28"^^xsd:date', '"2020-03-01"^^xsd:date'], 2),
    ("misspell", "event:e", "tri:place", ["place:p"], 1),
]  # fmt: skip


@pytest.fixture(scope="module")
def small(world):
    return World(Dataset(world, {world.data / "small.ttl": turtle.read(SMALL)}))


def node(name):
    return ox.NamedNode(prefixes().expand(name))


def written(term):
    """A term as Turtle has it, on one line."""
    triple = ox.Triple(ox.NamedNode("urn:s"), ox.NamedNode("urn:p"), term)
    text = turtle.write([triple])
    return re.search(r"<urn:p> (.*) ;", text).group(1)


def test_every_operator_is_tried_by_hand():
    assert {row[0] for row in BY_HAND} == set(OPERATORS)


@pytest.mark.parametrize(
    ("operator", "thing", "name", "objects", "gone"), BY_HAND, ids=lambda value: str(value)[:30]
)
def test_operator_makes_what_it_says(small, operator, thing, name, objects, gone):
    triple = sorted(small.values(node(thing), node(name)), key=str)[0]
    found = list(OPERATORS[operator](small, triple))
    new = {t.object for mistake in found for t in mistake.new}
    expected = {ox.BlankNode("nameless") if text == NAMELESS else text for text in objects}
    assert {term if isinstance(term, ox.BlankNode) else written(term) for term in new} == expected
    assert found
    assert {len(mistake.gone) for mistake in found} == {gone}
    assert all(t.subject == node(thing) for mistake in found for t in mistake.new)


def test_misspelling_changes_the_property_alone(small):
    triple = next(iter(small.values(node("event:e"), node("tri:place"))))
    found = {t.predicate for m in OPERATORS["misspell"](small, triple) for t in m.new}
    assert found == {ox.NamedNode(prefixes()["tri"] + name) for name in ("plac", "places")}


def test_a_thing_gets_the_properties_of_other_classes(small):
    names = [name for name, _ in OF_THINGS["extra"](small, node("actor:a"), "tri:State")]
    assert names == [
        "skos:inScheme", "tri:endDate", "tri:place", "tri:role", "tri:sequence", "tri:startDate",
    ]  # fmt: skip


def test_a_thing_is_renamed_wherever_it_is_named(small):
    found = [mistake for _, mistake in OF_THINGS["rename"](small, node("place:p"), "tri:Place")]
    base = prefixes().base
    names = ["place/P", "place/p_", "place/-p", "place/p%20x", "place/p/x", "thing/p"]
    for mistake, name in zip(found, names, strict=True):
        new = ox.NamedNode(base + name)
        assert mistake.gone == {
            ox.Triple(node("event:e"), node("tri:place"), node("place:p")),
            ox.Triple(node("place:p"), node("rdf:type"), node("tri:Place")),
        }
        assert mistake.new == {
            ox.Triple(node("event:e"), node("tri:place"), new),
            ox.Triple(new, node("rdf:type"), node("tri:Place")),
        }


def test_a_thing_gets_each_other_class_instead_and_too(small):
    found = list(OF_THINGS["retype"](small, node("place:p"), "tri:Place"))
    expected = [
        (name, gone) for name in ("skos:Concept", "tri:Event", "tri:State") for gone in (1, 0)
    ]
    assert [(name, len(mistake.gone)) for name, mistake in found] == expected


def test_a_term_of_a_list_gets_the_class_of_another(small):
    found = list(OF_THINGS["relist"](small, node("role:r"), "skos:Concept"))
    kept = ox.Triple(node("role:r"), node("rdf:type"), node("tri:Role"))
    new = ox.Triple(node("role:r"), node("rdf:type"), node("tri:Topic"))
    assert [(name, m.gone, m.new) for name, m in found] == [
        ("tri:Topic", {kept}, {new}),
        ("tri:Topic", set(), {new}),
    ]
    assert list(OF_THINGS["relist"](small, node("place:p"), "tri:Place")) == []


def test_a_mistake_goes_into_the_file_of_its_thing(small, world):
    gone = next(iter(small.values(node("event:e"), node("tri:place"))))
    new = ox.Triple(node("event:e"), node("tri:place"), node("place:q"))
    files = small.with_mistake(Mistake("", frozenset([gone]), frozenset([new]))).files
    assert set(files[world.data / "small.ttl"].triples) == small.triples - {gone} | {new}


# ---------------------------------------------------------------- constraints switched off

SHAPES = """
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix tri: <https://w3id.org/trilateral/ontology#> .
@prefix trish: <https://w3id.org/trilateral/shapes#> .

trish:PlaceShape a sh:NodeShape ; sh:targetClass tri:Place ; sh:nodeKind sh:IRI ;
    sh:property trish:PlaceShape-country ; sh:or ( trish:NoCountry trish:OneCountry ) .
trish:PlaceShape-country sh:path tri:country ; sh:nodeKind sh:IRI .
trish:NoCountry sh:path tri:country ; sh:maxCount 0 .
trish:OneCountry sh:path tri:country ; sh:maxCount 1 ; sh:not trish:Nothing .
trish:Nothing sh:hasValue rdf:nil .
"""
OK = """
@prefix place: <https://w3id.org/trilateral/place/> .
@prefix tri: <https://w3id.org/trilateral/ontology#> .
place:p a tri:Place .
place:q a tri:Place ; tri:country place:p .
"""


def test_constraints_are_found_in_helpers_too():
    shapes = Shapes(turtle.read(SHAPES).triples)
    assert [str(each) for each in shapes.constraints()] == [
        "NoCountry sh:maxCount",
        "Nothing sh:hasValue",
        "OneCountry sh:maxCount",
        "OneCountry sh:not",
        "PlaceShape sh:nodeKind",
        "PlaceShape sh:or",
        "PlaceShape-country sh:nodeKind",
    ]
    nested = next(t.subject for t in shapes.triples if t.subject.value.endswith("#Nothing"))
    assert [each.value.rpartition("#")[2] for each in shapes.outer(nested)] == ["PlaceShape"]


def test_only_the_shapes_that_look_at_a_mutant_are_read():
    other = """
    trish:EventShape a sh:NodeShape ; sh:targetClass tri:Event ; sh:property trish:EventShape-role .
    trish:EventShape-role sh:path ( tri:role tri:role ) .
    """
    store = ox.Store()
    store.extend(ox.Quad(*triple) for triple in turtle.read(OK).triples)
    with _Reached(turtle.read(SHAPES + other).triples).at(store, [node("place:q")]) as shapes:
        read = {str(subject) for subject in shapes.subjects() if "#" in str(subject)}
        targets = {str(target) for target in shapes.objects(None, SH.targetNode)}
    assert targets == {node("place:q").value}
    names = ("PlaceShape", "PlaceShape-country", "NoCountry", "OneCountry", "Nothing")
    assert read == {node(f"trish:{name}").value for name in names}


def test_each_constraint_is_needed_or_reported(world, tmp_path):
    files = {world.shapes / "x.ttl": turtle.read(SHAPES), world.data / "x.ttl": turtle.read(OK)}
    (tmp_path / "two-countries.ttl").write_text(
        OK.replace("place:p a tri:Place .\nplace:q", "place:two").replace(
            "tri:country place:p", "tri:country place:p, place:q"
        )
    )
    (tmp_path / "text.ttl").write_text(
        OK.replace("place:p a tri:Place .\nplace:q", "place:text").replace("place:p", '"P"')
    )
    found = judge_constraints(World(Dataset(world, files)), [], [tmp_path])
    assert {str(each.constraint): each.case for each in found} == {
        # Without either, a place with two countries passes.
        "NoCountry sh:maxCount": "two-countries",
        "OneCountry sh:maxCount": "two-countries",
        "PlaceShape sh:or": "two-countries",
        "PlaceShape-country sh:nodeKind": "text",
        # Without it, no place with a country passes.
        "Nothing sh:hasValue": "valid data, which would be refused",
        # No case has a place without name, or the country rdf:nil.
        "OneCountry sh:not": "",
        "PlaceShape sh:nodeKind": "",
    }
    names = [str(each.constraint) for each in done([], (), found).unneeded]
    assert names == ["OneCountry sh:not", "PlaceShape sh:nodeKind"]
    excused = done([], (), found, dict.fromkeys([*names, "NoCountry sh:maxCount"], "why"))
    assert excused.unneeded == []
    assert excused.needless == ["NoCountry sh:maxCount"]
    assert "- listed as not needed, and nothing is: NoCountry sh:maxCount" in report(excused)


def test_a_component_is_named_as_the_specification_names_it():
    triple = ox.Triple(node("trish:S"), node("sh:lessThanOrEquals"), node("tri:endDate"))
    assert Constraint(triple).component == "LessThanOrEqualsConstraintComponent"
