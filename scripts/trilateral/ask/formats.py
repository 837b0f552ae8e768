"""Formats of an answer: table, CSV, JSON, and Turtle for CONSTRUCT."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING

from trilateral import turtle
from trilateral.ask.engines import Answer
from trilateral.prefixes import prefixes

_SIDE_BY_SIDE = 6  # columns that a terminal shows side by side without breaking words

if TYPE_CHECKING:
    import pyoxigraph as ox
    from rich.table import Table

    Cell = ox.NamedNode | ox.BlankNode | ox.Literal | None


def to_json(answer: Answer) -> str:
    """Return an answer in the SPARQL 1.1 Query Results JSON Format; triples as an array."""
    if answer.triples:
        return json.dumps([str(triple) for triple in answer.triples], ensure_ascii=False, indent=2)
    bindings = [
        {name: _json_term(term) for name, term in zip(answer.variables, row, strict=True) if term}
        for row in answer.rows
    ]
    result = {"head": {"vars": answer.variables}, "results": {"bindings": bindings}}
    return json.dumps(result, ensure_ascii=False, indent=2)


def _json_term(term: ox.NamedNode | ox.BlankNode | ox.Literal) -> dict[str, str]:
    import pyoxigraph

    if isinstance(term, pyoxigraph.NamedNode):
        return {"type": "uri", "value": term.value}
    if isinstance(term, pyoxigraph.BlankNode):
        return {"type": "bnode", "value": term.value}
    if term.language:
        return {"type": "literal", "value": term.value, "xml:lang": term.language}
    if term.datatype.value == prefixes()["xsd"] + "string":
        return {"type": "literal", "value": term.value}
    return {"type": "literal", "value": term.value, "datatype": term.datatype.value}


def to_csv(answer: Answer) -> str:
    """Return an answer as CSV with a header line; IRIs in full, no tags and no datatypes."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(answer.variables)
    writer.writerows(["" if term is None else term.value for term in row] for row in answer.rows)
    return buffer.getvalue()


def to_turtle(answer: Answer) -> str:
    """Return the triples of a CONSTRUCT as canonical Turtle."""
    return turtle.write(answer.triples)


def to_page(answer: Answer, title: str, *, iris: bool) -> list[Table | str]:
    """Return an answer for the terminal, then the links of its passages by number.

    A table, or one block of lines a row where there are more columns than a
    terminal can show side by side. A column of IRIs is left out where a column of
    labels stands beside it (``actor`` and ``actorLabel``), unless ``iris`` is set.
    """
    names = answer.variables
    at = [at for at, name in enumerate(names) if iris or f"{name}Label" not in names]
    heads = [names[index] if iris else names[index].removesuffix("Label") for index in at]
    links: dict[str, int] = {}
    rows = [[_shown(row[index], links) for index in at] for row in answer.rows]
    body = _records(heads, rows) if len(heads) > _SIDE_BY_SIDE else [_table(heads, rows)]
    count = len(rows)
    lines = [f"{count} row{'' if count == 1 else 's'}"]
    if links:
        lines.append("Open the words behind a row:")
        lines += [f"  [{number}] {link}" for link, number in links.items()]
    return [f"{title}\n", *body, "\n".join(lines)]


def _table(heads: list[str], rows: list[list[str]]) -> Table:
    from rich import box
    from rich.table import Table
    from rich.text import Text

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for head in heads:
        table.add_column(head, overflow="fold")
    for row in rows:
        table.add_row(*(Text(value) for value in row))
    return table


def _records(heads: list[str], rows: list[list[str]]) -> list[Table | str]:
    width = max(map(len, heads))
    blocks: list[Table | str] = []
    for number, row in enumerate(rows, 1):
        pairs = zip(heads, row, strict=True)
        lines = [f"  {head:<{width}}  {value}" for head, value in pairs if value]
        blocks.append("\n".join([f"{number}.", *lines, ""]))
    return blocks


def _shown(term: Cell, links: dict[str, int]) -> str:
    import pyoxigraph

    if term is None:
        return ""
    if not isinstance(term, pyoxigraph.NamedNode):
        return term.value
    if "#:~:text=" in term.value:
        return f"[{links.setdefault(term.value, len(links) + 1)}]"
    return prefixes().compact(term.value).strip("<>")
