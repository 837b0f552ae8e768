"""Make the mutants: every operator on every property of every class, and on the classes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from proof.mutants.mistake import Mistake
from proof.mutants.operators import OF_THINGS, OPERATORS
from proof.mutants.world import World
from trilateral.prefixes import prefixes

# Of each operator on a property of a class: so many things that differ in what is said of them.
_EACH = {"drop": 4, "duplicate": 4, "drop one": 4, "swap": 8}
_OTHERWISE = 2


@dataclass(frozen=True)
class Mutant:
    """One mistake: by which operator, in a thing of which class, in which of its properties."""

    operator: str
    cls: str
    property: str
    thing: str
    mistake: Mistake

    def __str__(self) -> str:
        """Return the mutant as a line.

        >>> print(Mutant("drop", "tri:Stance", "tri:holder", "stance:x", Mistake("none", (), ())))
        stance:x (tri:Stance), tri:holder, drop: none
        """
        return f"{self.thing} ({self.cls}), {self.property}, {self.operator}: {self.mistake.what}"


def mutants(world: World) -> Iterator[Mutant]:
    """Yield the mutants of a world, in a fixed order, each mistake once."""
    seen: set[tuple[frozenset[object], frozenset[object]]] = set()
    for mutant in _all(world):
        changes = (mutant.mistake.gone, mutant.mistake.new)
        if changes not in seen:
            seen.add(changes)
            yield mutant


def _all(world: World) -> Iterator[Mutant]:
    for cls in world.classes:
        things = world.things(cls)
        used: Counter[tuple[str, str]] = Counter()
        for thing in things:
            name = prefixes().compact(thing.value)
            tried: set[tuple[str, str]] = set()
            for triple in world.said_of(thing):
                prop = prefixes().compact(triple.predicate.value)
                for operator, make in OPERATORS.items():
                    key = (operator, prop)
                    if key in tried or used[key] >= _EACH.get(operator, _OTHERWISE):
                        continue
                    found = list(make(world, triple))
                    if found:
                        tried.add(key)
                        used[key] += 1
                    for mistake in found:
                        yield Mutant(operator, cls, prop, name, mistake)
        for operator, make_of in OF_THINGS.items():
            for prop, mistake in make_of(world, things[0], cls):
                yield Mutant(operator, cls, prop, prefixes().compact(things[0].value), mistake)
