"""The shipped data repeated with fresh names, to a wanted number of triples."""

from pathlib import Path

import pyoxigraph as ox

from trilateral import dataset, turtle
from trilateral.home import Home, find_home


def repeat(folder: Path, wanted: int) -> Home:
    """Write the data as often as it takes to hold ``wanted`` triples; return where they lie.

    Every thing that the data describe gets a fresh IRI in each copy, and its
    label a number; terms and concepts of the ontology are shared.
    """
    shipped = dataset.read_valid(find_home())
    home = shipped.home
    files = shipped.under(home.data)
    shared = sum(len(file.triples) for file in shipped.under(home.ontology).values())
    own = {triple.subject for file in files.values() for triple in file.triples}
    size = sum(len(file.triples) for file in files.values())
    copies = max(1, round((wanted - shared) / size))
    for copy in range(copies):
        for path, file in files.items():
            target = folder / path.relative_to(home.data)
            target = target.with_name(f"{path.stem}{f'-x{copy}' if copy else ''}.ttl")
            target.parent.mkdir(parents=True, exist_ok=True)
            fresh = (_fresh(triple, own, copy) for triple in file.triples)
            target.write_text(turtle.write(fresh), encoding="utf-8")
    return find_home(folder)


def _fresh(triple, own, copy):
    if not copy:
        return triple
    value = triple.object
    if triple.predicate.value.endswith("#prefLabel"):
        value = ox.Literal(f"{value.value} {copy}", language=value.language)
    return ox.Triple(_name(triple.subject, own, copy), triple.predicate, _name(value, own, copy))


def _name(node, own, copy):
    return ox.NamedNode(f"{node.value}-x{copy}") if node in own else node
