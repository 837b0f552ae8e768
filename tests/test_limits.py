"""What shapes and ontology must leave out: limits that a valid graph does not show.

A target, a value or an axiom too many, or one that is gone, changes nothing on data
that are right. So each limit is written down here once more, or asked of a thing
that is wrong in just that one way.
"""

from collections import defaultdict
from pathlib import Path

import pyshacl
import pytest
from rdflib import OWL, RDF, RDFS, SH, SKOS, Graph, URIRef
from rdflib.collection import Collection
from tests.conftest import read_graph

from trilateral.prefixes import prefixes
from trilateral.vocabulary import iri

ROOT = Path(__file__).parent.parent
TRI = prefixes()["tri"]
TRISH = prefixes()["trish"]
HEADER = "".join(f"@prefix {name}: <{namespace}> .\n" for name, namespace in prefixes().items())
TARGETS = (SH.targetClass, SH.targetSubjectsOf)
# Who checks the ontology itself has fixtures of each kind of term in `test_ontology`.
OF_TERMS = ("ontology.ttl", "cubes.ttl", "prefixes.ttl", "shapes-lint.ttl")


@pytest.fixture(scope="module")
def ontology(home):
    return read_graph(*sorted(home.ontology.rglob("*.ttl")))


@pytest.fixture(scope="module")
def shapes(home):
    return read_graph(*(p for p in sorted(home.shapes.glob("*.ttl")) if p.name not in OF_TERMS))


def short(node):
    return prefixes().compact(str(node)).removeprefix("trish:")


# ---------------------------------------------------------------- shapes with several targets

FACTS = "tri:Event tri:Participation tri:Affiliation tri:Funding tri:Membership"
TIED = "tri:Affiliation tri:Funding tri:Membership"
GOING_ON = f"tri:Figure tri:Phase {TIED}"
DATED = f"tri:Event tri:Figure tri:Framework tri:Phase {TIED}"
BEGIN_AND_END = """
    tri:earliestEnd tri:earliestStart tri:endDate tri:latestEnd tri:latestStart tri:startDate
"""
LABELLED = f"""
    tri:CausalClaim tri:Coder tri:Designation tri:Document tri:Economy tri:Event tri:Factor
    tri:Figure tri:Framework tri:Grouping tri:Office tri:Organization tri:OutcomeDocument
    tri:Person tri:Phase tri:Place tri:PollFigure tri:PollQuestion tri:Population
    tri:Proposition tri:Recommendation tri:Register tri:Section tri:Silence tri:Stance
    tri:State tri:UnnamedParty {TIED}
"""
TEXTS = """
    dct:description dct:title owl:versionInfo rdfs:label skos:altLabel skos:changeNote
    skos:definition skos:example skos:prefLabel skos:scopeNote tri:abbreviation tri:action
    tri:claim tri:codebookVersion tri:concurrentBecause tri:condition tri:countryCode
    tri:cowCode tri:iso3Code tri:language tri:licence tri:linksInto tri:literalForm
    tri:m49Code tri:metric tri:officialName tri:participatesAs tri:proposedClaim
    tri:searchedTerm tri:sha256 tri:textFile
"""
# Of each shape that looks at several things: at which (a class with nothing else said of its
# instance, or a property with a wrong value), and what makes the thing wrong for this shape.
SEVERAL = {
    "AssertedCodebookShape": (FACTS, "tri:basis basis:asserted"),
    "AssertedCoderShape": (FACTS, "tri:basis basis:asserted"),
    "AssertedEvidenceShape": (FACTS, "tri:basis basis:asserted"),
    "AssertedOnlyShape": (FACTS, "tri:basis basis:asserted ; tri:attestedBy source:x"),
    "AttestedNoCodebookShape": (FACTS, 'tri:basis basis:attested ; tri:codebookVersion "1.0"'),
    "AttestedOnlyShape": (FACTS, "tri:basis basis:attested ; tri:evidence passage:x"),
    "AttestedRegisterShape": (FACTS, "tri:basis basis:attested"),
    "AttestedUncodedShape": (FACTS, "tri:basis basis:attested ; tri:codedBy coder:x"),
    "CausalTermShape": ("tri:cause tri:direction tri:effect", "actor:x"),
    "CodedTerritoryShape": ("tri:Economy tri:State", 'tri:countryCode "Japan"'),
    "CodedVariableShape": (
        "qb:AttributeProperty qb:DimensionProperty qb:MeasureProperty tri:CodedVariable",
        "",
    ),
    "DateShape": (
        BEGIN_AND_END + "dct:modified tri:accessedOn tri:fieldEnd tri:fieldStart tri:issued "
        "tri:ongoingOn tri:searchedOn",
        '"0999-01-01"^^xsd:date',
    ),
    "DateTermShape": (BEGIN_AND_END, '"2020-01-01"^^xsd:date'),
    "DatedShape": (DATED, 'tri:startDate "2020"'),
    "EndKnownShape": (GOING_ON, ""),
    "FactShape": (FACTS, ""),
    "FrameworkTermShape": (
        "tri:establishedBy tri:frameworkKind tri:partOfFramework tri:rosterFrom tri:succeeds",
        "actor:x",
    ),
    "IdentifiedShape": ("skos:exactMatch tri:homepage tri:identifiersFrom", "<urn:x>, wd:P1"),
    "LabelShape": ("tri:AgreementFigure tri:Participation", 'skos:prefLabel "untagged"'),
    "LabelledShape": (LABELLED, ""),
    "NamedShape": ("tri:abbreviation tri:namesFrom tri:officialName tri:translatedInto", '" x"'),
    "OngoingShape": (GOING_ON, 'tri:ongoingOn "2020"'),
    "PointShape": ("tri:latitude tri:longitude", "91.0"),
    "RecommendationTermShape": (
        "tri:action tri:addressee tri:addressing tri:condition tri:deonticForce tri:target "
        "tri:underHeading",
        "actor:x",
    ),
    "RecordedShape": ("tri:Figure tri:Office tri:OutcomeDocument tri:Phase", ""),
    "StartKnownShape": (f"tri:Event {TIED}", ""),
    "TextShape": (TEXTS, '" x"'),
}  # fmt: skip


