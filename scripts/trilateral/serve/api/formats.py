"""Formats: what the answer to a question can be written in, one URL for each."""

from __future__ import annotations

from dataclasses import dataclass

from trilateral.ask.questions import Question
from trilateral.serve import csv_safe


@dataclass(frozen=True)
class Format:
    """One format: the ending of its URL, its media type, its name, and the engine's type for it."""

    ending: str
    media: str
    name: str
    engine: str


JSON = "application/sparql-results+json"
PAGE = Format("html", "text/html", "a page", "")
ROWS = (
    Format("json", JSON, "JSON", JSON),
    Format("csv", csv_safe.MEDIA, "CSV", "text/csv; charset=utf-8"),
    Format("tsv", "text/tab-separated-values", "TSV", "text/tab-separated-values; charset=utf-8"),
    Format("xml", "application/sparql-results+xml", "XML", "application/sparql-results+xml"),
    PAGE,
)
TRIPLES = (
    Format("ttl", "text/turtle", "Turtle", "text/turtle"),
    Format("jsonld", "application/ld+json", "JSON-LD", "application/ld+json"),
    Format("nt", "application/n-triples", "N-Triples", "application/n-triples"),
    Format("rdf", "application/rdf+xml", "RDF/XML", "application/rdf+xml"),
    PAGE,
)
# What clients also call a format when they negotiate.
ALSO = {"application/json": "json", "application/xml": "xml"}


def gives_triples(question: Question) -> bool:
    """Tell whether a question gives triples; others give rows."""
    return question.form in ("CONSTRUCT", "DESCRIBE")


def formats_of(question: Question) -> tuple[Format, ...]:
    """Return the formats that can hold the answer to a question, the one first that is usual."""
    return TRIPLES if gives_triples(question) else ROWS
