"""Tables: a row for each thing, the same in CSV, Parquet and SQLite, and what describes it."""

import csv
import json
import sqlite3
from contextlib import closing
from datetime import date

import csvw
import pyarrow.parquet
import pytest
from csvw.metadata import CSVW

from trilateral.home import Home, find_home
from trilateral.prefixes import prefixes
from trilateral.publish.release import database, parquet, tables
from trilateral.publish.release.refusals import RefusedError
from trilateral.serve.web import csv_safe
from trilateral.sparql import HeaderError

NAMES = sorted(path.stem for path in (find_home().queries / "tables").glob("*.rq"))
# What each table has a row for, written here from the ontology; ?k tells two rows apart.
ROWS = {
    "actors": "?k tri:actorKind ?x",
    "affiliations": "?k a tri:Affiliation FILTER NOT EXISTS { ?k tri:office ?x }",
    "agreement": "?k a tri:AgreementFigure",
    "attestations": "?s tri:attestedBy ?r BIND (CONCAT(STR(?s), STR(?r)) AS ?k)",
    "coded-values": "?k a skos:Concept FILTER NOT EXISTS { ?k a tri:Topic }",
    "codings": "?k a tri:Coding",
    "designations": "?k a tri:Designation",
    "events": "?k a tri:Event",
    "evidence": "?s tri:evidence ?p BIND (CONCAT(STR(?s), STR(?p)) AS ?k)",
    "factors": "?k a tri:Factor",
    "figures": "?k a tri:Figure",
    "frameworks": "?k a tri:Framework",
    "fundings": "?k a tri:Funding",
    "identifiers": "?s tri:identifiersFrom ?r ; skos:exactMatch ?o "
    "BIND (CONCAT(STR(?s), STR(?o)) AS ?k)",
    "memberships": "?k a tri:Membership",
    "names": "?s skos:prefLabel|skos:altLabel|tri:officialName|tri:abbreviation ?n",
    "offices": "?k a tri:Office",
    "participations": "?k a tri:Participation",
    "passages": "?k a tri:Passage",
    "phases": "?k a tri:Phase",
    "places": "?k a tri:Place",
    "poll-figures": "?k a tri:PollFigure",
    "poll-questions": "?k a tri:PollQuestion",
    "propositions": "{ ?k a tri:Proposition } UNION { ?k a tri:CausalClaim }",
    "sections": "?k a tri:Section",
    "silences": "?k a tri:Silence",
    "sources": "{ ?k a tri:Document } UNION { ?k a tri:Register } "
    "UNION { ?k a tri:OutcomeDocument }",
    "stances": "{ ?k a tri:Stance } UNION { ?k a tri:Recommendation }",
    "terms-of-office": "?k a tri:Affiliation ; tri:office ?x",
    "topics": "?k a tri:Topic",
}


def test_each_table_is_counted_here():
    assert sorted(ROWS) == NAMES


@pytest.fixture(scope="module")
def filled(world, world_store):
    return {each.name: each for each in tables.fill(tables.read_tables(world), world_store)}


@pytest.fixture(scope="module")
def shipped(home, store):
    return {each.name: each for each in tables.fill(tables.read_tables(home), store)}


def ask(store, query):
    found = store.query(query, prefixes=dict(prefixes()), use_default_graph_as_union=True)
    return [tuple(None if term is None else term.value for term in row) for row in found]


def count(store, table):
    if table == "names":
        # A name is told apart by its property and language too.
        return sum(
            int(
                ask(store, f"SELECT (COUNT(*) AS ?n) {{ SELECT DISTINCT ?s ?n {{ ?s {p} ?n }} }}")[
                    0
                ][0]
            )
            for p in ("skos:prefLabel", "skos:altLabel", "tri:officialName", "tri:abbreviation")
        )
    query = f"SELECT (COUNT(DISTINCT ?k) AS ?n) WHERE {{ {ROWS[table]} }}"
    return int(ask(store, query)[0][0])


