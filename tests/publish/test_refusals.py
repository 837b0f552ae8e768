"""What is no release: each reason refuses one, and whatever stops one leaves nothing."""

import re
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
import yaml
from tests.publish.conftest import DAY, files, git, home_of, start

from trilateral.publish.release import writing
from trilateral.publish.release.plan import make_plan
from trilateral.publish.release.refusals import RefusedError

TODAY = date(2026, 3, 10)


def plan(project, out, day=DAY):
    return make_plan(home_of(project), out, date.fromisoformat(day), TODAY)


def refused(project, out, words, day=DAY):
    before = files(out) if out.is_dir() else None
    with pytest.raises(RefusedError, match=words):
        plan(project, out, day)
    assert (files(out) if out.is_dir() else None) == before


def test_a_committed_project_has_a_plan(project, tmp_path):
    found = plan(project, tmp_path / "out")
    assert (found.version, found.folder) == (DAY, tmp_path / "out" / DAY)
    assert found.commit == git(project, "rev-parse", "HEAD").strip()
    assert found.of_checkout
    assert not (tmp_path / "out").exists()


def test_a_version_that_stands_is_refused(project, tmp_path):
    (tmp_path / DAY).mkdir()
    (tmp_path / DAY / "precious").write_text("mine")
    refused(project, tmp_path, f"{DAY}: this version stands")


def test_a_date_in_the_future_is_refused(project, tmp_path):
    assert plan(project, tmp_path, "2026-03-10")
    refused(
        project,
        tmp_path,
        "2026-03-11: this date is in the future; today is 2026-03-10",
        "2026-03-11",
    )


def test_a_date_before_the_last_release_is_refused(project, tmp_path):
    for name in ("2026-03-05", "2025-12-31", "2027-draft"):
        (tmp_path / name).mkdir()
    assert plan(project, tmp_path, "2026-03-06")
    refused(project, tmp_path, "before the last release, 2026-03-05", "2026-03-04")


def test_a_date_before_the_last_commit_is_refused_and_days_are_of_utc(changing, tmp_path):
    assert plan(changing, tmp_path, "2026-02-28")
    told = f"before the last commit of the data, in {re.escape(str(changing))}, of 2026-02-28"
    refused(changing, tmp_path, told, "2026-02-27")
    # It is the fifth there, and the sixth in UTC.
    git(
        changing, "commit", "--quiet", "--allow-empty", "--message", "x",
        GIT_COMMITTER_DATE="2026-03-05T20:00:00-08:00",
    )  # fmt: skip
    refused(changing, tmp_path, "before the last commit .*, of 2026-03-06", "2026-03-05")
    assert plan(changing, tmp_path, "2026-03-06")


def test_what_is_changed_staged_new_or_ignored_is_refused_by_name(changing, tmp_path):
    path = changing / "data" / "actors" / "states.ttl"
    text = path.read_text("utf-8")
    path.write_text(text + "\n", "utf-8")
    refused(changing, tmp_path, r"data/actors/states\.ttl: not committed")
    git(changing, "add", "--all")
    refused(changing, tmp_path, r"data/actors/states\.ttl: not committed")
    path.write_text(text, "utf-8")
    git(changing, "add", "--all")
    assert plan(changing, tmp_path)
    (changing / "données.txt").write_text("x")
    refused(changing, tmp_path, r"données\.txt: not committed")
    (changing / "données.txt").unlink()
    # git ignores it, and a release would read it.
    (changing / "data" / "dist").mkdir()
    (changing / "data" / "dist" / "more.ttl").write_text("x")
    (changing / ".git" / "info" / "exclude").write_text("/data/dist/\n/notes/\n")
    refused(changing, tmp_path, r"data/dist/.*: not committed")
    shutil.rmtree(changing / "data" / "dist")
    (changing / "notes").mkdir()
    (changing / "notes" / "x.txt").write_text("ignored, and nothing reads it")
    assert plan(changing, tmp_path)


