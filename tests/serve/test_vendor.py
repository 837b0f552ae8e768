"""The scripts of others are what their authors published, and browsers find all of them."""

import base64
import hashlib
import importlib.util
import io
import json
import re
import tarfile
from pathlib import Path
from urllib.parse import urljoin

import pytest

from trilateral.serve.web import static

PACKAGES = json.loads(static.VENDORED.read_bytes())["packages"]
FOLDER = static.VENDORED.parent
# What the text of each licence says, by its SPDX name.
WORDS = {
    "MIT": "Permission is hereby granted, free of charge, to any person obtaining a copy",
    "MIT OR Apache-2.0": "Apache License Version 2.0, January 2004",
    "ISC": "Permission to use, copy, modify, and/or distribute this software for any purpose",
}
IMPORTED = re.compile(r"^(?:import|export)\b[^'\";]*?\bfrom\s*['\"]([^'\"]+)", re.MULTILINE)
NEEDED = re.compile(r"(?:import\(|new URL\()['\"]([^'\"]+)['\"](?:\)|, import\.meta\.url)")


@pytest.mark.parametrize("package", PACKAGES, ids=lambda package: package["name"])
def test_files_have_the_listed_digests_and_a_licence(package):
    folder = FOLDER / package["name"]
    for name, entry in package["files"].items():
        assert hashlib.sha256((folder / name).read_bytes()).hexdigest() == entry["sha256"]
    licence = " ".join((folder / "LICENSE").read_text(encoding="utf-8").split())
    assert WORDS[package["license"]] in licence
    kind, _, digest = package["integrity"].partition("-")
    assert (kind, len(base64.b64decode(digest))) == ("sha512", 64)
    assert re.fullmatch(r"\d+\.\d+\.\d+", package["version"])


def test_nothing_lies_there_that_is_not_listed():
    listed = {f"{each['name']}/{name}" for each in PACKAGES for name in each["files"]}
    found = {path.relative_to(FOLDER).as_posix() for path in FOLDER.rglob("*") if path.is_file()}
    assert found - {"vendor.json"} == listed


def test_every_import_of_every_script_is_served(world_client):
    waiting, seen = [static.asset("editor.js")], set()
    while waiting:
        url = waiting.pop()
        answer = world_client.get(url)
        assert answer.status_code == 200, url
        assert "immutable" in answer.headers["cache-control"]
        seen.add(url)
        if url.endswith(".wasm"):
            assert answer.headers["content-type"] == "application/wasm"
            continue
        assert answer.headers["content-type"].startswith("text/javascript")
        imported = IMPORTED.findall(answer.text) + NEEDED.findall(answer.text)
        # Relative to the script, so that they work under any path.
        assert all(each.startswith(".") for each in imported), imported
        waiting += {urljoin(url, each) for each in imported} - seen
    # The editor, its own modules, and every package that is vendored.
    served = {re.sub(r"\.[0-9a-f]{12}(?=\.)", "", url).removeprefix("/static/") for url in seen}
    assert set(static.modules().values()) <= served
    assert {"editor.js", "editor/code.js", "editor/graph.js"} <= served
    assert {"browser/worker.js", "vendor/oxigraph/web_bg.wasm"} <= served


@pytest.fixture
def tree(tmp_path, monkeypatch):
    """A folder of static files of the test's own; returns it and a function that forgets."""

    def forget():
        for cached in (static.modules, static._load, static._files):
            cached.cache_clear()

    listed = {"packages": [{"name": "@a/b", "modules": {"@a/b": "index.js"}}]}
    (tmp_path / "vendor/@a/b").mkdir(parents=True)
    (tmp_path / "vendor/vendor.json").write_text(json.dumps(listed))
    (tmp_path / "vendor/@a/b/index.js").write_text("export const b = 1;\n")
    (tmp_path / "parts").mkdir()
    (tmp_path / "parts/one.js").write_text('import { b } from "@a/b";\nexport { b };\n')
    (tmp_path / "parts/data.bin").write_bytes(bytes(4))
    (tmp_path / "page.js").write_text(
        'import {\n  b,\n} from "./parts/one.js";\nconst two = await import("./parts/one.js");\n'
        'const data = new URL("parts/data.bin", import.meta.url);\n'
    )
    monkeypatch.setattr(static, "FOLDER", tmp_path)
    monkeypatch.setattr(static, "VENDORED", tmp_path / "vendor/vendor.json")
    forget()
    yield tmp_path, forget
    monkeypatch.undo()
    forget()


