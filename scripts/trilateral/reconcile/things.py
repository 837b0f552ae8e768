"""Things: what the dataset says of those that Wikidata may know, and which of them are meant."""

from __future__ import annotations

import difflib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from trilateral import sparql
from trilateral.errors import UnknownNameError
from trilateral.prefixes import prefixes

if TYPE_CHECKING:
    import pyoxigraph as ox

_ACTORS = ("tri:State", "tri:Economy", "tri:Organization", "tri:Person")
# Groupings and publics are how a text speaks of others: they are asked for by name only.
KINDS: Mapping[str, tuple[str, ...]] = {
    "actor": _ACTORS,
    "state": ("tri:State",),
    "economy": ("tri:Economy",),
    "organization": ("tri:Organization",),
    "person": ("tri:Person",),
    "grouping": ("tri:Grouping",),
    "population": ("tri:Population",),
    "framework": ("tri:Framework",),
    "place": ("tri:Place",),
    "office": ("tri:Office",),
    "event": ("tri:Event",),
}
DEFAULT_KINDS = ("actor", "framework", "place")

# The property of Wikidata that holds what a property, or the namespace of a match, holds here.
_IDENTIFIERS = {"tri:countryCode": "P297", "tri:iso3Code": "P298", "ror": "P6782", "gn": "P1566"}
_NAMES = ("skos:prefLabel", "skos:altLabel", "tri:officialName", "tri:abbreviation")


@dataclass(frozen=True)
class Name:
    """A name of a thing, its language tag in lower case, and whether it is the label."""

    text: str
    language: str
    preferred: bool


@dataclass(frozen=True)
class Thing:
    """What the dataset says of a thing.

    ``name`` is its short form, ``identifiers`` pairs of a Wikidata property and a
    value, ``matches`` the Wikidata items on record, ``links`` pairs of item and
    label of the things that it is tied to.
    """

    iri: str
    name: str
    label: str
    classes: tuple[str, ...]
    names: tuple[Name, ...]
    identifiers: tuple[tuple[str, str], ...] = ()
    homepages: tuple[str, ...] = ()
    matches: tuple[str, ...] = ()
    links: tuple[tuple[str, str], ...] = ()


def read_things(store: ox.Store) -> list[Thing]:
    """Return every thing that may have an item in Wikidata, sorted by IRI.

    Unnamed parties are never among them: they are not identified by guesswork.

    >>> from trilateral import dataset
    >>> from trilateral.home import find_home
    >>> things = {thing.name: thing for thing in read_things(dataset.load(find_home()))}
    >>> things["actor:japan"].matches
    ('Q17',)
    """
    said: dict[str, list[tuple[str, str, str]]] = defaultdict(list)
    for iri, prop, value, language in sparql.rows(store, __package__, "things"):
        said[iri].append((prefixes().compact(prop), value, language))
    links: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for iri, match, label in sparql.rows(store, __package__, "links"):
        links[iri].append((match.removeprefix(prefixes()["wd"]), label))
    return [_thing(iri, facts, links[iri]) for iri, facts in sorted(said.items())]


def _thing(
    iri: str, facts: Sequence[tuple[str, str, str]], links: Sequence[tuple[str, str]]
) -> Thing:
    names = tuple(
        Name(value, language, prop == "skos:prefLabel")
        for prop, value, language in facts
        if prop in _NAMES
    )
    identifiers, matches = [], []
    for prop, value, _ in facts:
        if prop in _IDENTIFIERS:
            identifiers.append((_IDENTIFIERS[prop], value))
        elif prop == "skos:exactMatch":
            namespace, local = _split(value)
            if namespace == "wd":
                matches.append(local)
            elif namespace in _IDENTIFIERS:
                identifiers.append((_IDENTIFIERS[namespace], local))
    labels = [name for name in names if name.preferred]
    labels.sort(key=lambda name: (name.language != "en", name.language))
    name = prefixes().compact(iri)
    return Thing(
        iri=iri,
        name=name,
        label=labels[0].text if labels else name,
        classes=tuple(prefixes().compact(value) for prop, value, _ in facts if prop == "rdf:type"),
        names=names,
        identifiers=tuple(identifiers),
        homepages=tuple(value for prop, value, _ in facts if prop == "tri:homepage"),
        matches=tuple(matches),
        links=tuple(links),
    )


def _split(iri: str) -> tuple[str, str]:
    """Return prefix and local name; GeoNames ends its IRIs with a slash."""
    return prefixes().split(iri.removesuffix("/")) or ("", iri)


def of_kinds(things: Iterable[Thing], kinds: Sequence[str]) -> Iterator[Thing]:
    """Yield the things of some kinds.

    Raises:
        UnknownNameError: for a kind that does not exist.
    """
    for kind in kinds:
        if kind not in KINDS:
            raise UnknownNameError(f"{kind}: there is no such kind.", f"Known: {', '.join(KINDS)}.")
    wanted = {each for kind in kinds for each in KINDS[kind]}
    return (thing for thing in things if wanted & set(thing.classes))


def pick(things: Sequence[Thing], named: Iterable[str]) -> list[Thing]:
    """Return the things that slugs, short forms, IRIs or labels name, each once.

    Raises:
        UnknownNameError: when a name fits nothing, with those near it, or several things.
    """
    picked: dict[str, Thing] = {}
    for name in named:
        found = _named(things, name)
        if len(found) > 1:
            choices = ", ".join(thing.name for thing in found)
            raise UnknownNameError(f"{name}: several things are called so.", f"Say: {choices}.")
        if not found:
            raise UnknownNameError(f"{name}: there is no such thing.", _near(things, name))
        picked.setdefault(found[0].iri, found[0])
    return list(picked.values())


def _named(things: Sequence[Thing], name: str) -> list[Thing]:
    """Return what a name fits: as IRI or short form, else as slug, else as label."""
    wanted = name.strip()
    iri = wanted.removeprefix("<").removesuffix(">")
    ways = (
        lambda thing: thing.iri == iri or thing.name == wanted,
        lambda thing: thing.name.partition(":")[2] == wanted,
        lambda thing: any(
            each.preferred and each.text.casefold() == wanted.casefold() for each in thing.names
        ),
    )
    for way in ways:
        found = [thing for thing in things if way(thing)]
        if found:
            return found
    return []


def _near(things: Sequence[Thing], name: str) -> str:
    slugs = {thing.name.partition(":")[2]: thing for thing in things}
    wanted = name.rpartition(":")[2].rpartition("/")[2].casefold()
    near = difflib.get_close_matches(wanted, slugs, n=5, cutoff=0.5)
    near += [slug for slug in slugs if wanted and wanted in slug and slug not in near]
    if not near:
        return "Name a slug, a short form such as actor:japan, an IRI or a label."
    return "Did you mean:" + "".join(
        f"\n  {slugs[slug].name}  ({slugs[slug].label})" for slug in near[:10]
    )
