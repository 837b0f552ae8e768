"""One measurement in a process of its own: ``python -m benchmarks.measure WHAT DATA [QUESTION]``.

Prints the seconds of the work itself (imports excluded) and the peak memory of
the process as JSON. WHAT is ``<task>-<who>``.
"""

import json
import resource
import sys
import time
from pathlib import Path

import pyoxigraph as ox
import pyshacl
import rdflib

from trilateral import dataset, turtle
from trilateral.ask import engines, values
from trilateral.ask.questions import read_questions
from trilateral.build import assemble
from trilateral.check import rules, run, shacl, standards
from trilateral.check.incremental import Checked
from trilateral.home import find_home
from trilateral.prefixes import prefixes


def queries(home):
    store = dataset.load(find_home())
    questions = read_questions(home).values()
    texts = {each.name: each.bound(values.bind(store, each, {})) for each in questions}
    # A plain rdflib graph, rdflib's faster form, has no named graphs to ask for.
    return {name: text for name, text in texts.items() if "GRAPH ?" not in text}


def ask_trilateral(home, only):
    texts = queries(home)
    yield
    store = dataset.load(home)
    for name, text in texts.items():
        if only in ("", name):
            engines.ask_oxigraph(store, text)


def ask_rdflib(home, only):
    texts = queries(home)
    yield
    graph = _rdflib_graph(home)
    for name, text in texts.items():
        if only in ("", name):
            list(graph.query(text, initNs=dict(prefixes())))


def load_trilateral(home, only):
    yield
    dataset.load(home)


def load_rdflib(home, only):
    yield
    _rdflib_graph(home)


def _rdflib_graph(home):
    graph = rdflib.Graph()
    for path in home.turtle_files():
        if not path.is_relative_to(home.shapes):
            graph.parse(path, format="turtle")
    return graph


def _rdflib_dataset(home):
    graph = rdflib.Dataset(default_union=True)
    for path in home.turtle_files():
        if not path.is_relative_to(home.shapes):
            name = rdflib.URIRef(prefixes()["graph"] + home.graph_path(path))
            graph.graph(name).parse(path, format="turtle")
    return graph


def validate_trilateral(home, only):
    data = dataset.read_valid(home)
    files = data.under(home.shapes).items()
    rules_graph = shacl.graph_of(
        triple for path, file in files if path.name != "shapes-lint.ttl" for triple in file.triples
    )
    graph = shacl.graph_of(data.triples(home.ontology, home.data))
    del data
    yield
    shacl.validate(graph, rules_graph)


def validate_pyshacl(home, only):
    data, rules_graph = rdflib.Graph(), rdflib.Graph()
    for path in home.turtle_files():
        under_shapes = path.is_relative_to(home.shapes)
        if path.name != "shapes-lint.ttl":
            (rules_graph if under_shapes else data).parse(path, format="turtle")
    yield
    pyshacl.validate(data, shacl_graph=rules_graph, inference="none")


def rules_trilateral(home, only):
    data = dataset.read_valid(home)
    store = data.store()
    yield
    for path in rules.rule_files(home):
        rules.run_rule(path, store)


def standards_trilateral(home, only):
    data = dataset.read_valid(home)
    yield
    standards.run_standards(data)


def check_trilateral(home, only):
    yield
    run.run(home)


def edit_trilateral(home, only):
    """Check again after one value of one stance has changed, as `check --watch` does."""
    checked = Checked(dataset.read_valid(home))
    path = next(iter(sorted((home.data / "stances").glob("*.ttl"))))
    text = path.read_text(encoding="utf-8")
    wanted = "tri:intensity intensity:"
    at = text.index(wanted) + len(wanted)
    end = text.index(" ", at)
    other = "weak" if text[at:end] != "weak" else "strong"
    changed = turtle.read(text[:at] + other + text[end:])
    after = dataset.Dataset(home, {**checked.dataset.files, path: changed})
    checked.reads  # noqa: B018  found once, at the first change
    yield
    checked.update(after)


def build_trilateral(home, only):
    yield
    assemble.assemble(dataset.read_valid(home))


def build_rdflib(home, only):
    yield
    graph = _rdflib_dataset(home)
    graph.serialize(format="nquads")
    graph.serialize(format="trig")
    merged = rdflib.Graph()
    for subject, predicate, value, _ in graph.quads():
        merged.add((subject, predicate, value))
    merged.serialize(format="turtle")


def count_triples(home, only):
    yield
    print(len(dataset.load(home)), file=sys.stderr)


def main():
    what, data = sys.argv[1], Path(sys.argv[2])
    only = sys.argv[3] if len(sys.argv) > 3 else ""
    task, _, who = what.partition("-")
    work = globals()[f"{task}_{who}"](find_home(data), only)
    next(work)
    start = time.perf_counter()
    next(work, None)
    seconds = time.perf_counter() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"seconds": seconds, "peak_mb": peak}))


assert ox and pyshacl  # imported before the clock starts, for both sides alike
if __name__ == "__main__":
    main()
