"""Schemas: what answers and problems look like, for the OpenAPI document."""

from __future__ import annotations

from typing import Any

Document = dict[str, Any]

_TERM: Document = {
    "type": "object",
    "required": ["type", "value"],
    "properties": {
        "type": {"enum": ["uri", "literal", "bnode"]},
        "value": {"type": "string"},
        "xml:lang": {"type": "string"},
        "datatype": {"type": "string"},
    },
    "additionalProperties": False,
}
_STRINGS: Document = {"type": "array", "items": {"type": "string"}}

SCHEMAS: Document = {
    "Term": _TERM,
    "Answer": {
        "description": "SPARQL 1.1 Query Results JSON Format.",
        "type": "object",
        "required": ["head"],
        "properties": {
            "head": {
                "type": "object",
                "properties": {"vars": _STRINGS, "link": _STRINGS},
            },
            "results": {
                "type": "object",
                "required": ["bindings"],
                "properties": {
                    "bindings": {
                        "type": "array",
                        "items": {
                            "type": "object",
                            "additionalProperties": {"$ref": "#/components/schemas/Term"},
                        },
                    }
                },
            },
            "boolean": {"type": "boolean"},
        },
    },
    "Problem": {
        "description": "Problem details (RFC 9457).",
        "type": "object",
        "required": ["type", "title", "status", "detail"],
        "properties": {
            "type": {"type": "string"},
            "title": {"type": "string"},
            "status": {"type": "integer", "minimum": 400, "maximum": 599},
            "detail": {"type": "string"},
        },
    },
    "Parameter": {
        "type": "object",
        "required": ["name", "kind", "description", "default"],
        "properties": {
            "name": {"type": "string"},
            "kind": {"type": "string"},
            "description": {"type": "string"},
            "default": {"type": ["string", "null"]},
        },
        "additionalProperties": False,
    },
    "Question": {
        "type": "object",
        "required": ["name", "summary", "description", "tags", "parameters", "form", "url"],
        "properties": {
            "name": {"type": "string"},
            "summary": {"type": "string"},
            "description": {"type": "string"},
            "tags": _STRINGS,
            "form": {"enum": ["SELECT", "CONSTRUCT", "ASK", "DESCRIBE"]},
            "parameters": {
                "type": "array",
                "items": {"$ref": "#/components/schemas/Parameter"},
            },
            "url": {"type": "string"},
            "formats": {"type": "object", "additionalProperties": {"type": "string"}},
        },
        "additionalProperties": False,
    },
}

_PROBLEMS = {
    "400": "A parameter that is not taken, or a value that cannot be one.",
    "404": "Nothing has this name; those that are near are told.",
    "406": "None of the accepted media types can hold the answer.",
    "429": "This client has used up its seconds of running queries.",
    "503": "The query takes too long or too much, or the server is busy.",
}
_WAIT: Document = {
    "Retry-After": {
        "description": "Seconds after which to ask again.",
        "schema": {"type": "integer", "minimum": 0},
    }
}


def reference(kind: str, name: str) -> Document:
    """Return a reference to a component.

    >>> reference("schemas", "Term")
    {'$ref': '#/components/schemas/Term'}
    """
    return {"$ref": f"#/components/{kind}/{name}"}


def problems() -> Document:
    """Return the responses that tell of a problem, by status."""
    content = {
        media: {"schema": schema}
        for media, schema in (
            ("application/problem+json", reference("schemas", "Problem")),
            ("text/html", {"type": "string"}),
        )
    }
    return {
        status: {
            "description": text,
            "content": content,
            **({"headers": _WAIT} if status in ("429", "503") else {}),
        }
        for status, text in _PROBLEMS.items()
    }
