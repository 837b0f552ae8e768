"""The incremental check: the verdict of a full one, after any change and in any order."""

import contextlib
import shutil
import subprocess
import sys
import time
from dataclasses import replace

import pyoxigraph as ox
import pytest
from proof.incremental import changed_at_random
from rdflib import RDF
from tests.conftest import WORLD

from trilateral import dataset as datasets
from trilateral import turtle
from trilateral.check import kept
from trilateral.check.incremental import Checked
from trilateral.check.reads import terms_read
from trilateral.check.run import quiet, run, run_incremental
from trilateral.check.verdict import judge, tell
from trilateral.check.walks import UnboundedShapeError, reached, surroundings, walks
from trilateral.check.watch import recheck
from trilateral.dataset import Dataset
from trilateral.home import find_home

quiet()
STANCES = "stances/corland-gazette-2022.ttl"
SHACL = "@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix a: <http://a/> .\n"


@pytest.fixture
def copy(tmp_path):
    """A home whose data are a copy of the tiny world's, to be spoiled, with the shapes of stances.

    With all shapes a full check takes ten times as long; what changes follow each other and what
    is kept does not depend on their number.
    """
    shutil.copytree(WORLD / "data", tmp_path / "data")
    home = find_home(tmp_path / "data")
    shutil.copytree(home.shapes / "checks", tmp_path / "shapes" / "checks")
    shutil.copytree(home.shapes / "standards", tmp_path / "shapes" / "standards")
    for name in ("prefixes.ttl", "stances.ttl"):
        shutil.copy(home.shapes / name, tmp_path / "shapes")
    return replace(home, shapes=tmp_path / "shapes")


@pytest.fixture(scope="module")
def checked(world):
    return Checked(datasets.read(world))


def spoil(home, name=STANCES, old="tri:polarity polarity:supports", new="tri:polarity role:member"):
    path = home.data / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return path


# ---------------------------------------------------------------- the same verdict


@pytest.mark.parametrize("seed", range(2))
def test_after_a_change_the_verdict_is_that_of_a_full_run(checked, seed):
    """A sample; ``python -m proof incremental`` has forty such changes."""
    before = checked.findings()
    spoiled = changed_at_random(checked.dataset, seed)
    assert tell(checked.preview(spoiled), spoiled) == tell(judge(spoiled), spoiled)
    assert checked.findings() == before


def test_changes_follow_each_other(copy):
    checked = Checked(datasets.read(copy))
    for seed in range(3):
        spoiled = changed_at_random(checked.dataset, 100 + seed)
        found = checked.update(spoiled)
    assert found == tell(judge(spoiled), spoiled)
    whole = datasets.read(copy)
    assert checked.update(whole) == tell(judge(whole), whole)


def test_a_file_that_comes_or_goes_is_seen(copy):
    checked = Checked(datasets.read(copy))
    (copy.data / STANCES).unlink()
    without = datasets.read(copy)
    assert checked.update(without) == tell(judge(without), without) != []
    shutil.copy(WORLD / "data" / STANCES, copy.data / STANCES)
    assert checked.update(datasets.read(copy)) == []


def test_a_class_that_becomes_part_of_another_is_seen(checked):
    path = next(p for p in checked.dataset.files if p.name == "actors.ttl" and "ontology" in str(p))
    text = checked.dataset.files[path].text
    assert "rdfs:subClassOf tri:Actor" in text
    spoiled = turtle.read(text.replace("rdfs:subClassOf tri:Actor", "rdfs:subClassOf tri:Place", 1))
    dataset = Dataset(checked.dataset.home, {**checked.dataset.files, path: spoiled})
    assert tell(checked.preview(dataset), dataset) == tell(judge(dataset), dataset) != []


# ---------------------------------------------------------------- what a shape and a rule read


def names(found):
    return {
        tuple(
            ("^" if s.backwards else "") + (s.predicate.value[9:] if s.predicate else "*")
            for s in w
        )
        for w in found
    }


def test_walks_of_each_construct():
    text = SHACL + (
        "a:S sh:targetObjectsOf a:t ; sh:closed true ; sh:property a:P, a:Q ; sh:not a:N .\n"
        "a:P sh:path ( a:p [ sh:inversePath a:q ] ) ; sh:node a:N .\n"
        "a:Q sh:path [ sh:alternativePath ( a:x a:y ) ] ; sh:lessThan a:z ; sh:or ( a:N ) .\n"
        "a:N sh:property [ sh:path a:n ; sh:minCount 1 ] .\n"
        "a:Unused sh:property [ sh:path a:unused ] ."
    )
    assert names(walks(turtle.read(text).triples)) == {
        ("^t",), ("*",), ("n",), ("p", "^q"), ("p", "^q", "n"),
        ("x",), ("y",), ("x", "n"), ("y", "n"), ("z",),
    }  # fmt: skip


