"""Entailments: what must follow from the ontology, and what must not, case by case.

A case is a folder of ``tests/entailments/``: ``given.ttl`` says what is the case,
``must-hold.ttl`` what follows from it, or ``must-not-hold.ttl`` what does not. A case
of the second kind has a sibling, ``wrong-axiom.ttl``: a plausible mistake in the
ontology from which the unwanted statement would follow. So no case holds merely
because nothing could ever derive its statement. The comment at the head of each
file says why.

Starting a reasoner takes longer than reasoning here, so that all cases share one
run: the things of a case are put under a name of their own and cannot meet those
of another. For the mistakes the whole vocabulary is copied under such a name.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from rdflib import OWL, RDF, RDFS, Graph, URIRef
from rdflib.namespace import XSD
from rdflib.term import Node

from proof.reasoners import Model, Triple, is_value, statements
from trilateral.prefixes import prefixes

FOLDER = Path(__file__).parents[1] / "tests" / "entailments"
VOCABULARIES = FOLDER / "vocabularies.ttl"
_CASES = "https://example.org/"
_BUILT_IN = (str(OWL), str(RDF), str(RDFS), str(XSD))
# By these an axiom about one term tells something of another one.
_LEADS_ON = (RDFS.subClassOf, RDFS.subPropertyOf, RDFS.domain, RDFS.range, OWL.inverseOf,
             OWL.equivalentClass, OWL.equivalentProperty)  # fmt: skip

# A mistake such as "transitive" stands in place of these, since OWL allows one or the other.
_REVERSED_BY_MISTAKES = (OWL.AsymmetricProperty, OWL.IrreflexiveProperty)


@dataclass(frozen=True)
class Case:
    """One case: what is given, and statements that must or must not follow from it.

    Attributes:
        must: whether the statements must hold, or must not.
        mistake: the wrong axiom from which they would follow; empty where they must.
        why: the comment at the head of the statements.
    """

    name: str
    given: Graph
    statements: Graph
    must: bool
    mistake: Graph
    why: str


def read_cases(folder: Path = FOLDER) -> list[Case]:
    """Return the cases of a folder by name.

    Raises:
        FileNotFoundError: when a case lacks one of its files.
    """
    return [_read_case(path) for path in sorted(folder.iterdir()) if path.is_dir()]


def together(terms: Graph, cases: Iterable[Case]) -> Graph:
    """Return ontology and all that is given, each case with things of its own."""
    merged = Graph() + terms
    for case in cases:
        merged += _renamed(case.given, _things(case, terms))
    return merged


def surprises(terms: Graph, case: Case, model: Model) -> list[Triple]:
    """Return the statements of a case that a model of `together` has otherwise.

    Statements with a literal are passed over where the reasoner gives none.
    """
    wanted = _renamed(case.statements, _things(case, terms))
    asked = [triple for triple in wanted if model.literals or not is_value(triple)]
    return sorted(triple for triple in statements(asked) if model.holds(triple) != case.must)


def mistaken(terms: Graph, cases: Iterable[Case]) -> Graph:
    """Return for each case a copy of what matters of the vocabulary, with its mistake.

    What matters are the axioms that the terms of the case lead to. That is less than
    the ontology says; but what follows from a part follows from the whole.
    """
    merged = Graph()
    for case in cases:
        merged += _renamed(_module(terms, case) + case.given + case.mistake, _copies(case))
    return merged


def not_derived(case: Case, model: Model) -> list[Triple]:
    """Return the statements of a case that not even its mistake would lead to."""
    copied = statements(_renamed(case.statements, _copies(case)))
    return sorted(triple for triple in copied if not model.holds(triple))


def _read_case(path: Path) -> Case:
    must = (path / "must-hold.ttl").exists()
    wanted = path / ("must-hold.ttl" if must else "must-not-hold.ttl")
    mistake = Graph() if must else Graph().parse(path / "wrong-axiom.ttl", format="turtle")
    lines = wanted.read_text(encoding="utf-8").splitlines()
    why = " ".join(line.removeprefix("# ") for line in lines if line.startswith("# "))
    given = Graph().parse(path / "given.ttl", format="turtle")
    return Case(path.name, given, Graph().parse(wanted, format="turtle"), must, mistake, why)


def _things(case: Case, terms: Graph) -> Callable[[str], str]:
    """Return how the things of a case are called: what the ontology knows keeps its name."""
    base = prefixes().base

    def name(iri: str) -> str:
        node = URIRef(iri)
        known = (node, None, None) in terms or (None, None, node) in terms
        if known or not iri.startswith(base):
            return iri
        return f"{_CASES}{case.name}/{iri.removeprefix(base)}"

    return name


def _copies(case: Case) -> Callable[[str], str]:
    """Return how everything is called in the copy of a case; OWL itself keeps its name."""

    def name(iri: str) -> str:
        if iri.startswith(_BUILT_IN):
            return iri
        return f"{_CASES}{case.name}/{iri.partition('://')[2]}"

    return name


def _renamed(graph: Graph, name: Callable[[str], str]) -> Graph:
    def rename(node: Node) -> Node:
        return URIRef(name(str(node))) if isinstance(node, URIRef) else node

    renamed = Graph()
    for subject, predicate, value in graph:
        renamed.add((rename(subject), rename(predicate), rename(value)))
    return renamed


def _module(terms: Graph, case: Case) -> Graph:
    module = Graph()
    seen: set[Node] = set()
    new = {node for triple in case.given + case.mistake + case.statements for node in triple}
    while new:
        seen |= new
        for term in new:
            for axiom in _LEADS_ON:
                module += [(term, axiom, other) for other in terms.objects(term, axiom)]
            module += [
                (term, RDF.type, kind)
                for kind in terms.objects(term, RDF.type)
                if str(kind).startswith(_BUILT_IN) and kind not in _REVERSED_BY_MISTAKES
            ]
        new = {value for _, _, value in module} - seen
    for term in seen:
        module += [(term, OWL.disjointWith, other) for other in
                   terms.objects(term, OWL.disjointWith) if other in seen]  # fmt: skip
    return module
