"""What ``trilateral reconcile`` shows: proposals as a page, CSV or JSON."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Any

from trilateral.reconcile.proposals import Outcome, Proposal

COLUMNS = (
    "thing",
    "label",
    "item",
    "item label",
    "description",
    "score",
    "reasons",
    "turtle",
)
NOTICE = """\
These are proposals, none of them confirmed, and nothing was written. Before you paste a line:
look the item up at Wikidata, and name where you read it by tri:identifiersFrom a register."""


def to_json(outcomes: Iterable[Outcome]) -> list[dict[str, Any]]:
    """Return one object for each candidate, or for each thing that has none."""
    return [
        {
            "thing": proposal.thing,
            "label": proposal.label,
            "item": proposal.item or None,
            "item label": proposal.item_label,
            "description": proposal.description,
            "score": proposal.score,
            "reasons": list(proposal.reasons),
            "turtle": proposal.turtle,
            "confirmed": False,
            "ambiguous": proposal.ambiguous,
            "on record": proposal.on_record,
            "wikidata agrees": outcome.agrees,
            "wikidata says": outcome.says,
        }
        for outcome in outcomes
        for proposal in outcome.proposals
    ]


def to_csv(outcomes: Iterable[Outcome]) -> str:
    """Return the same rows as CSV with the columns of `COLUMNS`."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(COLUMNS)
    for outcome in outcomes:
        writer.writerows(_cells(outcome, proposal) for proposal in outcome.proposals)
    return buffer.getvalue()


def to_page(outcomes: Sequence[Outcome]) -> str:
    """Return one block of lines for each thing, its candidates numbered, and totals."""
    blocks = []
    for outcome in outcomes:
        lines = [f"{outcome.thing.name}  {_clean(outcome.thing.label)}"]
        lines += [f"  {outcome.says}"] if outcome.says else []
        if any(proposal.ambiguous for proposal in outcome.proposals):
            lines.append("  ambiguous: several candidates are about as good")
        for number, proposal in enumerate(outcome.proposals, 1):
            lines += _lines(number, proposal)
        blocks.append("\n".join(lines) + "\n")
    found = sum(any(proposal.item for proposal in outcome.proposals) for outcome in outcomes)
    total = f"{_count(len(outcomes), 'thing')}, {found} with a candidate"
    return "\n".join([*blocks, total])


def _lines(number: int, proposal: Proposal) -> list[str]:
    if not proposal.item:
        return [f"  {', '.join(proposal.reasons)}"]
    what = _clean(proposal.item_label) or "(no label)"
    what += f": {_clean(proposal.description)}" if proposal.description else ""
    lines = [f"  {number}. {proposal.item}  {what}", f"     score  {proposal.score}"]
    lines += [f"            {_clean(reason)}" for reason in proposal.reasons]
    return [*lines, f"     paste  {proposal.turtle}"] if proposal.turtle else lines


def _cells(outcome: Outcome, proposal: Proposal) -> list[str]:
    reasons = [*proposal.reasons, *([outcome.says] if outcome.says else [])]
    return [
        proposal.thing,
        proposal.label,
        proposal.item,
        proposal.item_label,
        proposal.description,
        str(proposal.score),
        "; ".join(reasons),
        proposal.turtle,
    ]


def _clean(text: str) -> str:
    """Return a text from elsewhere without what could steer a terminal."""
    return "".join(letter if letter.isprintable() else " " for letter in text)


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