@pytest.mark.parametrize("name", NAMES)
def test_a_table_has_a_row_for_each_thing(name, filled, shipped, world_store, store):
    # The agreement figures are computed by a build; test_release counts them.
    if name != "agreement":
        assert len(filled[name].rows) == count(world_store, name) > 0
        assert len(shipped[name].rows) == count(store, name) > 0
    for table in (filled[name], shipped[name]):
        at = [[column.name for column in table.columns].index(key) for key in table.key]
        keys = [tuple(row[each] for each in at) for row in table.rows]
        assert len(set(keys)) == len(keys)
        assert keys == sorted(keys)
        for column, cells in zip(table.columns, zip(*table.rows, strict=True), strict=False):
            assert not column.required or all(cells), column.name


def row(table, **key):
    names = [column.name for column in table.columns]
    (found,) = (
        dict(zip(names, each, strict=True))
        for each in table.rows
        if all(each[names.index(name)] == value for name, value in key.items())
    )
    return found


BASE = "https://w3id.org/trilateral/"


# Read off the files of tests/world by eye.
def test_rows_of_the_world_say_what_its_files_say(filled):
    found = row(filled["memberships"], membership=BASE + "membership/arland-tidal-pact")
    assert {name: value for name, value in found.items() if value} == {
        "membership": BASE + "membership/arland-tidal-pact",
        "member": BASE + "actor/arland",
        "member_label": "Arland",
        "framework": BASE + "framework/tidal-pact",
        "framework_label": "Tidal Pact",
        "role": BASE + "role/founding-member",
        "role_label": "founding member",
        "status": BASE + "status/in-force",
        "status_label": "in force",
        "start_date": "2019-06-01",
        "ongoing_on": "2022-12-01",
        "basis": BASE + "basis/attested",
        "basis_label": "attested",
        "attested_by": f"{BASE}source/register-bay-atlas {BASE}source/register-tidal-pact",
    }
    found = row(filled["actors"], actor=BASE + "actor/arland")
    assert (found["label_en"], found["label_ja"], found["label_ko"]) == (
        "Arland", "アーランド", "아를란드",
    )  # fmt: skip
    assert (found["label_zh_hans"], found["label_zh_hant"]) == ("阿兰", "阿蘭")
    assert (found["m49_code"], found["latitude"], found["longitude"]) == ("099", "10.5", "-20.25")
    assert found["abbreviations"] == "AR"
    stance = BASE + "recommendation/corland-gazette-2022-10-invite-borland"
    found = row(filled["stances"], stance=stance)
    assert found["class"] == BASE + "ontology#Recommendation"
    assert (found["holder_label"], found["polarity_label"]) == ("Mira Tell", "supports")
    assert (found["ascriber"], found["condition"]) == ("", "if the pact is frozen")
    assert found["targets"] == f"{BASE}actor/borland {BASE}framework/harbour-league"
    passage = BASE + "passage/corland-gazette-2022-10"
    assert found["evidence"] == passage
    found = row(filled["evidence"], statement=stance, passage=passage)
    assert found["document"] == BASE + "source/corland-gazette-2022"
    name = "Kingdom of Arland"
    assert row(filled["names"], thing=BASE + "actor/arland", name=name)["kind"] == "official"


@pytest.mark.parametrize("name", NAMES)
def test_another_engine_gives_the_same_rows(name, filled, ask_rdflib):
    table = filled[name]
    answer = ask_rdflib("world", table.query)
    rows = [
        tuple(
            tables._cell(column, "" if term is None else term.value)
            for column, term in zip(table.columns, found, strict=True)
        )
        for found in answer.rows
    ]
    assert sorted(rows) == sorted(table.rows)


@pytest.fixture(scope="module")
def schemas(released):
    document = json.loads((released / "tables" / "csv-metadata.json").read_text("utf-8"))
    return {table["url"]: table for table in document["tables"]}


def test_the_metadata_are_valid_csvw_and_the_tables_keep_to_them(released):
    read = CSVW(str(released / "tables" / "csv-metadata.json"), validate=True)
    assert read.is_valid, [str(each.message) for each in read.warnings]
    assert len(read.tables) == len(NAMES)


