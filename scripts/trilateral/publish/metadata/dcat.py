"""DCAT: the release as a catalogue describes it (DCAT 3, DCAT-AP 3), a distribution a file."""

from __future__ import annotations

import pyoxigraph as ox

from trilateral.prefixes import prefixes
from trilateral.publish.metadata.citation import CANONICAL_HASH, Author
from trilateral.publish.metadata.facts import Facts
from trilateral.publish.metadata.files import GZIP, File
from trilateral.publish.metadata.rdf import RELEASE, here
from trilateral.serve.linked_data.statements import Statements, expand

NAME = "dcat.ttl"
_MEDIA_TYPES = "https://www.iana.org/assignments/media-types/"
_FILE_TYPES = "http://publications.europa.eu/resource/authority/file-type/"


def describe(facts: Facts) -> Statements:
    """Return the statements about a release."""
    said = Statements()
    authors = {author: _author(said, author, at) for at, author in enumerate(facts.authors, 1)}
    said.add(
        RELEASE,
        rdf_type="dcat:Dataset",
        dct_title=_english(facts.title),
        dct_description=_english(facts.abstract),
        dct_license=facts.licence_url,
        dct_creator=list(authors.values()),
        dct_publisher=authors[facts.publisher],
        dct_issued=_typed(facts.version, "xsd:date"),
        dct_conformsTo=facts.ontology,
        dct_identifier=[
            *([ox.Literal(f"https://doi.org/{facts.doi}")] if facts.doi else []),
            _typed(facts.iri, "xsd:anyURI"),
        ],
        adms_identifier=said.add(
            here(NAME, "canonical-hash"),
            rdf_type="adms:Identifier",
            dct_title=_english(CANONICAL_HASH),
            skos_notation=ox.Literal(facts.rdfc10_sha256),
        ),
        dcat_version=ox.Literal(facts.version),
        dcat_isVersionOf=prefixes().base + "void#dataset",
        **_revision_of(facts.previous),
        dcat_keyword=[_english(each) for each in facts.keywords],
        dcat_landingPage=facts.url,
        dcat_distribution=[here(NAME, each.path) for each in facts.files],
    )
    for each in facts.files:
        _distribution(said, each, facts)
    return said


def _revision_of(previous: str) -> dict[str, str]:
    """Return how a release follows the one before, which lies beside it."""
    if not previous:
        return {}
    there = here(f"../{previous}/")
    return {"dcat_previousVersion": there, "prov_wasRevisionOf": there}


def _author(said: Statements, author: Author, at: int) -> str:
    return said.add(
        author.orcid or here(NAME, f"author-{at}"),
        rdf_type=["foaf:Agent", *(["foaf:Person"] if author.family else [])],
        foaf_name=ox.Literal(author.name),
    )


def _distribution(said: Statements, file: File, facts: Facts) -> None:
    checksum = here(NAME, f"sha256-of-{file.path}")
    said.add(
        here(NAME, file.path),
        rdf_type="dcat:Distribution",
        dct_title=_english(file.title),
        dct_license=facts.licence_url,
        dcat_accessURL=here(file.path),
        dcat_downloadURL=here(file.path),
        dcat_mediaType=_MEDIA_TYPES + file.kind.media,
        dcat_compressFormat=[_MEDIA_TYPES + GZIP.media] if file.packed else [],
        dct_format=[_FILE_TYPES + file.kind.code] if file.kind.code else [],
        dcat_byteSize=_typed(str(file.bytes), "xsd:nonNegativeInteger"),
        spdx_checksum=checksum,
    )
    said.add(
        checksum,
        rdf_type="spdx:Checksum",
        spdx_algorithm="spdx:checksumAlgorithm_sha256",
        spdx_checksumValue=_typed(file.sha256, "xsd:hexBinary"),
    )


def _english(text: str) -> ox.Literal:
    return ox.Literal(text, language="en")


def _typed(text: str, datatype: str) -> ox.Literal:
    return ox.Literal(text, datatype=ox.NamedNode(expand(datatype)))
