"""The command line as a user meets it."""

import json
import subprocess
import sys

import pytest
from tests.conftest import WORLD

from trilateral.errors import UnknownNameError

WORLD_DATA = ["--data", str(WORLD / "data")]


def test_help_shows_the_flow(run):
    done = run("--help")
    assert done.returncode == 0
    verbs = ["sources", "code", "fmt", "build", "check", "ask"]
    flow = done.stdout[done.stdout.index("the flow") :]
    assert sorted(verbs, key=flow.index) == verbs


def test_help_answers_at_once_as_it_imports_no_library():
    program = (
        "import sys; before = set(sys.modules)\n"
        "from trilateral import cli\n"
        "try: cli.main(['--help'])\n"
        "except SystemExit: pass\n"
        "imported = {name.partition('.')[0] for name in set(sys.modules) - before}\n"
        "print(sorted(imported - {'trilateral'} - sys.stdlib_module_names))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.stdout.splitlines()[-1] == "[]"


@pytest.mark.parametrize(
    "arguments",
    [
        ["sources", "list", "--json", *WORLD_DATA],
        ["sources", "verify", str(WORLD / "texts"), "--json", *WORLD_DATA],
        ["code", "--json", *WORLD_DATA],
        ["fmt", "--check", "--json"],
        ["ask", "--json"],
        ["ask", "which-poll-figures-are-printed", "--json", *WORLD_DATA],
    ],
)
def test_each_verb_prints_json(arguments, run):
    done = run(*arguments)
    assert done.returncode == 0, done.stdout + done.stderr
    assert json.loads(done.stdout) is not None


def test_build_prints_json(run, tmp_path):
    done = run("build", "--json", "--out", tmp_path / "dist", *WORLD_DATA)
    assert done.returncode == 0, done.stdout + done.stderr
    assert json.loads(done.stdout)["quads"] > 0


def test_check_is_clean_on_the_world_and_prints_json_with_progress_on_standard_error(run):
    done = run("check", "--json", *WORLD_DATA)
    assert done.returncode == 0, done.stdout
    assert json.loads(done.stdout) == []
    assert "checking shapes" in done.stderr


def test_check_writes_sarif_with_places(run, tmp_path):
    import shutil

    data = tmp_path / "data"
    shutil.copytree(WORLD / "data", data)
    (data / "bad.ttl").write_text("oops\n")
    done = run("check", "--format", "sarif", "--data", data)
    assert done.returncode == 1
    log = json.loads(done.stdout)
    result = log["runs"][0]["results"][0]
    location = result["locations"][0]["physicalLocation"]
    assert result["ruleId"] == "turtle-syntax"
    assert location["artifactLocation"]["uri"] == "data/bad.ttl"
    assert location["region"]["startLine"] == 1


def test_questions_are_listed_and_each_has_help(run):
    listed = run("ask")
    assert listed.returncode == 0
    assert "who-holds" in listed.stdout
    helped = run("ask", "who-holds", "--help")
    assert "--proposition PROPOSITION" in helped.stdout


@pytest.mark.parametrize("engine", ["oxigraph", "rdflib"])
def test_answers_as_table_csv_and_json_say_the_same(run, engine):
    outputs = {
        kind: run(
            "ask",
            "which-poll-figures-are-printed",
            "--format",
            kind,
            "--engine",
            engine,
            *WORLD_DATA,
        ).stdout
        for kind in ("table", "csv", "json")
    }
    rows = json.loads(outputs["json"])["results"]["bindings"]
    assert len(outputs["csv"].splitlines()) == len(rows) + 1
    assert f"{len(rows)} rows" in outputs["table"]


def test_construct_is_turtle(run):
    done = run("ask", "derive/passages-as-web-annotations", *WORLD_DATA)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("@prefix")


def test_a_value_is_a_slug_a_short_form_an_iri_or_a_label(run):
    from trilateral import dataset
    from trilateral.ask import values
    from trilateral.ask.questions import read_questions
    from trilateral.home import find_home

    home = find_home(WORLD / "data")
    store = dataset.read_valid(home).store()
    question = read_questions(home)["what-do-documents-say-about-an-actor"]
    iri = "https://w3id.org/trilateral/actor/arland"
    for value in ("arland", "actor:arland", iri, "Arland"):
        assert values.bind(store, question, {"actor": value})["actor"] == f"<{iri}>"
    framework = values.bind(store, question, {"actor": "framework:tidal-pact"})["actor"]
    assert framework == "<https://w3id.org/trilateral/framework/tidal-pact>"
    # An actor is no framework.
    question = read_questions(home)["who-belonged-to-a-framework-on-a-date"]
    with pytest.raises(UnknownNameError, match=r"actor:arland: --framework of .* knows no such"):
        values.bind(store, question, {"framework": "actor:arland"})


def test_of_many_names_the_nearest_are_told_first():
    from trilateral.ask.values import suggest

    few = {f"z-{number:02}": "Z" for number in range(39)} | {"able": "A"}
    assert suggest(few, "able-to").startswith("Did you mean:\n  able  (A)")
    told = suggest(few, "nonsense").splitlines()
    assert (told[0], told[1], len(told)) == ("Known are:", "  able  (A)", 41)
    told = suggest(few | {"y-nonce-20": "Y"}, "actor:nonsense-19-one").splitlines()
    assert told[0] == "None of 41 is like it; the nearest are:"
    assert (told[1:3], len(told)) == (["  y-nonce-20  (Y)", "  z-19  (Z)"], 11)
