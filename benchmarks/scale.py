"""Load and question times as the data grow, and how fast they grow: the figures of docs/scale.md.

    python -m benchmarks.scale run --quads 100000 1000000 --budget 3600 scale.jsonl
    python -m benchmarks.scale report scale.jsonl

Each size is a corpus (benchmarks/corpus.py). Each store is loaded by its own bulk loader and asked
all questions with the defaults of their parameters. What has been measured stands in the file, and
a run goes on where the last one ended; it begins nothing once its budget is used up.
"""

import argparse
import contextlib
import functools
import json
import math
import multiprocessing
import os
import statistics
import tempfile
import time
from collections import defaultdict
from pathlib import Path

import httpx

from benchmarks import scale_stores
from benchmarks.corpus import Corpus, write_nquads
from trilateral import dataset
from trilateral.ask import values
from trilateral.ask.engines import ask_oxigraph
from trilateral.ask.questions import read_questions
from trilateral.home import find_home
from trilateral.remote.client import prepare

JSON = {"Accept": "application/sparql-results+json"}
# Below, what a request costs by itself hides how the work grows.
LEAST = 0.01
# A question whose time grows like the data to a higher power than this does not scale. Indexes that
# outgrow the caches cost each question some tenths.
STEEP = 1.5


class LateError(Exception):
    """A question took longer than it may."""


class RefusedError(Exception):
    """A store does not answer a question at all."""


class Budget:
    """The seconds that a run may take."""

    def __init__(self, seconds):
        self.end = time.monotonic() + seconds

    @property
    def left(self):
        return max(0.0, self.end - time.monotonic())


@functools.cache
def queries():
    """Return the text of each question that gives rows, by name."""
    store = dataset.load(find_home())
    return {
        name: prepare(question.bound(values.bind(store, question, {})))
        for name, question in read_questions(find_home()).items()
    }


def run(options):
    """Measure what is not yet in the file."""
    budget = Budget(options.budget)
    known = read(options.file)
    texts = {name: text for name, text in queries().items() if name in (options.only or [name])}
    if options.work:
        options.work.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=options.work) as work:
        for quads in sorted(options.quads):
            corpus = None
            for store in options.stores:
                if reason := scale_stores.missing(store):
                    print(f"{store}: {reason}", flush=True)
                    continue
                folder = Path(work) / store
                asked = wanted(known, store, quads, texts)
                if not asked and (store, quads) in loads(known):
                    continue
                if budget.left < 1:
                    print("the budget is used up; what is measured is in the file", flush=True)
                    return
                if corpus is None:
                    corpus = Path(work) / "corpus.nq"
                    with corpus.open("wb", buffering=1 << 20) as file:
                        made = Corpus(find_home(options.data), quads=quads)
                        write_nquads(made, file)
                folder.mkdir()
                try:
                    told = {"store": store, "wanted": quads, "quads": len(made)}
                    keep(options.file, known, told | load(store, corpus, folder, budget))
                    ask(store, folder, asked, options, budget, told, known)
                except (RuntimeError, scale_stores.subprocess.TimeoutExpired) as error:
                    print(f"{store} at {quads:,}: {error}", flush=True)
                finally:
                    scale_stores.remove(folder)


def load(store, corpus, folder, budget):
    begun = time.monotonic()
    processor, peak = scale_stores.STORES[store][0](corpus, folder, budget.left)
    return {
        "seconds": time.monotonic() - begun,
        "processor": processor,
        "peak_mb": peak,
        "disk_mb": scale_stores.size_of(folder),
    }


def wanted(known, store, quads, texts):
    """Return the questions to be asked: not those that were, or took too long at a smaller size."""
    done = {
        each["question"]
        for each in known
        if each["store"] == store
        and "question" in each
        and (each["wanted"] == quads or (each["seconds"] is None and each["wanted"] < quads))
    }
    return {name: text for name, text in texts.items() if name not in done}


