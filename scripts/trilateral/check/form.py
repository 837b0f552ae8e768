"""Form: every Turtle file as the one writer writes it, with the prefixes of the one table."""

from __future__ import annotations

from collections.abc import Iterator

from trilateral import turtle
from trilateral.dataset import Dataset
from trilateral.findings import Finding
from trilateral.outline import lines_of
from trilateral.prefixes import prefixes


def check_form(dataset: Dataset) -> Iterator[Finding]:
    """Yield a finding for each file that `trilateral fmt` would change."""
    table = prefixes()
    for path, file in dataset.files.items():
        name = dataset.home.name(path)
        for prefix, namespace in file.outline.prefixes.items():
            if table.get(prefix) != namespace:
                known = table.get(prefix)
                yield Finding(
                    name,
                    1,
                    "prefix",
                    f"The prefix {prefix}: stands for <{namespace}>.",
                    "",
                    f"In ontology/prefixes.ttl it is <{known}>."
                    if known
                    else "Use a prefix of ontology/prefixes.ttl, or add it there.",
                )
        formatted = turtle.format_text(file.text)
        if formatted != file.text:
            yield Finding(
                name,
                _first_difference(file.text, formatted),
                "turtle-form",
                "The file is not in canonical form.",
                "",
                f"Run: trilateral fmt {name}",
            )


def _first_difference(text: str, formatted: str) -> int:
    lines, wanted = lines_of(text), lines_of(formatted)
    pairs = zip(lines, wanted, strict=False)
    behind_both = min(len(lines), len(wanted)) + 1
    return next((number for number, (a, b) in enumerate(pairs, 1) if a != b), behind_both)
