"""The broken inputs: what is spoiled, which command meets it, and what it must say.

The words that a message must hold were worked out by hand from the spoiled file.
"""

from __future__ import annotations

import os
import shutil
import signal
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

STATES = "actors/states.ttl"
PROPOSITIONS = "propositions/propositions.ttl"
HEADER = (
    "@prefix actor: <https://w3id.org/trilateral/actor/> .\n"
    "@prefix tri: <https://w3id.org/trilateral/ontology#> .\n\n"
)
Spoil = Callable[[Path], None]


@dataclass(frozen=True)
class Case:
    """One broken input.

    ``spoil`` changes a copy of the tiny world's data. ``words`` must all be in the
    output, in this order. With ``checkout`` the command runs in a process of its
    own, on a copy of the project with one shape, and with the ``rules`` where they
    are what must speak. ``hook`` is Python that runs in that process before the
    command, or a name of something that is done around it; ``limit`` the largest
    size of a file there.
    """

    name: str
    spoil: Spoil
    words: tuple[str, ...]
    command: tuple[str, ...] = ("build",)
    status: int = 1
    checkout: bool = False
    rules: bool = False
    hook: str = ""
    limit: int = 0
    out: str = "dist"


# --- how to spoil a file -----------------------------------------------------------------------


def put(name: str, content: str | bytes) -> Spoil:
    """Add a file."""
    data = content.encode() if isinstance(content, str) else content

    def spoil(root: Path) -> None:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(data)

    return spoil


def edit(name: str, old: str, new: str | bytes) -> Spoil:
    """Replace the first place of a text in a file."""
    fresh = new.encode() if isinstance(new, str) else new

    def spoil(root: Path) -> None:
        data = (root / name).read_bytes()
        assert old.encode() in data, f"nothing to spoil in {name}"
        (root / name).write_bytes(data.replace(old.encode(), fresh, 1))

    return spoil


def cut(name: str, before: str, keep: int = 0) -> Spoil:
    """End a file some bytes behind the beginning of a text."""

    def spoil(root: Path) -> None:
        data = (root / name).read_bytes()
        (root / name).write_bytes(data[: data.index(before.encode()) + keep])

    return spoil


def recode(name: str, change: Callable[[str], bytes]) -> Spoil:
    """Write a file anew, in other bytes."""

    def spoil(root: Path) -> None:
        (root / name).write_bytes(change((root / name).read_text(encoding="utf-8")))

    return spoil


def link(name: str, target: str) -> Spoil:
    """Put a symbolic link."""
    return lambda root: (root / name).symlink_to(target)


def all_of(*spoils: Spoil) -> Spoil:
    """Spoil in several ways."""

    def spoil(root: Path) -> None:
        for each in spoils:
            each(root)

    return spoil


def nothing(root: Path) -> None:
    """Leave the data as they are: something else is broken."""


def add_line(subject_and_class: str, line: str, name: str = PROPOSITIONS) -> Spoil:
    """Add a triple to a block."""
    return edit(name, subject_and_class, f"{subject_and_class}    {line}\n")


def block(subject: str, kind: str = "Proposition") -> str:
    """Return how the block of a thing begins."""
    return f"{subject}\n    a tri:{kind} ;\n"


COURT = block("proposition:bay-court-should-be-set-up")
LEAGUE_COURT = block("proposition:bay-court-should-be-set-up-with-league")
CLOSED = block("proposition:bay-should-be-closed")
FISHING = block("proposition:bay-should-be-left-to-fishing")
SAME_SPOT = """\
passage:corland-gazette-2022-299
    a tri:Passage ;
    tri:endPosition 67 ;
    tri:inDocument source:corland-gazette-2022 ;
    tri:sha256 "51d6a839df4f4e6ceb709237b76005d5a5b025a10242c1496d1d4ecda197d7d6" ;
    tri:startPosition 38 ;
    tri:unitKind unit-kind:byline ;
.

passage:corland-gazette-2022-3
"""
DEEP = "[ a " * 3000 + "tri:State" + " ]" * 3000

