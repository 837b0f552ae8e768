"""Literals: lexical forms that their datatype does not allow are found, with the line."""

import pytest
from tests.conftest import WORLD

from trilateral import turtle
from trilateral.check.literals import check_literals
from trilateral.check.run import quiet
from trilateral.dataset import Dataset
from trilateral.home import find_home

quiet()
HOME = find_home(WORLD / "data")


def found(literal):
    path = HOME.data / "x.ttl"
    text = (
        "@prefix actor: <https://w3id.org/trilateral/actor/> .\n"
        "@prefix tri: <https://w3id.org/trilateral/ontology#> .\n"
        "@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .\n\n"
        f"actor:x\n    tri:startDate {literal} ;\n.\n"
    )
    return list(check_literals(Dataset(HOME, {path: turtle.read(text)})))


@pytest.mark.parametrize(
    "literal",
    [
        '"2024-02-30"^^xsd:date',
        '"2023-02-29"^^xsd:date',
        '"24-02-03"^^xsd:date',
        '"2022-13"^^xsd:gYearMonth',
        '"2022-00"^^xsd:gYearMonth',
        '"2022-1"^^xsd:gYearMonth',
        '"22"^^xsd:gYear',
        '"02022"^^xsd:gYear',
        '"2022-01"^^xsd:gYear',
        '"two"^^xsd:integer',
        '"1,5"^^xsd:decimal',
        '"yes"^^xsd:boolean',
    ],
)
def test_what_is_not_in_its_datatype_is_found_on_its_line(literal):
    (finding,) = found(literal)
    assert (finding.rule, finding.line, finding.iri) == ("literal", 6, "actor:x")
    assert literal.partition("^^")[2] in finding.message
    assert finding.repair


@pytest.mark.parametrize(
    "literal",
    [
        '"2024-02-29"^^xsd:date',
        '"2022-12"^^xsd:gYearMonth',
        '"2022"^^xsd:gYear',
        '"-0044"^^xsd:gYear',
        '"2022Z"^^xsd:gYear',
        "7",
        "7.5",
        "true",
        '"any"',
    ],
)
def test_what_is_in_its_datatype_passes(literal):
    assert found(literal) == []
