"""DataCite: what registering a DOI needs (DataCite Metadata Schema 4.5, as JSON).

Without a DOI in the citation there is none here: whoever registers one assigns it.
"""

from __future__ import annotations

from typing import Any

from trilateral.licences import SPDX
from trilateral.publish.history.versions import version_iri
from trilateral.publish.metadata.citation import CANONICAL_HASH, Author
from trilateral.publish.metadata.facts import Facts

_SPDX = {"rightsIdentifierScheme": "SPDX", "schemeUri": SPDX}
_ORCID = {"nameIdentifierScheme": "ORCID", "schemeUri": "https://orcid.org"}


def describe(facts: Facts) -> dict[str, Any]:
    """Return the document about a release."""
    return {
        **({"doi": facts.doi} if facts.doi else {}),
        "schemaVersion": "http://datacite.org/schema/kernel-4",
        "url": facts.iri,
        "alternateIdentifiers": [
            {"alternateIdentifier": facts.iri, "alternateIdentifierType": "URL"},
            {"alternateIdentifier": facts.rdfc10_sha256, "alternateIdentifierType": CANONICAL_HASH},
        ],
        "relatedIdentifiers": _related(facts),
        "types": {"resourceTypeGeneral": "Dataset"},
        "titles": [{"title": facts.title, "lang": "en"}],
        "creators": [_creator(each) for each in facts.authors],
        "publisher": {"name": facts.publisher.name},
        "publicationYear": facts.version[:4],
        "dates": [{"date": facts.version, "dateType": "Issued"}],
        "version": facts.version,
        "subjects": [{"subject": each, "lang": "en"} for each in facts.keywords],
        "descriptions": [
            {"description": facts.abstract, "descriptionType": "Abstract", "lang": "en"}
        ],
        "rightsList": [
            {
                "rights": facts.licence,
                "rightsUri": facts.licence_url,
                "rightsIdentifier": facts.licence,
                **_SPDX,
            }
        ],
        "formats": sorted({each.kind.media for each in facts.files}),
        "sizes": [
            f"{sum(each.bytes for each in facts.files)} bytes in {len(facts.files)} files of data "
            "and software, without those that describe them",
            f"{facts.counts['quads']} quads in {len(facts.counts['graphs'])} named graphs",
            f"{facts.rows} rows in {len(facts.tables)} tables",
        ],
    }


def _related(facts: Facts) -> list[dict[str, str]]:
    related = {"IsVersionOf": facts.url}
    if facts.previous:
        related["IsNewVersionOf"] = version_iri(facts.previous)
    return [
        {"relatedIdentifier": iri, "relatedIdentifierType": "URL", "relationType": relation}
        for relation, iri in related.items()
    ]


def _creator(author: Author) -> dict[str, Any]:
    if not author.family:
        return {"name": author.name, "nameType": "Organizational"}
    told: dict[str, Any] = {
        "name": f"{author.family}, {author.given}".removesuffix(", "),
        "nameType": "Personal",
        "familyName": author.family,
    }
    if author.given:
        told["givenName"] = author.given
    if author.orcid:
        told["nameIdentifiers"] = [{"nameIdentifier": author.orcid, **_ORCID}]
    return told
