"""Caddy: a ``Caddyfile`` of one site.

Caddy matches with RE2 and has expressions, which compare the weights in the place of `BEST`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from trilateral.publish.hosts.negotiation import groups, ranges
from trilateral.publish.hosts.table import Table
from trilateral.serve.linked_data.documents import Format

NAME = "Caddyfile"


def write(table: Table) -> str:
    """Return the file; address and folder are read from the environment."""
    lines = [
        *_maps(table),
        *_headers(table),
        *_moved(table),
        *_names(table),
        *_files(table),
    ]
    head = "# Made by trilateral publish hosts. The root has the site at"
    begin = [f"{head} {table.path}/.", "{$TRILATERAL_ADDRESS:http://localhost:8080} {"]
    return "\n".join([*begin, *(f"\t{each}" if each else "" for each in lines), "}"]) + "\n"


def quoted(text: str) -> str:
    """Return an argument of a directive, which holds no backquote."""
    return f"`{text}`"


def _maps(table: Table) -> Iterator[str]:
    yield "root * {$TRILATERAL_ROOT:/srv/trilateral}"
    yield "encode gzip"
    yield ""
    yield "# The weight of each format, by RFC 9110, 12.5.1."
    for each in ranges(table.formats):
        yield f"map {{header.Accept}} {_weight(each.name)} {{"
        for rule in each.rules:
            held = "".join(f"${{{at + 1}}}" for at in range(groups(rule.pattern)))
            yield f"\t{quoted(f'~{rule.pattern}')} {rule.weight or held}"
        yield f"\tdefault {each.otherwise if each.name == 'any' else _weight(each.otherwise)}"
        yield "}"


def _weight(name: str) -> str:
    return f"{{trilateral_{name}}}"


def _headers(table: Table) -> Iterator[str]:
    yield ""
    yield "header {"
    for name, value in table.always.items():
        yield f"\t{name} {quoted(value)}"
    yield "}"
    # Caddy puts directives into an order of its own: no two may be about one header of one path.
    never = " ".join(f"{table.path}/{folder}/*" for folder in table.forever)
    yield f"@never path {never}"
    yield f"@changing not path {never}"
    yield f"header @changing Cache-Control {quoted(table.cached)}"
    yield f"header @never Cache-Control {quoted(table.cached_forever)}"
    folder, types = table.answers
    for ending, media in table.types.items():
        yield f"@type_{ending} {{"
        yield f"\tpath *.{ending}"
        yield f"\tnot path {table.path}/{folder}/*"
        yield "}"
        yield f"header @type_{ending} Content-Type {quoted(media)}"
    for ending, media in (table.types | types).items():
        yield f"@answer_{ending} path {table.path}/{folder}/*.{ending}"
        yield f"header @answer_{ending} Content-Type {quoted(media)}"
    for kind, names, formats in (
        ("page", table.pages, table.formats),
        ("data", "|".join(table.data), table.data_formats),
    ):
        for each in formats:
            name = f"{kind}_{each.ending}"
            pattern = rf"^{re.escape(table.path)}/({names})\.{each.ending}$"
            link = table.links(f"{{re.{name}.1}}", formats, each.ending)
            yield f"@{name} {{"
            yield f"\tpath_regexp {name} {quoted(pattern)}"
            yield "\tnot path */index.*"
            yield "}"
            yield f"header @{name} Link {quoted(link)}"


def _moved(table: Table) -> Iterator[str]:
    yield ""
    yield "# Browsers ask whether they may ask; nothing is written here."
    yield "@asked method OPTIONS"
    yield "handle @asked {"
    for name, value in table.preflight.items():
        yield f"\theader {name} {quoted(value)}"
    yield "\trespond 204"
    yield "}"
    yield "@other not method GET HEAD"
    yield "handle @other {"
    yield "\terror 405"
    yield "}"
    yield ""
    yield "# Other names, and names that things once had."
    for path, name in table.see.items():
        yield f"redir {table.path}/{path} {table.path}/{name} 303"
    for at, (path, new) in enumerate(table.retired.items(), 1):
        place = re.escape(f"{table.path}/{path}")
        pattern = rf"^{place}((?:\.(?:{table.endings}))?)$"
        yield f"@retired_{at} path_regexp retired_{at} {quoted(pattern)}"
        if new is None:
            yield f"handle @retired_{at} {{"
            yield "\terror 410"
            yield "}"
        else:
            yield f"redir @retired_{at} {table.path}/{new}{{re.retired_{at}.1}} 301"


def _names(table: Table) -> Iterator[str]:
    yield ""
    yield "# A name leads to the document that is accepted."
    yield "@name {"
    yield f"\tpath_regexp name {quoted(f'^{re.escape(table.path)}/({table.names})$')}"
    yield "\tfile {path}.ttl"
    yield "}"
    yield "handle @name {"
    yield "\theader Vary Accept"
    yield f"\theader Cache-Control {quoted(table.cached_privately)}"
    yield "\t@page file {path}.html"
    yield "\thandle @page {"
    yield from (f"\t\t{each}" for each in _choice(table, table.formats, "page"))
    yield "\t}"
    yield "\thandle {"
    yield from (f"\t\t{each}" for each in _choice(table, table.data_formats, "data"))
    yield "\t}"
    yield "}"


def _choice(table: Table, formats: Sequence[Format], kind: str) -> Iterator[str]:
    yield f"header Link {quoted(table.links('{re.name.1}', tuple(formats)))}"
    every = ", ".join(f"double({_weight(each.ending)})" for each in formats)
    for each in formats:
        own = f"double({_weight(each.ending)})"
        name = f"{kind}_is_{each.ending}"
        yield f"@{name} expression {quoted(f'{own} > 0.0 && [{every}].all(q, q <= {own})')}"
        yield f"redir @{name} {{path}}.{each.ending} 303"
    yield "error 406"


def _files(table: Table) -> Iterator[str]:
    yield ""
    yield "handle {"
    yield "\tfile_server"
    yield "}"
    yield "handle_errors {"
    yield "\theader -Link"
    yield '\theader Content-Type "text/plain; charset=utf-8"'
    yield "\t@none expression `{err.status_code} == 406`"
    yield "\thandle @none {"
    yield f"\t\trespond {quoted(table.not_acceptable)} 406"
    yield "\t}"
    yield "\t@missing expression `{err.status_code} == 404`"
    yield "\thandle @missing {"
    yield "\t\theader Cache-Control no-store"
    yield f"\t\theader Content-Type {quoted(table.types['html'])}"
    yield f"\t\trewrite * {table.path}/404.html"
    yield "\t\tfile_server"
    yield "\t}"
    yield "\thandle {"
    yield "\t\theader Cache-Control no-store"
    yield '\t\trespond "{err.status_code} {err.status_text}" {err.status_code}'
    yield "\t}"
    yield "}"
