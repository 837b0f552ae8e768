"""Answers as rows, frames and graphs: types kept, nothing guessed, nothing lost."""

import sys
from datetime import UTC, date, datetime
from decimal import Decimal

import pandas
import polars
import pyoxigraph as ox
import pytest
import rdflib

from trilateral.ask import columns, frames
from trilateral.ask.columns import FrameError
from trilateral.ask.engines import Answer
from trilateral.prefixes import prefixes

JAPAN = ox.NamedNode("https://w3id.org/trilateral/actor/japan")


def literal(text, datatype):
    return ox.Literal(text, datatype=ox.NamedNode(prefixes()["xsd"] + datatype))


# Two rows, the second empty, so that each type is also tried with a missing value.
TYPED = {
    "thing": (JAPAN, "IRI", JAPAN.value),
    "node": (ox.BlankNode("b1"), "blank node", "b1"),
    "plain": (ox.Literal("1"), "text", "1"),
    "count": (literal("07", "integer"), "integer", 7),
    "rank": (literal("3", "unsignedByte"), "integer", 3),
    "share": (literal("1.50", "decimal"), "decimal", Decimal("1.50")),
    "score": (literal("1.5E0", "double"), "double", 1.5),
    "told": (literal("false", "boolean"), "boolean", False),
    "day": (literal("1600-02-29", "date"), "date", date(1600, 2, 29)),
    "at": (
        literal("2024-05-07T09:00:00+09:00", "dateTime"),
        "dateTime",
        datetime(2024, 5, 7, 0, 0, tzinfo=UTC),
    ),
    "local": (literal("2024-05-07T09:00:00", "dateTime"), "dateTime", datetime(2024, 5, 7, 9)),
}


@pytest.fixture(scope="module")
def typed():
    first = tuple(term for term, _, _ in TYPED.values())
    return Answer(tuple(TYPED), (first, (None,) * len(first)))


def test_columns_have_the_type_of_what_they_hold(typed):
    found = {column.name: column for column in columns.columns_of(typed)}
    assert {name: column.kind for name, column in found.items()} == {
        name: kind for name, (_, kind, _) in TYPED.items()
    }
    wanted = {name: (value, None) for name, (_, _, value) in TYPED.items()}
    assert {name: column.values for name, column in found.items()} == wanted
    full, empty = columns.rows_of(typed)
    assert full == {name: value for name, (_, _, value) in TYPED.items()}
    assert set(empty.values()) == {None}


def test_pandas_has_types_that_know_a_missing_value(typed):
    frame = frames.pandas_frame(typed)
    assert {name: str(dtype) for name, dtype in frame.dtypes.items()} == {
        "thing": "str",
        "node": "str",
        "plain": "str",
        "count": "Int64",
        "rank": "Int64",
        "share": "Float64",
        "score": "Float64",
        "told": "boolean",
        "day": "datetime64[s]",
        "at": "datetime64[us, UTC]",
        "local": "datetime64[us]",
    }
    assert frame.iloc[1].isna().all()
    assert (frame["count"][0], frame["share"][0], frame["day"][0].year) == (7, 1.5, 1600)
    assert frame["at"][0] == pandas.Timestamp("2024-05-07T00:00:00Z")
    assert frame.attrs["kinds"]["thing"] == "IRI"


def test_polars_has_the_same_types(typed):
    frame = frames.polars_frame(typed)
    text, number = polars.String, polars.Float64
    assert dict(frame.schema) == {
        "thing": text,
        "node": text,
        "plain": text,
        "count": polars.Int64,
        "rank": polars.Int64,
        "share": number,
        "score": number,
        "told": polars.Boolean,
        "day": polars.Date,
        "at": polars.Datetime("us", "UTC"),
        "local": polars.Datetime("us"),
    }
    wanted = {name: value for name, (_, _, value) in TYPED.items()} | {"share": 1.5}
    assert frame.row(0, named=True) == wanted
    assert frame.row(1) == (None,) * len(TYPED)


