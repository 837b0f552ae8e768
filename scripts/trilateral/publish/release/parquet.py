"""Parquet: a table as a file that data frames read, and gzip that is the same everywhere."""

from __future__ import annotations

import io
from datetime import date
from decimal import Decimal
from typing import Any

from trilateral.publish.release.tables import Column, Table


def value_of(column: Column, cell: str) -> Any:
    """Return what a cell stands for: None, a text, whole number, number, truth value or date.

    >>> value_of(Column("share", "decimal"), "26.5"), value_of(Column("share", "decimal"), "")
    (26.5, None)
    """
    if not cell:
        return None
    if column.type == "integer":
        return int(cell)
    if column.type == "decimal":
        return float(Decimal(cell))
    if column.type == "boolean":
        return cell in ("true", "1")
    if column.type == "date":
        return date.fromisoformat(cell)
    return cell


def write_parquet(table: Table) -> bytes:
    """Return a table as Parquet: no clock, no page of another size, one row group."""
    import pyarrow as arrow
    import pyarrow.parquet

    kinds = {
        "integer": arrow.int64(),
        "decimal": arrow.float64(),
        "boolean": arrow.bool_(),
        "date": arrow.date32(),
    }
    schema = arrow.schema(
        [
            arrow.field(
                column.name,
                kinds.get(column.type, arrow.string()),
                nullable=not column.required,
            )
            for column in table.columns
        ]
    )
    values = [
        [value_of(column, row[at]) for row in table.rows] for at, column in enumerate(table.columns)
    ]
    arrays = [arrow.array(each, kind.type) for each, kind in zip(values, schema, strict=True)]
    made = arrow.Table.from_arrays(arrays, schema=schema)
    buffer = io.BytesIO()
    pyarrow.parquet.write_table(
        made,
        buffer,
        compression="zstd",
        version="2.6",
        row_group_size=max(len(table.rows), 1),
        data_page_size=1 << 20,
        store_schema=False,
    )
    return buffer.getvalue()


def gzip(data: bytes) -> bytes:
    """Return data as gzip without name and time.

    Python's own zlib is that of the machine and compresses differently from one to another;
    pyarrow brings one along.

    >>> import gzip as reader
    >>> reader.decompress(gzip(b"text"))
    b'text'
    """
    import pyarrow

    codec = pyarrow.Codec("gzip", compression_level=9)
    return bytes(codec.compress(data, asbytes=True))