def test_a_spoilt_cell_is_no_valid_csvw(spoilt):
    path = spoilt / "tables" / "memberships.csv"
    text = path.read_text("utf-8")
    assert BASE + "actor/arland" in text
    path.write_text(text.replace("/actor/arland", "/actor/nobody"), "utf-8")
    group = csvw.TableGroup.from_file(spoilt / "tables" / "csv-metadata.json")
    with pytest.raises(ValueError, match="nobody"):
        group.check_referential_integrity()


def test_metadata_name_columns_languages_datatypes_and_keys(schemas):
    schema = schemas["memberships.csv"]["tableSchema"]
    columns = {each["name"]: each for each in schema["columns"]}
    assert (schema["primaryKey"], schema["aboutUrl"]) == (["membership"], "{+membership}")
    assert columns["member"] == {
        "name": "member",
        "titles": "member",
        "dc:description": columns["member"]["dc:description"],
        "datatype": "anyURI",
        "required": True,
        "propertyUrl": BASE + "ontology#member",
        "valueUrl": "{+member}",
    }
    assert columns["member"]["dc:description"].startswith("Links ")
    assert columns["evidence"]["separator"] == " "
    assert columns["ongoing_on"]["datatype"] == "date"
    assert columns["weakly_attested"]["datatype"] == "boolean"
    key = {"columnReference": "member"}
    key["reference"] = {"resource": "actors.csv", "columnReference": "actor"}
    assert key in schema["foreignKeys"]
    labels = {
        each["name"]: each["lang"]
        for each in schemas["actors.csv"]["tableSchema"]["columns"]
        if each["name"].startswith("label_")
    }
    assert labels == {
        "label_en": "en", "label_ja": "ja", "label_ko": "ko",
        "label_zh_hans": "zh-hans", "label_zh_hant": "zh-hant",
    }  # fmt: skip


def typed(cell, column):
    """What a cell of CSV says, by the datatype that the metadata give its column."""
    if cell == "":
        return None
    return {
        "integer": int,
        "decimal": float,
        "boolean": "true".__eq__,
        "date": date.fromisoformat,
    }.get(column["datatype"] if isinstance(column["datatype"], str) else "", str)(cell)


