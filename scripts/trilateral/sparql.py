"""SPARQL inside the project: queries kept in ``.rq`` files, run on the embedded store."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

from trilateral.errors import TrilateralError
from trilateral.prefixes import prefixes

if TYPE_CHECKING:
    import pyoxigraph as ox


def rows(store: ox.Store, package: str, name: str) -> Iterator[tuple[str, ...]]:
    """Yield the rows of the query ``name.rq`` of a package, unbound values as "".

    Each value is its plain string. The union of all named graphs is queried.
    """
    for solution in store.query(  # type: ignore[union-attr]
        text_of(package, name), prefixes=dict(prefixes()), use_default_graph_as_union=True
    ):
        yield tuple("" if term is None else term.value for term in solution)


def text_of(package: str, name: str) -> str:
    """Return the text of the query ``name.rq`` of a package."""
    return resources.files(package).joinpath(f"{name}.rq").read_text(encoding="utf-8")


def filled(package: str, name: str, values: Mapping[str, str]) -> str:
    """Return the query ``name.rq`` of a package with terms put in where it has its open places."""
    text = text_of(package, name)
    for place, terms in values.items():
        assert place in text, f"{name}.rq has no place {place}"
        text = text.replace(place, terms)
    return text


class HeaderError(TrilateralError):
    """A query file whose header cannot be used."""


def read_text(path: Path) -> str:
    """Return the text of a query file.

    Raises:
        HeaderError: naming the file, when it is not UTF-8.
    """
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise HeaderError(f"{path}: the file is not UTF-8.", "Save it as UTF-8.") from None


def read_header(path: Path, text: str) -> dict[str, Any]:
    """Return the header of a query file: the YAML of its lines that begin with ``#+``.

    Raises:
        HeaderError: naming the file, when the lines are no YAML mapping with a summary.
    """
    import yaml

    lines = [line[2:].removeprefix(" ") for line in text.splitlines() if line.startswith("#+")]
    try:
        # That of libyaml, where there is one, takes an eighth of the time.
        header = yaml.load("\n".join(lines), getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    except yaml.YAMLError as error:
        problem = str(error).replace("\n", " ")
        raise HeaderError(
            f"{path}: the header is no YAML: {problem}", "Quote texts that hold a colon."
        ) from None
    if not isinstance(header, dict) or "summary" not in header:
        raise HeaderError(f"{path}: the header has no summary.", "Add a line '#+ summary: ...'.")
    return header
