"""The section of the proof about mutants, in Markdown."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from proof.mutants.allowed import Allowed, read_allowed, reason
from proof.mutants.constraints import Needed, judge_constraints
from proof.mutants.judge import Judge, Judged, judge_all, sampled
from proof.mutants.make import Mutant, mutants
from proof.mutants.operators import OF_THINGS, OPERATORS
from trilateral.home import Home, find_home

ROOT = Path(__file__).parent.parent.parent
FIXTURES = ROOT / "tests" / "fixtures" / "shapes"
CASES = Path(__file__).parent / "cases"
REDUNDANT = Path(__file__).parent / "redundant.csv"
LISTING = ROOT / "dist" / "proof" / "mutants.csv"
# These two make half of all mutants, nearly all of which the same shapes find.
_SAMPLED = {"extra": 4, "retype": 4}

_INTRO = """\
## Mutants: one mistake at a time

The tiny world (`tests/world`), the ontology and the agreement figures computed from the
world are free of findings. A mutant is this data with one mistake: each operator below on
each property of each class, in things that differ in what is said of them. It is written
as Turtle, read again and checked as `trilateral check` would, except that a mutant which
shapes refuse is not shown to the rules any more. A mutant that nothing finds survives;
`proof/mutants/allowed.csv` lists which survivors the model allows, and why.
"""


@dataclass(frozen=True)
class Done:
    """What came out of a run."""

    made: int
    judged: list[Judged]
    allowed: list[Allowed]
    constraints: list[Needed]
    redundant: dict[str, str]

    @property
    def survivors(self) -> list[tuple[Judged, Allowed | None]]:
        """The mutants that nothing found, each with the line that allows it."""
        left = (each for each in self.judged if each.survived)
        return [(each, reason(each.mutant, self.allowed)) for each in left]

    @property
    def forbidden(self) -> list[Mutant]:
        """The survivors that the model forbids."""
        return [each.mutant for each, line in self.survivors if line is None]

    @property
    def unmatched(self) -> list[Allowed]:
        """The lines of ``allowed.csv`` that no survivor needs."""
        used = {line for _, line in self.survivors}
        return [line for line in self.allowed if line not in used]

    @property
    def unneeded(self) -> list[Needed]:
        """The constraints that no case shows to be needed and no line excuses."""
        return [each for each in self._open if not any(map(each.is_named_by, self.redundant))]

    @property
    def needless(self) -> list[str]:
        """The lines of ``redundant.csv`` that excuse no constraint."""
        return [name for name, number in self.excused.items() if not number]

    @property
    def excused(self) -> dict[str, int]:
        """How many constraints that no case needs each line of ``redundant.csv`` excuses."""
        return {name: sum(each.is_named_by(name) for each in self._open) for name in self.redundant}

    @property
    def _open(self) -> list[Needed]:
        return [each for each in self.constraints if not each.case]


def section() -> str:
    """Run everything and return what came out."""
    return report(run())


def run(home: Home | None = None) -> Done:
    """Judge the mutants and the constraints of a home, that of the tiny world if none is given."""
    judge = Judge(home or find_home(ROOT / "tests" / "world" / "data"))
    made = list(mutants(judge.world))
    allowed = read_allowed()
    judged = judge_all(judge, [mutant for mutant in made if is_judged(mutant, allowed)])
    constraints = judge_constraints(judge.world, judged, [FIXTURES, CASES])
    done = Done(len(made), judged, allowed, constraints, read_redundant())
    _list(done)
    return done


def is_judged(mutant: Mutant, allowed: list[Allowed]) -> bool:
    """Tell whether a mutant is judged: all are but for two operators, of which there is a sample.

    What a line allows to survive is judged in any case: else nothing might survive by it.
    """
    one_in = _SAMPLED.get(mutant.operator, 1)
    in_sample = one_in == 1 or bool(list(sampled([mutant], one_in)))
    return in_sample or reason(mutant, allowed) is not None


def read_redundant(path: Path = REDUNDANT) -> dict[str, str]:
    """Return the patterns of constraints that may do without a case, with the reason."""
    with path.open(encoding="utf-8", newline="") as file:
        return {row["constraint"]: row["reason"] for row in csv.DictReader(file)}


def report(done: Done) -> str:
    """Return a run as Markdown."""
    return "\n".join(
        [
            _INTRO,
            *_totals(done),
            *_by("operator", done, lambda mutant: mutant.operator, _meanings()),
            *_by("class", done, lambda mutant: mutant.cls),
            *_finders(done),
            *_allowed(done),
            *_constraints(done),
        ]
    )


def _totals(done: Done) -> list[str]:
    survivors = done.survivors
    errors = sum(bool(each.errors) for each in done.judged)
    warned = sum(bool(each.warnings) and not each.errors for each in done.judged)
    sampled_ones = " and ".join(f"`{name}` (1 in {n})" for name, n in _SAMPLED.items())
    rows = [
        ["made", done.made],
        [
            f"judged: all, but of {sampled_ones} a sample and what may survive",
            len(done.judged),
        ],
        ["found as errors", errors],
        ["found as warnings only", warned],
        ["survived, allowed", len(survivors) - len(done.forbidden)],
        ["survived, forbidden", len(done.forbidden)],
    ]
    bad = [f"- forbidden and not found: {mutant}" for mutant in done.forbidden]
    bad += [f"- allowed, and nothing survives by it: {', '.join(x)}" for x in done.unmatched]
    return [*_table(["mutants", "number"], rows), *([*bad, ""] if bad else [])]


def _meanings() -> dict[str, str]:
    every = {**OPERATORS, **OF_THINGS}
    return {name: (make.__doc__ or "").split("\n")[0].rstrip(".") for name, make in every.items()}


def _by(
    head: str, done: Done, key: Callable[[Mutant], str], meanings: dict[str, str] | None = None
) -> list[str]:
    judged: Counter[str] = Counter(key(each.mutant) for each in done.judged)
    errors = Counter(key(each.mutant) for each in done.judged if each.errors)
    survived = Counter(key(each.mutant) for each in done.judged if each.survived)
    names = list(meanings) if meanings else sorted(judged)
    rows = [
        [
            f"`{name}`",
            *([meanings[name]] if meanings else []),
            judged[name],
            errors[name],
            judged[name] - errors[name] - survived[name],
            survived[name],
        ]
        for name in names
        if judged[name]
    ]
    mistake = ["mistake"] if meanings else []
    return _table([head, *mistake, "judged", "errors", "warnings", "survived"], rows)


def _finders(done: Done) -> list[str]:
    found: Counter[str] = Counter()
    alone: Counter[str] = Counter()
    for each in done.judged:
        names = {error.partition(" ")[0] for error in each.errors}
        found.update(names)
        if len(names) == 1:
            alone.update(names)
    rows = [[f"`{name}`", found[name], alone[name]] for name in sorted(found)]
    head = ["shape or rule", "mutants found", "by it alone"]
    text = "The shapes and rules by which mutants were found:"
    return [text, "", *_table(head, rows)]


def _allowed(done: Done) -> list[str]:
    counts = Counter(line for _, line in done.survivors if line)
    rows = [
        [line.operator, line.cls, line.property, counts[line], line.reason] for line in done.allowed
    ]
    marked = [[*(f"`{cell}`" for cell in row[:3]), *row[3:]] for row in rows]
    text = "What the model allows:"
    return [text, "", *_table(["operator", "class", "property", "survived", "why"], marked)]


def _constraints(done: Done) -> list[str]:
    shown = [each for each in done.constraints if each.case]
    excused = len(done.constraints) - len(shown) - len(done.unneeded)
    rows = [
        ["constraints of the shapes for ontology and data", len(done.constraints)],
        ["shown to be needed", len(shown)],
        ["not needed, listed with the reason", excused],
        ["not needed and not listed", len(done.unneeded)],
    ]
    lines = [
        "### Each constraint switched off",
        "",
        "Without a constraint, some case must be judged otherwise by the shapes: a fixture or a",
        "mutant that they caught passes, or valid data are refused (so it is below `sh:not`).",
        "Constraints inside shapes that others use count as well.",
        "",
        *_table(["", "number"], rows),
    ]
    if done.redundant:
        excused_by = done.excused
        kept = [[f"`{name}`", excused_by[name], why] for name, why in done.redundant.items()]
        lines += _table(["no case needs", "number", "why it is kept"], kept)
    bad = [f"- no case needs {each.constraint}" for each in done.unneeded]
    bad += [f"- listed as not needed, and nothing is: {name}" for name in done.needless]
    return [*lines, *bad, ""] if bad else lines


def _table(head: list[str], rows: Iterable[Iterable[object]]) -> list[str]:
    lines = ["| " + " | ".join(map(str, row)) + " |" for row in (head, *rows)]
    return [lines[0], "|" + "---|" * len(head), *lines[1:], ""]


def _list(done: Done) -> None:
    """Write every survivor, and every constraint with its case, for whoever wants to look."""
    LISTING.parent.mkdir(parents=True, exist_ok=True)
    with LISTING.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["operator", "class", "property", "thing", "mistake", "reason"])
        for each, line in done.survivors:
            mutant = each.mutant
            row = [mutant.operator, mutant.cls, mutant.property, mutant.thing]
            why = line.reason if line else "FORBIDDEN"
            writer.writerow([*row, mutant.mistake.what.replace("\n", "\\n"), why])
    with LISTING.with_name("constraints.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["constraint", "value", "case"])
        for one in done.constraints:
            writer.writerow([one.constraint, one.constraint.triple.object, one.case])