FMT = ("fmt", "--check")

TRUNCATED = [
    Case(
        "cut off inside a literal",
        cut(STATES, '"Kingdom of Arland"', 8),
        ("data/actors/states.ttl:27: error:", "Unexpected end", "restore the rest of the file"),
    ),
    Case(
        "cut off inside an IRI",
        cut(STATES, "<https://example.org/authority", 15),
        ("data/actors/states.ttl:16: error:", "Unexpected end", "restore the rest of the file"),
        ("sources", "list"),
    ),
    Case(
        "cut off inside a block",
        cut(STATES, "    tri:cowCode"),
        ("data/actors/states.ttl:19: error:", "Unexpected end", "restore the rest of the file"),
        ("ask", "who-holds"),
    ),
    Case(
        "cut off inside a character",
        cut(STATES, "アーランド", 4),
        ("data/actors/states.ttl:12: error:", "ends in the middle of a character"),
    ),
    Case(
        "cut off inside the prefixes",
        cut(STATES, "/core#>"),
        ("data/actors/states.ttl:5: error:", "Unexpected end"),
        ("code",),
    ),
    Case(
        "emptied file",
        put(STATES, ""),
        ("data/actors/states.ttl:1: error: The file states nothing.", "Restore what it held"),
    ),
    Case(
        "nothing but comments",
        put("actors/notes.ttl", "# to be written\n"),
        ("data/actors/notes.ttl:1: error: The file states nothing.", "or remove it"),
        ("ask", "who-holds"),
    ),
    Case(
        "nothing but prefixes",
        put("actors/notes.ttl", HEADER),
        ("data/actors/notes.ttl:1: error: The file states nothing.",),
        ("sources", "list"),
    ),
]

ENCODING = [
    Case(
        "Latin-1",
        edit(STATES, "Kingdom of Arland", "Kingdom of Årland".encode("latin-1")),
        ("data/actors/states.ttl:27: error: The file is not UTF-8. Save it as UTF-8.",),
    ),
    Case(
        "UTF-16 with byte-order mark",
        recode(STATES, lambda text: text.encode("utf-16")),
        ("data/actors/states.ttl:1: error: The file is UTF-16. Save it as UTF-8.",),
    ),
    Case(
        "UTF-16 without byte-order mark",
        recode(STATES, lambda text: text.encode("utf-16-le")),
        ("data/actors/states.ttl:1: error: The file is UTF-16. Save it as UTF-8.",),
        FMT,
    ),
    Case(
        "UTF-8 with byte-order mark",
        recode(STATES, lambda text: text.encode("utf-8-sig")),
        ("data/actors/states.ttl:1: error: The file begins with a byte-order mark.", "Save it"),
    ),
    Case(
        "byte-order mark in the middle",
        edit(STATES, '"Borland"', '"\ufeffBorland"'),
        ("data/actors/states.ttl:32: error: Here is U+FEFF (ZERO WIDTH NO-BREAK SPACE)", "Remove"),
        FMT,
    ),
    Case(
        "NUL bytes",
        edit(STATES, "actor:dorland", b"\0\0\0\0"),
        ("data/actors/states.ttl:47: error: Here is U+0000 (a control character)", "Remove it"),
    ),
    Case(
        "overlong UTF-8",
        edit(STATES, "Dorland", b"D\xc0\xafrland"),
        ("data/actors/states.ttl:49: error: The file is not UTF-8",),
        FMT,
    ),
    Case(
        "half of a surrogate pair in UTF-8",
        edit(STATES, "Dorland", b"\xed\xa0\x80"),
        ("data/actors/states.ttl:49: error: The file is not UTF-8",),
        FMT,
    ),
    Case(
        "half of a surrogate pair, escaped",
        edit(STATES, "Dorland", r"\uD83D"),
        ("data/actors/states.ttl:49: error:", "not a valid unicode character"),
        FMT,
    ),
    Case(
        "CRLF line ends",
        recode(STATES, lambda text: text.replace("\n", "\r\n").encode()),
        ("data/actors/states.ttl", "not in canonical form. Run: trilateral fmt data/actors/st"),
        checkout=True,
    ),
    Case(
        "mixed line ends",
        edit(STATES, "a tri:State ;\n", "a tri:State ;\r\n"),
        ("would format", "data/actors/states.ttl", "1 not in canonical form"),
        FMT,
    ),
    Case(
        "CR line ends",
        recode(STATES, lambda text: text.replace("\n", "\r").encode()),
        ("would format", "data/actors/states.ttl", "1 not in canonical form"),
        FMT,
    ),
    Case(
        "right-to-left override in a label",
        edit(STATES, '"Borland"', '"\u202edna\u202clroB"'),
        ("data/actors/states.ttl:32: error: Here is U+202E (RIGHT-TO-LEFT OVERRIDE)", "Remove it"),
    ),
    Case(
        "zero-width space in a label",
        edit(STATES, '"Borland"', '"Bor\u200bland"'),
        ("data/actors/states.ttl:32: error: Here is U+200B (ZERO WIDTH SPACE)", r"\u200B"),
    ),
    Case(
        "line separator in a label",
        edit(STATES, '"Borland"', '"Bor\u2028land"'),
        ("data/actors/states.ttl:32: error: Here is U+2028 (LINE SEPARATOR)",),
        ("ask", "who-holds"),
    ),
    Case(
        "decomposed letters in a name",
        put("actors/x.ttl", HEADER + "actor:A\u030arland\n    a tri:State ;\n.\n"),
        ("data/actors/x.ttl:", "error:", "slug of lower-case letters, digits and single hyphens"),
    ),
]

