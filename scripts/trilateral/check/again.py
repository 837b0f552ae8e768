"""Again: after a change a rule is asked again, if it can be of the things alone that it concerns.

A rule whose every answer depends on nothing but the triples on its walks from the thing that
it is about (see `query_walks`) is asked of the things from which a walk leads over a changed
triple, on the triples around them. Any other is asked of all, if it reads a term of the change.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from trilateral import sparql
from trilateral.check.dependence import term_of
from trilateral.check.query_walks import query_walks
from trilateral.check.reads import terms_read
from trilateral.check.rules import Row, compares, focuses, rule_files, run_rule
from trilateral.check.walks import reached, surroundings
from trilateral.home import Home

if TYPE_CHECKING:
    import pyoxigraph as ox

    from trilateral.check.walks import Node, Walk

# With more things or triples than these it is faster to ask of all: the store outruns Python.
_MANY_THINGS = 50
_MANY_TRIPLES = 3_000


@dataclass(frozen=True)
class Reading:
    """What a rule reads: the walks from each thing or, without, the terms; without both, any.

    One that compares things says something of all when what it says of one is changed.
    """

    walks: frozenset[Walk] | None = None
    terms: frozenset[str] | None = None
    compares: bool = False


Reads = Mapping[Path, Reading]
# The things that a rule is to be asked of; None for all.
Things = set["Node"] | None


def read_rules(home: Home) -> Reads:
    """Return what each rule reads.

    >>> from trilateral.home import find_home
    >>> reads = read_rules(find_home())
    >>> sum(read.walks is not None for read in reads.values()) > len(reads) / 2
    True
    """
    return {path: _reading(path) for path in rule_files(home)}


def _reading(rule: Path) -> Reading:
    text = sparql.read_text(rule)
    walks = query_walks(text)
    terms = terms_read(text) if walks is None else None
    return Reading(walks, terms, compares(rule))


def concerned(reads: Reads, store: ox.Store, changed: Iterable[ox.Triple]) -> dict[Path, Things]:
    """Return the rules that a change can alter, each with the things of which it can.

    ``store`` holds what was before and what is after.
    """
    changed = set(changed)
    # A name that a blank node has in the store need not be the one that it has in a file.
    named = not any(_is_blank(node) for triple in changed for node in triple)
    terms = {term_of(triple) for triple in changed} | {t.predicate.value for t in changed}
    found: dict[Path, Things] = {}
    for rule, read in reads.items():
        if read.walks is None:
            if read.terms is None or not read.terms.isdisjoint(terms):
                found[rule] = None
        else:
            things = reached(store, read.walks, changed, _MANY_THINGS) if named else None
            if read.compares and things is not None:
                around = _around(store, read, things)
                none = around is not None and focuses(rule, around).isdisjoint(_names(things))
                things = set() if none else None
            if things is None or things:
                found[rule] = things
    return found


def ask_again(
    rule: Path, read: Reading, store: ox.Store, things: Things, before: Iterable[Row]
) -> tuple[Row, ...]:
    """Return the rows of a rule after a change, from those before; ``store`` is as it is after."""
    around = None if things is None else _around(store, read, things)
    if things is None or around is None:
        return tuple(run_rule(rule, store))
    names = _names(things)
    found = [row for row in run_rule(rule, around) if row.focus in names]
    return tuple(sorted([*found, *(row for row in before if row.focus not in names)]))


def _around(store: ox.Store, read: Reading, things: Iterable[Node]) -> ox.Store | None:
    """Return the triples that a rule reads from some things; None if they are too many."""
    import pyoxigraph

    found: set[ox.Triple] = set()
    for triple in surroundings(store, read.walks or (), things):
        found.add(triple)
        if len(found) > _MANY_TRIPLES:
            return None
    part = pyoxigraph.Store()
    part.extend(pyoxigraph.Quad(*triple) for triple in found)
    return part


def _names(things: Iterable[Node]) -> set[str]:
    return {getattr(thing, "value", "") for thing in things}


def _is_blank(node: object) -> bool:
    import pyoxigraph

    return isinstance(node, pyoxigraph.BlankNode)
