"""Again: which parts of the last site stay as they are, but for the digest of the data."""

from __future__ import annotations

import asyncio
import gzip
import multiprocessing
import os
from typing import TYPE_CHECKING

import pyoxigraph as ox

from trilateral.prefixes import prefixes
from trilateral.publish.site.change import Change
from trilateral.publish.site.data import WHOLE
from trilateral.publish.site.engine import Direct
from trilateral.publish.site.kept import Known, Unit
from trilateral.serve.pages.catalogue import kinds as all_kinds
from trilateral.serve.pages.catalogue import read_catalogue
from trilateral.serve.site import Site
from trilateral.serve.workers.limits import Limits

if TYPE_CHECKING:
    from trilateral.publish.site.make import Maker

# What tells of all data; little takes long of it but the files of all data.
_ALWAYS = {"whole", "graphs", "names", "sitemap", "not_found", "rules", "copy", "past"}


def unconcerned(maker: Maker, known: Known) -> set[str]:
    """Return the tasks whose files are, with other data, those of the last site.

    None are where what changed concerns all: ontology, retired names, which graphs there are.
    """
    global _change
    if known.data == maker.engine.version:
        return set(known.units)
    found = asyncio.run(_find_change(maker, known))
    if found is None:
        return set()
    _change, lists = found
    try:
        with multiprocessing.get_context("fork").Pool(len(os.sched_getaffinity(0))) as pool:
            for kind, things in pool.imap_unordered(_told_otherwise, _change.asked_kinds):
                _change.told_otherwise[kind] = things
        return {
            task for task, unit in known.units.items() if not _concerned(_change, lists, task, unit)
        }
    finally:
        _change = None


_change: Change | None = None


def _told_otherwise(kind: str) -> tuple[str, set[str]]:
    assert _change is not None
    return kind, asyncio.run(_change.find_things(kind))


async def _find_change(maker: Maker, known: Known) -> tuple[Change, set[str]] | None:
    """Return what changed, and the kinds of which the lists are others; None where all did."""
    from trilateral.publish.site.make import open_generation

    store = ox.Store()
    packed = (maker.plan.out / WHOLE).read_bytes()
    store.bulk_load(gzip.decompress(packed), ox.RdfFormat.N_QUADS)
    old = Site(Limits(budget=0), maker.plan.data)
    old.current = await open_generation(Direct(store, known.data))
    quads = set(store) ^ set(maker.engine.store)
    base = prefixes()["graph"]
    if (
        set(store.named_graphs()) != set(maker.engine.store.named_graphs())
        or old.retired != maker.site.retired
        or any(isinstance(node, ox.BlankNode) for q in quads for node in (q.subject, q.object))
        or any(getattr(q.graph_name, "value", "").startswith(f"{base}ontology") for q in quads)
    ):
        return None
    kinds: dict[str, list[str]] = {}
    for path in maker.things.pages:
        kinds.setdefault(path.partition("/")[0], []).append(prefixes().base + path)
    return Change(old, maker.site, quads, kinds), await _changed_kinds(old, maker.site)


async def _changed_kinds(old: Site, new: Site) -> set[str]:
    """Return the kinds of which the lists have other things, or others under other names."""
    before, after = await read_catalogue(old), await read_catalogue(new)
    return {kind for kind in before.keys() | after.keys() if before.get(kind) != after.get(kind)}


def _concerned(change: Change, lists: set[str], task: str, unit: Unit) -> bool:
    kind, _, about = task.partition(" ")
    if kind in _ALWAYS or (unit.all and change.names) or unit.names & change.looked_up:
        return True
    keys = set(unit.keys)
    if kind == "thing":
        folder, iri = about.partition("/")[0], prefixes().base + about
        if about == "shapes":
            return False
        if "/" not in about or iri in change.documents or iri in change.things(folder):
            return True
        # What the page itself asks has been looked at, but not its pages with parameters.
        keys = set() if folder == "graph" else keys - change.asked_of_all
    if "catalogue" in keys:
        keys.discard("catalogue")
        listed = about.partition("?")[0].strip("/")
        # The list of one kind, or what shows all.
        if listed in lists or (lists and listed not in all_kinds()):
            return True
    return any(map(change.concerns_key, keys))
