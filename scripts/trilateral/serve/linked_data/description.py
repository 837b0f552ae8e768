"""Description: what is served here, as RDF: the service, VoID, DCAT and the questions.

URLs that a client fetches are at the host that it asked, so that a copy of the server
describes itself; the IRIs of the dataset and its parts are of the published base, as they
name the same thing everywhere. Nothing is claimed that does not work, and nobody is named
whom the metadata of the project do not name.
"""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import quote

import pyoxigraph as ox
from starlette.requests import Request

from trilateral import __version__
from trilateral.prefixes import prefixes
from trilateral.serve.api.names import terms_of
from trilateral.serve.linked_data.documents import LICENSE, RDF, WHOLE, Format
from trilateral.serve.linked_data.statements import Statements, expand
from trilateral.serve.linked_data.statistics import read_statistics
from trilateral.serve.site import Site
from trilateral.serve.web import http

# As CITATION.cff has them, which does not come with the package.
TITLE = "Trilateral: who stands where in the Indo-Pacific, according to whom and on which words"
ABSTRACT = (
    "An open knowledge graph of actors, frameworks, events and stances in the Indo-Pacific, "
    "coded from published documents passage by passage."
)
KEYWORDS = ("linked data", "content analysis", "international relations", "Indo-Pacific")
CREATOR = "The Trilateral contributors"
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


def _say_what_it_is(graph: Statements, thing: str, title: str = TITLE) -> None:
    graph.add(
        thing, dct_title=_english(title), dct_description=_english(ABSTRACT), dct_license=LICENSE
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
        dct_license=LICENSE,
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
        void_sparqlEndpoint=origin + "/sparql",
        void_dataDump=[f"{origin}/dataset.{each.ending}" for each in _files(site)],
        void_feature=[f"formats:{name}" for name in _NAMES.values()],
        void_vocabulary=sorted(_vocabularies([*counts.classes, *counts.properties])),
        void_exampleResource=_examples(site),
        void_triples=counts.triples,
        void_entities=counts.entities,
        void_classes=len(counts.classes),
        void_properties=len(counts.properties),
        void_distinctSubjects=counts.subjects,
        void_distinctObjects=counts.objects,
    )
    for iri, number in counts.classes.items():
        part = f"{here}class-{_slug(iri)}"
        graph.add(dataset, void_classPartition=part)
        graph.add(part, void_class=iri, void_entities=number)
    for iri, number in counts.properties.items():
        part = f"{here}property-{_slug(iri)}"
        graph.add(dataset, void_propertyPartition=part)
        graph.add(part, void_property=iri, void_triples=number)
    return graph


def _files(site: Site) -> tuple[Format, ...]:
    """Return the formats in which all data can be had, none where they are too many."""
    return RDF if site.engine.quads <= WHOLE else ()


def _slug(iri: str) -> str:
    """Return what tells a term apart within a document."""
    return "-".join(prefixes().split(iri) or [quote(iri, safe="")])


def _vocabularies(terms: Iterable[str]) -> set[str]:
    return {iri[: max(iri.rfind("/"), iri.rfind("#")) + 1] for iri in terms}


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
    catalog, dataset, creator = base + "dcat", base + "void#dataset", here + "creator"
    services = [here + "sparql", here + "graphs", here + "questions"]
    _say_what_it_is(graph, catalog)
    _say_what_it_is(graph, dataset)
    graph.add(
        catalog, rdf_type="dcat:Catalog", dcat_dataset=dataset, dcat_service=services,
        foaf_homepage=origin + "/", dct_publisher=creator,
    )  # fmt: skip
    graph.add(creator, rdf_type="foaf:Agent", foaf_name=ox.Literal(CREATOR))
    graph.add(
        dataset,
        rdf_type="dcat:Dataset",
        dct_creator=creator,
        # Who makes the data gives them out: there is no other body.
        dct_publisher=creator,
        dct_identifier=ox.Literal(dataset),
        dct_conformsTo=base + "ontology",
        dcat_keyword=[_english(each) for each in KEYWORDS],
        dcat_landingPage=origin + "/",
        dcat_version=ox.Literal(f"{__version__}+{site.version[:12]}"),
    )
    for each in _files(site):
        part = here + each.ending
        graph.add(dataset, dcat_distribution=part)
        graph.add(
            part,
            rdf_type="dcat:Distribution",
            dct_title=_english(f"All data as {each.name}"),
            dct_license=LICENSE,
            dcat_accessURL=f"{origin}/dataset.{each.ending}",
            dcat_downloadURL=f"{origin}/dataset.{each.ending}",
            dcat_mediaType=_MEDIA_TYPES + each.media,
            dcat_accessService=services[:2],
        )
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
            dct_license=LICENSE,
            dct_conformsTo=standard,
            dcat_endpointURL=origin + path,
            dcat_endpointDescription=origin + described,
            dcat_servesDataset=dataset,
        )
    return graph


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
            schema_target=origin + "/sparql",
            sh_prefixes=here + "prefixes",
            **{text.replace(":", "_"): query},
        )
        if question.description:
            graph.add(here + name, dct_description=_english(question.description))
    return graph
