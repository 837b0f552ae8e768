"""Apache: ``.htaccess``, for mod_rewrite, mod_headers and mod_mime."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from trilateral.publish.hosts.negotiation import BEST, Range, groups, ranges, weights
from trilateral.publish.hosts.table import Table
from trilateral.serve.linked_data.documents import Format

NAME = ".htaccess"


def write(table: Table) -> str:
    """Return the file for the root of the site."""
    lines = [*_basics(table), *_moved(table), *_documents(table), *_names(table), *_headers(table)]
    return "\n".join(lines) + "\n"


def quoted(text: str) -> str:
    r"""Return an argument of a directive.

    >>> quoted('a "b" \\.')
    '"a \\"b\\" \\\\."'
    """
    return '"{}"'.format(text.replace("\\", "\\\\").replace('"', '\\"'))


def negotiation(formats: Sequence[Format]) -> Iterator[str]:
    """Yield rules that put the weight of each format into a variable of its ending.

    What is set last counts, so that the closest range comes last. mod_rewrite takes what stands
    between quotation marks as it is.
    """
    found = {each.name: each for each in ranges(formats)}
    for each in found.values():
        # A range within which there are others gives its weight to all of them.
        within = [form.ending for form in formats if each.name in _around(form.ending, found)]
        if each.name == "any":
            yield _set(within, each.otherwise)
        for rule in reversed(each.rules):
            held = "".join(f"%{at + 1}" for at in range(groups(rule.pattern)))
            yield f"RewriteCond %{{HTTP:Accept}} '{rule.pattern}'"
            yield _set(within, rule.weight or held)


def _around(name: str, found: dict[str, Range]) -> list[str]:
    """Return a range and those around it."""
    return [name, *(_around(found[name].otherwise, found) if name != "any" else [])]


def _set(endings: list[str], weight: str) -> str:
    return f"RewriteRule ^ - [{','.join(f'E={each}:{weight}' for each in endings)}]"


def best(formats: Sequence[Format]) -> str:
    """Return the condition under which one of the formats is accepted, as ``%1``."""
    return f"RewriteCond {weights(formats, lambda name: f'%{{ENV:{name}}}')} '{BEST}'"


def _basics(table: Table) -> Iterator[str]:
    yield "# Made by trilateral publish hosts. Needs mod_rewrite, mod_headers and mod_mime, and"
    yield "# in the configuration of the server: AllowOverride All"
    yield "Options -Indexes -MultiViews"
    yield "DirectoryIndex index.html"
    yield f"ErrorDocument 404 {table.path}/404.html"
    yield f"ErrorDocument 406 {quoted(table.not_acceptable)}"
    yield ""
    yield "# What is compressed is a file, and not a coding of one."
    yield "RemoveEncoding .gz"
    for ending, media in table.types.items():
        yield f"AddType {quoted(media)} .{ending}"
    yield "<IfModule mod_deflate.c>"
    bare = dict.fromkeys(each.partition(";")[0] for each in table.types.values())
    yield f"AddOutputFilterByType DEFLATE {' '.join(each for each in bare if 'gzip' not in each)}"
    yield "</IfModule>"
    yield ""
    yield "RewriteEngine On"
    yield "# Browsers ask whether they may ask; nothing is written here."
    yield "RewriteCond %{REQUEST_METHOD} =OPTIONS"
    yield "RewriteRule ^ - [R=204,L]"
    yield "RewriteCond %{REQUEST_METHOD} !^(?:GET|HEAD)$"
    yield "RewriteRule ^ - [R=405,L]"


def _moved(table: Table) -> Iterator[str]:
    yield ""
    yield "# Other names, and names that things once had."
    for path, name in table.see.items():
        yield f"RewriteRule ^{re.escape(path)}$ {table.path}/{name} [QSD,R=303,L]"
    for path, new in table.retired.items():
        pattern = rf"^{re.escape(path)}((?:\.(?:{table.endings}))?)$"
        if new is None:
            yield f"RewriteRule {pattern} - [G,L]"
        else:
            yield f"RewriteRule {pattern} {table.path}/{new}$1 [R=301,L]"


def _documents(table: Table) -> Iterator[str]:
    yield ""
    yield "# The path of a name without ending, for the links of its documents."
    yield rf"RewriteRule ^(?!.*/index\.)({table.pages})\.(?:{table.endings})$ - [E=page:$1]"
    yield rf"RewriteRule ^({'|'.join(table.data)})\.(?:{table.endings})$ - [E=data:$1]"


def _names(table: Table) -> Iterator[str]:
    yield ""
    folder, types = table.answers
    for ending, media in types.items():
        yield rf"RewriteRule ^{folder}/.+\.{ending}$ - {quoted(f'[T={media}]')}"
    yield ""
    yield "# What is no name of a thing is a file, a folder, or not there."
    yield f"RewriteRule !^(?:{table.names})$ - [L]"
    yield "RewriteCond %{REQUEST_FILENAME}.ttl !-f [OR]"
    yield 'RewriteCond %{PATH_INFO} !=""'
    yield "RewriteRule ^ - [L]"
    yield ""
    yield "# A name leads to the document that is accepted, by the weights of RFC 9110, 12.5.1."
    yield from negotiation(table.formats)
    yield "RewriteRule ^(.+)$ - [E=page:$1]"
    yield "RewriteCond %{REQUEST_FILENAME}.html !-f"
    yield "RewriteRule ^(.+)$ - [E=html:0,E=!page,E=data:$1]"
    yield best(table.formats)
    yield f"RewriteRule ^(.+)$ {table.path}/$1.%1 [QSD,R=303,L]"
    yield "RewriteRule ^ - [R=406,L]"


def _headers(table: Table) -> Iterator[str]:
    def header(name: str, value: str, when: str = "") -> str:
        condition = f" {quoted(f'expr={when}')}" if when else ""
        return f"Header always set {name} {quoted(value)}{condition}"

    yield ""
    for name, value in table.always.items():
        yield header(name, value)
    for name, value in table.preflight.items():
        yield header(name, value, "%{REQUEST_METHOD} == 'OPTIONS'")
    yield header("Cache-Control", table.cached)
    never = f"%{{REQUEST_URI}} =~ m#^{re.escape(table.path)}/(?:{'|'.join(table.forever)})/#"
    yield header("Cache-Control", table.cached_forever, never)
    yield header("Cache-Control", "no-store", "%{REQUEST_STATUS} -ge 400")
    yield header("Cache-Control", table.cached_privately, "%{REQUEST_STATUS} in {'303', '406'}")
    yield header("Vary", "Accept", "%{REQUEST_STATUS} in {'303', '406'}")
    for variable, formats in (("page", table.formats), ("data", table.data_formats)):
        stem = f"%{{{variable}}}e"
        there = f"-n reqenv('{variable}') && "
        yield header("Link", table.links(stem, formats), there + "%{REQUEST_STATUS} == 303")
        for each in formats:
            when = rf"{there}%{{REQUEST_STATUS}} < 304 && %{{REQUEST_URI}} =~ m#\.{each.ending}$#"
            yield header("Link", table.links(stem, formats, each.ending), when)