SYNTAX = [
    Case(
        "IRI with a space",
        edit(STATES, "authority/arland", "authority/ar land"),
        ("data/actors/states.ttl:16: error:", "' '", "Percent-encode"),
    ),
    Case(
        "percent sign without digits",
        edit(STATES, "authority/arland", "authority/100%"),
        ("data/actors/states.ttl:16: error:", "percent encoding"),
        FMT,
    ),
    Case(
        "relative IRI",
        edit(STATES, "https://example.org/authority/", ""),
        ("data/actors/states.ttl:16: error:", "No scheme found"),
        FMT,
    ),
    Case(
        "relative IRI under a base",
        all_of(
            edit(STATES, "https://example.org/authority/", ""),
            edit(
                STATES, "@prefix actor:", "@base <https://example.org/authority/> .\n@prefix actor:"
            ),
        ),
        ("would format", "data/actors/states.ttl", "1 not in canonical form"),
        FMT,
    ),
    Case(
        "undeclared prefix",
        edit(STATES, "tri:abbreviation", "tria:abbreviation"),
        ("data/actors/states.ttl:17: error: The prefix tria: has not been declared.", "Declare"),
    ),
    Case(
        "prefix that stands for something else",
        all_of(
            edit(
                STATES,
                "<http://www.w3.org/2004/02/skos/core#>",
                "<http://www.w3.org/2004/02/core#>",
            ),
        ),
        (
            "data/actors/states.ttl:",
            "The prefix skos: stands for <http://www.w3.org/2004/02/core#>",
            "it is <http://www.w3.org/2004/02/skos/core#>",
        ),
        checkout=True,
    ),
    Case(
        "prefix declared twice",
        edit(
            STATES,
            "actor:borland\n",
            "@prefix tri: <https://example.org/other#> .\nactor:borland\n",
        ),
        ("data/actors/states.ttl:", "The prefix tri: stands for <https://example.org/other#>"),
        checkout=True,
    ),
    Case(
        "missing semicolon",
        edit(STATES, 'tri:countryCode "XA" ;', 'tri:countryCode "XA"'),
        (
            "data/actors/states.ttl:20: error:",
            "dot is expected",
            "each triple in it with a semicolon",
        ),
    ),
    Case(
        "missing full stop",
        edit(STATES, ".\n\nactor:borland", "\nactor:borland"),
        ("data/actors/states.ttl:30: error: a is not a valid RDF object.",),
        FMT,
    ),
    Case(
        "quotation mark left open",
        edit(STATES, '"Arland"@en', '"Arland@en'),
        ("data/actors/states.ttl:11: error:",),
        FMT,
    ),
    Case(
        "language tag too long",
        edit(STATES, '"Arland"@en', '"Arland"@englishlanguage'),
        ("data/actors/states.ttl:11: error:", "eight characters"),
        FMT,
    ),
    Case(
        "literal as subject",
        put("actors/x.ttl", HEADER + '"Arland" a tri:State .\n'),
        ("data/actors/x.ttl:4: error:", "not a valid subject"),
        FMT,
    ),
    Case(
        "triple term of RDF 1.2",
        edit(STATES, 'tri:cowCode "991"', "tri:cowCode <<( actor:arland a tri:State )>>"),
        ("data/actors/states.ttl:9: error: Triple terms are not part of Turtle 1.1",),
        ("ask", "who-holds"),
    ),
    Case(
        "annotation of RDF 1.2",
        edit(STATES, 'tri:cowCode "991"', 'tri:cowCode "991" {| a tri:State |}'),
        ("data/actors/states.ttl:", "Triple terms are not part of Turtle 1.1"),
        FMT,
    ),
    Case(
        "direction of text of RDF 1.2",
        edit(STATES, '"Arland"@en', '"Arland"@en--ltr'),
        ("data/actors/states.ttl:9: error: Directions of text are not part of Turtle 1.1",),
        ("sources", "list"),
    ),
    Case(
        "TriG in a Turtle file",
        put("actors/x.ttl", HEADER + "actor:g { actor:arland a tri:State . }\n"),
        ("data/actors/x.ttl:4: error: { is not a valid predicate.", "has the grammar"),
    ),
    Case(
        "JSON in a Turtle file",
        put("actors/x.ttl", '{"@id": "https://example.org/a"}\n'),
        ("data/actors/x.ttl:1: error: { is not a valid subject",),
        FMT,
    ),
    Case(
        "HTML in a Turtle file",
        put("actors/x.ttl", "<!DOCTYPE html>\n<html><body>Not found</body></html>\n"),
        ("data/actors/x.ttl:1: error:",),
        FMT,
    ),
    Case(
        "conflict markers of a merge",
        edit(STATES, "actor:borland\n", "<<<<<<< HEAD\nactor:borland\n=======\n"),
        ("data/actors/states.ttl:30: error:",),
    ),
    Case(
        "blank nodes nested 3,000 deep",
        edit(STATES, 'tri:cowCode "991"', f"tri:about {DEEP}"),
        ("data/actors/states.ttl:9: error: Brackets are nested more than 100 deep", "Name the th"),
    ),
    Case(
        "lists nested 3,000 deep",
        edit(STATES, 'tri:cowCode "991"', "tri:about " + "(" * 3000 + ")" * 3000),
        ("data/actors/states.ttl:9: error: Brackets are nested more than 100 deep",),
        ("ask", "who-holds"),
    ),
    Case(
        "blank nodes by name, 3,000 in a chain",
        put("actors/x.ttl", HEADER + "".join(f"_:{n} a _:{n + 1} .\n" for n in range(3000))),
        ("data/actors/x.ttl:1: error: Brackets are nested more than 100 deep",),
        FMT,
    ),
    Case(
        "bracket that does not close",
        edit(STATES, 'tri:cowCode "991"', "tri:about [ a tri:State"),
        ("data/actors/states.ttl:28: error:",),
        FMT,
    ),
    Case(
        "literal of 2 MB left open",
        edit(STATES, '"Kingdom of Arland"', '"' + "x" * 2_000_000),
        ("data/actors/states.ttl:27: error:",),
    ),
    Case(
        "literal of 2 MB out of its place",
        edit(
            STATES,
            "actor:borland\n",
            "actor:borland\n" + f'    tri:officialName "{"x" * 2_000_000}"@en ;\n',
        ),
        ("would format", "data/actors/states.ttl", "1 not in canonical form"),
        FMT,
    ),
    Case(
        "5,000 digits out of their place",
        edit(STATES, "actor:borland\n", "actor:borland\n    tri:latitude " + "1" * 5000 + " ;\n"),
        ("would format", "data/actors/states.ttl", "1 not in canonical form"),
        FMT,
    ),
]

