"""Croissant: the tables of the release for machine learning (MLCommons Croissant 1.1).

Records are read from Parquet, which has the types; the same tables as CSV are files beside.
Keys between tables are left out, as readers join by them, and some tables refer to themselves.
"""

from __future__ import annotations

from typing import Any

from trilateral.publish.metadata.citation import CANONICAL_HASH
from trilateral.publish.metadata.facts import Facts
from trilateral.publish.metadata.files import File
from trilateral.publish.metadata.schema_org import agent, describe_dataset
from trilateral.publish.release.tables import Column, Table

_CONFORMS_TO = "http://mlcommons.org/croissant/1.1"
# The name that Croissant has for Parquet, beside the registered one.
_MEDIA = {"Parquet": ["application/vnd.apache.parquet", "application/x-parquet"]}
_TYPES = {
    "iri": "sc:URL",
    "integer": "sc:Integer",
    "decimal": "sc:Float",
    "boolean": "sc:Boolean",
    "date": "sc:Date",
}
_OWN = (
    "arrayShape", "citeAs", "column", "containedIn", "equivalentProperty", "extract", "field",
    "fileProperty", "fileObject", "fileSet", "format", "includes", "isArray", "isLiveDataset",
    "jsonPath", "key", "md5", "parentField", "path", "recordSet", "references", "regex",
    "repeated", "replace", "samplingRate", "separator", "source", "subField", "transform",
)  # fmt: skip
# The context that the specification has.
_CONTEXT: dict[str, Any] = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "conformsTo": "dct:conformsTo",
    "cr": "http://mlcommons.org/croissant/",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "dct": "http://purl.org/dc/terms/",
    "description": {"@container": "@language"},
    "examples": {"@id": "cr:examples", "@type": "@json"},
    "name": {"@container": "@language"},
    "rai": "http://mlcommons.org/croissant/RAI/",
    "sc": "https://schema.org/",
    **{name: f"cr:{name}" for name in _OWN},
}


def describe(facts: Facts) -> dict[str, Any]:
    """Return the document about the tables of a release."""
    files = [each for each in facts.files if each.kind.name in ("CSV", "Parquet")]
    return {
        "@context": dict(sorted(_CONTEXT.items())),
        "@id": "./",
        "@type": "sc:Dataset",
        "conformsTo": _CONFORMS_TO,
        **describe_dataset(facts),
        "citeAs": bibtex(facts),
        "creator": [agent(each) for each in facts.authors],
        "publisher": agent(facts.publisher),
        "distribution": [_file(each) for each in files if each.path.startswith("tables/")],
        "recordSet": [_records(table) for table in facts.tables],
    }


def bibtex(facts: Facts) -> str:
    """Return how to cite a release, as a line of BibTeX."""
    # A name in braces is one name, not that of a person.
    names = " and ".join(each.name if each.family else f"{{{each.name}}}" for each in facts.authors)
    told = {
        "author": names,
        "title": f"{{{facts.title}}}",
        "year": facts.version[:4],
        "version": facts.version,
        "url": facts.iri,
        "note": f"{CANONICAL_HASH}: {facts.rdfc10_sha256}",
        **({"doi": facts.doi} if facts.doi else {}),
    }
    fields = ", ".join(f"{name} = {{{value}}}" for name, value in told.items())
    return f"@misc{{release-{facts.version}, {fields}}}"


def _file(file: File) -> dict[str, Any]:
    return {
        "@type": "cr:FileObject",
        "@id": file.path,
        "name": file.path,
        "description": file.title,
        "contentUrl": file.path,
        "contentSize": f"{file.bytes} B",
        "encodingFormat": _MEDIA.get(file.kind.name, file.media),
        "sha256": file.sha256,
    }


def _records(table: Table) -> dict[str, Any]:
    return {
        "@type": "cr:RecordSet",
        "@id": f"#{table.name}",
        "name": table.name,
        "description": table.description or table.summary,
        "key": [{"@id": f"#{table.name}/{column}"} for column in table.key],
        "field": [_field(table, column) for column in table.columns],
    }


def _field(table: Table, column: Column) -> dict[str, Any]:
    return {
        "@type": "cr:Field",
        "@id": f"#{table.name}/{column.name}",
        "name": column.name,
        "description": column.description,
        # Several values stand in one cell, as text.
        "dataType": "sc:Text" if column.separator else _TYPES.get(column.type, "sc:Text"),
        "source": {
            "fileObject": {"@id": f"tables/{table.name}.parquet"},
            "extract": {"column": column.name},
        },
    }
