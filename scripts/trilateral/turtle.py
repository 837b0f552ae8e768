"""Turtle: strict reading with the place of each block, and the one canonical writer.

The canonical form: only the prefixes used, as in the prefix table; one subject,
one block; blocks in natural order of their subjects; ``a`` first, then names and
definition, then the rest; one triple a line; the full stop alone on the last
line. Comments stay above the block in which or above which they stood.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from trilateral.prefixes import Prefixes, prefixes

if TYPE_CHECKING:
    import pyoxigraph as ox

    Term = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple
    Pairs = list[tuple["ox.NamedNode", Term]]

_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_XSD = "http://www.w3.org/2001/XMLSchema#"
# What a reader looks for first; all other predicates follow in alphabetical order.
_LEADING = ("a", "rdfs:label", "skos:prefLabel", "skos:altLabel", "sh:name", "skos:definition")
# Literals that Turtle writes bare, when their lexical form is of this shape.
_BARE = {
    _XSD + "integer": re.compile(r"[+-]?[0-9]+"),
    _XSD + "decimal": re.compile(r"[+-]?[0-9]*\.[0-9]+"),
    _XSD + "double": re.compile(r"[+-]?(?:[0-9]+\.[0-9]*|\.?[0-9]+)[eE][+-]?[0-9]+"),
    _XSD + "boolean": re.compile(r"true|false"),
}
_TOKEN = re.compile(
    r"""(?P<comment>\#[^\n]*)
      | (?P<iri><[^<>\s]*>)
      | (?P<string>\"{3}(?:\"{0,2}(?:[^"\\]|\\.))*\"{3} | '{3}(?:'{0,2}(?:[^'\\]|\\.))*'{3}
                 | "(?:[^"\\\n]|\\.)*" | '(?:[^'\\\n]|\\.)*')
      | (?P<mark>[;,.\[\]()])
      | (?P<word>(?:\\.|[^\s;,\[\]()<>"'\#\\])+)
      | (?P<space>\s+)""",
    re.VERBOSE | re.DOTALL,
)


class TurtleSyntaxError(ValueError):
    """Text that is not Turtle, or not Turtle that the canonical form can hold."""

    def __init__(self, message: str, line: int, column: int = 1) -> None:
        super().__init__(message)
        self.message, self.line, self.column = message, line, column


@dataclass(frozen=True)
class Block:
    """One statement of a file: its subject and the lines that it takes up, counted from 1."""

    subject: str
    line: int
    last_line: int
    comments: tuple[str, ...] = ()


@dataclass
class Outline:
    """Where the statements of a Turtle text stand.

    ``blocks`` maps each subject IRI to its statements in the order of the text;
    ``header`` and ``footer`` are the comments before the prefixes and at the end.
    """

    header: tuple[str, ...] = ()
    footer: tuple[str, ...] = ()
    prefixes: dict[str, str] = field(default_factory=dict)
    blocks: dict[str, list[Block]] = field(default_factory=dict)


@dataclass
class TurtleFile:
    """What a Turtle text says, and where."""

    text: str
    triples: list[ox.Triple]

    @cached_property
    def outline(self) -> Outline:
        """Where the statements stand; found only when somebody asks."""
        return _outline(self.text)

    def line_of(self, subject: str, predicate: str = "", value: str = "") -> int | None:
        """Return the line on which a subject, or one of its triples, stands.

        ``predicate`` and ``value`` are short forms as the file writes them; the
        line of the block is returned when they are not found in it.
        """
        blocks = self.outline.blocks.get(subject)
        if not blocks:
            return None
        lines = self.text.splitlines()
        for wanted in ((predicate, value), (predicate, "")):
            for block in blocks if predicate else ():
                for number in range(block.line, block.last_line + 1):
                    line = lines[number - 1].strip()
                    if line.startswith(f"{wanted[0]} ") and wanted[1] in line:
                        return number
        return blocks[0].line


def decode(data: bytes) -> str:
    """Decode the bytes of a Turtle file, which are UTF-8 without byte-order mark.

    >>> decode(b"a:b a:c a:d .")
    'a:b a:c a:d .'
    """
    if data.startswith(b"\xef\xbb\xbf"):
        raise TurtleSyntaxError("The file begins with a byte-order mark: save it without.", 1)
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise TurtleSyntaxError("The file is not UTF-8: save it as UTF-8.", line) from None


def read(text: str) -> TurtleFile:
    r"""Parse a Turtle text strictly.

    Raises:
        TurtleSyntaxError: with line and column of the first mistake.

    >>> file = read('@prefix a: <http://a/> .\n# why\na:b a:c a:d .')
    >>> file.outline.blocks
    {'http://a/b': [Block(subject='http://a/b', line=3, last_line=3, comments=('# why',))]}
    """
    import pyoxigraph

    try:
        parser = pyoxigraph.parse(text, format=pyoxigraph.RdfFormat.TURTLE)
        triples = [quad.triple for quad in parser]
    except SyntaxError as error:
        message = re.sub(r"^Parser error at line .*?: ", "", error.msg)
        raise TurtleSyntaxError(message, error.lineno or 1, error.offset or 1) from None
    if any(isinstance(triple.object, pyoxigraph.Triple) for triple in triples):
        raise TurtleSyntaxError("Triple terms are not part of Turtle 1.1: name the statement.", 1)
    return TurtleFile(text, triples)


def read_path(path: Path) -> TurtleFile:
    """Parse a Turtle file strictly; see `read`."""
    return read(decode(path.read_bytes()))


def _outline(text: str) -> Outline:
    """Find the statements of a text that is known to be Turtle."""
    outline = Outline()
    comments: list[str] = []
    words: list[str] = []
    depth, line, begin = 0, 1, 1
    for match in _TOKEN.finditer(text):
        kind, token = match.lastgroup, match.group()
        if kind == "comment":
            comments.append(token.rstrip())
        elif kind not in (None, "space"):
            begin = begin if words else line
            depth += (token in "[(") - (token in "])") if kind == "mark" else 0
            # A dot that ends a word ends the statement: no name ends in a dot.
            ends = depth == 0 and kind in ("mark", "word") and token.endswith(".")
            words.append(token)
            if ends or (words[0].lower() == "prefix" and len(words) == 3):
                _statement(outline, words, Block("", begin, line, tuple(comments)))
                comments, words = [], []
        line += token.count("\n")
    outline.footer = tuple(comments)
    return outline


def _statement(outline: Outline, words: list[str], block: Block) -> None:
    if words[0].lower().lstrip("@") in ("prefix", "base"):
        outline.header += block.comments
        if words[0].lower().endswith("prefix"):
            outline.prefixes[words[1].removesuffix(":")] = words[2].strip("<>")
        return
    prefix, _, local = words[0].partition(":")
    if words[0].startswith("<"):
        subject = words[0][1:-1]
    else:
        subject = outline.prefixes.get(prefix, prefix + ":") + re.sub(r"\\(.)", r"\1", local)
    found = Block(subject, block.line, block.last_line, block.comments)
    outline.blocks.setdefault(subject, []).append(found)


def format_text(text: str) -> str:
    """Return the canonical form of a Turtle text.

    Formatting twice changes nothing; graph, lexical forms and comments are kept.

    >>> print(format_text('@prefix s: <https://w3id.org/trilateral/actor/> . s:b a s:c.'))
    @prefix actor: <https://w3id.org/trilateral/actor/> .
    <BLANKLINE>
    actor:b
        a actor:c ;
    .
    <BLANKLINE>
    """
    file = read(text)
    outline = file.outline
    comments = {
        subject: [line for block in blocks for line in block.comments]
        for subject, blocks in outline.blocks.items()
    }
    return write(file.triples, header=outline.header, footer=outline.footer, comments=comments)


def natural(text: str) -> list[tuple[int, str]]:
    """Return a sort key under which ``passage-9`` comes before ``passage-10``.

    >>> sorted(["p-10", "p-9"], key=natural)
    ['p-9', 'p-10']
    """
    return [
        (int(part), part) if part.isdecimal() else (-1, part) for part in re.split(r"(\d+)", text)
    ]


def write(
    triples: Iterable[ox.Triple],
    *,
    header: Iterable[str] = (),
    footer: Iterable[str] = (),
    comments: dict[str, list[str]] | None = None,
) -> str:
    """Return triples as canonical Turtle."""
    writer = _Writer(prefixes())
    blocks = list(writer.blocks(triples, comments or {}))
    parts = ["\n".join(header)] if header else []
    if writer.used:
        parts.append(writer.prefix_lines())
    parts += blocks
    if footer:
        parts.append("\n".join(footer))
    return "\n\n".join(parts) + "\n" if parts else ""


def write_dataset(graphs: dict[str, list[ox.Triple]]) -> str:
    """Return named graphs as canonical TriG: the Turtle blocks of each inside its braces.

    >>> write_dataset({})
    ''
    """
    writer = _Writer(prefixes())
    parts = []
    for name in sorted(graphs, key=natural):
        blocks = "\n\n".join(writer.blocks(graphs[name], {}))
        parts.append(f"{writer.iri(name)} {{\n{blocks}\n}}")
    return "\n\n".join([writer.prefix_lines(), *parts]) + "\n" if parts else ""


class _Writer:
    """Writes blocks and remembers which prefixes they use."""

    def __init__(self, table: Prefixes) -> None:
        self.table = table
        self.used: set[str] = set()
        self._names: dict[str, str] = {}
        self._ranks: dict[str, tuple[int, str]] = {}

    def prefix_lines(self) -> str:
        return "\n".join(f"@prefix {name}: <{self.table[name]}> ." for name in sorted(self.used))

    def blocks(self, triples: Iterable[ox.Triple], comments: dict[str, list[str]]) -> Iterator[str]:
        import pyoxigraph

        by_subject: dict[Term, Pairs] = defaultdict(list)
        references: Counter[Term] = Counter()
        for triple in self._canonical(triples):
            by_subject[triple.subject].append((triple.predicate, triple.object))
            if isinstance(triple.object, pyoxigraph.BlankNode):
                references[triple.object] += 1
        inline = _inlined(by_subject, references)
        texts = sorted(
            (natural(self.term(subject, {})), self._block(subject, pairs, inline), subject)
            for subject, pairs in by_subject.items()
            if subject not in inline
        )
        for _, text, subject in texts:
            key = subject.value if isinstance(subject, pyoxigraph.NamedNode) else str(subject)
            yield "\n".join([*comments.get(key, ()), text])

    @staticmethod
    def _canonical(triples: Iterable[ox.Triple]) -> Iterable[ox.Triple]:
        """Give blank nodes names that depend on the graph alone (RDFC-1.0), and drop repeats."""
        import pyoxigraph

        triples = list(dict.fromkeys(triples))
        blank = pyoxigraph.BlankNode
        if not any(isinstance(node, blank) for t in triples for node in (t.subject, t.object)):
            return triples
        quads = [pyoxigraph.Quad(t.subject, t.predicate, t.object) for t in triples]
        dataset = pyoxigraph.Dataset(quads)
        dataset.canonicalize(pyoxigraph.CanonicalizationAlgorithm.RDFC_1_0)
        return [quad.triple for quad in dataset]

    def _block(self, subject: Term, pairs: Pairs, inline: dict[Term, Pairs]) -> str:
        lines = [f"    {line} ;" for line in self._pairs(pairs, inline)]
        return "\n".join([self.term(subject, {}), *lines, "."])

    def _pairs(self, pairs: Pairs, inline: dict[Term, Pairs]) -> list[str]:
        rows = []
        for predicate, value in pairs:
            rank = self._ranks.get(predicate.value)
            if rank is None:
                name = "a" if predicate.value == _RDF + "type" else self.iri(predicate.value)
                leads = name in _LEADING
                rank = (_LEADING.index(name) if leads else len(_LEADING), name)
                self._ranks[predicate.value] = rank
            text = self.term(value, inline)
            rows.append((rank, natural(text), f"{rank[1]} {text}"))
        return [row[2] for row in sorted(rows)]

    def iri(self, iri: str) -> str:
        """Return the short form of an IRI and note its prefix."""
        name = self._names.get(iri)
        if name is None:
            parts = self.table.split(iri)
            name = f"{parts[0]}:{parts[1]}" if parts else f"<{iri}>"
            self._names[iri] = name
        if not name.startswith("<"):
            self.used.add(name.partition(":")[0])
        return name

    def term(self, term: Term, inline: dict[Term, Pairs]) -> str:
        import pyoxigraph

        if isinstance(term, pyoxigraph.NamedNode):
            return self.iri(term.value)
        if isinstance(term, pyoxigraph.Literal):
            return self._literal(term)
        if term not in inline:
            return str(term)
        items = _items(term, inline)
        if items is not None:
            return " ".join(["(", *(self.term(item, inline) for item in items), ")"])
        return "[ " + " ; ".join(self._pairs(inline[term], inline)) + " ]"

    def _literal(self, literal: ox.Literal) -> str:
        datatype = literal.datatype.value
        bare = _BARE.get(datatype)
        if bare and bare.fullmatch(literal.value):
            return literal.value
        quoted = '"' + literal.value.translate(_ESCAPES) + '"'
        if literal.language:
            return f"{quoted}@{literal.language}"
        return quoted if datatype == _XSD + "string" else f"{quoted}^^{self.iri(datatype)}"


_ESCAPES = {code: f"\\u{code:04X}" for code in (*range(32), 0x7F)}
_ESCAPES |= {
    ord("\n"): r"\n",
    ord("\r"): r"\r",
    ord("\t"): r"\t",
    ord('"'): r"\"",
    ord("\\"): r"\\",
}


def _inlined(by_subject: dict[Term, Pairs], references: Counter[Term]) -> dict[Term, Pairs]:
    """Return the blank nodes that can be written where they are used: once, not in a circle."""
    parent = {
        value: subject
        for subject, pairs in by_subject.items()
        for _, value in pairs
        if references.get(value) == 1
    }
    inline: dict[Term, Pairs] = {}
    for node in parent:
        seen, above = {node}, parent.get(node)
        while above in parent and above not in seen:
            seen.add(above)
            above = parent.get(above)
        if above not in seen:
            inline[node] = by_subject.get(node, [])
    return inline


def _items(node: Term, inline: dict[Term, Pairs]) -> list[Term] | None:
    """Return the members of a well-formed list, or None when the node is no list."""
    items: list[Term] = []
    while node in inline:
        pairs = {predicate.value: value for predicate, value in inline[node]}
        if len(inline[node]) != 2 or set(pairs) != {_RDF + "first", _RDF + "rest"}:
            return None
        items.append(pairs[_RDF + "first"])
        node = pairs[_RDF + "rest"]
    return items if getattr(node, "value", None) == _RDF + "nil" and items else None
