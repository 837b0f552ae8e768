"""Series: the releases of a folder one after another, and what each changed of each thing."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

from trilateral.prefixes import prefixes
from trilateral.publish import manifest
from trilateral.publish.history import data, pages, patch
from trilateral.publish.history.differences import (
    Differences,
    Thing,
    compare,
    kind_of,
    kind_order,
)
from trilateral.publish.history.versions import Version, read_version
from trilateral.publish.history.words import Words
from trilateral.publish.release.plan import find_releases
from trilateral.publish.release.refusals import RefusedError
from trilateral.turtle import natural

MADE_BY = "trilateral publish history"
_STYLE = "history.css"


@dataclass(frozen=True)
class Step:
    """A release beside the one before it: how many things it removed, changed and added."""

    day: str
    before: str
    iri: str
    counts: tuple[int, ...]


@dataclass
class _Past:
    """What became of a thing: day, ``added``, ``changed`` or ``removed``, the thing, its words."""

    name: str
    events: list[tuple[str, str, Thing, Words]] = field(default_factory=list)


def write_history(
    folder: Path, progress: Callable[[str], None] = lambda name: None
) -> dict[str, bytes]:
    """Return the pages and files of the history of all releases in a folder, by name.

    ``index.html`` lists the versions, ``DAY/`` has the changes that a version brought as page,
    JSON and RDF Patch, ``KIND/NAME.html`` the history of one thing, ``history.json`` all of them;
    by ``manifest.json`` the folder is known again.

    Raises:
        RefusedError: when the folder holds no release.
        VerificationError: naming the file of a release that is not what the release says.
    """
    days = find_releases(folder)
    if not days:
        raise RefusedError(f"{folder}: there is no release in it.", "Name the folder of releases.")
    files = {_STYLE: pages.style_sheet().encode()}
    pasts: dict[str, _Past] = {}
    steps: list[Step] = []
    old = Version("nothing", "", "", frozenset())
    for day in days:
        progress(f"comparing {day}")
        new = read_version(folder / day)
        found = compare(old, new)
        counts = tuple(len(things) for _, things in found.sections())
        steps.append(Step(day, old.day, new.iri, counts))
        for what, things in found.sections():
            for thing in things:
                past = pasts.setdefault(thing.iri, _Past(thing.name))
                past.name = thing.name
                past.events.append((day, what, thing, found.words))
        if old.day:
            files |= _write_step(day, found)
        old = new
    files |= dict(_write_things(pasts))
    files["index.html"] = _index(steps, pasts)
    files["history.json"] = _as_json(steps, pasts)
    files[manifest.MANIFEST] = manifest.write_manifest(files, MADE_BY)
    return files


def check_target(out: Path) -> None:
    """Refuse a path at which something stands that would be lost and is no history.

    Raises:
        RefusedError: naming what stands there.
    """
    manifest.check_target(out, MADE_BY)


def page_of(iri: str) -> str:
    """Return the path of the page of a thing's history.

    >>> page_of("https://w3id.org/trilateral/actor/japan")
    'actor/japan.html'
    >>> page_of("https://w3id.org/trilateral/ontology#holder"), page_of("http://a.example/#b")
    ('ontology/holder.html', 'ontology/http%3A%2F%2Fa.example%2F%23b.html')
    """
    base, kind = prefixes().base, kind_of(iri)
    parts = iri.removeprefix(base).replace("#", "/").split("/")
    # Whatever its name, a page lies inside the folder.
    if not iri.startswith(base) or {"", ".", ".."} & set(parts):
        parts = [quote(iri, "")]
    return "/".join([*([] if parts[0] == kind else [kind]), *parts]) + ".html"


def _write_step(day: str, found: Differences) -> dict[str, bytes]:
    page = pages.write_changes(found, index="../index.html", style_href=f"../{_STYLE}")
    return {
        f"{day}/changes.html": page.encode(),
        f"{day}/changes.json": data.write_json(found).encode(),
        f"{day}/{patch.NAME}": patch.write_patch(found).encode(),
    }


def _write_things(pasts: dict[str, _Past]) -> Iterator[tuple[str, bytes]]:
    for iri, past in pasts.items():
        path = page_of(iri)
        up = "../" * path.count("/")
        yield (
            path,
            pages.page(
                "thing.html",
                iri=iri,
                name=past.name,
                # Newest first, as whoever looks a thing up asks what was changed last.
                events=[event[:3] for event in reversed(past.events)],
                words=past.events[-1][3],
                index=f"{up}index.html",
                style_href=f"{up}{_STYLE}",
            ).encode(),
        )


def _ordered(pasts: dict[str, _Past]) -> list[tuple[str, _Past]]:
    return sorted(
        pasts.items(),
        key=lambda each: (kind_order(kind_of(each[0])), natural(each[1].name.casefold()), each[0]),
    )


def _index(steps: list[Step], pasts: dict[str, _Past]) -> bytes:
    kinds: dict[str, list[dict[str, str]]] = {}
    for iri, past in _ordered(pasts):
        last, what, *_ = past.events[-1]
        if len(past.events) > 1 or last != steps[0].day:
            entry = {"page": quote(page_of(iri)), "name": past.name, "times": f"{what} {last}"}
            kinds.setdefault(kind_of(iri), []).append(entry)
    return pages.page(
        "history.html", steps=steps, kinds=list(kinds.items()), patch=patch.NAME,
        style_href=_STYLE,
    ).encode()  # fmt: skip


def _as_json(steps: list[Step], pasts: dict[str, _Past]) -> bytes:
    document: dict[str, Any] = {
        "versions": [step.day for step in steps],
        "things": {
            iri: {
                "name": past.name,
                "events": [{"version": day, "what": what} for day, what, *_ in past.events],
            }
            for iri, past in _ordered(pasts)
        },
    }
    return (json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode()
