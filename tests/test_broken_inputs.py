"""Broken inputs: each ends in one clear message, and leaves dist/ and all else as it was."""

import pytest
from proof import broken


def test_the_corpus_is_as_large_as_promised_and_no_name_stands_for_two_cases():
    names = [case.name for case in broken.CASES]
    assert len(names) == len(set(names)) >= 60


@pytest.mark.parametrize("case", broken.CASES, ids=lambda case: case.name)
def test_broken_input_ends_in_one_message_and_changes_nothing(case, tmp_path):
    outcome = broken.run(case, tmp_path)
    assert not outcome.wrong, outcome.printed[-3000:]


@pytest.mark.parametrize("moment", broken.KILLED_WHEN)
def test_the_next_build_sets_right_what_a_killed_one_left(moment, tmp_path):
    assert broken.kill_and_build_again(tmp_path, moment) == ()


def test_of_two_builds_at_once_both_end_well(tmp_path):
    assert broken.two_at_once(tmp_path) == ()
