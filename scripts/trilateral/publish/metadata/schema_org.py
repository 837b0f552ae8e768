"""schema.org: the release as search engines for datasets read it, in a page or beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from trilateral.publish.metadata.citation import CANONICAL_HASH, Author

if TYPE_CHECKING:
    # The server, whose home page names the authors, gathers no facts of releases.
    from trilateral.publish.metadata.facts import Facts


def describe(facts: Facts) -> dict[str, Any]:
    """Return the document about a release."""
    return {
        "@context": "https://schema.org/",
        "@id": "./",
        "@type": "Dataset",
        **describe_dataset(facts),
        "creator": [agent(each) for each in facts.authors],
        "publisher": agent(facts.publisher),
        "distribution": [
            {
                "@type": "DataDownload",
                "name": each.title,
                "contentUrl": each.path,
                "encodingFormat": each.media,
                "contentSize": f"{each.bytes} B",
                "sha256": each.sha256,
            }
            for each in facts.files
        ],
    }


def describe_dataset(facts: Facts) -> dict[str, Any]:
    """Return what schema.org, Croissant and RO-Crate tell of a dataset by the same names."""
    return {
        "name": facts.title,
        "description": facts.abstract,
        "url": facts.iri,
        "identifier": [
            *([f"https://doi.org/{facts.doi}"] if facts.doi else []),
            facts.iri,
            canonical_hash(facts),
        ],
        # What schema.org has for a version: an instance of a work. It is not called a dataset,
        # as readers of Croissant and RO-Crate take each of those for one that is described.
        "exampleOfWork": {"@type": "CreativeWork", "@id": facts.url, "name": facts.title},
        "license": facts.licence_url,
        "keywords": list(facts.keywords),
        "version": facts.version,
        "datePublished": facts.version,
    }


def canonical_hash(facts: Facts) -> dict[str, Any]:
    """Return the hash of what a release holds as an identifier."""
    return {
        "@type": "PropertyValue",
        "propertyID": CANONICAL_HASH,
        "value": facts.rdfc10_sha256,
    }


def agent(author: Author) -> dict[str, Any]:
    """Return a person or body.

    >>> agent(Author("The team"))
    {'@type': 'Organization', 'name': 'The team'}
    """
    told: dict[str, Any] = {"@type": "Person" if author.family else "Organization"}
    if author.orcid:
        told["@id"] = author.orcid
    told["name"] = author.name
    if author.family:
        told |= {"familyName": author.family, "givenName": author.given}
    return told