@pytest.mark.parametrize(
    "shape",
    [
        "sh:property [ sh:path [ sh:zeroOrMorePath a:p ] ]",
        'sh:sparql [ sh:select "SELECT $this WHERE { $this a:p a:q }" ]',
        "sh:node a:S",
    ],
)
def test_a_shape_whose_reach_is_unknown_is_refused(shape):
    with pytest.raises(UnboundedShapeError):
        walks(turtle.read(f"{SHACL}a:S sh:targetClass a:C ; {shape} .").triples)


def test_walks_are_followed_back_and_forth():
    steps = walks(
        turtle.read(
            f"{SHACL}a:S sh:targetClass a:C ; "
            "sh:property [ sh:path ( a:p [ sh:inversePath a:q ] ) ] ."
        ).triples
    )
    data = turtle.read("@prefix a: <http://a/> . a:f a a:C ; a:p a:m . a:v a:q a:m . a:g a:p a:k .")
    store = ox.Store()
    store.extend(ox.Quad(*triple) for triple in data.triples)
    last = ox.Triple(*(ox.NamedNode(f"http://a/{name}") for name in ("v", "q", "m")))
    assert {node.value for node in reached(store, steps, [last], 9)} == {"http://a/f"}
    around = set(surroundings(store, steps, [ox.NamedNode("http://a/f")]))
    assert {str(t.predicate.value)[-1] for t in around} == {"p", "q", "e"}
    assert len(around) == 3


@pytest.mark.parametrize(
    ("pattern", "read"),
    [
        ("?a <p:a>/(<p:b>|^<p:c>)+ ?b", {"p:a", "p:b", "p:c"}),
        ("?a <p:a> ?b MINUS { ?b <p:d> ?c } FILTER EXISTS { ?b <p:e> ?c }", {"p:a", "p:d", "p:e"}),
        (
            "?a <p:a> ?b FILTER NOT EXISTS { ?b <p:h>|^<p:i> ?c ; <p:j> ?d }",
            {"p:a", "p:h", "p:i", "p:j"},
        ),
        ("?a <p:a> ?b FILTER NOT EXISTS { ?b <p:h> ?c . ?c ?p ?d }", None),
        ("VALUES ?p { <p:a> <p:b> } ?a ?p ?b OPTIONAL { ?a <p:c> ?d }", {"p:a", "p:b", "p:c"}),
        ("VALUES ?c { <p:C> } { ?a a ?c } UNION { ?a <p:a> ?c }", {"p:C", "p:a"}),
        ("VALUES ?p { <p:a> UNDEF } ?a ?p ?b", None),
        ("VALUES (?p ?q) { (<p:a> 1) (UNDEF 2) } ?a ?p ?b", None),
        ("VALUES ?p { <p:a> } OPTIONAL { ?a ?p ?b }", {"p:a"}),
        ("{ SELECT ?a WHERE { VALUES ?p { <p:a> } ?a ?p ?b } } ?a <p:b> ?c", {"p:a", "p:b"}),
        ("VALUES ?p { <p:a> } { SELECT ?a WHERE { ?a ?p ?b } }", None),
        ("{ VALUES ?p { <p:a> } ?a ?p ?b } UNION { ?a ?p ?b }", None),
        (
            "{ VALUES ?p { <p:a> } ?a a <p:C> } UNION { VALUES ?p { <p:b> } } ?a ?p ?b",
            {"p:C", "p:a", "p:b"},
        ),
        ("{ VALUES ?p { <p:a> } } UNION { ?a <p:c> ?p } ?a ?p ?b", None),
        ("VALUES ?p { <p:a> } ?a <p:b> ?b MINUS { ?a ?p ?c }", None),
        ("?a a <p:C> . ?b a ?class", {"p:C", str(RDF.type)}),
        ("{ SELECT ?a WHERE { ?a <p:f> ?b } } OPTIONAL { ?a <p:g> ?c }", {"p:f", "p:g"}),
        ("?a !(<p:a>) ?b", None),
        ("?a ?p ?b", None),
    ],
)
def test_terms_that_a_query_reads(pattern, read):
    assert terms_read(f"SELECT ?a WHERE {{ {pattern} }}") == read


# ---------------------------------------------------------------- from one command to the next


