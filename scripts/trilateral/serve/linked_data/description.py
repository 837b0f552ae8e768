"""Description: what is served here, as RDF: the service, VoID, DCAT and the questions.

URLs that a client fetches are at the host that it asked, so that a copy of the server
describes itself; the IRIs of the dataset and its parts are of the published base, as they
name the same thing everywhere. Nothing is claimed that does not work, and nobody is named
whom the metadata of the project do not name.
"""

from __future__ import annotations

from dataclasses import asdict
from functools import cache
from typing import Any
from urllib.parse import quote

import pyoxigraph as ox
from starlette.requests import Request

from trilateral import __version__, licences
from trilateral.home import find_home
from trilateral.prefixes import prefixes
from trilateral.publish.metadata.citation import publisher_of, read_authors, read_citation
from trilateral.publish.metadata.schema_org import agent
from trilateral.serve.api.names import terms_of
from trilateral.serve.linked_data.documents import files_of
from trilateral.serve.linked_data.statements import Statements, expand
from trilateral.serve.linked_data.statistics import read_statistics
from trilateral.serve.linked_data.void import say_counts
from trilateral.serve.site import Site
from trilateral.serve.web import http

_NAMES = {
    "ttl": "Turtle",
    "jsonld": "JSON-LD",
    "nt": "N-Triples",
    "rdf": "RDF_XML",
    "trig": "TriG",
    "nq": "N-Quads",
}
_MEDIA_TYPES = "https://www.iana.org/assignments/media-types/"
_EXECUTABLE = {
    "SELECT": ("sh:SPARQLSelectExecutable", "sh:select"),
    "ASK": ("sh:SPARQLAskExecutable", "sh:ask"),
    "CONSTRUCT": ("sh:SPARQLConstructExecutable", "sh:construct"),
}


def _english(text: str) -> ox.Literal:
    return ox.Literal(text, language="en")


@cache
def _citation() -> dict[str, Any]:
    """Return the citation of the project, which comes with the package."""
    return read_citation(find_home().root)


def _say_what_it_is(graph: Statements, thing: str) -> None:
    told = _citation()
    graph.add(
        thing,
        dct_title=_english(told["title"]),
        dct_description=_english(told["abstract"]),
        dct_license=licences.OF_DATA,
    )


async def describe_service(site: Site, request: Request) -> Statements:
    """Return the service description of the endpoint (SPARQL 1.1 Service Description)."""
    origin = http.origin(request)
    counts = await read_statistics(site)
    here = prefixes().base + "sparql#"
    graph = Statements(here)
    results = [f"formats:SPARQL_Results_{name}" for name in ("JSON", "XML", "CSV", "TSV")]
    graph.add(
        here + "service",
        rdf_type="sd:Service",
        sd_endpoint=origin + "/sparql",
        sd_supportedLanguage="sd:SPARQL11Query",
        sd_feature="sd:UnionDefaultGraph",
        sd_resultFormat=[*results, *(f"formats:{name}" for name in _NAMES.values())],
        sd_defaultDataset=here + "dataset",
        sd_availableGraphs=here + "graphs",
        dct_license=licences.OF_DATA,
    )
    graph.add(here + "dataset", rdf_type="sd:Dataset", sd_defaultGraph=here + "union")
    graph.add(here + "graphs", rdf_type="sd:GraphCollection")
    graph.add(here + "union", rdf_type="sd:Graph", void_triples=counts.triples)
    for iri, triples in counts.graphs.items():
        name = here + quote(iri.removeprefix(prefixes()["graph"]), safe="")
        graph.add(here + "dataset", sd_namedGraph=name)
        graph.add(here + "graphs", sd_namedGraph=name)
        graph.add(name, rdf_type="sd:NamedGraph", sd_name=iri, sd_graph=iri)
        graph.add(iri, rdf_type="sd:Graph", void_triples=triples)
    return graph


async def describe_dataset(site: Site, request: Request) -> Statements:
    """Return the VoID description of the data, with counts that equal COUNT queries."""
    origin = http.origin(request)
    counts = await read_statistics(site)
    base = prefixes().base
    here = base + "void#"
    graph = Statements(here)
    dataset = here + "dataset"
    graph.add(base + "void", rdf_type="void:DatasetDescription", foaf_primaryTopic=dataset)
    _say_what_it_is(graph, dataset)
    graph.add(
        dataset,
        rdf_type="void:Dataset",
        foaf_homepage=origin + "/",
        void_uriSpace=ox.Literal(base),
        void_sparqlEndpoint=[origin + "/sparql"] if site.live else [],
        void_dataDump=[f"{origin}/dataset.{each.ending}" for each in files_of(site)],
        void_feature=[f"formats:{name}" for name in _NAMES.values()],
        void_exampleResource=_examples(site),
    )
    say_counts(graph, dataset, here, asdict(counts))
    return graph


def _examples(site: Site) -> list[str]:
    """Return one thing of each kind that readers begin with, where there is any."""
    kinds = ("actor", "framework", "event", "source", "proposition")
    found = (
        min((iri for iri in site.labels if iri.startswith(prefixes()[kind])), default="")
        for kind in kinds
    )
    return [iri for iri in found if iri]


