"""Switch off each constraint of the shapes in turn: some case must then be judged otherwise.

A case is a fixture of ``tests/fixtures/shapes``, one of ``proof/mutants/cases``, or a
mutant. A constraint is needed when, without it, a case that the shapes caught passes, or
valid data are refused (a constraint inside ``sh:not`` is of that kind). The rules of
``shapes/checks`` are left aside: the shapes are published and must do alone.
"""

from __future__ import annotations

import multiprocessing
import os
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

import pyoxigraph as ox
import pyshacl
import rdflib

from proof.mutants.judge import Judged
from proof.mutants.world import World
from trilateral import turtle
from trilateral.check.shacl import graph_of
from trilateral.check.shapes import shapes_of
from trilateral.vocabulary import iri

SH = iri("sh:")
_PARAMETERS = frozenset(
    (
        *("closed", "class", "datatype", "nodeKind", "minCount", "maxCount", "pattern", "in"),
        *("minInclusive", "maxInclusive", "minExclusive", "maxExclusive", "hasValue"),
        *("minLength", "maxLength", "languageIn", "uniqueLang", "equals", "disjoint"),
        *("lessThan", "lessThanOrEquals", "not", "and", "or", "xone", "node"),
        *("qualifiedMinCount", "qualifiedMaxCount"),
    )
)
_ONE = frozenset(iri(f"sh:{name}") for name in ("property", "not", "node", "qualifiedValueShape"))
_LISTS = frozenset(iri(f"sh:{name}") for name in ("and", "or", "xone"))
# So many mutants are tried for a constraint before it counts as not needed.
_TRIES = 12


@dataclass(frozen=True)
class Constraint:
    """One parameter of a shape with its value, as a triple of the shapes graph."""

    triple: ox.Triple

    @property
    def shape(self) -> str:
        """Return the local name of the shape."""
        return str(self.triple.subject.value).rpartition("#")[2]

    @property
    def parameter(self) -> str:
        """Return the local name of the parameter."""
        return str(self.triple.predicate.value).removeprefix(SH)

    @property
    def component(self) -> str:
        """Return the local name of the constraint component.

        >>> triple = ox.Triple(*map(ox.NamedNode, ("http://a/#S", SH + "class", "http://a/C")))
        >>> Constraint(triple).component
        'ClassConstraintComponent'
        """
        return f"{self.parameter[0].upper()}{self.parameter[1:]}ConstraintComponent"

    def __str__(self) -> str:
        """Return shape and parameter."""
        return f"{self.shape} sh:{self.parameter}"


class Shapes:
    """The shapes for ontology and data: their constraints, and which shape reaches which."""

    def __init__(self, triples: Iterable[ox.Triple]) -> None:
        self.triples = list(triples)
        self._said: dict[object, dict[str, list[object]]] = defaultdict(lambda: defaultdict(list))
        for triple in self.triples:
            self._said[triple.subject][triple.predicate.value].append(triple.object)

    def constraints(self) -> list[Constraint]:
        """Return every constraint, sorted."""
        named = (t for t in self.triples if t.predicate.value.removeprefix(SH) in _PARAMETERS)
        return sorted(map(Constraint, named), key=lambda one: (str(one), str(one.triple)))

    @cached_property
    def targeted(self) -> list[object]:
        """The shapes with targets, sorted."""
        found = {t.subject for t in self.triples if t.predicate.value.startswith(SH + "target")}
        return sorted(found, key=str)

    @cached_property
    def reporting(self) -> frozenset[object]:
        """The shapes that results name: those with targets, and their property shapes."""
        own = iri("sh:property")
        below = {part for shape in self.targeted for part in self._said[shape].get(own, ())}
        return frozenset(self.targeted) | below

    def outer(self, shape: object) -> list[object]:
        """Return the shapes with targets from which a shape is reached."""
        return [each for each in self.targeted if shape in self._reach[each]]

    @cached_property
    def _reach(self) -> dict[object, set[object]]:
        return {shape: self.reach(shape) for shape in self.targeted}

    def reach(self, shape: object) -> set[object]:
        """Return the shapes that a shape leads to, with itself."""
        found: set[object] = set()
        waiting = [shape]
        while waiting:
            one = waiting.pop()
            if one not in found:
                found.add(one)
                for parameter, values in self._said[one].items():
                    if parameter in _ONE:
                        waiting += values
                    elif parameter in _LISTS:
                        waiting += (item for value in values for item in self._items(value))
        return found

    def _items(self, node: object) -> Iterator[object]:
        while first := self._said[node].get(iri("rdf:first")):
            yield first[0]
            node = self._said[node][iri("rdf:rest")][0]

    def alone(self, constraint: Constraint) -> bool:
        """Tell whether results by shape and component can come from this constraint only."""
        triple = constraint.triple
        values = self._said[triple.subject][triple.predicate.value]
        return triple.subject in self.reporting and len(values) == 1

    def without(self, constraint: Constraint) -> rdflib.Graph:
        """Return the shapes graph without a constraint, with the targets it matters for alone."""
        kept = set(self.outer(constraint.triple.subject))
        gone = {constraint.triple, *self._useless(constraint)}
        return graph_of(
            triple
            for triple in self.triples
            if triple not in gone
            and (triple.subject in kept or not triple.predicate.value.startswith(SH + "target"))
        )

    def _useless(self, constraint: Constraint) -> Iterator[ox.Triple]:
        """Yield what a shape must not say any more without a constraint."""
        own = [t for t in self.triples if t.subject == constraint.triple.subject]
        parameters = {t.predicate.value for t in own if t != constraint.triple}
        counted = {iri("sh:qualifiedMinCount"), iri("sh:qualifiedMaxCount")} & parameters
        for triple in own:
            of_closed = triple.predicate.value == iri("sh:ignoredProperties")
            of_count = triple.predicate.value == iri("sh:qualifiedValueShape")
            if (of_closed and iri("sh:closed") not in parameters) or (of_count and not counted):
                yield triple


