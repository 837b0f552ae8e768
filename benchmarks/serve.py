"""Measure the server against its peers and print the tables of docs/benchmarks.md.

Usage: python -m benchmarks.serve [--triples N ...] [--seconds S] [--quick] [--without NAME ...]

Needs wrk (Debian: wrk), for the comparison of documents nginx (Debian: nginx-light), for that
of SPARQL oxigraph and rdflib-endpoint (pip install -e .[bench]). Clients and servers share
this machine; each server runs alone.
"""

import argparse
import contextlib
import hashlib
import itertools
import json
import sys
import tempfile
from pathlib import Path

import pyoxigraph as ox

from benchmarks import serve_servers as servers
from benchmarks.corpus import Corpus, write_turtle
from benchmarks.serve_load import Runaways, once, wrk
from benchmarks.serve_requests import BASE, Requests, answered, count_rows
from trilateral import dataset

# More requests a second than any of the servers answers, so that no list ends early.
MOST = 20_000
JSON = "application/sparql-results+json"
LABEL = ox.NamedNode("http://www.w3.org/2004/02/skos/core#prefLabel")


def short_queries(server, requests, seconds):
    """Measure short queries at 1 and at 16 clients."""
    many = int(MOST * seconds)
    wrk(server.url, requests.queries(server.path, 1000), 4, 1, JSON)
    found = {"memory": server.megabytes()}
    for clients in (1, 16):
        paths = requests.queries(server.path, many)
        found[clients] = wrk(server.url, paths, clients, seconds, JSON)
        if found[clients]["asked"] > many:
            print(f"{server.name}: some queries were asked twice", file=sys.stderr)
    return {"start": server.seconds, **found, "after": server.megabytes()}


def beside_runaways(server, requests, seconds):
    """Measure short queries of one client while five runaway queries run."""
    with Runaways(server.url, server.path):
        return wrk(server.url, requests.queries(server.path, MOST * 2), 1, max(seconds, 2), JSON)


def documents(server, requests, ending, seconds, count):
    """Measure documents that are asked for the first time, and again when they are kept."""
    paths = requests.documents(ending, count)
    cold = once(server.url, paths, 4, seconds)
    kept = answered(server.url, paths[:200])
    return {"cold": cold, "kept": wrk(server.url, list(kept), 16, seconds), "files": kept}


def questions(server, requests, seconds, count):
    paths = requests.questions(count)
    cold = once(server.url, paths, 4, seconds)
    kept = answered(server.url, paths[:200])
    return {"cold": cold, "kept": wrk(server.url, list(kept), 16, seconds), "files": kept}


def static(found, folder, seconds):
    """Write pages and Turtle documents that the server has kept to files, for nginx to give.

    The server is ended before nginx is measured.
    """
    root = folder / "files"
    lists = {"html": found["pages"]["files"], "ttl": found["turtle"]["files"]}
    for path, body in itertools.chain(*(files.items() for files in lists.values())):
        file = root / path.lstrip("/")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(body)

    def measure():
        with servers.nginx(root, folder) as peer:
            found = {}
            for ending, paths in lists.items():
                wrk(peer.url, list(paths), 16, 1)
                found[ending] = wrk(peer.url, list(paths), 16, seconds)
            return found

    return measure


def write_build(folder, home):
    """Write what the server reads of a build, without checks and the other files.

    Returns the file of quads, and the IRIs of the things that have a label.
    """
    folder.mkdir()
    store = dataset.load(home)
    text = store.dump(format=ox.RdfFormat.N_QUADS)
    digest = hashlib.sha256(text).hexdigest()
    (folder / "dataset.nq").write_bytes(text)
    manifest = {"rdfc10_sha256": digest, "files": {"dataset.nq": {"sha256": digest}}}
    (folder / "manifest.json").write_text(json.dumps(manifest))
    labelled = {quad.subject.value for quad in store.quads_for_pattern(None, LABEL, None, None)}
    return folder / "dataset.nq", [each for each in labelled if each.startswith(BASE)]


