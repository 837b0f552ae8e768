"""Who belongs to a framework on a day is who its own list of that day names.

``tests/expected/rosters/<framework>.csv`` holds one list a day (``date,member``), made
by someone who did not enter the memberships. Comment lines say, day by day, from which
list the members were taken (``# source: <date>: <title, date, URL>``) and how it was
read (``# why: <date>: ...``). ``# roles: ...`` names roles that count as belonging in
this framework beside the usual ones: in some frameworks a partner is a full member.

A list has no grades, so memberships count that are certain or possible on the day: one
that was last seen in force before it, one whose start is known by the year only.
"""

import csv
from pathlib import Path

import pytest

from trilateral.ask import engines, values
from trilateral.ask.show import find
from trilateral.prefixes import prefixes

FOLDER = Path(__file__).parent / "expected" / "rosters"
FILES = sorted(FOLDER.glob("*.csv"))
BELONGING = {"founding-member", "member", "participant", "party"}
QUESTION = "who-belonged-to-a-framework-on-a-date"


def parse(path):
    """Return the remarks by key and day, the further roles, the column names and the rows."""
    remarks, roles, lines = {"source": set(), "why": set()}, set(), []
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            key, _, text = line[1:].strip().partition(": ")
            if key == "roles":
                roles |= set(text.split())
            else:
                remarks.setdefault(key, set()).add(text.partition(": ")[0])
        else:
            lines.append(line)
    columns, *rows = [*csv.reader(lines)] or [[]]
    return remarks, roles, columns, [tuple(row) for row in rows]


def lists():
    for path in FILES:
        _, roles, _, rows = parse(path)
        for date in sorted({row[0] for row in rows}):
            listed = {row[1] for row in rows if row[0] == date}
            yield pytest.param(path.stem, date, roles, listed, id=f"{path.stem}-{date}")


@pytest.fixture(scope="module")
def actors(store):
    """The slugs of all actors of the data."""
    beginning = prefixes()["actor"]
    subjects = {quad.subject.value for quad in store if hasattr(quad.subject, "value")}
    return {each.removeprefix(beginning) for each in subjects if each.startswith(beginning)}


@pytest.fixture(scope="module")
def role_of(store):
    """The slug of each role by its English label, which is what the question shows."""
    rows = store.query(
        "PREFIX skos: <http://www.w3.org/2004/02/skos/core#> "
        "SELECT ?role ?label WHERE { GRAPH ?graph { ?role skos:prefLabel ?label . } "
        f"FILTER (STRSTARTS(STR(?role), '{prefixes()['role']}') && LANG(?label) = 'en') }}"
    )
    return {row["label"].value: row["role"].value.rpartition("/")[2] for row in rows}


def belonging(store, home, role_of, framework, date, roles):
    """Return who belongs to the framework on the day by the answer to the question."""
    question = find(home)[QUESTION]
    query = question.bound(values.bind(store, question, {"framework": framework, "date": date}))
    answer = engines.ask_oxigraph(store, query)
    member, role = (answer.variables.index(name) for name in ("member", "roleLabel"))
    beginning = prefixes()["actor"]
    return {
        row[member].value.removeprefix(beginning)
        for row in answer.rows
        if role_of[row[role].value] in roles
    }


@pytest.mark.parametrize(("framework", "date", "roles", "listed"), [*lists()])
def test_members_are_those_of_the_list(framework, date, roles, listed, store, home, role_of):
    found = belonging(store, home, role_of, framework, date, BELONGING | roles)
    missing, surplus = sorted(listed - found), sorted(found - listed)
    assert not missing and not surplus, (
        f"{framework} on {date}: missing in the data: {', '.join(missing) or 'nobody'}; "
        f"surplus in the data: {', '.join(surplus) or 'nobody'}"
    )


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_list_names_actors_once_and_says_where_it_is_from(path, actors, role_of):
    remarks, roles, columns, rows = parse(path)
    assert columns == ["date", "member"]
    assert rows, "no member is listed"
    assert len(rows) == len(set(rows)), "a member is listed twice for a day"
    assert {member for _, member in rows} - actors == set(), "no actors of the data"
    assert roles - set(role_of.values()) == set(), "no roles of the data"
    days = {date for date, _ in rows}
    assert remarks == {"source": days, "why": days}, "a day without source or reason"


def test_there_are_lists():
    assert len(FILES) >= 19
