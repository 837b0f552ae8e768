"""Warnings are counted and may only fall; what is a warning, and of whose data, is settled here."""

from dataclasses import replace

import pyoxigraph as ox
import pytest
import yaml

from trilateral import dataset
from trilateral.check import rules, warnings
from trilateral.check.near_duplicates import Compared, near_duplicates
from trilateral.findings import Finding
from trilateral.prefixes import prefixes


def kept(home, tmp_path, text):
    """The shipped dataset with another count."""
    shapes = tmp_path / "shapes"
    shapes.mkdir()
    (shapes / "warnings.csv").write_text(text, encoding="utf-8")
    return replace(home, shapes=shapes)


def warned(**times):
    return [
        Finding("data/x.ttl", line, rule, "m", severity="warning")
        for rule, count in times.items()
        for line in range(count)
    ]


def told(found):
    return [(each.line, each.iri, each.repair, each.severity) for each in found]


def test_the_kept_count_is_no_finding(home, tmp_path):
    text = "rule,count\nnear,2\norphan,1\n"
    assert warnings.check_count(warned(near=2, orphan=1), kept(home, tmp_path, text)) == []


def test_without_the_file_nothing_is_kept(home, tmp_path):
    nowhere = replace(home, shapes=tmp_path)
    assert told(warnings.check_count(warned(near=1), nowhere)) == [
        (0, "near", "Repair what is new; the number may only fall.", "error")
    ]


def test_errors_are_not_counted(home, tmp_path):
    errors = [Finding("data/x.ttl", 1, "orphan", "m")]
    assert warnings.check_count(errors, kept(home, tmp_path, "rule,count\n")) == []


def test_more_than_kept_is_an_error(home, tmp_path):
    found = warnings.check_count(
        warned(near=3, new=1), kept(home, tmp_path, "rule,count\norphan,0\nnear,2\n")
    )
    assert told(found) == [
        (3, "near", "Repair what is new; the number may only fall.", "error"),
        (0, "new", "Repair what is new; the number may only fall.", "error"),
        (2, "orphan", "Remove the line.", "error"),
    ]
    assert found[0].message == "near warns 3 times, and 2 are kept."


def test_fewer_than_kept_is_an_error_until_the_number_is_lowered(home, tmp_path):
    text = "rule,count\nnear,3\norphan,1\n"
    assert told(warnings.check_count(warned(near=1), kept(home, tmp_path, text))) == [
        (2, "near", "Write the lower number: near,1", "error"),
        (3, "orphan", "Remove the line.", "error"),
    ]


@pytest.mark.parametrize("line", ["near", "near,-1", "near,two", "near,1,2"])
def test_a_line_that_is_no_count_is_an_error(line, home, tmp_path):
    (found,) = warnings.check_count([], kept(home, tmp_path, f"rule,count\n{line}\n"))
    assert (found.line, found.severity) == (2, "error")
    assert line in found.message


def test_a_rule_is_counted_on_one_line(home, tmp_path):
    text = "rule,count\nnear,1\nnear,2\n"
    (found,) = warnings.check_count(warned(near=1), kept(home, tmp_path, text))
    assert found.line == 3


def test_data_of_ones_own_have_no_count(world):
    assert warnings.check_count(warned(near=3), world) == []


def test_the_shipped_data_keep_their_count(home):
    """Of the rules in SPARQL; ``trilateral check`` counts those of SHACL too."""
    data = dataset.read(home)
    store = data.store()
    found = [
        finding
        for path in rules.rule_files(home)
        for finding in rules.rule_findings(path, rules.run_rule(path, store), data)
    ]
    assert [finding for finding in found if finding.severity == "error"] == []
    count = warnings.check_count(found, home)
    assert [finding for finding in count if not finding.iri.startswith("trish:")] == []


