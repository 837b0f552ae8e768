"""Choices: the frameworks and the actors that a view can be of, and the one that is shown first."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.requests import Request

from trilateral.prefixes import prefixes
from trilateral.serve.pages import parameters
from trilateral.serve.pages.views.view import value
from trilateral.serve.site import Site

# What is shown first, where the data have it.
_FIRST = "framework/us-japan-rok-cooperation"


@dataclass(frozen=True)
class Choices:
    """Frameworks and actors in the order of their English labels, and the first framework."""

    frameworks: list[str]
    actors: list[str]
    most: str | None

    def first(self) -> str | None:
        """Return the framework that is shown where none is named, None where there is none."""
        usual = prefixes().base + _FIRST
        return usual if usual in self.frameworks else self.most


async def read_choices(site: Site, request: Request) -> Choices:
    """Return frameworks that have members or events, and actors that have a part in some."""
    rows = (await site.query(parameters.question(__file__, "choices").text, request)).rows
    found: dict[str, list[str]] = {"framework": [], "actor": []}
    for row in rows:
        found[value(row, "kind")].append(value(row, "thing"))

    def by_name(iris: list[str]) -> list[str]:
        return sorted(iris, key=lambda each: (site.label(each).casefold(), each))

    most = next(iter(found["framework"]), None)
    return Choices(by_name(found["framework"]), by_name(found["actor"]), most)
