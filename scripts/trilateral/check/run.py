"""Run all checks over a dataset, in order, the cheap ones first."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator

from trilateral import dataset as datasets
from trilateral import turtle
from trilateral.check.form import check_form
from trilateral.check.literals import check_literals
from trilateral.check.queries import check_queries
from trilateral.check.rules import check_rules
from trilateral.check.shapes import check_shapes
from trilateral.check.vocabulary import check_terms
from trilateral.findings import Finding
from trilateral.home import Home

Stage = tuple[str, Callable[[], Iterable[Finding]]]


def stages(dataset: datasets.Dataset) -> Iterator[Stage]:
    """Yield each stage as its name and what runs it."""
    yield "Turtle syntax", lambda: dataset.findings
    yield "literals", lambda: check_literals(dataset)
    yield "Turtle form", lambda: check_form(dataset)
    yield "terms", lambda: check_terms(dataset)
    yield "queries", lambda: check_queries(dataset.home)
    yield "rules", lambda: check_rules(dataset, dataset.store())
    yield "shapes", lambda: check_shapes(dataset)


def run(home: Home, progress: Callable[[str], None] = lambda name: None) -> list[Finding]:
    """Return all findings of a dataset, sorted by place; ``progress`` hears each stage's name.

    When files are no Turtle, the stages that need the whole graph do not run:
    what they would say about the missing half is noise. When one of them is a file
    of the ontology, nothing that looks a term up runs either; without the prefix
    table nothing runs at all.
    """
    # rdflib logs a traceback for each ill-typed literal; the literals stage says it in words.
    logging.getLogger("rdflib.term").setLevel(logging.ERROR)
    findings = list(_check_prefixes(home))
    if findings:
        return findings
    dataset = datasets.read(home)
    skipped = _stages_to_skip(dataset)
    for name, check in stages(dataset):
        if name in skipped:
            continue
        progress(name)
        findings += check()
    return sorted(set(findings))


def _stages_to_skip(dataset: datasets.Dataset) -> set[str]:
    if not dataset.findings:
        return set()
    ontology = dataset.home.name(dataset.home.ontology) + "/"
    broken = any(finding.file.startswith(ontology) for finding in dataset.findings)
    return {"rules", "shapes"} | ({"terms", "queries"} if broken else set())


def _check_prefixes(home: Home) -> Iterator[Finding]:
    path = home.ontology / "prefixes.ttl"
    try:
        turtle.read_path(path)
    except turtle.TurtleSyntaxError as error:
        yield datasets.syntax_finding(home.name(path), error)
