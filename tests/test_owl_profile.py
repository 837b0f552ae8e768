"""Within OWL 2 DL, by an independent profile checker (ROBOT, run on Java)."""

import shutil

import pytest
from proof import logic
from rdflib import RDF, Graph

from trilateral import dataset

needs_maven = pytest.mark.skipif(
    not (shutil.which("java") and shutil.which("mvn")),
    reason="java and mvn are not on the path: the profile checker comes from Maven Central",
)
# The datatypes that OWL 2 does not have, see docs/decisions.md.
DATES = {"xsd:date", "xsd:gYear", "xsd:gYearMonth"}
OUTSIDE = {f"Use of undeclared datatype: {name}" for name in DATES} | {
    f"Use of defined datatype in datatype restriction {name}" for name in DATES
}
RESERVED = "Use of reserved vocabulary for annotation property IRI: rdf:value"


@pytest.fixture(scope="module")
def ontology(home):
    return logic.as_graph(dataset.read_valid(home).triples(home.ontology))


def with_turtle(graph, turtle):
    prefix = "@prefix tri: <https://w3id.org/trilateral/ontology#> .\n"
    prefix += "@prefix owl: <http://www.w3.org/2002/07/owl#> .\n"
    return graph + Graph().parse(data=prefix + turtle, format="turtle")


@needs_maven
def test_the_ontology_is_owl_2_dl(ontology):
    assert logic.violations(ontology) == {}


@needs_maven
def test_all_that_is_shipped_or_derived_is_owl_2_dl_but_for_dates_and_one_property(
    home, everything
):
    """Fragment selectors need rdf:value, which OWL 2 reserves; only derived ones have it."""
    found = logic.violations(everything)
    assert set(found) == OUTSIDE | {RESERVED}
    shipped = dataset.read_valid(home).triples(home.ontology, home.data)
    assert not any(triple.predicate.value == str(RDF.value) for triple in shipped)


@needs_maven
def test_what_is_not_owl_2_dl_is_found(ontology):
    """A property of two kinds, one of OWL itself, an undeclared one, one too complex to count."""
    mistakes = """
    tri:holder a owl:DatatypeProperty .
    owl:sameAs a owl:ObjectProperty .
    tri:Actor tri:nobodyDeclares tri:Stance .
    tri:narrows a owl:TransitiveProperty, owl:IrreflexiveProperty .
    """
    found = "\n".join(logic.violations(with_turtle(ontology, mistakes))).lower()
    for kind in ("cannot pun", "reserved vocabulary", "undeclared", "non-simple"):
        assert kind in found, found
