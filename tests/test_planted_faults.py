"""Fifty planted faults, ten of each area: each is caught by what must catch it."""

from dataclasses import replace

import pytest
from proof import faults
from proof.fault_list import AREAS, CHECK

FAULTS = [fault for each in AREAS.values() for fault in each]


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_fault_is_caught(fault):
    outcome = faults.catch([fault])[fault.name]
    assert outcome.caught, f"{fault.meaning}\n{outcome.told[-3000:]}"


def test_there_are_ten_of_each_area_and_each_has_a_name():
    assert set(AREAS) == {"data", "shapes", "ontology", "queries", "metadata"}
    assert {len(each) for each in AREAS.values()} == {10}
    assert len({fault.name for fault in FAULTS}) == len(FAULTS)
    for fault in FAULTS:
        assert fault.words, fault.name
        assert fault.caught_by == CHECK or fault.caught_by.startswith("tests/test_"), fault.name


@pytest.mark.parametrize(
    ("subject", "old"), [("", "one"), ("a:b", "two"), ("a:c", "one"), ("a:b", "three")]
)
def test_an_edit_that_does_not_apply_once_is_refused(subject, old):
    text = "a:b\n    a:x one ;\n    a:y one ;\n    a:z two ;\n    a:z two ;\n.\n"
    with pytest.raises(faults.StaleFaultError):
        faults.planted(text, [(subject, old, "")])


def test_a_block_goes_with_its_blank_line():
    text = "a:b\n    a:x 1 ;\n.\n\na:c\n    a:x 1 ;\n.\n\na:d\n    a:x 1 ;\n.\n"
    assert faults.planted(text, [("a:d", "", "")]) == text[: text.index("\n\na:d") + 1]
    without = "a:b\n    a:x 1 ;\n.\n\na:d\n    a:x 1 ;\n.\n"
    assert faults.planted(text, [("a:c", "", "")]) == without


def test_a_harmless_change_is_caught_by_nothing():
    """The control: a fault that is none passes the tests that catch the others of its kind."""
    kinds = ("dead-link", "order-lost", "shape-opened", "terms-of-office-overlap")
    harmless = [
        replace(fault, edits=tuple((at, old, old) for at, old, _ in fault.edits))
        for fault in FAULTS
        if fault.name in kinds
    ]
    assert {outcome.caught for outcome in faults.catch(harmless).values()} == {False}
