"""Text: differences for a terminal and for the notes of a release."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby

from trilateral.prefixes import prefixes
from trilateral.publish.history.differences import Differences, Edit, Thing
from trilateral.publish.history.words import Words
from trilateral.turtle import HIDDEN


def write_text(found: Differences, brief: bool = False) -> str:
    """Return the differences as text: counts, then each thing; ``brief`` gives the counts alone."""
    lines = [
        f"Changes from {found.old.name} to {found.new.name}",
        "",
        summary(found),
        f"RDFC-1.0 SHA-256 of {found.old.name}: {found.old.rdfc10_sha256}",
        f"RDFC-1.0 SHA-256 of {found.new.name}: {found.new.rdfc10_sha256}",
    ]
    if found.graphs:
        kinds = [(plural(kind), counts) for kind, counts in found.kinds()]
        lines += ["", *_table(("things", *(name for name, _ in found.sections())), kinds)]
        graphs = [(graph_name(each.graph), [each.went, each.came]) for each in found.graphs]
        lines += ["", *_table(("statements in the graph", "went", "came"), graphs)]
    if not brief:
        for name, things in found.sections():
            lines += _section(name, things, found.words) if things else []
    return "\n".join(lines) + "\n"


def summary(found: Differences) -> str:
    """Return the differences in one sentence."""
    if not found.graphs:
        return "Both say the same."
    told = [each for each in found.sections() if each[1] or each[0] != "retired before"]
    things = ", ".join(f"{len(each):,} {name}" for name, each in told)
    return f"Things: {things}. Statements: {found.went:,} went, {found.came:,} came."


def graph_name(graph: str) -> str:
    """Return the path of a named graph, which is that of its file."""
    return graph.removeprefix(prefixes()["graph"]) or "the default graph"


def _section(name: str, things: tuple[Thing, ...], words: Words) -> Iterator[str]:
    yield from ("", name.capitalize(), "=" * len(name))
    for kind, group in groupby(things, key=lambda thing: thing.kind):
        heading = plural(kind)
        yield from ("", heading, "-" * len(heading))
        for thing in group:
            yield _titled(thing.iri, words)
            if name == "changed":
                yield from (f"    {line}" for edit in thing.edits for line in _edit(edit, words))
            if thing.reason:
                yield f"    retired: {_shown(thing.reason)}"
            if thing.successor:
                yield f"    in its place: {_titled(thing.successor, words)}"


def _titled(iri: str, words: Words) -> str:
    """Return the name of a thing with its short form, which may be all that is known of it."""
    name, short = _shown(words.name(iri)), words.short(iri)
    return short if name == short else f"{name}  {short}"


def _edit(edit: Edit, words: Words) -> Iterator[str]:
    language = getattr(edit.after or edit.before, "language", None) or ""
    name = words.property(edit.property) + (f" ({language})" if language else "")
    before, after = (
        _shown(words.value(term)) if term is not None else "" for term in (edit.before, edit.after)
    )
    if edit.before == edit.after:
        yield f"{name}: {after}"
    elif before and after:
        yield f"{name}: {before} -> {after}"
    else:
        yield f"+ {name}: {after}" if after else f"- {name}: {before}"
    if edit.moved_from:
        yield f"    moved from {graph_name(edit.moved_from)} to {graph_name(edit.graph)}"


def _table(heads: tuple[str, ...], rows: Iterable[tuple[str, list[int]]]) -> list[str]:
    cells = [heads, *((name, *(f"{number:,}" for number in numbers)) for name, numbers in rows)]
    widths = [max(len(row[at]) for row in cells) for at in range(len(heads))]
    return [
        "  ".join([row[0].ljust(widths[0]), *map(str.rjust, row[1:], widths[1:])]) for row in cells
    ]


def plural(kind: str) -> str:
    """Return the name of a kind for many things."""
    from trilateral.serve.pages import catalogue

    return "Terms of the ontology" if kind == "ontology" else catalogue.plural(kind)


def _shown(text: str) -> str:
    """Return text on one line, with an escape for what nobody could see."""
    plain = " ".join(text.split())
    return HIDDEN.sub(lambda match: f"\\u{ord(match.group()):04X}", plain)
