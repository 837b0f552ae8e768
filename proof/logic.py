"""Logic: consistency, OWL 2 DL, entailments and derive rules, as figures for the proof page."""

from __future__ import annotations

import subprocess
from collections import Counter
from collections.abc import Collection, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pyoxigraph as ox
from rdflib import OWL, RDFS, Graph

from proof import contradictions, derive, entailments
from proof.reasoners import CONSISTENT, REASONERS, axioms
from trilateral import dataset
from trilateral.check.shacl import graph_of as as_graph
from trilateral.coding import agreement
from trilateral.home import Home, find_home

# Cases that do not hold yet, and what in the ontology has to change.
OPEN: dict[str, str] = {}
CHECKER = Path(__file__).parents[1] / ".ci" / "owl-profile"
CACHE = Path.home() / ".cache" / "trilateral"
_AXIOMS = {
    RDFS.subClassOf: "subclass",
    RDFS.subPropertyOf: "sub-property",
    RDFS.domain: "domain",
    RDFS.range: "range",
    OWL.disjointWith: "disjoint classes",
}


def terms(home: Home, without: Collection[str] = ()) -> Graph:
    """Return the axioms of the ontology with those of the vocabularies that it is aligned with.

    Args:
        home: where the ontology lies.
        without: names of files of the ontology to leave out.
    """
    found = dataset.read_valid(home)
    files = found.under(home.ontology)
    kept = (t for path, file in files.items() if path.name not in without for t in file.triples)
    vocabularies = Graph().parse(entailments.VOCABULARIES, format="turtle")
    return axioms(as_graph(kept)) + vocabularies


def everything(home: Home) -> Graph:
    """Return all that is shipped, the aligned vocabularies, and what the derive rules give."""
    found = dataset.read_valid(home)
    store = found.store()
    derived = derive.fixed_point(store, list(derive.read_rules(home).values())).derived
    whole = axioms(as_graph([*triples(store), *agreement.triples(store)]))
    whole.parse(entailments.VOCABULARIES, format="turtle")
    whole += as_graph(derived)
    return whole


def triples(store: ox.Store) -> Iterator[ox.Triple]:
    """Yield the triples of all graphs of a store."""
    return (ox.Triple(quad.subject, quad.predicate, quad.object) for quad in store)


def violations(graph: Graph) -> Counter[str]:
    """Return how often a graph is outside OWL 2 DL, by kind; ROBOT is the checker.

    Raises:
        FileNotFoundError: when Java or Maven is missing.
    """
    with TemporaryDirectory() as folder:
        file = Path(folder) / "graph.ttl"
        # N-Triples are Turtle, and quicker to write.
        graph.serialize(file, format="nt", encoding="utf-8")
        command = [CHECKER, CACHE, file]
        done = subprocess.run(command, capture_output=True, text=True, timeout=280, check=False)
    if done.returncode == 0:
        return Counter()
    if done.returncode == 2 or "PROFILE VIOLATION" not in done.stderr:
        raise FileNotFoundError(done.stderr)
    report = done.stderr.partition("violations are present:")[2]
    return Counter(_kind(line) for line in report.splitlines() if line.strip())


def _kind(line: str) -> str:
    """Return a line of a report without the axiom and the value that it is about."""
    kind = line.partition(" [")[0]
    return kind.partition('"')[0] + kind.rpartition("^^")[2] if '"' in kind else kind


def section() -> str:
    """Run the part and return its section of the proof page."""
    home = find_home()
    vocabulary = terms(home)
    return "\n".join(
        [
            "## Logic",
            "",
            "Two complete reasoners, HermiT and Pellet, and the rules of OWL RL, over the ontology "
            "with the axioms of FOAF, PROV-O, ORG, SKOS, SKOS-XL and Web Annotation that bear on "
            "it.",
            "",
            *_consistency(home),
            "",
            *_contradictions(vocabulary),
            "",
            *_entailments(vocabulary),
            "",
            *_rules(home),
            "",
        ]
    )


