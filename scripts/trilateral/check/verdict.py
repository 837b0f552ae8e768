"""The verdict: all that the checks found in a dataset, still without places and words.

Places are lines, and lines move when a file is edited. So what was found is kept
apart from how it is told: after a change only a part is found anew (see
`incremental`), and all of it is told anew.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from trilateral.check.form import check_form
from trilateral.check.literals import check_literals
from trilateral.check.queries import check_queries
from trilateral.check.rules import Row, rule_files, rule_findings, run_rules
from trilateral.check.shacl import Result
from trilateral.check.shapes import run_lint, run_shapes, shape_findings
from trilateral.check.standards import Violation, run_standards, standard_findings
from trilateral.check.vocabulary import check_terms
from trilateral.check.warnings import check_count
from trilateral.dataset import Dataset
from trilateral.findings import Finding


@dataclass(frozen=True)
class Verdict:
    """What was found: per file, in queries, by rules and standards, by SHACL in data and shapes."""

    files: Mapping[Path, tuple[Finding, ...]] = field(default_factory=dict)
    queries: tuple[Finding, ...] = ()
    rules: dict[Path, tuple[Row, ...]] = field(default_factory=dict)
    standards: tuple[Violation, ...] = ()
    shapes: tuple[Result, ...] = ()
    lint: tuple[Result, ...] = ()


def judge(dataset: Dataset, progress: Callable[[str], None] = lambda name: None) -> Verdict:
    """Return the verdict of all checks on a dataset; ``progress`` hears what begins.

    When files are no Turtle, the stages that need the whole graph do not run:
    what they would say about the missing half is noise. When one of them is a file
    of the ontology, nothing that looks a term up runs either.
    """
    home = dataset.home
    ontology = home.name(home.ontology) + "/"
    whole = not dataset.findings
    terms = not any(finding.file.startswith(ontology) for finding in dataset.findings)
    progress("files")
    files = {path: judge_file(dataset, path, terms) for path in dataset.files}
    if not terms:
        return Verdict(files)
    progress("queries")
    queries = tuple(check_queries(home))
    if not whole:
        return Verdict(files, queries)
    progress("rules")
    rules = run_rules(rule_files(home), dataset.store())
    progress("standards")
    standards = tuple(run_standards(dataset))
    progress("shapes")
    shapes, lint = tuple(run_shapes(dataset)), tuple(run_lint(dataset))
    return Verdict(files, queries, rules, standards, shapes, lint)


def judge_file(dataset: Dataset, path: Path, terms: bool = True) -> tuple[Finding, ...]:
    """Return what is wrong with one file taken alone: literals, form and terms."""
    alone = Dataset(dataset.home, {path: dataset.files[path]})
    found = [*check_literals(alone), *check_form(alone)]
    return (*found, *check_terms(alone)) if terms else tuple(found)


def tell(verdict: Verdict, dataset: Dataset) -> list[Finding]:
    """Return a verdict as findings in plain words, sorted by place."""
    findings = [*dataset.findings, *verdict.queries]
    for of_file in verdict.files.values():
        findings += of_file
    for path, rows in verdict.rules.items():
        findings += rule_findings(path, rows, dataset)
    findings += standard_findings(dataset, verdict.standards)
    findings += shape_findings(dataset, (*verdict.shapes, *verdict.lint))
    found = sorted(set(findings))
    if verdict.rules:  # else a part did not run, and there is less to be counted
        found = sorted([*found, *check_count(found, dataset.home)])
    return found
