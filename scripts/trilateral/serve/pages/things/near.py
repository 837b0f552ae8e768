"""Near: what somebody may have meant by the address of a thing that is not there."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

_MOST = 8
# Longer slugs are compared only as far as this, and no more names than this by their letters.
_LONGEST = 120
_COMPARED = 4000


def near(known: Iterable[str], base: str, kind: str, slug: str) -> list[str]:
    """Return IRIs of things like ``kind/slug``: the same slug of another kind first.

    Then those of the kind that share the most words, then those spelled alike.

    >>> near(["urn:actor/japan", "urn:actor/jordan", "urn:place/tokyo"], "urn:", "actor", "japn")
    ['urn:actor/japan', 'urn:actor/jordan']
    >>> near(["urn:actor/japan", "urn:place/tokyo"], "urn:", "actor", "tokyo")
    ['urn:place/tokyo']
    """
    slug = slug.lower()[:_LONGEST]
    words = set(slug.replace("_", "-").split("-")) - {""}
    same: list[str] = []
    alike: dict[str, str] = {}
    shared: list[tuple[float, str]] = []
    for iri in known:
        other_kind, _, other = iri.removeprefix(base).partition("/")
        if not iri.startswith(base) or not other:
            continue
        if other == slug and other_kind != kind:
            same.append(iri)
        elif other_kind == kind:
            theirs = set(other.split("-"))
            if words & theirs:
                shared.append((-len(words & theirs) / len(words | theirs), iri))
            if len(alike) < _COMPARED:
                alike[other] = iri
    spelled = [alike[each] for each in get_close_matches(slug, alike, _MOST, 0.6)]
    ranked = [iri for _, iri in sorted(shared)[:_MOST]]
    return list(dict.fromkeys([*sorted(same), *spelled[:2], *ranked, *spelled]))[:_MOST]
