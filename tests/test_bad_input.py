"""Bad input: one clear message with file and line, exit status 1 or 2, and dist/ as it was."""

import os
import re
import shutil
import subprocess
import sys

import pytest
from conftest import TESTS, WORLD

GAZETTE = "stances/corland-gazette-2022.ttl"
PASSAGES = "sources/corland-gazette-2022.ttl"


@pytest.fixture
def spoiled(tmp_path):
    """Copy the world, change one file, and put a build there that must not change."""

    def spoil(name, pattern, replacement):
        data = tmp_path / "data"
        shutil.copytree(WORLD / "data", data)
        path = data / name
        text, count = re.subn(
            pattern, replacement, path.read_text(encoding="utf-8"), count=1, flags=re.M
        )
        assert count == 1, f"nothing to spoil in {name}"
        path.write_text(text, encoding="utf-8")
        dist = tmp_path / "dist"
        dist.mkdir()
        (dist / "manifest.json").write_text("{}")
        return data, dist

    return spoil


def line_of(path, words):
    lines = path.read_text(encoding="utf-8").splitlines()
    return next(number for number, line in enumerate(lines, 1) if words in line)


FIRST_STANCE = r"^(stance:corland-gazette-2022-\S+\n    a tri:Stance ;\n)"
PASSAGE_2 = r"^(passage:corland-gazette-2022-2\n(?:    .*\n)+\.\n)"

# what: (file, pattern, replacement, words on the line that must be named, words of the message)
CASES = {
    "syntax error": (
        GAZETTE,
        FIRST_STANCE,
        r"\1    tri:holder ;\n",
        "tri:holder ;\n",
        "turtle-syntax",
    ),
    "IRI with a space": (
        GAZETTE,
        FIRST_STANCE,
        r"\1    tri:about <https://example.org/a b> ;\n",
        "example.org/a b",
        "Percent-encode the character",
    ),
    "wrong date": (
        "sources/registers.ttl",
        r'"[\d-]+"\^\^xsd:date',
        '"2022-02-30"^^xsd:date',
        "2022-02-30",
        '"2022-02-30" is no xsd:date. Write a day that exists',
    ),
    "unknown predicate": (
        GAZETTE,
        FIRST_STANCE,
        r"\1    tri:holdr actor:corland ;\n",
        "tri:holdr",
        "tri:holdr does not exist.",
    ),
    "misspelt foreign predicate": (
        GAZETTE,
        r"skos:prefLabel",
        "skos:preflabel",
        "skos:preflabel",
        "Did you mean skos:prefLabel",
    ),
    "stance without evidence": (
        GAZETTE,
        FIRST_STANCE + r"((?:    .*\n)*?)    tri:evidence .*\n",
        r"\1\2",
        None,
        "StanceShape-evidence",
    ),
    "two passages on one spot": (
        PASSAGES,
        PASSAGE_2,
        lambda found: found[0] + "\n" + found[0].replace("2022-2\n", "2022-299\n"),
        "passage:corland-gazette-2022-2",
        "same-spot",
    ),
    "passage outside the text": (
        PASSAGES,
        r"tri:endPosition \d+",
        "tri:endPosition 99999",
        None,
        "outside",
    ),
}


@pytest.mark.parametrize("what", CASES)
def test_bad_data_are_refused_whole(what, spoiled, run, tmp_path):
    name, pattern, replacement, place, words = CASES[what]
    data, dist = spoiled(name, pattern, replacement)
    done = run("build", "--data", data, "--out", dist)
    assert done.returncode == 1, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    messages = [line for line in done.stdout.splitlines() if words in line]
    assert messages, done.stdout
    assert re.match(rf"data/{name}:\d+: error: ", messages[0])
    if place:
        number = int(messages[0].split(":")[1])
        lines = (data / name).read_text(encoding="utf-8").splitlines()
        assert place.strip() in "\n".join(lines[number - 1 : number + 1])
    assert [path.name for path in dist.iterdir()] == ["manifest.json"]
    assert (dist / "manifest.json").read_text() == "{}"


