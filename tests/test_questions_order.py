"""Patterns of the questions stand in an order that engines can follow as it is written.

Apache Jena puts a filter where the last of its variables is bound, and what is left of the group
behind it. A group that begins with what nothing before leads to is then joined all with all.
"""

import pytest
from rdflib.plugins.sparql.parser import parseQuery
from rdflib.plugins.sparql.parserutils import CompValue
from rdflib.term import Variable

from trilateral.home import find_home

QUERIES = {path.stem: path for path in sorted(find_home().queries.glob("*.rq"))}

UNTIED = """
PREFIX tri: <https://w3id.org/trilateral/ontology#>
SELECT ?stance WHERE {
  ?stance tri:proposition ?shared .
  { ?other tri:evidence ?passage . ?other tri:proposition ?shared . }
}
"""
TIED = """
PREFIX tri: <https://w3id.org/trilateral/ontology#>
SELECT ?stance WHERE {
  ?stance tri:proposition ?shared .
  { ?other tri:proposition ?shared . ?other tri:evidence ?passage . }
}
"""


def inside(part):
    if isinstance(part, CompValue):
        return list(part.values())
    return [] if isinstance(part, str) or not hasattr(part, "__iter__") else list(part)


def variables(part):
    """Return the variables that are named anywhere in a part of a query."""
    if isinstance(part, Variable):
        return {part}
    return set().union(*map(variables, inside(part)))


def groups(part):
    """Yield the parts of each group in braces, outer groups first."""
    if isinstance(part, CompValue) and part.name == "GroupGraphPatternSub":
        yield part.part
    for each in inside(part):
        yield from groups(each)


def joined(parts):
    """Yield each group in braces, but for those of a UNION, with the variables named before it."""
    known = set()
    for part in parts:
        if part.name == "GroupOrUnionGraphPattern" and len(part.graph) == 1:
            yield part.graph[0], frozenset(known)
        if part.name != "Filter":
            known |= variables(part)


def untied(text):
    """Return the first pattern of each group that names no variable of what stands before."""
    return [
        list(group.part[0].triples[0])[:3]
        for parts in groups(parseQuery(text))
        for group, known in joined(parts)
        if known and group.name != "SubSelect" and group.part[0].name == "TriplesBlock"
        if not variables(list(group.part[0].triples[0])[:3]) & known
    ]


def test_untied_groups_are_found():
    assert len(untied(UNTIED)) == 1
    assert untied(TIED) == []


@pytest.mark.parametrize("name", QUERIES)
def test_groups_begin_with_what_ties_them_to_what_stands_before(name):
    assert untied(QUERIES[name].read_text(encoding="utf-8")) == []


def test_pairs_of_documents_are_looked_for_once():
    """Jena asks a subselect behind other patterns again for each of their rows."""
    text = QUERIES["where-does-a-document-stay-silent"].read_text(encoding="utf-8")
    found = [
        known
        for parts in groups(parseQuery(text))
        for group, known in joined(parts)
        if group.name == "SubSelect" or "SubSelect" in str(group.part[0])
    ]
    assert found == [frozenset(), frozenset()]
