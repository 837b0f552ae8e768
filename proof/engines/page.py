"""The section of the proof about engines, in Markdown."""

import statistics
from collections.abc import Iterable

from proof.engines.compare import ENGINES, REFERENCE, absent, installed, validate_all
from proof.engines.corpus import Corpus, corpora
from proof.engines.differences import KNOWN, Known, differences, problems
from proof.engines.engine import EngineError, Run

Results = dict[str, Run | EngineError]

_INTRO = """\
## The same verdict from several SHACL engines

Each engine validates the same two files, in a process of its own, with nothing inferred;
the ontology is a part of the data, because SHACL counts an instance of a subclass as one
of the class. Of each result in the validation report the focus node, the path and the
constraint component are compared with those of plain pySHACL, and how often each occurs.
The tests do the same on every change, on the shipped data without plain pySHACL, which
takes longest: there the others must agree with this package's use of it.
"""


def section(runs: int = 1) -> str:
    """Validate everything with every engine and return what came out.

    Args:
        runs: How often the shipped data are validated; the times are medians.

    Raises:
        EngineError: What an engine needs cannot be fetched.
    """
    engines = installed()
    everything = corpora()
    found = {name: validate_all(corpus, engines) for name, corpus in everything.items()}
    again = [validate_all(everything["shipped"], engines) for _ in range(runs - 1)]
    return "\n".join(
        [
            _INTRO,
            *_verdicts(everything, found),
            *_absent(),
            *_problems(found),
            *_known(found),
            *_times([found["shipped"], *again]),
        ]
    )


def _table(head: list[str], rows: Iterable[list[str]]) -> list[str]:
    lines = ["| " + " | ".join(row) + " |" for row in (head, *rows)]
    return [lines[0], "|" + "---|" * len(head), *lines[1:], ""]


def _verdicts(everything: dict[str, Corpus], found: dict[str, Results]) -> list[str]:
    head = ["engine", "version", *(corpus.title for corpus in everything.values())]
    rows = [
        [engine.name, engine.version(), *(_cell(engine.name, found[name]) for name in found)]
        for engine in ENGINES
        if engine.missing() is None
    ]
    return ['Results found; "same" is the same set, each as often:', "", *_table(head, rows)]


def _cell(name: str, results: Results) -> str:
    mine, theirs = results[name], results[REFERENCE.name]
    if isinstance(mine, EngineError):
        return "no report"
    if isinstance(theirs, EngineError) or name == REFERENCE.name:
        return str(mine.verdict.findings.total())
    missing, extra = differences(theirs.verdict, mine.verdict)
    if not missing and not extra:
        return "same"
    return f"{missing.total()} missing, {extra.total()} more"


def _absent() -> list[str]:
    reasons = absent()
    lines = [f"- {name} did not run: {reason}." for name, reason in reasons.items()]
    return [*lines, ""] if lines else ["Every engine was installed.", ""]


def _problems(found: dict[str, Results]) -> list[str]:
    lines = []
    for corpus, results in found.items():
        theirs = results[REFERENCE.name]
        for name, mine in results.items():
            if isinstance(mine, EngineError) or isinstance(theirs, EngineError):
                lines += [f"- {mine}"] if isinstance(mine, EngineError) else []
            else:
                lines += [
                    f"- {name}, {corpus}: {problem}"
                    for problem in problems(name, corpus, theirs.verdict, mine.verdict)
                ]
    return ["**Not as listed:**", "", *lines, ""] if lines else []


def _known(found: dict[str, Results]) -> list[str]:
    rows = [
        [known.engine, known.what, _seen(known), known.clause, known.right]
        for known in KNOWN
        if known.engine in found["probes"]
    ]
    head = ["engine", "what it does otherwise", "where", "clause of SHACL", "right is"]
    return [
        "Known differences, all of them; one that is not listed fails the tests, and so does a",
        "listed one that is gone. Where data grow, only the kind is held and not the number:",
        "",
        *_table(head, rows),
        "shacl-engine looks for subclasses in the shapes graph alone and is given those of the",
        "data there (SHACL 2.1.3.2 and 4.1.1 have the data graph count).",
        "",
    ]


def _seen(known: Known) -> str:
    exact = {name: counts for name, counts in known.counts.items() if counts is not None}
    parts = [f"{name}: {missing} missing, {extra} more" for name, (missing, extra) in exact.items()]
    return "; ".join([*parts, *(name for name in known.counts if name not in exact)])


def _times(runs: list[Results]) -> list[str]:
    seconds = {
        name: statistics.median(run[name].seconds for run in runs)
        for name in runs[0]
        if all(isinstance(run[name], Run) for run in runs)
    }
    if REFERENCE.name not in seconds:
        return []
    fastest = min(seconds.values())
    rows = [
        [name, f"{time:.1f} s", f"{time / seconds[REFERENCE.name]:.2f}", f"{time / fastest:.1f}"]
        for name, time in sorted(seconds.items(), key=lambda pair: pair[1])
    ]
    head = ["engine", "time", "ratio to plain pySHACL", "ratio to the fastest"]
    many = "one run" if len(runs) == 1 else f"medians of {len(runs)} runs"
    return [
        f"The shipped data, whole process with start and reading, {many}, one engine at a time:",
        "",
        *_table(head, rows),
    ]
