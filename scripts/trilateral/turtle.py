"""Turtle: strict reading with the place of each block, and the one canonical writer.

The canonical form: only the prefixes used, as in the prefix table; one subject,
one block; blocks in natural order of their subjects; ``a`` first, then names and
definition, then the rest; one triple a line; the full stop alone on the last
line. Comments stay above the block in which, behind which or above which they
stood. Characters that nobody can see are written as escapes.
"""

from __future__ import annotations

import errno
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from trilateral.outline import Outline, line_at, lines_of, outline_of
from trilateral.prefixes import Prefixes, prefixes
from trilateral.tree import RDF, Tree

if TYPE_CHECKING:
    import pyoxigraph as ox

    from trilateral.tree import Pairs, Term

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
# What Turtle 1.2 adds shows by one of these, which Turtle 1.1 has in names and texts only.
_LATER = ("<<", "{|", "~", "--ltr", "--rtl")
# Controls, soft hyphen, joiners, marks of direction, byte-order mark, tags: nobody sees them.
HIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u2028-\u202e"
    "\u2060-\u206f\ufeff\ufff9-\ufffb\ufffe\uffff\U000e0000-\U000e007f]"
)
# Deeper than anybody writes, and far from the depth at which Python stops.
_MAX_NESTING = 100


class TurtleSyntaxError(ValueError):
    """Text that is not Turtle, or not Turtle that the canonical form can hold."""

    def __init__(self, message: str, line: int, column: int = 1, repair: str = "") -> None:
        super().__init__(message)
        self.message, self.line, self.column, self.repair = message, line, column, repair


@dataclass
class TurtleFile:
    """What a Turtle text says, and where."""

    text: str
    triples: list[ox.Triple]

    @cached_property
    def outline(self) -> Outline:
        """Where the statements stand; found only when somebody asks."""
        return outline_of(self.text)

    @cached_property
    def lines(self) -> list[str]:
        """The lines of the text, which end where Turtle ends them and nowhere else."""
        return lines_of(self.text)

    def line_of(self, subject: str, predicate: str = "", value: str = "") -> int | None:
        """Return the line on which a subject, or one of its triples, stands.

        ``predicate`` and ``value`` are short forms as the file writes them; the
        line of the block is returned when they are not found in it.
        """
        blocks = self.outline.blocks.get(subject)
        if not blocks:
            return None
        for wanted in ((predicate, value), (predicate, "")):
            for block in blocks if predicate else ():
                for number in range(block.line, block.last_line + 1):
                    line = self.lines[number - 1].strip()
                    if line.startswith(f"{wanted[0]} ") and wanted[1] in line:
                        return number
        return blocks[0].line


def decode(data: bytes) -> str:
    """Decode the bytes of a Turtle file: UTF-8 without byte-order mark or hidden characters.

    Raises:
        TurtleSyntaxError: with the line.

    >>> decode(b"a:b a:c a:d .")
    'a:b a:c a:d .'
    """
    if data.startswith(b"\xef\xbb\xbf"):
        raise TurtleSyntaxError(
            "The file begins with a byte-order mark.", 1, repair="Save it without."
        )
    if data.startswith((b"\xff\xfe", b"\xfe\xff")) or 0 in data[:2]:
        raise TurtleSyntaxError("The file is UTF-16.", 1, repair="Save it as UTF-8.")
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = line_at(data[: error.start].decode("utf-8"), error.start)
        if error.reason == "unexpected end of data":
            message, repair = "The file ends in the middle of a character.", "Restore the rest."
        else:
            message, repair = "The file is not UTF-8.", "Save it as UTF-8."
        raise TurtleSyntaxError(message, line, repair=repair) from None
    hidden = HIDDEN.search(text)
    if hidden:
        code = ord(hidden.group())
        name = unicodedata.name(hidden.group(), "a control character")
        raise TurtleSyntaxError(
            f"Here is U+{code:04X} ({name}), which nobody can see.",
            line_at(text, hidden.start()),
            repair=f"Remove it, or write {_escape(code)} where it is meant.",
        )
    return text


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
        message = re.sub(r"^Parser error (at|between) line .*?: ", "", error.msg)
        # What is missing at the end is told at the last line, not behind it.
        last = line_at(text, len(text.rstrip("\r\n")))
        line = min(error.lineno or 1, last)
        raise TurtleSyntaxError(message, line, error.offset or 1) from None
    file = TurtleFile(text, triples)
    if any(mark in text for mark in _LATER):
        _refuse_later_turtle(file)
    if any(isinstance(triple.object, pyoxigraph.BlankNode) for triple in triples):
        _refuse_deep_nesting(file)
    return file


