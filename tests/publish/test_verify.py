"""Verify: whatever differs in a release is found and named, and signatures are as documented."""

import gzip
import hashlib
import json
import re
import shutil
import sqlite3
import subprocess
from contextlib import closing

import pyoxigraph as ox
import pytest
from tests.publish.conftest import DAY, ROOT, files

from trilateral.publish.release import verify
from trilateral.publish.release.refusals import VerificationError


def differs(folder, words):
    with pytest.raises(VerificationError, match=words):
        verify.verify(folder)


def seal(folder, *changed):
    """Make manifest and checksums agree again with files that were changed."""
    path = folder / "manifest.json"
    manifest = json.loads(path.read_text("utf-8"))
    for name in changed:
        data = (folder / name).read_bytes()
        manifest["files"][name] |= {"sha256": hashlib.sha256(data).hexdigest(), "bytes": len(data)}
    path.write_text(json.dumps(manifest), "utf-8")
    resum(folder)


def resum(folder):
    names = sorted(set(files(folder)) - {"SHA256SUMS"})
    done = subprocess.run(["sha256sum", *names], cwd=folder, capture_output=True, check=True)
    (folder / "SHA256SUMS").write_bytes(done.stdout)


def test_a_release_as_it_was_written_is_right(released):
    found = verify.verify(released)
    manifest = json.loads((released / "manifest.json").read_text("utf-8"))
    assert found.version == DAY
    assert found.rdfc10_sha256 == manifest["rdfc10_sha256"]
    assert found.files == len(files(released)) - 1
    assert found.rdf_files == 5 + 2 + len(manifest["graphs"])
    assert (found.quads, found.tables) == (manifest["quads"], 30)


def test_the_command_tells_what_is_right_and_names_what_differs(spoilt, run):
    done = run("publish", "verify", spoilt)
    assert done.returncode == 0, done.stderr
    assert f"version {DAY} is as it was released" in done.stdout
    assert json.loads(run("publish", "verify", spoilt, "--json").stdout)["version"] == DAY
    path = spoilt / "graphs" / "actors" / "states.ttl"
    path.write_bytes(path.read_bytes()[:-1])
    done = run("publish", "verify", spoilt)
    assert done.returncode == 1
    assert "graphs/actors/states.ttl: it is not the file that SHA256SUMS tells of" in done.stderr


@pytest.mark.parametrize(
    "name",
    [
        *("dataset.nq.gz", "trilateral.sqlite", "tables/actors.parquet", "tables/actors.csv"),
        *("manifest.json", "counts.csv", "CITATION.cff", "graphs/agreement.ttl"),
    ],
)
@pytest.mark.parametrize("place", [0, -1])
def test_one_flipped_bit_is_found(name, place, spoilt):
    data = bytearray((spoilt / name).read_bytes())
    data[place] ^= 1
    (spoilt / name).write_bytes(data)
    differs(spoilt, f"{re.escape(name)}: it is not the file that SHA256SUMS tells of")


def test_of_several_that_differ_the_first_is_named(spoilt):
    for name in ("tables/actors.csv", "counts.csv", "ontology.ttl"):
        (spoilt / name).write_text("x")
    differs(spoilt, r"counts\.csv: it is not")


def test_a_file_that_is_missing_or_unknown_is_found(spoilt):
    (spoilt / "tables" / "more.csv").write_text("x")
    differs(spoilt, r"tables/more\.csv: SHA256SUMS does not tell of it")
    (spoilt / "tables" / "more.csv").unlink()
    (spoilt / "tables" / "actors.csv").unlink()
    differs(spoilt, r"tables/actors\.csv: it is missing")


@pytest.mark.parametrize("line", ["oops\n", "0123  x\n", f"{'0' * 64} x\n"])
def test_checksums_that_are_none_are_refused(line, spoilt):
    (spoilt / "SHA256SUMS").write_text(line)
    differs(spoilt, "SHA256SUMS: this is no digest and name")


def test_no_name_leads_out_of_the_folder(spoilt):
    with (spoilt / "SHA256SUMS").open("a") as sums:
        sums.write(f"{'0' * 64}  ../../etc/passwd\n")
    differs(spoilt, "passwd: it is missing")


def test_a_folder_that_is_no_release_is_refused(tmp_path):
    differs(tmp_path, "SHA256SUMS: this cannot be read")


def test_changed_checksums_do_not_hide_a_change_from_the_manifest(spoilt):
    (spoilt / "tables" / "actors.csv").write_text("x")
    resum(spoilt)
    differs(spoilt, r"manifest\.json: it does not tell of tables/actors\.csv what SHA256SUMS")
    (spoilt / "manifest.json").write_text("{}")
    resum(spoilt)
    differs(spoilt, r"manifest\.json: this is no manifest of a release")


def test_a_file_that_says_something_else_is_found_by_its_canonical_hash(spoilt):
    path = spoilt / "graphs" / "actors" / "states.ttl"
    path.write_text(path.read_text("utf-8").replace('"Arland"@en', '"Arlend"@en'), "utf-8")
    seal(spoilt, "graphs/actors/states.ttl")
    differs(spoilt, r"graphs/actors/states\.ttl: what it says has another canonical hash")


def test_a_file_that_is_no_rdf_is_found(spoilt):
    (spoilt / "shapes.ttl").write_text("oops")
    seal(spoilt, "shapes.ttl")
    differs(spoilt, r"shapes\.ttl: it cannot be read")


