"""Differences: what one version says and another does not, thing by thing.

A thing is the subject of statements. What went and what came is paired per property where only
one reading is possible: one value for one value, or one for one in a language; so is a statement
that only moved to another named graph.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from trilateral.prefixes import prefixes
from trilateral.publish.history.versions import Version
from trilateral.publish.history.words import Words
from trilateral.turtle import natural

if TYPE_CHECKING:
    import pyoxigraph as ox

    Term = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple
    Said = tuple[Term, str]


@dataclass(frozen=True)
class Edit:
    """What became of one value of a property: it went, it came, another took its place, it moved.

    Before and after are None where there was no such value; ``graph`` is the named graph where
    it stands now, or stood last, and ``moved_from`` the one that it stood in before.
    """

    property: str
    before: Term | None
    after: Term | None
    graph: str
    moved_from: str = ""


@dataclass(frozen=True)
class Thing:
    """A thing that differs: its IRI, kind, name, and its edits in the order of properties.

    ``kind`` is the folder of its IRI, such as ``actor``. Of a thing that is retired, ``reason``
    and ``successor`` say why and what stands in its place, as far as the newer version tells.
    """

    iri: str
    kind: str
    name: str
    edits: tuple[Edit, ...]
    reason: str = ""
    successor: str = ""


@dataclass(frozen=True)
class GraphCount:
    """How many statements came into a named graph, and how many went."""

    graph: str
    came: int
    went: int


@dataclass(frozen=True)
class Differences:
    """What is gone, otherwise and new, each in the order of kind and name.

    ``retired`` is what neither version describes and the newer one says more of, or less.
    """

    old: Version
    new: Version
    removed: tuple[Thing, ...]
    changed: tuple[Thing, ...]
    added: tuple[Thing, ...]
    retired: tuple[Thing, ...]
    graphs: tuple[GraphCount, ...]
    words: Words

    @property
    def came(self) -> int:
        """How many statements the newer version has and the older one has not."""
        return sum(each.came for each in self.graphs)

    @property
    def went(self) -> int:
        """How many statements the older version has and the newer one has not."""
        return sum(each.went for each in self.graphs)

    def sections(self) -> tuple[tuple[str, tuple[Thing, ...]], ...]:
        """Return the things by what became of them: what may break somebody's data, first."""
        return (
            ("removed", self.removed),
            ("changed", self.changed),
            ("added", self.added),
            ("retired before", self.retired),
        )

    def kinds(self) -> list[tuple[str, list[int]]]:
        """Return each kind that differs with how many of its things each section has."""
        counts = [Counter(each.kind for each in things) for _, things in self.sections()]
        found = sorted(set().union(*counts), key=kind_order)
        return [(kind, [count[kind] for count in counts]) for kind in found]


# The model first, since it concerns every reader, then what readers of the site begin with.
_FIRST = ("ontology", "actor", "framework", "event", "source", "topic", "proposition", "stance")


_KIND = re.compile(r"([a-z][a-z0-9-]*)/")


def kind_of(iri: str) -> str:
    """Return the kind of a thing: the folder of its IRI, ``ontology`` for terms of any vocabulary.

    >>> kind_of("https://w3id.org/trilateral/actor/japan")
    'actor'
    >>> kind_of("https://w3id.org/trilateral/ontology#holder"), kind_of("http://a.example/#b")
    ('ontology', 'ontology')
    """
    base = prefixes().base
    found = _KIND.match(iri, len(base)) if iri.startswith(base) else None
    return found[1] if found else "ontology"


def kind_order(kind: str) -> tuple[int, str]:
    """Return the place of a kind among kinds."""
    return (_FIRST.index(kind) if kind in _FIRST else len(_FIRST)), kind


# By whether the older version describes a thing, and whether the newer one does.
_WHICH = {
    (True, False): "removed",
    (True, True): "changed",
    (False, True): "added",
    (False, False): "retired",
}


def compare(old: Version, new: Version) -> Differences:
    """Return how a version differs from an older one.

    A thing that is only retired (`owl:deprecated`, and of no class of ours) counts as not there.
    """
    went, came = _by_thing(old.quads - new.quads), _by_thing(new.quads - old.quads)
    words = Words(old, new)
    lists: dict[str, list[Thing]] = {"removed": [], "changed": [], "added": [], "retired": []}
    for iri in went.keys() | came.keys():
        which = _WHICH[iri in words.old_things, iri in words.new_things]
        lists[which].append(_thing(iri, went.get(iri, []), came.get(iri, []), words))
    ordered = {name: tuple(sorted(things, key=_place)) for name, things in lists.items()}
    return Differences(old, new, **ordered, graphs=_count(went, came), words=words)


def _by_thing(quads: Iterable[ox.Quad]) -> dict[str, list[ox.Quad]]:
    found: dict[str, list[ox.Quad]] = defaultdict(list)
    for quad in quads:
        found[getattr(quad.subject, "value", "")].append(quad)
    return found


def _count(*both: Mapping[str, list[ox.Quad]]) -> tuple[GraphCount, ...]:
    went, came = (
        Counter(_graph(quad) for quads in things.values() for quad in quads) for things in both
    )
    return tuple(
        GraphCount(graph, came[graph], went[graph])
        for graph in sorted(went.keys() | came.keys(), key=natural)
    )


def _thing(iri: str, went: list[ox.Quad], came: list[ox.Quad], words: Words) -> Thing:
    properties = {quad.predicate.value for quad in (*went, *came)}
    edits = [
        edit
        for name in sorted(properties, key=words.property_order)
        for edit in _edits(
            name,
            [(quad.object, _graph(quad)) for quad in went if quad.predicate.value == name],
            [(quad.object, _graph(quad)) for quad in came if quad.predicate.value == name],
        )
    ]
    reason, successor = words.retired.get(iri, ("", ""))
    return Thing(iri, kind_of(iri), words.name(iri), tuple(edits), reason, successor)


def _edits(name: str, went: list[Said], came: list[Said]) -> Iterator[Edit]:
    went, came = sorted(went, key=_said_order), sorted(came, key=_said_order)
    for said in list(went):
        moved = next((each for each in came if each[0] == said[0]), None)
        if moved:
            went.remove(said)
            came.remove(moved)
            yield Edit(name, said[0], moved[0], moved[1], moved_from=said[1])
    groups: dict[str, tuple[list[Said], list[Said]]] = {}
    for at, sides in enumerate((went, came)):
        for said in sides:
            language = getattr(said[0], "language", None) or ""
            groups.setdefault(language, ([], []))[at].append(said)
    for language in sorted(groups, key=lambda tag: (tag != "en", tag)):
        gone, new = groups[language]
        if len(gone) == len(new) == 1:
            (before, stood), (after, stands) = gone[0], new[0]
            yield Edit(name, before, after, stands, moved_from=stood if stood != stands else "")
            continue
        yield from (Edit(name, term, None, graph) for term, graph in gone)
        yield from (Edit(name, None, term, graph) for term, graph in new)


def _said_order(said: Said) -> tuple[list[tuple[int, str]], str]:
    return natural(str(said[0])), said[1]


def _place(thing: Thing) -> tuple[tuple[int, str], list[tuple[int, str]], str]:
    return kind_order(thing.kind), natural(thing.name.casefold()), thing.iri


def _graph(quad: ox.Quad) -> str:
    return getattr(quad.graph_name, "value", "")
