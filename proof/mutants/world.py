"""The valid data that mistakes are made in, with what the operators ask of it."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from functools import cached_property
from pathlib import Path

import pyoxigraph as ox

from proof.mutants.mistake import Mistake
from trilateral import dataset as datasets
from trilateral import turtle
from trilateral.coding import agreement
from trilateral.dataset import Dataset
from trilateral.home import Home
from trilateral.prefixes import prefixes
from trilateral.vocabulary import iri

_SUBCLASS_OF = ox.NamedNode(iri("rdfs:subClassOf"))
_CONCEPT = ox.NamedNode(iri("skos:Concept"))
_IN_SCHEME = ox.NamedNode(iri("skos:inScheme"))


def read(home: Home) -> Dataset:
    """Return ontology and data of a home, with the agreement figures that the build adds."""
    dataset = datasets.read(home)
    figures = turtle.read(turtle.write(agreement.triples(dataset.store())))
    return Dataset(home, {**dataset.files, home.data / "agreement.ttl": figures})


class World:
    """Valid data: the things of each class and where they are described."""

    def __init__(self, dataset: Dataset) -> None:
        self.dataset = dataset
        self.home: dict[ox.Triple, Path] = {
            triple: path
            for path, file in dataset.files.items()
            if not path.is_relative_to(dataset.home.shapes)
            for triple in file.triples
        }
        self.triples = set(self.home)
        self._by_predicate: dict[ox.NamedNode, list[ox.Triple]] = defaultdict(list)
        for triple in sorted(self.triples, key=str):
            self._by_predicate[triple.predicate].append(triple)
        self._types: dict[ox.NamedNode, set[str]] = defaultdict(set)
        self._by_subject: dict[ox.NamedNode, set[ox.Triple]] = defaultdict(set)
        self._by_object: dict[ox.NamedNode, set[ox.Triple]] = defaultdict(set)
        for triple in self.triples:
            self._by_subject[triple.subject].add(triple)
            self._by_object[triple.object].add(triple)
            if triple.predicate.value == iri("rdf:type"):
                self._types[triple.subject].add(prefixes().compact(triple.object.value))

    @cached_property
    def _described_in(self) -> dict[object, Path]:
        return {triple.subject: path for triple, path in self.home.items()}

    def with_mistake(self, mistake: Mistake) -> Dataset:
        """Return the data with one mistake, as files that were written and read again."""
        files = self.dataset.files
        changed: dict[Path, set[object]] = {}
        for triple in mistake.gone:
            path = self.home[triple]
            changed.setdefault(path, set(files[path].triples)).discard(triple)
        for triple in mistake.new:
            first = next(iter(mistake.gone), None)
            path = self._described_in.get(triple.subject) or (first and self.home[first])
            changed.setdefault(path, set(files[path].triples)).add(triple)
        written = {path: turtle.read(turtle.write(said)) for path, said in changed.items()}
        return Dataset(self.dataset.home, {**files, **written})

    @cached_property
    def classes(self) -> list[str]:
        """The classes that have things, sorted; the classes of lists only as skos:Concept."""
        names = {name for types in self._types.values() for name in types}
        return sorted(names.difference(self.classes_of_lists))

    @cached_property
    def classes_of_lists(self) -> list[str]:
        """The classes of the terms of lists, sorted."""
        found = {t.subject for t in self._by_predicate[_SUBCLASS_OF] if t.object == _CONCEPT}
        return sorted(prefixes().compact(node.value) for node in found)

    @cached_property
    def _one_of(self) -> dict[str, ox.NamedNode]:
        """The first thing of each class."""
        found: dict[str, ox.NamedNode] = {}
        for node in sorted(self._types, key=str):
            for name in self._types[node]:
                found.setdefault(name, node)
        return found

    def things(self, cls: str) -> list[ox.NamedNode]:
        """Return things of a class that differ in what is said of them, one of each kind.

        Every property of the class is among theirs.
        """
        kinds: dict[frozenset[str], ox.NamedNode] = {}
        for thing in sorted(self._types, key=str):
            if cls in self._types[thing]:
                said = frozenset(t.predicate.value for t in self._by_subject[thing])
                kinds.setdefault(said, thing)
        return [kinds[said] for said in sorted(kinds, key=sorted)]

    def is_a(self, thing: ox.NamedNode, cls: str) -> bool:
        """Tell whether a thing is said to be of a class."""
        return cls in self._types[thing]

    def said_of(self, thing: ox.NamedNode) -> list[ox.Triple]:
        """Return what is said of a thing, sorted."""
        return sorted(self._by_subject[thing], key=str)

    def values(self, subject: ox.NamedNode, predicate: ox.NamedNode) -> frozenset[ox.Triple]:
        """Return the triples that give one property of a thing."""
        return frozenset(t for t in self._by_subject[subject] if t.predicate == predicate)

    def around(self, node: ox.NamedNode) -> frozenset[ox.Triple]:
        """Return all triples that name a thing as subject or object."""
        return frozenset(self._by_subject[node] | self._by_object[node])

    def is_own(self, node: object) -> bool:
        """Tell whether a node is a thing of ours."""
        return isinstance(node, ox.NamedNode) and node.value.startswith(prefixes().base)

    def is_concept(self, node: object) -> bool:
        """Tell whether a node is a term of one of our lists."""
        return any(t.predicate == _IN_SCHEME for t in self._by_subject[node])

    def another_like(self, triple: ox.Triple) -> ox.NamedNode | None:
        """Return another object of the same classes, one that the property leads to if possible."""
        classes = self._types[triple.object]
        taken = {t.object for t in self.values(triple.subject, triple.predicate)}
        reached = [t.object for t in self._by_predicate[triple.predicate]]
        alike = [node for node in reached if self._types[node] == classes]
        alike += self._alike[frozenset(classes)] if classes else []
        alike += [node for node in reached if isinstance(node, ox.NamedNode)]
        return next((node for node in alike if node not in taken), None)

    @cached_property
    def _alike(self) -> dict[frozenset[str], list[ox.NamedNode]]:
        """The things of each set of classes."""
        found: dict[frozenset[str], list[ox.NamedNode]] = defaultdict(list)
        for node in sorted(self._types, key=str):
            found[frozenset(self._types[node])].append(node)
        return found

    def of_other_classes(self, predicate: ox.NamedNode) -> list[ox.NamedNode]:
        """Return a thing of each of three classes to which a property never leads.

        Which three differs from property to property.
        """
        led = {name for t in self._by_predicate[predicate] for name in self._types[t.object]}
        others = [cls for cls in self.classes if cls not in led and cls.startswith("tri:")]
        others.sort(key=lambda cls: hashlib.sha256(f"{predicate} {cls}".encode()).hexdigest())
        return [self._one_of[cls] for cls in others[:3]]

    def of_other_schemes(self, concept: ox.NamedNode) -> list[ox.NamedNode]:
        """Return a term of each of three lists to which a term does not belong."""
        own = {t.object for t in self._by_subject[concept]}
        found: dict[object, ox.NamedNode] = {}
        for triple in self._by_predicate[_IN_SCHEME]:
            if triple.object not in own:
                found.setdefault(triple.object, triple.subject)
        return list(found.values())[:3]

    def predicates_not_of(self, cls: str) -> list[ox.NamedNode]:
        """Return our properties, and those of SKOS, that no thing of a class has."""
        had = {
            t.predicate
            for thing, types in self._types.items()
            if cls in types
            for t in self._by_subject[thing]
        }
        ours = (prefixes()["tri"], prefixes()["skos"])
        used = {predicate for predicate in self._by_predicate if predicate.value.startswith(ours)}
        return sorted(used - had, key=str)

    def a_value_of(self, predicate: ox.NamedNode) -> object:
        """Return the first value that a property has anywhere."""
        return self._by_predicate[predicate][0].object