@pytest.fixture
def cache(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


def stages_of(home):
    stages = []
    found = run_incremental(home, stages.append)
    return found, stages


def test_second_run_looks_at_changes_alone_and_finds_the_same(copy, cache):
    assert stages_of(copy)[1][-1] == "shapes"
    spoil(copy)
    found, stages = stages_of(copy)
    assert stages == ["Turtle syntax", "what changed"]
    assert found == run(copy)
    assert any("role:member" in finding.message for finding in found)
    assert stages_of(copy)[0] == found


def test_a_syntax_error_is_told_and_the_last_whole_state_stays(copy, cache):
    run_incremental(copy)
    path = spoil(copy, old=" ;\n", new=" ; ;;; [\n")
    found, _ = stages_of(copy)
    assert [finding.rule for finding in found] == ["turtle-syntax"]
    shutil.copy(WORLD / "data" / STANCES, path)
    assert stages_of(copy) == ([], ["Turtle syntax", "what changed"])


@pytest.mark.parametrize(
    "damage",
    [lambda path: path.write_bytes(path.read_bytes()[:5000]), lambda path: path.write_text("no")],
)
def test_a_damaged_archive_counts_as_none(copy, cache, damage):
    run_incremental(copy)
    damage(kept.archive(copy))
    assert stages_of(copy)[1][-1] == "shapes"
    assert stages_of(copy)[1][-1] == "what changed"


def test_another_package_or_shape_leads_to_a_full_run(copy, cache, monkeypatch):
    run_incremental(copy)
    monkeypatch.setattr(kept, "rules_of_the_game", lambda home: "another")
    assert stages_of(copy)[1][-1] == "shapes"


def test_digest_of_the_rules_changes_with_a_shape(tmp_path, world):
    shutil.copytree(world.shapes, tmp_path / "shapes")
    home = replace(world, shapes=tmp_path / "shapes")
    before = kept.rules_of_the_game(home)
    assert kept.rules_of_the_game(home) == before
    with (tmp_path / "shapes" / "quality.ttl").open("a") as out:
        out.write("# more\n")
    assert kept.rules_of_the_game(home) != before


def test_a_cache_that_cannot_be_written_is_no_error(copy, tmp_path, monkeypatch):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    assert run_incremental(copy) == []


# ---------------------------------------------------------------- watching


def test_each_change_is_told_as_a_full_run_tells_it(copy):
    def changes():
        yield {str(spoil(copy))}
        yield {str(spoil(copy, old=" ;\n", new=" ; [\n"))}
        shutil.copy(WORLD / "data" / STANCES, copy.data / STANCES)
        yield {str(copy.data / STANCES)}
        yield {str(copy.queries / "where-do-documents-disagree.rq")}

    stages = []
    found = list(recheck(copy, changes(), stages.append))
    assert [len(findings) > 0 for findings in found] == [False, True, True, False, False]
    assert [finding.rule for finding in found[2]] == ["turtle-syntax"]
    # Twice everything was checked: at first, and when a query had changed.
    assert stages.count("shapes") == 2


def test_watching_begins_with_a_file_that_is_no_turtle(copy):
    path = spoil(copy, old=" ;\n", new=" ; ;;; [\n")

    def changes():
        shutil.copy(WORLD / "data" / STANCES, path)
        yield {str(path)}

    first, second = recheck(copy, changes(), lambda name: None)
    assert [finding.rule for finding in first] == ["turtle-syntax"]
    assert second == []


def test_the_command_watches_until_it_is_interrupted(copy, tmp_path):
    out = tmp_path / "out"
    with out.open("w") as stream:
        process = subprocess.Popen(
            [sys.executable, "-m", "trilateral", "check", "--watch", "--data", str(copy.data)],
            stdout=stream,
            stderr=subprocess.STDOUT,
        )
    try:
        assert wait_for(out, "0 errors, 0 warnings")
        spoil(copy)
        assert wait_for(out, "role:member")
        assert interrupted(process) in (0, 130)
    finally:
        process.kill()


def interrupted(process):
    """Press Ctrl-C until it ends: one that comes while a library calls back may be lost."""
    for _ in range(12):
        process.send_signal(subprocess.signal.SIGINT)
        with contextlib.suppress(subprocess.TimeoutExpired):
            return process.wait(5)
    return None


def wait_for(path, words):
    for _ in range(600):
        if words in path.read_text():
            return True
        time.sleep(0.2)
    return False


def test_incremental_command(copy, cache, run):
    first = run("check", "--incremental", "--data", copy.data)
    assert (first.returncode, first.stdout) == (0, "0 errors, 0 warnings\n")
    spoil(copy)
    second = run("check", "--incremental", "--data", copy.data)
    assert second.returncode == 1
    assert "checking what changed" in second.stderr
    assert STANCES.rpartition("/")[2] in second.stdout
