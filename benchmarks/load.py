"""Measure `trilateral load` against the bulk loaders of the stores, for docs/load.md.

Usage: python -m benchmarks.load [--triples N ...] [--stores NAME ...]

Each store is started empty, loaded by `trilateral load` and ended; then its own bulk loader
reads the same file of quads. Ours reads the build, compares, sends, and verifies counts and
canonical hashes; a bulk loader reads and stores. So the parts of ours are shown one by one.
Memory is the peak of our process. Stores come from proof/stores.
"""

import argparse
import hashlib
import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pyoxigraph as ox
from proof.engines.java import jars_of
from proof.stores import fuseki
from proof.stores.fuseki import Fuseki
from proof.stores.oxigraph import Oxigraph
from proof.stores.store import find

from benchmarks.repeat import repeat
from trilateral import dataset
from trilateral.load import run
from trilateral.load.source import read_source
from trilateral.load.targets import find_target
from trilateral.load.transport import Transport
from trilateral.remote.client import Client

# Seconds for one request.
_PATIENCE = 3600


def by_oxigraph(quads, folder):
    """Return the command by which Oxigraph reads quads into an empty store."""
    return [find("oxigraph"), "load", "--location", folder, "--file", quads]


def by_fuseki(quads, folder):
    """Return the command by which TDB2 reads quads into an empty dataset."""
    jars = jars_of(fuseki._ARTIFACT)
    return ["java", "-cp", f"{jars}/*", "tdb2.tdbloader", "--loc", folder, quads]


STORES = {"oxigraph": (Oxigraph, by_oxigraph), "fuseki": (Fuseki, by_fuseki)}


def write_build(folder, home):
    """Write what is loaded of a build: quads and manifest; returns the file of quads."""
    folder.mkdir()
    store = dataset.load(home)
    text = store.dump(format=ox.RdfFormat.N_QUADS)
    digest = hashlib.sha256(text).hexdigest()
    (folder / "dataset.nq").write_bytes(text)
    manifest = {
        "version": "0",
        "rdfc10_sha256": digest,
        "files": {"dataset.nq": {"sha256": digest}},
    }
    (folder / "manifest.json").write_text(json.dumps(manifest))
    return folder / "dataset.nq", len(store)


def ours(url, name, build):
    """Load in this process; prints seconds of each part and megabytes as JSON."""
    transport = Transport(None, _PATIENCE, lambda text: None)
    target = find_target(url, name, transport)
    client = Client(target.query, None, _PATIENCE, _PATIENCE * 10)
    parts, began = {}, time.perf_counter()

    def passed(part):
        nonlocal began
        now = time.perf_counter()
        parts[part], began = now - began, now

    source = read_source(None, build, None)
    passed("read")
    plan = run.make_plan(client, source)
    passed("compare")
    target.apply(run.change_of(plan, source), transport)
    passed("send")
    run.verify(client, source, None, transport.progress, every=False)
    passed("verify")
    assert run.make_plan(client, source).is_empty
    passed("again")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"parts": parts, "memory": peak}))


def measure(name, build, quads, folder):
    """Return seconds of each part of ours, our memory, and seconds of the bulk loader."""
    kind, loader = STORES[name]
    with kind(folder / name) as store:
        program = [sys.executable, "-m", "benchmarks.load", "--ours", store.url, name, build]
        done = subprocess.run(list(map(str, program)), capture_output=True, text=True)
        if done.returncode:
            raise SystemExit(f"{name}: {done.stderr}")
        found = json.loads(done.stdout)
    began = time.perf_counter()
    command = loader(quads, folder / f"{name}-bulk")
    subprocess.run(list(map(str, command)), check=True, capture_output=True, cwd=folder)
    return {**found, "bulk": time.perf_counter() - began}


def main():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--triples", type=int, nargs="*", default=[0, 300_000])
    parser.add_argument("--stores", nargs="*", choices=STORES, default=list(STORES))
    parser.add_argument("--ours", nargs=3, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.ours:
        url, name, build = options.ours
        ours(url, name, Path(build))
        return
    titles = ["read", "compare", "send", "verify", "memory", "bulk loader", "bulk / send"]
    for wanted in options.triples:
        with tempfile.TemporaryDirectory() as folder:
            home = repeat(Path(folder) / "data", wanted)
            quads, size = write_build(Path(folder) / "build", home)
            print(f"\n### {size:,} quads\n")
            print(f"| store | {' | '.join([*titles, 'again'])} |\n|---|{'---|' * 8}", flush=True)
            for name in options.stores:
                if reason := STORES[name][0].missing():
                    print(f"{name}: {reason}", file=sys.stderr)
                    continue
                found = measure(name, quads.parent, quads, Path(folder))
                parts, bulk = found["parts"], found["bulk"]
                cells = [f"{parts[each]:.1f} s" for each in ("read", "compare", "send", "verify")]
                cells += [f"{found['memory']:.0f} MB", f"{bulk:.1f} s"]
                cells += [f"{bulk / parts['send']:.2f}", f"{parts['again']:.1f} s"]
                print(f"| {name} | {' | '.join(cells)} |", flush=True)


if __name__ == "__main__":
    main()
