"""The programs of docs/remote.md run against a store of this machine."""

import re

import pytest
from tests.conftest import TESTS

PAGE = (TESTS.parent / "docs" / "remote.md").read_text("utf-8")
PROGRAMS = re.findall(r"^```py\n(.*?)^```", PAGE, re.M | re.S)
ADDRESS = "http://127.0.0.1:7878"


@pytest.mark.parametrize("number", range(len(PROGRAMS)))
def test_a_documented_program_runs(number, copy):
    program = PROGRAMS[number]
    assert ADDRESS in program
    # An assertion of the page that does not hold fails here.
    exec(compile(program.replace(ADDRESS, copy), "docs/remote.md", "exec"), {})


def test_there_are_programs():
    assert len(PROGRAMS) == 2
