"""Writing: the files of all hosts, by name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from trilateral.publish.hosts import apache, caddy, netlify, nginx, w3id
from trilateral.publish.hosts.table import Table


def site_rules(table: Table) -> dict[str, bytes]:
    """Return the files that lie in the site itself, at its root.

    >>> sorted(site_rules(Table()))
    ['.htaccess', '_headers', '_redirects']
    """
    return _encoded(
        {
            apache.NAME: apache.write(table),
            netlify.HEADERS: netlify.write_headers(table),
            netlify.REDIRECTS: netlify.write_redirects(table),
        }
    )


def write_hosts(table: Table, told: Mapping[str, Any]) -> dict[str, bytes]:
    """Return the files of all hosts, each host in a folder.

    The entry of w3id.org is among them where the address of the site is known; ``told`` is
    the citation of the project.

    >>> told = {"title": "Trilateral", "abstract": "An open knowledge graph."}
    >>> sorted(write_hosts(Table(base="https://example.org"), told))[-2:]
    ['w3id/.htaccess', 'w3id/README.md']
    """
    own = site_rules(table)
    files = {f"apache/{apache.NAME}": own.pop(apache.NAME)}
    files |= {f"netlify/{name}": data for name, data in own.items()}
    files |= _encoded(
        {
            f"nginx/{nginx.MAPS}": nginx.write_maps(table),
            f"nginx/{nginx.SITE}": nginx.write_site(table),
            f"caddy/{caddy.NAME}": caddy.write(table),
        }
    )
    if table.base:
        for folder, negotiates in (("w3id", True), ("w3id-for-plain-files", False)):
            files |= _encoded(
                {
                    f"{folder}/{apache.NAME}": w3id.write_rules(table, negotiates),
                    f"{folder}/README.md": w3id.write_readme(table, negotiates, told),
                }
            )
    return files


def _encoded(files: Mapping[str, str]) -> dict[str, bytes]:
    return {name: text.encode() for name, text in files.items()}
