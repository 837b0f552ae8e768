"""Fuzzing: whatever graph, text or bytes come, the formatter loses nothing and reading ends well.

The suite runs the same few hundred examples each time. For more, and others each
time: TRILATERAL_FUZZ=20000 pytest tests/test_fuzz.py
"""

import os
import re
from collections import Counter

import pyoxigraph as ox
import pytest
import rdflib
import rdflib.compare
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from tests.conftest import WORLD

from trilateral import dataset, turtle
from trilateral.errors import InvalidDatasetError
from trilateral.home import Home

EXAMPLES = int(os.environ.get("TRILATERAL_FUZZ") or 0)
fuzz = settings(
    max_examples=EXAMPLES or 200,
    derandomize=not EXAMPLES,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)

XSD = "http://www.w3.org/2001/XMLSchema#"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"

# --- Turtle texts, in as many spellings as the grammar allows ---------------------------------

# Any character of any plane; a surrogate is none.
characters = st.one_of(
    st.characters(blacklist_categories=("Cs",)),
    st.sampled_from(
        "\"'\\\n\r\t#<>.;,[]()@^_:~ \u0085\u00a0\u1680\u200d\u202e\u2028\ufeff\U0001f600"
    ),
)


def escaped(character, quote):
    """The spellings of one character inside a string with such quotes."""
    code = ord(character)
    spellings = [f"\\U{code:08x}"]
    if code < 0x10000:
        spellings.append(f"\\u{code:04X}")
    short = {"\n": r"\n", "\r": r"\r", "\t": r"\t", '"': r"\"", "'": r"\'", "\\": "\\\\"}
    if character in short:
        spellings.append(short[character])
    raw = character not in "\\" and character != quote[0]
    if raw and (len(quote) == 3 or character not in "\r\n"):
        spellings.append(character)
    return st.sampled_from(spellings)


@st.composite
def strings(draw):
    quote = draw(st.sampled_from(['"', "'", '"""', "'''"]))
    text = draw(st.text(characters, max_size=12))
    return quote + "".join(draw(escaped(character, quote)) for character in text) + quote


tags = st.sampled_from(["en", "ja", "zh-hans", "ko-Latn", "x-private", "de-CH-1996"])
names = st.sampled_from(
    ["a", "b-2", "x.y", "é", "\u1680", "n\u3001", "%41", r"dot\.", r"h\#h", "7"]
)
iris = st.one_of(
    names.map("actor:{}".format),
    names.map("e:{}".format),
    st.sampled_from(
        ["a", "b-2", "x#y", "\u00a0#", "\\u0041", "\\U0001F600", "?q=(1)", "~;,.", "'"]
    ).map("<https://example.org/{}>".format),
    st.sampled_from(["<a>", "<#b>", "<../c>", "<//d>", "<>"]),
)
numbers = st.from_regex(
    r"[+-]?([0-9]{1,4}|[0-9]{0,3}\.[0-9]{1,3}|([0-9]{1,2}\.[0-9]?|\.?[0-9])[eE][+-]?[0-9]{1,3})",
    fullmatch=True,
).filter(str.isascii)
literals = st.one_of(
    strings(),
    st.builds("{}@{}".format, strings(), tags),
    st.builds(
        "{}^^{}".format,
        strings(),
        st.one_of(
            iris,
            st.sampled_from(
                [
                    f"<{XSD}{name}>"
                    for name in ("date", "integer", "double", "boolean", "string", "gYear")
                ]
            ),
        ),
    ),
    st.sampled_from(
        ['"01"^^xsd:integer', '"+1."^^xsd:decimal', '"1e1"^^xsd:double', '"x"^^xsd:date']
    ),
    numbers,
    st.sampled_from(["true", "false", "0" * 30 + "1" * 5000]),
)
labels = st.sampled_from(["_:n", "_:m", "_:a.b", "_:0"])
# White space and comments may stand between any two tokens.
gaps = st.one_of(
    st.sampled_from([" ", "\n", "\r\n", "\t \n"]),
    st.builds(
        "{}#{}{}".format,
        st.sampled_from([" ", "\n", "\n    "]),
        st.text(
            st.characters(blacklist_categories=("Cs",), blacklist_characters="\r\n"), max_size=8
        ),
        st.sampled_from(["\n", "\r\n", "\r"]),
    ),
)
PREFIXES = [
    "@prefix actor: <https://w3id.org/trilateral/actor/> .",
    "PREFIX e: <https://example.org/e/>",
    f"@prefix xsd: <{XSD}>.",
    "@base <https://example.org/base/x> .",
]


