"""The ontology: every term complete, every foreign term real, OWL 2 DL, and consistent."""

import re
import shutil
from collections import defaultdict

import pytest
from proof import contradictions, logic
from proof.reasoners import CONSISTENT, REASONERS
from rdflib import OWL, QB, RDF, RDFS, SH, SKOS, XSD, BNode, Graph, Literal, URIRef
from tests.conftest import read_graph

from trilateral.check.terms import load_term_lists, unknown_terms
from trilateral.prefixes import prefixes
from trilateral.vocabulary import iri

TRI = prefixes()["tri"]
ONTOLOGY = URIRef(iri("trilateral:ontology"))
KINDS = {OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty}
PROPERTIES = KINDS - {OWL.Class}
BUILT_IN = (str(RDF), str(RDFS), str(OWL), str(XSD))
MAPPINGS = {SKOS[name + "Match"] for name in ("exact", "close", "broad", "narrow", "related")}
# Datatypes of the OWL 2 datatype map that the ontology may name as range.
DATATYPES = {
    XSD[name] for name in ("string", "boolean", "decimal", "integer", "nonNegativeInteger")
} | {RDF.langString, XSD.anyURI}


def union(*folders, without=()):
    paths = (path for folder in folders for path in sorted(folder.rglob("*.ttl")))
    return read_graph(*(path for path in paths if path.name not in without))


@pytest.fixture(scope="module")
def ontology(home):
    """Everything below ontology/: terms, schemes, cubes, alignments, declarations, prefixes."""
    return union(home.ontology)


@pytest.fixture(scope="module")
def own(ontology):
    """The terms that the project defines, with their kinds."""
    kinds = defaultdict(set)
    for kind in KINDS:
        for term in ontology.subjects(RDF.type, kind):
            if term.startswith(TRI):
                kinds[term].add(kind)
    return kinds


# Terms


def test_every_subject_of_our_namespace_is_declared_with_one_kind(ontology, own):
    subjects = {term for term in ontology.subjects() if str(term).startswith(TRI)}
    assert {term: own.get(term) for term in subjects if len(own.get(term, ())) != 1} == {}
    assert len(own) > 100


def test_names_show_the_kind(own):
    for term, kinds in own.items():
        pattern = r"[A-Z][A-Za-z0-9]*" if OWL.Class in kinds else r"[a-z][A-Za-z0-9]*"
        assert re.fullmatch(pattern, term.removeprefix(TRI)), term


def test_every_term_has_one_english_label(ontology, own):
    for term in own:
        labels = [label.language for label in ontology.objects(term, RDFS.label)]
        assert labels.count("en") == 1, term


def test_every_scheme_concept_and_term_has_one_label_in_each_language(ontology, own):
    schemes = set(ontology.subjects(RDF.type, SKOS.ConceptScheme))
    concepts = set(ontology.subjects(RDF.type, SKOS.Concept))
    for things, naming in (
        (schemes, SKOS.prefLabel),
        (concepts, SKOS.prefLabel),
        (own, RDFS.label),
    ):
        assert things
        for thing in things:
            languages = sorted(label.language for label in ontology.objects(thing, naming))
            assert languages == ["en", "ja", "ko", "zh-hans", "zh-hant"], thing


def test_no_label_stands_for_two_things_of_one_list(ontology, own):
    """Neither two concepts of a scheme, nor two classes, nor two properties share a label."""
    lists = defaultdict(set)
    for concept, scheme in ontology.subject_objects(SKOS.inScheme):
        lists[scheme, SKOS.prefLabel].add(concept)
    for term, kinds in own.items():
        lists["classes" if OWL.Class in kinds else "properties", RDFS.label].add(term)
    assert len(lists) > 20
    for (_, naming), things in lists.items():
        bearers = defaultdict(set)
        for thing in things:
            for label in ontology.objects(thing, naming):
                bearers[label].add(thing)
        assert {label: found for label, found in bearers.items() if len(found) > 1} == {}


def test_every_definition_is_one_sentence(ontology, own):
    for term in own:
        definitions = list(ontology.objects(term, SKOS.definition))
        assert len(definitions) == 1, term
        assert re.fullmatch(r"[A-Z0-9].*[^.\s]\.", definitions[0]), (term, definitions[0])
        assert not re.search(r"[.?!]\s+[A-Z]", definitions[0]), (term, definitions[0])


def test_every_term_has_a_note_or_an_example(ontology, own):
    explained = set(ontology.subjects(SKOS.scopeNote)) | set(ontology.subjects(SKOS.example))
    assert set(own) - explained == set()


