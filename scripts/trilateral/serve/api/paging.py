"""Paging: the part of an answer that a client asks for, and links to the other parts."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from trilateral.serve.web.http import Problem

MOST = 1_000_000
FARTHEST = 999_999_999
_NUMBER = re.compile(r"0|[1-9][0-9]{0,8}", re.ASCII)
_FORM = re.compile(r"^\s*SELECT\b", re.MULTILINE)


@dataclass(frozen=True)
class Page:
    """Which rows are wanted: so many, after so many; ``limit`` is None for all that follow."""

    limit: int | None = None
    offset: int = 0

    @property
    def whole(self) -> bool:
        """Whether all rows are wanted."""
        return self.limit is None and not self.offset

    def applied(self, query: str) -> str:
        """Return a SELECT that has no LIMIT of its own with this one.

        >>> Page(10, 20).applied("SELECT ?a {} ORDER BY ?a").splitlines()[-1]
        'LIMIT 10 OFFSET 20'
        """
        if self.whole:
            return query
        limit = "" if self.limit is None else f"LIMIT {self.limit} "
        return f"{query}\n{limit}OFFSET {self.offset}"

    def links(self, path: str, given: Sequence[tuple[str, str]], total: int) -> list[str]:
        """Return Link values (RFC 8288) that lead to the pages around this one.

        >>> Page(10, 0).links("/a.csv", [("actor", "japan")], 11)[-1]
        '</a.csv?actor=japan&limit=10&offset=10>; rel="last"'
        """
        if not self.limit:
            return []
        last = max(0, (total - 1) // self.limit * self.limit)
        starts = {"first": 0, "last": last}
        if self.offset:
            starts["prev"] = max(0, self.offset - self.limit)
        if self.offset + self.limit < total:
            starts["next"] = self.offset + self.limit
        kept = [pair for pair in given if pair[0] not in ("limit", "offset")]
        return [
            f"<{path}?{urlencode([*kept, ('limit', self.limit), ('offset', starts[name])])}>; "
            f'rel="{name}"'
            for name in ("first", "prev", "next", "last")
            if name in starts
        ]


def read_page(limit: str | None, offset: str | None) -> Page:
    """Return the page that two query parameters ask for.

    Raises:
        Problem: when one of them is no number that it can be.
    """
    return Page(
        None if limit is None else _number("limit", limit, 1, MOST),
        0 if offset is None else _number("offset", offset, 0, FARTHEST),
    )


def counting(query: str) -> str:
    """Return the query that counts the rows of a SELECT, as ``?total``."""
    form = _FORM.search(query)
    assert form, query
    at = form.start()
    return f"{query[:at]}\nSELECT (COUNT(*) AS ?total) WHERE {{\n{{{query[at:]}\n}}\n}}"


def _number(name: str, value: str, least: int, most: int) -> int:
    number = int(value) if _NUMBER.fullmatch(value) else -1
    if not least <= number <= most:
        raise Problem(
            400, "This value cannot be used", f"{name} is a whole number.",
            f"Give one from {least} to {most:,}.",
        )  # fmt: skip
    return number
