"""Formats of an answer: table, CSV, JSON, and Turtle for CONSTRUCT."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING

from trilateral import turtle
from trilateral.ask.engines import Answer
from trilateral.prefixes import prefixes

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
    """Return an answer for the terminal: a table, then the links of its passages by number.

    A column of IRIs is left out where a column of labels stands beside it
    (``actor`` and ``actorLabel``), unless ``iris`` is set.
    """
    from rich import box
    from rich.table import Table
    from rich.text import Text

    names = answer.variables
    shown = [at for at, name in enumerate(names) if iris or f"{name}Label" not in names]
    links: dict[str, int] = {}
    table = Table(title=title, title_justify="left", box=box.SIMPLE_HEAD, pad_edge=False)
    for at in shown:
        table.add_column(
            names[at].removesuffix("Label") if not iris else names[at], overflow="fold"
        )
    for row in answer.rows:
        table.add_row(*(Text(_shown(row[at], links)) for at in shown))
    count = len(answer.rows)
    lines = [f"{count} row{'' if count == 1 else 's'}"]
    if links:
        lines.append("Open the words behind a row:")
        lines += [f"  [{number}] {link}" for link, number in links.items()]
    return [table, "\n".join(lines)]


def _shown(term: Cell, links: dict[str, int]) -> str:
    import pyoxigraph

    if term is None:
        return ""
    if not isinstance(term, pyoxigraph.NamedNode):
        return term.value
    if "#:~:text=" in term.value:
        return f"[{links.setdefault(term.value, len(links) + 1)}]"
    return prefixes().compact(term.value).strip("<>")
