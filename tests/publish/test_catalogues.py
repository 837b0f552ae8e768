"""What catalogues read about a release: each format against its own validator, which can fail."""

import copy
import gzip
import json
from datetime import date
from importlib import resources

import mlcroissant
import pyarrow.parquet
import pyld
import pyoxigraph as ox
import pytest
import rdflib
import yaml
from datacite import schema45
from jsonschema import ValidationError
from rdflib import DCTERMS, RDF, Graph, Literal, Namespace, URIRef
from rocrate.rocrate import ROCrate
from tests.publish.conftest import DAY, ROOT, files, home_of
from tests.serve.test_dcat_ap import found as results

from trilateral import __version__
from trilateral.publish.metadata.citation import read_citation
from trilateral.publish.metadata.facts import gather_facts
from trilateral.publish.metadata.formats import write_formats
from trilateral.publish.release import tables
from trilateral.publish.release.plan import Plan

DCAT = Namespace("http://www.w3.org/ns/dcat#")
SPDX = Namespace("http://spdx.org/rdf/terms#")
VOID = Namespace("http://rdfs.org/ns/void#")
AT = "https://example.org/releases/2026-03-01/"
IRI = f"https://w3id.org/trilateral/version/{DAY}/"
LICENCE = "https://creativecommons.org/licenses/by/4.0/"
NAMES = (
    *("dcat.ttl", "dcat.jsonld", "void.ttl", "schema.jsonld", "croissant.json"),
    *("ro-crate-metadata.json", "datacite.json", "codemeta.json"),
)
ABOUT = {*NAMES, "manifest.json", "SHA256SUMS", "CITATION.cff", "LICENSE-data", "README.md"}


@pytest.fixture(scope="module")
def citation():
    return yaml.safe_load((ROOT / "CITATION.cff").read_text("utf-8"))


@pytest.fixture(scope="module")
def manifest(released):
    return json.loads((released / "manifest.json").read_text("utf-8"))


def read(folder, name):
    return json.loads((folder / name).read_text("utf-8"))


def graph(folder, name):
    """An RDF file as who fetches it from where a release may lie reads it."""
    form = "turtle" if name.endswith(".ttl") else "json-ld"
    return Graph().parse(data=(folder / name).read_text("utf-8"), format=form, publicID=AT + name)


@pytest.fixture(scope="module")
def catalogued(released):
    return graph(released, "dcat.ttl")


@pytest.fixture(scope="module")
def context():
    """All terms of schema.org and CodeMeta, as the context of RO-Crate has them."""
    text = resources.files("rocrate").joinpath("data/ro-crate.jsonld").read_text("utf-8")
    return json.loads(text)["@context"]


def unknown(document, context):
    """The properties and types of a document that are no terms of a context."""
    dropped = []
    document = {**document, "@context": context}
    expanded = pyld.jsonld.expand(document, {"base": AT}, on_property_dropped=dropped.append)
    # A type that is no term is read as an address beside the document.
    return set(dropped) | {each for each in types(expanded) if each.startswith(AT)}


def types(value):
    if isinstance(value, list):
        return set().union(*map(types, value))
    if not isinstance(value, dict):
        return set()
    return set(value.get("@type", ())).union(*map(types, value.values()))


# ------------------------------------------------------------------------- DCAT


def test_dcat_conforms_to_the_profile(catalogued):
    assert results(catalogued) == set()
    kinds = (DCAT.Dataset, DCAT.Distribution, SPDX.Checksum, rdflib.FOAF.Agent)
    assert all((None, RDF.type, kind) in catalogued for kind in kinds)


@pytest.mark.parametrize(
    ("kind", "path"),
    [
        *((DCAT.Dataset, path) for path in (DCTERMS.title, DCTERMS.description)),
        (DCAT.Distribution, DCAT.accessURL),
        *((SPDX.Checksum, path) for path in (SPDX.algorithm, SPDX.checksumValue)),
    ],
)
def test_dcat_without_something_mandatory_does_not_conform(kind, path, catalogued):
    spoilt = Graph() + catalogued
    thing = min(spoilt.subjects(RDF.type, kind))
    spoilt.remove((thing, path, None))
    assert (thing, path) in results(spoilt)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (DCAT.byteSize, Literal(1)),
        (DCTERMS.format, Literal("CSV")),
        (DCAT.compressFormat, Literal("gzip")),
        (SPDX.checksum, URIRef("https://example.org/no-checksum")),
    ],
)
def test_dcat_with_a_value_of_another_kind_does_not_conform(path, value, catalogued):
    spoilt = Graph() + catalogued
    thing = min(spoilt.subjects(RDF.type, DCAT.Distribution))
    spoilt.set((thing, path, value))
    assert (thing, path) in results(spoilt)


