"""Home: what this is, and where to begin."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from importlib import resources

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from trilateral.ask.questions import Question
from trilateral.serve.linked_data import signposting
from trilateral.serve.linked_data.description import describe_for_search
from trilateral.serve.linked_data.documents import embedded
from trilateral.serve.pages.catalogue import Catalogue, plural, read_catalogue
from trilateral.serve.pages.citation import read_citation
from trilateral.serve.pages.kinds import FACETS, slug
from trilateral.serve.pages.language import N_
from trilateral.serve.pages.parameters import address
from trilateral.serve.pages.render import render
from trilateral.serve.site import Site

# Where to begin: a kind of thing, and what it is in a few words.
_ENTRIES = (
    ("actor", N_("States, economies, organizations, persons and groupings, and what they hold.")),
    ("framework", N_("Agreements, dialogues, institutions and initiatives, with members by date.")),
    ("event", N_("Summits, ministerials, signings: when, where, with whom, under what.")),
    ("source", N_("Documents coded passage by passage, and registers that attest facts.")),
    ("topic", N_("What propositions are about.")),
    ("proposition", N_("What can be held or denied, apart from anybody who does.")),
)
# The values of the first facet of a kind that the home page leads to.
_SHORTCUTS = {
    "actor": ("state", "intergovernmental-organization", "person", "think-tank"),
    "framework": ("dialogue", "agreement", "alliance", "proposal"),
    "event": ("summit", "ministerial", "signing", "exercise"),
    "source": ("Document", "Register"),
    "topic": ("security", "economy", "diplomacy", "regional-relations"),
    "proposition": ("descriptive", "causal", "evaluative", "policy"),
}
_COUNTS = resources.files(__package__).joinpath("counts.rq").read_text(encoding="utf-8")
# Questions to begin with, and what they are asked of where that is not left open.
_EXAMPLES: tuple[tuple[str, Mapping[str, str]], ...] = (
    ("where-do-documents-disagree", {}),
    ("which-claims-does-the-record-not-bear-out", {}),
    ("whose-positions-are-only-ascribed", {}),
    ("which-names-are-contested-or-metonymic", {}),
    ("when-did-the-three-leaders-meet", {"framework": "us-japan-rok-cooperation"}),
    ("who-belonged-to-a-framework-on-a-date", {"framework": "ipef", "date": "2023-06-30"}),
    ("where-does-a-document-stay-silent", {}),
)


def routes() -> list[BaseRoute]:
    """Return the routes of the home page."""
    return [Route("/", _home)]


async def _home(request: Request) -> Response:
    site: Site = request.app.state.site
    catalogue = await read_catalogue(site)
    rows = (await site.query(_COUNTS, request)).rows
    counts = {row["kind"].value: int(row["things"].value) for row in rows}
    asked = [(site.questions[name], given) for name, given in _EXAMPLES]
    posts = signposting.of_dataset(site)
    return render(
        request,
        "home.html",
        links=[each.header() for each in posts],
        signposts=posts,
        data=embedded(json.dumps(describe_for_search(site, request), ensure_ascii=False, indent=1)),
        counts=counts,
        counts_query=_COUNTS,
        entries=[(kind, words, _shortcuts(catalogue, kind)) for kind, words in _ENTRIES],
        examples=[(each.summary, _path(each, given)) for each, given in asked],
        citation=read_citation(),
        plural=plural,
    )


def _path(question: Question, given: Mapping[str, str]) -> str:
    """Return the path of a question asked about things, by slug, and on days."""
    kinds = {each.name: each.kind for each in question.parameters}
    terms = {
        name: value if kinds[name] == "date" else f"{kinds[name]}:{value}"
        for name, value in given.items()
    }
    return address("/query", question=question.name, **terms)


def _shortcuts(catalogue: Catalogue, kind: str) -> list[tuple[str, str, str, int]]:
    """Return where a list of a kind may be narrowed to.

    Each with the parameter, how the value stands in the URL, its IRI, and how many things
    have it.
    """
    facet = FACETS[kind][0]
    things = catalogue.get(kind, ())
    counts = Counter(value for each in things for value in set(each.values.get(facet.part, ())))
    values = {slug(value): value for value in counts}
    return [
        (facet.parameter, each, values[each], counts[values[each]])
        for each in _SHORTCUTS[kind]
        if each in values
    ]
