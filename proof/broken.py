"""Broken inputs, put to the program: each ends in one clear message and changes nothing.

Each case of `broken_cases` spoils a copy of the tiny world, beside which a good
build stands, runs one command and compares.
"""

from __future__ import annotations

import contextlib
import io
import os
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from proof.broken_cases import CASES, Case, at, nothing
from trilateral import cli

ROOT = Path(__file__).parent.parent
WORLD = ROOT / "tests" / "world"


@dataclass(frozen=True)
class Outcome:
    """What became of a case: the exit status, all that was printed, and what is wrong with it."""

    status: int
    printed: str
    wrong: tuple[str, ...]


# --- how a case is run -------------------------------------------------------------------------

_ONE_SHAPE = """\
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix tri: <https://w3id.org/trilateral/ontology#> .
@prefix trish: <https://w3id.org/trilateral/shapes#> .

trish:StateShape
    a sh:NodeShape ;
    sh:targetClass tri:State ;
.
"""
# The process of a command: what a case wants to happen in it, then the command line itself.
# Whoever starts this in the background of a shell hands on that SIGINT is ignored.
_PROCESS = """\
import signal
signal.signal(signal.SIGINT, signal.default_int_handler)
{hook}
from trilateral.cli import main
sys.exit(main())
"""
# Root may read and write everything: without these capabilities it may not.
_WITHOUT_PRIVILEGE = """\
import ctypes, os, sys
if os.geteuid() == 0:
    libc = ctypes.CDLL(None, use_errno=True)
    header, none = (ctypes.c_uint32 * 2)(0x20080522, 0), (ctypes.c_uint32 * 6)()
    if libc.capset(header, none):
        sys.exit("the capabilities cannot be dropped")
"""


