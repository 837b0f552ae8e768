"""JSON-LD: triples as compact JSON-LD under the published context, which the ontology gives."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from json.encoder import encode_basestring
from typing import Any

import pyoxigraph as ox

from trilateral.prefixes import prefixes

_XSD = "http://www.w3.org/2001/XMLSchema#"
_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_RDFS = "http://www.w3.org/2000/01/rdf-schema#"
_OWL = "http://www.w3.org/2002/07/owl#"
_TYPE = ox.NamedNode(_RDF + "type")
_RANGE = ox.NamedNode(_RDFS + "range")
# What JSON writes itself, or needs no word for.
_NATIVE = {_XSD + "string", _XSD + "integer", _XSD + "boolean"}
_INTEGER = re.compile(r"0|-?[1-9][0-9]{0,14}")
# Properties of RDFS, OWL, SKOS and Dublin Core, by what their vocabularies say of their values.
_KNOWN = {
    "dct:description": "@language",
    "dct:isReplacedBy": "@id",
    "dct:license": "@id",
    "dct:title": "@language",
    "owl:differentFrom": "@id",
    "owl:disjointWith": "@id",
    "owl:priorVersion": "@id",
    "owl:versionIRI": "@id",
    "rdfs:comment": "@language",
    "rdfs:domain": "@id",
    "rdfs:isDefinedBy": "@id",
    "rdfs:label": "@language",
    "rdfs:range": "@id",
    "rdfs:subClassOf": "@id",
    "rdfs:subPropertyOf": "@id",
    "skos:altLabel": "@language",
    "skos:changeNote": "@language",
    "skos:definition": "@language",
    "skos:example": "@language",
    "skos:prefLabel": "@language",
    "skos:scopeNote": "@language",
}


@dataclass(frozen=True)
class Term:
    """The name of a property, and how its values are written.

    ``kind`` is ``@id``, ``@language``, a datatype, or empty for values that tell their own.
    """

    name: str
    kind: str = ""


@dataclass(frozen=True)
class Context:
    """Terms by the IRIs of properties and classes, and prefixes of other vocabularies."""

    properties: Mapping[str, Term] = field(default_factory=dict)
    classes: Mapping[str, str] = field(default_factory=dict)
    table: Mapping[str, str] = field(default_factory=dict)

    def key(self, iri: str) -> str:
        """Return what stands for a property or class without a term: prefix and name, or IRI."""
        cut = max(iri.rfind("/"), iri.rfind("#")) + 1
        prefix = self._prefixes.get(iri[:cut])
        return f"{prefix}:{iri[cut:]}" if prefix and iri[cut:] else iri

    @cached_property
    def _prefixes(self) -> Mapping[str, str]:
        # The first of several prefixes of a namespace counts.
        return {namespace: prefix for prefix, namespace in reversed(list(self.table.items()))}

    def document(self) -> dict[str, Any]:
        """Return the context as it is published."""
        found: dict[str, Any] = {"@version": 1.1, "id": "@id", "type": "@type", **self.table}
        found.update({name: iri for iri, name in self.classes.items()})
        for iri, term in self.properties.items():
            entry = {"@id": iri}
            if term.kind == "@language":
                entry["@container"] = "@language"
            elif term.kind:
                entry["@type"] = term.kind
            found[term.name] = entry
        return {"@context": found}

    def clashes(self, iri: str) -> bool:
        """Tell whether an IRI would be read as a prefix and a name."""
        scheme, _, rest = iri.partition(":")
        return scheme in self.table and not rest.startswith("//")


def make_context(store: ox.Store) -> Context:
    """Return the context of the ontology in a store.

    Classes and properties of the project have their names for terms. Properties of other
    vocabularies that the ontology reuses have theirs where no name is taken twice. Ranges
    and kinds of properties say how values are written.
    """
    own = prefixes()["tri"]
    kinds: dict[str, str] = {}
    for kind in ("AnnotationProperty", "DatatypeProperty", "ObjectProperty"):
        for quad in store.quads_for_pattern(None, _TYPE, ox.NamedNode(_OWL + kind)):
            if isinstance(quad.subject, ox.NamedNode):
                kinds[quad.subject.value] = _kind(store, quad.subject, kind)
    expand = prefixes().expand
    kinds.update({expand(name) or name: kind for name, kind in _KNOWN.items()})
    classes = {
        quad.subject.value: quad.subject.value.removeprefix(own)
        for quad in store.quads_for_pattern(None, _TYPE, ox.NamedNode(_OWL + "Class"))
        if isinstance(quad.subject, ox.NamedNode) and quad.subject.value.startswith(own)
    }
    taken = {"id", "type", *classes.values()}
    terms: dict[str, Term] = {}
    for iri in sorted(kinds, key=lambda each: (not each.startswith(own), each)):
        name = iri[max(iri.rfind("/"), iri.rfind("#")) + 1 :]
        if name in taken:
            continue
        taken.add(name)
        terms[iri] = Term(name, kinds[iri])
    table = {
        prefix: namespace
        for prefix, namespace in prefixes().items()
        if prefix not in taken and (prefix == "tri" or not namespace.startswith(prefixes().base))
    }
    return Context(terms, dict(sorted(classes.items())), table)


def _kind(store: ox.Store, name: ox.NamedNode, kind: str) -> str:
    if kind == "ObjectProperty":
        return "@id"
    ranges = {
        str(getattr(q.object, "value", "")) for q in store.quads_for_pattern(name, _RANGE, None)
    }
    only = ranges.pop() if len(ranges) == 1 else ""
    return only if only.startswith(_XSD) and only not in _NATIVE else ""


def write(
    triples: Iterable[ox.Triple], context: Context, url: str, more: Mapping[str, str] | None = None
) -> bytes:
    """Return triples as compact JSON-LD, one node for each subject, in the order of the triples.

    Args:
        triples: What is written; no term may be a triple.
        context: The published context.
        url: Where it is published.
        more: Prefixes that the document declares besides.

    Raises:
        ValueError: for a triple that holds a triple.
    """
    parts = [tuple(triple) for triple in triples]
    iris = {each.value for part in parts for each in part if isinstance(each, ox.NamedNode)}
    if any(map(context.clashes, iris)):
        # Written out, such an IRI means itself.
        context, url, more = Context(), "", None
    elif more:
        context = Context(context.properties, context.classes, {**context.table, **more})
    nodes: dict[str, dict[str, Any]] = {}
    languages: dict[tuple[str, str], dict[str, Any]] = defaultdict(dict)
    identity, kind = ("id", "type") if url else ("@id", "@type")
    for subject, predicate, value in parts:
        name = _name(subject)
        node = nodes.setdefault(name, {identity: name})
        iri = predicate.value
        term = context.properties.get(iri)
        if iri == _TYPE.value and not isinstance(value, ox.Literal):
            name = _name(value)
            _add(node, kind, context.classes.get(name) or context.key(name))
        elif term and term.kind == "@language":
            if isinstance(value, ox.Literal) and value.language and not value.direction:
                texts = languages[node[identity], term.name]
                _add(texts, value.language, value.value)
                node[term.name] = texts
            else:
                _add(node, context.key(iri), _value(value, "", identity, context))
        elif term:
            _add(node, term.name, _value(value, term.kind, identity, context))
        else:
            _add(node, context.key(iri), _value(value, "", identity, context))
    document: dict[str, Any] = {}
    if url:
        document["@context"] = [url, dict(more)] if more else url
    document["@graph"] = list(nodes.values())
    return (_dumped(document, "\n") + "\n").encode()


def _dumped(value: Any, start: str) -> str:
    r"""Return what ``json.dumps`` gives with ``indent=1`` and ``ensure_ascii=False``.

    That has a fast form without indents alone. ``start`` begins each line.

    >>> _dumped({"a": [1, True, "ä"], "b": {}}, "\n").splitlines()
    ['{', ' "a": [', '  1,', '  true,', '  "ä"', ' ],', ' "b": {}', '}']
    """
    if isinstance(value, str):
        return encode_basestring(value)
    if isinstance(value, dict):
        each = start + " "
        items = [f"{encode_basestring(key)}: {_dumped(v, each)}" for key, v in value.items()]
        return f"{{{each}{f',{each}'.join(items)}{start}}}" if items else "{}"
    if isinstance(value, list):
        each = start + " "
        items = [_dumped(v, each) for v in value]
        return f"[{each}{f',{each}'.join(items)}{start}]" if items else "[]"
    return json.dumps(value)


def _name(term: Any) -> str:
    if isinstance(term, ox.Triple):
        raise ValueError("JSON-LD cannot hold a triple within a triple; ask for Turtle.")
    return str(term) if isinstance(term, ox.BlankNode) else str(term.value)


def _add(node: dict[str, Any], key: str, value: Any) -> None:
    if key not in node:
        node[key] = value
    elif isinstance(node[key], list):
        node[key].append(value)
    else:
        node[key] = [node[key], value]


def _value(term: Any, kind: str, identity: str, context: Context) -> Any:
    """Return an object under a property whose values are of a kind."""
    if not isinstance(term, ox.Literal):
        name = _name(term)
        return name if kind == "@id" else {identity: name}
    text, datatype = term.value, term.datatype.value
    if term.language:
        found = {"@value": text, "@language": term.language}
        if term.direction:
            found["@direction"] = str(term.direction)
        return found
    if datatype == kind:
        return text
    if not kind:
        if datatype == _XSD + "string":
            return text
        if datatype == _XSD + "integer" and _INTEGER.fullmatch(text):
            return int(text)
        if datatype == _XSD + "boolean" and text in ("true", "false"):
            return text == "true"
    if datatype == _XSD + "string":
        return {"@value": text}
    return {"@value": text, "@type": context.key(datatype)}