def measure(folder, home, seconds, count, without):
    """Return what was measured of each server."""
    build = folder / "build"
    quads, things = write_build(build, home)
    found = {}
    with servers.trilateral("--data", home.data) as server:
        found["from Turtle"] = server.seconds
    with servers.trilateral("--build", build) as server:
        requests = Requests(server.url, things)
        # What the peers are asked for is first answered here, so that they can be compared.
        sample = requests.queries("", 50)
        expected = [count_rows(server.url, server.path + each) for each in sample]
        found["pages"] = documents(server, requests, "html", seconds, count)
        found["turtle"] = documents(server, requests, "ttl", seconds, count)
        found["questions"] = questions(server, requests, seconds, count)
        later = static(found, folder, seconds) if servers.find("nginx") else dict
    store = folder / "oxigraph"
    if servers.find("oxigraph"):
        servers.load_oxigraph(quads, store)
    for name, start, limited in (
        ("trilateral", lambda: servers.trilateral("--build", build), ()),
        # Under a timeout, thousands of queries a second end it within seconds; so it has one only
        # where it needs one, and for short.
        ("oxigraph", lambda *options: servers.oxigraph(store, *options), ("--timeout-s", 10)),
        ("rdflib-endpoint", lambda: servers.rdflib_endpoint(quads), ()),
    ):
        if name in without or not (name == "trilateral" or servers.find(name)):
            continue
        with start() as server:
            got = [count_rows(server.url, server.path + each) for each in sample]
            if got != expected:
                print(f"{name} answers differently: {expected} {got}", file=sys.stderr)
            found[name] = short_queries(server, requests, seconds)
        with start(*limited) as server:
            found[name]["runaways"] = beside_runaways(server, requests, min(seconds, 2))
    found["nginx"] = later()
    return found


# ---------------------------------------------------------------- tables


def report(found):
    names = [each for each in ("trilateral", "oxigraph", "rdflib-endpoint") if each in found]
    print(f"| SPARQL | {' | '.join(names)} |")
    print("|---|" + "---|" * len(names))
    for clients in (1, 16):
        some = f"{clients} client{'s' if clients > 1 else ''}"
        line(f"queries a second, {some}", [rate(found[name][clients]) for name in names])
        line(f"p50, p99, {some}", [latency(found[name][clients]) for name in names])
    kind = "p50, p99 of 1 client while five runaway queries run"
    line(kind, [latency(found[name]["runaways"]) for name in names])
    line("start", [f"{found[name]['start']:.1f} s" for name in names])
    for when, text in (("memory", "memory at start"), ("after", "memory after the queries")):
        line(f"{text}, PSS (RSS)", [memory(found[name][when]) for name in names])
    print(f"\nStart from Turtle files: {found['from Turtle']:.1f} s.\n")
    print("| documents | first time | p50, p99 | kept | p50, p99 | nginx | nginx / kept |")
    print("|---|---|---|---|---|---|---|")
    for name, ending in (("pages", "html"), ("turtle", "ttl"), ("questions", "")):
        cold, kept = found[name]["cold"], found[name]["kept"]
        row = [rate(cold), latency(cold), rate(kept), latency(kept)]
        peer = found["nginx"].get(ending)
        line(name, row + ([rate(peer), f"{peer['rate'] / kept['rate']:.1f}"] if peer else ["", ""]))


def line(name, cells):
    print(f"| {name} | {' | '.join(cells)} |", flush=True)


def rate(found):
    failed = f", {found['failed']} failed" * bool(found["failed"])
    number = f"{found['rate']:,.0f}" if found["rate"] >= 10 else f"{found['rate']:.1f}"
    return f"{number} /s{failed}"


def latency(found):
    if not found["rate"]:
        return f"none answered in {found['seconds']:.0f} s"
    return f"{found['p50']:.1f}, {found['p99']:.1f} ms"


def memory(found):
    return f"{found['pss']:.0f} ({found['rss']:.0f}) MB"


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--triples", type=int, nargs="*", default=[0, 1_000_000])
    parser.add_argument("--seconds", type=float, default=10, help="of each run of wrk")
    parser.add_argument("--quick", action="store_true", help="the shipped data, a second a run")
    parser.add_argument("--without", nargs="*", default=[], help="peers that are left out")
    options = parser.parse_args()
    print(f"Python {sys.version}")
    if not servers.find("wrk"):
        raise SystemExit("wrk is not installed (on Debian: apt-get install wrk nginx-light)")
    seconds, count = (1, 200) if options.quick else (options.seconds, 2000)
    for wanted in [0] if options.quick else options.triples:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            home = write_turtle(Corpus(quads=wanted), folder / "data")
            print(f"\n### {len(dataset.load(home)):,} triples\n", flush=True)
            report(measure(folder, home, seconds, count, options.without))


with contextlib.suppress(KeyboardInterrupt):
    main()
