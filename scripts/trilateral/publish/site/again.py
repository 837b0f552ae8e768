"""Again: which parts of the last site stay as they are."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterable
from typing import TYPE_CHECKING

import pyoxigraph as ox

from trilateral.prefixes import prefixes
from trilateral.publish.site.asked import Asked
from trilateral.publish.site.change import Change
from trilateral.publish.site.data import LIST, WHOLE
from trilateral.publish.site.kept import Answered, Block, Known, Unit
from trilateral.publish.site.once import ONCE
from trilateral.serve.pages.catalogue import kinds as all_kinds

if TYPE_CHECKING:
    from trilateral.publish.site.maker import Maker

# By these things have other paths or none.
_PATHS = {f"http://www.w3.org/2002/07/owl#{name}" for name in ("versionIRI", "NamedIndividual")}
# Of more quads than that nearly all is concerned, and to find out what is not takes long.
_MOST = 5000


def find_change(maker: Maker) -> Change | None:
    """Return what changed since the last site; None where that concerns all of it.

    As ontology, retired things and which graphs there are do, and many changes at once.
    """
    store = maker.engine.store
    old = set(gzip.decompress((maker.plan.out / WHOLE).read_bytes()).splitlines())
    new = set(maker.quads)
    listed = json.loads((maker.plan.out / LIST).read_bytes())
    change = Change(store, _quads(old - new), _quads(new - old))
    quads = [*change.gone, *change.new]
    base = prefixes()["graph"]
    if (
        len(quads) > _MOST
        or {each["iri"] for each in listed} != {each.value for each in store.named_graphs()}
        or any(isinstance(node, ox.BlankNode) for q in quads for node in (q.subject, q.object))
        or any(iri.startswith(f"{base}ontology") for iri in change.graphs)
        or not change.terms.isdisjoint(_PATHS)
        or not change.subjects.isdisjoint(maker.things.retired)
    ):
        return None
    return change


def _quads(lines: Iterable[bytes]) -> list[ox.Quad]:
    return list(ox.parse(b"\n".join(lines), format=ox.RdfFormat.N_QUADS))


class Again:
    """Which parts of the last site stay as they are, as far as can be told without asking.

    Attributes:
        kinds: The kinds of which pages stay only where `told` has been told of their things.
    """

    def __init__(self, known: Known, asked: Asked) -> None:
        self._change, self._lists, self._shared = asked.change, asked.lists(), asked.shared
        self.kinds = set(asked.kinds())
        self._told: set[str] = set()
        self._units: dict[str, Unit] = {}
        self._doubts: dict[str, list[Answered]] = {}
        for block in known.blocks:
            self._look_at(block)

    def told(self, kind: str, things: Iterable[str]) -> None:
        """Take note of what has been asked: the things of a kind of which pages are others."""
        self.kinds.discard(kind)
        self._told.update(things)

    def unit(self, task: str) -> Unit | None:
        """Return a part that may stay as it is, None where it cannot."""
        kind, _, about = task.partition(" ")
        if kind == "thing" and prefixes().base + about in self._told:
            return None
        return self._units.get(task)

    def doubts(self, task: str) -> list[Answered]:
        """Return what has to be asked: the part stays where each answer is as it was."""
        return self._doubts[task]

    def _look_at(self, block: Block) -> None:
        # The digest of the data is another always.
        other = {
            place
            for place, (key, _) in enumerate(block.keys)
            if key == "digest" or self._change.concerns_key(key)
        }
        for task, unit in block.units.items():
            if self._concerned(task, unit):
                continue
            doubts = [block.keys[place] for place in self._doubtful(task, other & {*unit.keys})]
            doubts = [each for each in doubts if not self._same(task, each[0])]
            # No answer tells of what has no digest.
            if all(digest for _, digest in doubts):
                self._units[task], self._doubts[task] = unit, doubts

    def _concerned(self, task: str, unit: Unit) -> bool:
        """Tell whether a unit is known to be concerned by what it is, and by what it names."""
        kind, _, about = task.partition(" ")
        # What there is one of tells of all data; little takes long of it.
        if kind in ONCE or (unit.all and self._change.named_otherwise):
            return True
        if kind != "thing":
            return self._change.concerns_names(unit.names, of_thing=False)
        # The shapes stand in no graph.
        if about == "shapes":
            return False
        if "/" not in about or prefixes().base + about in self._change.documents:
            return True
        return self._change.concerns_names(unit.names, of_thing=True)

    def _doubtful(self, task: str, places: set[int]) -> set[int]:
        """Return the places of the keys that decide about a unit, of those that may be others."""
        # A graph is another where a triple of it is.
        return set() if task.startswith(("thing graph/", "thing shapes")) else places

    def _same(self, task: str, key: str) -> bool:
        """Tell whether what may be another for others is not for this unit."""
        kind, _, about = task.partition(" ")
        if kind == "thing":
            # What the page itself asks is asked of all things, but not its pages with parameters.
            return key in self._shared
        listed = about.partition("?")[0].strip("/")
        # The list of one kind, or what shows all.
        shown = listed in self._lists or (bool(self._lists) and listed not in all_kinds())
        return key == "catalogue" and not shown
