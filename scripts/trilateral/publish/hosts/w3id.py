"""w3id.org: the entry of the project there, ``.htaccess`` and ``README.md``.

Its rules lead the names of things to wherever the site is. They leave the choice of a
document to a server, and make it themselves for a host that cannot.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from trilateral.prefixes import prefixes
from trilateral.publish.hosts.apache import best, negotiation, quoted
from trilateral.publish.hosts.table import Table

_CONTACT = """\
## Contact
This space is administered by:

**FILL IN: name of the maintainer**

GitHub: FILL IN: account of the maintainer
"""


def write_rules(table: Table, negotiates: bool) -> str:
    """Return the rules for a host that negotiates, or for one that does not."""
    names = _passed_on(table) if negotiates else _chosen(table)
    rest = [
        "",
        "# All else: documents, pages, files.",
        f"RewriteRule ^.*$ {table.base}/$0 [R=302,L]",
    ]
    return "\n".join([*_head(table), *names, *rest]) + "\n"


def write_readme(table: Table, negotiates: bool, told: Mapping[str, Any]) -> str:
    """Return what people read of the entry; ``told`` is the citation of the project."""
    base = prefixes().base
    choice = (
        "to the same path there, which answers with a redirect to the format that is accepted."
        if negotiates
        else "to the document in the format that is accepted (HTML, Turtle, JSON-LD and others)."
    )
    sparql = f"* `{base}sparql` redirects (307, so that POST stays POST) to the SPARQL endpoint."
    lines = [
        f"# {_place()}",
        "",
        f"{told['title']}.",
        "",
        str(told["abstract"]),
        "",
        f"[`{base}`]({base}) redirects to [{table.base}/]({table.base}/).",
        "",
        f"* Names of things, such as `{base}actor/japan`, redirect (303) {choice}",
        *([sparql] if negotiates else []),
        "* Documents and pages redirect (302) to the same path there.",
        "",
        _CONTACT,
    ]
    return "\n".join(lines)


def _place() -> str:
    """Return the path of the entry: ``/trilateral/``."""
    return "/" + prefixes().base.partition("://")[2].partition("/")[2]


def _head(table: Table) -> Iterator[str]:
    yield f"# # {_place()}"
    yield "#"
    yield f"# {prefixes().base} redirects to {table.base}/"
    yield "# Made by trilateral publish hosts."
    yield "#"
    yield from (f"# {line}".rstrip() for line in _CONTACT.splitlines())
    yield ""
    yield "Options -MultiViews"
    yield "RewriteEngine on"
    yield "# Programs in browsers follow these redirects too."
    yield 'Header always set Access-Control-Allow-Origin "*"'


def _passed_on(table: Table) -> Iterator[str]:
    yield ""
    yield "# Queries: the method and what is sent stay."
    yield f"RewriteRule ^sparql/?$ {table.base}/sparql [R=307,L]"
    yield ""
    yield "# Names of things, which are no documents: what is accepted is chosen there."
    yield rf"RewriteCond $0 !\.(?:{table.endings})$"
    yield f"RewriteRule ^(?:{table.names})$ {table.base}/$0 [R=303,L]"
    for path in table.see:
        yield f"RewriteRule ^{re.escape(path)}$ {table.base}/$0 [R=303,L]"


def _chosen(table: Table) -> Iterator[str]:
    rules = [
        *negotiation(table.formats),
        f"RewriteRule ^(?:{'|'.join(table.data)})$ - [E=html:0]",
        best(table.formats),
        f"RewriteRule ^.+$ {table.base}/$0.%1 [R=303,L]",
        "RewriteRule ^ - [R=406,L]",
    ]
    skipped = sum(each.startswith("RewriteRule") for each in rules)
    accept = quoted("expr=%{REQUEST_STATUS} in {'303', '406'}")
    yield f"Header always set Vary Accept {accept}"
    yield f"ErrorDocument 406 {quoted(table.not_acceptable)}"
    yield ""
    yield "# Other names lead to the names."
    for path, name in table.see.items():
        yield f"RewriteRule ^{re.escape(path)}$ {prefixes().base}{name} [R=303,L]"
    yield ""
    yield "# Names of things: the format that is accepted, by the weights of RFC 9110, 12.5.1."
    yield "# For all else these rules are skipped."
    yield rf"RewriteCond $0 \.(?:{table.endings})$ [OR]"
    yield f"RewriteCond $0 !^(?:{table.names})$"
    yield f"RewriteRule ^.*$ - [S={skipped}]"
    yield from rules