def test_every_shape_with_several_targets_is_written_down(shapes):
    number = defaultdict(int)
    for target in TARGETS:
        for shape in shapes.subjects(target, None):
            number[short(shape)] += 1
    assert {name for name, count in number.items() if count > 1} == set(SEVERAL)


def wrong_things():
    """One thing for each shape and each class or property that it looks at, wrong for it."""
    for shape, (looked_at, wrong) in SEVERAL.items():
        for term in looked_at.split():
            name = f"<urn:{shape}:{term}>"
            local = term.partition(":")[2]
            said = f"a {term} ; {wrong}" if local[0].isupper() else f"{term} {wrong}"
            yield shape, name, f"{name} {said.rstrip(' ;')} .\n"


def test_a_shape_looks_at_each_of_its_targets(home, shapes):
    things = [*wrong_things()]
    data = read_graph(*sorted(home.ontology.rglob("*.ttl")))
    subclasses = Graph()
    for triple in data.triples((None, RDFS.subClassOf, None)):
        subclasses.add(triple)
    subclasses.parse(data=HEADER + "".join(text for *_, text in things), format="turtle")
    _, report, text = pyshacl.validate(subclasses, shacl_graph=shapes)
    assert isinstance(report, Graph), text
    found = set()
    for result in report.subjects(RDF.type, SH.ValidationResult):
        source = report.value(result, SH.sourceShape)
        for shape in (source, *shapes.subjects(SH.property, source)):
            found.add((short(shape), f"<{report.value(result, SH.focusNode)}>"))
    assert [name for shape, name, _ in things if (shape, name) not in found] == []


# ---------------------------------------------------------------- severity and lists of values


def test_only_the_shapes_of_quality_warn(home):
    for path in sorted(home.shapes.glob("*.ttl")):
        shapes = read_graph(path)
        assert set(shapes.subjects(SH.deactivated)) == set(), path.name
        if path.name not in ("quality.ttl", "shapes-lint.ttl"):
            assert {short(shape) for shape in shapes.subjects(SH.severity)} == set(), path.name


def test_a_list_of_values_allows_only_what_occurs(home, world, shapes):
    folders = (home.ontology, home.data, world.data)
    everything = read_graph(*(path for each in folders for path in sorted(each.rglob("*.ttl"))))
    anywhere = {str(node) for node in everything.all_nodes()}
    for shape, values in shapes.subject_objects(SH["in"]):
        path = shapes.value(shape, SH.path)
        there = {str(value) for value in everything.objects(None, path)} if path else anywhere
        # A cube has no figures before the build.
        allowed = {str(value) for value in Collection(shapes, values)} - {iri("agreement:figures")}
        assert allowed - there == set(), short(shape)


# ---------------------------------------------------------------- ranges and disjoint classes

# Classes of which one thing may be both: a framework with organs is an organization too, and a
# property can be a coded variable.
MAY_MEET = {
    frozenset({"tri:Actor", "tri:Framework"}),
    frozenset({"tri:Organization", "tri:Framework"}),
    # No axiom keeps them apart; the shapes do: KindShape, EconomyShape.
    frozenset({"tri:Economy", "tri:Framework"}),
}


def classes(ontology):
    """Our classes of things: those of values and that of coded variables are none."""
    return [
        term
        for term in sorted(ontology.subjects(RDF.type, OWL.Class))
        if term.startswith(TRI)
        and (term, RDFS.subClassOf, SKOS.Concept) not in ontology
        and term != URIRef(iri("tri:CodedVariable"))
    ]


def test_classes_are_disjoint_unless_one_is_the_other(ontology):
    wider = {c: {*ontology.transitive_objects(c, RDFS.subClassOf)} for c in classes(ontology)}
    apart = {frozenset(pair) for pair in ontology.subject_objects(OWL.disjointWith)}
    meet = set()
    for one in wider:
        for other in wider:
            pairs = {frozenset({up, down}) for up in wider[one] for down in wider[other]}
            if one not in wider[other] and other not in wider[one] and not pairs & apart:
                meet.add(frozenset({short(one), short(other)}))
    assert meet == MAY_MEET


def test_the_range_of_a_property_is_a_class_that_some_shape_asks_for(ontology, shapes):
    for term, range_ in ontology.subject_objects(RDFS.range):
        asked = {
            c
            for shape in shapes.subjects(SH.path, term)
            for c in shapes.objects(shape, SH["class"])
        }
        if range_.startswith(TRI) and asked:
            assert range_ in asked, short(term)
