"""Nginx: maps for its ``http`` block, and a file that is included in a ``server`` block."""

from __future__ import annotations

import re
from collections.abc import Iterator

from trilateral.publish.hosts.negotiation import BEST, Range, groups, ranges, weights
from trilateral.publish.hosts.table import Table

MAPS, SITE = "maps.conf", "site.conf"


def write_maps(table: Table) -> str:
    """Return the maps: what is accepted, where what was retired leads, and headers."""
    lines = ["# Made by trilateral publish hosts. Include it in the block http."]
    for each in ranges(table.formats):
        lines += _map("$http_accept", _variable(each.name), _weights(each))
    for name, formats in (("page", table.formats), ("data", table.data_formats)):
        source = quoted(weights(formats, lambda ending: f"${{{_variable(ending)[1:]}}}"))
        chosen = [("default", "none"), (quoted(f"~{BEST}"), "$1")]
        lines += _map(source, f"$trilateral_{name}", chosen)
    lines += _map("$uri", "$trilateral_moved", _moved(table))
    lines += _map("$request_method", "$trilateral_asked", [("default", '""'), ("OPTIONS", "1")])
    for name, value in table.preflight.items():
        values = [("default", '""'), ("1", quoted(value))]
        lines += _map("$trilateral_asked", _header(name), values)
    lines += _map("$status", _header("Vary"), [("default", '""'), ("~^(?:303|406)", "Accept")])
    lines += _map('"$status $uri"', _header("Cache-Control"), _cached(table))
    lines += _map('"$status $uri"', _header("Link"), _links(table))
    return "\n".join(lines) + "\n"


def write_site(table: Table) -> str:
    """Return what is included in a ``server`` block whose root holds the site."""
    return "\n".join(_site(table)) + "\n"


def quoted(text: str) -> str:
    r"""Return a parameter of a directive.

    >>> quoted("it's \\.")
    "'it\\'s \\\\.'"
    """
    return "'{}'".format(text.replace("\\", "\\\\").replace("'", "\\'"))


def _variable(name: str) -> str:
    return f"$trilateral_q_{name}"


def _header(name: str) -> str:
    return "$trilateral_" + name.lower().replace("-", "_")


def _map(source: str, variable: str, values: list[tuple[str, str]]) -> list[str]:
    rows = [f"    {key} {value};" for key, value in values]
    return ["", f"map {source} {variable} {{", *rows, "}"]


def _weights(each: Range) -> list[tuple[str, str]]:
    otherwise = each.otherwise if each.name == "any" else _variable(each.otherwise)
    held = {
        rule: rule.weight or "".join(f"${at + 1}" for at in range(groups(rule.pattern)))
        for rule in each.rules
    }
    rows = [(quoted(f"~{rule.pattern}"), quoted(value)) for rule, value in held.items()]
    return [("default", otherwise), *rows]


def _moved(table: Table) -> list[tuple[str, str]]:
    """Return where other names lead, as the status and the path."""
    rows = [("default", '""')]
    for path, name in table.see.items():
        rows.append((f"{table.path}/{path}", quoted(f"303 {table.path}/{name}")))
    for path, new in table.retired.items():
        pattern = rf"~^{re.escape(f'{table.path}/{path}')}((?:\.(?:{table.endings}))?)$"
        rows.append((quoted(pattern), "410" if new is None else f"'301 {table.path}/{new}$1'"))
    return rows


def _cached(table: Table) -> list[tuple[str, str]]:
    forever = "|".join(table.forever)
    return [
        ("default", quoted(table.cached)),
        ("'~^(?:303|406) '", quoted(table.cached_privately)),
        ("'~^[45]'", "no-store"),
        (quoted(f"~^... {re.escape(table.path)}/(?:{forever})/"), quoted(table.cached_forever)),
    ]


def _links(table: Table) -> list[tuple[str, str]]:
    """Return the links of names, and of documents, by status and path."""
    root = re.escape(table.path)
    data = "|".join(table.data)
    rows = [("default", '""')]
    for names, formats in ((data, table.data_formats), (table.pages, table.formats)):
        for each in formats:
            pattern = rf"~^(?:200|206|304) (?!.*/index\.){root}/({names})\.{each.ending}$"
            rows.append((quoted(pattern), quoted(table.links("$1", formats, each.ending))))
        link = table.links("$1", formats)
        rows.append((quoted(f"~^303 {root}/({names})$"), quoted(link)))
    return rows


def _site(table: Table) -> Iterator[str]:
    yield "# Made by trilateral publish hosts. Include it in a block server whose root has the"
    yield f"# site at {table.path}/."
    yield f"location {table.path}/ {{"
    yield "    index index.html;"
    yield "    absolute_redirect off;"
    yield f"    error_page 403 404 =404 {table.path}/404.html;"
    yield "    error_page 406 @trilateral_not_acceptable;"
    yield "    gzip on;"
    yield "    gzip_vary on;"
    bare = dict.fromkeys(media.partition(";")[0] for media in table.types.values())
    smaller = [each for each in bare if "gzip" not in each and each != "text/html"]
    yield f"    gzip_types {' '.join(smaller)};"
    yield ""
    yield from _types(table.types)
    yield ""
    yield from _headers(table)
    yield ""
    yield from _methods()
    yield ""
    folder, types = table.answers
    yield f"    location {table.path}/{folder}/ {{"
    yield from (f"    {each}" for each in (*_types(table.types | types), *_methods()))
    yield "    }"
    yield ""
    yield "    # Other names, and names that things once had."
    yield "    if ($trilateral_moved = 410) { return 410; }"
    yield "    if ($trilateral_moved ~ ^303.(.+)$) { return 303 $1; }"
    yield "    if ($trilateral_moved ~ ^301.(.+)$) { return 301 $1; }"
    yield ""
    yield "    # A name, which has files of data, leads to the document that is accepted."
    yield "    set $trilateral_document $trilateral_data;"
    yield "    if (-f $document_root${uri}.html) { set $trilateral_document $trilateral_page; }"
    yield '    if (!-f $document_root${uri}.ttl) { set $trilateral_document ""; }'
    name = quoted(f"^{re.escape(table.path)}/(?:{table.names})$")
    yield f'    if ($uri !~ {name}) {{ set $trilateral_document ""; }}'
    yield "    if ($trilateral_document = none) { return 406; }"
    yield "    if ($trilateral_document) { return 303 $uri.$trilateral_document; }"
    yield "}"
    yield "location @trilateral_not_acceptable {"
    yield "    default_type text/plain;"
    # Headers are taken from one block alone.
    yield from _headers(table)
    yield f"    return 406 {quoted(table.not_acceptable)};"
    yield "}"


def _headers(table: Table) -> Iterator[str]:
    for name, value in table.always.items():
        yield f"    add_header {name} {quoted(value)} always;"
    for name in (*table.preflight, "Cache-Control", "Link", "Vary"):
        yield f"    add_header {name} {_header(name)} always;"


def _types(types: dict[str, str]) -> Iterator[str]:
    yield "    types {"
    yield from (f"        {quoted(media)} {ending};" for ending, media in types.items())
    yield "    }"
    yield "    default_type application/octet-stream;"


def _methods() -> Iterator[str]:
    yield "    # Browsers ask whether they may ask; nothing is written here."
    yield "    if ($request_method = OPTIONS) { return 204; }"
    yield "    if ($request_method !~ ^(?:GET|HEAD)$) { return 405; }"