def test_missing_and_changed_source_text(run, tmp_path):
    done = run("sources", "verify", tmp_path, "--data", WORLD / "data")
    assert done.returncode == 1
    assert re.search(
        r"2022\.ttl:\d+: error: .*the frozen text of corland-gazette-2022 is missing",
        done.stdout,
    )
    shutil.copytree(WORLD / "texts", tmp_path, dirs_exist_ok=True)
    (tmp_path / "corland-gazette-2022.txt").write_text("another text", encoding="utf-8")
    done = run("sources", "verify", tmp_path, "--data", WORLD / "data")
    assert done.returncode == 1
    assert "this is not the text that was coded. Its SHA-256 is" in done.stdout
    draft = run("sources", "draft", tmp_path, "corland-gazette-2022", "--data", WORLD / "data")
    assert draft.returncode == 1
    assert "this is not the text that was coded" in draft.stderr


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["ask", "who-hold"], "there is no such question.\nDid you mean:\n  who-holds"),
        (
            ["ask", "who-holds", "--propositoin", "x"],
            "no parameter --propositoin.\nIt takes: --",
        ),
        (["ask", "who-holds", "--proposition", "xyz"], "knows no such proposition.\n"),
        (["ask", "who-holds", "proposition"], "parameters are given as --name value"),
        (["ask", "who-holds", "--proposition"], "parameters are given as --name value"),
        (["ask", "who-holds", "--format", "turtle"], "gives rows, which Turtle cannot hold"),
        (["sources", "draft", "texts", "nothing"], "The documents are: corland-gazette-2022, "),
        (["build", "--data", "no/such"], "there is no such folder"),
        (["fmt", "no/such.ttl"], "there is no such file or folder"),
        (["check", "--colour"], "--colour: unknown argument"),
    ],
)
def test_wrong_usage_ends_with_status_2_and_what_to_do(arguments, words, run):
    if "--data" not in arguments and arguments[0] in ("ask", "sources"):
        arguments = [*arguments, "--data", WORLD / "data"]
        if arguments[2] == "--proposition" and arguments[3] == "--data":
            arguments = [*arguments[:2], "--data", WORLD / "data", "--proposition"]
    done = run(*arguments)
    assert done.returncode == 2, done.stdout
    assert words in done.stderr
    assert "Traceback" not in done.stderr


def test_fmt_writes_nothing_when_one_file_is_no_turtle(run, tmp_path):
    (tmp_path / "a.ttl").write_text("<http://x/a>   <http://x/p> 1 .")
    (tmp_path / "b.ttl").write_text("oops")
    done = run("fmt", tmp_path)
    assert done.returncode == 1
    assert "b.ttl:1: error:" in done.stdout
    assert (tmp_path / "a.ttl").read_text() == "<http://x/a>   <http://x/p> 1 ."


@pytest.mark.parametrize("name", ["actors.ttl", "schemes/role.ttl", "prefixes.ttl"])
def test_syntax_error_below_ontology_is_a_finding_with_file_and_line(name, tmp_path):
    """The ontology cannot be named by an option, so the whole checkout is copied."""
    for folder in ("ontology", "shapes", "queries", "scripts/trilateral"):
        shutil.copytree(TESTS.parent / folder, tmp_path / folder)
    shutil.copytree(WORLD / "data", tmp_path / "data")
    path = tmp_path / "ontology" / name
    text = path.read_text(encoding="utf-8") + "\nnope:x a tri:State .\n"
    path.write_text(text, encoding="utf-8")
    line = text.count("\n")
    done = subprocess.run(
        [sys.executable, "-m", "trilateral", "check"],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(tmp_path / "scripts")},
    )
    assert "Traceback" not in done.stderr
    assert done.returncode == 1, done.stdout + done.stderr
    found, total = done.stdout.splitlines()
    assert found.startswith(f"ontology/{name}:{line}: error: The prefix nope: has not been")
    assert found.endswith("[turtle-syntax]")
    assert total == "1 errors, 0 warnings"
