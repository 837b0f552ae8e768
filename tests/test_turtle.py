"""The one writer of Turtle: canonical, idempotent, and it loses nothing."""

import pyoxigraph as ox
import pytest

from trilateral import turtle

PREFIX = "@prefix actor: <https://w3id.org/trilateral/actor/> .\n"
TRI = "@prefix tri: <https://w3id.org/trilateral/ontology#> .\n"


def canonical(text):
    dataset = ox.Dataset(
        ox.Quad(t.subject, t.predicate, t.object) for t in turtle.read(text).triples
    )
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return set(map(str, dataset))


def test_form_is_the_documented_one():
    text = (
        PREFIX + TRI + "@prefix unused: <http://example.org/> .\n"
        "actor:z-10 a tri:State . actor:z-9 tri:member actor:b, actor:a ; a tri:State ."
    )
    assert turtle.format_text(text) == (
        PREFIX
        + TRI
        + "\nactor:z-9\n    a tri:State ;\n    tri:member actor:a ;\n    tri:member actor:b ;\n.\n"
        "\nactor:z-10\n    a tri:State ;\n.\n"
    )


def test_names_and_definition_come_before_the_rest():
    text = TRI + (
        "@prefix skos: <http://www.w3.org/2004/02/skos/core#> .\n"
        '<http://x/a> tri:about <http://x/b> ; skos:definition "D."@en ; skos:prefLabel "L"@en ;'
        " a tri:Factor ."
    )
    lines = turtle.format_text(text).splitlines()
    predicates = [line.split()[0] for line in lines if line.startswith("    ")]
    assert predicates == ["a", "skos:prefLabel", "skos:definition", "tri:about"]


def test_blocks_of_one_subject_are_merged():
    text = PREFIX + TRI + "actor:a a tri:State .\nactor:b a tri:State .\nactor:a tri:x actor:b ."
    assert turtle.format_text(text).count("\nactor:a\n") == 1


def test_comments_stay_above_their_block():
    text = (
        "# on top\n" + PREFIX + TRI + "# about b\nactor:b a tri:State ; # inside b\n .\n"
        "# about a\nactor:a a tri:State .\n# at the end\n"
    )
    formatted = turtle.format_text(text)
    assert formatted.startswith("# on top\n")
    assert "# about b\n# inside b\nactor:b\n" in formatted
    assert "# about a\nactor:a\n" in formatted
    assert formatted.endswith("# at the end\n")
    assert turtle.format_text(formatted) == formatted


def test_a_comment_behind_the_full_stop_stays_with_its_block():
    text = PREFIX + TRI + "actor:b a tri:State . # about b\nactor:a a tri:State ."
    assert "\n# about b\nactor:b\n" in turtle.format_text(text)


@pytest.mark.parametrize(
    "subject",
    [r"<https://w3id.org/trilateral/actor/\u0061>", "actor:a", "<a>"],
)
def test_comments_find_their_block_however_its_subject_is_written(subject):
    base = "@base <https://w3id.org/trilateral/actor/x> .\n"
    text = PREFIX + TRI + base + f"actor:b a tri:State .\n# about a\n{subject} a tri:State ."
    assert "\n# about a\nactor:a\n" in turtle.format_text(text)


def test_what_nobody_can_see_is_written_as_an_escape():
    text = '<http://x/a> <http://x/p\\u200D> "a\u202eb\\u0000c\U000e0041d é" .'
    assert '<http://x/p\\u200D> "a\\u202Eb\\u0000c\\U000E0041d é" ;' in turtle.format_text(text)


def test_a_long_list_and_digits_without_end_take_no_time():
    digits = "1" * 10_000
    text = f"<http://x/a> <http://x/p> ( {'1 ' * 20_000}) , {digits} ."
    assert turtle.format_text(turtle.format_text(text)) == turtle.format_text(text)


def test_a_hash_inside_iri_or_text_is_no_comment():
    text = PREFIX + "actor:a <http://x/#p> \"no # comment\", '''two\nlines # either''' ."
    formatted = turtle.format_text(text)
    assert '<http://x/#p> "no # comment" ;' in formatted
    assert '"two\\nlines # either"' in formatted