def test_a_format_that_holds_less_than_the_others_is_found(spoilt):
    path = spoilt / "dataset.ttl.gz"
    triples = sorted(
        ox.parse(gzip.decompress(path.read_bytes()), format=ox.RdfFormat.TURTLE), key=str
    )
    written = ox.serialize(triples[1:], format=ox.RdfFormat.N_TRIPLES)
    path.write_bytes(gzip.compress(written))
    # Even where manifest and checksums say so.
    manifest = json.loads((spoilt / "manifest.json").read_text("utf-8"))
    lines = sorted(written.splitlines(keepends=True))
    manifest["files"]["dataset.ttl.gz"]["rdfc10_sha256"] = hashlib.sha256(
        b"".join(lines)
    ).hexdigest()
    (spoilt / "manifest.json").write_text(json.dumps(manifest), "utf-8")
    seal(spoilt, "dataset.ttl.gz")
    differs(spoilt, r"dataset\.ttl\.gz: it does not hold what dataset\.nq\.gz holds")


@pytest.mark.parametrize("key", ["version", "tables", "graphs"])
def test_a_manifest_that_lacks_something_is_found(key, spoilt):
    path = spoilt / "manifest.json"
    manifest = json.loads(path.read_text("utf-8"))
    del manifest[key]
    path.write_text(json.dumps(manifest), "utf-8")
    resum(spoilt)
    differs(spoilt, rf"manifest\.json: this is no manifest of a release: no {key}")


@pytest.mark.parametrize("name", ["dataset.nq.gz", "trilateral.sqlite", "tables/actors.parquet"])
def test_a_file_of_another_kind_is_found_though_checksums_agree(name, spoilt):
    (spoilt / name).write_bytes(b"this is none")
    seal(spoilt, name)
    differs(spoilt, f"{re.escape(name)}: it cannot be read")


@pytest.mark.parametrize("key", ["rdfc10_sha256", "rdfc10_sha256_of_triples", "quads", "graphs"])
def test_a_manifest_that_says_another_number_or_hash_is_found(key, spoilt):
    path = spoilt / "manifest.json"
    manifest = json.loads(path.read_text("utf-8"))
    manifest[key] = {"quads": 1, "graphs": {}}.get(key, "0" * 64)
    path.write_text(json.dumps(manifest), "utf-8")
    resum(spoilt)
    differs(spoilt, r"manifest\.json: the (hash|data)")


@pytest.mark.parametrize("name", ["counts.json", "counts.csv"])
def test_another_count_is_found(name, spoilt):
    path = spoilt / name
    text = path.read_bytes().decode()
    found = text.replace("ontology#State,4", "ontology#State,5").replace(
        'ontology#State": 4', 'ontology#State": 5'
    )
    assert found != text
    path.write_bytes(found.encode())
    seal(spoilt, name)
    differs(spoilt, f"{re.escape(name)}: the data hold another number")


def test_a_table_that_lost_a_row_is_found_in_each_format(spoilt):
    name = "tables/memberships.csv"
    path = spoilt / name
    kept = path.read_bytes()
    path.write_bytes(b"".join(kept.splitlines(keepends=True)[:-1]))
    seal(spoilt, name)
    differs(spoilt, r"memberships\.csv: the table memberships has 9 rows, not 10")
    path.write_bytes(kept)
    with closing(sqlite3.connect(spoilt / "trilateral.sqlite")) as connection:
        connection.execute("DELETE FROM phases WHERE rowid = 1")
        connection.commit()
    seal(spoilt, name, "trilateral.sqlite")
    differs(spoilt, r"trilateral\.sqlite: the table phases has 2 rows, not 3")


def test_a_parquet_table_of_another_thing_is_found(spoilt):
    shutil.copy(spoilt / "tables" / "phases.parquet", spoilt / "tables" / "actors.parquet")
    seal(spoilt, "tables/actors.parquet")
    differs(spoilt, r"actors\.parquet: the table actors has 3 rows, not 22")


# ------------------------------------------------------------------- signatures


def documented(*starts):
    """The commands of the page on publishing that begin so, in its order."""
    page = (ROOT / "docs" / "publish.md").read_text("utf-8")
    signing = page[page.index("## Sign") :].partition("\n## ")[0]
    commands = [line for block in re.findall(r"^```text\n(.*?)^```", signing, re.M | re.S)
                for line in block.splitlines()]  # fmt: skip
    assert len(commands) == 4
    return [line for line in commands if line.startswith(starts)]


def shell(command, folder):
    return subprocess.run(
        ["bash", "-c", command], cwd=folder, capture_output=True, text=True, timeout=60
    )


@pytest.mark.skipif(
    shutil.which("ssh-keygen") is None,
    reason="ssh-keygen is not installed (on Debian: apt-get install openssh-client)",
)
def test_the_documented_commands_sign_and_verify(spoilt):
    key = spoilt.parent / "key"
    made = shell(f"ssh-keygen -q -t ed25519 -N '' -C throw-away -f {key}", spoilt)
    assert made.returncode == 0, made.stderr
    sign, allow = documented("ssh-keygen -Y sign", "echo")
    check = documented("ssh-keygen -Y verify", "sha256sum")
    done = shell(sign.replace("KEY", str(key)), spoilt)
    assert done.returncode == 0, done.stderr
    assert (spoilt / "SHA256SUMS.sig").is_file()
    verify.verify(spoilt)  # lets the signature stand
    allowed = spoilt.parent / "allowed_signers"
    allow = allow.replace("KEY", str(key)).replace("> allowed_signers", f"> {allowed}")
    assert shell(allow, spoilt).returncode == 0
    check = [each.replace("-f allowed_signers", f"-f {allowed}") for each in check]
    for command in check:
        done = shell(command, spoilt)
        assert done.returncode == 0, command + done.stderr
    assert 'Good "trilateral-release" signature for publisher' in shell(check[0], spoilt).stdout
    # Who changes a file and its checksum cannot sign it.
    (spoilt / "counts.csv").write_text("x")
    resum(spoilt)
    assert shell(check[0], spoilt).returncode != 0
