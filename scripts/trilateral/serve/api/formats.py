"""Formats: what the answer to a question can be written in, one URL for each."""

from __future__ import annotations

from trilateral.ask.questions import Question
from trilateral.serve.linked_data.documents import RDF, Format
from trilateral.serve.web import csv_safe

JSON = "application/sparql-results+json"
PAGE = Format("html", "text/html", "a page")
ROWS = (
    Format("json", JSON, "JSON"),
    Format("csv", csv_safe.MEDIA, "CSV"),
    Format("tsv", "text/tab-separated-values", "TSV"),
    Format("xml", "application/sparql-results+xml", "XML"),
    PAGE,
)
# Those that tell of named graphs too are left out: an answer has none.
TRIPLES = (*(each for each in RDF if each.ending not in ("trig", "nq")), PAGE)
# What clients also call a format when they negotiate.
ALSO = {"application/json": "json", "application/xml": "xml"}


def gives_triples(question: Question) -> bool:
    """Tell whether a question gives triples; others give rows."""
    return question.form in ("CONSTRUCT", "DESCRIBE")


def formats_of(question: Question) -> tuple[Format, ...]:
    """Return the formats that can hold the answer to a question, the one first that is usual."""
    return TRIPLES if gives_triples(question) else ROWS
