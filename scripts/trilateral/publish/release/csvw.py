"""CSVW: the metadata of the CSV tables (Metadata Vocabulary for Tabular Data)."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from trilateral.prefixes import prefixes
from trilateral.publish.release.tables import Column, Table

# An XML Schema date, year and month, or year alone; CSVW has no union of datatypes.
_PARTIAL = {"base": "string", "format": r"\d{4}(-\d{2}(-\d{2})?)?"}
_DATATYPES = {"text": "string", "iri": "anyURI", "partial-date": _PARTIAL}


def describe(tables: Sequence[Table], title: str, license_url: str, version: str) -> bytes:
    """Return the metadata of tables that lie beside it as ``NAME.csv``."""
    keys = {table.name: table.key[0] for table in tables}
    document = {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": "en"}],
        "dc:title": title,
        "dc:license": {"@id": license_url},
        "dc:issued": {"@value": version, "@type": "xsd:date"},
        "tables": [_table(table, keys) for table in tables],
    }
    return (json.dumps(document, ensure_ascii=False, indent=2) + "\n").encode()


def _table(table: Table, keys: dict[str, str]) -> dict[str, Any]:
    schema: dict[str, Any] = {
        "aboutUrl": f"{{+{table.key[0]}}}",
        "columns": [_column(column) for column in table.columns],
        "primaryKey": list(table.key),
    }
    foreign = [
        {
            "columnReference": column.name,
            "reference": {"resource": f"{column.table}.csv", "columnReference": keys[column.table]},
        }
        for column in table.columns
        # Whether an empty cell may stand in a foreign key, validators see differently.
        if column.table and column.required
    ]
    if foreign:
        schema["foreignKeys"] = foreign
    return {
        "url": f"{table.name}.csv",
        "dc:title": table.summary,
        "dc:description": table.description,
        "tableSchema": schema,
    }


def _column(column: Column) -> dict[str, Any]:
    told: dict[str, Any] = {
        "name": column.name,
        "titles": column.name,
        "dc:description": column.description,
        "datatype": _DATATYPES.get(column.type, column.type),
    }
    if column.required:
        told["required"] = True
    if column.language:
        told["lang"] = column.language
    if column.separator:
        told["separator"] = column.separator
    if column.property:
        told["propertyUrl"] = prefixes().expand(column.property)
    if column.property and column.type == "iri" and not column.separator:
        told["valueUrl"] = f"{{+{column.name}}}"
    if not column.property or column.separator:
        # Made into RDF again, a table gives only triples that the dataset holds.
        told["suppressOutput"] = True
    return told