def test_data_that_no_repository_keeps_have_no_commit(project, tmp_path):
    for name in ("ontology", "data", "shapes", "queries"):
        (tmp_path / "plain" / name).mkdir(parents=True)
    shutil.copy(project / "CITATION.cff", tmp_path / "plain")
    found = plan(tmp_path / "plain", tmp_path / "out")
    assert (found.commit, found.of_checkout) == (None, False)
    # Inside a repository of other things, which does not keep it.
    git(tmp_path, "init", "--quiet")
    (tmp_path / "other").write_text("not committed")
    assert plan(tmp_path / "plain", tmp_path / "out").commit is None


def test_data_elsewhere_go_by_their_own_repository_and_not_by_that_of_the_program(
    changing, tmp_path
):
    own = tmp_path / "own"
    shutil.copytree(changing / "data", own / "data")
    shutil.copy(changing / "CITATION.cff", own)
    home = replace(home_of(changing), data=own / "data")
    # The program's is not committed, and its last commit is of a later day.
    (changing / "notes.txt").write_text("x")
    early = date(2025, 1, 1)
    assert make_plan(home, tmp_path / "out", early, TODAY).commit is None
    git(own, "init", "--quiet")
    git(own, "add", "--all")
    git(own, "commit", "--quiet", "--message", "x", GIT_COMMITTER_DATE="2025-01-02T12:00:00Z")
    with pytest.raises(RefusedError, match=f"of the data, in {re.escape(str(own))}, of 2025-01-02"):
        make_plan(home, tmp_path / "out", early, TODAY)
    found = make_plan(home, tmp_path / "out", date(2025, 1, 2), TODAY)
    assert found.commit == git(own, "rev-parse", "HEAD").strip()


@pytest.mark.parametrize(
    ("field", "value"),
    [("license", None), ("authors", []), ("title", ""), ("version", None), ("abstract", None)],
)
def test_metadata_that_lack_a_field_are_refused_by_its_name(field, value, changing, tmp_path):
    path = changing / "CITATION.cff"
    told = yaml.safe_load(path.read_text("utf-8"))
    if value is None:
        del told[field]
    else:
        told[field] = value
    del told["keywords"]
    path.write_text(yaml.safe_dump(told), "utf-8")
    git(changing, "commit", "--all", "--quiet", "--message", "x")
    with pytest.raises(RefusedError, match=r"CITATION\.cff: no ") as found:
        plan(changing, tmp_path)
    missing = found.value.message.partition(": no ")[2].rstrip(".").split(", no ")
    assert sorted(missing) == sorted([field, "keywords"])


def test_an_author_without_a_name_is_refused_by_its_place(changing, tmp_path):
    path = changing / "CITATION.cff"
    told = yaml.safe_load(path.read_text("utf-8"))
    told["authors"] = [{"family-names": "Orr"}, {"alias": "tell"}]
    path.write_text(yaml.safe_dump(told), "utf-8")
    git(changing, "commit", "--all", "--quiet", "--message", "x")
    refused(changing, tmp_path / "out", r"CITATION\.cff: no authors\[1\]\.name\.")


@pytest.mark.parametrize("licence", ["CC-BY-4", "MIT AND CC-BY-4.0", "LicenseRef-own"])
def test_a_licence_without_an_address_is_refused(licence, changing, tmp_path):
    path = changing / "CITATION.cff"
    told = yaml.safe_load(path.read_text("utf-8"))
    path.write_text(yaml.safe_dump(told | {"license": licence}), "utf-8")
    git(changing, "commit", "--all", "--quiet", "--message", "x")
    refused(changing, tmp_path / "out", rf"{re.escape(str(path))}: license: {licence} is no single")
    path.write_text(yaml.safe_dump(told | {"license": "cc-by-4.0"}), "utf-8")
    git(changing, "commit", "--all", "--quiet", "--message", "x")
    assert plan(changing, tmp_path / "out").metadata["license"] == "CC-BY-4.0"