def test_dcat_says_what_the_citation_says(catalogued, citation):
    dataset = URIRef(AT)
    assert list(catalogued.subjects(RDF.type, DCAT.Dataset)) == [dataset]
    for path, value in (
        (DCTERMS.title, Literal(citation["title"], "en")),
        (DCTERMS.description, Literal(citation["abstract"], "en")),
        (DCTERMS.license, URIRef(LICENCE)),
        (DCTERMS.issued, Literal(DAY, datatype=rdflib.XSD.date)),
        (DCAT.version, Literal(DAY)),
        (DCAT.landingPage, URIRef(citation["url"])),
        (DCTERMS.identifier, Literal(IRI, datatype=rdflib.XSD.anyURI)),
    ):
        assert list(catalogued.objects(dataset, path)) == [value]
    assert {str(each) for each in catalogued.objects(dataset, DCAT.keyword)} == set(
        citation["keywords"]
    )
    (creator,) = catalogued.objects(dataset, DCTERMS.creator)
    assert list(catalogued.objects(dataset, DCTERMS.publisher)) == [creator]
    assert str(catalogued.value(creator, rdflib.FOAF.name)) == "The Trilateral contributors"


def test_dcat_has_a_distribution_with_size_and_checksum_for_each_file(catalogued, manifest):
    told = {}
    for part in catalogued.objects(URIRef(AT), DCAT.distribution):
        checksum = catalogued.value(part, SPDX.checksum)
        assert catalogued.value(checksum, SPDX.algorithm) == SPDX.checksumAlgorithm_sha256
        assert catalogued.value(part, DCTERMS.license) == URIRef(LICENCE)
        assert catalogued.value(part, DCTERMS.title)
        address = catalogued.value(part, DCAT.downloadURL)
        assert address == catalogued.value(part, DCAT.accessURL)
        told[address.removeprefix(AT)] = {
            "sha256": str(catalogued.value(checksum, SPDX.checksumValue)),
            "bytes": int(catalogued.value(part, DCAT.byteSize)),
        }
    assert told == {
        name: {"sha256": entry["sha256"], "bytes": entry["bytes"]}
        for name, entry in manifest["files"].items()
        if name not in ABOUT
    }


# The media types and file types, as written by hand; those of the EU as public catalogues use them.
@pytest.mark.parametrize(
    ("name", "media", "packed", "code"),
    [
        ("dataset.nq.gz", "application/n-quads", True, "RDF_N_QUADS"),
        ("dataset.trig.gz", "application/trig", True, "RDF_TRIG"),
        ("dataset.jsonld.gz", "application/ld+json", True, "JSON_LD"),
        ("dataset.ttl.gz", "text/turtle", True, "RDF_TURTLE"),
        ("dataset.rdf.gz", "application/rdf+xml", True, "RDF_XML"),
        ("tables/actors.csv", "text/csv", False, "CSV"),
        ("tables/actors.parquet", "application/vnd.apache.parquet", False, "PARQUET"),
        ("tables/csv-metadata.json", "application/json", False, "JSON"),
        ("trilateral.sqlite", "application/vnd.sqlite3", False, None),
        (f"packages/trilateral-{__version__}.tar.gz", "application/gzip", False, None),
        (f"packages/trilateral-{__version__}-py3-none-any.whl", "application/zip", False, "ZIP"),
    ],
)
def test_dcat_names_the_format_of_each_kind_of_file(name, media, packed, code, catalogued):
    (part,) = catalogued.subjects(DCAT.downloadURL, URIRef(AT + name))
    types = "https://www.iana.org/assignments/media-types/"
    assert catalogued.value(part, DCAT.mediaType) == URIRef(types + media)
    gzipped = URIRef(types + "application/gzip") if packed else None
    assert catalogued.value(part, DCAT.compressFormat) == gzipped
    authority = "http://publications.europa.eu/resource/authority/file-type/"
    assert catalogued.value(part, DCTERMS.format) == (URIRef(authority + code) if code else None)