@st.composite
def values(draw, depth=0):
    kinds = [iris, iris, literals, labels]
    if depth < 3:
        kinds += [property_lists(depth + 1), collections(depth + 1)]
    return draw(st.one_of(kinds))


@st.composite
def collections(draw, depth=0):
    return (
        "("
        + "".join(draw(gaps) + draw(values(depth)) for _ in range(draw(st.integers(0, 3))))
        + draw(gaps)
        + ")"
    )


@st.composite
def pairs(draw, depth=0):
    gap = lambda: draw(gaps)  # noqa: E731
    verb = draw(st.one_of(st.just("a"), iris))
    first = gap() + verb + gap() + draw(values(depth))
    return first + "".join(
        gap() + "," + gap() + draw(values(depth)) for _ in range(draw(st.integers(0, 2)))
    )


@st.composite
def property_lists(draw, depth=0):
    if draw(st.booleans()):
        return "[" + draw(gaps) + "]"
    return "[" + draw(pairs(depth)) + draw(gaps) + "]"


@st.composite
def statements(draw):
    subject = draw(st.one_of(iris, iris, labels, collections(2), st.just("[]")))
    rest = draw(pairs()) + "".join(
        draw(gaps) + ";" + draw(pairs()) for _ in range(draw(st.integers(0, 2)))
    )
    return draw(gaps) + subject + rest + draw(gaps) + "."


@st.composite
def texts(draw):
    header = draw(st.sampled_from(["", "# on top\n", "\n"]))
    header += "".join(prefix + draw(gaps) for prefix in PREFIXES)
    body = "".join(draw(st.lists(statements(), max_size=4)))
    return header + body + draw(st.one_of(st.just(""), gaps))


def triples_of(text):
    return [quad.triple for quad in ox.parse(text, format=ox.RdfFormat.TURTLE)]


def canonical(triples):
    found = ox.Dataset(ox.Quad(t.subject, t.predicate, t.object) for t in triples)
    found.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return set(map(str, found))


def comments_of(text):
    """The comments of a text, found without the code under test: what is left beside the tokens."""
    found = re.compile(
        r"""<[^<>\x00-\x20]*>|\"\"\"(?:\\.|.)*?\"\"\"|'''(?:\\.|.)*?'''|"(?:\\.|.)*?"|'(?:\\.|.)*?'"""
        r"""|\\.|(\#[^\r\n]*)""",
        re.DOTALL,
    ).findall(text)
    return [comment.rstrip() for comment in found if comment]


@fuzz
@given(texts())
@example("# a\n# b\n@prefix e: <http://e/> .\n\n<http://x/a> <http://x/b> 1 .\n")
@example("# only a comment\n@prefix e: <http://e/> .\n# at the end\n")
@example("<http://x/\\u0041> a <http://x/b> . # behind\n# above\n[] a <http://x/b> . # last")
@example("_:a <http://x/p> [ <http://x/q> _:a ] . # a circle with one name\n")
@example("BASE <http://x/>\n# about a\n<a> a <b> .")
def test_formatting_keeps_graph_forms_and_comments_and_twice_is_once(text):
    try:
        expected = triples_of(text)
    except SyntaxError:
        pytest.fail(f"the strategy wrote what is no Turtle: {text!r}")
    formatted = turtle.format_text(text)
    assert turtle.format_text(formatted) == formatted
    found = triples_of(formatted)
    assert canonical(found) == canonical(expected)
    # Each literal as it was written, also where two forms have one value.
    forms = [
        {str(each.object) for each in triples if isinstance(each.object, ox.Literal)}
        for triples in (found, expected)
    ]
    assert forms[0] == forms[1]
    assert Counter(comments_of(formatted)) == Counter(comments_of(text))
    # What is written can be seen: it may be saved and read again.
    if not any(map(turtle.HIDDEN.search, comments_of(text))):
        assert turtle.decode(formatted.encode()) == formatted


