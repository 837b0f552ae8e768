"""Catalogue: all things with their names and what lists are narrowed by, read once per dataset."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from importlib import resources

from trilateral.prefixes import prefixes
from trilateral.serve.site import Row, Site, read_answer

_JSON = "application/sparql-results+json"
# What names a thing, in the order in which one name of a thing is better than another.
NAMINGS = ("label", "alternative name", "abbreviation", "official name", "name in a source")


@dataclass(frozen=True, slots=True)
class Name:
    """A name of a thing: its text, its language, what kind of name it is, and who uses it."""

    text: str
    language: str
    naming: str
    source: str = ""


@dataclass(slots=True)
class Thing:
    """A thing as lists and the search know it.

    Attributes:
        iri: Its IRI.
        kind: The folder of its IRI, such as ``actor``.
        names: All its names.
        values: What lists are narrowed by: the local name of a property, or ``class``, to IRIs.
        date: When it began or was issued, as precisely as is known; empty where it is not.
        definition: What it is, in English; empty where nothing says so.
    """

    iri: str
    kind: str
    names: list[Name] = field(default_factory=list)
    values: dict[str, list[str]] = field(default_factory=dict)
    date: str = ""
    definition: str = ""


Catalogue = dict[str, list[Thing]]


async def read_catalogue(site: Site) -> Catalogue:
    """Return the things of a site by kind; read at first use, and anew when the data change."""
    kept = site.kept.get("catalogue")
    if kept is None:
        kept = site.kept["catalogue"] = asyncio.ensure_future(_read(site))
        kept.add_done_callback(lambda done: _forget(site, done))
    # One client that leaves does not end what others wait for.
    catalogue: Catalogue = await asyncio.shield(kept)
    return catalogue


def _forget(site: Site, done: asyncio.Future[Catalogue]) -> None:
    failed = done.cancelled() or done.exception() is not None
    if failed and site.kept.get("catalogue") is done:
        del site.kept["catalogue"]


def query(things: Iterable[str] = ()) -> str:
    """Return the query for all that the catalogue holds, or for what it holds of some things."""
    text = resources.files(__package__).joinpath("catalogue.rq").read_text(encoding="utf-8")
    terms = " ".join(f"<{iri}>" for iri in sorted(things))
    return text.replace("WHERE {", f"WHERE {{ VALUES ?thing {{ {terms} }}", 1) if terms else text


async def _read(site: Site) -> Catalogue:
    # It is as long as the dataset, and nobody's own query.
    job = {"does": "query", "query": query(), "solutions": _JSON, "output": 1 << 30}
    done = await site.run(None, job)
    return await asyncio.to_thread(lambda: gather(read_answer(done.body).rows))


def gather(rows: Iterable[Row]) -> Catalogue:
    """Return the things that rows of ``catalogue.rq`` tell of, by kind, in the order of IRIs."""
    things: dict[str, Thing] = {}
    for row in rows:
        iri, part, value = row["thing"].value, row["part"].value, row["value"]
        kind = kind_of(iri)
        if not kind:
            continue
        thing = things.get(iri) or things.setdefault(iri, Thing(iri, kind))
        if part in NAMINGS:
            source = row["source"].value if "source" in row else ""
            thing.names.append(Name(value.value, value.language.lower(), part, source))
        elif part == "date":
            thing.date = min(thing.date, value.value) if thing.date else value.value
        elif part == "definition":
            thing.definition = thing.definition or value.value
        else:
            thing.values.setdefault(part, []).append(value.value)
    found: Catalogue = {}
    for thing in things.values():
        # What is only named or dated, and is of no class, is not described here.
        if "class" in thing.values:
            thing.names.sort(key=_place)
            found.setdefault(thing.kind, []).append(thing)
    return found


def _place(name: Name) -> tuple[int, str, str, str]:
    """Return by what names are sorted: all there is, since rows alike come in any order."""
    return NAMINGS.index(name.naming), name.text, name.language, name.source


@cache
def kinds() -> frozenset[str]:
    """Return the kinds of things: the prefixes whose namespace is a folder of the base.

    >>> "actor" in kinds(), "skos" in kinds()
    (True, False)
    """
    base = prefixes().base
    return frozenset(name for name, space in prefixes().items() if space == f"{base}{name}/")


def kind_of(iri: str) -> str:
    """Return the kind of a thing of the project by its IRI, "" of anything else.

    >>> kind_of("https://w3id.org/trilateral/actor/japan"), kind_of("https://example.org/actor/a")
    ('actor', '')
    """
    kind, slash, slug = iri.removeprefix(prefixes().base).partition("/")
    return kind if slash and slug and kind in kinds() else ""


_UNCOMMON = {
    "agreement": "Agreement figures", "basis": "Bases", "confidence": "Confidence levels",
    "exclusion": "Exclusion reasons", "force": "Deontic forces", "funding": "Funding",
    "outcome": "Outcome documents", "poll": "Poll figures", "prefix": "Prefixes",
    "status": "Statuses",
}  # fmt: skip


def plural(kind: str) -> str:
    """Return the name of a kind for many things.

    >>> [plural(each) for each in ("actor", "event-kind", "polarity", "outcome")]
    ['Actors', 'Event kinds', 'Polarities', 'Outcome documents']
    """
    words = kind.replace("-", " ").capitalize()
    if kind in _UNCOMMON:
        return _UNCOMMON[kind]
    return f"{words[:-1]}ies" if words.endswith("y") else f"{words}s"


def singular(kind: str) -> str:
    """Return the name of a kind for one thing.

    >>> singular("outcome"), singular("event-kind")
    ('outcome document', 'event kind')
    """
    words = _UNCOMMON.get(kind, "")
    return words.lower().removesuffix("s") if " " in words else kind.replace("-", " ")