@pytest.mark.parametrize("name", NAMES)
def test_csv_parquet_and_sqlite_have_the_same_rows(name, released, schemas):
    columns = schemas[f"{name}.csv"]["tableSchema"]["columns"]
    with (released / "tables" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        heads, *lines = csv.reader(file)
    assert heads == [column["name"] for column in columns]
    rows = [tuple(map(typed, line, columns)) for line in lines]
    assert rows
    read = pyarrow.parquet.read_table(released / "tables" / f"{name}.parquet")
    assert read.column_names == heads
    assert [tuple(each.values()) for each in read.to_pylist()] == rows
    database = f"{(released / 'trilateral.sqlite').as_uri()}?mode=ro"
    with closing(sqlite3.connect(database, uri=True)) as connection:
        found = connection.execute(f'SELECT * FROM "{name.replace("-", "_")}" ORDER BY rowid')
        assert [each[0] for each in found.description] == heads
        stored = [
            tuple(each.isoformat() if isinstance(each, date) else each for each in row)
            for row in rows
        ]
        assert found.fetchall() == stored


def test_the_database_has_keys_indices_and_answers_joins(released):
    database = f"{(released / 'trilateral.sqlite').as_uri()}?mode=ro"
    with closing(sqlite3.connect(database, uri=True)) as connection:

        def rows(query):
            return connection.execute(query).fetchall()

        assert rows("PRAGMA integrity_check") == [("ok",)]
        assert rows("PRAGMA foreign_key_check") == []
        assert rows("PRAGMA journal_mode") == [("delete",)]
        keys = {
            (each[3], each[2], each[4]) for each in rows("PRAGMA foreign_key_list(memberships)")
        }
        assert ("member", "actors", "actor") in keys
        plan = rows("EXPLAIN QUERY PLAN SELECT * FROM memberships WHERE member = 'x'")
        assert "USING INDEX memberships_by_member" in plan[0][3]
        joined = rows(
            "SELECT label_ja, framework_label FROM memberships JOIN actors ON member = actor "
            "WHERE framework_label = 'Tidal Pact' AND basis_label = 'attested' ORDER BY actor"
        )
        assert len(joined) == 2
        assert joined[0] == ("アーランド", "Tidal Pact")


def test_the_database_names_no_version_of_sqlite_and_has_no_log_beside_it(released):
    data = (released / "trilateral.sqlite").read_bytes()
    assert int.from_bytes(data[16:18], "big") == 4096  # the size of a page
    assert data[18:20] == b"\x01\x01"  # a rollback journal; 2 stands for a write-ahead log
    assert data[96:100] == bytes(4)  # the version of SQLite that wrote it


def test_no_cell_of_the_shipped_tables_is_one_that_a_spreadsheet_would_run(shipped):
    cells = {cell for table in shipped.values() for row in table.rows for cell in row}
    assert len(cells) > 10_000
    assert [cell for cell in cells if csv_safe.safe(cell) != cell] == []


# ------------------------------------------------------------------- what is refused


def table(*rows, refers=False):
    """A table of things and what is above each."""
    columns = (
        tables.Column("thing", "iri", required=True),
        tables.Column("above", "iri", table="things" if refers else ""),
    )
    path = find_home().queries / "tables" / "things.rq"
    return tables.Table("things", path, "", "", "", ("thing",), columns, rows)


def test_a_thing_with_two_rows_is_refused():
    with pytest.raises(RefusedError, match=r"things\.rq: a row stands twice"):
        database.write_database([table(("x:a", "x:b"), ("x:a", "x:c"))])


def test_what_refers_to_a_row_that_is_not_there_is_refused_by_name():
    assert database.write_database([table(("x:a", ""), ("x:b", "x:a"), refers=True)])
    with pytest.raises(RefusedError, match=r"things\.rq: the row of x:b refers to what is not"):
        database.write_database([table(("x:a", ""), ("x:b", "x:nobody"), refers=True)])


def test_empty_cells_are_no_values_in_parquet(tmp_path):
    (tmp_path / "x").write_bytes(parquet.write_parquet(table(("x:a", ""))))
    assert pyarrow.parquet.read_table(tmp_path / "x").to_pylist() == [
        {"thing": "x:a", "above": None}
    ]


GOOD = """\
#+ summary: Things.
#+ key: [thing]
#+ columns:
#+   thing: {type: iri, required: true, description: The thing.}
#+   kind: {type: iri, property: rdf:type}
SELECT DISTINCT ?thing ?kind
WHERE { ?thing a ?kind }
ORDER BY ?thing
"""


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("#+ key: [thing]\n", "", "it needs columns, description, key"),
        ("[thing]", "[other]", "its key is no column"),
        ("type: iri, property", "type: uri, property", "the column kind has a key or type"),
        ("property: rdf:type", "properties: rdf:type", "the column kind has a key or type"),
        ("property: rdf:type", "property: rdf:type, table: nowhere", "kind leads to no table"),
        ("?thing ?kind\nWHERE", "?kind ?thing\nWHERE", "are not those that the query selects"),
        ("#+ summary: Things.\n", "", "no summary"),
    ],
)
def test_a_header_that_cannot_be_used_is_refused(old, new, words, tmp_path, world_store):
    assert old in GOOD
    folder = tmp_path / "tables"
    folder.mkdir()
    (folder / "things.rq").write_text(GOOD.replace(old, new, 1))
    home = Home(tmp_path, tmp_path, tmp_path, tmp_path, tmp_path)
    with pytest.raises(HeaderError, match=words):
        tables.read_tables(home)


def test_a_column_that_nothing_describes_is_refused(tmp_path, world_store):
    folder = tmp_path / "tables"
    folder.mkdir()
    (folder / "things.rq").write_text(GOOD)
    home = Home(tmp_path, tmp_path, tmp_path, tmp_path, tmp_path)
    with pytest.raises(HeaderError, match="nothing describes the column kind"):
        tables.fill(tables.read_tables(home), world_store)
