"""Fetch the scripts of others that the pages use, and check that they are what they were.

For maintainers; nothing else runs it. Each package in ``vendor.json`` has a version, the
digest that the npm registry gives of its archive, and the files that are taken from it,
byte for byte. A file that the archive lacks, such as the licence, is taken from a URL::

    python scripts/vendor.py           # fetch, check the digests, write the files
    python scripts/vendor.py --record  # the same after a change of versions: notes digests

Needs ``npm``, which fetches the archives. Tests check the files against ``vendor.json``.
"""

from __future__ import annotations

import base64
import hashlib
import json
import subprocess
import sys
import tarfile
import tempfile
import urllib.request
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "trilateral" / "serve" / "static" / "vendor"
LIST = FOLDER / "vendor.json"


def main() -> None:
    """Fetch and check every package; ends with a message at the first that differs."""
    record = sys.argv[1:] == ["--record"]
    listed = json.loads(LIST.read_bytes())
    for package in listed["packages"]:
        _take(package, record)
        print(f"{package['name']} {package['version']}: as listed")
    if record:
        LIST.write_text(json.dumps(listed, indent=2) + "\n", encoding="utf-8")


def _take(package: dict[str, Any], record: bool) -> None:
    name = f"{package['name']}@{package['version']}"
    if record:
        package["integrity"] = _npm("view", name, "dist.integrity").strip()
        package["license"] = _npm("view", name, "license").strip()
    with tempfile.TemporaryDirectory() as folder:
        _npm("pack", "--silent", "--pack-destination", folder, name)
        archive = next(Path(folder).glob("*.tgz"))
        digest = base64.b64encode(hashlib.sha512(archive.read_bytes()).digest()).decode()
        _same(f"{name}, its archive", f"sha512-{digest}", package["integrity"])
        with tarfile.open(archive) as opened:
            for file, entry in package["files"].items():
                data = _read(opened, name, entry["from"])
                found = hashlib.sha256(data).hexdigest()
                if record:
                    entry["sha256"] = found
                _same(f"{name}, {file}", found, entry["sha256"])
                target = FOLDER / package["name"] / file
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(data)


def _read(archive: tarfile.TarFile, name: str, source: str) -> bytes:
    if "://" in source:
        with urllib.request.urlopen(source) as answer:
            return bytes(answer.read())
    member = archive.extractfile(f"package/{source}")
    if member is None:
        sys.exit(f"{name}: {source} is no file of the archive.")
    return member.read()


def _same(what: str, found: str, listed: str) -> None:
    if found != listed:
        sys.exit(f"{what}: the digest is {found}, but {LIST.name} has {listed}.")


def _npm(*arguments: str) -> str:
    return subprocess.run(["npm", *arguments], check=True, capture_output=True, text=True).stdout


if __name__ == "__main__":
    main()
