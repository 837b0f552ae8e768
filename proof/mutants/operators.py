"""Mutation operators: each takes a valid triple of a thing and makes one mistake in it.

A mistake is a set of triples that go and a set that come. The operators are the
mistakes that people make who write such data by hand: something forgotten, said
twice, of the wrong kind, misspelt, swapped, out of range.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Iterator

import pyoxigraph as ox

from proof.mutants.mistake import Mistake
from proof.mutants.world import World
from trilateral.prefixes import prefixes
from trilateral.vocabulary import iri

XSD = "http://www.w3.org/2001/XMLSchema#"
_DATES = (XSD + "date", XSD + "gYearMonth", XSD + "gYear")
_NUMBERS = (XSD + "integer", XSD + "decimal", XSD + "double", XSD + "nonNegativeInteger")
# Longer than labels, than claims, than actions, and than any text.
_LONG = (250, 400, 700, 1000)
# Properties of which one is the lower and one the upper end of something.
_ENDS = (
    ("tri:startDate", "tri:endDate"),
    ("tri:earliestStart", "tri:latestStart"),
    ("tri:earliestEnd", "tri:latestEnd"),
    ("tri:fieldStart", "tri:fieldEnd"),
    ("tri:startDate", "tri:ongoingOn"),
    ("tri:startPosition", "tri:endPosition"),
    ("tri:alphaLow", "tri:alphaHigh"),
    ("tri:issued", "tri:accessedOn"),
)


def _node(name: str) -> ox.NamedNode:
    return ox.NamedNode(iri(name))


_TYPE = _node("rdf:type")


def _instead(what: str, triple: ox.Triple, *objects: object) -> Iterator[Mistake]:
    for value in objects:
        if value != triple.object:
            new = ox.Triple(triple.subject, triple.predicate, value)
            yield Mistake(f"{what} {_shown(value)}", frozenset([triple]), frozenset([new]))


def _shown(value: object) -> str:
    if isinstance(value, ox.NamedNode):
        return prefixes().compact(value.value)
    text = str(value).replace("\n", "\\n")
    return text if len(text) < 60 else text[:57] + "..."


def drop(world: World, triple: ox.Triple) -> Iterator[Mistake]:
    """Leave the property out."""
    values = world.values(triple.subject, triple.predicate)
    yield Mistake("no value", frozenset(values), frozenset())


def drop_one(world: World, triple: ox.Triple) -> Iterator[Mistake]:
    """Leave one of several values out."""
    if len(world.values(triple.subject, triple.predicate)) > 1:
        yield Mistake(f"without {_shown(triple.object)}", frozenset([triple]), frozenset())


def duplicate(world: World, triple: ox.Triple) -> Iterator[Mistake]:
    """Give a second value, of the kind of the first."""
    value = triple.object
    other = _varied(value) if isinstance(value, ox.Literal) else world.another_like(triple)
    if other is not None:
        new = ox.Triple(triple.subject, triple.predicate, other)
        if new not in world.triples:
            yield Mistake(f"also {_shown(other)}", frozenset(), frozenset([new]))


def _varied(value: ox.Literal) -> ox.Literal:
    """Return another value of the same kind and language."""
    kind, text = value.datatype.value, value.value
    if value.language:
        return ox.Literal(f"{text} {text}", language=value.language)
    if kind in _NUMBERS:
        text = re.sub(r"\d(?=\D*$)", lambda match: str((int(match.group()) + 1) % 10), text)
    elif kind == XSD + "date":
        day = datetime.date.fromisoformat(text) + datetime.timedelta(days=1)
        text = day.isoformat()
    elif kind in (XSD + "gYear", XSD + "gYearMonth"):
        text = f"{int(text[:4]) + 1:04}{text[4:]}"
    elif kind == XSD + "boolean":
        text = "false" if text == "true" else "true"
    else:
        text = re.sub(r"[0-9A-Za-z]", lambda match: _next(match.group()), text, count=1)
    return ox.Literal(text, datatype=value.datatype)


def _next(character: str) -> str:
    """Return another digit or letter, of the same case and good in hexadecimal numbers too."""
    if character.isdigit():
        return str((int(character) + 1) % 10)
    other = "b" if character in "aA" else "a"
    return other.upper() if character.isupper() else other


def datatype(_: World, triple: ox.Triple) -> Iterator[Mistake]:
    """Give a literal of another datatype."""
    value = triple.object
    if isinstance(value, ox.Literal):
        kinds = ("string", "integer", "date", "dateTime", "gYear", "boolean", "decimal")
        examples = ("words", "7", "2020-02-02", "2020-02-02T10:00:00Z", "2020", "true", "7.5")
        for kind, example in zip(kinds, examples, strict=True):
            if value.datatype.value != XSD + kind:
                text = value.value if kind == "string" else example
                other = ox.Literal(text, datatype=ox.NamedNode(XSD + kind))
                yield from _instead("instead", triple, other)
        if value.datatype.value == XSD + "string":
            other = ox.Literal(value.value, datatype=ox.NamedNode(XSD + "token"))
            yield from _instead("instead", triple, other)


def other_class(world: World, triple: ox.Triple) -> Iterator[Mistake]:
    """Link to a thing of a class to which the property never leads."""
    if isinstance(triple.object, ox.NamedNode) and world.is_own(triple.object):
        yield from _instead("leads to", triple, *world.of_other_classes(triple.predicate))


def other_list(world: World, triple: ox.Triple) -> Iterator[Mistake]:
    """Take a term from another list."""
    if world.is_concept(triple.object):
        yield from _instead("leads to", triple, *world.of_other_schemes(triple.object))


def node_kind(_: World, triple: ox.Triple) -> Iterator[Mistake]:
    """Give text for a link, a link for text, and a node without a name for either."""
    yield from _instead("instead", triple, ox.BlankNode("nameless"))
    if isinstance(triple.object, ox.Literal):
        yield from _instead("instead", triple, ox.NamedNode("https://example.org/thing"))
    else:
        yield from _instead("instead", triple, ox.Literal("words"), ox.Literal(triple.object.value))


def dangling(world: World, triple: ox.Triple) -> Iterator[Mistake]:
    """Link to a thing of ours that is described nowhere."""
    if isinstance(triple.object, ox.NamedNode) and world.is_own(triple.object):
        yield from _instead("leads to", triple, ox.NamedNode(triple.object.value + "-nowhere"))


def text(_: World, triple: ox.Triple) -> Iterator[Mistake]:
    """Give text that is empty, blank, padded or broken over lines."""
    value = triple.object
    if isinstance(value, ox.Literal) and value.datatype.value not in (*_DATES, *_NUMBERS):
        for other in ("", " ", f" {value.value}", f"{value.value}\n", f"{value.value}\t"):
            yield from _instead("instead", triple, _worded(value, other))


def length(_: World, triple: ox.Triple) -> Iterator[Mistake]:
    """Give text that is longer than some text may be."""
    value = triple.object
    if isinstance(value, ox.Literal) and value.datatype.value not in (*_DATES, *_NUMBERS):
        for number in _LONG:
            words = " ".join([value.value] * 1000)[:number].strip() + "."
            yield from _instead(f"{number} characters of", triple, _worded(value, words))


def language(_: World, triple: ox.Triple) -> Iterator[Mistake]:
    """Tag text with another language, with none, or tag what has no language."""
    value = triple.object
    if isinstance(value, ox.Literal) and value.language:
        yield from _instead("instead", triple, ox.Literal(value.value))
        for tag in ("fr", "zh", "en-GB", "ko" if value.language != "ko" else "ja"):
            yield from _instead("instead", triple, ox.Literal(value.value, language=tag))
    elif isinstance(value, ox.Literal) and value.datatype.value == XSD + "string":
        yield from _instead("instead", triple, ox.Literal(value.value, language="en"))


def _worded(value: ox.Literal, text: str) -> ox.Literal:
    if value.language:
        return ox.Literal(text, language=value.language)
    return ox.Literal(text, datatype=value.datatype)


def out_of_range(_: World, triple: ox.Triple) -> Iterator[Mistake]:
    """Give a number or a date that is too small or too large."""
    value = triple.object
    if not isinstance(value, ox.Literal):
        return
    if value.datatype.value in _NUMBERS:
        decimal = value.datatype.value == XSD + "decimal"
        for number in ("-1000000000", "1000000000"):
            text = number + ".5" if decimal else number
            yield from _instead("instead", triple, ox.Literal(text, datatype=value.datatype))
    elif value.datatype.value in _DATES:
        length = len(value.value)
        for day in ("0012-01-01", "2999-12-31"):
            yield from _instead(
                "instead", triple, ox.Literal(day[:length], datatype=value.datatype)
            )


def swap(world: World, triple: ox.Triple) -> Iterator[Mistake]:
    """Swap the two ends of a span."""
    name = prefixes().compact(triple.predicate.value)
    for low, high in _ENDS:
        if name == low:
            upper = _node(high)
            for other in world.values(triple.subject, upper):
                gone = frozenset([triple, other])
                new = frozenset(
                    [
                        ox.Triple(triple.subject, triple.predicate, other.object),
                        ox.Triple(triple.subject, upper, triple.object),
                    ]
                )
                if gone != new:
                    yield Mistake(f"swapped with {high}", gone, new)


def misspell(_: World, triple: ox.Triple) -> Iterator[Mistake]:
    """Misspell the name of the property."""
    name = triple.predicate.value
    for wrong in (name[:-1], name + "s"):
        new = ox.Triple(triple.subject, ox.NamedNode(wrong), triple.object)
        yield Mistake(f"as {prefixes().compact(wrong)}", frozenset([triple]), frozenset([new]))


def itself(_: World, triple: ox.Triple) -> Iterator[Mistake]:
    """Link a thing to itself."""
    if isinstance(triple.object, ox.NamedNode):
        yield from _instead("leads to", triple, triple.subject)


# On one triple of a thing.
OPERATORS: dict[str, Callable[[World, ox.Triple], Iterator[Mistake]]] = {
    "drop": drop,
    "drop one": drop_one,
    "duplicate": duplicate,
    "datatype": datatype,
    "other class": other_class,
    "other list": other_list,
    "node kind": node_kind,
    "dangling": dangling,
    "text": text,
    "length": length,
    "language": language,
    "out of range": out_of_range,
    "swap": swap,
    "misspell": misspell,
    "itself": itself,
}


def extra(world: World, subject: ox.NamedNode, cls: str) -> Iterator[tuple[str, Mistake]]:
    """Give a thing each property that no thing of its class has, with a value that it has."""
    for predicate in world.predicates_not_of(cls):
        value = world.a_value_of(predicate)
        new = ox.Triple(subject, predicate, value)
        name = prefixes().compact(predicate.value)
        yield name, Mistake(f"with {_shown(value)}", frozenset(), frozenset([new]))


def rename(world: World, subject: ox.NamedNode, cls: str) -> Iterator[tuple[str, Mistake]]:
    """Name a thing against the naming rule, wherever it is named."""
    del cls
    head, _, slug = subject.value.rpartition("/")
    if not world.is_own(subject) or "#" in slug:
        return
    wrong = [f"{head}/{w}" for w in (slug.upper(), f"{slug}_", f"-{slug}", f"{slug}%20x")]
    for name in map(ox.NamedNode, [*wrong, f"{head}/{slug}/x", f"{prefixes().base}thing/{slug}"]):
        gone = world.around(subject)
        new = frozenset(
            ox.Triple(
                name if t.subject == subject else t.subject,
                t.predicate,
                name if t.object == subject else t.object,
            )
            for t in gone
        )
        yield "", Mistake(f"named {_shown(name)}", gone, new)


def retype(world: World, subject: ox.NamedNode, cls: str) -> Iterator[tuple[str, Mistake]]:
    """Give a thing another class, or one more."""
    own = world.values(subject, _TYPE)
    for other in world.classes:
        if other != cls:
            new = frozenset([ox.Triple(subject, _TYPE, _node(other))])
            if not new & own:
                yield other, Mistake(f"is {other}", frozenset(own), new)
                yield other, Mistake(f"is {other} too", frozenset(), new)


def relist(world: World, subject: ox.NamedNode, cls: str) -> Iterator[tuple[str, Mistake]]:
    """Give a term of a list the class of another list, or one more."""
    del cls
    own = world.values(subject, _TYPE)
    listed = {name for name in world.classes_of_lists if world.is_a(subject, name)}
    for other in world.classes_of_lists if listed else ():
        if other not in listed:
            new = frozenset([ox.Triple(subject, _TYPE, _node(other))])
            gone = frozenset(ox.Triple(subject, _TYPE, _node(name)) for name in listed)
            yield other, Mistake(f"is {other}", gone & own, new)
            yield other, Mistake(f"is {other} too", frozenset(), new)


# On a thing as a whole: each mistake with the property or class that it brings in.
OF_THINGS: dict[str, Callable[[World, ox.NamedNode, str], Iterator[tuple[str, Mistake]]]] = {
    "extra": extra,
    "rename": rename,
    "retype": retype,
    "relist": relist,
}
