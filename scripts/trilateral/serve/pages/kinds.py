"""Kinds: the list of all things of a kind, narrowed by what is said of them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from starlette.convertors import Convertor, register_url_convertor
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from trilateral.serve.pages.catalogue import (
    Catalogue,
    Thing,
    kinds,
    plural,
    read_catalogue,
    singular,
)
from trilateral.serve.pages.finding import fold
from trilateral.serve.pages.language import NC_, Message, language_of
from trilateral.serve.pages.render import page_of, render
from trilateral.serve.pages.table import spoken
from trilateral.serve.site import Site
from trilateral.serve.web.http import Problem

_A_PAGE = 200


@dataclass(frozen=True)
class Facet:
    """What a list can be narrowed by: its parameter in the URL, its name, and where it lies.

    ``part`` is a key of `Thing.values`, or ``year`` for the year of the date.
    """

    parameter: str
    name: str
    part: str


# The first facet of a kind is also a column of its list.
FACETS: dict[str, tuple[Facet, ...]] = {
    "actor": (Facet("kind", NC_("column", "kind"), "actorKind"),),
    "designation": (Facet("kind", NC_("column", "kind of name"), "nameKind"),),
    "event": (
        Facet("kind", NC_("column", "kind"), "eventKind"),
        Facet("year", NC_("column", "year"), "year"),
        Facet("basis", NC_("column", "ground"), "basis"),
    ),
    "framework": (
        Facet("kind", NC_("column", "kind"), "frameworkKind"),
        Facet("status", NC_("column", "status"), "status"),
    ),
    "membership": (
        Facet("role", NC_("column", "role"), "role"),
        Facet("framework", NC_("column", "framework"), "framework"),
        Facet("basis", NC_("column", "ground"), "basis"),
    ),
    "place": (Facet("country", NC_("column", "country"), "country"),),
    "proposition": (
        Facet("kind", NC_("column", "kind"), "propositionKind"),
        Facet("about", NC_("column", "about"), "about"),
    ),
    "source": (
        Facet("class", NC_("column", "coded or consulted"), "class"),
        Facet("genre", NC_("column", "genre"), "genre"),
        Facet("year", NC_("column", "year"), "year"),
    ),
    "stance": (
        Facet("polarity", NC_("column", "polarity"), "polarity"),
        Facet("ascription", NC_("column", "ascription"), "ascription"),
    ),
    "topic": (Facet("under", NC_("column", "under"), "broader"),),
}  # fmt: skip
# Kinds whose lists follow time, the newest first; the others follow the names.
_BY_DATE = {"event", "outcome"}


class _Kind(Convertor[str]):
    """A segment of a path that is a kind of thing."""

    regex = "|".join(sorted(kinds(), key=len, reverse=True))

    def convert(self, value: str) -> str:
        return value

    def to_string(self, value: str) -> str:
        return value


register_url_convertor("kind", _Kind())


def routes() -> list[BaseRoute]:
    """Return the routes of the lists, and of what leads to them."""
    return [Route("/{kind:kind}", _to_list), Route("/{kind}/", _list)]


async def _to_list(request: Request) -> Response:
    query = f"?{request.url.query}" if request.url.query else ""
    return RedirectResponse(f"/{request.path_params['kind']}/{query}", 308)


async def _list(request: Request) -> Response:
    site: Site = request.app.state.site
    kind, language = request.path_params["kind"], language_of(request)
    if kind not in kinds():
        raise Problem(
            404, "No such kind",
            Message("There is no kind of thing %(kind)s.", kind=repr(kind[:40])),
            "The home page lists all kinds.",
        )  # fmt: skip
    catalogue: Catalogue = await read_catalogue(site)
    things = catalogue.get(kind, [])
    facets = FACETS.get(kind, ())
    chosen = {each.parameter: request.query_params.get(each.parameter, "") for each in facets}
    shown = [thing for thing in things if _fits(thing, facets, chosen)]
    shown.sort(key=lambda thing: fold(site.label(thing.iri, language)))
    if kind in _BY_DATE:
        shown.sort(key=lambda thing: thing.date, reverse=True)
    elif kind == "source":
        shown.sort(key=lambda thing: _slugs(thing, "class"))
    page = page_of(request, len(shown), _A_PAGE)
    return render(
        request,
        "kinds.html",
        kind=kind,
        plural=plural(kind),
        singular=singular(kind),
        of=len(things),
        page=page,
        things=shown[page.start : page.end],
        facets=[(each, _choices(site, things, each, language)) for each in facets],
        chosen=chosen,
        first=facets[0] if facets else None,
        translated=any(language in site.labels.get(thing.iri, {}) for thing in things),
        has_dates=any(thing.date for thing in things),
        has_definitions=any(thing.definition for thing in things),
    )


def _slugs(thing: Thing, part: str) -> list[str]:
    """Return the values of a thing as they stand in URLs."""
    if part == "year":
        return [thing.date[:4]] if thing.date else []
    return [slug(value) for value in thing.values.get(part, ())]


def slug(value: str) -> str:
    """Return how a value stands in the URL of a list.

    >>> slug("https://w3id.org/trilateral/genre/dataset"), slug("https://example.org/#Document")
    ('dataset', 'Document')
    """
    return value[max(value.rfind("/"), value.rfind("#")) + 1 :]


def _fits(thing: Thing, facets: tuple[Facet, ...], chosen: dict[str, str]) -> bool:
    return all(
        not chosen[each.parameter] or chosen[each.parameter] in _slugs(thing, each.part)
        for each in facets
    )


def _choices(
    site: Site, things: list[Thing], facet: Facet, language: str
) -> list[tuple[str, str, int, str]]:
    """Return what a facet can be.

    Each with how it stands in the URL, its label, how many things, and the language of the
    label.
    """
    if facet.part == "year":
        years = Counter(year for thing in things for year in _slugs(thing, "year"))
        return [
            (year, year, count, language) for year, count in sorted(years.items(), reverse=True)
        ]
    values = Counter(
        value for thing in things for value in dict.fromkeys(thing.values.get(facet.part, ()))
    )
    named = [
        (slug(value), site.label(value, language), count, spoken(site, value, language))
        for value, count in values.items()
    ]
    # Two of one name, such as a place and a topic, have an order too.
    return sorted(named, key=lambda each: (fold(each[1]), each[0]))