@pytest.mark.parametrize(
    ("terms", "texts", "types"),
    [
        # No day is invented for a year.
        (
            [literal("2024-05-07", "date"), literal("2024", "gYear"), None],
            ("2024-05-07", "2024", None),
            ("xsd:date", "xsd:gYear", None),
        ),
        ([literal("2024-05", "gYearMonth")], ("2024-05",), ("xsd:gYearMonth",)),
        ([JAPAN, ox.Literal("x")], (JAPAN.value, "x"), ("IRI", "text")),
        # What is not what it says, or does not fit, is kept as it is written.
        ([literal("many", "integer")], ("many",), ("xsd:integer",)),
        ([literal("9" * 19, "integer")], ("9" * 19,), ("xsd:integer",)),
        ([literal("2024-05-07Z", "date")], ("2024-05-07Z",), ("xsd:date",)),
        ([literal("yes", "boolean")], ("yes",), ("xsd:boolean",)),
        ([literal("x", "decimal")], ("x",), ("xsd:decimal",)),
        (
            [
                literal("2024-05-07T00:00:00", "dateTime"),
                literal("2024-05-07T00:00:00Z", "dateTime"),
            ],
            ("2024-05-07T00:00:00", "2024-05-07T00:00:00Z"),
            ("xsd:dateTime", "xsd:dateTime"),
        ),
    ],
)
def test_mixed_columns_hold_texts_and_say_what_each_is(terms, texts, types):
    found = columns.columns_of(Answer(("value",), tuple((term,) for term in terms)))
    assert [(each.name, each.kind, each.values) for each in found] == [
        ("value", "mixed", texts),
        ("value_type", "text", types),
    ]
    assert list(frames.pandas_frame(Answer(("v",), tuple((t,) for t in terms)))["v"].dropna()) == [
        text for text in texts if text
    ]


def test_language_tags_stand_beside_their_texts():
    rows = ((ox.Literal("日本", language="ja"),), (ox.Literal("Japan"),), (None,))
    frame = frames.polars_frame(Answer(("label",), rows))
    assert frame["label"].to_list() == ["日本", "Japan", None]
    assert frame["label_lang"].to_list() == ["ja", None, None]


def test_no_column_takes_the_place_of_another():
    row = (ox.Literal("Japon", language="fr"), ox.Literal("x"))
    with pytest.raises(FrameError, match="a column label_lang, which would say more of label"):
        columns.columns_of(Answer(("label", "label_lang"), (row,)))


def test_an_answer_without_rows_has_its_columns():
    assert frames.pandas_frame(Answer(("a", "b"))).columns.tolist() == ["a", "b"]
    assert frames.polars_frame(Answer(("a", "b"))).columns == ["a", "b"]


def test_triples_are_a_graph_of_rdflib_with_literals_as_they_are_written():
    label = ox.NamedNode(prefixes()["skos"] + "prefLabel")
    rank = ox.NamedNode("http://example.org/rank")
    triples = (
        ox.Triple(JAPAN, label, ox.Literal("日本", language="ja")),
        ox.Triple(JAPAN, rank, literal("1.50", "decimal")),
    )
    graph = frames.graph(Answer((), triples=triples))
    japan = rdflib.URIRef(JAPAN.value)
    assert graph.value(japan, rdflib.SKOS.prefLabel) == rdflib.Literal("日本", lang="ja")
    number = graph.value(japan, rdflib.URIRef(rank.value))
    assert (str(number), number.datatype) == ("1.50", rdflib.XSD.decimal)
    assert "actor:japan" in graph.serialize(format="turtle")
    assert len(frames.graph(Answer(()))) == 0


def test_rows_are_no_graph_and_a_graph_has_no_rows():
    with pytest.raises(FrameError, match="This answer has rows"):
        frames.graph(Answer(("a",)))
    with pytest.raises(FrameError, match="This answer is a graph"):
        frames.pandas_frame(Answer((), triples=(ox.Triple(JAPAN, JAPAN, JAPAN),)))


@pytest.mark.parametrize("name", ["pandas", "polars"])
def test_without_the_library_the_message_says_what_to_install(name, monkeypatch):
    monkeypatch.setitem(sys.modules, name, None)
    make = getattr(frames, f"{name}_frame")
    with pytest.raises(FrameError, match=rf"{name} is not installed.\n.*trilateral\[frames\]"):
        make(Answer(("a",)))
