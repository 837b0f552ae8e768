"""Tables: the dataset for those who do not speak RDF, each table a query with its columns.

A file of ``queries/tables/`` has, beside summary and description, the columns that form its
key, and for each column in the order of the query::

    #+ key: [membership]
    #+ columns:
    #+   member: {type: iri, required: true, property: tri:member, table: actors}
    #+   evidence: {type: iri, separator: " ", property: tri:evidence}

``property`` is what the column says of the key, and its definition describes the column
where ``description`` does not; a ``required`` column has a value in each row; ``table`` is
the table whose key the value is; ``language`` that of the text; ``separator`` stands between
the values of a column that may have several.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from trilateral import sparql
from trilateral.home import Home
from trilateral.prefixes import prefixes

if TYPE_CHECKING:
    import pyoxigraph as ox

TYPES = ("text", "iri", "integer", "decimal", "boolean", "date", "partial-date")
_COLUMN_KEYS = {"type", "required", "language", "separator", "property", "table", "description"}
_KEYS = {"summary", "description", "tags", "key", "columns"}


@dataclass(frozen=True)
class Column:
    """A column of a table; the module says what its parts mean; only the name must be there."""

    name: str
    type: str = "text"
    required: bool = False
    language: str = ""
    separator: str = ""
    property: str = ""
    table: str = ""
    description: str = ""


@dataclass(frozen=True)
class Table:
    """A table: what it holds, its key and columns, and the query for its rows."""

    name: str
    path: Path
    query: str
    summary: str
    description: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...] = field(default=(), repr=False)


def read_tables(home: Home) -> list[Table]:
    """Return the tables of a dataset without rows, by name.

    Raises:
        HeaderError: naming the file and what its header lacks.

    >>> from trilateral.home import find_home
    >>> [column.name for column in read_tables(find_home())[0].columns][:2]
    ['actor', 'kind']
    """
    tables = [_read(path) for path in sorted((home.queries / "tables").glob("*.rq"))]
    keys = {table.name: table.key for table in tables}
    for table in tables:
        for column in table.columns:
            if column.table and len(keys.get(column.table, ())) != 1:
                raise _error(table.path, f"{column.name} leads to no table with one key")
    return tables


def _read(path: Path) -> Table:
    query = sparql.read_text(path)
    header = sparql.read_header(path, query)
    if set(header) - _KEYS or not header.get("key") or not isinstance(header.get("columns"), dict):
        raise _error(path, f"it needs {', '.join(sorted(_KEYS))}, and nothing else")
    columns = tuple(_column(path, name, told) for name, told in header["columns"].items())
    selected = re.search(r"^SELECT DISTINCT([\s?\w]+)WHERE", query, re.MULTILINE)
    names = [column.name for column in columns]
    if not selected or selected[1].replace("?", " ").split() != names:
        raise _error(path, "its columns are not those that the query selects, in their order")
    if not set(header["key"]) <= set(names):
        raise _error(path, "its key is no column")
    return Table(
        path.stem, path, query, header["summary"], header.get("description", ""),
        tuple(header["key"]), columns,
    )  # fmt: skip


def _column(path: Path, name: str, told: dict[str, Any]) -> Column:
    if set(told) - _COLUMN_KEYS or told.get("type", "text") not in TYPES:
        raise _error(path, f"the column {name} has a key or type that does not exist")
    return Column(name, **told)


def _error(path: Path, problem: str) -> sparql.HeaderError:
    return sparql.HeaderError(f"{path}: the header cannot be used: {problem}.", "Correct it.")


def fill(tables: list[Table], store: ox.Store) -> list[Table]:
    """Return tables with their rows and with a description of each column.

    A cell is text as RDF has it, empty where there is no value; several values are sorted.
    """
    return [_filled(table, store) for table in tables]


def _filled(table: Table, store: ox.Store) -> Table:
    solutions: Any = store.query(
        table.query, prefixes=dict(prefixes()), use_default_graph_as_union=True
    )
    rows = tuple(
        tuple(
            _cell(column, "" if term is None else term.value)
            for column, term in zip(table.columns, solution, strict=True)
        )
        for solution in solutions
    )
    columns = tuple(_described(table, column, store) for column in table.columns)
    return replace(table, columns=columns, rows=rows)


def _cell(column: Column, text: str) -> str:
    # No engine promises an order within GROUP_CONCAT.
    separator = column.separator
    return separator.join(sorted(text.split(separator))) if separator and text else text


def _described(table: Table, column: Column, store: ox.Store) -> Column:
    import pyoxigraph

    if column.description:
        return column
    definition = pyoxigraph.NamedNode(prefixes()["skos"] + "definition")
    subject = pyoxigraph.NamedNode(prefixes().expand(column.property) or "x:")
    for quad in store.quads_for_pattern(subject, definition, None):
        return replace(column, description=str(getattr(quad.object, "value", "")))
    raise _error(table.path, f"nothing describes the column {column.name}")
