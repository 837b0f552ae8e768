"""The derive rules as a rule system: applied in any order until nothing new comes of them.

A rule is a CONSTRUCT query of ``queries/derive/``. Its triples are put beside the
data and every rule is asked again: at the fixed point no rule adds anything. That
the rules reach it in one round, and that their order is of no account, is what
the tests and the proof page show; nothing here takes it for granted.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import pyoxigraph as ox

from trilateral.ask import engines
from trilateral.ask.questions import read_question
from trilateral.home import Home
from trilateral.prefixes import prefixes

# Where derived triples are put, so that no derived triple is taken for data.
DERIVED = ox.NamedNode(prefixes()["graph"] + "derived")


@dataclass(frozen=True)
class FixedPoint:
    """What the rules derive, and in how many rounds; the last round adds nothing.

    Attributes:
        derived: the triples that the data do not have.
        rounds: how many rounds added something.
    """

    derived: frozenset[ox.Triple]
    rounds: int


def read_rules(home: Home) -> dict[str, str]:
    """Return the text of each derive rule by name, sorted."""
    paths = sorted((home.queries / "derive").glob("*.rq"))
    return {path.stem: read_question(path).text for path in paths}


def derive(store: ox.Store, rule: str) -> frozenset[ox.Triple]:
    """Return the triples that one rule gives, whether the store has them or not."""
    return frozenset(engines.ask_oxigraph(store, rule).triples)


def fixed_point(store: ox.Store, rules: Sequence[str]) -> FixedPoint:
    """Apply rules in the order given, each to all that is there so far, until nothing is new.

    The store is left as it is.
    """
    working = copy(store)
    known = {ox.Triple(quad.subject, quad.predicate, quad.object) for quad in store}
    derived: set[ox.Triple] = set()
    rounds = 0
    while True:
        before = len(derived)
        for rule in rules:
            new = derive(working, rule) - known - derived
            derived |= new
            working.extend(quads(new))
        if len(derived) == before:
            return FixedPoint(frozenset(derived), rounds)
        rounds += 1


def copy(store: ox.Store) -> ox.Store:
    """Return a store with the same quads."""
    other = ox.Store()
    other.bulk_extend(store)
    return other


def quads(triples: Iterable[ox.Triple]) -> Iterable[ox.Quad]:
    """Yield triples as quads of the graph of what is derived."""
    return (ox.Quad(t.subject, t.predicate, t.object, DERIVED) for t in triples)
