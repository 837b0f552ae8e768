"""Evidence: what speaks for and against an item of Wikidata being a thing, in points and words.

The points only put candidates in order. They are no probability, and no sum of
them confirms a match.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from trilateral.reconcile.queries import same_site, tags_of
from trilateral.reconcile.things import Thing

# Points. A code says more than all of name, class and tie together.
IDENTIFIER = 70
WEBSITE = 50
LABEL = 30
OTHER_NAME = 20
FURTHER_LANGUAGE = 5  # up to two of them
CLASS = 15
TIE = 10
OTHER_CODE = -40
OTHER_CLASS = -50

HUMAN = "Q5"
_ORGANIZATIONS = {
    "Q43229": "organization",
    "Q79913": "non-governmental organization",
    "Q163740": "nonprofit organization",
    "Q245065": "intergovernmental organization",
    "Q484652": "international organization",
}
# Classes of Wikidata that fit ours. Small: an item of none of them only gains nothing.
CLASSES: Mapping[str, Mapping[str, str]] = {
    "tri:State": {"Q6256": "country", "Q7275": "state", "Q3624078": "sovereign state"},
    "tri:Economy": {"Q6256": "country"},
    "tri:Organization": _ORGANIZATIONS
    | {
        "Q3918": "university",
        "Q11032": "newspaper",
        "Q31855": "research institute",
        "Q155271": "think tank",
        "Q157031": "foundation",
        "Q192283": "news agency",
        "Q327333": "government agency",
        "Q1110794": "daily newspaper",
    },
    "tri:Person": {HUMAN: "human"},
    "tri:Framework": _ORGANIZATIONS | {"Q131569": "treaty", "Q1127126": "military alliance"},
    "tri:Place": {
        "Q165": "sea",
        "Q515": "city",
        "Q3957": "town",
        "Q5119": "capital",
        "Q9430": "ocean",
        "Q23442": "island",
        "Q34763": "peninsula",
        "Q37901": "strait",
        "Q82794": "region",
        "Q486972": "human settlement",
        "Q1549591": "big city",
    },
    "tri:Office": {"Q294414": "public office", "Q4164871": "position"},
    "tri:Event": {"Q1190554": "occurrence", "Q1656682": "event"},
}
# Pages that list or explain names: never the thing itself.
PAGES = frozenset({"Q4167410", "Q22808320", "Q13406463", "Q4167836", "Q101352", "Q202444"})

_CODES = {
    "P297": "ISO 3166-1 alpha-2 code",
    "P298": "ISO 3166-1 alpha-3 code",
    "P1566": "GeoNames identifier",
    "P6782": "ROR identifier",
}
_TIES = {
    "P17": "country",
    "P27": "citizenship",
    "P39": "position held",
    "P108": "employer",
    "P361": "part of",
    "P463": "member of",
    "P749": "parent organization",
}


@dataclass
class Item:
    """What an endpoint says of an item: names by tag, descriptions by tag, values by property."""

    name: str
    labels: dict[str, str] = field(default_factory=dict)
    aliases: set[tuple[str, str]] = field(default_factory=set)
    descriptions: dict[str, str] = field(default_factory=dict)
    claims: dict[str, set[str]] = field(default_factory=dict)

    @property
    def is_page(self) -> bool:
        """Whether the item is a page about names rather than a thing."""
        return bool(PAGES & self.claims.get("P31", set()))

    def in_language(self, texts: Mapping[str, str], languages: Sequence[str]) -> str:
        """Return the text in the first language that has one, or ""."""
        tags = (tag for language in languages for tag in tags_of(language))
        return next((texts[tag] for tag in tags if tag in texts), "")


@dataclass(frozen=True)
class Verdict:
    """Points from 0 to 100, the reasons for them, and how many of these speak against."""

    score: int
    reasons: tuple[str, ...]
    against: int = 0


def judge(thing: Thing, item: Item, languages: Sequence[str]) -> Verdict:
    """Return what speaks for and against an item being a thing.

    >>> from trilateral.reconcile.things import Name
    >>> thing = Thing("i", "actor:a", "A", ("tri:Person",), (Name("Ada Orr", "en", True),))
    >>> judge(thing, Item("Q1", labels={"en": "Ada Orr"}, claims={"P31": {"Q5"}}), ["en"])
    Verdict(score=45, reasons=('label equal (en)', 'class fits: human'), against=0)
    """
    found = [
        *_identifiers(thing, item),
        *_website(thing, item),
        *_names(thing, item, languages),
        *_class(thing, item),
        *_tie(thing, item),
    ]
    total = sum(points for points, _ in found)
    against = sum(points < 0 for points, _ in found)
    return Verdict(max(0, min(100, total)), tuple(reason for _, reason in found), against)


Evidence = Iterator[tuple[int, str]]


def _identifiers(thing: Thing, item: Item) -> Evidence:
    for prop, value in thing.identifiers:
        values = item.claims.get(prop, set())
        if value in values:
            yield IDENTIFIER, f"{_CODES[prop]} {value} ({prop})"
        elif values:
            yield OTHER_CODE, f"against: its {_CODES[prop]} is {', '.join(sorted(values))} ({prop})"


def _website(thing: Thing, item: Item) -> Evidence:
    sites = {same_site(address) for address in item.claims.get("P856", ())}
    if any(same_site(address) in sites for address in thing.homepages):
        yield WEBSITE, "official website (P856)"


def _names(thing: Thing, item: Item, languages: Sequence[str]) -> Evidence:
    labels, others = set(), set()
    for name in thing.names:
        if name.language not in languages:
            continue
        tags, text = tags_of(name.language), _plain(name.text)
        is_label = any(_plain(item.labels[tag]) == text for tag in tags if tag in item.labels)
        is_alias = any(tag in tags and _plain(alias) == text for tag, alias in item.aliases)
        if is_label and name.preferred:
            labels.add(name.language)
        elif is_label or is_alias:
            others.add(name.language)
    if labels:
        yield _points(LABEL, labels), f"label equal {_languages(labels)}"
    elif others:
        yield _points(OTHER_NAME, others), f"another name equal {_languages(others)}"


def _points(base: int, languages: set[str]) -> int:
    return base + FURTHER_LANGUAGE * min(2, len(languages) - 1)


def _languages(languages: Iterable[str]) -> str:
    tags = sorted(languages)
    count = f"in {len(tags)} languages " if len(tags) > 1 else ""
    return f"{count}({', '.join(tags)})"


def _class(thing: Thing, item: Item) -> Evidence:
    classes = item.claims.get("P31", set())
    fitting = [
        label
        for own in thing.classes
        for name, label in CLASSES.get(own, {}).items()
        if name in classes
    ]
    if fitting:
        yield CLASS, f"class fits: {', '.join(dict.fromkeys(fitting))}"
    elif HUMAN in classes:
        yield OTHER_CLASS, "against: it is a human"
    elif classes and "tri:Person" in thing.classes:
        yield OTHER_CLASS, "against: it is no human"


def _tie(thing: Thing, item: Item) -> Evidence:
    ties = [
        f"{word} {label} ({prop})"
        for prop, word in _TIES.items()
        for name, label in dict(thing.links).items()
        if name in item.claims.get(prop, ())
    ]
    if ties:
        yield TIE, f"tie fits: {', '.join(ties)}"


def _plain(text: str) -> str:
    """Return a text as it is compared: without case, width and runs of spaces."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())