def test_every_term_is_defined_by_the_ontology(ontology, own):
    for term in own:
        assert list(ontology.objects(term, RDFS.isDefinedBy)) == [ONTOLOGY], term


def test_every_concept_is_in_one_scheme_and_in_its_class(ontology, own):
    schemes = set(ontology.subjects(RDF.type, SKOS.ConceptScheme))
    concepts = set(ontology.subjects(RDF.type, SKOS.Concept))
    assert concepts
    for concept in concepts:
        (scheme,) = ontology.objects(concept, SKOS.inScheme)
        assert scheme in schemes, concept
        (kind,) = {kind for kind in ontology.objects(concept, RDF.type) if kind in own}
        assert (kind, RDFS.subClassOf, SKOS.Concept) in ontology, concept
        top = (concept, SKOS.topConceptOf, scheme) in ontology
        assert top != ((concept, SKOS.broader, None) in ontology), concept
        for broader in ontology.objects(concept, SKOS.broader):
            assert (broader, SKOS.inScheme, scheme) in ontology, concept
    assert set(ontology.objects(None, SKOS.inScheme)) == schemes


def test_there_are_no_blank_nodes(ontology):
    assert [t for t in ontology if any(isinstance(node, BNode) for node in t)] == []


# Terms of other vocabularies


def test_every_foreign_term_exists(home, ontology):
    lists = load_term_lists(home.ontology / "vocabularies")
    used = {str(node) for triple in ontology for node in triple if isinstance(node, URIRef)}
    used |= {str(node.datatype) for node in ontology.objects() if isinstance(node, Literal)}
    declared = frozenset(str(term) for term in ontology.subjects() if str(term).startswith(TRI))
    assert unknown_terms(used, lists, declared, TRI) == []


def test_exactly_the_foreign_terms_in_use_are_declared(home, world):
    lists = load_term_lists(home.ontology / "vocabularies")
    declarations = Graph().parse(home.ontology / "reused.ttl", format="turtle")
    graph = union(home.ontology, home.data, world.data, without={"reused.ttl"})
    used = set()
    for node in {node for triple in graph for node in triple if isinstance(node, URIRef)}:
        namespace = str(node)[: max(node.rfind("/"), node.rfind("#")) + 1]
        if namespace in lists and namespace not in (*BUILT_IN, prefixes()["unit"]):
            used.add(node)
    assert set(declarations.subjects()) == used
    for term in declarations.subjects():
        (kind,) = declarations.objects(term, RDF.type)
        (vocabulary,) = declarations.objects(term, RDFS.isDefinedBy)
        assert kind in KINDS, term
        assert str(term).startswith(str(vocabulary)), term
        assert str(term).removeprefix(str(vocabulary))[0].isupper() == (kind == OWL.Class), term


def test_alignments_say_nothing_about_terms_of_others(home, own):
    alignments = Graph().parse(home.ontology / "alignments.ttl", format="turtle")
    assert {term for term in alignments.subjects() if term not in own} == set()
    allowed = {RDFS.subClassOf, RDFS.subPropertyOf} | MAPPINGS
    assert set(alignments.predicates()) <= allowed
    assert {str(o) for o in alignments.objects() if str(o).startswith(prefixes().base)} == set()


def test_holder_and_ascriber_are_never_attributions(home):
    alignments = Graph().parse(home.ontology / "alignments.ttl", format="turtle")
    for role in ("tri:holder", "tri:ascriber"):
        targets = alignments.objects(URIRef(iri(role)))
        assert not any(str(target).startswith(prefixes()["prov"]) for target in targets)


# OWL 2 DL, as far as it shows in the triples


@pytest.fixture(scope="module")
def kinds(ontology):
    kinds = defaultdict(set)
    for kind in KINDS:
        for term in ontology.subjects(RDF.type, kind):
            kinds[term].add(kind)
    return kinds


def built_in(term):
    return str(term).startswith(BUILT_IN)


def test_no_term_is_two_kinds_of_property(kinds):
    assert {term for term, found in kinds.items() if len(found & PROPERTIES) > 1} == set()


def test_nothing_of_owl_itself_is_declared_or_extended(ontology):
    assert {term for term in ontology.subjects() if built_in(term)} == set()