MEANING = [
    Case(
        "one block twice in a file",
        edit(STATES, "actor:corland\n", "actor:borland\n    a tri:State ;\n.\n\nactor:corland\n"),
        ("data/actors/states.ttl:", "not in canonical form. Run: trilateral fmt"),
        checkout=True,
    ),
    Case(
        "proposition that entails itself",
        add_line(COURT, "tri:entails proposition:bay-court-should-be-set-up ;"),
        ("data/propositions/propositions.ttl:", "A proposition entails itself", "Merge the prop"),
        checkout=True,
        rules=True,
    ),
    Case(
        "two propositions that entail each other",
        add_line(COURT, "tri:entails proposition:bay-court-should-be-set-up-with-league ;"),
        (
            "data/propositions/propositions.ttl:",
            "A proposition entails itself",
            "[cycle-entails-violation]",
        ),
        checkout=True,
        rules=True,
    ),
    Case(
        "propositions that narrow each other",
        all_of(
            add_line(CLOSED, "tri:narrows proposition:bay-should-be-left-to-fishing ;"),
            add_line(FISHING, "tri:narrows proposition:bay-should-be-closed ;"),
        ),
        ("data/propositions/propositions.ttl:", "[cycle-narrows-violation]"),
        checkout=True,
        rules=True,
    ),
    Case(
        "contradiction stated from both sides",
        add_line(FISHING, "tri:contradicts proposition:bay-should-be-closed ;"),
        (
            "data/propositions/propositions.ttl:",
            "A contradiction is stated from the wrong side",
            "State it once",
        ),
        checkout=True,
        rules=True,
    ),
    Case(
        "grouping that is its own constituent",
        edit(
            "actors/groups.ttl",
            "tri:constituent actor:arland ;",
            "tri:constituent actor:arland-and-borland-governments ;",
        ),
        ("data/actors/groups.ttl:", "[cycle-constituent-violation]"),
        checkout=True,
        rules=True,
    ),
    Case(
        "organization that is part of itself",
        edit(
            "actors/organizations.ttl",
            "tri:partOfActor actor:arland ;",
            "tri:partOfActor actor:arland-navy ;",
        ),
        ("data/actors/organizations.ttl:", "[cycle-part-of-actor-violation]"),
        checkout=True,
        rules=True,
    ),
    Case(
        "day that does not exist",
        edit("frameworks/tidal-pact.ttl", '"2019-06-01"', '"2019-02-30"'),
        (
            "data/frameworks/tidal-pact.ttl:24: error:",
            '"2019-02-30" is no xsd:date.',
            "Write a day that exists as YYYY-MM-DD",
        ),
        checkout=True,
    ),
    Case(
        "language that is none of the five",
        edit(STATES, '"Arland"@en', '"Arland"@xx'),
        (
            "data/actors/states.ttl:11: error: actor:arland: Expected",
            "in English",
            "Add skos:prefLabel with the tag en",
        ),
    ),
    Case(
        "misspelt property",
        edit(STATES, "tri:cowCode", "tri:cowCoed"),
        (
            "data/actors/states.ttl:20: error:",
            "tri:cowCoed does not exist.",
            "Did you mean tri:cowCode",
        ),
        checkout=True,
    ),
    Case(
        "misspelt property of another vocabulary",
        edit("stances/corland-gazette-2022.ttl", "skos:prefLabel", "skos:preflabel"),
        (
            "data/stances/corland-gazette-2022.ttl:34: error:",
            "skos:preflabel does not exist.",
            "Did you mean skos:prefLabel",
        ),
        checkout=True,
    ),
    Case(
        "stance without evidence",
        edit(
            "stances/corland-gazette-2022.ttl",
            "    tri:evidence passage:corland-gazette-2022-1 ;\n    tri:holder actor:mira-tell ;",
            "    tri:holder actor:mira-tell ;",
        ),
        ("data/stances/corland-gazette-2022.ttl:320: error:", "[trish:StanceShape-evidence]"),
    ),
    Case(
        "two passages on one spot",
        edit("sources/corland-gazette-2022.ttl", "passage:corland-gazette-2022-3\n", SAME_SPOT),
        ("data/sources/corland-gazette-2022.ttl:", "[passage-same-spot-violation]"),
        checkout=True,
        rules=True,
    ),
    Case(
        "passage beyond the end of the text",
        edit("sources/corland-gazette-2022.ttl", "tri:endPosition ", "tri:endPosition 9999"),
        ("data/sources/corland-gazette-2022.ttl:", "[passage-outside-text-violation]"),
        checkout=True,
        rules=True,
    ),
]