@dataclass(frozen=True)
class Needed:
    """A constraint, and the case that shows that it is needed; "" for none."""

    constraint: Constraint
    case: str

    def is_named_by(self, pattern: str) -> bool:
        """Tell whether a pattern such as ``*-prefLabel sh:datatype`` fits the constraint."""
        return fnmatchcase(str(self.constraint), pattern)


def judge_constraints(world: World, judged: Iterable[Judged], folders: list[Path]) -> list[Needed]:
    """Return each constraint with a case that shows that it is needed.

    Args:
        world: The valid data.
        judged: Mutants of it, judged.
        folders: Folders of fixtures.
    """
    shapes = Shapes(shapes_of(world.dataset))
    cases = _Cases(world, folders, shapes)
    by_errors: dict[frozenset[str], list[Judged]] = defaultdict(list)
    for each in judged:
        by_errors[each.errors].append(each)
    shown: dict[Constraint, str] = {}
    open_ends = []
    for constraint in shapes.constraints():
        case = _by_results(constraint, shapes, cases, by_errors)
        if case:
            shown[constraint] = case
        elif not shapes.alone(constraint):
            open_ends.append(constraint)
    global _shared
    _shared = (shapes, cases, by_errors, open_ends)
    try:
        with multiprocessing.get_context("fork").Pool(len(os.sched_getaffinity(0))) as pool:
            tried = pool.map(_one, range(len(open_ends)), chunksize=1)
    finally:
        _shared = None
    shown |= {one: case for one, case in zip(open_ends, tried, strict=True) if case}
    return [Needed(each, shown.get(each, "")) for each in shapes.constraints()]


_shared: tuple[Shapes, _Cases, dict[frozenset[str], list[Judged]], list[Constraint]] | None = None


def _one(at: int) -> str:
    assert _shared is not None
    shapes, cases, by_errors, constraints = _shared
    return cases.shows(constraints[at]) or _by_mutants(constraints[at], shapes, cases, by_errors)


def _by_results(
    constraint: Constraint,
    shapes: Shapes,
    cases: _Cases,
    by_errors: dict[frozenset[str], list[Judged]],
) -> str:
    """Return a case whose only findings are those of the constraint."""
    if not shapes.alone(constraint):
        return ""
    name = f"{constraint.shape} {constraint.component}"
    fixture = next((file for file, found in cases.found.items() if found == {name}), None)
    if fixture:
        return fixture
    mutants = by_errors.get(frozenset([name]))
    return str(mutants[0].mutant) if mutants else ""


