"""Elsewhere: the views and comparisons of the site that show a thing in another way."""

from __future__ import annotations

from trilateral.serve.pages.language import N_
from trilateral.serve.pages.parameters import address, short

_DRAWN = (N_("Neighbourhood"), "/views/network", "thing")
_COMPARED = (N_("Compare with another"), "/compare", "one")
# By kind: what is said on the link, the path, and the parameter that names the thing.
_LINKS: dict[str, tuple[tuple[str, str, str], ...]] = {
    "actor": ((N_("Timeline"), "/views/timeline", "actor"), _DRAWN, _COMPARED),
    "framework": (
        (N_("Timeline"), "/views/timeline", "framework"),
        (N_("Map of the members"), "/views/map", "framework"),
        _DRAWN,
    ),
    "event": (_DRAWN,),
    "factor": (_DRAWN,),
    "outcome": (_DRAWN,),
    "place": (_DRAWN,),
    "proposition": (_DRAWN,),
    "source": (_DRAWN, _COMPARED),
    "topic": ((N_("Matrix of positions"), "/views/matrix", "topic"), _DRAWN),
}


def elsewhere(kind: str, iri: str, speaks: bool) -> list[tuple[str, str]]:
    """Return the names and paths of what else shows a thing.

    Those that hold or tell positions (``speaks``) can be compared.

    >>> elsewhere("actor", "https://w3id.org/trilateral/actor/japan", True)[-1]
    ('Compare with another', '/compare?one=actor:japan')
    """
    return [
        (words, address(path, **{parameter: short(iri)}))
        for words, path, parameter in _LINKS.get(kind, ())
        if speaks or path != "/compare"
    ]
