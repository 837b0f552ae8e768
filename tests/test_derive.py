"""The derive rules: each against cases worked out by hand, together to a fixed point.

A case is a folder of tests/derive/<rule>/: before.ttl, and after.ttl with exactly
what the rule gives on it. The comments at their heads say what is the case and why
the outcome is right.
"""

import itertools
import re
from pathlib import Path

import pyoxigraph as ox
import pytest
from proof import derive, logic
from proof.reasoners import owl_rl
from rdflib import Graph
from rdflib.compare import isomorphic

from trilateral.home import find_home
from trilateral.prefixes import prefixes
from trilateral.vocabulary import iri

FOLDER = Path(__file__).parent / "derive"
RULES = derive.read_rules(find_home())
CASES = sorted(path.parent for path in FOLDER.rglob("before.ttl"))
each_rule = pytest.mark.parametrize("rule", sorted(RULES))


def read(path):
    return Graph().parse(path, format="turtle")


def store_of(path):
    store = ox.Store()
    store.bulk_load(path=path, format=ox.RdfFormat.TURTLE)
    return store


def node(name):
    return ox.NamedNode(iri(name))


def objects(triples, predicate):
    return {triple.object for triple in triples if triple.predicate == node(predicate)}


def instances(store, kind):
    found = store.quads_for_pattern(None, node("rdf:type"), node(kind), None)
    return {quad.subject for quad in found}


def with_value(store, predicate, value):
    return {quad.subject for quad in store.quads_for_pattern(None, node(predicate), value, None)}


@pytest.fixture(scope="module")
def derived(store):
    """What all rules give on the shipped data."""
    return derive.fixed_point(store, list(RULES.values()))


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.parent.name}/{case.name}")
def test_case(case):
    given = derive.derive(store_of(case / "before.ttl"), RULES[case.parent.name])
    found = logic.as_graph(given)
    assert isomorphic(found, read(case / "after.ttl")), found.serialize(format="turtle")


@each_rule
def test_every_triple_that_a_rule_can_give_is_given_in_some_case(rule):
    template = re.search(r"CONSTRUCT \{(.*?)\}", RULES[rule], re.DOTALL).group(1)
    expected = set()
    for _, predicate, value in re.findall(r"(\S+) (\S+) (\S+) \.", template):
        expected.add((predicate, "" if value.startswith("?") else value))
    after = Graph()
    for path in (FOLDER / rule).rglob("after.ttl"):
        after += read(path)
    names = {(prefixes().compact(str(p)).replace("rdf:type", "a"), "") for _, p, _ in after}
    names |= {
        (prefixes().compact(str(p)).replace("rdf:type", "a"), shown)
        for _, p, o in after
        for shown in (prefixes().compact(str(o)), f"<{o}>")
    }
    assert expected - names == set()
    assert expected


@each_rule
def test_every_rule_has_a_case_that_gives_nothing(rule):
    assert any(not read(path) for path in (FOLDER / rule).rglob("after.ttl"))


def test_every_case_belongs_to_a_rule_and_every_rule_has_several():
    assert {case.parent.name for case in CASES} == set(RULES)
    assert all(len(list((FOLDER / rule).iterdir())) >= 3 for rule in RULES)


# The fixed point


@pytest.mark.parametrize("place", ["data", "world"])
def test_the_rules_reach_a_fixed_point_in_one_round(place, store, world_store):
    data = {"data": store, "world": world_store}[place]
    before = len(data)
    found = derive.fixed_point(data, list(RULES.values()))
    assert found.rounds == 1
    assert found.derived
    assert len(data) == before
    beside = derive.copy(data)
    beside.extend(derive.quads(found.derived))
    for name, rule in RULES.items():
        assert derive.derive(beside, rule) == derive.derive(data, rule), name


def test_the_order_of_the_rules_is_of_no_account(world_store):
    results = {
        derive.fixed_point(world_store, order) for order in itertools.permutations(RULES.values())
    }
    assert len(results) == 1


def test_the_order_is_of_no_account_on_the_shipped_data_either(store, derived):
    assert derive.fixed_point(store, list(RULES.values())[::-1]) == derived