# --- graphs, whoever made them ---------------------------------------------------------------

nodes = st.one_of(
    st.sampled_from(["a", "b-2", "x.y", "\u00a0#", "é"]).map(
        lambda name: ox.NamedNode("https://example.org/" + name)
    ),
    st.sampled_from("nmkj").map(ox.BlankNode),
)
words = st.text(characters, max_size=12)
forms = st.builds(
    lambda form, kind: ox.Literal(form, datatype=ox.NamedNode(XSD + kind)),
    st.one_of(
        words, st.sampled_from(["1", "01", "1.", "+1.0", ".5", "1e1", "1.E1", "x", "true", "1"])
    ),
    st.sampled_from(["integer", "decimal", "double", "boolean", "date", "string", "float"]),
)
graph_triples = st.builds(
    ox.Triple,
    nodes,
    st.sampled_from(["p", "q"]).map(lambda name: ox.NamedNode("https://example.org/" + name))
    | st.sampled_from(["type", "first", "rest"]).map(lambda name: ox.NamedNode(RDF + name)),
    st.one_of(
        nodes,
        words.map(ox.Literal),
        st.builds(lambda text, tag: ox.Literal(text, language=tag), words, tags),
        forms,
        st.just(ox.NamedNode(RDF + "nil")),
    ),
)


@fuzz
@given(st.lists(graph_triples, max_size=12))
def test_any_graph_is_written_whole_and_in_canonical_form(graph):
    text = turtle.write(graph)
    assert canonical(triples_of(text)) == canonical(graph)
    assert turtle.write(reversed(graph)) == text
    assert turtle.format_text(text) == text


def as_rdflib(term):
    if isinstance(term, ox.NamedNode):
        return rdflib.URIRef(term.value)
    if isinstance(term, ox.BlankNode):
        return rdflib.BNode(term.value)
    if term.language:
        return rdflib.Literal(term.value, lang=term.language)
    kind = None if term.datatype.value == XSD + "string" else rdflib.URIRef(term.datatype.value)
    # Normalized, as rdflib does with each number that stands bare: it reads 01 as 1.
    return rdflib.Literal(term.value, datatype=kind)


# rdflib warns of numbers that are none; they are part of the examples.
@pytest.mark.filterwarnings("ignore::UserWarning")
@fuzz
@given(st.lists(graph_triples, max_size=8))
def test_rdflib_reads_the_same_graph_from_what_is_written(graph):
    expected = rdflib.Graph()
    for triple in graph:
        expected.add(tuple(map(as_rdflib, triple)))
    found = rdflib.Graph().parse(data=turtle.write(graph), format="turtle")
    assert rdflib.compare.to_isomorphic(found) == rdflib.compare.to_isomorphic(expected)


# --- reading: anything at all, and files with a mistake ----------------------------------------

FILES = sorted((WORLD / "data").rglob("*.ttl"))
SOURCES = [path.read_bytes() for path in FILES if path.stat().st_size < 8000]
INSERTS = [
    *(b"\0", b"\r", b"\r\n", b"\xef\xbb\xbf", b"\xff", b"\xe2\x80", b"\xe2\x80\xae", b"\xc2\x85"),
    *(b'"', b'"""', b"<", b"<<(", b")>>", b"{|", b"~", b"[", b"]", b"(", b")", b".", b";", b"^^"),
    *(b"\\", b"\\u", b"\\uD800", b"#", b"_:b", b"@en--ltr", b"%zz"),
    *(b"@base <x> .", b"@prefix tri: <http://x/> ."),
]


