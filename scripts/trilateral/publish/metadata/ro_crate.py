"""RO-Crate: the folder of the release as a research object (RO-Crate 1.2)."""

from __future__ import annotations

from typing import Any

from trilateral.publish.metadata.facts import Facts
from trilateral.publish.metadata.schema_org import agent, canonical_hash, describe_dataset

# Also what says so of itself.
NAME = "ro-crate-metadata.json"
_HASH = "#canonical-hash"
_VERSION = "https://w3id.org/ro/crate/1.2"


def describe(facts: Facts) -> dict[str, Any]:
    """Return the document about a release: entities that name each other."""
    agents = {
        author: {"@id": f"#author-{at}", **agent(author)}
        for at, author in enumerate(facts.authors, 1)
    }
    told = describe_dataset(facts)
    told["identifier"][-1] = {"@id": _HASH}
    root = {
        "@id": "./",
        "@type": "Dataset",
        **told,
        "exampleOfWork": {"@id": facts.url},
        "license": {"@id": facts.licence_url},
        "author": _one_or_more([{"@id": each["@id"]} for each in agents.values()]),
        "publisher": {"@id": agents[facts.publisher]["@id"]},
        "hasPart": _one_or_more([{"@id": each.path} for each in facts.files]),
    }
    files = [
        {
            "@id": each.path,
            "@type": "File",
            "name": each.title,
            "encodingFormat": each.media,
            "contentSize": str(each.bytes),
            "sha256": each.sha256,
        }
        for each in facts.files
    ]
    return {
        "@context": f"{_VERSION}/context",
        "@graph": [
            {
                "@id": NAME,
                "@type": "CreativeWork",
                "about": {"@id": "./"},
                "conformsTo": {"@id": _VERSION},
            },
            root,
            {"@id": facts.licence_url, "@type": "CreativeWork", "name": facts.licence,
             "description": f"The licence that the SPDX licence list calls {facts.licence}."},
            {"@id": _HASH, **canonical_hash(facts)},
            told["exampleOfWork"],
            *agents.values(),
            *files,
        ],
    }  # fmt: skip


def _one_or_more(values: list[dict[str, Any]]) -> Any:
    """Return values as the specification asks: a single one without an array around it."""
    return values if len(values) != 1 else values[0]
