"""Measure `trilateral publish site` and print the table of docs/benchmarks.md.

Usage: [TMPDIR=/dev/shm] python -m benchmarks.site [--data DIR] [--keep DIR]

Writes the site, weighs it, and writes it again after one file of the data has changed: a word of
a recommendation, then the label of a state, which nearly all pages show. Time is that of the
clock and of all processors, until the new site is in its place; memory is the peak of the largest
process. Checks are not part of it: `trilateral check --incremental` has a measurement of its own.

A file system on disk may take ten times as long to make files where tens of thousands were
removed shortly before; in memory (TMPDIR) it does not.
"""

import argparse
import gzip
import json
import multiprocessing
import os
import resource
import shutil
import statistics
import tempfile
import time
from pathlib import Path

from trilateral.build.write import replacing
from trilateral.home import find_home
from trilateral.publish.site.make import make
from trilateral.publish.site.plan import check_target, make_plan

# Edits of one file: what is edited, file, old and new text of its first such place.
EDITS = (
    ("a word", "stances/chicago-council-2021.ttl", "polarity:supports", "polarity:opposes"),
    ("a label", "actors/states.ttl", '"Japan"@en', '"State of Japan"@en'),
)
# What a reader's first page loads besides, by the attributes that name it.
FIRST = ("index.html", "actor/index.html")


def written(data, out):
    """Write a site in a process of its own, in the place of one that stands there.

    Returns seconds, processor seconds, megabytes, and how many files were taken over.
    """
    here, there = multiprocessing.get_context("fork").Pipe()

    def run():
        began = time.perf_counter()
        plan = make_plan(find_home(data), data, out, "https://example.org", "", "en")
        with replacing(out, "the site", check_target) as folder:
            made = make(plan, folder)
        seconds = time.perf_counter() - began
        own, children = map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
        used = sum(each.ru_utime + each.ru_stime for each in (own, children))
        peak = max(own.ru_maxrss, children.ru_maxrss) / 1024
        there.send((seconds, used, peak, made.kept))

    process = multiprocessing.get_context("fork").Process(target=run)
    process.start()
    process.join()
    return here.recv()


def changed(data, folder):
    """Yield what is changed in a copy of a data folder, and the copy; each edit stays."""
    copy = Path(shutil.copytree(data, folder / "data"))
    for what, name, old, new in EDITS:
        path = copy / name
        text = path.read_text("utf-8")
        assert old in text, (name, old)
        path.write_text(text.replace(old, new, 1), "utf-8")
        yield what, copy


def weigh(out):
    """Print how much there is, and how heavy pages are on the wire."""
    files = [path for path in out.rglob("*") if path.is_file()]
    pages = [path for path in files if path.suffix == ".html"]
    sizes = [path.stat().st_size for path in files]
    on_disk = sum(path.stat().st_blocks * 512 for path in files)
    packed = sorted(len(gzip.compress(path.read_bytes(), 6)) for path in pages)
    print(f"| files | {len(files):,}, of which pages {len(pages):,} |")
    print(f"| size | {sum(sizes) / 1e6:,.0f} MB, on disk {on_disk / 1e6:,.0f} MB |")
    print(
        f"| a page, gzip | median {statistics.median(packed) / 1e3:.1f} kB, "
        f"99 of 100 below {packed[len(packed) * 99 // 100] / 1e3:.0f} kB, "
        f"largest {packed[-1] / 1e3:.0f} kB |"
    )
    for name in FIRST:
        text = (out / name).read_text("utf-8")
        loaded = [path for path in (out / "static").glob("*.*") if path.name in text]
        parts = [text.encode(), *(path.read_bytes() for path in loaded)]
        plain, small = sum(map(len, parts)), sum(len(gzip.compress(each, 6)) for each in parts)
        print(f"| {name} with what it loads | {plain / 1e3:.0f} kB, gzip {small / 1e3:.0f} kB |")
    return len(pages)


def main():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--data", type=Path, default=find_home().data)
    parser.add_argument("--keep", type=Path, help="leave the site here")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        # What is known of the last site is kept there too, and goes with it.
        os.environ["XDG_CACHE_HOME"] = str(Path(folder) / "cache")
        out = options.keep or Path(folder) / "site"
        seconds, used, peak, _ = written(options.data, out)
        print("| | |\n|---|---|")
        pages = weigh(out)
        print(f"| written in | {seconds:.1f} s, {used:.0f} s of processors |")
        print(f"| pages a second | {pages / seconds:.0f} |")
        print(f"| memory | {peak:.0f} MB, the largest process |", flush=True)
        seconds, used, _, _ = written(options.data, out)
        print(f"| again, nothing changed | {seconds:.1f} s, {used:.0f} s of processors |")
        for what, data in changed(options.data, Path(folder)):
            seconds, used, _, kept = written(data, out)
            files = len(json.loads((out / "manifest.json").read_bytes())["files"])
            print(
                f"| again after {what} | {seconds:.1f} s, {used:.0f} s of processors; "
                f"{files - kept:,} of {files:,} files written |",
                flush=True,
            )


if __name__ == "__main__":
    main()