FILES = [
    Case(
        "folder with the name of a Turtle file",
        lambda root: (root / "actors/x.ttl").mkdir(),
        ("data/actors/x.ttl: error: The file cannot be read: it is a folder.", "[unreadable]"),
    ),
    Case(
        "pipe with the name of a Turtle file",
        lambda root: os.mkfifo(root / "actors/x.ttl"),
        ("data/actors/x.ttl: error: The file cannot be read: it is no regular file.",),
    ),
    Case(
        "pipe, met by a question",
        lambda root: os.mkfifo(root / "actors/x.ttl"),
        ("data/actors/x.ttl: error: The file cannot be read: it is no regular file.",),
        ("ask", "who-holds"),
    ),
    Case(
        "pipe, met by the formatter",
        lambda root: os.mkfifo(root / "actors/x.ttl"),
        ("data/actors/x.ttl: error: The file cannot be read: it is no regular file.",),
        ("fmt",),
    ),
    Case(
        "device without end",
        link("actors/x.ttl", "/dev/zero"),
        ("data/actors/x.ttl: error: The file cannot be read: it is no regular file.",),
        ("sources", "list"),
    ),
    Case(
        "link that leads nowhere",
        link("actors/x.ttl", "gone.ttl"),
        ("data/actors/x.ttl: error: The file cannot be read: No such file or directory.", "remove"),
    ),
    Case(
        "link to itself",
        link("actors/x.ttl", "x.ttl"),
        ("data/actors/x.ttl: error: The file cannot be read: Too many levels of symbolic links.",),
        ("code",),
    ),
    Case(
        "link to the folder around it",
        link("actors/loop", ".."),
        ("data/actors/loop: error: It is a symbolic link to a folder, of which no file is read.",),
    ),
    Case(
        "link to a file outside that is no Turtle",
        link("actors/x.ttl", "/etc/passwd"),
        ("data/actors/x.ttl:1: error:", "[turtle-syntax]"),
        ("ask", "who-holds"),
    ),
    Case(
        "file that may not be read",
        lambda root: (root / STATES).chmod(0),
        ("data/actors/states.ttl: error: The file cannot be read: Permission denied.",),
        hook="@without-privilege",
        checkout=True,
    ),
    Case(
        "folder that may not be read",
        lambda root: (root / "actors").chmod(0),
        ("data/actors: Permission denied.",),
        hook="@without-privilege",
        checkout=True,
    ),
    Case(
        "extension in capitals",
        lambda root: (root / STATES).rename(root / "actors/states.TTL"),
        (
            "data/actors/states.TTL: error: It is not read: its name does not end in .ttl.",
            "Save it",
        ),
    ),
    Case(
        "extension of a text editor",
        lambda root: (root / STATES).rename(root / "actors/states.ttl.txt"),
        ("data/actors/states.ttl.txt: error: It is not read: its name does not end in .ttl.",),
        ("ask", "who-holds"),
    ),
    Case(
        "N-Triples among the Turtle files",
        put(
            "actors/x.nt",
            "<https://example.org/a> <https://example.org/b> <https://example.org/c> .\n",
        ),
        ("data/actors/x.nt: error: It is not read: its name does not end in .ttl.", "as Turtle"),
        ("sources", "list"),
    ),
    Case(
        "hidden files and backups, which are nobody's data",
        all_of(
            put("actors/.states.ttl", "oops"),
            put("actors/.states.ttl.swp", b"\0\0"),
            put("actors/states.ttl~", "oops"),
            put("actors/#states.ttl#", "oops"),
            put("actors/states.ttl.orig", "oops"),
            put(".old/states.ttl", "oops"),
            link("actors/.#states.ttl", "me@here.1234"),
        ),
        ("source/corland-gazette-2022",),
        ("ask", "who-holds", "--proposition", "all", "--format", "csv"),
        status=0,
    ),
    Case(
        "folder without a Turtle file",
        lambda root: (shutil.rmtree(root), root.mkdir()),
        ("there is no Turtle file in this folder.", "--data"),
        status=2,
    ),
    Case("folder that is missing", shutil.rmtree, ("there is no such folder.", "--data"), status=2),
    Case(
        "file in the place of the folder",
        lambda root: (shutil.rmtree(root), root.write_text("oops")),
        ("there is no such folder.",),
        ("ask", "who-holds"),
        status=2,
    ),
]