def test_a_rule_that_feeds_another_takes_a_second_round():
    """The count of rounds can say two: in this order the second rule comes too early."""
    tri = "PREFIX tri: <https://w3id.org/trilateral/ontology#> "
    first = tri + "CONSTRUCT { ?a tri:about ?b } WHERE { ?a tri:silentOn ?b }"
    second = tri + "CONSTRUCT { ?a tri:mentions ?b } WHERE { ?a tri:about ?b }"
    store = ox.Store()
    store.add(ox.Quad(node("silence:a"), node("tri:silentOn"), node("topic:kelp")))
    assert derive.fixed_point(store, [second, first]).rounds == 2
    assert derive.fixed_point(store, [first, second]).rounds == 1


def test_reasoning_over_the_derived_triples_feeds_no_rule(world, world_store):
    """Alignments and rules together: what OWL RL makes of both gives the rules nothing new."""
    before = derive.fixed_point(world_store, list(RULES.values())).derived
    model = owl_rl(logic.everything(world))
    assert model.consistent
    assert len(model.facts) > 5000
    beside = derive.copy(world_store)
    beside.extend(derive.quads(before))
    beside.extend(
        ox.Quad(ox.NamedNode(s), ox.NamedNode(p), ox.NamedNode(o), derive.DERIVED)
        for s, p, o in model.facts
        if all(re.match(r"https?://\S+$", name) for name in (s, p, o))
    )
    after = derive.fixed_point(beside, list(RULES.values())).derived
    assert after - before - set(logic.triples(beside)) == set()


# What is derived states no more than the data


def test_only_what_a_register_attests_is_an_org_membership(store, derived):
    given = {t.subject for t in derived.derived if t.object == node("org:Membership")}
    attested = with_value(store, "tri:basis", node("basis:attested"))
    asserted = with_value(store, "tri:basis", node("basis:asserted"))
    assert given
    assert given <= attested
    assert given & asserted == set()
    told = node("membership:republic-of-korea-quad-per-china-daily-2024")
    assert told in asserted
    assert told not in given
    assert given & with_value(store, "tri:role", node("role:candidate")) == set()
    assert given & with_value(store, "tri:status", node("status:encouraged")) == set()


def test_an_event_is_derived_with_those_who_say_so(store, derived):
    according = {}
    for triple in derived.derived:
        if triple.predicate == node("sem:accordingTo"):
            according.setdefault(triple.subject, set()).add(triple.object)
    events = {t.subject for t in derived.derived if t.object == node("sem:Event")}
    assert events == set(according)
    documents, registers = instances(store, "tri:Document"), instances(store, "tri:Register")
    asserted = with_value(store, "tri:basis", node("basis:asserted"))
    assert asserted & events
    for event in events:
        assert according[event] <= (documents if event in asserted else registers), event


def test_coders_and_nobody_else_are_attributed(store, derived):
    attributed = objects(derived.derived, "prov:wasAttributedTo")
    assert attributed
    assert attributed <= instances(store, "tri:Coder")
    holders = {quad.object for quad in store.quads_for_pattern(None, node("tri:holder"), None)}
    positions = {t for t in derived.derived if t.predicate == node("prov:wasDerivedFrom")}
    assert {t.subject for t in positions} == instances(store, "tri:Stance") | instances(
        store, "tri:Recommendation"
    )
    assert {t for t in positions if t.object in holders} == set()


def test_nothing_is_derived_in_our_own_terms(derived):
    ours = prefixes()["tri"]
    assert {t.predicate for t in derived.derived if t.predicate.value.startswith(ours)} == set()
    assert {t for t in derived.derived if str(t.object).startswith(f"<{ours}")} == set()


def test_no_collective_is_undone(derived):
    """No term by which a position, a membership or a name would pass to somebody else."""
    forbidden = ("org:memberOf", "org:hasMember", "foaf:member", "schema:author", "dct:creator",
                 "skosxl:altLabel", "owl:sameAs")  # fmt: skip
    used = {triple.predicate for triple in derived.derived}
    assert used & {node(name) for name in forbidden} == set()


def test_every_derived_term_is_declared(home, derived):
    """A reasoner takes a property that nobody declares for a note and reasons nothing of it."""
    terms = logic.terms(home)
    declared = {str(subject) for subject in terms.subjects()}
    used = {t.predicate.value for t in derived.derived}
    used |= {t.object.value for t in derived.derived if t.predicate == node("rdf:type")}
    assert used - declared == {iri("rdf:type"), iri("rdf:value")}


def test_the_tiny_world_feeds_every_rule(world_store):
    empty = {name for name, rule in RULES.items() if not derive.derive(world_store, rule)}
    assert empty == set()
