"""What the project says of itself says the same in each place, and its counts are counted."""

import re
import tomllib
from pathlib import Path

import pytest
import yaml

from trilateral import __version__, licences
from trilateral.prefixes import prefixes

ROOT = Path(__file__).parent.parent
# In the words of each place: SPDX in the package and the citation, an address in the ontology.
DATA_LICENCE, CODE_LICENCE = "CC-BY-4.0", "MIT"
DATA_ADDRESS = "https://creativecommons.org/licenses/by/4.0/"


def text(name):
    return (ROOT / name).read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def citation():
    return yaml.safe_load(text("CITATION.cff"))


def test_the_licences_are_the_same_everywhere(citation):
    package = tomllib.loads(text("pyproject.toml"))["project"]
    assert citation["license"] == DATA_LICENCE
    assert package["license"] == f"{CODE_LICENCE} AND {DATA_LICENCE}"
    assert f"dct:license <{DATA_ADDRESS}> ;" in text("ontology/ontology.ttl")
    assert f"{DATA_ADDRESS}legalcode" in text("LICENSE-data")
    assert text("LICENSE").startswith("MIT License\n")
    assert "Code: MIT ([LICENSE](LICENSE)). Dataset: CC BY 4.0\n" in text("README.md")


def test_one_place_in_the_code_knows_the_address_of_the_licence(citation):
    assert licences.licence_url(citation["license"]) == licences.OF_DATA == DATA_ADDRESS
    known = re.compile(r"https?://(?:creativecommons\.org|spdx\.org)/licenses/[\w./-]*")
    code, pages = set(), set()
    for path in (ROOT / "scripts").rglob("*"):
        if path.suffix in (".py", ".html", ".po"):
            told = known.findall(path.read_text(encoding="utf-8"))
            if path.suffix != ".py":
                pages.update(told)
            elif told:
                code.add(path.name)
    # Pages have the address in their sentences, which are translated.
    assert (code, pages) == ({"licences.py"}, {DATA_ADDRESS})


def test_the_authors_are_those_of_the_licence_and_nobody_else(citation):
    (owner,) = re.findall(r"^Copyright \(c\) \d{4} (.+)$", text("LICENSE"), re.M)
    assert citation["authors"] == [{"name": owner}]


def test_the_day_of_the_citation_is_that_of_the_changelog(citation):
    assert f"\n## {__version__} - {citation['date-released']}\n" in text("CHANGELOG.md")


# What README counts: how a number stands there, what it counts, and how far it is rounded down.
COUNTS = {
    r"record: ([\d,]+) frameworks": ("?x a tri:Framework", 1),
    r"with ([\d,]+) memberships": ("?x a tri:Membership ; tri:basis basis:attested", 100),
    r"([\d,]+) events with who": ("?x a tri:Event ; tri:basis basis:attested", 10),
}


@pytest.mark.parametrize("words", COUNTS)
def test_readme_counts_what_is_on_record(words, store):
    (told,) = re.findall(words.replace(" ", r"\s+"), text("README.md"))
    pattern, step = COUNTS[words]
    query = f"SELECT (COUNT(DISTINCT ?x) AS ?n) WHERE {{ {pattern} }}"
    (row,) = store.query(query, prefixes=dict(prefixes()), use_default_graph_as_union=True)
    found = int(row["n"].value)
    assert int(told.replace(",", "")) == found - found % step
