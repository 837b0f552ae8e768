"""SHACL runs: the same results on one processor and on several, and the places of findings."""

import pytest
from tests.conftest import TESTS

from trilateral import dataset
from trilateral.check import shacl

FIXTURES = sorted((TESTS / "fixtures" / "shapes").glob("*.ttl"))


@pytest.fixture(scope="module")
def graphs(world):
    """The world with every failing fixture added, so that there are results of all kinds."""
    from trilateral import turtle

    data = dataset.read_valid(world)
    lint = world.shapes / "shapes-lint.ttl"
    shapes = [t for p, f in data.under(world.shapes).items() if p != lint for t in f.triples]
    broken = [t for path in FIXTURES for t in turtle.read_path(path).triples]
    triples = [*data.triples(world.ontology, world.data), *broken]
    return shacl.graph_of(triples), shacl.graph_of(shapes)


def test_shared_out_over_processes_the_results_are_the_same(graphs, monkeypatch):
    data, shapes = graphs
    alone = sorted(shacl._run(data, shapes))
    assert len(alone) > 200
    monkeypatch.setattr(shacl, "_WORTH_SPLITTING", 0)
    monkeypatch.setattr(shacl, "_can_fork", lambda: True)
    assert shacl.validate(data, shapes) == alone


def test_every_target_stands_in_exactly_one_part(graphs):
    _, shapes = graphs
    from rdflib import SH

    parts = shacl._parts(shapes)
    for kind in (SH.targetClass, SH.targetNode, SH.targetSubjectsOf, SH.targetObjectsOf):
        targets = [triple for part in parts for triple in part.triples((None, kind, None))]
        assert sorted(targets) == sorted(shapes.triples((None, kind, None)))


def test_graph_of_keeps_terms_as_they_are():
    from trilateral import turtle

    text = (
        '<http://x/a> <http://x/p> "01"^^<http://www.w3.org/2001/XMLSchema#integer>, "x"@en, "x" .'
    )
    found = {term.n3() for term in shacl.graph_of(turtle.read(text).triples).objects()}
    assert found == {'"01"^^<http://www.w3.org/2001/XMLSchema#integer>', '"x"@en', '"x"'}