def test_both_files_of_dcat_say_the_same(released, catalogued):
    assert set(graph(released, "dcat.jsonld")) == set(catalogued)


# ------------------------------------------------------------------------- VoID

# What each number of a description counts, as VoID defines it.
TOTALS = {
    VOID.triples: "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }",
    VOID.distinctSubjects: "SELECT (COUNT(DISTINCT ?s) AS ?n) { ?s ?p ?o }",
    VOID.distinctObjects: "SELECT (COUNT(DISTINCT ?o) AS ?n) { ?s ?p ?o }",
    VOID.properties: "SELECT (COUNT(DISTINCT ?p) AS ?n) { ?s ?p ?o }",
    VOID.classes: "SELECT (COUNT(DISTINCT ?c) AS ?n) { ?s a ?c }",
    VOID.entities: "SELECT (COUNT(DISTINCT ?s) AS ?n) { ?s ?p ?o "
    'FILTER STRSTARTS(STR(?s), "https://w3id.org/trilateral/") }',
}
PARTITIONS = (
    (VOID.classPartition, VOID["class"], VOID.entities,
     "SELECT ?x (COUNT(DISTINCT ?s) AS ?n) { ?s a ?x } GROUP BY ?x"),
    (VOID.propertyPartition, VOID.property, VOID.triples,
     "SELECT ?x (COUNT(*) AS ?n) { ?s ?x ?o } GROUP BY ?x"),
)  # fmt: skip


@pytest.fixture(scope="module")
def triples(released):
    """All triples of a release, whatever their graph."""
    store = ox.Store()
    text = gzip.decompress((released / "dataset.ttl.gz").read_bytes())
    store.bulk_load(text, ox.RdfFormat.TURTLE)
    return store


def wrong(described, triples):
    """The numbers of a description that are not those of a query, by what they count."""
    dataset, found = URIRef(AT), set()
    for path, query in TOTALS.items():
        ((number,),) = triples.query(query)
        if [int(each) for each in described.objects(dataset, path)] != [int(number.value)]:
            found.add(path)
    for path, term, count, query in PARTITIONS:
        told = {
            (str(described.value(part, term)), int(described.value(part, count)))
            for part in described.objects(dataset, path)
        }
        counted = {(each.value, int(number.value)) for each, number in triples.query(query)}
        found |= {name for name, _ in told ^ counted}
    return found


def test_void_says_the_numbers_that_queries_count(released, triples):
    described = graph(released, "void.ttl")
    assert wrong(described, triples) == set()
    parts = list(described.objects(URIRef(AT), VOID.classPartition))
    assert len(parts) > 40
    for dump in described.objects(URIRef(AT), VOID.dataDump):
        assert (released / dump.removeprefix(AT)).is_file()


def test_another_number_or_a_missing_partition_of_void_is_found(released, triples):
    described = graph(released, "void.ttl")
    described.set((URIRef(AT), VOID.triples, Literal(1)))
    state, holder = (f"https://w3id.org/trilateral/ontology#{name}" for name in ("State", "holder"))
    (part,) = described.subjects(VOID["class"], URIRef(state))
    assert int(described.value(part, VOID.entities)) == 4
    described.set((part, VOID.entities, Literal(5)))
    (part,) = described.subjects(VOID.property, URIRef(holder))
    described.remove((None, VOID.propertyPartition, part))
    assert wrong(described, triples) == {VOID.triples, state, holder}


# ------------------------------------------------------------------- schema.org


def unfit_for_search(document, context):
    """What Google's guidelines for datasets ask and a document lacks, and terms that are none."""
    found = unknown(document, context)
    found |= {name for name in ("name", "description") if not document.get(name)}
    if not 50 <= len(document.get("description", "")) <= 5000:
        found.add("description")
    if document.get("@type") != "Dataset":
        found.add("@type")
    for each in document.get("distribution", []):
        if each.get("@type") != "DataDownload" or not each.get("contentUrl"):
            found.add("distribution")
    return found


