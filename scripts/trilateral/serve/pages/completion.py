"""Completion: the names that a query can use: prefixes, classes, properties and things."""

from __future__ import annotations

import json
from importlib import resources
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from trilateral.prefixes import prefixes
from trilateral.serve.pages.language import language_of
from trilateral.serve.pages.table import plain
from trilateral.serve.site import Site
from trilateral.serve.web import http

_GROUPS = {"class": "classes", "property": "properties"}


async def completion(request: Request) -> Response:
    """Answer with all names, labels in the language of the page; changes with the data alone."""
    site: Site = request.app.state.site
    language = language_of(request)
    text = json.dumps(await names(site, language), ensure_ascii=False, separators=(",", ":"))
    validator = http.etag(site.version, "completion", language)
    return http.reply(request, text, "application/json", validator)


async def names(site: Site, language: str) -> dict[str, Any]:
    """Return what a query can name.

    ``prefixes`` has the namespace of each prefix; ``classes`` and ``properties`` have
    ``[name, label, definition]``, ``things`` has ``[name, label]``. A name is written as in
    a query: ``actor:japan``, or an IRI in angle brackets where no prefix fits. Labels are
    in a language where there is one, else in English.
    """
    query = resources.files(__package__).joinpath("completion.rq").read_text(encoding="utf-8")
    found: dict[str, dict[str, list[str]]] = {"classes": {}, "properties": {}}
    terms = set()
    for row in (await site.query(query)).rows:
        iri = row["term"].value
        terms.add(iri)
        words = [plain(row[each].value) if each in row else "" for each in ("label", "definition")]
        group = found[_GROUPS[row["group"].value]]
        group.setdefault(iri, [prefixes().compact(iri), *words])
    things = [
        [prefixes().compact(iri), plain(site.label(iri, language))]
        for iri in sorted(site.labels)
        if iri not in terms
    ]
    return {
        "prefixes": dict(prefixes()),
        "classes": list(found["classes"].values()),
        "properties": list(found["properties"].values()),
        "things": things,
    }
