"""Run all measurements and print the table of docs/benchmarks.md: ``make bench``.

Usage: python -m benchmarks [--triples N ...] [--runs N] [--timeout SECONDS] [--each]
"""

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.corpus import Corpus, write_turtle
from trilateral import dataset
from trilateral.ask.questions import read_questions
from trilateral.home import find_home

PAIRS = [
    ("load", "trilateral", "rdflib"),
    ("ask", "trilateral", "rdflib"),
    ("validate", "trilateral", "pyshacl"),
    ("build", "trilateral", "rdflib"),
]
ALONE = ["rules-trilateral", "standards-trilateral", "check-trilateral", "edit-trilateral"]


def measure(what, data, runs, timeout, only=""):
    """Return median seconds and peak megabytes over some runs, or None beyond the timeout."""
    found = []
    for _ in range(runs):
        command = [sys.executable, "-m", "benchmarks.measure", what, str(data), only]
        try:
            done = subprocess.run(command, capture_output=True, text=True, timeout=timeout)
        except subprocess.TimeoutExpired:
            return None
        if done.returncode:
            raise SystemExit(f"{what}: {done.stderr}")
        found.append(json.loads(done.stdout.splitlines()[-1]))
    return {key: statistics.median(each[key] for each in found) for key in found[0]}


def cell(result, timeout):
    if result is None:
        return f"over {timeout:.0f} s", ""
    return f"{result['seconds']:.2f} s", f"{result['peak_mb']:.0f} MB"


def table(data, triples, runs, timeout):
    print(f"\n### {triples:,} triples\n")
    print("| task | this package | memory | peer | peer's time | peer's memory | ratio |")
    print("|---|---|---|---|---|---|---|", flush=True)
    for task, ours, peer in PAIRS:
        mine = measure(f"{task}-{ours}", data, runs, timeout)
        theirs = measure(f"{task}-{peer}", data, runs, timeout)
        if mine is None:
            ratio = ""
        else:
            bound = timeout if theirs is None else theirs["seconds"]
            ratio = ("over " if theirs is None else "") + f"{bound / mine['seconds']:.1f}"
        row = [task, *cell(mine, timeout), peer, *cell(theirs, timeout), ratio]
        print("| " + " | ".join(row) + " |", flush=True)
    for what in ALONE:
        mine = measure(what, data, runs, timeout)
        print("| " + " | ".join([what.split("-")[0], *cell(mine, timeout), "", "", "", ""]) + " |")


def each_question(data, runs, timeout):
    """Print the seconds of each question alone, to find one that grows faster than the data."""
    base = measure("load-trilateral", data, runs, timeout)["seconds"]
    for name in read_questions(find_home(data)):
        result = measure("ask-trilateral", data, runs, timeout, name)
        shown = "timeout" if result is None else f"{max(0, result['seconds'] - base):.3f}"
        print(f"| {name} | {shown} |", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--triples", type=int, nargs="*", default=[0, 100_000, 1_000_000])
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--timeout", type=float, default=600)
    parser.add_argument("--each", action="store_true", help="time each question alone")
    options = parser.parse_args()
    for wanted in options.triples:
        with tempfile.TemporaryDirectory() as folder:
            home = write_turtle(Corpus(quads=wanted), Path(folder) / "data")
            triples = len(dataset.load(home))
            if options.each:
                print(f"\n### {triples:,} triples, each question\n", flush=True)
                each_question(home.data, options.runs, options.timeout)
            else:
                table(home.data, triples, options.runs, options.timeout)


main()