def test_the_end_of_a_name_says_whether_it_is_an_error(home):
    names = {path.stem: path for path in rules.rule_files(home)}
    data = dataset.Dataset(home, {})
    row = rules.Row("https://w3id.org/trilateral/place/nowhere", "")
    for name, severity in (("orphan-warning", "warning"), ("untyped-violation", "error")):
        (finding,) = rules.rule_findings(names[name], [row], data)
        assert (finding.rule, finding.severity) == (name, severity)
        assert (
            finding.repair
            == yaml.safe_load(
                names[name].read_text(encoding="utf-8").splitlines()[1].removeprefix("#+ ")
            )["repair"]
        )
    assert all(name.endswith(("-violation", "-warning")) for name in names)


def test_terms_are_judged_by_the_shipped_data_only(home, world):
    """The tiny world uses few roles; that is nothing that its coder could mend."""
    (path,) = (path for path in rules.rule_files(home) if path.stem == "unused-term-warning")
    data = dataset.read(world)
    rows = rules.run_rule(path, data.store())
    assert rows
    assert list(rules.rule_findings(path, rows, data)) == []


# Two things; what they are called; what is said of them; whether they are near-duplicates.
PAIRS = {
    "spaces and case": ("Kuki News", "KukiNews", {}, True),
    "accents": ("Sao Tome", "São Tomé", {}, True),
    "order of words": ("Fujisaki Ichiro", "Ichiro Fujisaki", {}, True),
    # 10 letters, one of them changed: 0.9. Of 9 letters one is more than that.
    "one slip in ten letters": ("Halvorstad", "Halverstad", {}, True),
    "one slip in nine letters": ("Halvorsta", "Halversta", {}, False),
    "two letters swapped in ten": ("Halvorstad", "Halvosrtad", {}, True),
    "one letter more, eleven in all": ("Halvorstad", "Halvoristad", {}, True),
    "said to differ": ("Kuki News", "KukiNews", {"apart_from": {"b"}}, False),
    "other identifiers": ("Kuki News", "KukiNews", {"marks": ({"1"}, {"2"})}, False),
    "a shared identifier": ("Kuki News", "KukiNews", {"marks": ({"1", "2"}, {"2"})}, True),
    "one identifier": ("Kuki News", "KukiNews", {"marks": ({"1"}, set())}, True),
}


@pytest.mark.parametrize("case", PAIRS)
def test_near_duplicates(case):
    one, two, said, expected = PAIRS[case]
    things = {"a": Compared({one, "something else"}), "b": Compared({two})}
    things["a"].apart_from |= said.get("apart_from", set())
    for name, values in zip(("a", "b"), said.get("marks", ()), strict=False):
        if values:
            things[name].marks["register"] |= values
    expected_pairs = [("a", "b")] if expected else []
    assert list(near_duplicates(things, 0.9)) == expected_pairs
    # Nor does it matter which of the two says so.
    swapped = {"a": things["b"], "b": things["a"]}
    if "apart_from" in said:
        swapped["b"].apart_from = {"a"}
    assert list(near_duplicates(swapped, 0.9)) == expected_pairs


def test_what_the_rule_takes_for_told_apart(home, world_store):
    """In the tiny world, twins of each of these kinds are not reported."""
    (path,) = (path for path in rules.rule_files(home) if path.stem == "near-duplicate-warning")
    twins = """
        actor:a a tri:Organization ; skos:prefLabel "Tidewater Daily"@en .
        actor:b a tri:Organization ; skos:prefLabel "Tidewater-Daily"@en .
    """
    told_apart = {
        "": [rules.Row("https://w3id.org/trilateral/actor/a", "nearly the same as actor:b")],
        "actor:a owl:differentFrom actor:b .": [],
        "actor:b owl:differentFrom actor:a .": [],
        "actor:a tri:partOfActor actor:arland . actor:b tri:partOfActor actor:borland .": [],
        "actor:a skos:exactMatch wd:Q1 . actor:b skos:exactMatch wd:Q2 .": [],
    }
    for addition, expected in told_apart.items():
        store = ox.Store()
        store.extend(world_store)
        head = "".join(f"PREFIX {name}: <{iri}> " for name, iri in prefixes().items())
        store.update(f"{head} INSERT DATA {{ {twins} {addition} }}")
        assert rules.run_rule(path, store) == expected