@st.composite
def mutated(draw):
    """A file of the tiny world after a few accidents."""
    data = bytearray(draw(st.sampled_from(SOURCES)))
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, len(data)))
        length = draw(st.integers(0, 40))
        accident = draw(st.sampled_from(["cut", "remove", "double", "insert", "overwrite"]))
        if accident == "cut":
            del data[at:]
        elif accident == "remove":
            del data[at : at + length]
        elif accident == "double":
            data[at:at] = data[at : at + length]
        elif accident == "insert":
            data[at:at] = draw(st.sampled_from(INSERTS))
        else:
            data[at : at + 1] = bytes([draw(st.integers(0, 255))])
    return bytes(data)


@fuzz
@given(st.one_of(st.binary(max_size=60), mutated(), mutated()))
@example(b"\xef\xbb\xbf")
@example(b"<http://x/a> <http://x/p> [ <http://x/q> \n\n\n")
@example(b"\r\r<http://x/a> <http://x/p> \xff")
@example(b"<http://x/a> <http://x/p> " + b"[ <http://x/p> " * 5000 + b"1" + b" ]" * 5000 + b" .")
@example(b"<http://x/a> <http://x/p> " + b"(" * 5000 + b")" * 5000 + b" .")
def test_bytes_are_read_or_refused_with_a_line_of_the_file(data):
    try:
        text = turtle.decode(data)
        file = turtle.read(text)
    except turtle.TurtleSyntaxError as error:
        assert error.message.strip()
        lines = re.split(rb"\r\n|\r|\n", data.rstrip(b"\r\n"))
        assert 1 <= error.line <= len(lines)
        return
    formatted = turtle.format_text(text)
    assert canonical(triples_of(formatted)) == canonical(file.triples)
    assert turtle.format_text(formatted) == formatted
    assert Counter(comments_of(formatted)) == Counter(comments_of(text))


@pytest.fixture(scope="module")
def one_file(tmp_path_factory):
    """A dataset of one file."""
    root = tmp_path_factory.mktemp("home")
    for name in ("ontology", "data", "shapes", "queries"):
        (root / name).mkdir()
    return Home(*(root / name for name in (".", "ontology", "data", "shapes", "queries")))


@fuzz
@given(st.one_of(mutated(), st.binary(max_size=30)))
@example(b"<http://x/a> <http://x/p> <<( <http://x/a> <http://x/p> 1 )>> .")
@example(b"<http://x/a> <http://x/p> 1 ~ <http://x/r> .")
@example(b"<http://x/a> <http://x/p> 'x'@ar--rtl .")
@example(b"# \xff\n<http://x/a> <http://x/p> 1 .")
@example(b"\xef\xbb\xbf<http://x/a> <http://x/p> 1 .")
@example(b"<http://x/a> <http://x/p> " + b"[ <http://x/p> " * 101 + b"1" + b" ]" * 101 + b" .")
@example(
    b"_:0 <http://x/p> 1 ." + b"".join(b"_:%d <http://x/p> _:%d ." % (n, n + 1) for n in range(150))
)
def test_load_refuses_exactly_what_read_refuses(one_file, data):
    (one_file.data / "x.ttl").write_bytes(data)
    findings = dataset.read(one_file).findings
    try:
        store = dataset.load(one_file)
    except InvalidDatasetError as error:
        assert str(error) == "\n".join(map(str, findings))
        assert re.match(r"data/x\.ttl:\d+: error: ", str(error))
    else:
        assert not findings
        assert len(store) == len(set(triples_of(data.decode())))


@fuzz
@given(st.text(characters, max_size=12), st.text(characters, max_size=12))
def test_natural_order_is_total(a, b):
    keys = turtle.natural(a), turtle.natural(b)
    assert (keys[0] == keys[1]) == (a == b)
    assert (keys[0] < keys[1]) != (keys[1] < keys[0]) or a == b
