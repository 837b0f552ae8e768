"""Bad input: wrong usage, missing texts, a broken ontology. Broken data: test_broken_inputs.py."""

import os
import re
import shutil
import subprocess
import sys

import pytest
from tests.conftest import TESTS, WORLD


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
        (
            ["ask", "who-belonged-to-a-framework-on-a-date", "--date", "2024-02-30"],
            "2024-02-30: --date takes a day of the calendar, such as 2024-05-07",
        ),
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
    (tmp_path / "b.ttl").unlink()
    done = run("fmt", tmp_path)
    assert done.stdout.endswith("\n1 file, 1 not in canonical form\n")


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
    assert total == "1 error, 0 warnings"