def test_schema_org_has_what_search_engines_ask(released, context, citation):
    document = read(released, "schema.jsonld")
    assert unfit_for_search(document, context) == set()
    assert document["@context"] == "https://schema.org/"
    assert (document["name"], document["description"]) == (citation["title"], citation["abstract"])
    assert (document["license"], document["version"]) == (LICENCE, DAY)
    assert document["creator"] == [{"@type": "Organization", "name": "The Trilateral contributors"}]
    assert {each["contentUrl"] for each in document["distribution"]} == set(files(released)) - ABOUT


@pytest.mark.parametrize(
    ("change", "found"),
    [
        (lambda told: told.pop("name"), "name"),
        (lambda told: told.update(description="Too short."), "description"),
        (lambda told: told.update({"@type": "DataSet"}), "@type"),
        (lambda told: told.update(licence=LICENCE), "licence"),
        (lambda told: told["distribution"][0].pop("contentUrl"), "distribution"),
        (lambda told: told["creator"][0].update({"@type": "Team"}), AT + "Team"),
    ],
)
def test_schema_org_that_lacks_something_is_found(change, found, released, context):
    document = read(released, "schema.jsonld")
    change(document)
    assert found in unfit_for_search(document, context)


# -------------------------------------------------------------------- Croissant


def test_croissant_is_valid_and_its_records_are_those_of_the_tables(released, manifest):
    described = mlcroissant.Dataset(jsonld=released / "croissant.json")
    assert not described.metadata.ctx.issues.errors
    # The version is a day and not one of software, and nothing else is left to be wished for.
    (warning,) = described.metadata.ctx.issues.warnings
    assert f"MAJOR.MINOR.PATCH: {DAY}" in warning
    rows = {}
    for each in described.metadata.record_sets:
        rows[each.name] = sum(1 for _ in described.records(each.uuid))
    assert rows == manifest["tables"]
    read = pyarrow.parquet.read_table(released / "tables" / "actors.parquet").to_pylist()
    told = [
        {name.partition("/")[2]: value.decode() if isinstance(value, bytes) else value
         for name, value in record.items()}
        for record in described.records("#actors")
    ]  # fmt: skip
    assert told == read


def test_croissant_describes_each_table_in_both_formats(released):
    document = read(released, "croissant.json")
    names = {path.stem for path in (ROOT / "queries" / "tables").glob("*.rq")}
    assert {each["contentUrl"] for each in document["distribution"]} == {
        f"tables/{name}.{ending}" for name in names for ending in ("csv", "parquet")
    }
    (actors,) = (each for each in document["recordSet"] if each["name"] == "actors")
    types = {each["name"]: each["dataType"] for each in actors["field"]}
    assert (types["actor"], types["latitude"]) == ("sc:URL", "sc:Float")
    # Several addresses in one cell are no address.
    assert types["same_as"] == "sc:Text"


@pytest.mark.parametrize(
    "change",
    [
        lambda told: told.pop("conformsTo"),
        lambda told: told["distribution"][0].pop("contentUrl"),
        lambda told: told["distribution"][0].pop("sha256"),
        lambda told: told["recordSet"][0]["field"][0]["source"].update(
            fileObject={"@id": "tables/none.parquet"}
        ),
    ],
)
def test_croissant_that_lacks_something_is_invalid(change, released):
    document = read(released, "croissant.json")
    # A small one is enough, and read sooner.
    document["recordSet"] = document["recordSet"][:1]
    mlcroissant.Dataset(jsonld=copy.deepcopy(document))
    change(document)
    with pytest.raises(mlcroissant.ValidationError):
        mlcroissant.Dataset(jsonld=document)


# --------------------------------------------------------------------- RO-Crate


def unfit_crate(folder, context):
    """What RO-Crate 1.2 requires and a folder lacks, and what is not as the crate tells it."""
    document = read(folder, "ro-crate-metadata.json")
    found = unknown(document, context)
    crate = ROCrate(folder)
    required = ("name", "description", "datePublished", "license")
    root = next(each for each in document["@graph"] if each["@id"] == "./")
    found |= {name for name in required if not root.get(name)}
    found |= referred(document["@graph"]) - {entity["@id"] for entity in document["@graph"]}
    for each in crate.data_entities:
        path = folder / each.id
        if not path.is_file() or path.stat().st_size != int(each["contentSize"]):
            found.add(each.id)
    return found


