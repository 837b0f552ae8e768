"""RDF: statements about a release as files of it, which name each other by relative addresses."""

from __future__ import annotations

import json
from urllib.parse import quote

from trilateral import turtle
from trilateral.prefixes import prefixes
from trilateral.serve.linked_data import jsonld
from trilateral.serve.linked_data.statements import Statements

# Stands for the folder of the release until the files are written, and leads nowhere (RFC 2606).
_FOLDER = "https://release.invalid/"
# The release itself is named by its folder.
RELEASE = _FOLDER + "./"


def here(path: str, part: str = "") -> str:
    """Return the name of a file of the release, or of a part of one.

    >>> here("dcat.ttl", "author-1")
    'https://release.invalid/dcat.ttl#author-1'
    """
    return _FOLDER + quote(path) + (f"#{quote(part)}" if part else "")


def write_turtle(said: Statements) -> bytes:
    """Return statements as canonical Turtle.

    >>> said = Statements()
    >>> _ = said.add(RELEASE, rdf_type="void:Dataset")
    >>> print(write_turtle(said).decode())
    @prefix void: <http://rdfs.org/ns/void#> .
    <BLANKLINE>
    <./>
        a void:Dataset ;
    .
    <BLANKLINE>
    """
    return turtle.write(said.triples, said.more).replace(f"<{_FOLDER}", "<").encode()


def write_json_ld(said: Statements) -> bytes:
    """Return statements as JSON-LD whose context is the prefixes that they use."""
    table = {**prefixes(), **said.more}
    triples = sorted(said.triples, key=str)
    written = json.loads(jsonld.write(triples, jsonld.Context(table=table), ""))
    text = json.dumps(written["@graph"], ensure_ascii=False, indent=1)
    used = {name: space for name, space in sorted(table.items()) if f'"{name}:' in text}
    document = {"@context": used, **written}
    return write_json(document).replace(f'"{_FOLDER}'.encode(), b'"')


def write_json(document: object) -> bytes:
    """Return a document as JSON."""
    return (json.dumps(document, ensure_ascii=False, indent=2) + "\n").encode()
