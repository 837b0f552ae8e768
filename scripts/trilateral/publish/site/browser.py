"""Browser: what pages that are files need to answer queries themselves, also without a network."""

from __future__ import annotations

import gzip
import hashlib
import json
import re
from collections.abc import Callable, Mapping

from trilateral.ask.questions import Question
from trilateral.publish.site import data
from trilateral.serve.site import Site
from trilateral.serve.web import static

# What the store is made of, of the files in ``static/vendor``.
_ENGINE = "vendor/oxigraph/web_bg.wasm"
_WORKER = "browser/sw.js"
_DATASET = f"{data.FOLDER}/dataset.trig.gz"
_HEADER = re.compile(r"\A(?:#\+[^\n]*\n)*")
# What every visitor gets, beside scripts and style sheets: with it an editor can be opened.
_PAGES = ("", "query/", "search/", "data/browser.json", "data/graphs.json", "data/questions.json",
          "query/land.json")  # fmt: skip
_SCRIPTS = (".js", ".mjs", ".css", ".svg")


def browser_files(site: Site, there: Callable[[str], bytes | None]) -> dict[str, bytes]:
    """Return the files of a site that only its scripts read, by their paths from its root.

    ``data/browser.json`` tells the version of the site, the digest of the data, and of the
    engine and of the dataset the file and its bytes as it is and as gzip. ``data/questions.json``
    has the text of each question and the kinds of its parameters. ``sw.js`` is the service
    worker. The engine is there as gzip, so that it is small on hosts that compress nothing.

    Args:
        site: The site, opened.
        there: Gives a file of the site that there is already: the dataset, and the engine where
            it has been compressed before, of which the name has a digest.
    """
    # TriG is half as long as N-Quads.
    dataset = there(_DATASET)
    assert dataset is not None
    engine = (static.FOLDER / _ENGINE).read_bytes()
    name = f"{static.asset(_ENGINE).lstrip('/')}.gz"
    packed = there(name) or data.compress(engine)
    version = hashlib.sha256(f"{site.version} {sorted(_assets())}".encode()).hexdigest()[:12]
    told = {
        "version": version,
        "data": site.engine.digest,
        "engine": {"file": name, "bytes": len(engine), "bytes_gzip": len(packed)},
        "dataset": {
            "file": _DATASET,
            "bytes": len(gzip.decompress(dataset)),
            "bytes_gzip": len(dataset),
            "quads": site.engine.quads,
        },
    }
    return {
        "data/browser.json": _json(told),
        "data/questions.json": _json(_questions(site.questions)),
        name: packed,
        "sw.js": _service_worker(version),
    }


def _questions(questions: Mapping[str, Question]) -> dict[str, object]:
    return {
        name: {
            "text": _HEADER.sub("", question.text),
            "parameters": {each.name: each.kind for each in question.parameters},
        }
        for name, question in questions.items()
    }


def _service_worker(version: str) -> bytes:
    files = [*_PAGES, *(url.lstrip("/") for url in sorted(_assets()))]
    told = json.dumps({"version": version, "files": [f"./{each}" for each in files]})
    return f"const SITE = {told};\n".encode() + (static.FOLDER / _WORKER).read_bytes()


def _assets() -> set[str]:
    """Return the URLs of scripts, style sheets and pictures."""
    names = (path.relative_to(static.FOLDER).as_posix() for path in static.FOLDER.rglob("*"))
    return {static.asset(name) for name in names if name.endswith(_SCRIPTS) and name != _WORKER}


def _json(value: object) -> bytes:
    return (json.dumps(value, ensure_ascii=False, separators=(",", ":")) + "\n").encode()