TARGETS = [
    Case(
        "output is a file",
        put("../file", "mine"),
        ("file: this is not the output of a build, so", "is not replaced.", "--out"),
        status=2,
        out="file",
    ),
    Case(
        "output is a folder of something else",
        put("../site/index.html", "mine"),
        ("site: this is not the output of a build, so", "is not replaced."),
        status=2,
        out="site",
    ),
    Case(
        "output has a manifest of something else",
        put("../site/manifest.json", '{"name": "web app"}'),
        ("site: this is not the output of a build, so", "is not replaced."),
        status=2,
        out="site",
    ),
    Case(
        "a file of one's own beside the build",
        put("../dist/notes.txt", "mine"),
        ("dist/notes.txt: this is not the output of a build, so", "is not replaced."),
        status=2,
    ),
    Case(
        "output among the data",
        nothing,
        ("data/dist: this lies in data/, so that the next build would read what this one writes.",),
        status=2,
        out="data/dist",
    ),
    Case(
        "output below a file",
        put("../file", "mine"),
        ("the build cannot be written: File exists.", "is as it was."),
        status=2,
        out="file/dist",
        checkout=True,
    ),
    Case(
        "output is a link that leads nowhere",
        link("../gone", "no/such"),
        ("gone: this symbolic link leads nowhere.",),
        status=2,
        out="gone",
    ),
    Case(
        "folder around the output may not be written",
        lambda root: root.parent.chmod(0o555),
        ("the build cannot be written: Permission denied.", "is as it was."),
        status=2,
        hook="@without-privilege",
        checkout=True,
    ),
    Case(
        "full disk",
        nothing,
        ("the build cannot be written: No space left on device.", "is as it was."),
        status=2,
        hook="@full-disk",
        checkout=True,
    ),
    Case(
        "largest size of a file reached",
        nothing,
        ("the build cannot be written: File too large.", "is as it was."),
        status=2,
        checkout=True,
        limit=100_000,
    ),
    Case(
        "nowhere to print the answer",
        nothing,
        ("trilateral: No space left on device.",),
        ("ask",),
        hook="@full-output",
        checkout=True,
    ),
]


