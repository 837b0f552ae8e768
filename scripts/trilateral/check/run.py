"""Run all checks over a dataset."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator

from trilateral import dataset as datasets
from trilateral import turtle
from trilateral.check.verdict import judge, tell
from trilateral.findings import Finding
from trilateral.home import Home


def run(home: Home, progress: Callable[[str], None] = lambda name: None) -> list[Finding]:
    """Return all findings of a dataset, sorted by place; ``progress`` hears each stage's name.

    Without the prefix table nothing runs.
    """
    quiet()
    findings = list(check_prefixes(home))
    if findings:
        return findings
    progress("Turtle syntax")
    dataset = datasets.read(home)
    return tell(judge(dataset, progress), dataset)


def run_incremental(
    home: Home, progress: Callable[[str], None] = lambda name: None
) -> list[Finding]:
    """Return what `run` returns, checking only what changed since the last such run.

    The first run, and one after a change of ontology, shapes, queries or package, is a full one.
    """
    from trilateral.check import kept
    from trilateral.check.incremental import Checked

    quiet()
    findings = list(check_prefixes(home))
    if findings:
        return findings
    progress("Turtle syntax")
    dataset = datasets.read(home)
    checked = kept.restore(dataset)
    if checked is None:
        verdict = judge(dataset, progress)
        if not dataset.findings:
            kept.save(Checked(dataset, verdict))
        return tell(verdict, dataset)
    progress("what changed")
    before = checked.dataset
    findings = checked.update(dataset)
    if checked.dataset.files != before.files:
        kept.save(checked)
    return findings


def quiet() -> None:
    """Keep rdflib from logging a traceback for each ill-typed literal: we say it in words."""
    logging.getLogger("rdflib.term").setLevel(logging.ERROR)


def check_prefixes(home: Home) -> Iterator[Finding]:
    """Yield what makes the prefix table unusable, without which nothing can be told."""
    path = home.ontology / "prefixes.ttl"
    try:
        turtle.read_path(path)
    except (turtle.TurtleSyntaxError, OSError) as error:
        yield datasets.file_finding(home.name(path), error)