def _by_mutants(
    constraint: Constraint,
    shapes: Shapes,
    cases: _Cases,
    by_errors: dict[frozenset[str], list[Judged]],
) -> str:
    """Return a mutant that is caught by the shapes, and not without the constraint."""
    outer = {
        node.value.rpartition("#")[2]
        for shape in shapes.outer(constraint.triple.subject)
        for node in shapes.reach(shape) & shapes.reporting
    }
    candidates: dict[tuple[str, str, str], Judged] = {}
    for errors, found in by_errors.items():
        if errors and all(error.partition(" ")[0] in outer for error in errors):
            for each in found:
                mutant = each.mutant
                candidates.setdefault((mutant.operator, mutant.cls, mutant.property), each)
    # Mutants of many kinds rather than many of one kind.
    spread = sorted(candidates.items(), key=lambda item: item[0])
    step = max(1, len(spread) // _TRIES)
    for _, each in spread[::step]:
        if cases.mutant_passes(each, constraint):
            return str(each.mutant)
    return ""


class _Cases:
    """Valid data with all fixtures, each of which adds things of its own, and what is found."""

    def __init__(self, world: World, folders: list[Path], shapes: Shapes) -> None:
        self._shapes = shapes
        self._world = graph_of(world.triples)
        self._owner: dict[str, str] = {}
        self._all = rdflib.Graph()
        self._all += self._world
        for folder in folders:
            for path in sorted(folder.glob("*.ttl")):
                triples = turtle.read_path(path).triples
                if any(t.predicate.value.startswith(SH + "target") for t in triples):
                    continue  # a fixture for the shapes that shapes must meet
                for triple in triples:
                    self._owner.setdefault(getattr(triple.subject, "value", ""), path.stem)
                self._all += graph_of(triples)
        self._results = _validate(self._all, graph_of(shapes.triples))
        self.found: dict[str, set[str]] = defaultdict(set)
        for result in self._results:
            self.found[self._owner.get(result.focus, "")].add(_name(result))

    def shows(self, constraint: Constraint) -> str:
        """Return a fixture that passes without the constraint, or valid data that do not."""
        outer = self._shapes.outer(constraint.triple.subject)
        if not outer:
            return ""
        parts = set().union(*(self._shapes.reach(shape) for shape in outer))
        names = {node.value for node in parts if isinstance(node, ox.NamedNode)}
        now = _validate(self._all, self._shapes.without(constraint))
        before = [result for result in self._results if result.shape in names]
        for result in now:
            if result.focus not in self._owner and result.shape in names:
                return "valid data, which would be refused"
        rest = {
            self._owner.get(result.focus)
            for result in (*(r for r in self._results if r.shape not in names), *now)
        }
        for result in before:
            owner = self._owner.get(result.focus)
            if owner and owner not in rest:
                return owner
        return ""

    def mutant_passes(self, judged: Judged, constraint: Constraint) -> bool:
        """Tell whether the shapes let a mutant pass without the constraint."""
        mistake = judged.mutant.mistake
        gone, new = graph_of(mistake.gone), graph_of(mistake.new - mistake.gone)
        for triple in gone:
            self._world.remove(triple)
        for triple in new:
            self._world.add(triple)
        try:
            return not _validate(self._world, self._shapes.without(constraint))
        finally:
            for triple in new:
                self._world.remove(triple)
            for triple in gone:
                self._world.add(triple)


class _Found(NamedTuple):
    """A result of validation: the node, the shape and the constraint component, as IRIs."""

    focus: str
    shape: str
    component: str


def _validate(data: rdflib.Graph, shapes: rdflib.Graph) -> list[_Found]:
    """Return what the shapes find, in this process: the constraints are shared out already."""
    _, report, _ = pyshacl.validate(data, shacl_graph=shapes, inference="none", advanced=False)
    if isinstance(report, Exception):
        raise report
    properties = (rdflib.SH.focusNode, rdflib.SH.sourceShape, rdflib.SH.sourceConstraintComponent)
    return [
        _Found(*(str(report.value(node, name)) for name in properties))
        for node in report.subjects(rdflib.RDF.type, rdflib.SH.ValidationResult)
    ]


def _name(found: _Found) -> str:
    return f"{found.shape.rpartition('#')[2]} {found.component.rpartition('#')[2]}"
