"""Data: differences as JSON, with IRIs and labels, in the order of the text."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from trilateral.publish.history.differences import Differences, Edit, Thing
from trilateral.publish.history.versions import Version
from trilateral.publish.history.words import Words

if TYPE_CHECKING:
    import pyoxigraph as ox


def write_json(found: Differences) -> str:
    """Return the differences as JSON."""
    document = {
        "old": _version(found.old),
        "new": _version(found.new),
        "statements": {"went": found.went, "came": found.came},
        "graphs": [
            {"graph": each.graph, "went": each.went, "came": each.came} for each in found.graphs
        ],
        "things": {
            name: [thing_as_json(thing, found.words) for thing in things]
            for name, things in found.sections()
        },
    }
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def thing_as_json(thing: Thing, words: Words) -> dict[str, Any]:
    """Return a thing with its edits."""
    return {
        "iri": thing.iri,
        "kind": thing.kind,
        "name": thing.name,
        **({"reason": thing.reason} if thing.reason else {}),
        **({"successor": thing.successor} if thing.successor else {}),
        "edits": [edit_as_json(edit, words) for edit in thing.edits],
    }


def edit_as_json(edit: Edit, words: Words) -> dict[str, Any]:
    """Return one edit; ``before`` or ``after`` is missing where there was no such value."""
    return {
        "property": edit.property,
        "name": words.property(edit.property),
        "graph": edit.graph,
        **({"moved_from": edit.moved_from} if edit.moved_from else {}),
        **({"before": _term(edit.before, words)} if edit.before is not None else {}),
        **({"after": _term(edit.after, words)} if edit.after is not None else {}),
    }


def _version(version: Version) -> dict[str, Any]:
    told = {"name": version.name, "rdfc10_sha256": version.rdfc10_sha256}
    return {**told, "iri": version.iri} if version.iri else told


def _term(
    term: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple, words: Words
) -> dict[str, str]:
    """Return a term as SPARQL 1.1 results in JSON have it, a thing with its label beside."""
    import pyoxigraph

    if isinstance(term, pyoxigraph.NamedNode):
        return {"type": "uri", "value": term.value, "label": words.name(term.value)}
    assert isinstance(term, pyoxigraph.Literal)
    told = {"type": "literal", "value": term.value}
    if term.language:
        return {**told, "xml:lang": term.language}
    return {**told, "datatype": term.datatype.value}