def test_every_predicate_is_declared_and_has_the_objects_of_its_kind(ontology, kinds):
    known = {RDFS.label, RDFS.comment, RDFS.isDefinedBy, RDFS.seeAlso, OWL.versionInfo}
    for _, predicate, value in ontology:
        if built_in(predicate):
            continue
        (kind,) = kinds[predicate] & PROPERTIES
        if kind != OWL.AnnotationProperty:
            assert isinstance(value, Literal) == (kind == OWL.DatatypeProperty), predicate
    axioms = {RDF.type, RDFS.subClassOf, RDFS.subPropertyOf, RDFS.domain, RDFS.range}
    axioms |= {OWL.disjointWith, OWL.priorVersion, OWL.versionIRI}
    assert {p for p in ontology.predicates() if built_in(p)} <= known | axioms


def test_every_class_in_use_is_declared(ontology, kinds):
    types = {kind for kind in ontology.objects(None, RDF.type) if kind not in KINDS}
    types |= set(ontology.objects(None, RDFS.domain)) | set(
        ontology.objects(None, OWL.disjointWith)
    )
    types |= set(ontology.objects(None, RDFS.subClassOf))
    types |= set(ontology.subjects(RDFS.subClassOf)) | set(ontology.subjects(OWL.disjointWith))
    assert {kind for kind in types if OWL.Class not in kinds[kind]} == {
        OWL.Ontology, OWL.AsymmetricProperty, OWL.IrreflexiveProperty,
    }  # fmt: skip


def test_ranges_fit_their_properties(ontology, kinds):
    for term, value in ontology.subject_objects(RDFS.range):
        if OWL.ObjectProperty in kinds[term]:
            assert OWL.Class in kinds[value] or value == OWL.Thing, term
        else:
            assert kinds[term] == {OWL.DatatypeProperty}, term
            assert value in DATATYPES, term


def test_properties_stand_under_properties_of_their_kind(ontology, kinds):
    for lower, upper in ontology.subject_objects(RDFS.subPropertyOf):
        assert kinds[lower] & PROPERTIES == kinds[upper] & PROPERTIES, (lower, upper)


def test_annotation_properties_have_no_axioms(ontology, kinds):
    for term in [term for term, found in kinds.items() if OWL.AnnotationProperty in found]:
        for axiom in (RDFS.domain, RDFS.range, RDFS.subPropertyOf):
            assert (term, axiom, None) not in ontology, term


# Data Cube


def test_cubes_are_well_formed(ontology):
    for name in ("poll", "agreement"):
        structure = URIRef(iri(f"{name}:structure"))
        assert (URIRef(iri(f"{name}:figures")), QB.structure, structure) in ontology
        orders = []
        for component in ontology.objects(structure, QB.component):
            assert (component, RDF.type, QB.ComponentSpecification) in ontology
            properties = [
                (kind, value)
                for role, kind in (
                    (QB.dimension, QB.DimensionProperty),
                    (QB.measure, QB.MeasureProperty),
                    (QB.attribute, QB.AttributeProperty),
                )
                for value in ontology.objects(component, role)
            ]
            ((kind, value),) = properties
            assert (value, RDF.type, kind) in ontology, component
            orders += [int(order) for order in ontology.objects(component, QB.order)]
        assert sorted(orders) == list(range(1, len(orders) + 1))
        measures = [m for c in ontology.objects(structure, QB.component) for m in
                    ontology.objects(c, QB.measure)]  # fmt: skip
        assert len(measures) == 1


def test_every_component_property_belongs_to_a_cube(ontology):
    declared = {
        term
        for kind in (QB.DimensionProperty, QB.MeasureProperty, QB.AttributeProperty)
        for term in ontology.subjects(RDF.type, kind)
    }
    used = {term for role in (QB.dimension, QB.measure, QB.attribute)
            for term in ontology.objects(None, role)}  # fmt: skip
    assert declared == used


def test_every_dimension_has_a_range(ontology):
    dimensions = set(ontology.subjects(RDF.type, QB.DimensionProperty))
    assert {term for term in dimensions if (term, RDFS.range, None) not in ontology} == set()


# Reasoning: HermiT and Pellet, which come with owlready2 and run on Java


needs_java = pytest.mark.skipif(
    shutil.which("java") is None, reason="the reasoners need java, which is not on the path"
)
by_each_reasoner = pytest.mark.parametrize("reasoner", sorted(CONSISTENT))
EX = "https://example.org/"


@pytest.fixture(scope="module")
def terms(home):
    """The axioms of the ontology and those of the vocabularies that it is aligned with."""
    return logic.terms(home)


def with_turtle(graph, turtle):
    prefix = "".join(f"@prefix {p}: <{n}> .\n" for p, n in prefixes().items())
    return graph + Graph().parse(data=f"{prefix}@prefix ex: <{EX}> .\n{turtle}", format="turtle")


def consistent(graph, turtle="", reasoner="HermiT"):
    return CONSISTENT[reasoner](with_turtle(graph, turtle))


