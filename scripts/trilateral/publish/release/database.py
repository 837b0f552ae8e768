"""Database: all tables in one SQLite file, with keys between them and an index on each.

Another version of SQLite lays out the same tables in other bytes, and Python's own is that of
the machine. So this one comes with apsw, which is pinned.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from datetime import date
from typing import TYPE_CHECKING, Any

from trilateral.publish.release.parquet import value_of
from trilateral.publish.release.refusals import RefusedError
from trilateral.publish.release.tables import Column, Table

if TYPE_CHECKING:
    import apsw

_TYPES = {"integer": "INTEGER", "decimal": "REAL", "boolean": "INTEGER"}
_PAGE = 4096


def write_database(tables: Sequence[Table]) -> bytes:
    """Return tables as one SQLite file, named as they are with underscores for hyphens.

    Raises:
        RefusedError: for a key that stands twice, or a value that is the key of nothing.
    """
    import apsw

    keys = {table.name: table.key[0] for table in tables}
    with closing(apsw.Connection(":memory:")) as connection:
        run = connection.execute
        run(f"PRAGMA page_size = {_PAGE}")
        run("PRAGMA foreign_keys = OFF")  # tables refer to each other; all are held below
        run("BEGIN")
        for table in tables:
            run(_create(table, keys))
            places = ", ".join("?" for _ in table.columns)
            try:
                connection.executemany(
                    f"INSERT INTO {_quote(_name(table.name))} VALUES ({places})",
                    ([_stored(*pair) for pair in zip(table.columns, row, strict=True)]
                     for row in table.rows),
                )  # fmt: skip
            except apsw.ConstraintError as error:
                raise RefusedError(
                    f"{table.path}: a row stands twice, or has no key: {error}.",
                    "A column has several values where one is expected: correct data or query.",
                ) from None
        for table in tables:
            for column in table.columns:
                if column.table:
                    run(_index(table, column))
        run("COMMIT")
        _check_references(connection, tables)
        run("VACUUM")
        return connection.serialize("main")


def _create(table: Table, keys: dict[str, str]) -> str:
    parts = [
        f"{_quote(column.name)} {_TYPES.get(column.type, 'TEXT')}"
        + (" NOT NULL" if column.required else "")
        for column in table.columns
    ]
    parts.append(f"PRIMARY KEY ({', '.join(map(_quote, table.key))})")
    parts += [
        f"FOREIGN KEY ({_quote(column.name)}) "
        f"REFERENCES {_quote(_name(column.table))} ({_quote(keys[column.table])})"
        for column in table.columns
        if column.table
    ]
    return f"CREATE TABLE {_quote(_name(table.name))} (\n  " + ",\n  ".join(parts) + "\n)"


def _index(table: Table, column: Column) -> str:
    name = f"{_name(table.name)}_by_{column.name}"
    return f"CREATE INDEX {_quote(name)} ON {_quote(_name(table.name))} ({_quote(column.name)})"


def _check_references(connection: apsw.Connection, tables: Sequence[Table]) -> None:
    for found, row, parent, _ in connection.execute("PRAGMA foreign_key_check"):
        (table,) = (each for each in tables if _name(each.name) == found)
        (values,) = connection.execute(f"SELECT * FROM {_quote(found)} WHERE rowid = ?", (row,))
        raise RefusedError(
            f"{table.path}: the row of {values[0]} refers to what is not in the table {parent}.",
            "Describe it in the data, or correct the query.",
        )


def _stored(column: Column, cell: str) -> Any:
    value = value_of(column, cell)
    return value.isoformat() if isinstance(value, date) else value


def _name(table: str) -> str:
    return table.replace("-", "_")


def _quote(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
