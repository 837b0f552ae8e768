"""Measure `trilateral publish release` and print the table of docs/benchmarks.md.

Usage: python -m benchmarks.release

Writes a release of the last commit, in a clone of it, and has rdflib write the same quads in
the same five RDF formats. Time is that of the clock and of all processors; memory is the peak
of the largest process.
"""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from trilateral.home import find_home

# What a release holds, by the folder or the ending of the name.
KINDS = {
    "each graph": ("graphs/",),
    "tables": ("tables/", ".sqlite"),
    "packages": (".whl", ".tar.gz"),
    "RDF of all, ontology, shapes": (".nq", ".trig", ".ttl", ".jsonld", ".rdf", ".gz"),
}
RDFLIB = """
import sys, rdflib
from pathlib import Path
quads, out = map(Path, sys.argv[1:])
found = rdflib.Dataset(default_union=True)
found.parse(quads, format="nquads")
for name, form in (("nq", "nquads"), ("trig", "trig"), ("ttl", "turtle"), ("rdf", "xml"),
                   ("jsonld", "json-ld")):
    found.serialize(out / f"dataset.{name}", format=form, encoding="utf-8")
"""


def measured(command, folder):
    """Run a command; returns seconds, processor seconds and megabytes."""
    began = time.perf_counter()
    environment = {**os.environ, "PYTHONPATH": str(folder / "scripts")}
    process = subprocess.Popen(command, cwd=folder, env=environment, stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    if status:
        raise SystemExit(f"{' '.join(map(str, command))} failed")
    seconds = time.perf_counter() - began
    return seconds, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024


def sizes(release):
    """Return files and bytes by kind, in the order of size."""
    found = {}
    for path in (each for each in release.rglob("*") if each.is_file()):
        name = str(path.relative_to(release))
        kind = next(
            (
                kind
                for kind, parts in KINDS.items()
                if name.startswith(parts) or name.endswith(parts)
            ),
            "metadata and all else",
        )
        count, size = found.get(kind, (0, 0))
        found[kind] = count + 1, size + path.stat().st_size
    return sorted(found.items(), key=lambda each: -each[1][1])


def row(name, seconds, used, peak):
    print(f"| {name} | {seconds:.1f} s, {used:.0f} s of processors | {peak:.0f} MB |", flush=True)


def main():
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        clone, out = folder / "clone", folder / "releases"
        root = find_home().root
        subprocess.run(["git", "clone", "--quiet", root, clone], check=True)
        print("| what | written in | memory |\n|---|---|---|")
        program = [sys.executable, "-m", "trilateral"]
        row("release", *measured([*program, "publish", "release", "--out", out], clone))
        release = next(path for path in out.iterdir() if (path / "manifest.json").exists())
        row("of which a build, with all checks", *measured([*program, "build"], clone))
        quads, peer = clone / "dist" / "dataset.nq", folder / "rdflib"
        peer.mkdir()
        row(
            "rdflib, five RDF formats",
            *measured([sys.executable, "-c", RDFLIB, quads, peer], clone),
        )
        print("\n| kind | files | MB |\n|---|---|---|")
        for kind, (count, size) in sizes(release):
            print(f"| {kind} | {count} | {size / 1e6:.1f} |")


if __name__ == "__main__":
    main()
