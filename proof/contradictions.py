"""Planted contradictions: classes that can have no member if the ontology means what it says.

A contradiction about a thing makes a whole graph inconsistent, so that each would
need a run of its own. Said of a class, it makes that class alone unsatisfiable:
"a state that is a person", "a stance whose holder is a passage". So hundreds are
asked at once. Each kind of axiom is planted against wherever the ontology has it.
"""

from __future__ import annotations

from collections.abc import Iterator

from rdflib import OWL, RDF, RDFS, XSD, BNode, Graph, Literal, URIRef
from rdflib.term import Node

from trilateral.prefixes import prefixes
from trilateral.vocabulary import iri

PLANTED = "https://example.org/planted/"
# Pairs that no axiom of ours declares disjoint, but those of the vocabularies it is aligned with.
BY_ALIGNMENT = (
    ("tri:Affiliation", "org:Organization"),
    ("tri:CodedStatement", "prov:Activity"),
    ("tri:Designation", "skos:Concept"),
    ("tri:Person", "org:Organization"),
    ("tri:Recommendation", "prov:Activity"),
    ("tri:Source", "org:Organization"),
)
Planted = dict[str, list[str]]


def plant(terms: Graph) -> tuple[Graph, Planted]:
    """Return ontology and planted classes, and the names of those by kind of contradiction."""
    graph = Graph() + terms
    planted: Planted = {}
    for kind, uppers in _contradictions(terms, graph):
        names = planted.setdefault(kind, [])
        name = URIRef(f"{PLANTED}{kind.replace(' ', '-')}-{len(names)}")
        graph.add((name, RDF.type, OWL.Class))
        for upper in uppers:
            graph.add((name, RDFS.subClassOf, upper))
        names.append(str(name))
    return graph, planted


def harmless(graph: Graph) -> Graph:
    """Return a graph without the axioms that make the planted classes impossible."""
    kept = Graph()
    for subject, predicate, value in graph:
        datatype = predicate == RDFS.range and str(value).startswith(str(XSD))
        if predicate != OWL.disjointWith and value != OWL.FunctionalProperty and not datatype:
            kept.add((subject, predicate, value))
    return kept


def _contradictions(terms: Graph, graph: Graph) -> Iterator[tuple[str, list[Node]]]:
    """Yield the kind of each contradiction and the classes that nothing can be in at once."""
    for one, other in sorted(terms.subject_objects(OWL.disjointWith)):
        if str(one).startswith(prefixes()["tri"]):
            yield "disjoint classes", [one, other]
    for left, right in BY_ALIGNMENT:
        yield "disjoint by alignment", [URIRef(iri(left)), URIRef(iri(right))]
    for link, owner in sorted(terms.subject_objects(RDFS.domain)):
        if stranger := _stranger(terms, owner):
            anything = OWL.Thing if _links(terms, link) else RDFS.Literal
            yield "domain", [stranger, _restriction(graph, link, OWL.someValuesFrom, anything)]
    for link, value in sorted(terms.subject_objects(RDFS.range)):
        if not _links(terms, link):
            # No datatype in use has language-tagged text among its values but rdf:langString.
            wrong = Literal(1) if value == RDF.langString else Literal("text", lang="en")
            yield "datatype", [_restriction(graph, link, OWL.hasValue, wrong)]
        elif stranger := _stranger(terms, value):
            yield "range", [_restriction(graph, link, OWL.someValuesFrom, stranger)]
    for link in sorted(terms.subjects(RDF.type, OWL.FunctionalProperty)):
        two = Literal(2, datatype=XSD.nonNegativeInteger)
        yield "functional property", [_restriction(graph, link, OWL.minCardinality, two)]


def _links(terms: Graph, link: Node) -> bool:
    return (link, RDF.type, OWL.ObjectProperty) in terms


def _restriction(graph: Graph, link: Node, kind: URIRef, value: Node) -> Node:
    node = BNode()
    graph.add((node, RDF.type, OWL.Restriction))
    graph.add((node, OWL.onProperty, link))
    graph.add((node, kind, value))
    return node


def _stranger(terms: Graph, owner: Node) -> Node | None:
    """Return the first class that is disjoint with a class or with one above it."""
    above = list(terms.transitive_objects(owner, RDFS.subClassOf))
    found = {other for upper in above for other in terms.objects(upper, OWL.disjointWith)}
    found |= {other for upper in above for other in terms.subjects(OWL.disjointWith, upper)}
    return min(found, default=None)
