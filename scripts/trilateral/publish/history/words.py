"""Words: how things, properties and values are called where two versions are compared."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from trilateral.prefixes import prefixes
from trilateral.publish.history.retired import read_retired
from trilateral.publish.history.versions import Version
from trilateral.vocabulary import iri

if TYPE_CHECKING:
    import pyoxigraph as ox

# How properties of other vocabularies are called; ours have labels in the ontology. What names
# and describes a thing comes first.
_PROPERTIES = {
    "rdf:type": "class",
    "skos:prefLabel": "label",
    "rdfs:label": "label",
    "skos:altLabel": "other label",
    "skos:definition": "definition",
    "skos:scopeNote": "note",
    "skos:example": "example",
    "skos:changeNote": "why it is retired",
    "skos:exactMatch": "identifier",
    "skos:closeMatch": "close match",
    "skos:broader": "under",
    "skos:inScheme": "scheme",
    "owl:deprecated": "retired",
    "owl:disjointWith": "disjoint with",
    "owl:priorVersion": "version before",
    "owl:versionIRI": "IRI of the version",
    "owl:versionInfo": "version",
    "rdfs:domain": "of",
    "rdfs:isDefinedBy": "defined by",
    "rdfs:range": "leads to",
    "dct:isReplacedBy": "replaced by",
    "dct:modified": "retired on",
    "rdfs:subClassOf": "kind of",
    "rdfs:subPropertyOf": "kind of",
}
_XSD_STRING = "http://www.w3.org/2001/XMLSchema#string"


class Words:
    """Names from two versions, those of the newer one first.

    Attributes:
        old_things: What the older version describes, without what it has retired.
        new_things: The same of the newer version.
        retired: Reason and successor of what the newer version has retired, by IRI.
    """

    def __init__(self, old: Version, new: Version) -> None:
        self._names: dict[str, dict[str, str]] = defaultdict(dict)
        for version in (old, new):
            self._read(version)
        gone, self._gone = read_retired(old.quads), read_retired(new.quads)
        self.old_things = _subjects(old) - gone.keys()
        self.new_things = _subjects(new) - self._gone.keys()
        self.retired = {name: (each.note, each.successor) for name, each in self._gone.items()}
        self._order = {iri(name): at for at, name in enumerate(_PROPERTIES)}

    def _read(self, version: Version) -> None:
        properties = iri("skos:prefLabel"), iri("rdfs:label")
        for quad in version.quads:
            if quad.predicate.value in properties:
                literal: Any = quad.object
                self._names[getattr(quad.subject, "value", "")][literal.language or "en"] = (
                    literal.value
                )

    def name(self, thing: str) -> str:
        """Return the English label of a thing, else its short form."""
        return self._names.get(thing, {}).get("en") or self.short(thing)

    def short(self, thing: str) -> str:
        """Return the short form of an IRI, ``actor:japan``, or the IRI where it has none."""
        return prefixes().compact(thing).strip("<>")

    def property(self, name: str) -> str:
        """Return what a property is called."""
        known = _PROPERTIES.get(self.short(name))
        return known or self.name(name)

    def property_order(self, name: str) -> tuple[int, str]:
        """Return the place of a property among those of a thing."""
        return self._order.get(name, len(self._order)), self.property(name)

    def value(self, term: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple) -> str:
        """Return a value as people read it: the label of a thing, the text of a literal."""
        import pyoxigraph

        if isinstance(term, pyoxigraph.NamedNode):
            return self.name(term.value)
        if isinstance(term, pyoxigraph.Literal):
            return f"“{term.value}”" if is_text(term) else term.value
        return str(term)


def is_text(term: ox.Literal) -> bool:
    """Tell whether a literal is text, not a number or a date."""
    return bool(term.language) or term.datatype.value == _XSD_STRING


def _subjects(version: Version) -> set[str]:
    return {getattr(quad.subject, "value", "") for quad in version.quads}
