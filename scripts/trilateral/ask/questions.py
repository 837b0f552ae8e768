"""Questions: one ``.rq`` file each, with a header that says what it asks and what it takes.

The header is lines that begin with ``#+`` and hold YAML, as grlc reads it::

    #+ summary: Who holds which position on a proposition?
    #+ description: One row per stance ...
    #+ tags:
    #+   - stances
    #+ parameters:
    #+   proposition:
    #+     kind: proposition
    #+     description: The proposition asked about.
    #+     default: proposition:example

A parameter is a variable bound by a block ``VALUES ?name { UNDEF }``, which
leaves it open; the query runs as it stands on any engine. To bind it, the parsed
term takes the place of ``UNDEF``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

from trilateral import sparql
from trilateral.home import Home
from trilateral.prefixes import prefixes

_OPEN = r"VALUES\s*\?{name}\s*\{{\s*UNDEF\s*\}}"
_FORM = re.compile(r"^\s*(SELECT|CONSTRUCT|ASK|DESCRIBE)\b", re.MULTILINE)
# A framework that acts is an actor too.
_ALSO = {"actor": ("framework",)}
_KEYS = {"summary", "description", "tags", "parameters"}


@dataclass(frozen=True)
class Parameter:
    """A variable that a user may bind.

    ``kind`` is the kind of thing (``actor``, ``proposition``, ...: the prefix of
    its IRIs), or ``text``, ``date`` or ``language``. ``default`` is None when the
    question covers everything unless the parameter is given.
    """

    name: str
    kind: str
    description: str
    default: str | None = None

    def may_be(self, iri: str) -> bool:
        """Tell whether a thing is of a kind that can be asked for here.

        >>> framework = prefixes().expand("framework:quad")
        >>> [Parameter("x", kind, "").may_be(framework) for kind in ("framework", "actor", "event")]
        [True, True, False]
        """
        kinds = (self.kind, *_ALSO.get(self.kind, ()))
        return iri.startswith(tuple(prefixes()[kind] for kind in kinds))


@dataclass(frozen=True)
class Question:
    """One question: its name, what it asks, its parameters and its SPARQL text."""

    name: str
    path: Path
    text: str
    summary: str
    description: str = ""
    tags: tuple[str, ...] = ()
    parameters: tuple[Parameter, ...] = ()
    form: str = field(default="SELECT")

    def bound(self, values: dict[str, str]) -> str:
        """Return the query text with terms, already in SPARQL syntax, bound to parameters.

        The blocks of parameters that stay open are left out: they mean nothing, and
        an engine may take them for a join without a key.
        """

        def block(match: re.Match[str]) -> str:
            term = values.get(match["name"])
            return f"VALUES ?{match['name']} {{ {term} }}" if term else ""

        return re.sub(_OPEN.format(name=r"(?P<name>\w+)"), block, self.text)


def read_question(path: Path) -> Question:
    """Read one question from its file.

    Raises:
        HeaderError: naming the file and what its header lacks.
    """
    text = sparql.read_text(path)
    header = sparql.read_header(path, text)
    form = _FORM.search(text)
    unknown = sorted(set(header) - _KEYS)
    if form is None or unknown:
        problem = f"unknown key {unknown[0]}" if unknown else "no query form"
        raise sparql.HeaderError(
            f"{path}: the header cannot be used: {problem}.",
            "Give it a line '#+ summary: ...'; the other keys are description, tags, parameters.",
        )
    parameters = tuple(
        Parameter(name, entry["kind"], entry.get("description", ""), entry.get("default"))
        for name, entry in (header.get("parameters") or {}).items()
    )
    for parameter in parameters:
        if not re.search(_OPEN.format(name=parameter.name), text):
            raise sparql.HeaderError(
                f"{path}: the parameter {parameter.name} is bound nowhere.",
                f"Write VALUES ?{parameter.name} {{ UNDEF }} where the query uses it first.",
            )
    return Question(
        name=path.stem,
        path=path,
        text=text,
        summary=header["summary"],
        description=header.get("description", "").strip(),
        tags=tuple(header.get("tags") or ()),
        parameters=parameters,
        form=form.group(1),
    )


def read_questions(home: Home) -> dict[str, Question]:
    """Return the questions of a dataset by name; derive rules are not among them.

    >>> from trilateral.home import find_home
    >>> "who-holds" in read_questions(find_home())
    True
    """
    return {path.stem: read_question(path) for path in sorted(home.queries.glob("*.rq"))}