def referred(entities):
    """The entities that others name; what they conform to is described elsewhere."""
    return {
        each["@id"]
        for entity in entities
        for name, value in entity.items()
        for each in (value if isinstance(value, list) else [value])
        if isinstance(each, dict) and name != "conformsTo"
    }


def test_ro_crate_opens_and_has_what_it_requires(released, context, citation):
    assert unfit_crate(released, context) == set()
    crate = ROCrate(released)
    assert crate.version == "1.2"
    assert crate.root_dataset["name"] == citation["title"]
    assert crate.root_dataset["license"].id == LICENCE
    assert crate.root_dataset["author"]["name"] == "The Trilateral contributors"
    assert {each.id for each in crate.data_entities} == set(files(released)) - ABOUT


@pytest.mark.parametrize(
    ("change", "found"),
    [
        (lambda graph: graph[1].pop("datePublished"), "datePublished"),
        (lambda graph: graph[1].update(licence=LICENCE), "licence"),
        (lambda graph: graph.pop(2), LICENCE),
        (lambda graph: graph[-1].update(contentSize="1"), "trilateral.sqlite"),
    ],
)
def test_ro_crate_that_lacks_something_is_found(change, found, spoilt, context):
    document = read(spoilt, "ro-crate-metadata.json")
    change(document["@graph"])
    (spoilt / "ro-crate-metadata.json").write_text(json.dumps(document), "utf-8")
    assert unfit_crate(spoilt, context) == {found}


def test_ro_crate_without_its_own_descriptor_does_not_open(spoilt):
    document = read(spoilt, "ro-crate-metadata.json")
    del document["@graph"][0]
    (spoilt / "ro-crate-metadata.json").write_text(json.dumps(document), "utf-8")
    with pytest.raises(KeyError):
        ROCrate(spoilt)


# --------------------------------------------------------------------- DataCite


def test_datacite_is_valid_and_invents_no_identifier(released, citation):
    document = read(released, "datacite.json")
    schema45.validator.validate(document)
    assert not {"doi", "prefix", "suffix"} & set(document)
    assert document["titles"] == [{"title": citation["title"], "lang": "en"}]
    assert document["creators"] == [
        {"name": "The Trilateral contributors", "nameType": "Organizational"}
    ]
    assert (document["publicationYear"], document["version"]) == ("2026", DAY)
    (rights,) = document["rightsList"]
    assert (rights["rightsIdentifier"], rights["rightsUri"]) == ("CC-BY-4.0", LICENCE)


@pytest.mark.parametrize(
    "change",
    [
        *(lambda told, name=name: told.pop(name) for name in
          ("creators", "titles", "publisher", "publicationYear", "types", "schemaVersion")),
        lambda told: told.update(license=LICENCE),
        lambda told: told.update(types={"resourceTypeGeneral": "Graph"}),
        lambda told: told["dates"][0].update(dateType="Yesterday"),
    ],
)  # fmt: skip
def test_datacite_that_lacks_something_is_invalid(change, released):
    document = read(released, "datacite.json")
    change(document)
    with pytest.raises(ValidationError):
        schema45.validator.validate(document)


# --------------------------------------------------------------------- CodeMeta


def test_codemeta_has_only_terms_and_says_what_the_package_says(released, context):
    document = read(released, "codemeta.json")
    assert document["@context"] == "https://w3id.org/codemeta/3.0"
    assert unknown(document, {**context, "id": "@id", "type": "@type"}) == set()
    assert document["type"] == "SoftwareSourceCode"
    assert (document["name"], document["version"]) == ("trilateral", __version__)
    assert document["license"] == ["https://spdx.org/licenses/MIT", LICENCE]
    (numpy,) = (each for each in document["softwareRequirements"] if each["name"] == "numpy")
    assert set(numpy["version"].split(",")) == {">=1.26", "<3"}
    assert "codeRepository" not in document


def test_codemeta_with_what_is_no_term_is_found(released, context):
    document = read(released, "codemeta.json") | {"licence": "MIT"}
    document["author"][0]["type"] = "Team"
    found = unknown(document, {**context, "id": "@id", "type": "@type"})
    assert found == {"licence", AT + "Team"}


# -------------------------------------------------------------- in all of them


def addresses(value):
    """The strings in a document that are addresses."""
    if isinstance(value, dict):
        value = [*value, *value.values()]
    if isinstance(value, list):
        return set().union(*map(addresses, value))
    return {value} if isinstance(value, str) and "://" in value else set()


