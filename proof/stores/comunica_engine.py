"""Comunica, a query engine in JavaScript, from npm, over a store in memory."""

import hashlib
import json
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

import pyoxigraph as ox

from proof.engines.engine import CACHE, run
from proof.engines.javascript import node_is_missing
from trilateral.ask.engines import Answer

_HERE = Path(__file__).parent / "comunica"
_FILES = ("package.json", "package-lock.json", "ask.mjs")


def folder() -> Path:
    """Return where Comunica is kept, beside the script that imports it."""
    content = b"".join((_HERE / name).read_bytes() for name in _FILES)
    return CACHE / f"comunica-{hashlib.sha256(content).hexdigest()[:12]}"


def missing() -> str | None:
    """Return why Comunica cannot run here, or None when it can."""
    return node_is_missing(folder())


def install() -> None:
    """Fetch Comunica from npm, once."""
    if folder().is_dir():
        return
    CACHE.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=CACHE) as work:
        place = Path(work) / "comunica"
        place.mkdir()
        for name in _FILES:
            shutil.copy(_HERE / name, place)
        run(["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"], place)
        if not folder().is_dir():
            place.rename(folder())


def ask(
    nquads: bytes, queries: Mapping[str, str], seconds: float = 600.0
) -> Iterator[tuple[str, Answer | str, float]]:
    """Yield of each query its name, its answer or what went wrong, and the seconds it took.

    What takes longer than so many seconds is ended, and the next query is asked.
    """
    install()
    names = {name: _variables(query) for name, query in queries.items()}
    told = {name: {"query": queries[name], "variables": names[name]} for name in queries}
    with tempfile.TemporaryDirectory() as work:
        files = [Path(work) / name for name in ("data.nq", "queries.json")]
        files[0].write_bytes(nquads)
        files[1].write_text(json.dumps(told), "utf-8")
        command = ["node", folder() / "ask.mjs", *files, str(seconds)]
        with subprocess.Popen(command, stdout=subprocess.PIPE) as asking:
            assert asking.stdout is not None
            for line in asking.stdout:
                found = json.loads(line)
                name = found["name"]
                if "error" in found:
                    yield name, str(found["error"]), found["seconds"]
                else:
                    rows = tuple(tuple(map(_term, row)) for row in found["rows"])
                    yield name, Answer(tuple(names[name]), rows), found["seconds"]
        if asking.returncode:
            raise subprocess.CalledProcessError(asking.returncode, command)


def _variables(query: str) -> list[str]:
    found = ox.Store().query(query)
    return [variable.value for variable in found.variables]


def _term(told: dict[str, str] | None) -> ox.NamedNode | ox.BlankNode | ox.Literal | None:
    if told is None:
        return None
    if told["type"] == "NamedNode":
        return ox.NamedNode(told["value"])
    if told["type"] == "BlankNode":
        return ox.BlankNode(told["value"])
    if told["language"]:
        return ox.Literal(told["value"], language=told["language"])
    return ox.Literal(told["value"], datatype=ox.NamedNode(told["datatype"]))
