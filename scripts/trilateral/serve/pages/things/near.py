"""Near: what somebody may have meant by the address of a thing that is not there."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

_MOST = 8
# Longer slugs are compared only as far as this, and so many names by their letters: whoever
# asks for things that are not there shall not keep the server busy.
_LONGEST = 120
_COMPARED = 200


def near(known: Iterable[str], base: str, kind: str, slug: str) -> list[str]:
    """Return IRIs of things like ``kind/slug``: the same slug of another kind first.

    Then those of the kind that are spelled alike or share the most words.

    >>> near(["urn:actor/japan", "urn:actor/jordan", "urn:place/tokyo"], "urn:", "actor", "japn")
    ['urn:actor/japan']
    >>> near(["urn:actor/japan", "urn:place/tokyo"], "urn:", "actor", "tokyo")
    ['urn:place/tokyo']
    """
    slug = slug.lower()[:_LONGEST]
    words = set(slug.split("-")) - {""}
    same: list[str] = []
    begin: list[str] = []
    shared: list[tuple[float, str]] = []
    ours = f"{base}{kind}/"
    for iri in known:
        if iri.startswith(ours):
            other = iri[len(ours) :]
            theirs = set(other.split("-"))
            if words & theirs:
                shared.append((-len(words & theirs) / len(words | theirs), iri))
            elif other[:2] == slug[:2]:
                begin.append(iri)
        elif iri.startswith(base) and iri.endswith(f"/{slug}"):
            same.append(iri)
    ranked = [iri for _, iri in sorted(shared)]
    pool = {iri[len(ours) :]: iri for iri in [*ranked[:_COMPARED], *begin[:_COMPARED]]}
    spelled = [pool[each] for each in get_close_matches(slug, pool, _MOST, 0.6)]
    return list(dict.fromkeys([*sorted(same), *spelled[:3], *ranked[:_MOST], *spelled]))[:_MOST]
