"""Measure `trilateral load` against the bulk loaders of the stores, for docs/load.md.

Usage: python -m benchmarks.load [--triples N ...] [--stores NAME ...]

Each store is started empty, loaded by `trilateral load` and ended; then its own bulk loader
reads the same file of quads. Ours reads the build, compares, sends, and verifies counts and
canonical hashes; a bulk loader reads and stores. So the parts of ours are shown one by one.
Memory is the peak of our process. Stores come from proof/stores. What is verified may be held
against what the whole load took: the sum of the first three parts.
"""

import argparse
import hashlib
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from proof.stores.fuseki import Fuseki
from proof.stores.oxigraph import Oxigraph

from benchmarks.corpus import Corpus, write_nquads
from benchmarks.scale_stores import large_virtuoso, load_fuseki, load_oxigraph, load_virtuoso
from trilateral.load import run
from trilateral.load.source import read_source
from trilateral.load.targets import find_target
from trilateral.load.transport import Transport
from trilateral.remote.client import Client
from trilateral.remote.credentials import find_credentials

# Seconds for one request.
_PATIENCE = 3600
_AGAIN = 500_000  # quads beyond which loading again is not measured


class Quick(Fuseki):
    """Fuseki with the memory and the compiler of Java that its bulk loader has."""

    def command(self):
        words = [word for word in super().command() if not str(word).startswith("-X")]
        return [words[0], "-Xmx4g", *words[1:]]


class Roomy(large_virtuoso()):
    """Virtuoso as for its bulk loader, and with room for a transaction of all quads."""

    def command(self):
        words = super().command()
        settings = self.folder / "virtuoso.ini"
        head, parameters, rest = settings.read_text().partition("[Parameters]\n")
        more = "TransactionAfterImageLimit = 2000000000\n"
        settings.write_text(head + parameters + more + rest)
        return words


STORES = {
    "oxigraph": (Oxigraph, load_oxigraph),
    "fuseki": (Quick, load_fuseki),
    "virtuoso": (Roomy, load_virtuoso),
}


def write_build(folder, quads):
    """Write what is loaded of a build, quads and manifest; returns the file and how many."""
    folder.mkdir()
    corpus, path = Corpus(quads=quads), folder / "dataset.nq"
    with path.open("wb") as file:
        write_nquads(corpus, file)
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    files = {"dataset.nq": {"sha256": digest}}
    manifest = {"version": "0", "rdfc10_sha256": digest, "files": files}
    (folder / "manifest.json").write_text(json.dumps(manifest))
    return path, len(corpus)


def ours(url, name, build):
    """Load in this process; prints seconds of each part and megabytes as JSON."""
    credentials = find_credentials(url)
    transport = Transport(credentials, _PATIENCE, lambda text: None)
    target = find_target(url, name, transport)
    client = Client(target.query, credentials, _PATIENCE, _PATIENCE * 10)
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
    if source.counts["quads"] <= _AGAIN:
        assert run.make_plan(client, source).is_empty
        passed("again")
    # Not ru_maxrss, which begins with what the process had before it became this program.
    lines = Path("/proc/self/status").read_text().splitlines()
    (peak,) = (int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM"))
    print(json.dumps({"parts": parts, "memory": peak}))


def measure(name, build, quads, folder):
    """Return seconds of each part of ours, our memory, and seconds of the bulk loader."""
    kind, loader = STORES[name]
    with kind(folder / name) as store:
        program = [sys.executable, "-m", "benchmarks.load", "--ours", store.url, name, build]
        login = {
            "TRILATERAL_USER": "dba",
            "TRILATERAL_PASSWORD": "dba",
            "TRILATERAL_AUTH": "digest",
        }
        environment = {**os.environ, **(login if name == "virtuoso" else {})}
        words = list(map(str, program))
        done = subprocess.run(words, capture_output=True, text=True, env=environment)
        if done.returncode:
            raise SystemExit(f"{name}: {done.stderr}")
        found = json.loads(done.stdout)
    began = time.perf_counter()
    bulk = folder / f"{name}-bulk"
    bulk.mkdir()
    loader(quads, bulk, _PATIENCE)
    return {**found, "bulk": time.perf_counter() - began}


def main():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--triples", type=int, nargs="*", default=[0, 300_000, 1_000_000])
    parser.add_argument("--stores", nargs="*", choices=STORES, default=list(STORES))
    parser.add_argument("--ours", nargs=3, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.ours:
        url, name, build = options.ours
        ours(url, name, Path(build))
        return
    titles = ["read", "compare", "send", "verify", "verify / load", "memory", "bulk loader"]
    titles += ["bulk / send", "again"]
    for wanted in options.triples:
        with tempfile.TemporaryDirectory() as folder:
            quads, size = write_build(Path(folder) / "build", wanted)
            print(f"\n### {size:,} quads\n")
            print(f"| store | {' | '.join(titles)} |\n|---|{'---|' * len(titles)}", flush=True)
            for name in options.stores:
                if reason := STORES[name][0].missing():
                    print(f"{name}: {reason}", file=sys.stderr)
                    continue
                found = measure(name, quads.parent, quads, Path(folder))
                parts, bulk = found["parts"], found["bulk"]
                cells = [f"{parts[each]:.1f} s" for each in ("read", "compare", "send", "verify")]
                load = parts["read"] + parts["compare"] + parts["send"]
                cells += [f"{parts['verify'] / load:.2f}", f"{found['memory']:.0f} MB"]
                cells += [f"{bulk:.1f} s", f"{bulk / parts['send']:.2f}"]
                cells += [f"{parts['again']:.1f} s" if "again" in parts else ""]
                print(f"| {name} | {' | '.join(cells)} |", flush=True)


if __name__ == "__main__":
    main()
