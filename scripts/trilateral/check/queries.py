"""Lint of queries: each parses, and uses only terms that exist."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from trilateral import sparql
from trilateral.ask.questions import read_questions
from trilateral.findings import Finding
from trilateral.home import Home
from trilateral.prefixes import prefixes
from trilateral.sparql import HeaderError
from trilateral.vocabulary import terms

_NAME = re.compile(r"(?<![\w:?<\"/#-])([a-z][\w-]*):([A-Za-z][\w-]*)")
_NOISE = re.compile(r"#[^\n]*|<[^<>\s]*>|\"(?:[^\"\\\n]|\\.)*\"")


def query_files(home: Home) -> list[Path]:
    """Return the query files of questions, derive rules, checks and the package itself."""
    package = Path(__file__).resolve().parent.parent
    found = [*home.queries.rglob("*.rq"), *home.shapes.rglob("*.rq")]
    found += [path for path in package.rglob("*.rq") if "dataset" not in path.parts[-4:-1]]
    return sorted(set(found))


def check_queries(home: Home) -> Iterator[Finding]:
    """Yield a finding for each query that does not parse or uses a term that does not exist."""
    import pyoxigraph

    store = pyoxigraph.Store()
    try:
        read_questions(home)
    except HeaderError as error:
        yield Finding("queries", 0, "question-header", error.message, "", error.repair)
    for path in query_files(home):
        name, text = home.name(path), sparql.read_text(path)
        try:
            store.query(text, prefixes=dict(prefixes()))
        except SyntaxError as error:
            yield Finding(name, 0, "sparql-syntax", str(error), "", "Correct the query.")
            continue
        bare = _NOISE.sub(lambda match: " " * len(match.group()), text)
        for match in _NAME.finditer(bare):
            iri = prefixes().expand(match.group())
            if match[1] == "tri" and iri not in terms():
                line = bare.count("\n", 0, match.start()) + 1
                repair = "Use a term of the ontology, or declare it there."
                yield Finding(
                    name, line, "query-term", f"{match.group()} does not exist.", "", repair
                )
