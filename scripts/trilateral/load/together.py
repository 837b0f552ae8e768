"""Together: several queries asked as one, where each would have to start a program."""

from __future__ import annotations

from collections.abc import Sequence

from trilateral.ask.engines import Answer
from trilateral.remote.client import prepare

_NUMBER = "together"


def join(queries: Sequence[str]) -> str:
    """Return one query with the rows of all queries, each row with the number of its query.

    >>> print(join(["SELECT ?s WHERE { ?s a ?c }", "SELECT ?c WHERE { ?s a ?c }"]))
    SELECT ?together ?s ?c WHERE {
    { { SELECT ?s WHERE { ?s a ?c } } BIND (0 AS ?together) }
    UNION
    { { SELECT ?c WHERE { ?s a ?c } } BIND (1 AS ?together) }
    }
    """
    names = dict.fromkeys(name for query in queries for name in _variables(query))
    parts = (
        f"{{ {{ {query} }} BIND ({number} AS ?{_NUMBER}) }}\n"
        for number, query in enumerate(queries)
    )
    asked = " ".join(f"?{name}" for name in (_NUMBER, *names))
    return "".join([f"SELECT {asked} WHERE {{\n", "UNION\n".join(parts), "}"])


def split(queries: Sequence[str], answer: Answer) -> list[Answer]:
    """Return the answers to queries from that to all of them; their rows come in any order."""
    at = answer.variables.index(_NUMBER)
    found = []
    for number, query in enumerate(queries):
        names = _variables(query)
        places = [answer.variables.index(name) for name in names]
        rows = (row for row in answer.rows if (term := row[at]) and term.value == str(number))
        found.append(Answer(names, tuple(tuple(row[place] for place in places) for row in rows)))
    return found


def _variables(query: str) -> tuple[str, ...]:
    """Return what a query asks for, as an engine without data tells."""
    import pyoxigraph as ox

    found = ox.Store().query(prepare(query))
    assert isinstance(found, ox.QuerySolutions)
    return tuple(variable.value for variable in found.variables)
