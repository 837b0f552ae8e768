"""Assemble the files of ``dist/`` from a dataset, as bytes and without touching the disk."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable
from typing import TYPE_CHECKING

from trilateral import __version__, turtle
from trilateral.coding import agreement
from trilateral.dataset import Dataset
from trilateral.nouns import plural
from trilateral.prefixes import prefixes
from trilateral.vocabulary import iri

# Not a class: an affiliation that names its office is a term of office.
TERMS_OF_OFFICE = "tri:Affiliation with tri:office"

if TYPE_CHECKING:
    import pyoxigraph as ox


def assemble(dataset: Dataset) -> dict[str, bytes]:
    """Return the files of a build by name.

    ``dataset.nq`` and ``dataset.trig`` hold one named graph per file of ontology
    and data, and one with the agreement figures; ``dataset.ttl`` is their union,
    ``ontology.ttl`` and ``shapes.ttl`` are those alone, ``manifest.json`` counts
    and digests, with the number of things of each class (see `count_things`).
    """
    import pyoxigraph

    graphs = dataset.graphs()
    figures = list(agreement.triples(dataset.store()))
    if figures:
        graphs[prefixes()["graph"] + "agreement"] = figures
    home = dataset.home
    quads = canonical_nquads(
        pyoxigraph.Quad(t.subject, t.predicate, t.object, pyoxigraph.NamedNode(name))
        for name, triples in graphs.items()
        for t in triples
    )
    files = {
        "dataset.nq": quads,
        "dataset.trig": turtle.write_dataset(graphs).encode(),
        "dataset.ttl": turtle.write(t for graph in graphs.values() for t in graph).encode(),
        "ontology.ttl": turtle.write(dataset.triples(home.ontology)).encode(),
        "shapes.ttl": turtle.write(dataset.triples(home.shapes)).encode(),
    }
    manifest = {
        "version": __version__,
        "rdfc10_sha256": hashlib.sha256(quads).hexdigest(),
        "quads": quads.count(b"\n"),
        "graphs": {name: len(set(graphs[name])) for name in sorted(graphs)},
        "things": count_things(dataset),
        "files": {
            name: {"sha256": hashlib.sha256(data).hexdigest(), "bytes": len(data)}
            for name, data in files.items()
        },
    }
    files["manifest.json"] = (json.dumps(manifest, indent=2) + "\n").encode()
    return files


def count_things(dataset: Dataset) -> dict[str, int]:
    """Return how many things of each class of the ontology the data describe, by short form.

    Sorted. A thing of two classes counts in both, a thing told of in two files
    once; only stated types count. Affiliations that name an office count once
    more, under `TERMS_OF_OFFICE`.

    >>> from trilateral import dataset
    >>> from trilateral.home import find_home
    >>> count_things(dataset.read(find_home()))["tri:Document"] >= 2
    True
    """
    things: dict[str, set[str]] = defaultdict(set)
    rdf_type, office = iri("rdf:type"), iri("tri:office")
    names = _class_labels(dataset)
    for triple in dataset.triples(dataset.home.data):
        if triple.predicate.value == rdf_type:
            name = prefixes().compact(getattr(triple.object, "value", ""))
            if name in names:
                things[name].add(str(triple.subject))
        elif triple.predicate.value == office:
            things[TERMS_OF_OFFICE].add(str(triple.subject))
    return {name: len(things[name]) for name in sorted(things)}


def describe_things(dataset: Dataset, counts: dict[str, int]) -> list[tuple[int, str]]:
    """Return number and name of each count, the name from the label of its class.

    >>> from trilateral import dataset
    >>> from trilateral.home import find_home
    >>> describe_things(dataset.read(find_home()), {"tri:State": 1, "tri:Economy": 2})
    [(1, 'state'), (2, 'economies')]
    """
    labels = _class_labels(dataset) | {TERMS_OF_OFFICE: "term of office"}
    return [
        (count, labels[name] if count == 1 else plural(labels[name]))
        for name, count in counts.items()
    ]


def _class_labels(dataset: Dataset) -> dict[str, str]:
    """Return the English label of each class of the ontology by its short form."""
    ontology = list(dataset.triples(dataset.home.ontology))
    rdf_type, label, owl_class = iri("rdf:type"), iri("rdfs:label"), iri("owl:Class")
    classes = {
        triple.subject
        for triple in ontology
        if triple.predicate.value == rdf_type and getattr(triple.object, "value", "") == owl_class
    }
    return {
        prefixes().compact(getattr(triple.subject, "value", "")): getattr(
            triple.object, "value", ""
        )
        for triple in ontology
        if triple.predicate.value == label
        and triple.subject in classes
        and getattr(triple.object, "language", None) == "en"
    }


def canonical_nquads(quads: Iterable[ox.Quad]) -> bytes:
    """Return quads as canonical N-Quads (RDFC-1.0), whose SHA-256 is the hash of a dataset.

    >>> import pyoxigraph as ox
    >>> texts = ("_:a <x:p> _:b .", "_:z <x:p> _:a .")
    >>> len({canonical_nquads(ox.parse(text, ox.RdfFormat.N_QUADS)) for text in texts})
    1
    """
    import pyoxigraph

    found = list(quads)
    written = pyoxigraph.serialize(found, format=pyoxigraph.RdfFormat.N_QUADS) or b""
    if b"_:" in written:
        dataset = pyoxigraph.Dataset(found)
        dataset.canonicalize(pyoxigraph.CanonicalizationAlgorithm.RDFC_1_0)
        written = pyoxigraph.serialize(dataset, format=pyoxigraph.RdfFormat.N_QUADS) or b""
    # Without blank nodes the canonical form is the sorted set of lines.
    return b"".join(sorted(set(written.splitlines(keepends=True))))