@pytest.mark.parametrize(
    "literal",
    [
        "01",
        "+1",
        "1.0",
        "-0.50",
        "1e3",
        "true",
        '"x"@zh-hans',
        '"2024"^^xsd:gYear',
        '"a"^^xsd:date',
    ],
)
def test_lexical_forms_are_kept(literal):
    text = "@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .\n"
    text += f"<http://x/a> <http://x/p> {literal} .\n"
    formatted = turtle.format_text(text)
    assert f"<http://x/p> {literal} ;" in formatted
    assert canonical(formatted) == canonical(text)


def test_lists_and_paths_stay_inline_and_shared_blank_nodes_get_stable_names():
    text = (
        "<http://x/a> <http://x/p> ( 1 ( 2 ) [ <http://x/q> 3 ] ), _:n .\n"
        "<http://x/b> <http://x/p> _:n, () . _:n <http://x/q> _:loop . _:loop <http://x/r> _:n ."
    )
    formatted = turtle.format_text(text)
    assert "( 1 ( 2 ) [ <http://x/q> 3 ] )" in formatted
    assert canonical(formatted) == canonical(text)
    assert turtle.format_text(formatted) == formatted


@pytest.mark.parametrize(
    ("data", "line", "words"),
    [
        (b"<http://x/a> <http://x/p> <http://x/b>\n<http://x/c> a <http://x/d> .", 2, "dot"),
        (b"<http://x/a> <http://x/p>\n <http://x/b c> .", 2, "Invalid IRI code point ' '"),
        (b"\n\nfoo:a <http://x/p> 1 .", 3, "prefix foo: has not been declared"),
        (b"\xef\xbb\xbf<http://x/a> <http://x/p> 1 .", 1, "byte-order mark"),
        (b'\n<http://x/a> <http://x/p> "\xff" .', 2, "not UTF-8"),
        (b"<a> <http://x/p> 1 .", 1, "No scheme"),
        (b"\xff\xfe<\0a\0>\0", 1, "UTF-16"),
        (b'<http://x/a>\r\n<http://x/p> "\xe2\x80\xae" .', 2, "U+202E (RIGHT-TO-LEFT OVERRIDE)"),
        (b"<http://x/a>\r<http://x/p>\r'a\0b' .", 3, "U+0000 (a control character)"),
        (b'<http://x/a>\n<http://x/p> "caf\xc3', 2, "ends in the middle of a character"),
        (b"<http://x/a> <http://x/p>\n[ <http://x/q>\n\n\n", 2, "Unexpected end"),
        (b"<http://x/a> <http://x/p> " + b"(" * 102 + b")" * 102 + b" .", 1, "more than 100 deep"),
    ],
)
def test_mistakes_are_named_with_their_line(data, line, words):
    with pytest.raises(turtle.TurtleSyntaxError) as error:
        turtle.read(turtle.decode(data))
    assert error.value.line == line
    assert words in error.value.message


def test_every_file_of_the_project_keeps_its_graph_and_form(home):
    for path in home.turtle_files():
        text = path.read_text(encoding="utf-8")
        formatted = turtle.format_text(text)
        assert canonical(formatted) == canonical(text), path
        assert turtle.format_text(formatted) == formatted, path


def test_line_of_finds_the_triple():
    text = (
        PREFIX + TRI + "\nactor:a\n    a tri:State ;\n    tri:x actor:b ;\n    tri:x actor:c ;\n."
    )
    file = turtle.read(text)
    subject = "https://w3id.org/trilateral/actor/a"
    assert file.line_of(subject) == 4
    assert file.line_of(subject, "tri:x", "actor:c") == 7
    assert file.line_of(subject, "tri:absent") == 4
    assert file.line_of("http://x/absent") is None


def test_trig_holds_each_graph_once():
    triple = turtle.read(PREFIX + TRI + "actor:a a tri:State .").triples
    text = turtle.write_dataset({"https://w3id.org/trilateral/graph/x": triple})
    quads = list(ox.parse(text, format=ox.RdfFormat.TRIG))
    assert [quad.graph_name.value for quad in quads] == ["https://w3id.org/trilateral/graph/x"]
