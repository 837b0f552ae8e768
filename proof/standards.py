"""The standards' own constraints on the shipped data: which there are, and what they range over."""

from __future__ import annotations

import time
from pathlib import Path

from trilateral import dataset
from trilateral.check import standards
from trilateral.home import Home, find_home

FIXTURES = Path(__file__).parent.parent / "tests" / "fixtures" / "standards"
STANDARDS = {"data-cube": "Data Cube", "skos": "SKOS", "prov": "PROV"}
# What the constraints of each standard are about, and how much of it there is.
RANGES = {
    "data-cube": {
        "observations": "?x a qb:Observation",
        "data sets": "?x a qb:DataSet",
        "slices": "?x a qb:Slice",
        "code lists": "?y qb:codeList ?x",
    },
    "skos": {
        "concepts": "?x a skos:Concept",
        "schemes": "?x a skos:ConceptScheme",
        "collections": "?x a skos:Collection",
        "labels as nodes": "?x a skosxl:Label",
        "things with a preferred label": "?x skos:prefLabel ?y",
        "concepts with a broader one": "?x skos:broader ?y",
        "related concepts": "?x skos:related ?y",
        "concepts with an exact match": "?x skos:exactMatch ?y",
    },
    "prov": {
        "entities": "?x a prov:Entity",
        "agents": "?x a prov:Agent",
        "activities": "?x a prov:Activity",
        "derived entities": "?x prov:wasDerivedFrom ?y",
        "attributed entities": "?x prov:wasAttributedTo ?y",
        "events that others must not precede": "?x <urn:trilateral:moment:notAfter> ?y",
        "events with a time": "?x <urn:trilateral:moment:time> ?y",
    },
}
PREFIXES = {
    "prov": "http://www.w3.org/ns/prov#",
    "qb": "http://purl.org/linked-data/cube#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "skosxl": "http://www.w3.org/2008/05/skos-xl#",
}
NOT_STATED = {
    "Data Cube IC-0 (datatypes)": (
        'the stage "literals" reads the form of every literal by its datatype'
    ),
    "PROV 5, 6, 12, 13, 15 to 20 (inferences)": (
        "they add links without order, or events that nobody names and no time is given for; "
        "what order they give follows from 30 to 49 as well"
    ),
    "PROV 21 (attributes of what is more general)": (
        "used in 56 alone, the only constraint that an attribute can break"
    ),
    "PROV 22 (keys), for entities and agents": (
        "their attributes are sets, and one more value contradicts nothing; the query is about "
        "the times of activities"
    ),
    "PROV bundles": "each is to be valid by itself, and there are none",
    "SKOS S1 to S8, S10, S11 and their like": (
        "they say what follows, and nothing can break them; what follows is added before the "
        "conditions are asked"
    ),
    "SKOS, cycles of `skos:broader`": (
        "SKOS allows them; cycles of our own relations are rules of `shapes/checks`"
    ),
    "DCAT-AP": "the server makes the catalogue; `tests/serve/test_dcat_ap.py` holds it to that",
}


def section() -> str:
    """Return the section of the proof page: constraints, fixtures, findings and ranges."""
    home = find_home()
    read = dataset.read_valid(home)
    start = time.process_time()
    store = standards.union(read)
    triples = len(store)
    standards.close(store, home)
    found = list(standards.violations(store, home))
    seconds = time.process_time() - start
    lines = [
        "## The standards' own constraints",
        "",
        "Each constraint of Data Cube, SKOS and PROV is a query of its own, written from its",
        "specification, and asked of ontology, data, agreement figures and derived statements",
        f"together ({triples:,} triples), after all that follows from them by the alignments and",
        f"the standards has been added ({len(store):,}). That takes {seconds:.1f} s of processor",
        "time. Each fixture is a graph worked out by hand that trips one constraint and no other.",
        "",
        "| standard | constraints | fixtures | findings |",
        "|---|---|---|---|",
    ]
    for folder, name in STANDARDS.items():
        count = len(constraints(home, folder))
        fixtures = sum(path.stem != "valid" for path in (FIXTURES / folder).glob("*.ttl"))
        hits = sum(violation.rule.startswith(f"{folder}/") for violation in found)
        lines.append(f"| {name} | {count} | {fixtures} | {hits} |")
    lines += [
        "",
        "What the constraints range over. Where there is nothing, they stand for what may come.",
        "",
        "| standard | what | number |",
        "|---|---|---|",
    ]
    for folder, ranges in RANGES.items():
        for what, pattern in ranges.items():
            query = f"SELECT (COUNT(DISTINCT ?x) AS ?n) WHERE {{ {pattern} }}"
            (row,) = store.query(query, prefixes=PREFIXES)
            lines.append(f"| {STANDARDS[folder]} | {what} | {int(row['n'].value):,} |")
    lines += ["", "What no query states:", "", "| clause | why |", "|---|---|"]
    lines += [f"| {clause} | {why} |" for clause, why in NOT_STATED.items()]
    return "\n".join(lines) + "\n"


def constraints(home: Home, folder: str) -> set[str]:
    """Return the names of the constraints of one standard."""
    paths = [*standards.files(home, "violation"), *standards.files(home, "order")]
    names = {standards.Violation(path, "").rule for path in paths} - {"prov/event-order"}
    return {name for name in names if name.startswith(f"{folder}/")}