def read_bytes(path: Path) -> bytes:
    """Return the bytes of a file; unlike a pipe or a device, such a file has an end.

    Raises:
        OSError: when it cannot be read.
    """
    if path.exists() and not path.is_file():
        kind = "a folder" if path.is_dir() else "no regular file"
        raise OSError(errno.EINVAL, f"it is {kind}", str(path))
    return path.read_bytes()


def read_path(path: Path, known: TurtleFile | None = None) -> TurtleFile:
    """Parse a Turtle file strictly; see `read_bytes`, `decode` and `read`.

    ``known`` is returned when the file still has its text.
    """
    text = decode(read_bytes(path))
    return known if known and known.text == text else read(text)


def is_plain(text: str) -> bool:
    """Tell whether `read` can refuse a text for mistakes of its grammar only.

    >>> is_plain("a:b a:c a:d ."), is_plain("a:b a:c <<( a:b a:c a:d )>> .")
    (True, False)
    """
    brackets = text.count("[") + text.count("(")
    return brackets <= _MAX_NESTING and not any(mark in text for mark in (*_LATER, "_:"))


def _refuse_later_turtle(file: TurtleFile) -> None:
    import pyoxigraph

    for triple in file.triples:
        value = triple.object
        if isinstance(value, pyoxigraph.Triple):
            message = "Triple terms are not part of Turtle 1.1."
            repair = "Name the statement."
        elif isinstance(value, pyoxigraph.Literal) and value.direction is not None:
            message = "Directions of text are not part of Turtle 1.1."
            repair = "Give the language alone."
        else:
            continue
        line = file.line_of(getattr(triple.subject, "value", ""))
        raise TurtleSyntaxError(message, line or 1, repair=repair)


def _refuse_deep_nesting(file: TurtleFile) -> None:
    tree = Tree(file.triples, file.outline.labels)
    for subject in tree.subjects:
        waiting = [(subject, 0)]
        while waiting:
            node, depth = waiting.pop()
            if depth > _MAX_NESTING:
                raise TurtleSyntaxError(
                    f"Brackets are nested more than {_MAX_NESTING} deep.",
                    file.line_of(getattr(subject, "value", "")) or 1,
                    repair="Name the things inside.",
                )
            inside = tree.inside(node)
            waiting += ((value, depth + 1) for value in inside if value in tree.roots)


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
    comments: dict[str, list[str]] = {}
    for subject, blocks in outline.blocks.items():
        if subject != "[":
            comments[subject] = [line for block in blocks for line in block.comments]
    tree = Tree(file.triples, outline.labels)
    nameless = [node for node in tree.subjects if tree.is_nameless(node)]
    for node, block in zip(nameless, outline.blocks.get("[", ()), strict=True):
        comments[str(node)] = list(block.comments)
    return _write(tree, outline.header, outline.footer, comments)


def natural(text: str) -> list[tuple[int, str]]:
    """Return a sort key under which ``passage-9`` comes before ``passage-10``.

    >>> sorted(["p-10", "p-9"], key=natural)
    ['p-9', 'p-10']
    """
    # Digits are compared by their number: as many as the text has, which int() does not take.
    return [
        (len(part.lstrip("0")), part.lstrip("0") + part) if at % 2 else (-1, part)
        for at, part in enumerate(re.split(r"([0-9]+)", text))
    ]


def write(triples: Iterable[ox.Triple], more: Mapping[str, str] | None = None) -> str:
    """Return triples as canonical Turtle, with names of blank nodes that depend on them alone.

    ``more`` is prefixes beside those of the table.
    """
    table = Prefixes({**prefixes(), **more}) if more else prefixes()
    return _write(Tree(triples).canonical(), table=table)


def _write(
    tree: Tree,
    header: tuple[str, ...] = (),
    footer: tuple[str, ...] = (),
    comments: dict[str, list[str]] | None = None,
    table: Prefixes | None = None,
) -> str:
    writer = _Writer(table or prefixes())
    blocks = list(writer.blocks(tree, comments or {}))
    if footer:
        blocks.append("\n".join(footer))
    if writer.used:
        blocks.insert(0, writer.prefix_lines())
    parts = ["\n".join(header)] if header else []
    if header and blocks and not writer.used:
        # Without prefixes nothing parts them from what follows.
        parts = [f"{parts[0]}\n{blocks.pop(0)}"]
    parts += blocks
    return "\n\n".join(parts) + "\n" if parts else ""