async def describe_catalog(site: Site, request: Request) -> Statements:
    """Return the catalogue (DCAT 3): the dataset, its distributions and the services."""
    origin = http.origin(request)
    base = prefixes().base
    here = base + "dcat#"
    graph = Statements(here)
    catalog, dataset = base + "dcat", base + "void#dataset"
    authors = read_authors(_citation())
    creators = [f"{here}creator-{at}" for at in range(1, len(authors) + 1)]
    # Who makes the data gives them out: there is no other body.
    publisher = creators[authors.index(publisher_of(authors))]
    # Files answer no queries.
    services = [f"{here}{each}" for each in ("sparql", "graphs", "questions") if site.live]
    _say_what_it_is(graph, catalog)
    _say_what_it_is(graph, dataset)
    graph.add(
        catalog, rdf_type="dcat:Catalog", dcat_dataset=dataset, dcat_service=services,
        foaf_homepage=origin + "/", dct_publisher=publisher,
    )  # fmt: skip
    for creator, author in zip(creators, authors, strict=True):
        graph.add(creator, rdf_type="foaf:Agent", foaf_name=ox.Literal(author.name))
    graph.add(
        dataset,
        rdf_type="dcat:Dataset",
        dct_creator=creators,
        dct_publisher=publisher,
        dct_identifier=ox.Literal(dataset),
        dct_conformsTo=base + "ontology",
        dcat_keyword=[_english(each) for each in _citation()["keywords"]],
        dcat_landingPage=origin + "/",
        dcat_version=ox.Literal(f"{__version__}+{site.engine.digest}"),
    )
    for each in files_of(site):
        part = here + each.ending
        graph.add(dataset, dcat_distribution=part)
        graph.add(
            part,
            rdf_type="dcat:Distribution",
            dct_title=_english(f"All data as {each.name}"),
            dct_license=licences.OF_DATA,
            dcat_accessURL=f"{origin}/dataset.{each.ending}",
            dcat_downloadURL=f"{origin}/dataset.{each.ending}",
            dcat_mediaType=_MEDIA_TYPES + each.media,
            dcat_accessService=services[:2],
        )
    if not services:
        return graph
    tr = "https://www.w3.org/TR/"
    for service, title, path, described, standard in (
        (services[0], "SPARQL endpoint", "/sparql", "/sparql", tr + "sparql11-protocol/"),
        (services[1], "Graph store, for reading", "/graphs", "/sparql",
         tr + "sparql11-http-rdf-update/"),
        (services[2], "Named questions", "/api", "/api/openapi.json",
         "https://spec.openapis.org/oas/v3.1.0"),
    ):  # fmt: skip
        graph.add(
            service,
            rdf_type="dcat:DataService",
            dct_title=_english(title),
            dct_license=licences.OF_DATA,
            dct_conformsTo=standard,
            dcat_endpointURL=origin + path,
            dcat_endpointDescription=origin + described,
            dcat_servesDataset=dataset,
        )
    return graph


def describe_for_search(site: Site, request: Request) -> dict[str, Any]:
    """Return what search engines for datasets read in a page (schema.org), as JSON-LD."""
    origin, told = http.origin(request), _citation()
    authors = read_authors(told)
    return {
        "@context": "https://schema.org/",
        "@type": "Dataset",
        "@id": prefixes().base + "void#dataset",
        "name": told["title"],
        "description": told["abstract"],
        "url": origin + "/",
        "identifier": prefixes().base,
        "license": licences.OF_DATA,
        "isAccessibleForFree": True,
        "keywords": told["keywords"],
        "version": __version__,
        "creator": [agent(each) for each in authors],
        "publisher": agent(publisher_of(authors)),
        "distribution": [
            {
                "@type": "DataDownload",
                "name": f"All data as {each.name}",
                "encodingFormat": each.media,
                "contentUrl": f"{origin}/dataset.{each.ending}",
            }
            for each in files_of(site)
        ],
    }


async def describe_questions(site: Site, request: Request) -> Statements:
    """Return the named questions as examples of queries (SHACL's executables)."""
    origin = http.origin(request)
    here = prefixes().base + "sparql-examples#"
    graph = Statements(here)
    for prefix, namespace in prefixes().items():
        name = f"{here}prefix-{prefix}"
        graph.add(here + "prefixes", sh_declare=name)
        space = ox.Literal(namespace, datatype=ox.NamedNode(expand("xsd:anyURI")))
        graph.add(name, sh_prefix=ox.Literal(prefix), sh_namespace=space)
    for name, question in site.questions.items():
        kind, text = _EXECUTABLE[question.form]
        query = ox.Literal(question.bound(await terms_of(site, request, question, {})))
        graph.add(
            here + name,
            rdf_type=["sh:SPARQLExecutable", kind],
            rdfs_comment=_english(question.summary),
            schema_keywords=[_english(each) for each in question.tags],
            schema_target=[origin + "/sparql"] if site.live else [],
            sh_prefixes=here + "prefixes",
            **{text.replace(":", "_"): query},
        )
        if question.description:
            graph.add(here + name, dct_description=_english(question.description))
    return graph
