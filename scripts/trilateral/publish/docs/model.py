"""Model: classes with their properties, read from ontology and shapes, for pictures and tables."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from trilateral.dataset import Dataset
from trilateral.prefixes import prefixes
from trilateral.publish.docs.described import Described, text_of
from trilateral.publish.docs.terms import own_terms
from trilateral.vocabulary import iri

if TYPE_CHECKING:
    from trilateral.publish.docs.described import Term

# What the graph is about, for the picture of the whole. `iri` knows them, or raises.
CORE = (
    "tri:Actor", "tri:Framework", "tri:Event", "tri:Membership", "tri:Participation", "tri:Source",
    "tri:Document", "tri:Register", "tri:Passage", "tri:Proposition", "tri:Stance",
)  # fmt: skip


@dataclass(frozen=True)
class Relation:
    """One property of things of a class: how many values it has, and of which classes.

    ``at`` is the IRI of the shape that says so; ``value`` is short for what is no class.
    """

    source: str
    prop: str
    label: str
    count: str
    targets: tuple[str, ...]
    value: str
    at: str


@dataclass(frozen=True)
class Picture:
    """What one picture shows."""

    name: str
    title: str
    lead: str
    classes: tuple[str, ...]
    relations: tuple[Relation, ...] = ()
    broader: tuple[tuple[str, str], ...] = ()
    labels: dict[str, str] = field(default_factory=dict)
    attributes: bool = True


class Model:
    """Classes and their properties.

    Attributes:
        classes: Each class by its IRI, with its label.
        lists: Classes whose things are the values of a list; they are drawn as attributes.
    """

    def __init__(self, dataset: Dataset, ontology: Described, shapes: Described) -> None:
        self.dataset, self.ontology, self.shapes = dataset, ontology, shapes
        kinds = iri("owl:Class")
        self.classes = {
            text_of(term): ontology.text(term, "rdfs:label")
            for term in own_terms(ontology)
            if kinds in map(text_of, ontology.values(term, "rdf:type"))
        }
        self.broader = [
            (text_of(term), text_of(above))
            for term in own_terms(ontology)
            for above in ontology.values(term, "rdfs:subClassOf")
            if text_of(above) in self.classes
        ]
        concept = iri("skos:Concept")
        self.lists = {
            text_of(term)
            for term in own_terms(ontology)
            if concept in map(text_of, ontology.values(term, "rdfs:subClassOf"))
        }

        self._constraints = _constraints(shapes)

    def pictures(self) -> Iterator[Picture]:
        """Yield the picture of the whole, then one for each file of the ontology with classes."""
        core = [iri(name) for name in CORE]
        relations = [
            self._relation(each, prop)
            for each in core
            for prop in self._properties(each, without=core)
        ]
        yield self._picture(
            "core", "The core", "How the classes that the graph is built of hang together.",
            core, _between(relations, core), attributes=False,
        )  # fmt: skip
        kinds = iri("owl:Class")
        for path, file in self.dataset.under(self.dataset.home.ontology).items():
            here = {
                text_of(triple.subject)
                for triple in file.triples
                if text_of(triple.object) == kinds
            }
            classes = [each for each in self.classes if each in here and each not in self.lists]
            if path.parent != self.dataset.home.ontology or not classes:
                continue
            constraints = self.dataset.files.get(self.dataset.home.shapes / path.name)
            said = Described(constraints.triples) if constraints else Described(())
            found = [each for each in self._relations(said) if each.source in classes]
            yield self._picture(
                path.stem, path.stem.capitalize(), _lead(path), classes, tuple(found)
            )

    def _picture(
        self, name: str, title: str, lead: str, classes: Sequence[str],
        relations: tuple[Relation, ...], attributes: bool = True,
    ) -> Picture:  # fmt: skip
        shown = dict.fromkeys(classes)
        for each in relations:
            shown |= dict.fromkeys(each.targets)
        broader = tuple(
            pair for pair in self.broader if set(pair) <= shown.keys() and set(pair) & set(classes)
        )
        labels = {each: self.classes.get(each, "") for each in shown}
        return Picture(name, title, lead, tuple(shown), relations, broader, labels, attributes)

    def relations_of(self, source: str) -> list[Relation]:
        """Return what is asked of things of a class by shapes for it, our properties first."""
        own = prefixes()["tri"]
        pairs = [pair for pair in self._constraints if pair[0] == source]
        pairs.sort(key=lambda pair: not pair[1].startswith(own))
        return [self._relation(*pair) for pair in pairs]

    def _relations(self, said: Described) -> Iterator[Relation]:
        """Yield what is said of our properties of each class, for each property once."""
        for pair in _constraints(said):
            if pair[0] in self.classes and pair[1].startswith(prefixes()["tri"]):
                yield self._relation(*pair)

    def _relation(self, source: str, prop: str) -> Relation:
        import pyoxigraph

        path = pyoxigraph.NamedNode(prop)
        shapes = self._shapes_of(source, prop)
        found = (list(dict.fromkeys(self._classes(shape))) for shape in shapes)
        ranges = map(text_of, self.ontology.values(path, "rdfs:range"))
        classes = next(filter(None, found), None) or [
            each for each in ranges if each in self.classes
        ]
        label = self.ontology.text(path, "rdfs:label") or prefixes().compact(prop)
        drawn = tuple(each for each in classes if each in self.classes and each not in self.lists)
        named = [self.classes.get(each) or prefixes().compact(each) for each in classes]
        value = "" if drawn else " or ".join(named)
        if not classes:
            value = next(filter(None, (self._value(shape) for shape in shapes)), "") or _local(
                self.ontology.value(path, "rdfs:range")
            )
        return Relation(source, prop, label, self._count(shapes), drawn, value, text_of(shapes[0]))

    def _properties(self, source: str, without: Sequence[str]) -> list[str]:
        """Return our properties of a class and of wider ones, but for those that are shown."""
        wider = [source, *(each for each in self._wider(source) if each not in without)]
        found = (prop for each in wider for at, prop in self._constraints if at == each)
        return [each for each in dict.fromkeys(found) if each.startswith(prefixes()["tri"])]

    def _wider(self, source: str) -> list[str]:
        found = [source]
        for each in found:
            found += [broad for narrow, broad in self.broader if narrow == each]
        return found[1:]

    def _shapes_of(self, source: str, prop: str) -> list[Term]:
        """Return the shapes for a property of a class, then those of wider classes and of all."""
        wider = [source, *self._wider(source)]
        found = [shape for each in wider for shape in self._constraints.get((each, prop), ())]
        return [*found, *self._constraints.get(("", prop), ())]

    def _classes(self, shape: Term) -> Iterator[str]:
        """Yield the classes that the values of a property may have."""
        yield from map(text_of, self.shapes.values(shape, "sh:class"))
        for name in ("sh:or", "sh:xone"):
            for head in self.shapes.values(shape, name):
                for item in self.shapes.items(head):
                    yield from self._classes(item)

    def _value(self, shape: Term) -> str:
        """Return what values are that are no things of a class, "" where the shape is silent."""
        found = self.shapes.value(shape, "sh:datatype")
        if found is None and self.shapes.values(shape, "sh:languageIn"):
            return "text"
        if found is None:
            heads = self.shapes.values(shape, "sh:or")
            items = [each for head in heads for each in self.shapes.items(head)]
            named = [words for each in items if (words := self._value(each))]
            found = None if named else self.shapes.value(shape, "sh:nodeKind")
            if named:
                return " or ".join(dict.fromkeys(named))
        return _local(found)

    def _count(self, shapes: Sequence[Term]) -> str:
        """Return how many values there may be by all of some shapes."""

        def ends(name: str) -> list[int]:
            found = (self.shapes.value(shape, name) for shape in shapes)
            return [int(text_of(each)) for each in found if each is not None]

        least, most = max(ends("sh:minCount"), default=0), min(ends("sh:maxCount"), default=None)
        return str(least) if least == most else f"{least}..{'*' if most is None else most}"


def _constraints(said: Described) -> dict[tuple[str, str], list[Term]]:
    """Return the shapes of each property by class, "" for those of whatever has the property."""
    import pyoxigraph

    found: dict[tuple[str, str], list[Term]] = {}
    for shape in said.of_type("sh:NodeShape"):
        for each in said.values(shape, "sh:property"):
            path = said.value(each, "sh:path")
            if not isinstance(path, pyoxigraph.NamedNode):
                continue
            for target in said.values(shape, "sh:targetClass"):
                found.setdefault((text_of(target), path.value), []).append(each)
            if path in said.values(shape, "sh:targetSubjectsOf"):
                found.setdefault(("", path.value), []).append(each)
    return found


def _local(term: Term | None) -> str:
    return "" if term is None else prefixes().compact(text_of(term)).partition(":")[2]


def _between(relations: Iterable[Relation], classes: Sequence[str]) -> tuple[Relation, ...]:
    """Return the relations between some classes alone, each once."""
    found: dict[tuple[str, str], Relation] = {}
    for each in relations:
        targets = tuple(target for target in each.targets if target in classes)
        if targets:
            found.setdefault((each.source, each.prop), replace(each, targets=targets, value=""))
    return tuple(found.values())


def _lead(path: Path) -> str:
    return f"What ontology/{path.name} declares, as shapes/{path.name} constrains it."
