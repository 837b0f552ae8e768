"""OpenAPI: the description of the API (version 3.1), made from the headers of the questions."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from trilateral import __version__
from trilateral.ask.questions import Parameter, Question
from trilateral.ask.values import DAY
from trilateral.prefixes import prefixes
from trilateral.serve.api import services
from trilateral.serve.api.formats import JSON, formats_of, gives_triples
from trilateral.serve.api.names import LANGUAGE, LONGEST, questions_of, things_of
from trilateral.serve.api.paging import FARTHEST, MOST
from trilateral.serve.api.schemas import SCHEMAS, problems, reference
from trilateral.serve.site import Site
from trilateral.serve.web import http

MEDIA = "application/vnd.oai.openapi+json"
_FEW = 40
_EXAMPLES = 3
Document = dict[str, Any]


async def document(request: Request) -> Response:
    """Answer the OpenAPI document of the data at hand."""
    site: Site = request.app.state.site
    text = json.dumps(describe(site), ensure_ascii=False, indent=1) + "\n"
    validator = http.etag(site.version, "openapi", hashlib.sha256(text.encode()).hexdigest()[:12])
    return http.reply(request, text, "application/vnd.oai.openapi+json", validator)


def describe(site: Site) -> Document:
    """Return the OpenAPI document: one operation for each question, and the other services."""
    questions = questions_of(site.home)
    tags = sorted({tag for question in questions.values() for tag in question.tags})
    paths = {
        f"/api/questions/{name}.{{format}}": {"get": _operation(site, question)}
        for name, question in questions.items()
    }
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Trilateral",
            "summary": "Who stands where in the Indo-Pacific, according to whom, on which words.",
            "description": _DESCRIPTION,
            "version": __version__,
            "license": {"name": "CC BY 4.0", "identifier": "CC-BY-4.0"},
        },
        "servers": [{"url": "/"}],
        "tags": [*services.TAGS, *({"name": tag} for tag in tags)],
        "paths": {**services.paths(list(questions)), **paths},
        "components": {
            "schemas": SCHEMAS,
            "parameters": _PARAMETERS,
            "headers": _HEADERS,
            "responses": problems(),
        },
    }


_DESCRIPTION = (
    "Named questions about the graph, each with typed parameters. A thing is named by its slug "
    "(`japan`), short form (`actor:japan`), IRI or label; `all` leaves a parameter open; one "
    "that is left out has its default. Every format has a URL of its own. What goes wrong is "
    "told as a problem document (RFC 9457)."
)
_PARAMETERS: Document = {
    "limit": {
        "name": "limit",
        "in": "query",
        "description": "So many rows at most; left out, all of them.",
        "schema": {"type": "integer", "minimum": 1, "maximum": MOST},
    },
    "offset": {
        "name": "offset",
        "in": "query",
        "description": "Leave out so many rows before the first.",
        "schema": {"type": "integer", "minimum": 0, "maximum": FARTHEST},
    },
    "raw": {
        "name": "raw",
        "in": "query",
        "description": "Whether cells of CSV that begin like a formula stay without apostrophe.",
        "schema": {"type": "boolean", "default": False},
    },
}
_HEADERS: Document = {
    "ETag": {
        "description": "Changes when the answer does.",
        "schema": {"type": "string"},
    },
    "Link": {
        "description": "The other formats, and the pages before and after (RFC 8288).",
        "schema": {"type": "string"},
    },
    "X-Total-Count": {
        "description": "How many rows the whole answer has; given with limit or offset.",
        "schema": {"type": "integer", "minimum": 0},
    },
}


def _operation(site: Site, question: Question) -> Document:
    formats = formats_of(question)
    parameters: list[Document] = [
        {
            "name": "format",
            "in": "path",
            "required": True,
            "description": "The ending of the URL, which names the format.",
            "schema": {"type": "string", "enum": [each.ending for each in formats]},
            "example": formats[0].ending,
        },
        *(_parameter(site, each) for each in question.parameters),
    ]
    headers = {name: reference("headers", name) for name in ("ETag", "Link")}
    if question.form == "SELECT":
        parameters += [reference("parameters", name) for name in _PARAMETERS]
        headers["X-Total-Count"] = reference("headers", "X-Total-Count")
    content = {each.bare: _body(each.media) for each in formats}
    what = "The triples." if gives_triples(question) else "The rows."
    return {
        "operationId": question.name.replace("/", "-"),
        "summary": question.summary,
        "description": question.description,
        "tags": list(question.tags),
        "parameters": parameters,
        "responses": {
            "200": {"description": what, "headers": headers, "content": content},
            "304": {"description": "The answer has not changed."},
            **{status: reference("responses", status) for status in ("400", "404", "429", "503")},
        },
    }


def _body(media: str) -> Document:
    """Return what a body of a media type looks like."""
    if media == JSON:
        return {"schema": reference("schemas", "Answer")}
    # JSON-LD is an object or an array, by what it holds.
    return {"schema": {} if media == "application/ld+json" else {"type": "string"}}


def _parameter(site: Site, parameter: Parameter) -> Document:
    described: Document = {
        "name": parameter.name,
        "in": "query",
        "description": parameter.description,
        **_schema(site, parameter),
    }
    if parameter.default is not None:
        described["description"] += f" Left out: {parameter.default}."
        described["schema"]["default"] = parameter.default
    return described


def _schema(site: Site, parameter: Parameter) -> Document:
    """Return schema and examples of a parameter, by its kind."""
    open_ = {"const": "all", "description": "Leaves the parameter open."}
    if parameter.kind == "date":
        dates = {"type": "string", "format": "date", "pattern": f"^{DAY}$"}
        return {"schema": {"anyOf": [dates, open_]}, "example": parameter.default or "2024-05-07"}
    if parameter.kind == "language":
        tag = {"type": "string", "pattern": f"^{LANGUAGE}$", "maxLength": LONGEST}
        return {"schema": tag, "example": parameter.default or "ja"}
    text = {"type": "string", "minLength": 1, "maxLength": LONGEST}
    if parameter.kind == "text":
        return {"schema": text}
    slugs = sorted(things_of(site, prefixes()[parameter.kind]))
    examples = [each for each in (parameter.default, *slugs) if each][:_EXAMPLES]
    named = {**text, "description": "A slug, short form, IRI or label."}
    few = [{"enum": slugs, "description": "The slugs."}] if 0 < len(slugs) <= _FEW else []
    schema = {"anyOf": [*few, named, open_]} if few else {"anyOf": [named, open_]}
    shown = {each: {"value": each, "summary": _label(site, parameter, each)} for each in examples}
    return {"schema": schema, "examples": shown} if shown else {"schema": schema}


def _label(site: Site, parameter: Parameter, slug: str) -> str:
    return things_of(site, prefixes()[parameter.kind]).get(slug, slug)