@cache
def good_build() -> dict[str, bytes]:
    """Return the files of a build of the tiny world, made by the program itself."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "dist"
        with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
            assert cli.main(["build", "--data", str(WORLD / "data"), "--out", str(out)]) == 0
        return {path.name: path.read_bytes() for path in out.iterdir()}


def stage(root: Path, *, checkout: bool, rules: bool = False) -> None:
    """Lay out a copy of the tiny world beside a good build; for a checkout, the project too."""
    shutil.copytree(WORLD / "data", root / "data")
    (root / "dist").mkdir()
    for name, data in good_build().items():
        (root / "dist" / name).write_bytes(data)
    if checkout:
        for name in ("ontology", "queries", "scripts/trilateral"):
            shutil.copytree(ROOT / name, root / name)
        # One shape, so that a build takes a second; what is broken is not for the others to see.
        (root / "shapes" / "checks").mkdir(parents=True)
        if rules:
            shutil.copytree(
                ROOT / "shapes" / "checks", root / "shapes" / "checks", dirs_exist_ok=True
            )
        (root / "shapes" / "one.ttl").write_text(_ONE_SHAPE, encoding="utf-8")


def run(case: Case, root: Path) -> Outcome:
    """Run a case in an empty folder and return what became of it."""
    stage(root, checkout=case.checkout, rules=case.rules)
    case.spoil(root / "data")
    with _disk(case, root) as case:
        before = picture(root)
        status, printed = _command(case, root)
        after = picture(root)
    root.chmod(0o755)
    wrong = []
    if status != case.status:
        wrong.append(f"exit status {status}, expected {case.status}")
    position = 0
    for words in case.words:
        position = printed.find(words, position)
        if position < 0:
            wrong.append(f"the message lacks {words!r}")
            break
    if "Traceback" in printed:
        wrong.append("a traceback was printed")
    changed = sorted(name for name in {*before, *after} if before.get(name) != after.get(name))
    if changed:
        wrong.append(f"changed: {', '.join(changed)}")
    return Outcome(status, printed, tuple(wrong))


def picture(root: Path) -> dict[str, bytes]:
    """Return all files, links and folders below a folder with what they hold, without caches."""
    found = {}
    for path in root.rglob("*"):
        name = path.relative_to(root).as_posix()
        if "__pycache__" in name:
            continue
        regular = path.is_file() and not path.is_symlink() and os.access(path, os.R_OK)
        found[name] = path.read_bytes() if regular else b""
    return found


@contextlib.contextmanager
def _disk(case: Case, root: Path) -> Iterator[Case]:
    """Put the output of a case on a disk that is too small for a second build, where it wants so.

    Without the right to mount one, files that may not grow take its place.
    """
    if case.hook != "@full-disk":
        yield case
        return
    small = root / "small"
    small.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", str(small)]
    mounted = subprocess.run(mount, capture_output=True).returncode == 0
    shutil.copytree(root / "dist", small / "dist")
    case = replace(case, out="small/dist")
    if not mounted:
        words = tuple(
            each.replace("No space left on device", "File too large") for each in case.words
        )
        case = replace(case, limit=100_000, words=words)
    try:
        yield case
    finally:
        if mounted:
            subprocess.run(["umount", str(small)], check=True)


def _command(case: Case, root: Path) -> tuple[int, str]:
    verb, *rest = case.command
    arguments = [verb, *rest]
    if verb == "fmt":
        arguments.append(str(root / "data"))
    else:
        arguments += ["--data", str(root / "data")]
    if verb == "build":
        arguments += ["--out", str(root / case.out)]
    if case.checkout:
        return _in_a_process(case, root, arguments)
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(printed):
        return cli.main(arguments), printed.getvalue()


def _in_a_process(case: Case, root: Path, arguments: list[str]) -> tuple[int, str]:
    hook = _WITHOUT_PRIVILEGE if case.hook == "@without-privilege" else case.hook
    if hook.startswith("@"):
        hook = ""
    full_output = case.hook == "@full-output"
    with Path("/dev/full").open("w") if full_output else contextlib.nullcontext() as full:
        done = subprocess.run(
            [sys.executable, "-c", _PROCESS.format(hook=f"import sys\n{hook}"), *arguments],
            stdout=full or subprocess.PIPE,
            stderr=subprocess.STDOUT if full is None else subprocess.PIPE,
            text=True,
            env=os.environ | {"PYTHONPATH": str(root / "scripts"), "PYTHONDONTWRITEBYTECODE": "1"},
            preexec_fn=(lambda: _limit(case.limit)) if case.limit else None,
            timeout=600,
        )
    return done.returncode, (done.stdout or "") + (done.stderr or "")


def _limit(size: int) -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))


# --- more than one process ---------------------------------------------------------------------

KILLED_WHEN = {
    "the new folder is made": ("os.mkdir", "-in-the-making/new"),
    "a file is written": ("open", "-in-the-making/new/dataset.ttl"),
    "the old build is moved": ("os.rename", "-in-the-making/old"),
    "the new build is moved": ("os.rename", "-in-the-making/new"),
}


def kill_and_build_again(root: Path, moment: str) -> tuple[str, ...]:
    """Kill a build at a moment, build anew, and return what is wrong then."""
    stage(root, checkout=True)
    hook = at(*KILLED_WHEN[moment], signal.SIGKILL)
    killed, _ = _command(Case("killed", nothing, (), checkout=True, hook=hook), root)
    status, printed = _command(Case("after", nothing, (), checkout=True), root)
    wrong = [] if killed == -signal.SIGKILL else [f"not killed, but ended with {killed}"]
    if status:
        wrong.append(f"the next build ended with {status}: {printed}")
    return (*wrong, *_left(root))


def two_at_once(root: Path) -> tuple[str, ...]:
    """Start two builds into one folder while a lock holds both up, and return what is wrong."""
    import fcntl

    stage(root, checkout=True)
    handle = os.open(root, os.O_RDONLY)
    fcntl.flock(handle, fcntl.LOCK_EX)
    arguments = ["build", "--data", str(root / "data"), "--out", str(root / "dist")]
    builds = [
        subprocess.Popen(
            [sys.executable, "-c", _PROCESS.format(hook="import sys"), *arguments],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env=os.environ | {"PYTHONPATH": str(root / "scripts")},
        )
        for _ in range(2)
    ]
    try:
        for build in builds:
            _wait_for_lock(build)
    finally:
        os.close(handle)
    printed = [build.communicate(timeout=600)[0] for build in builds]
    wrong = [text for build, text in zip(builds, printed, strict=True) if build.returncode]
    return (*wrong, *_left(root))


def _wait_for_lock(build: subprocess.Popen[str]) -> None:
    """Wait until a build waits for the lock, as /proc/locks tells; elsewhere, two seconds."""
    locks = Path("/proc/locks")
    if not locks.exists():
        time.sleep(2)
        return
    waiting = f" {build.pid} "
    while build.poll() is None:
        if any("->" in line and waiting in line for line in locks.read_text().splitlines()):
            return
        time.sleep(0.02)


def _left(root: Path) -> list[str]:
    """Return what is wrong with a folder after a good build: leftovers, or an output in parts."""
    expected = {"data", "dist", "ontology", "queries", "scripts", "shapes"}
    wrong = [f"left over: {path.name}" for path in root.iterdir() if path.name not in expected]
    if not (root / "dist").is_dir():
        return [*wrong, "dist/ is gone"]
    names = {path.name for path in (root / "dist").iterdir()}
    if names != set(good_build()):
        wrong.append(f"dist/ holds {sorted(names)}")
    return wrong


def section() -> str:
    """Run all cases and return the section of the proof page."""
    rows = []
    failed = 0
    with tempfile.TemporaryDirectory() as folder:
        for number, case in enumerate(CASES):
            root = Path(folder) / str(number)
            root.mkdir()
            outcome = run(case, root)
            failed += bool(outcome.wrong)
            message = next(
                (line for line in outcome.printed.splitlines() if case.words[0] in line), ""
            )
            shown = message.replace(str(root), "").replace("|", "\\|").strip()
            shown = shown if len(shown) <= 160 else shown[:157] + "..."
            command = " ".join(case.command)
            verdict = "; ".join(outcome.wrong) or "as expected"
            rows.append(f"| {case.name} | `{command}` | {outcome.status} | {shown} | {verdict} |")
            shutil.rmtree(root, ignore_errors=True)
        for number, moment in enumerate(KILLED_WHEN):
            root = Path(folder) / f"killed-{number}"
            root.mkdir()
            wrong = kill_and_build_again(root, moment)
            failed += bool(wrong)
            verdict = "; ".join(wrong) or "as expected"
            rows.append(
                f"| killed (SIGKILL) while {moment} | `build`, twice | 0 | the second build "
                f"clears up and is whole | {verdict} |"
            )
        root = Path(folder) / "two"
        root.mkdir()
        wrong = two_at_once(root)
        failed += bool(wrong)
        verdict = "; ".join(wrong) or "as expected"
        rows.append(
            f"| two builds at once into one folder | `build`, twice | 0 | the second waits for "
            f"the first | {verdict} |"
        )
    return "\n".join(
        [
            "## Broken inputs",
            "",
            f"{len(rows)} cases, {failed} of them not as expected. Each spoils a copy of the tiny",
            "world beside a good build, runs one command, and asks for the exit status, the words",
            "of the message, no traceback, and every file of the folder, `dist/` among them, as it",
            "was, with nothing beside it. Signals are real and come at a set moment of a real",
            "process; the full disk is one of 3 MB.",
            "",
            "| broken | command | status | first line of the message | outcome |",
            "|---|---|---|---|---|",
            *rows,
            "",
        ]
    )
