"""The engines that run on Node.js: shacl-engine and rdf-validate-shacl, from npm."""

import hashlib
import json
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

from proof.engines.engine import CACHE, Engine, run

_HERE = Path(__file__).parent / "javascript"
_FILES = ("package.json", "package-lock.json", "validate.mjs")
_NODE = 18


def node_is_missing(folder: Path) -> str | None:
    """Return why what is kept in a folder cannot run here, or None when it can."""
    if shutil.which("node") is None:
        return "node is not on the path"
    done = subprocess.run(["node", "--version"], capture_output=True, text=True)
    found = re.match(r"v(\d+)", done.stdout)
    if found is None or int(found[1]) < _NODE:
        return f"node is older than {_NODE}"
    if not folder.is_dir() and shutil.which("npm") is None:
        return f"npm is not on the path, and {folder} is not there"
    return None


class _OnNode(Engine):
    def version(self) -> str:
        packages = json.loads((_HERE / "package.json").read_text(encoding="utf-8"))
        return packages["dependencies"][self.name]

    @property
    def folder(self) -> Path:
        # Modules are looked for above the file that imports them, so the script lies with them.
        content = b"".join((_HERE / name).read_bytes() for name in _FILES)
        return CACHE / f"javascript-{hashlib.sha256(content).hexdigest()[:12]}"

    def missing(self) -> str | None:
        return node_is_missing(self.folder)

    def install(self) -> None:
        if self.folder.is_dir():
            return
        CACHE.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=CACHE) as work:
            place = Path(work) / "javascript"
            place.mkdir()
            for name in _FILES:
                shutil.copy(_HERE / name, place)
            run(["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"], place)
            # Whole or not at all: another process may install the same.
            if not self.folder.is_dir():
                place.rename(self.folder)

    def program(self) -> list[str]:
        return ["node", str(self.folder / "validate.mjs"), self.name]


class ShaclEngine(_OnNode):
    """shacl-engine, of the rdf-ext family."""

    name = "shacl-engine"


class RdfValidateShacl(_OnNode):
    """rdf-validate-shacl, by Zazuko."""

    name = "rdf-validate-shacl"