def at(event: str, place: str, number: signal.Signals) -> str:
    """Return a hook that sends a real signal to the process when it reaches a moment.

    The moment is an audit event of Python, of which an argument holds ``place``.
    """
    return (
        "import os, sys\n"
        f"def hook(event, arguments, sent=[]):\n"
        f"    if event == {event!r} and {place!r} in str(arguments) and not sent:\n"
        f"        sent.append(os.kill(os.getpid(), {int(number)}))\n"
        "sys.addaudithook(hook)\n"
    )


INTERRUPTED = ("trilateral: interrupted; no file was left half written.",)
INTERRUPTS = [
    Case(
        f"{number.name} while {moment}",
        nothing,
        INTERRUPTED,
        status=128 + number,
        hook=at(event, place, number),
        checkout=True,
    )
    for moment, event, place, number in (
        ("a file is read", "open", "actors/states.ttl", signal.SIGINT),
        ("the new folder is made", "os.mkdir", "-in-the-making/new", signal.SIGTERM),
        ("a file is written", "open", "-in-the-making/new/dataset.ttl", signal.SIGINT),
        ("the old build is moved", "os.rename", "-in-the-making/old", signal.SIGTERM),
        ("the new build is moved", "os.rename", "-in-the-making/new", signal.SIGINT),
    )
]

