"""The page on best practices: each practice once, and all evidence that it names is there."""

import re

import pytest
from tests.publish.conftest import ROOT
from tests.serve.conftest import world_client, world_url  # noqa: F401 - fixtures

from trilateral import cli
from trilateral.ask.questions import read_questions
from trilateral.prefixes import prefixes
from trilateral.publish.docs.guide import read_guide

PAGE = (ROOT / "docs" / "best-practices.md").read_text("utf-8")
ROW = re.compile(r"^\| (\d+) \| ([^|]+) \| ([^|]+) \| ([^|]+) \|$", re.M)
CODE, LINK = re.compile(r"`([^`]+)`"), re.compile(r"\]\(([^)]+)\)")
# Of the Recommendation of 31 January 2017.
NAMES = """\
Provide metadata
Provide descriptive metadata
Provide structural metadata
Provide data license information
Provide data provenance information
Provide data quality information
Provide a version indicator
Provide version history
Use persistent URIs as identifiers of datasets
Use persistent URIs as identifiers within datasets
Assign URIs to dataset versions and series
Use machine-readable standardized data formats
Use locale-neutral data representations
Provide data in multiple formats
Reuse vocabularies, preferably standardized ones
Choose the right formalization level
Provide bulk download
Provide Subsets for Large Datasets
Use content negotiation for serving data available in multiple formats
Provide real-time access
Provide data up to date
Provide an explanation for data that is not available
Make data available through an API
Use Web Standards as the foundation of APIs
Provide complete documentation for your API
Avoid Breaking Changes to Your API
Preserve identifiers
Assess dataset coverage
Gather feedback from data consumers
Make feedback available
Enrich data by generating new data
Provide Complementary Presentations
Provide Feedback to the Original Publisher
Follow Licensing Terms
Cite the Original Publication
""".splitlines()


@pytest.fixture(scope="module")
def anchors():
    """The places of each page of the guide, by the name of its file."""
    return {
        source.path.rpartition("/")[2]: {"", *(each.anchor for each in source.headings)}
        for source in read_guide(ROOT)
    }


def is_command(words, home, capsys):
    """Whether the command line has a command: its verbs, options and question."""
    plain = [word for word in words if not word.startswith("--") and not word.isupper()]
    if plain[0] == "ask":
        return len(plain) == 2 and plain[1] in read_questions(home)
    with pytest.raises(SystemExit) as ended:
        cli._parser().parse_args([*plain, "--help"])
    told = capsys.readouterr().out
    options = {word for word in words if word.startswith("--")}
    return ended.value.code == 0 and options <= set(re.findall(r"--[\w-]+", told))


def is_there(code, released, client, home, capsys):
    """Whether what stands as code on the page exists."""
    if code.startswith("trilateral "):
        return is_command(code.split()[1:], home, capsys)
    if code.startswith("release:"):
        return (released / code.removeprefix("release:")).exists()
    if code.startswith("https://"):
        return code.startswith(prefixes().base)
    if code.startswith("/"):
        path = code.replace("KIND/NAME", "actor/arland")
        return client.get(path, follow_redirects=True).status_code == 200
    path, _, test = code.partition("::")
    if not (ROOT / path).exists():
        return False
    return not test or f"\ndef {test}(" in (ROOT / path).read_text("utf-8")


def test_each_practice_stands_there_once_by_number_and_name():
    assert len(NAMES) == 35
    told = [(int(number), name) for number, name, _, _ in ROW.findall(PAGE)]
    assert told == list(enumerate(NAMES, 1))
    assert len(ROW.findall(PAGE)) == len(re.findall(r"^\| \d", PAGE, re.M))


def test_each_is_met_in_part_or_not_and_says_why():
    found = {"met": 0, "in part": 0, "not": 0}
    for number, _, judged, evidence in ROW.findall(PAGE):
        found[judged] += 1
        assert CODE.search(evidence) or LINK.search(evidence) or judged == "not", number
        if judged != "met":
            assert re.search(r"\b(no|not|none|nothing|nobody)\b", evidence, re.I), number
    met, part, none = found.values()
    assert f"\nMet: {met}. In part: {part}. Not: {none}." in PAGE


def test_all_evidence_is_there(released, world_client, home, capsys):  # noqa: F811
    codes = {code for *_, evidence in ROW.findall(PAGE) for code in CODE.findall(evidence)}
    assert len(codes) > 60
    missing = [
        each for each in sorted(codes) if not is_there(each, released, world_client, home, capsys)
    ]
    assert missing == []


@pytest.mark.parametrize(
    "code",
    [
        "trilateral publish everything",
        "trilateral serve --feedback URL",
        "trilateral ask who-knows",
        "release:dataset.nq",
        "https://example.org/trilateral/",
        "/feedback",
        "/actor/nobody",
        "tests/test_nothing.py",
        "tests/publish/test_release.py::test_nothing",
        "a word",
    ],
)
def test_evidence_that_is_not_there_is_found(code, released, world_client, home, capsys):  # noqa: F811
    assert not is_there(code, released, world_client, home, capsys)


def leads_nowhere(target, anchors):
    page, _, anchor = target.partition("#")
    return anchor not in anchors.get(page, ())


def test_every_link_leads_to_a_place_of_the_guide(anchors):
    targets = [each for each in LINK.findall(PAGE) if not each.startswith("https://www.w3.org/")]
    assert len(targets) > 20
    assert [each for each in targets if leads_nowhere(each, anchors)] == []
    assert leads_nowhere("publish.md#feedback", anchors)
    assert leads_nowhere("feedback.md", anchors)


def test_it_is_a_page_of_the_guide_in_the_order_of_readme():
    files = [source.file for source in read_guide(ROOT)]
    assert files.index("best-practices.html") == files.index("publish.html") + 1
