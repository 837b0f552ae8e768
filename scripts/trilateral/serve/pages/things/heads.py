"""Heads: what stands at the top of the page of each kind of thing, as a list of facts."""

from __future__ import annotations

# Short names of properties, in the order of reading; "*" is all that is said of the thing.
HEADS: dict[str, tuple[str, ...]] = {
    "actor": (
        "tri:actorKind", "tri:officialName", "tri:abbreviation", "tri:partOfActor",
        "tri:constituent", "tri:populationOf", "tri:homepage",
    ),
    "framework": (
        "tri:frameworkKind", "tri:status", "tri:startDate", "tri:endDate", "tri:establishedBy",
        "tri:succeeds", "tri:partOfFramework", "tri:officialName", "tri:abbreviation",
        "tri:rosterFrom", "tri:homepage", "tri:unknown",
    ),
    "event": (
        "tri:eventKind", "tri:basis", "tri:startDate", "tri:earliestStart", "tri:latestStart",
        "tri:endDate", "tri:earliestEnd", "tri:latestEnd", "tri:place", "tri:subEventOf",
        "tri:heldUnder", "tri:corresponds", "tri:unknown", "skos:scopeNote",
    ),
    "proposition": (
        "tri:propositionKind", "tri:about", "tri:cause", "tri:direction", "tri:effect",
    ),
    "source": (
        "rdf:type", "tri:genre", "tri:author", "tri:publisher", "tri:issued", "tri:language",
        "tri:url", "tri:alternateUrl", "tri:standing", "tri:licence", "tri:accessedOn",
        "tri:unknown",
    ),
    "topic": ("skos:broader", "skos:related", "skos:scopeNote", "skos:inScheme"),
    "office": ("tri:officeOf", "tri:role", "skos:scopeNote"),
    "place": ("tri:country", "tri:latitude", "tri:longitude", "skos:scopeNote"),
    "ontology": ("dct:title", "dct:description", "dct:license", "owl:versionInfo"),
    "factor": ("tri:about",),
}  # fmt: skip
ALL = ("*",)
