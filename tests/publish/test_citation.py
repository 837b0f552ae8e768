"""How a release is cited: as itself, by version, address and hash, the same in each file."""

import json
from datetime import date
from importlib import resources

import pytest
import yaml
from jsonschema import Draft7Validator
from rdflib import DCTERMS, SKOS, Graph, Namespace, URIRef
from tests.publish.conftest import DAY, ROOT, home_of

from trilateral import __version__
from trilateral.publish.metadata import datacite
from trilateral.publish.metadata.citation import read_citation, write_citation
from trilateral.publish.metadata.facts import gather_facts
from trilateral.publish.release.plan import Plan

IRI, DATASET = f"https://w3id.org/trilateral/version/{DAY}/", "https://w3id.org/trilateral/"
AT = "https://example.org/releases/2026-03-01/"
DCAT = Namespace("http://www.w3.org/ns/dcat#")
ADMS = Namespace("http://www.w3.org/ns/adms#")


@pytest.fixture(scope="module")
def manifest(released):
    return read(released, "manifest.json")


@pytest.fixture(scope="module")
def cff(released):
    """All scalars as texts, as the schema of the format wants them."""
    return yaml.load((released / "CITATION.cff").read_text("utf-8"), yaml.BaseLoader)


def read(folder, name):
    return json.loads((folder / name).read_text("utf-8"))


def no_cff(document):
    schema = resources.files("check_jsonschema").joinpath(
        "builtin_schemas", "vendor", "citation-file-format.json"
    )
    return list(Draft7Validator(json.loads(schema.read_text("utf-8"))).iter_errors(document))


def test_citation_file_is_one_of_its_format(cff):
    assert no_cff(cff) == []
    assert no_cff(cff | {"identifiers": [{"type": "hash", "value": "0"}]}) != []
    assert no_cff(cff | {"version-iri": IRI}) != []


def test_citation_file_is_of_the_release_and_else_what_the_project_has(cff, manifest):
    project = yaml.load((ROOT / "CITATION.cff").read_text("utf-8"), yaml.BaseLoader)
    identifiers = cff.pop("identifiers")
    assert cff == project | {"version": DAY, "date-released": DAY, "url": IRI}
    assert [(each["type"], each["value"]) for each in identifiers] == [
        ("url", IRI),
        ("url", DATASET),
        ("other", manifest["rdfc10_sha256"]),
    ]


def test_identifiers_of_the_project_stay():
    own = {"type": "other", "value": "a number of a library"}
    citation = read_citation(ROOT) | {"identifiers": [own]}
    told = yaml.safe_load(write_citation(citation, DAY, IRI, "0"))
    assert told["identifiers"][0] == own
    assert len(told["identifiers"]) == 4


def told_by(name, folder):
    """What a file tells of the release: version, address, that of the dataset, hash."""
    if name == "CITATION.cff":
        told = yaml.safe_load((folder / name).read_text("utf-8"))
        values = [each["value"] for each in told["identifiers"]]
        return told["version"], told["url"], values[1], values[2]
    if name == "dcat.ttl":
        graph, release = Graph().parse(folder / name, publicID=AT + name), URIRef(AT)
        hashed = graph.value(graph.value(release, ADMS.identifier), SKOS.notation)
        values = (DCAT.version, DCTERMS.identifier, DCAT.landingPage)
        return *(str(graph.value(release, each)) for each in values), str(hashed)
    told = read(folder, name)
    if name == "datacite.json":
        (related,) = told["relatedIdentifiers"]
        assert related["relationType"] == "IsVersionOf"
        address, hashed = (each["alternateIdentifier"] for each in told["alternateIdentifiers"])
        assert address == told["url"]
        return told["version"], told["url"], related["relatedIdentifier"], hashed
    if name == "ro-crate-metadata.json":
        entities = {each["@id"]: each for each in told["@graph"]}
        told = entities["./"]
        told["identifier"][1] = entities[told["identifier"][1]["@id"]]
    address, hashed = told["identifier"]
    assert address == told["url"]
    return told["version"], address, told["exampleOfWork"]["@id"], hashed["value"]


@pytest.mark.parametrize(
    "name",
    [
        *("CITATION.cff", "dcat.ttl", "datacite.json", "schema.jsonld", "croissant.json"),
        "ro-crate-metadata.json",
    ],
)
def test_each_file_cites_this_version_by_address_and_hash(name, released, manifest):
    assert manifest["iri"] == IRI
    assert told_by(name, released) == (DAY, IRI, DATASET, manifest["rdfc10_sha256"])


def test_the_line_of_bibtex_cites_this_version(released, manifest):
    line = read(released, "croissant.json")["citeAs"]
    for told in (f"version = {{{DAY}}}", f"url = {{{IRI}}}", manifest["rdfc10_sha256"]):
        assert told in line


def test_the_version_of_the_model_is_that_of_the_software_alone(released):
    assert read(released, "codemeta.json")["version"] == __version__
    for name in ("CITATION.cff", "datacite.json", "schema.jsonld", "ro-crate-metadata.json"):
        text = (released / name).read_text("utf-8")
        assert f'version": "{__version__}' not in text
        assert f"version: {__version__}" not in text


def test_sizes_are_those_that_the_command_prints(released, manifest):
    files, quads, rows = read(released, "datacite.json")["sizes"]
    assert quads == f"{manifest['quads']} quads in {len(manifest['graphs'])} named graphs"
    tables = manifest["tables"]
    assert rows == f"{sum(tables.values())} rows in {len(tables)} tables"
    parts = read(released, "schema.jsonld")["distribution"]
    size = sum(int(each["contentSize"].removesuffix(" B")) for each in parts)
    assert files.startswith(f"{size} bytes in {len(parts)} files of data and software, without")


def test_a_later_release_is_a_new_version_of_the_one_before(project, tmp_path):
    told = read_citation(project)
    plan = Plan(home_of(project), tmp_path, date(2026, 3, 2), told, previous=DAY)
    counts = {"quads": 0, "graphs": {}}
    related = datacite.describe(gather_facts(plan, {}, (), counts, "0"))["relatedIdentifiers"]
    assert {each["relationType"]: each["relatedIdentifier"] for each in related} == {
        "IsVersionOf": DATASET,
        "IsNewVersionOf": IRI,
    }


def test_the_same_address_of_the_licence_everywhere(released):
    """By Creative Commons' own address, and that of SPDX for what has none."""
    licence = "https://creativecommons.org/licenses/by/4.0/"
    for name in ("dcat.ttl", "void.ttl"):
        graph = Graph().parse(released / name, publicID=AT + name)
        assert {str(each) for each in graph.objects(None, DCTERMS.license)} == {licence}
    for name in ("schema.jsonld", "croissant.json"):
        assert read(released, name)["license"] == licence
    assert read(released, "datacite.json")["rightsList"][0]["rightsUri"] == licence
    tables = read(released, "tables/csv-metadata.json")
    assert tables["dc:license"] == {"@id": licence}
    ontology = Graph().parse(released / "ontology.ttl")
    assert {str(each) for each in ontology.objects(None, DCTERMS.license)} == {licence}
