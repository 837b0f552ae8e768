"""Thing: the page of one thing, made for its kind.

Which questions a kind of thing has stands in `things.parts`; what is said of every thing,
where it stands, and what points to it, in `things.facts`.
"""

from __future__ import annotations

import asyncio
from functools import partial
from typing import Any
from urllib.parse import quote

import pyoxigraph as ox
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from trilateral.prefixes import prefixes
from trilateral.serve.linked_data.documents import RDF, jsonld_of, links, moved
from trilateral.serve.linked_data.signposting import of_thing
from trilateral.serve.pages import parameters
from trilateral.serve.pages.catalogue import plural
from trilateral.serve.pages.language import words_in
from trilateral.serve.pages.render import render
from trilateral.serve.pages.things import cite
from trilateral.serve.pages.things.asking import Asking
from trilateral.serve.pages.things.days import as_date, day_in, last_day
from trilateral.serve.pages.things.elsewhere import elsewhere
from trilateral.serve.pages.things.evidence import evidence_for
from trilateral.serve.pages.things.facts import (
    Pointer,
    facts_about,
    file_of,
    pointers_to,
)
from trilateral.serve.pages.things.heads import ALL, HEADS
from trilateral.serve.pages.things.near import near
from trilateral.serve.pages.things.parts import MEMBERS_ON, PARTS, SPOKEN
from trilateral.serve.pages.things.section import question_of
from trilateral.serve.pages.things.tables import Shown, show_parts
from trilateral.serve.pages.things.terms import terms_of
from trilateral.serve.pages.things.title import title_of
from trilateral.serve.site import node
from trilateral.serve.web import http


def routes() -> list[BaseRoute]:
    """Return the routes of the pages of things."""
    return [
        Route("/ontology.html", _ontology),
        Route("/graph/{path:path}.html", _graph),
        Route("/{kind}/{slug:path}.html", _page),
    ]


async def _page(request: Request) -> Response:
    asking = Asking(request)
    kind, slug = request.path_params["kind"], request.path_params["slug"]
    iri = f"{prefixes().base}{kind}/{slug}"
    if answer := moved(request, f"{kind}/{slug}", "html"):
        return answer
    if not _can_be(iri):
        return _unknown(asking, iri, kind, slug)
    facts = await facts_about(asking, iri)
    if not facts.rows:
        return _unknown(asking, iri, kind, slug)
    more = await _members(asking, iri) if kind == "framework" else {}
    shown, pointers, evidence = await asyncio.gather(
        show_parts(asking, iri, PARTS.get(kind, ())),
        pointers_to(asking, iri),
        evidence_for(asking, [iri]),
    )
    said = len(facts.rows) + sum(each.count for each in pointers)
    template = f"thing-{kind}.html" if kind in _MADE else "thing.html"
    head = HEADS.get(kind, ALL)
    values = {
        "kinds": plural(kind),
        "kind": kind,
        "elsewhere": [
            (words, path)
            for words, path in elsewhere(kind, iri, any(part.name in SPOKEN for part in shown))
            if asking.site.there(path)
        ],
        "facts": facts,
        "head": facts.all() if head == ALL else facts.some(head),
        "rest": [] if head == ALL else facts.all(),
        "evidence": evidence[iri],
        # Beyond that, the link to the document is enough.
        "data": await jsonld_of(asking.site, request, iri) if said <= _EMBEDDED else "",
        **more,
    }
    return _render(asking, template, iri, title_of(facts), shown, pointers=pointers, **values)


# The kinds whose pages have a template of their own.
_MADE = frozenset(("framework",))
# A page holds its data as JSON-LD up to so many statements.
_EMBEDDED = 300


def _can_be(iri: str) -> bool:
    """Tell whether a thing can have an IRI; what nothing can be named by is not looked for."""
    try:
        return bool(node(ox.NamedNode(iri).value))
    except (ValueError, http.Problem):
        return False


def _render(
    asking: Asking,
    template: str,
    iri: str,
    name: str,
    shown: list[Shown],
    *,
    pointers: list[Pointer] | None = None,
    **values: Any,
) -> Response:
    stem = iri.removeprefix(prefixes().base)
    return render(
        asking.request,
        template,
        links=links(stem, ending="html"),
        signposts=of_thing(iri),
        # Where the page is, which search engines open; how the thing is cited stands beside it.
        canonical=f"{http.origin(asking.request)}/{quote(stem)}.html",
        iri=iri,
        path=f"/{stem}",
        name=name,
        shown=shown,
        pointers=pointers or [],
        formats=RDF,
        citation=partial(cite.citation, name, iri),
        report=cite.report(name, iri, asking.site.version, asking.site.issues),
        **values,
    )


async def _members(asking: Asking, iri: str) -> dict[str, Any]:
    """Return who belonged to a framework on the day asked for, else on the last of the data."""
    given = parameters.day(asking.request, "date")
    day = given.isoformat() if given else await last_day(asking.site, asking.request)
    members = await show_parts(asking, iri, (MEMBERS_ON,), {"date": as_date(day)}) if day else []
    newest = question_of(asking.site, "newest-record-of-a-framework")
    seen = await asking.query(newest.bound({"framework": node(iri)}))
    return {"day": day, "members": members, "newest": day_in(seen)}


async def _graph(request: Request) -> Response:
    asking = Asking(request)
    path = request.path_params["path"]
    iri = f"{prefixes()['graph']}{path}"
    if answer := moved(request, f"graph/{path}", "html"):
        return answer
    if not _can_be(iri):
        return _unknown(asking, iri, "graph", path)
    size = question_of(asking.site, "size-of-a-graph").bound({"graph": node(iri)})
    found = (await asking.query(size)).rows[0]
    if found["statements"].value == "0":
        return _unknown(asking, iri, "graph", path)
    shown = await show_parts(asking, iri, PARTS["graph"])
    name = words_in(asking.language).gettext("Graph %(path)s", path=path)
    return _render(asking, "thing-graph.html", iri, name, shown,
                   kind="graph", statements=int(found["statements"].value),
                   things=int(found["things"].value), file=file_of(asking.site, iri),
                   query=size)  # fmt: skip


async def _ontology(request: Request) -> Response:
    asking = Asking(request)
    iri = prefixes().base + "ontology"
    facts, (query, terms) = await asyncio.gather(facts_about(asking, iri), terms_of(asking))
    name = words_in(asking.language).gettext("Ontology")
    return _render(asking, "thing-ontology.html", iri, name, [], kind="ontology",
                   facts=facts, head=facts.some(HEADS["ontology"]), query=query,
                   terms=terms)  # fmt: skip


def _unknown(asking: Asking, iri: str, kind: str, slug: str) -> Response:
    suggestions = near(asking.site.labels, prefixes().base, kind, slug)
    answer = render(asking.request, "thing-unknown.html", status=404, iri=iri,
                    suggestions=suggestions)  # fmt: skip
    del answer.headers["etag"]
    answer.headers["cache-control"] = "no-store"
    return answer