def ask(store, folder, texts, options, budget, told, known):
    """Ask each question some times; a server that a question keeps busy is started anew."""
    serve = scale_stores.STORES[store][1]
    left = list(texts.items())
    while left and budget.left > 1:
        with contextlib.ExitStack() as stack:
            if serve is None:
                one = in_process(folder)
            else:
                one = over_http(*stack.enter_context(serve(folder)))
            while left and budget.left > 1:
                name, text = left.pop(0)
                entry = {"question": name, "seconds": None, "processor": None, "rows": None}
                try:
                    found = [one(text, options.timeout) for _ in range(options.runs)]
                except RefusedError as refused:
                    keep(options.file, known, told | entry | {"refused": str(refused)})
                    continue
                except LateError:
                    keep(options.file, known, told | entry)
                    break
                entry["seconds"] = statistics.median(seconds for seconds, _, _ in found)
                entry["processor"] = statistics.median(processor for _, processor, _ in found)
                entry["rows"] = found[0][2]
                keep(options.file, known, told | entry)


def over_http(url, server):
    client = httpx.Client(trust_env=False)

    def one(text, limit):
        begun, before = time.monotonic(), scale_stores.processor_of(server)
        try:
            answer = client.post(url, data={"query": text}, headers=JSON, timeout=limit)
            rows = rows_in(answer.raise_for_status().content)
        except httpx.TimeoutException:
            raise LateError from None
        except httpx.HTTPStatusError as error:
            raise RefusedError(error.response.text[:200]) from None
        seconds = time.monotonic() - begun
        if seconds > limit:
            raise LateError
        return seconds, scale_stores.processor_of(server) - before, rows

    # The first request opens the connection, and has a server read what it needs to begin.
    client.post(url, data={"query": "ASK { ?s ?p ?o }"}, headers=JSON, timeout=120)
    return one


def rows_in(body):
    return len(json.loads(body)["results"]["bindings"])


def in_process(folder):
    """Ask the embedded store, in a process that can be ended: nothing else ends its queries."""
    context = multiprocessing.get_context("fork")

    def work(text, results):
        import pyoxigraph

        store = pyoxigraph.Store.read_only(str(folder / "data"))
        list(store.query("SELECT * { ?s ?p ?o } LIMIT 1", use_default_graph_as_union=True))
        begun, before = time.monotonic(), time.process_time()
        rows = len(ask_oxigraph(store, text).rows)
        results.put((time.monotonic() - begun, time.process_time() - before, rows))

    def one(text, limit):
        results = context.SimpleQueue()
        process = context.Process(target=work, args=(text, results))
        process.start()
        process.join(limit + 1)
        if process.is_alive():
            process.kill()
            process.join()
            raise LateError
        if process.exitcode:
            raise RuntimeError(f"pyoxigraph ended with {process.exitcode}")
        found = results.get()
        if found[0] > limit:
            raise LateError
        return found

    return one


def keep(file, known, entry):
    """Write what was measured at once, so that nothing is lost when a run is ended."""
    known.append(entry)
    with file.open("a", encoding="utf-8") as out:
        out.write(json.dumps(entry) + "\n")
        out.flush()
        os.fsync(out.fileno())


def read(file):
    """Return what was measured; a line that was cut off by the end of a run counts as none."""
    if not file.exists():
        return []
    found = []
    for line in file.read_text(encoding="utf-8").splitlines():
        with contextlib.suppress(ValueError):
            found.append(json.loads(line))
    return found


def loads(known):
    return {(each["store"], each["wanted"]) for each in known if "question" not in each}


def growth(points):
    """Return the power of the size by which a value grows: the slope through its logarithms.

    None for fewer than two points.
    """
    logs = [(math.log(size), math.log(value)) for size, value in points if value > 0]
    if len({size for size, _ in logs}) < 2:
        return None
    return statistics.linear_regression(*zip(*logs, strict=True)).slope