@pytest.mark.parametrize(
    ("text", "words"),
    [(None, "there is no such file"), ("title: [", "no YAML"), ("- title", "no mapping")],
)
def test_metadata_that_are_none_are_refused(text, words, changing, tmp_path):
    if text is None:
        (changing / "CITATION.cff").unlink()
    else:
        (changing / "CITATION.cff").write_text(text)
    git(changing, "commit", "--all", "--quiet", "--message", "x")
    refused(changing, tmp_path, words)


@pytest.mark.parametrize("name", ["ontology", "data", "shapes", "queries"])
def test_a_place_that_a_release_reads_is_refused(name, project):
    refused(project, project / name / "out", f"this lies in {name}/")
    assert not (project / name / "out").exists()


def test_a_place_that_is_a_file_is_refused(project, tmp_path):
    (tmp_path / "out").write_text("mine")
    with pytest.raises(RefusedError, match="not a folder"):
        plan(project, tmp_path / "out")
    assert (tmp_path / "out").read_text() == "mine"


# ------------------------------------------------------------------- by the command


def end(process):
    said, errors = process.communicate(timeout=300)
    assert "Traceback" not in errors
    return process.returncode, said, errors


def test_findings_are_printed_and_nothing_is_written(changing, tmp_path):
    path = changing / "data" / "actors" / "states.ttl"
    path.write_text(path.read_text("utf-8") + "oops", "utf-8")
    git(changing, "commit", "--all", "--quiet", "--message", "x")
    code, said, errors = end(start(changing, "publish", "release", "--out", tmp_path / "out"))
    assert code == 1
    assert "data/actors/states.ttl:" in said
    assert "1 error, so nothing was released" in errors
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("day", ["tomorrow", "2026-02-30", "20260301", "2026-3-1"])
def test_what_is_no_date_is_wrong_usage(day, project, tmp_path):
    code, _, errors = end(
        start(project, "publish", "release", "--out", tmp_path / "out", "--date", day)
    )
    assert code == 2
    assert "this is no date such as 2026-11-30" in errors


def test_a_clock_before_the_last_commit_is_refused(changing, tmp_path):
    later = date.today() + timedelta(days=400)
    git(
        changing, "commit", "--quiet", "--allow-empty", "--message", "x",
        GIT_COMMITTER_DATE=f"{later}T12:00:00Z",
    )  # fmt: skip
    code, _, errors = end(start(changing, "publish", "release", "--out", tmp_path / "out"))
    assert code == 1
    assert f"the last commit of the data, in {changing}, of {later} (UTC)." in errors
    assert not (tmp_path / "out").exists()


def test_a_release_that_is_interrupted_leaves_nothing(project, tmp_path):
    shutil.copytree(project / "data", tmp_path / "beside")
    before = files(tmp_path)
    process = start(project, "publish", "release", "--out", tmp_path, "--date", DAY)
    while "checking files" not in process.stderr.readline():
        assert process.poll() is None
    process.send_signal(signal.SIGINT)
    code, _, errors = end(process)
    assert code == 130
    assert "interrupted" in errors
    assert files(tmp_path) == before
    assert [path.name for path in tmp_path.iterdir()] == ["beside"]


# ------------------------------------------------------------------- while it is written

# A release without end: the parent stops it when it has begun.
ENDLESS = """
import itertools, signal, sys
from pathlib import Path
from trilateral.publish.release import writing
signal.signal(signal.SIGINT, signal.default_int_handler)
class Files(dict):
    def items(self):
        for number in itertools.count():
            yield f"graphs/{number % 100}.ttl", b"x"
writing.write(Files(), Path(sys.argv[1]))
"""


