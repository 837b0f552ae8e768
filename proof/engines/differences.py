"""Where engines differ from plain pySHACL, and what is known of it.

A difference that is not listed here is a problem, and so is a listed one that is gone.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from proof.engines.report import Finding, Verdict

_SH = "http://www.w3.org/ns/shacl#"
_TRI = "https://w3id.org/trilateral/ontology#"


@dataclass(frozen=True)
class Known:
    """One known difference between an engine and plain pySHACL.

    Attributes:
        engine: The name of the engine that differs.
        what: What it does otherwise.
        clause: The section of the SHACL recommendation of 2017 that decides.
        right: Who is right by it.
        matches: Whether a finding belongs here.
        counts: For each corpus how many results are missing and how many more there are;
            None where the number grows with the data and only has to be above zero.
    """

    engine: str
    what: str
    clause: str
    right: str
    matches: Callable[[Finding], bool]
    counts: dict[str, tuple[int, int] | None]


def _nested(finding: Finding) -> bool:
    """Whether a finding is of an alternative path with a member that is no predicate."""
    path = finding[1]
    return path.startswith("(") and any(mark in path[1:] for mark in ("^", "[]", "("))


def _compared(finding: Finding) -> bool:
    component = _SH + "LessThanOrEqualsConstraintComponent"
    return finding[1:] == (f"<{_TRI}earliestStart>", component)


def _of_day(finding: Finding) -> bool:
    """Whether a finding is of one of the three values of probes/data.ttl that are dates."""
    paths = {f"<{_TRI}{name}>" for name in ("accessedOn", "ongoingOn", "startDate")}
    return finding[1] in paths and finding[2] == _SH + "DatatypeConstraintComponent"


def _dates(engine: str, does: str, missing: int, extra: int) -> Known:
    return Known(
        engine,
        f"of days, months and years that do not exist it finds {does}; "
        "pySHACL finds the day, not the month and the year",
        "4.1.2: ill-typed literals count for the datatypes that SPARQL 1.1 supports (its 17.1), "
        "and these three are not among them",
        "both: the clause leaves it open",
        _of_day,
        {"probes": (missing, extra)},
    )


KNOWN = (
    _dates("TopBraid SHACL", "all three", 0, 2),
    _dates("Apache Jena SHACL", "all three", 0, 2),
    _dates("pyrudof", "none", 1, 0),
    _dates("rdf-validate-shacl", "the year", 1, 1),
    _dates("shacl-engine", "the month and the year", 1, 2),
    Known(
        "shacl-engine",
        "a member of an alternative path that is itself no predicate leads nowhere, and an inverse "
        "one is left out of the report",
        "2.3.1.3: each member of an alternative path is itself a path",
        "pySHACL",
        _nested,
        {"probes": (0, 1), "world": None, "fixtures": None, "lint": None, "shipped": None},
    ),
    Known(
        "shacl-engine",
        "of a shape with two values of sh:lessThanOrEquals it compares with every value "
        "of the focus node instead",
        "2.1.1: each value of a single parameter declares a constraint, and all of them apply",
        "pySHACL",
        _compared,
        {"probes": (0, 1), "world": None, "fixtures": None, "shipped": None},
    ),
)


def differences(reference: Verdict, other: Verdict) -> tuple[Counter[Finding], Counter[Finding]]:
    """Return which findings another engine misses and which it has more, and how often."""
    return reference.findings - other.findings, other.findings - reference.findings


def problems(engine: str, corpus: str, reference: Verdict, other: Verdict) -> list[str]:
    """Return what is not as it should be: nothing, when all differences are as listed."""
    missing, extra = differences(reference, other)
    found = []
    # SHACL 3.6.1.1: the data conform if and only if there is no result, of any severity.
    if other.conforms != (not other.findings):
        found.append(f"sh:conforms is {other.conforms} with {other.findings.total()} results")
    for known in KNOWN:
        if known.engine != engine or corpus not in known.counts:
            continue
        counts = tuple(_take(findings, known.matches) for findings in (missing, extra))
        listed = known.counts[corpus]
        if listed is None and counts == (0, 0):
            found.append(f"listed, but gone: {known.what}")
        if listed is not None and counts != listed:
            found.append(f"{counts} missing and extra, listed are {listed}: {known.what}")
    found += [f"missing {times} times: {finding}" for finding, times in sorted(missing.items())]
    found += [f"extra {times} times: {finding}" for finding, times in sorted(extra.items())]
    return found


def _take(findings: Counter[Finding], matches: Callable[[Finding], bool]) -> int:
    """Take the findings that match out and return how many there were."""
    return sum(findings.pop(finding) for finding in list(findings) if matches(finding))
