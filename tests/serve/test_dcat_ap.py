"""The catalogue meets what DCAT-AP makes mandatory; each demand can fail."""

from pathlib import Path

import pytest
from pyshacl import validate
from rdflib import DCTERMS, FOAF, RDF, Graph, Literal, Namespace, URIRef

DCAT = Namespace("http://www.w3.org/ns/dcat#")
SH = Namespace("http://www.w3.org/ns/shacl#")
SHAPES = Graph().parse(Path(__file__).parent / "dcat_ap.ttl")


@pytest.fixture(scope="module")
def catalogue(world_client):
    answer = world_client.get("/dcat", headers={"accept": "text/turtle"}, follow_redirects=True)
    assert answer.status_code == 200
    return Graph().parse(data=answer.text)


def found(graph):
    """Each result as its shape's class and its path."""
    _, report, _ = validate(graph, shacl_graph=SHAPES)
    return {
        (report.value(result, SH.focusNode), report.value(result, SH.resultPath))
        for result in report.subjects(RDF.type, SH.ValidationResult)
    }


def test_the_catalogue_conforms_and_there_is_one_of_each(catalogue):
    assert found(catalogue) == set()
    kinds = (DCAT.Catalog, DCAT.Dataset, DCAT.Distribution, DCAT.DataService, FOAF.Agent)
    assert all((None, RDF.type, kind) in catalogue for kind in kinds)


@pytest.mark.parametrize(
    ("kind", "path"),
    [
        (FOAF.Agent, FOAF.name),
        (DCAT.Catalog, DCTERMS.title),
        (DCAT.Catalog, DCTERMS.description),
        (DCAT.Catalog, DCTERMS.publisher),
        (DCAT.Dataset, DCTERMS.title),
        (DCAT.Dataset, DCTERMS.description),
        (DCAT.Distribution, DCAT.accessURL),
        (DCAT.DataService, DCTERMS.title),
        (DCAT.DataService, DCAT.endpointURL),
    ],
)
def test_what_is_mandatory_is_missed(catalogue, kind, path):
    spoilt = Graph() + catalogue
    thing = min(spoilt.subjects(RDF.type, kind))
    spoilt.remove((thing, path, None))
    assert (thing, path) in found(spoilt)


@pytest.mark.parametrize(
    ("kind", "path", "value"),
    [
        (DCAT.Catalog, DCTERMS.publisher, URIRef("https://example.org/another")),
        (DCAT.Catalog, DCTERMS.license, URIRef("https://example.org/another")),
        (DCAT.Distribution, DCAT.mediaType, URIRef("https://example.org/another")),
        (DCAT.Dataset, DCAT.distribution, URIRef("https://example.org/no-distribution")),
        (DCAT.DataService, DCAT.endpointURL, Literal("https://example.org/")),
    ],
)
def test_what_may_stand_once_or_is_of_one_kind_is_held_to_it(catalogue, kind, path, value):
    spoilt = Graph() + catalogue
    thing = min(spoilt.subjects(RDF.type, kind))
    spoilt.add((thing, path, value))
    assert (thing, path) in found(spoilt)
