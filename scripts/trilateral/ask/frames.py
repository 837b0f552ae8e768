"""Frames: the answer to a question as a frame of pandas or polars, or as a graph of rdflib.

pandas and polars are brought by the extra ``frames``.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from trilateral.ask.columns import Column, FrameError, columns_of
from trilateral.ask.engines import Answer

if TYPE_CHECKING:
    import pandas
    import polars
    import rdflib

_INSTALL = "Install it: pip install 'trilateral[frames]'"
_OF_PANDAS = {
    "integer": "Int64",
    "decimal": "Float64",
    "double": "Float64",
    "boolean": "boolean",
    "date": "datetime64[s]",
}


def pandas_frame(answer: Answer) -> pandas.DataFrame:
    """Return rows as a frame of pandas, with columns as `columns_of` tells.

    Integers, decimals and truth values are of the types that know a missing value; a day is a
    ``datetime64[s]``. Decimals become floating-point numbers. ``frame.attrs["kinds"]`` has the
    kind of each column, such as IRI.

    Raises:
        FrameError: for an answer of triples, or without pandas.
    """
    try:
        import pandas
    except ImportError:
        raise FrameError("pandas is not installed.", _INSTALL) from None
    columns = columns_of(answer)
    frame = pandas.DataFrame({each.name: _series(each) for each in columns})
    frame.attrs["kinds"] = {each.name: each.kind for each in columns}
    return frame


def _series(column: Column) -> pandas.Series[Any]:
    import pandas

    if column.kind == "dateTime":
        return pandas.Series(column.values, dtype=f"datetime64[us{_zone(column.values)}]")
    values: Sequence[object] = column.values
    if column.kind == "decimal":
        values = [None if value is None else float(value) for value in column.values]  # type: ignore[arg-type]
    return pandas.Series(values, dtype=_OF_PANDAS.get(column.kind, "str"))


def _zone(values: Sequence[object]) -> str:
    aware = any(isinstance(each, datetime) and each.tzinfo is not None for each in values)
    return ", UTC" if aware else ""


def polars_frame(answer: Answer) -> polars.DataFrame:
    """Return rows as a frame of polars, with columns as `columns_of` tells.

    Decimals become floating-point numbers.

    Raises:
        FrameError: for an answer of triples, or without polars.
    """
    try:
        import polars
    except ImportError:
        raise FrameError("polars is not installed.", _INSTALL) from None
    types: dict[str, Any] = {
        "integer": polars.Int64(),
        "decimal": polars.Float64(),
        "double": polars.Float64(),
        "boolean": polars.Boolean(),
        "date": polars.Date(),
    }
    series = []
    for column in columns_of(answer):
        kind = types.get(column.kind, polars.String())
        values: Sequence[object] = column.values
        if column.kind == "dateTime":
            kind = polars.Datetime("us", "UTC" if _zone(column.values) else None)
        elif column.kind == "decimal":
            values = [None if value is None else float(value) for value in column.values]  # type: ignore[arg-type]
        series.append(polars.Series(column.name, values, dtype=kind))
    return polars.DataFrame(series)


def graph(answer: Answer) -> rdflib.Graph:
    """Return the triples of a CONSTRUCT or DESCRIBE as a graph of rdflib, prefixes bound.

    Literals keep the form in which they are written.

    Raises:
        FrameError: for an answer of rows.
    """
    import rdflib

    from trilateral.check.shacl import graph_of
    from trilateral.prefixes import prefixes

    if answer.variables:
        raise FrameError(
            "This answer has rows, and is no graph.",
            "Take it by trilateral.ask.frames.pandas_frame or polars_frame.",
        )
    found = graph_of(answer.triples)
    found.namespace_manager = rdflib.namespace.NamespaceManager(found, bind_namespaces="none")
    for prefix, namespace in prefixes().items():
        found.bind(prefix, namespace)
    return found
