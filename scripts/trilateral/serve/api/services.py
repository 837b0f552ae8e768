"""Services: what the OpenAPI document says of the rest of the server."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from trilateral.serve.api.schemas import reference
from trilateral.serve.linked_data.documents import FORMATS

Document = dict[str, Any]

TAGS: list[Document] = [
    {"name": "api", "description": "The questions, and this description."},
    {"name": "things", "description": "What the graph says of a thing."},
    {"name": "sparql", "description": "Queries of one's own."},
]


def paths(names: Sequence[str]) -> Document:
    """Return the path items of the lists and services beside the questions."""
    return {
        "/api/questions": {"get": _list()},
        "/api/questions/{name}": {"get": _negotiated(names)},
        "/{kind}/{slug}.{format}": {"get": _document()},
        "/sparql": {"get": _sparql()},
    }


def _list() -> Document:
    questions = {"type": "array", "items": reference("schemas", "Question")}
    return {
        "operationId": "list-questions",
        "summary": "All questions with their parameters.",
        "tags": ["api"],
        "responses": {
            "200": {
                "description": "The questions.",
                "content": {"application/json": {"schema": questions}},
            },
            "304": {"description": "They have not changed."},
        },
    }


def _negotiated(names: Sequence[str]) -> Document:
    return {
        "operationId": "find-answer",
        "summary": "Leads to the answer in a format that is accepted.",
        "description": "Query parameters are kept.",
        "tags": ["api"],
        "parameters": [
            {
                "name": "name",
                "in": "path",
                "required": True,
                "description": "The name of a question.",
                "schema": {"type": "string", "enum": list(names)},
                "example": names[0],
            }
        ],
        "responses": {
            "303": {
                "description": "The URL of the answer.",
                "headers": {
                    "Location": {"schema": {"type": "string"}, "description": "The URL."},
                },
            },
            "404": reference("responses", "404"),
            "406": reference("responses", "406"),
        },
    }


def _document() -> Document:
    def part(name: str, schema: Document, example: str) -> Document:
        return {"name": name, "in": "path", "required": True, "schema": schema, "example": example}

    pattern = {"type": "string", "pattern": "^[a-z0-9-]+$"}
    return {
        "operationId": "describe-thing",
        "summary": "What the graph says of a thing, in one format.",
        "tags": ["things"],
        "parameters": [
            part("kind", pattern, "actor"),
            part("slug", pattern, "japan"),
            part("format", {"type": "string", "enum": [each.ending for each in FORMATS]}, "ttl"),
        ],
        "responses": {
            "200": {
                "description": "The document.",
                "content": {each.media: {"schema": {}} for each in FORMATS},
            },
            "304": {"description": "It has not changed."},
            **{status: reference("responses", status) for status in ("404", "429", "503")},
        },
    }


def _sparql() -> Document:
    solutions = ("application/sparql-results+json", "application/sparql-results+xml")
    media = (*solutions, "text/csv", "text/tab-separated-values")
    graphs = tuple(each.media for each in FORMATS if each.media != "text/html")
    return {
        "operationId": "sparql",
        "summary": "The answer to a SPARQL 1.1 query.",
        "description": "The SPARQL 1.1 Protocol for queries; POST too. SERVICE is refused.",
        "tags": ["sparql"],
        "parameters": [
            {
                "name": "query",
                "in": "query",
                "description": "A SPARQL 1.1 query; without one, the service is described.",
                "schema": {"type": "string", "minLength": 1},
                "example": "SELECT ?thing WHERE { ?thing a ?class } LIMIT 10",
            }
        ],
        "responses": {
            "200": {
                "description": "The answer.",
                "content": {each: {"schema": {}} for each in (*media, *graphs)},
            },
            **{
                status: reference("responses", status)
                for status in ("400", "404", "406", "429", "503")
            },
        },
    }
