"""Ascription: how positions reach us, from the holder's own words to another's attribution."""

from __future__ import annotations

from collections.abc import Iterable

from starlette.requests import Request

from trilateral.prefixes import prefixes
from trilateral.serve.pages import parameters
from trilateral.serve.pages.language import NC_
from trilateral.serve.site import node

# From the strongest to the weakest, each with the letter that marks it.
LETTERS = {
    NC_("value", "self-declared"): "S",
    NC_("value", "reported"): "R",
    NC_("value", "inferred"): "I",
    NC_("value", "ascribed"): "A",
}
# What is shown where nothing is chosen: the holder's words, or what another tells of them.
USUAL = ("self-declared", "reported")
ANY = "any"


def chosen(request: Request) -> str | None:
    """Return what a request chooses: the IRI of one ascription, `ANY`, or None.

    Raises:
        Problem: for what is no ascription.
    """
    if request.query_params.get("ascription", "").strip() == ANY:
        return ANY
    return parameters.thing(request, "ascription", "ascription")


def terms(choice: str | None) -> str | None:
    """Return what is chosen as terms for a ``VALUES`` of a query, None where it stays open.

    >>> terms("https://w3id.org/trilateral/ascription/inferred")
    '<https://w3id.org/trilateral/ascription/inferred>'
    >>> terms(None).count("<"), terms(ANY)
    (2, None)
    """
    if choice == ANY:
        return None
    space = prefixes()["ascription"]
    return " ".join(node(each) for each in ([choice] if choice else [space + w for w in USUAL]))


def word(iri: str) -> str:
    """Return the word of an ascription: the end of its IRI."""
    return iri.rpartition("/")[2]


def ordered(words: Iterable[str]) -> list[str]:
    """Return words of ascriptions, each once, from the strongest to the weakest.

    >>> ordered(["inferred", "self-declared", "inferred"])
    ['self-declared', 'inferred']
    """
    order = list(LETTERS)
    known = {each: order.index(each) if each in order else len(order) for each in set(words)}
    return sorted(known, key=lambda each: (known[each], each))
