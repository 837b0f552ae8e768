"""Netlify and Cloudflare Pages: ``_headers`` and ``_redirects``, which both of them read.

Neither asks what a client accepts, and both give ``japan.html`` for ``/actor/japan`` by
themselves. A rule for names would have no end on Cloudflare, whose rules come before files:
its pattern fits the documents too. So there is none.
"""

from __future__ import annotations

from collections.abc import Iterator

from trilateral.publish.hosts.table import Table

HEADERS, REDIRECTS = "_headers", "_redirects"


def write_headers(table: Table) -> str:
    """Return the headers. A path has each of them once, as both hosts join what comes twice."""
    lines = ["# Made by trilateral publish hosts.", f"{table.path}/*", *_fields(table.always)]
    for folder in table.forever:
        fields = {"Cache-Control": table.cached_forever}
        lines += [f"{table.path}/{folder}/*", *_fields(fields)]
    for each in table.formats:
        fields = {"Content-Type": table.types[each.ending]}
        lines += [f"{table.path}/*.{each.ending}", *_fields(fields)]
    folder, types = table.answers
    for ending, media in types.items():
        lines += [f"{table.path}/{folder}/*.{ending}", *_fields({"Content-Type": media})]
    for path, name in table.see.items():
        if name in table.data:
            fields = {"Content-Type": table.types["ttl"]}
            lines += [f"{table.path}/{path}", *_fields(fields)]
    return "\n".join(lines) + "\n"


def _fields(fields: dict[str, str]) -> Iterator[str]:
    return (f"  {name}: {value}" for name, value in fields.items())


def write_redirects(table: Table) -> str:
    """Return the redirects: for what has no page to Turtle, and what has a new name to that."""
    rules = [(name, f"{name}.ttl", 303) for name in table.data]
    rules += [
        (path, f"{name}.ttl" if name in table.data else f"{name}.html", 303)
        for path, name in table.see.items()
    ]
    rules += [
        (path + ending, new + ending, 301)
        for path, new in table.retired.items()
        if new is not None
        for ending in ("", *(f".{each.ending}" for each in table.formats))
    ]
    lines = [f"{table.path}/{old} {table.path}/{new} {status}" for old, new, status in rules]
    return "\n".join(["# Made by trilateral publish hosts.", *lines]) + "\n"