def test_names_of_modules_become_urls(tree):
    one = static.asset("parts/one.js")
    data = static.asset("parts/data.bin")
    text = static._files()[static.asset("page.js")].body.decode()
    assert text == (
        f'import {{\n  b,\n}} from ".{one.removeprefix("/static")}";\n'
        f'const two = await import(".{one.removeprefix("/static")}");\n'
        f'const data = new URL(".{data.removeprefix("/static")}", import.meta.url);\n'
    )
    package = static.asset("vendor/@a/b/index.js")
    assert re.fullmatch(r"/static/vendor/@a/b/index\.[0-9a-f]{12}\.js", package)
    beside = f"..{package.removeprefix('/static')}"
    assert f'from "{beside}"' in static._files()[one].body.decode()


def test_a_change_renames_all_that_import_the_changed_file(tree):
    folder, forget = tree
    before = [static.asset(name) for name in ("page.js", "parts/one.js")]
    (folder / "vendor/@a/b/index.js").write_text("export const b = 2;\n")
    forget()
    after = [static.asset(name) for name in ("page.js", "parts/one.js")]
    assert all(old != new for old, new in zip(before, after, strict=True))


def test_a_package_that_is_not_vendored_is_told(tree):
    folder, _ = tree
    (folder / "page.js").write_text('import { c } from "@a/c";\n')
    with pytest.raises(LookupError, match=r"static/page\.js imports @a/c"):
        static.asset("page.js")


# ---------------------------------------------------------------- the script that fetches them


@pytest.fixture
def fetching(tmp_path, monkeypatch):
    """The script over one package, whose archive an ``npm`` of the test's own hands out."""
    path = Path(__file__).parents[2] / "scripts" / "vendor.py"
    spec = importlib.util.spec_from_file_location("vendor", path)
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as archive:
        for name, data in (("dist/index.js", b"export const a = 1;\n"), ("LICENSE", b"MIT\n")):
            entry = tarfile.TarInfo(f"package/{name}")
            entry.size = len(data)
            archive.addfile(entry, io.BytesIO(data))
    (tmp_path / "a.tgz").write_bytes(buffer.getvalue())
    digest = base64.b64encode(hashlib.sha512(buffer.getvalue()).digest()).decode()
    package = {
        "name": "a",
        "version": "1.0.0",
        "license": "MIT",
        "integrity": f"sha512-{digest}",
        "modules": {"a": "index.js"},
        "files": {
            "index.js": {
                "from": "dist/index.js",
                "sha256": hashlib.sha256(b"export const a = 1;\n").hexdigest(),
            },
            "LICENSE": {"from": "LICENSE", "sha256": hashlib.sha256(b"MIT\n").hexdigest()},
        },
    }
    (tmp_path / "bin").mkdir()
    npm = tmp_path / "bin" / "npm"
    npm.write_text(f'#!/bin/sh\n[ "$1" = pack ] && cp {tmp_path}/a.tgz "$4"\n')
    npm.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}/bin:/usr/bin:/bin")
    monkeypatch.setattr("sys.argv", ["vendor.py"])
    monkeypatch.setattr(script, "FOLDER", tmp_path / "vendor")
    monkeypatch.setattr(script, "LIST", tmp_path / "vendor.json")

    def run():
        (tmp_path / "vendor.json").write_text(json.dumps({"packages": [package]}))
        script.main()

    return run, package, tmp_path / "vendor"


def test_the_script_writes_what_has_the_listed_digests(fetching):
    run, _, folder = fetching
    run()
    assert (folder / "a/index.js").read_bytes() == b"export const a = 1;\n"
    assert (folder / "a/LICENSE").read_bytes() == b"MIT\n"


def test_the_script_takes_from_a_url_what_the_archive_lacks(fetching, tmp_path):
    run, package, folder = fetching
    (tmp_path / "MIT.txt").write_bytes(b"MIT, from elsewhere\n")
    digest = hashlib.sha256(b"MIT, from elsewhere\n").hexdigest()
    source = (tmp_path / "MIT.txt").as_uri()
    package["files"]["LICENSE"] = {"from": source, "sha256": digest}
    run()
    assert (folder / "a/LICENSE").read_bytes() == b"MIT, from elsewhere\n"


def test_the_script_refuses_another_archive(fetching):
    run, package, folder = fetching
    package["integrity"] = "sha512-" + base64.b64encode(bytes(64)).decode()
    with pytest.raises(SystemExit, match=r"a@1\.0\.0, its archive: the digest is"):
        run()
    assert not folder.exists()


def test_the_script_refuses_another_file(fetching):
    run, package, folder = fetching
    package["files"]["index.js"]["sha256"] = "0" * 64
    with pytest.raises(SystemExit, match=r"a@1\.0\.0, index\.js: the digest is"):
        run()
    assert not (folder / "a/index.js").exists()
