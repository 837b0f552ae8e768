"""Proposals: which items of Wikidata each thing may be, best first, with the reasons."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from trilateral.prefixes import prefixes
from trilateral.reconcile import queries
from trilateral.reconcile.endpoint import Endpoint, Row
from trilateral.reconcile.evidence import Item, Verdict, judge
from trilateral.reconcile.things import Thing

NO_CANDIDATE = "no candidate"

_ITEM = re.compile(r"Q[1-9][0-9]*")
_ITEMS_PER_REQUEST = 100
_CLOSE = 15  # points between two candidates, below which neither is ahead


@dataclass(frozen=True)
class Proposal:
    """One item that a thing may be. A proposal is never confirmed: somebody must look it up.

    ``thing`` and ``item`` are short forms; ``item`` is "" when there is none.
    ``turtle`` is the line to paste, "" when the match stands on record already.
    ``ambiguous`` says that another candidate is about as good.
    """

    thing: str
    label: str
    item: str
    item_label: str
    description: str
    score: int
    reasons: tuple[str, ...]
    turtle: str
    on_record: bool = False
    ambiguous: bool = False


@dataclass(frozen=True)
class Outcome:
    """The proposals for one thing, and what Wikidata says of the match on record, if any."""

    thing: Thing
    proposals: tuple[Proposal, ...]
    agrees: bool | None = None
    says: str = ""


def propose(
    things: Sequence[Thing],
    endpoint: Endpoint,
    languages: Sequence[str],
    *,
    batch: int = 20,
    limit: int = 5,
) -> Iterator[Outcome]:
    """Yield the outcome for each thing, asking the endpoint for ``batch`` things at once.

    At most ``limit`` candidates a thing, beside the matches on record.

    Raises:
        EndpointError: when the endpoint fails; what was yielded before it stands.
    """
    for start in range(0, len(things), batch):
        part = things[start : start + batch]
        candidates = _candidates(part, endpoint, languages)
        wanted = sorted({name for names in candidates.values() for name in names}, key=_number)
        items = _items(wanted, endpoint, languages)
        for thing in part:
            found = [items[name] for name in sorted(candidates[thing.name], key=_number)]
            yield _outcome(thing, found, languages, limit)


def _number(name: str) -> int:
    return int(name[1:])


def _candidates(
    things: Sequence[Thing], endpoint: Endpoint, languages: Sequence[str]
) -> dict[str, set[str]]:
    """Return the items that may be each thing by its short form, those on record included."""
    found = defaultdict(set, {t.name: {m for m in t.matches if _ITEM.fullmatch(m)} for t in things})
    asked = [thing for thing in things if queries.has_keys(thing, languages)]
    if asked:
        for row in endpoint.ask(queries.candidates(asked, languages), ("thing", "item")):
            name = _item_name(row)
            if name and row["thing"]["value"] in found:
                found[row["thing"]["value"]].add(name)
    return found


def _items(names: Sequence[str], endpoint: Endpoint, languages: Sequence[str]) -> dict[str, Item]:
    """Return what the endpoint says of each item."""
    items = {name: Item(name) for name in names}
    for start in range(0, len(names), _ITEMS_PER_REQUEST):
        text = queries.items(names[start : start + _ITEMS_PER_REQUEST], languages)
        for row in endpoint.ask(text, ("item", "property", "value")):
            if (name := _item_name(row)) in items:
                _add(items[name], row)
    return items


def _item_name(row: Row) -> str:
    name = row["item"]["value"].removeprefix(prefixes()["wd"])
    return name if _ITEM.fullmatch(name) else ""


def _add(item: Item, row: Row) -> None:
    prop = re.split(r"[/#]", row["property"]["value"])[-1]
    value, tag = row["value"]["value"], row["value"].get("xml:lang", "").lower()
    if prop == "label":
        item.labels[tag] = value
    elif prop == "altLabel":
        item.aliases.add((tag, value))
    elif prop == "description":
        item.descriptions[tag] = value
    else:
        item.claims.setdefault(prop, set()).add(value.removeprefix(prefixes()["wd"]))


def _outcome(thing: Thing, items: Iterable[Item], languages: Sequence[str], limit: int) -> Outcome:
    judged = [(judge(thing, item, languages), item) for item in items if not item.is_page]
    judged.sort(key=lambda pair: (-pair[0].score, _number(pair[1].name)))
    tied = len(judged) > 1 and judged[0][0].score - judged[1][0].score < _CLOSE
    shown = []
    for rank, (verdict, item) in enumerate(judged):
        on_record = item.name in thing.matches
        if on_record or (rank < limit and verdict.score > 0):
            close = tied and judged[0][0].score - verdict.score < _CLOSE
            proposal = _proposal(thing, item, verdict, languages)
            shown.append(replace(proposal, on_record=on_record, ambiguous=close))
    if not shown:
        nothing = Proposal(thing.name, thing.label, "", "", "", 0, (NO_CANDIDATE,), "")
        return _with_record(Outcome(thing, (nothing,)), judged)
    return _with_record(Outcome(thing, tuple(shown)), judged)


def _proposal(thing: Thing, item: Item, verdict: Verdict, languages: Sequence[str]) -> Proposal:
    on_record = item.name in thing.matches
    return Proposal(
        thing=thing.name,
        label=thing.label,
        item=f"wd:{item.name}",
        item_label=item.in_language(item.labels, languages),
        description=item.in_language(item.descriptions, languages),
        score=verdict.score,
        reasons=(*verdict.reasons, *(("match on record",) if on_record else ())),
        turtle="" if on_record else f"skos:exactMatch wd:{item.name} ;",
    )


def _with_record(outcome: Outcome, judged: Sequence[tuple[Verdict, Item]]) -> Outcome:
    """Say whether Wikidata agrees with the match on record of a thing that has one."""
    thing = outcome.thing
    if not thing.matches:
        return outcome
    record = ", ".join(f"wd:{name}" for name in thing.matches)
    on_record = [(verdict, item) for verdict, item in judged if item.name in thing.matches]
    verdict, item = on_record[0] if on_record else (Verdict(0, ()), None)
    if item is None or not (item.labels or item.claims):
        says = f"Wikidata does not agree with {record}: it says nothing of it"
    elif verdict.score == 0 or verdict.against:
        why = "; ".join(verdict.reasons) or "neither name nor identifier is equal"
        says = f"Wikidata does not agree with {record}: {why}"
    elif judged[0][0].score > verdict.score:
        says = f"Wikidata does not agree with {record}: wd:{judged[0][1].name} fits better"
    else:
        return replace(outcome, agrees=True, says=f"Wikidata agrees with {record}")
    return replace(outcome, agrees=False, says=says)
