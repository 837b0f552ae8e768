"""The page of a release: what it tells is so, its commands run, and it is a dataset card."""

import hashlib
import json
import os
import re
import subprocess
import sys
from dataclasses import replace
from datetime import date

import pyarrow.parquet
import pytest
import yaml
from tests.publish.conftest import DAY, ROOT, home_of

from trilateral.publish.metadata import readme
from trilateral.publish.metadata.citation import read_citation
from trilateral.publish.metadata.facts import gather_facts
from trilateral.publish.release import tables
from trilateral.publish.release.plan import Plan

IRI = f"https://w3id.org/trilateral/version/{DAY}/"


@pytest.fixture(scope="module")
def manifest(released):
    return json.loads((released / "manifest.json").read_text("utf-8"))


@pytest.fixture(scope="module")
def page(released):
    return (released / "README.md").read_text("utf-8")


@pytest.fixture(scope="module")
def card(page):
    """The head as Hugging Face reads it: YAML between two lines of hyphens."""
    empty, head, _ = page.split("---\n", 2)
    assert empty == ""
    return yaml.safe_load(head)


@pytest.fixture(scope="module")
def facts(project, tmp_path_factory):
    home = home_of(project)
    plan = Plan(home, tmp_path_factory.mktemp("none"), date.fromisoformat(DAY), read_citation(ROOT))
    return gather_facts(plan, {}, tables.read_tables(home), {"quads": 0, "graphs": {}}, "0")


def test_it_tells_what_the_manifest_tells(page, manifest):
    assert f"| version | {DAY} |" in page
    assert f"| address of this version | <{manifest['iri']}> |" in page
    assert f"{manifest['quads']:,} quads in {len(manifest['graphs'])} named graphs" in page
    rows, number = sum(manifest["tables"].values()), len(manifest["tables"])
    assert f"{rows:,} rows in {number} tables" in page
    assert f"[ontology]({manifest['ontology']}) and software {manifest['model']}" in page
    listed = dict(re.findall(r"^\| `([\w-]+)` \| ([\d,]+) \|", page, re.M))
    assert {name: int(told.replace(",", "")) for name, told in listed.items()} == manifest["tables"]


def test_it_says_how_to_cite_this_version(page, manifest, released):
    (line,) = re.findall(r"^> (.+)$", page, re.M)
    for told in (manifest["title"], f"(version {DAY})", IRI, manifest["rdfc10_sha256"]):
        assert told in line
    bibtex = json.loads((released / "croissant.json").read_text("utf-8"))["citeAs"]
    assert f"```bibtex\n{bibtex}\n```" in page


def test_it_names_every_file(page, manifest):
    named = set(re.findall(r"^\| `([^`]+)` \| \w", page, re.M)) - set(manifest["tables"])
    folders = tuple(name for name in named if name.endswith("/"))
    assert folders
    there = {name for name in manifest["files"] if not name.startswith(folders)}
    assert named - set(folders) == there - {"README.md"} | {"manifest.json", "SHA256SUMS"}
    (graphs,) = re.findall(r"path of its IRI: (\d+) files", page)
    assert int(graphs) == sum(name.startswith("graphs/") for name in manifest["files"])


def test_a_file_that_nobody_describes_is_an_error(facts):
    with pytest.raises(KeyError):
        readme.write(facts, {"unknown.txt"})


def test_it_is_among_the_files_that_are_counted(page, manifest, released):
    digest = hashlib.sha256(page.encode()).hexdigest()
    entry = {"sha256": digest, "bytes": len(page.encode())}
    assert manifest["files"]["README.md"] == entry
    assert f"{digest}  README.md\n" in (released / "SHA256SUMS").read_text("utf-8")


def test_its_commands_run_and_verify(page, released, manifest):
    (commands,) = re.findall(r"^```sh\n(.*?)^```", page, re.M | re.S)
    path = os.pathsep.join([str(ROOT / "scripts"), os.environ.get("PYTHONPATH", "")])
    done = {}
    for line in commands.splitlines():
        command = line.partition("  #")[0].replace(
            "trilateral ", f"{sys.executable} -m trilateral "
        )
        ran = subprocess.run(
            command, shell=True, cwd=released, env=os.environ | {"PYTHONPATH": path},
            capture_output=True, text=True, timeout=300,
        )  # fmt: skip
        assert ran.returncode == 0, ran.stdout + ran.stderr
        done[line.split()[0]] = ran.stdout
    assert "README.md: OK" in done["sha256sum"]
    assert done["gzip"].split()[0] == manifest["rdfc10_sha256"]
    assert manifest["rdfc10_sha256"] in done["trilateral"]


def test_its_head_is_a_dataset_card(card, manifest):
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text("utf-8"))
    configs = card["configs"]
    assert {name: told for name, told in card.items() if name != "configs"} == {
        "license": "cc-by-4.0",
        "language": ["en", "ja", "ko", "zh"],
        "pretty_name": citation["title"],
        "tags": citation["keywords"],
        "size_categories": ["1K<n<10K"],
    }
    assert 1_000 < sum(manifest["tables"].values()) < 10_000
    assert {each["config_name"] for each in configs} == set(manifest["tables"])


def test_each_subset_of_the_card_is_a_table(card, released, manifest):
    for each in card["configs"]:
        read = pyarrow.parquet.read_table(released / each["data_files"])
        assert read.num_rows == manifest["tables"][each["config_name"]]


@pytest.mark.parametrize(
    ("rows", "size"),
    [(0, "n<1K"), (999, "n<1K"), (1000, "1K<n<10K"), (30_489, "10K<n<100K"),
     (1_000_000, "1M<n<10M")],
)  # fmt: skip
def test_the_size_of_the_card_is_that_of_the_rows(rows, size, facts):
    table = replace(facts.tables[0], rows=(("x",),) * rows)
    text = readme.write(replace(facts, tables=(table,)), ()).decode()
    assert yaml.safe_load(text.split("---\n")[1])["size_categories"] == [size]


def test_a_licence_for_which_the_hub_has_no_name_is_named_by_its_address(facts):
    text = readme.write(replace(facts, licence="ODbL-1.0"), ()).decode()
    told = yaml.safe_load(text.split("---\n")[1])
    assert (told["license"], told["license_name"]) == ("other", "ODbL-1.0")
    assert told["license_link"] == "https://spdx.org/licenses/ODbL-1.0"
