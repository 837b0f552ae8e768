"""Every question has an expected answer, worked out by hand, over the world and over the data.

``tests/expected/<world|data>/<question>.csv``: lines that begin with ``#`` say with
which parameters to ask (``# parameters: framework=quad date=2023-01-01``), how
the rows were worked out (``# why: ...``) and, where the whole answer is too long to
write down, that the rows are a part of it (``# mode: contains``), how many rows
there are in all (``# rows: 12``) and rows that must not be there (``# never: a,b``).
The columns are those of the question that the expectation is about, IRIs in short
form. Without a mode, the rows are the whole answer on those columns.

The first versions were written without sight of queries and answers. When the
coding was reviewed, some 30 expectations over the data were brought up to date
by readers who saw which rows failed and decided each one from texts and Turtle;
a few were settled after the program's rows had been seen. Read those as checked
against the sources, not as blind.
"""

import csv
import io
from pathlib import Path

import pytest

from trilateral.ask import engines, values
from trilateral.ask.show import find
from trilateral.home import find_home
from trilateral.prefixes import prefixes

EXPECTED = Path(__file__).parent / "expected"
FILES = sorted(path for where in ("data", "world") for path in (EXPECTED / where).glob("*.csv"))
QUESTIONS = sorted(path.stem for path in find_home().queries.glob("*.rq"))


def parse(path):
    notes, lines = {"never": []}, []
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            key, _, value = line[1:].strip().partition(": ")
            if key == "never":
                notes["never"] += list(csv.reader([value]))
            else:
                notes[key] = value
        else:
            lines.append(line)
    rows = list(csv.reader(io.StringIO("\n".join(lines))))
    return notes, rows[0], [tuple(row) for row in rows[1:]]


def shown(term):
    if term is None:
        return ""
    compact = prefixes().compact(term.value) if type(term).__name__ == "NamedNode" else term.value
    return compact.strip("<>")


def cases():
    """Each file with each engine that has to be asked.

    With the defaults of its header, a question is asked of rdflib by `test_questions_engines`,
    which holds the rows of both engines to be equal; asking it takes minutes in all.
    """
    for path in FILES:
        notes, _, _ = parse(path)
        for engine in ("oxigraph", "rdflib") if "parameters" in notes else ("oxigraph",):
            yield pytest.param(path, engine, id=f"{path.parent.name}/{path.stem}-{engine}")


@pytest.mark.parametrize(("path", "engine"), list(cases()))
def test_answer_is_the_one_worked_out_by_hand(path, engine, home, stores, ask_rdflib):
    notes, columns, expected = parse(path)
    assert notes.get("why"), "say how the answer was worked out"
    store = stores[path.parent.name]
    question = find(home)[path.stem.partition("@")[0]]
    given = dict(pair.split("=", 1) for pair in notes.get("parameters", "").split())
    query = question.bound(values.bind(store, question, given))
    if engine == "oxigraph":
        answer = engines.ask_oxigraph(store, query)
    else:
        answer = ask_rdflib(path.parent.name, query)
    at = [answer.variables.index(column) for column in columns]
    found = {tuple(shown(row[index]) for index in at) for row in answer.rows}
    if notes.get("mode") == "contains":
        assert set(expected) <= found, set(expected) - found
    else:
        assert found == set(expected)
    if "rows" in notes:
        assert len(answer.rows) == int(notes["rows"])
    assert not found & {tuple(row) for row in notes["never"]}


@pytest.mark.parametrize("where", ["world", "data"])
def test_every_question_has_an_expected_answer(where):
    have = {path.stem.partition("@")[0] for path in (EXPECTED / where).glob("*.csv")}
    assert set(QUESTIONS) - have == set()
    assert have - set(QUESTIONS) == set()