PROJECT = [
    Case(
        "prefix table cut off",
        cut("../ontology/prefixes.ttl", "sh:namespace", 5),
        ("ontology/prefixes.ttl:", "the prefix table cannot be read", "Restore it."),
        ("ask", "who-holds"),
        checkout=True,
    ),
    Case(
        "prefix table without a namespace",
        edit("../ontology/prefixes.ttl", "    sh:namespace", "    sh:description"),
        ("ontology/prefixes.ttl:", "no sh:namespace.", "Give it both."),
        checkout=True,
    ),
    Case(
        "prefix table without a prefix that is needed",
        edit("../ontology/prefixes.ttl", 'sh:prefix "graph"', 'sh:prefix "graf"'),
        ("ontology/prefixes.ttl: the prefix graph: is missing.",),
        ("sources", "list"),
        checkout=True,
    ),
    Case(
        "prefix table with one prefix twice",
        edit("../ontology/prefixes.ttl", 'sh:prefix "graph"', 'sh:prefix "actor"'),
        ("ontology/prefixes.ttl: the prefix actor: stands for two namespaces.",),
        FMT,
        checkout=True,
    ),
    Case(
        "ontology with a mistake",
        put("../ontology/x.ttl", HEADER + "tri:X a\n"),
        ("ontology/x.ttl:4: error:", "Unexpected end"),
        checkout=True,
    ),
    Case(
        "question that is no SPARQL",
        edit("../queries/who-holds.rq", "WHERE", "WHEREVER"),
        ("queries/who-holds.rq: this is no SPARQL:", "Correct the query."),
        ("ask", "who-holds"),
        status=2,
        checkout=True,
    ),
    Case(
        "question without a summary",
        edit("../queries/who-holds.rq", "#+ summary:", "#+ sumary:"),
        ("queries/who-holds.rq: the header has no summary.", "#+ summary:"),
        ("ask", "who-holds"),
        status=2,
        checkout=True,
    ),
    Case(
        "question with a parameter of an unknown kind",
        edit("../queries/who-holds.rq", "kind: proposition", "kind: propositoin"),
        ("the prefix propositoin: is missing",),
        ("ask", "who-holds", "--proposition", "bay-should-be-closed"),
        checkout=True,
    ),
]

CASES = [*TRUNCATED, *ENCODING, *SYNTAX, *MEANING, *FILES, *TARGETS, *INTERRUPTS, *PROJECT]
