"""Formats: the files of metadata that a release has, by name."""

from __future__ import annotations

from trilateral.publish.metadata import (
    codemeta,
    croissant,
    datacite,
    dcat,
    ro_crate,
    schema_org,
    void,
)
from trilateral.publish.metadata.facts import Facts
from trilateral.publish.metadata.rdf import write_json, write_json_ld, write_turtle


def write_formats(facts: Facts) -> dict[str, bytes]:
    """Return the files; that about the software only where the release has packages of it."""
    catalogued = dcat.describe(facts)
    files = {
        dcat.NAME: write_turtle(catalogued),
        "dcat.jsonld": write_json_ld(catalogued),
        void.NAME: write_turtle(void.describe(facts)),
        "schema.jsonld": write_json(schema_org.describe(facts)),
        "croissant.json": write_json(croissant.describe(facts)),
        ro_crate.NAME: write_json(ro_crate.describe(facts)),
        "datacite.json": write_json(datacite.describe(facts)),
    }
    if facts.software:
        files["codemeta.json"] = write_json(codemeta.describe(facts))
    return files
