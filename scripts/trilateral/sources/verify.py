"""Verify against the frozen texts: passages, text fragments, designations, silences, holders.

Nothing is taken on trust: what could not be checked counts as a failure.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from trilateral import sparql
from trilateral.errors import SourceTextError
from trilateral.prefixes import prefixes
from trilateral.sources import fragments, holders, texts

if TYPE_CHECKING:
    import pyoxigraph as ox


@dataclass(frozen=True)
class Failure:
    """Something that the frozen text does not bear out."""

    iri: str
    message: str
    repair: str


@dataclass(frozen=True)
class Report:
    """How many things of each kind there are, how many held, and what failed."""

    total: dict[str, int]
    checked: dict[str, int]
    failures: tuple[Failure, ...]
    texts_found: bool

    @property
    def clean(self) -> bool:
        """Whether everything was checked and held."""
        return not self.failures and self.total == self.checked


@dataclass(frozen=True)
class _Text:
    document: texts.Document
    text: str


def verify(store: ox.Store, folder: Path) -> Report:
    """Check every passage, designation and silence against the texts in a folder.

    Returns the report; a document whose text is missing or changed is one
    failure, and each of its passages another.
    """
    failures: list[Failure] = []
    known: dict[str, _Text] = {}
    for document in texts.documents(store):
        try:
            known[document.iri] = _Text(document, texts.read_text(folder, document))
        except SourceTextError as error:
            failures.append(Failure(document.iri, error.message, error.repair))
    total: Counter[str] = Counter()
    failed: Counter[str] = Counter()
    for kind, iri, problems in _checks(store, known):
        total[kind] += 1
        failed[kind] += bool(problems)
        failures += [Failure(iri, message, repair) for message, repair in problems]
    checked = {kind: total[kind] - failed[kind] for kind in total}
    found = len(known) == len(texts.documents(store))
    return Report(dict(total), checked, tuple(failures), found)


Problems = list[tuple[str, str]]


def _checks(store: ox.Store, known: dict[str, _Text]) -> Iterator[tuple[str, str, Problems]]:
    seen: dict[tuple[str, str, str], str] = {}
    for row in sparql.rows(store, __package__, "passages"):
        iri, document = row[0], row[1]
        problems = _passage(known.get(document), *row[2:])
        spot = (document, row[2], row[3])
        if spot in seen:
            problems.append((f"It stands on the same spot as {seen[spot]}.", "Keep one of them."))
        seen.setdefault(spot, iri)
        yield "passages", iri, problems
    designations = list(sparql.rows(store, __package__, "designations"))
    counted: Counter[tuple[str, str]] = Counter()
    for _, document, form, count in designations:
        counted[document, form] += int(count)
    for iri, document, form, _ in designations:
        yield "designations", iri, _designation(known.get(document), form, counted[document, form])
    terms: dict[tuple[str, str], list[str]] = defaultdict(list)
    for iri, document, term in sparql.rows(store, __package__, "silences"):
        terms[iri, document].append(term)
    for (iri, document), wanted in terms.items():
        yield "silences", iri, _silence(known.get(document), wanted)
    for reference in holders.references(store):
        yield "holders", reference.stance, _holder(known.get(reference.document), reference)


_UNCHECKED = ("It was not checked: the frozen text of its document is not at hand.", "")


def _passage(
    source: _Text | None,
    start: str,
    end: str,
    digest: str,
    fragment: str,
) -> Problems:
    if source is None:
        return [_UNCHECKED]
    if not all((start, end, digest, fragment)):
        return [("Position, digest or text fragment is missing.", "Draft the passage again.")]
    begin, stop, text = int(start), int(end), source.text
    if not 0 <= begin < stop <= len(text):
        return [
            (
                f"The stretch {begin} to {stop} lies outside the text of {len(text)} code points.",
                "Correct its start and end position.",
            )
        ]
    problems: Problems = []
    if texts.digest(text[begin:stop]) != digest:
        actual = texts.digest(text[begin:stop])
        problems.append(
            (f"The text there has the SHA-256 {actual}.", "Correct the position or the digest.")
        )
    if not fragment.startswith(source.document.url + "#:~:text="):
        problems.append(
            (f"Its text fragment does not open {source.document.url}.", "Draft it again.")
        )
        return problems
    words = fragments.words_of(fragment)
    if words > fragments.MOST_WORDS:
        message = f"Its text fragment holds {words} words of the source."
        problems.append((message, f"Keep to {fragments.MOST_WORDS}: draft it again."))
    found = list(fragments.matches(text, fragment))
    if (begin, stop) not in found:
        problems.append(("The words of its text fragment do not lead to it.", "Draft it again."))
    elif len(found) > 1:
        problems.append(
            (f"Its text fragment leads to {len(found)} places.", "Add words until it is unique.")
        )
    return problems


def _designation(source: _Text | None, form: str, count: int) -> Problems:
    if source is None:
        return [_UNCHECKED]
    found = len(re.findall(rf"(?<!\w){re.escape(form)}(?!\w)", source.text))
    if found == count:
        return []
    message = f'The text has "{form}" {found} times, not {count}.'
    return [(message, "Correct the count, or that of another designation with the same wording.")]


def _silence(source: _Text | None, terms: list[str]) -> Problems:
    if source is None:
        return [_UNCHECKED]
    text = source.text.casefold()
    return [
        (f'The text does contain "{term}".', "Drop the term, or the silence.")
        for term in terms
        if term.casefold() in text
    ]


def _holder(source: _Text | None, reference: holders.Reference) -> Problems:
    if source is None:
        return [_UNCHECKED]
    if holders.is_named(reference, source.text):
        return []
    holder, passage = (prefixes().compact(iri) for iri in (reference.holder, reference.passage))
    message = f"Neither {passage} nor the passage before it names {holder}."
    return [(message, "Correct the holder, or add the designation by which the passage names it.")]