def write_dataset(graphs: Mapping[str, Iterable[ox.Triple]], table: Prefixes | None = None) -> str:
    """Return named graphs as canonical TriG: the Turtle blocks of each inside its braces.

    The prefixes are those of the project, or those of another table.

    >>> write_dataset({})
    ''
    """
    writer = _Writer(table or prefixes())
    parts = []
    for name in sorted(graphs, key=natural):
        blocks = "\n\n".join(writer.blocks(Tree(graphs[name]).canonical(), {}))
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

    def blocks(self, tree: Tree, comments: dict[str, list[str]]) -> Iterator[str]:
        import pyoxigraph

        # What was said of a node that is now written in place goes above the block around it.
        above: dict[Term, list[str]] = defaultdict(list)
        for node in sorted(tree.pairs, key=tree.roots.__contains__):
            key = node.value if isinstance(node, pyoxigraph.NamedNode) else str(node)
            above[tree.roots.get(node, node)] += comments.get(key, ())
        texts = []
        for subject in tree.subjects:
            name = self.subject(subject, tree)
            lines = [f"    {line} ;" for line in self._pairs(tree.pairs[subject], tree)]
            texts.append((natural(name), "\n".join([name, *lines, "."]), subject))
        for _, text, subject in sorted(texts, key=lambda each: each[:2]):
            yield "\n".join([*above[subject], text])

    def _pairs(self, pairs: Pairs, tree: Tree) -> list[str]:
        rows = []
        for predicate, value in pairs:
            rank = self._ranks.get(predicate.value)
            if rank is None:
                name = "a" if predicate.value == RDF + "type" else self.iri(predicate.value)
                leads = name in _LEADING
                rank = (_LEADING.index(name) if leads else len(_LEADING), name)
                self._ranks[predicate.value] = rank
            text = self.term(value, tree)
            rows.append((rank, natural(text), f"{rank[1]} {text}"))
        return [row[2] for row in sorted(rows)]

    def iri(self, iri: str) -> str:
        """Return the short form of an IRI and note its prefix."""
        name = self._names.get(iri)
        if name is None:
            parts = self.table.split(iri)
            name = f"{parts[0]}:{parts[1]}" if parts else f"<{iri.translate(_IN_IRI)}>"
            self._names[iri] = name
        if not name.startswith("<"):
            self.used.add(name.partition(":")[0])
        return name

    def subject(self, subject: Term, tree: Tree) -> str:
        import pyoxigraph

        blank = isinstance(subject, pyoxigraph.BlankNode)
        return "[]" if blank and not tree.references[subject] else self.term(subject, tree)

    def term(self, term: Term, tree: Tree) -> str:
        import pyoxigraph

        if isinstance(term, pyoxigraph.NamedNode):
            return self.iri(term.value)
        if isinstance(term, pyoxigraph.Literal):
            return self._literal(term)
        if term not in tree.roots:
            return str(term)
        items = tree.items(term)
        if items is not None:
            return " ".join(["(", *(self.term(item, tree) for item in items), ")"])
        pairs = self._pairs(tree.pairs[term], tree)
        return f"[ {' ; '.join(pairs)} ]" if pairs else "[]"

    def _literal(self, literal: ox.Literal) -> str:
        datatype = literal.datatype.value
        bare = _BARE.get(datatype)
        if bare and bare.fullmatch(literal.value):
            return literal.value
        quoted = '"' + literal.value.translate(_IN_STRING) + '"'
        if literal.language:
            return f"{quoted}@{literal.language}"
        return quoted if datatype == _XSD + "string" else f"{quoted}^^{self.iri(datatype)}"


def _escape(code: int) -> str:
    return f"\\u{code:04X}" if code < 0x10000 else f"\\U{code:08X}"


class _Escapes(dict[int, str]):
    """For `str.translate`: what `HIDDEN` finds becomes an escape, all else stays."""

    def __missing__(self, code: int) -> str:
        character = chr(code)
        self[code] = _escape(code) if HIDDEN.fullmatch(character) else character
        return self[code]


_IN_IRI = _Escapes()
_IN_STRING = _Escapes(
    {
        ord(character): escape
        for character, escape in (
            ("\n", r"\n"),
            ("\r", r"\r"),
            ("\t", r"\t"),
            ('"', r"\""),
            ("\\", r"\\"),
        )
    }
)