@needs_java
@by_each_reasoner
def test_the_ontology_is_consistent_and_every_class_can_have_members(terms, reasoner):
    model = REASONERS[reasoner](terms)
    assert model.consistent
    assert model.unsatisfiable == set()


@needs_java
@by_each_reasoner
def test_every_property_can_be_used(terms, reasoner):
    """No property has domain and range, its own or inherited, that rule each other out."""
    lines = [
        f"ex:Using-{name} a owl:Class ; rdfs:subClassOf [ a owl:Restriction ; "
        f"owl:onProperty tri:{name} ; owl:someValuesFrom {value} ] ."
        for kind, value in (("Object", "owl:Thing"), ("Datatype", "rdfs:Literal"))
        for term in terms.subjects(RDF.type, OWL[f"{kind}Property"])
        if term.startswith(TRI)
        for name in [term.removeprefix(TRI)]
    ]
    assert len(lines) > 100
    assert REASONERS[reasoner](with_turtle(terms, "\n".join(lines))).unsatisfiable == set()


@needs_java
@by_each_reasoner
def test_all_that_is_shipped_or_derived_is_consistent(everything, reasoner):
    assert len(everything) > 50_000
    assert (None, RDF.type, URIRef(iri("sem:Event"))) in everything
    assert CONSISTENT[reasoner](everything)


@pytest.fixture(scope="module")
def tiny(world):
    """The same of the tiny world."""
    return logic.everything(world)


@needs_java
@by_each_reasoner
def test_the_tiny_world_is_consistent(tiny, reasoner):
    assert consistent(tiny, reasoner=reasoner)


@needs_java
@by_each_reasoner
@pytest.mark.parametrize(
    "mistake",
    [
        # A thing of two classes that are disjoint, by a statement of its own ...
        "actor:arland a tri:Person .",
        # ... by the domain, and by the range, of a link,
        "actor:arland tri:polarity polarity:supports .",
        "stance:x tri:evidence framework:tidal-pact .",
        # by a class of another vocabulary,
        "actor:mira-tell a org:Organization .",
        # and through the derive rules: only by them has a membership an org:member, which is one.
        "membership:kell-kelp-round org:member actor:arland . "
        "actor:arland owl:differentFrom actor:kell .",
        # What is said not to be so.
        "[] a owl:NegativePropertyAssertion ; owl:assertionProperty tri:member ; "
        "owl:sourceIndividual membership:kell-kelp-round ; owl:targetIndividual actor:kell .",
        # A value outside the datatype.
        'membership:kell-kelp-round tri:weaklyAttested "perhaps" .',
    ],
)
def test_a_mistake_in_the_data_is_found(tiny, mistake, reasoner):
    assert not consistent(tiny, mistake, reasoner)


@pytest.fixture(scope="module")
def planted(terms):
    return contradictions.plant(terms)


@needs_java
@by_each_reasoner
def test_every_planted_contradiction_is_found(planted, reasoner):
    graph, kinds = planted
    assert set(kinds) == {"datatype", "disjoint by alignment", "disjoint classes", "domain",
                          "functional property", "range"}  # fmt: skip
    model = REASONERS[reasoner](graph)
    assert model.consistent
    assert model.unsatisfiable == {name for names in kinds.values() for name in names}


@needs_java
def test_the_contradictions_are_owed_to_the_axioms_planted_against(planted):
    graph, _ = planted
    assert REASONERS["HermiT"](contradictions.harmless(graph)).unsatisfiable == set()


COLLECTIVE = """
ex:governments a tri:Grouping ; tri:constituent ex:japan .
ex:japan a tri:State .
ex:stance a tri:Stance ; tri:holder ex:governments .
ex:no a owl:NegativePropertyAssertion ;
    owl:sourceIndividual ex:stance ;
    owl:assertionProperty tri:holder ;
    owl:targetIndividual ex:japan .
"""


@needs_java
@by_each_reasoner
def test_a_stance_of_a_grouping_is_not_handed_to_its_constituents(terms, reasoner):
    # "Japan does not hold it" goes together with "the governments hold it" ...
    assert consistent(terms, COLLECTIVE, reasoner)
    # ... and would not, if the ontology had the rule that it must not have.
    rule = "tri:holder owl:propertyChainAxiom ( tri:holder tri:constituent ) ."
    assert not consistent(terms, COLLECTIVE + rule, reasoner)


def test_prefixes_are_declared_as_shacl_has_it(ontology):
    assert len(set(ontology.subjects(RDF.type, SH.PrefixDeclaration))) == len(prefixes())
