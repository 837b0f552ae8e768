"""Measure `trilateral load` against the bulk loaders of the stores, for docs/load.md.

Usage: python -m benchmarks.load [--triples N ...] [--stores NAME ...] [--turns N]

Each store is started empty, loaded by `trilateral load` and ended; then its own bulk loader
reads the same file of quads, and `trilateral load --bulk` calls it, by turns. Ours reads the build,
compares, sends, and verifies counts and canonical hashes; a bulk loader reads and stores. So the
parts of ours are shown one by one; of `--bulk` all of it, from the start of Python to the end.
Memory is the peak of our process. Stores come from proof/stores. What is verified may be held
against what the whole load took: the sum of the first three parts. Of several turns the least
is taken. Ratios are told by the clock and, behind a stroke, by the processor, which other work on
the machine does not change as much; that of a store is its server's too.
"""

import argparse
import hashlib
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from proof.engines.java import jars_of
from proof.stores.fuseki import _ARTIFACT as FUSEKI
from proof.stores.fuseki import Fuseki
from proof.stores.oxigraph import Oxigraph
from proof.stores.store import find

from benchmarks.corpus import Corpus, write_nquads
from benchmarks.scale_stores import (
    large_virtuoso,
    load_fuseki,
    load_oxigraph,
    load_virtuoso,
    processor_of,
    remove,
)
from trilateral.load import run
from trilateral.load.bulk import LOADERS
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


PARTS = ("read", "compare", "send", "verify")


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


def load_over_http(url, name, build, store):
    """Load in this process; prints seconds of each part and megabytes as JSON.

    Seconds are those of the clock, and of the processor here and in the process of the store.
    """
    credentials = find_credentials(url)
    transport = Transport(credentials, _PATIENCE, lambda text: None)
    target = find_target(url, name, transport)
    client = Client(target.query, credentials, _PATIENCE, _PATIENCE * 10)
    parts, began = {}, (time.perf_counter(), time.process_time() + processor_of(store))

    def passed(part):
        nonlocal began
        now = time.perf_counter(), time.process_time() + processor_of(store)
        parts[part], began = (now[0] - began[0], now[1] - began[1]), now

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


def programs(folder):
    """Write the commands of Jena, as its distribution has them, and return a search path."""
    for name in ("tdb2.tdbloader", "tdb2.tdbquery"):
        path = folder / name
        words = f'java ${{JVM_ARGS:--Xmx4g}} -cp "{jars_of(FUSEKI)}/*" {name} "$@"'
        path.write_text(f"#!/bin/sh\n{words}\n")
        path.chmod(0o755)
    return os.pathsep.join([str(folder), str(find("oxigraph").parent), os.environ["PATH"]])


def load_ours(name, build, folder):
    """Run `trilateral load --bulk`, and return its seconds of processor."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    words = [sys.executable, "-m", "trilateral", "load", "--bulk", folder / "data"]
    environment = {**os.environ, "PATH": programs(folder.parent)}
    done = subprocess.run(
        [*map(str, words), "--store", name, "--build", str(build)],
        capture_output=True,
        text=True,
        env=environment,
    )
    if done.returncode:
        raise SystemExit(f"{name}: {done.stderr}")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime


def by_turns(name, build, quads, folder, turns):
    """Return the least seconds, by the clock and of the processor, of a loader and `--bulk`."""
    ways = {"bulk": lambda place: STORES[name][1](quads, place, _PATIENCE)[0]}
    if name in LOADERS:
        ways["ours"] = lambda place: load_ours(name, build, place)
    taken = {way: [] for way in ways}
    for turn in range(turns):
        for way, load in ways.items():
            place = folder / f"{name}-{way}-{turn}"
            place.mkdir()
            began = time.perf_counter()
            processor = load(place)
            taken[way].append((time.perf_counter() - began, processor))
            remove(place)
    return {way: tuple(map(min, zip(*each, strict=True))) for way, each in taken.items()}


def measure(name, build, quads, folder, turns):
    """Return seconds of each part of ours, our memory, and what the bulk loader and ours take."""
    with STORES[name][0](folder / name) as store:
        program = [sys.executable, "-m", "benchmarks.load", "--ours", store.url, name, build]
        program.append(store.process.pid)
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
    return {**found, **by_turns(name, build, quads, folder, turns)}


def ratio(one, other):
    """Return how two pairs of seconds, by the clock and of the processor, are to each other."""
    return " / ".join(f"{a / b:.2f}" for a, b in zip(one, other, strict=True))


def main():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--triples", type=int, nargs="*", default=[0, 300_000, 1_000_000])
    parser.add_argument("--stores", nargs="*", choices=STORES, default=list(STORES))
    parser.add_argument("--turns", type=int, default=1, help="of loader and --bulk; default: 1")
    parser.add_argument("--ours", nargs=4, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.ours:
        url, name, build, process = options.ours
        load_over_http(url, name, Path(build), int(process))
        return
    titles = [*PARTS, "verify / load", "memory", "bulk loader", "bulk / send"]
    titles += ["--bulk", "bulk / --bulk", "again"]
    for wanted in options.triples:
        with tempfile.TemporaryDirectory() as folder:
            quads, size = write_build(Path(folder) / "build", wanted)
            print(f"\n### {size:,} quads\n")
            print(f"| store | {' | '.join(titles)} |\n|---|{'---|' * len(titles)}", flush=True)
            for name in options.stores:
                if reason := STORES[name][0].missing():
                    print(f"{name}: {reason}", file=sys.stderr)
                    continue
                found = measure(name, quads.parent, quads, Path(folder), options.turns)
                parts, bulk = found["parts"], found["bulk"]
                cells = [f"{parts[each][0]:.1f} s" for each in PARTS]
                load = [sum(parts[each][at] for each in PARTS[:-1]) for at in (0, 1)]
                cells += [ratio(parts["verify"], load), f"{found['memory']:.0f} MB"]
                cells += [f"{bulk[0]:.1f} s", ratio(bulk, parts["send"])]
                ours = found.get("ours")
                cells += [f"{ours[0]:.1f} s", ratio(bulk, ours)] if ours else ["", ""]
                cells += [f"{parts['again'][0]:.1f} s" if "again" in parts else ""]
                print(f"| {name} | {' | '.join(cells)} |", flush=True)


if __name__ == "__main__":
    main()