def begun(folder):
    """A process that writes without end into a folder, and has begun to."""
    process = subprocess.Popen(
        [sys.executable, "-c", ENDLESS, folder], stderr=subprocess.PIPE, text=True
    )
    begun = folder.parent / f".{folder.name}-in-the-making" / "graphs" / "7.ttl"
    until = time.monotonic() + 120
    while not begun.exists():
        assert process.poll() is None
        assert time.monotonic() < until
        time.sleep(0.01)
    return process


def test_an_interrupt_while_files_are_written_leaves_nothing(tmp_path):
    writing.write({"old": b"x"}, tmp_path / "out" / "2026-01-01")
    process = begun(tmp_path / "out" / DAY)
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=60)
    assert errors.splitlines()[-1] == "KeyboardInterrupt"
    assert files(tmp_path) == {"out/2026-01-01/old": b"x"}
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["2026-01-01"]


def test_an_interrupt_of_the_first_release_leaves_no_folder_that_was_made_for_it(tmp_path):
    process = begun(tmp_path / "deep" / "out" / DAY)
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=60)
    assert list(tmp_path.iterdir()) == []


def test_what_a_killed_release_leaves_the_next_one_removes(tmp_path):
    process = begun(tmp_path / DAY)
    process.kill()
    process.communicate(timeout=60)
    assert [path.name for path in tmp_path.iterdir()] == [f".{DAY}-in-the-making"]
    writing.write({"tables/x.csv": b"y"}, tmp_path / DAY)
    assert files(tmp_path) == {f"{DAY}/tables/x.csv": b"y"}
    assert [path.name for path in tmp_path.iterdir()] == [DAY]


def test_of_two_releases_at_once_the_second_waits_and_is_refused(tmp_path):
    first = begun(tmp_path / "2026-02-01")
    program = ENDLESS.replace("itertools.count()", "range(3)")
    second = subprocess.Popen(
        [sys.executable, "-c", program, tmp_path / "2026-02-02"], stderr=subprocess.PIPE, text=True
    )
    # It waits for the lock as long as the first one writes.
    with pytest.raises(subprocess.TimeoutExpired):
        second.communicate(timeout=1.5)
    assert not (tmp_path / "2026-02-02").exists()
    first.send_signal(signal.SIGINT)
    first.communicate(timeout=60)
    second.communicate(timeout=60)
    assert second.returncode == 0
    assert sorted(files(tmp_path)) == [f"2026-02-02/graphs/{number}.ttl" for number in range(3)]
    with pytest.raises(RefusedError, match="this version stands"):
        writing.write({"x": b"y"}, tmp_path / "2026-02-02")


def test_a_full_disk_leaves_nothing_and_says_so(tmp_path):
    """Where a file may not grow, writing fails as on a full disk."""
    program = (
        "import resource, sys\n"
        "from pathlib import Path\n"
        "from trilateral.publish.release import writing\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))\n"
        "writing.write({'small': b'x', 'large': bytes(8192)}, Path(sys.argv[1]))"
    )
    writing.write({"old": b"x"}, tmp_path / "2026-01-01")
    done = subprocess.run(
        [sys.executable, "-c", program, tmp_path / DAY], capture_output=True, text=True
    )
    assert done.returncode == 1
    assert "the release cannot be written: File too large." in done.stderr
    assert "Nothing of it is left" in done.stderr
    assert files(tmp_path) == {"2026-01-01/old": b"x"}
    assert [path.name for path in tmp_path.iterdir()] == ["2026-01-01"]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full")
def test_a_disk_that_is_full_to_the_last_byte_leaves_nothing(tmp_path):
    """``/dev/full`` answers each writing with ENOSPC; a link leads a file of the release there."""
    aside = tmp_path / f".{DAY}-in-the-making"

    class Files(dict):
        def items(self):
            yield "first", b"x"
            (aside / "second").symlink_to("/dev/full")
            yield "second", b"x"

    with pytest.raises(RefusedError, match="cannot be written: No space left on device"):
        writing.write(Files(), tmp_path / DAY)
    assert list(tmp_path.iterdir()) == []
