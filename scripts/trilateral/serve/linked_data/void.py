"""VoID: the counts of a dataset as its statistics and partitions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import quote

from trilateral.prefixes import prefixes
from trilateral.serve.linked_data.statements import Statements


def say_counts(graph: Statements, dataset: str, here: str, counts: Mapping[str, Any]) -> None:
    """Say how much a dataset holds.

    Args:
        graph: What it is said in.
        dataset: The IRI of the dataset.
        here: What the IRIs of its partitions begin with.
        counts: Those of `Statistics` by name.

    >>> said = Statements("")
    >>> numbers = dict.fromkeys(("triples", "entities", "subjects", "objects"), 1)
    >>> say_counts(said, "x:d", "x:", {**numbers, "classes": {}, "properties": {}})
    >>> len(said.triples)
    6
    """
    graph.add(
        dataset,
        void_vocabulary=sorted(_vocabularies([*counts["classes"], *counts["properties"]])),
        void_triples=counts["triples"],
        void_entities=counts["entities"],
        void_classes=len(counts["classes"]),
        void_properties=len(counts["properties"]),
        void_distinctSubjects=counts["subjects"],
        void_distinctObjects=counts["objects"],
    )
    for iri, number in counts["classes"].items():
        part = f"{here}class-{_slug(iri)}"
        graph.add(dataset, void_classPartition=part)
        graph.add(part, void_class=iri, void_entities=number)
    for iri, number in counts["properties"].items():
        part = f"{here}property-{_slug(iri)}"
        graph.add(dataset, void_propertyPartition=part)
        graph.add(part, void_property=iri, void_triples=number)


def _slug(iri: str) -> str:
    """Return what tells a term apart within a document."""
    return "-".join(prefixes().split(iri) or [quote(iri, safe="")])


def _vocabularies(terms: Iterable[str]) -> set[str]:
    return {iri[: max(iri.rfind("/"), iri.rfind("#")) + 1] for iri in terms}