def report(options):
    """Print the tables of docs/scale.md."""
    known = read(options.file)
    sizes = sorted({each["wanted"] for each in known})
    stores = list(dict.fromkeys(each["store"] for each in known))
    print("### Load\n\n| store | quads | seconds | quads a second | memory | disk |")
    print("|---|---|---|---|---|---|")
    for each in known:
        if "question" not in each:
            print(
                f"| {each['store']} | {each['quads']:,} | {each['seconds']:.1f} "
                f"| {each['quads'] / each['seconds']:,.0f} | {each['peak_mb']:,.0f} MB "
                f"| {each['disk_mb']:,.0f} MB |"
            )
    table = by_question(known, options.by)
    heads = ("store", *(f"{size:,}" for size in sizes), "too late", "refused")
    print("\n### Questions\n\n" + row(*heads))
    print("|---" * len(heads) + "|")
    for store in stores:
        cells = []
        for size in sizes:
            found = [each[size][0] for each in table[store].values() if size in each]
            done = [seconds for seconds in found if seconds is not None]
            whole = f"{sum(done):.2f} s of {len(done)}" if done else ""
            cells.append(whole)
        failed = [each for each in known if each["store"] == store and each["seconds"] is None]
        refused = sum("refused" in each for each in failed)
        print(row(store, *cells, len(failed) - refused, refused))
    print("\n### Growth\n\n" + row("question", *stores, "rows"))
    print("|---" * (len(stores) + 2) + "|")
    for name, cells, of_rows in steep(table, stores):
        print(row(f"`{name}`", *cells, of_rows))


def row(*cells):
    return "| " + " | ".join(map(str, cells)) + " |"


def by_question(known, by):
    """Return seconds (by the clock, or of the processor) and rows by store, question and size."""
    table = defaultdict(lambda: defaultdict(dict))
    for each in known:
        if "question" in each:
            found = (each[by], "refused" if "refused" in each else each["rows"])
            table[each["store"]][each["question"]][each["wanted"]] = found
    return table


def steep(table, stores):
    """Yield the questions that take more than their share in a store as the data grow.

    Each with the power by which its time grows in each store, and that of its rows.
    """
    for name in sorted({name for store in stores for name in table[store]}):
        cells, found_steep, of_rows = [], False, ""
        for store in stores:
            points = table[store].get(name, {})
            power = growth([(size, s) for size, (s, _) in points.items() if s and s > LEAST])
            rows = growth([(size, r) for size, (s, r) in points.items() if s and r])
            late = any(seconds is None for seconds, _ in points.values())
            failed = "refused" if "refused" in [r for _, r in points.values()] else "too late"
            cells.append(failed if late else "" if power is None else f"{power:.2f}")
            of_rows = of_rows if rows is None else f"{rows:.2f}"
            found_steep |= late or (power is not None and power > max(STEEP, (rows or 0) + 0.2))
        if found_steep:
            yield name, cells, of_rows


def main():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    verbs = parser.add_subparsers(required=True)
    measured = verbs.add_parser("run", help="measure")
    measured.set_defaults(run=run)
    add = measured.add_argument
    add("file", type=Path, help="JSON lines, to which what is measured is added")
    add("--quads", type=int, nargs="+", default=[100_000, 1_000_000])
    add("--stores", nargs="+", choices=scale_stores.STORES, default=list(scale_stores.STORES))
    add("--budget", type=float, default=3600, metavar="S", help="seconds in all; default: 3600")
    add("--timeout", type=float, default=60, metavar="S", help="seconds a question; default: 60")
    add("--runs", type=int, default=3, metavar="N", help="times a question is asked; default: 3")
    add("--only", nargs="+", metavar="QUESTION", help="only these questions")
    add("--data", type=Path, metavar="DIR", help="repeat the Turtle files of DIR")
    add("--work", type=Path, metavar="DIR", help="where corpora and stores lie meanwhile")
    reported = verbs.add_parser("report", help="print tables")
    reported.set_defaults(run=report)
    reported.add_argument("file", type=Path)
    reported.add_argument("--by", choices=("seconds", "processor"), default="seconds")
    options = parser.parse_args()
    options.run(options)


if __name__ == "__main__":
    main()
