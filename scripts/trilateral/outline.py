"""The outline of a Turtle text: where each statement stands, and which comments belong to it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from trilateral.tree import RDF

# The terminals of a text that is known to be Turtle 1.1. A name does not end in a bare dot.
_TOKEN = re.compile(
    r"""(?P<comment>\#[^\r\n]*)
      | (?P<iri><[^<>\x00-\x20]*>)
      | (?P<string>\"{3}(?:\"{0,2}(?:[^"\\]|\\.))*\"{3} | '{3}(?:'{0,2}(?:[^'\\]|\\.))*'{3}
                 | "(?:[^"\\\r\n]|\\.)*" | '(?:[^'\\\r\n]|\\.)*')
      | (?P<tag>@[A-Za-z]+(?:-[A-Za-z0-9]+)*)
      | (?P<number>[+-]?(?:[0-9]+(?:\.[0-9]*)?[eE][+-]?[0-9]+|\.[0-9]+[eE][+-]?[0-9]+
                 | [0-9]*\.[0-9]+|[0-9]+))
      | (?P<mark>\^\^|[;,.\[\]()])
      | (?P<blank>_:(?:[^\x00-\x20;,\[\]()<>"'\#\\:]*[^\x00-\x20;,\[\]()<>"'\#\\:.]))
      | (?P<name>(?:\\.|[^\x00-\x20;,\[\]()<>"'\#\\])*(?:\\.|[^\x00-\x20;,\[\]()<>"'\#\\.]))
      | (?P<space>[\x20\t\r\n]+)""",
    re.VERBOSE | re.DOTALL,
)
_NEWLINE = re.compile(r"\r\n|\r|\n")
# Directives and how many words each takes when it ends without a full stop.
_DIRECTIVES = {"prefix": 3, "base": 2, "version": 2}


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

    ``blocks`` maps each subject to its statements in the order of the text: an
    IRI, a label such as ``_:b``, or ``[`` for all that stand in brackets.
    ``header`` and ``footer`` are the comments before the prefixes and at the end,
    ``labels`` the names of blank nodes.
    """

    header: tuple[str, ...] = ()
    footer: tuple[str, ...] = ()
    prefixes: dict[str, str] = field(default_factory=dict)
    blocks: dict[str, list[Block]] = field(default_factory=dict)
    labels: set[str] = field(default_factory=set)


def lines_of(text: str) -> list[str]:
    r"""Return the lines of a text, which end where Turtle ends them and nowhere else.

    >>> lines_of("a\r\nb\u2028c")
    ['a', 'b\u2028c']
    """
    return _NEWLINE.split(text)


def line_at(text: str, position: int) -> int:
    r"""Return the number of the line on which a position stands.

    >>> line_at("a\nb", 2)
    2
    """
    return 1 + sum(1 for _ in _NEWLINE.finditer(text, 0, position))


def outline_of(text: str) -> Outline:
    """Find the statements of a text that is known to be Turtle."""
    outline = Outline()
    base = ""
    comments: list[str] = []
    words: list[str] = []
    depth, line, begin = 0, 1, 1
    ended: tuple[list[str], Block] | None = None

    for match in _TOKEN.finditer(text):
        kind, token = match.lastgroup, match.group()
        if kind == "comment":
            if ended and ended[1].last_line == line:
                # Behind the full stop, on its line: about the statement that ends there.
                block = ended[1]
                ended = ended[0], replace(block, comments=(*block.comments, token.rstrip()))
            else:
                comments.append(token.rstrip())
        elif kind != "space":
            if ended:
                base = _statement(outline, *ended, base)
                ended = None
            begin = begin if words else line
            depth += (token in "[(") - (token in "])") if kind == "mark" else 0
            words.append(token)
            if kind == "blank":
                outline.labels.add(token)
            if (depth == 0 and token == ".") or len(words) == _DIRECTIVES.get(words[0].lower()):
                last = line + len(_NEWLINE.findall(token))
                ended = words, Block("", begin, last, tuple(comments))
                comments, words = [], []
        if kind in ("space", "string"):
            line += len(_NEWLINE.findall(token))
    if ended:
        _statement(outline, *ended, base)
    outline.footer = tuple(comments)
    return outline


def _statement(outline: Outline, words: list[str], block: Block, base: str) -> str:
    """Add a statement to an outline and return the base that holds after it."""
    first = words[0]
    directive = first.lower().lstrip("@")
    if directive in _DIRECTIVES:
        outline.header += block.comments
        if directive == "prefix":
            outline.prefixes[words[1].removesuffix(":")] = _resolve(words[2], base)
        return _resolve(words[1], base) if directive == "base" else base
    prefix, _, local = first.partition(":")
    if first.startswith("<"):
        subject = _resolve(first, base)
    elif first.startswith(("_:", "[")):
        subject = first
    elif first == "(":
        subject = RDF + "nil" if words[1] == ")" else "["
    else:
        subject = outline.prefixes.get(prefix, prefix + ":") + re.sub(r"\\(.)", r"\1", local)
    found = replace(block, subject=subject)
    outline.blocks.setdefault(subject, []).append(found)
    return base


def _resolve(token: str, base: str) -> str:
    """Return the IRI that stands in angle brackets, resolved and without escapes."""
    if not base and "\\" not in token:
        return token[1:-1]
    import pyoxigraph

    text = f"{token} a {token} ."
    [quad] = pyoxigraph.parse(text, format=pyoxigraph.RdfFormat.TURTLE, base_iri=base or None)
    return str(quad.subject.value)
