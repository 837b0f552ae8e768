"""Formats: what the answer to a question can be written in, one URL for each."""

from __future__ import annotations

from dataclasses import dataclass

from trilateral.ask.questions import Question
from trilateral.serve.web import csv_safe


@dataclass(frozen=True)
class Format:
    """One format: the ending of its URL, its media type and its name."""

    ending: str
    media: str
    name: str

    @property
    def bare(self) -> str:
        """The media type without parameters.

        >>> Format("csv", "text/csv; charset=utf-8", "CSV").bare
        'text/csv'
        """
        return self.media.partition(";")[0]


JSON = "application/sparql-results+json"
PAGE = Format("html", "text/html", "a page")
ROWS = (
    Format("json", JSON, "JSON"),
    Format("csv", csv_safe.MEDIA, "CSV"),
    Format("tsv", "text/tab-separated-values", "TSV"),
    Format("xml", "application/sparql-results+xml", "XML"),
    PAGE,
)
TRIPLES = (
    Format("ttl", "text/turtle", "Turtle"),
    Format("jsonld", "application/ld+json", "JSON-LD"),
    Format("nt", "application/n-triples", "N-Triples"),
    Format("rdf", "application/rdf+xml", "RDF/XML"),
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