def test_every_address_is_one_that_exists_or_is_named_by_the_description(released, citation):
    """Names of vocabularies and specifications, the licence, what the citation says: no others."""
    known = (
        *("http://www.w3.org/", "http://purl.org/", "http://xmlns.com/foaf/", "http://rdfs.org/"),
        *("http://spdx.org/rdf/terms#", "https://schema.org/", "http://mlcommons.org/croissant/"),
        *("https://w3id.org/ro/crate/1.2", "https://w3id.org/codemeta/3.0"),
        *("http://datacite.org/schema/kernel-4", "https://spdx.org/licenses/"),
        LICENCE,
        "https://www.iana.org/assignments/media-types/",
        "http://publications.europa.eu/resource/authority/file-type/",
        citation["url"],
    )
    for name in NAMES:
        if name.endswith(".ttl"):
            found = {str(term) for triple in graph(released, name) for term in triple
                     if isinstance(term, URIRef)}  # fmt: skip
            local = {each.removeprefix(AT) for each in found if each.startswith(AT)}
            assert {each.partition("#")[0] for each in local} <= {*files(released), ""}
            found = {each for each in found if not each.startswith(AT)}
        else:
            found = {each for each in addresses(read(released, name)) if "@misc" not in each}
        assert [each for each in found if not each.startswith(known)] == []


@pytest.fixture(scope="module")
def describe(project):
    """The metadata of a release of a few files, whose citation says something more."""
    home = home_of(project)
    made = {"dataset.nq.gz": b"x", "ontology.ttl": b"y"}
    counts = dict.fromkeys(("triples", "entities", "subjects", "objects", "quads"), 1)
    counted = counts | {"classes": {}, "properties": {}, "graphs": {}}

    def described(folder, **more):
        told = read_citation(project) | more
        plan = Plan(home, folder, date.fromisoformat(DAY), told)
        facts = gather_facts(plan, made, tables.read_tables(home)[:0], counted, "0" * 64)
        for name, data in (made | write_formats(facts)).items():
            (folder / name).write_bytes(data)
        return folder

    return described


def test_what_the_citation_adds_stands_in_each_format(describe, tmp_path, context):
    orcid, doi = "https://orcid.org/0000-0002-1825-0097", "10.5072/example"
    authors = [
        {"family-names": "Orr", "given-names": "Ada", "orcid": orcid},
        {"name": "The Harbour Institute"},
    ]
    repository = "https://example.org/code"
    folder = describe(tmp_path, authors=authors, doi=doi, **{"repository-code": repository})
    said = graph(folder, "dcat.ttl")
    assert results(said) == set()
    assert (URIRef(orcid), RDF.type, rdflib.FOAF.Person) in said
    # Who gives the data out is the body, though it is not the first author.
    publisher = said.value(URIRef(AT), DCTERMS.publisher)
    assert str(said.value(publisher, rdflib.FOAF.name)) == "The Harbour Institute"
    assert set(map(str, said.objects(URIRef(AT), DCTERMS.identifier))) == {
        IRI,
        f"https://doi.org/{doi}",
    }
    document = read(folder, "schema.jsonld")
    assert unfit_for_search(document, context) == set()
    assert document["creator"][0] == {
        "@type": "Person", "@id": orcid, "name": "Ada Orr",
        "familyName": "Orr", "givenName": "Ada",
    }  # fmt: skip
    assert document["identifier"][:2] == [f"https://doi.org/{doi}", IRI]
    assert unfit_crate(folder, context) == set()
    document = read(folder, "datacite.json")
    schema45.validator.validate(document)
    assert (document["doi"], document["publisher"]) == (doi, {"name": "The Harbour Institute"})
    assert document["creators"][0]["name"] == "Orr, Ada"
    assert document["creators"][0]["nameIdentifiers"][0]["nameIdentifier"] == orcid
    document = read(folder, "codemeta.json")
    assert unknown(document, {**context, "id": "@id", "type": "@type"}) == set()
    assert document["codeRepository"] == repository
    document = read(folder, "croissant.json")
    mlcroissant.Dataset(jsonld=document)
    assert "author = {Ada Orr and {The Harbour Institute}}" in document["citeAs"]
    assert f"doi = {{{doi}}}" in document["citeAs"]