def _consistency(home: Home) -> list[str]:
    ontology = axioms(as_graph(dataset.read_valid(home).triples(home.ontology)))
    count = Counter(_AXIOMS[p] for _, p, _ in ontology if p in _AXIOMS)
    whole = everything(home)
    lines = ["| axiom of the ontology | number |", "| --- | ---: |"]
    lines += [f"| {kind} | {number} |" for kind, number in sorted(count.items())]
    lines += ["", "| graph | triples | " + " | ".join(CONSISTENT) + " | outside OWL 2 DL |",
              "| --- | ---: | " + "--- | " * len(CONSISTENT) + "--- |"]  # fmt: skip
    shown = "ontology, data, derived statements and aligned vocabularies"
    for name, graph in (("ontology", ontology), (shown, whole)):
        verdicts = ["consistent" if ask(graph) else "inconsistent" for ask in CONSISTENT.values()]
        outside = violations(graph)
        kinds = "; ".join(f"{kind} ({number:,})" for kind, number in sorted(outside.items()))
        lines.append(f"| {name} | {len(graph):,} | {' | '.join(verdicts)} | {kinds or 'nothing'} |")
    return lines


def _contradictions(vocabulary: Graph) -> list[str]:
    graph, planted = contradictions.plant(vocabulary)
    tame = contradictions.harmless(graph)
    found = {name: REASONERS[name](graph).unsatisfiable for name in CONSISTENT}
    left = {name: REASONERS[name](tame).unsatisfiable for name in CONSISTENT}
    lines = ["Planted contradictions, found by each reasoner, and how many remain when the axioms "
             "planted against are taken out:", "",
             "| kind | planted | " + " | ".join(f"{name} | without" for name in found) + " |",
             "| --- | ---: | " + "---: | ---: | " * len(found)]  # fmt: skip
    for kind, names in planted.items():
        cells = [
            f"{len(found[name] & set(names))} | {len(left[name] & set(names))}" for name in found
        ]
        lines.append(f"| {kind} | {len(names)} | {' | '.join(cells)} |")
    return lines


def _entailments(vocabulary: Graph) -> list[str]:
    cases = entailments.read_cases()
    must_not = [case for case in cases if not case.must]
    lines = ["| reasoner | must hold | hold | must not hold | do not | "
             "would be derived from the mistake |",
             "| --- | ---: | ---: | ---: | ---: | ---: |"]  # fmt: skip
    merged = entailments.together(vocabulary, cases)
    mistaken = entailments.mistaken(vocabulary, must_not)
    for name, reason in REASONERS.items():
        model, wrong = reason(merged), reason(mistaken)
        right = [case for case in cases if not entailments.surprises(vocabulary, case, model)]
        sharp = [case for case in must_not if not entailments.not_derived(case, wrong)]
        held = sum(case.must for case in right)
        lines.append(
            f"| {name} | {len(cases) - len(must_not)} | {held} | {len(must_not)} "
            f"| {len(right) - held} | {len(sharp)} |"
        )
    lines += ["", *(f"Open: `{name}`: {reason}." for name, reason in sorted(OPEN.items()))]
    return lines


def _rules(home: Home) -> list[str]:
    rules = derive.read_rules(home)
    folder = entailments.FOLDER.parent / "derive"
    store = dataset.load(home)
    lines = ["| derive rule | cases | triples on the data |", "| --- | ---: | ---: |"]
    for name, rule in rules.items():
        cases = len(list((folder / name).rglob("before.ttl")))
        lines.append(f"| {name} | {cases} | {len(derive.derive(store, rule)):,} |")
    one = derive.fixed_point(store, list(rules.values()))
    other = derive.fixed_point(store, list(rules.values())[::-1])
    order = "the same" if one == other else "another result"
    lines += ["", f"Fixed point after {one.rounds} round: {len(one.derived):,} new triples; "
              f"in the reverse order {order}."]  # fmt: skip
    return lines
