"""Spliced: a file of all data after a change, made of the one before it.

Such a file holds a block for each subject, in TriG and N-Quads one in each graph, in an order that
is that of the subjects. Where the same subjects are described as before, what is written of those
of which something else is said stands at the place of what was written of them. To write all of
the six formats anew takes a second and more, nearly all of it to sort what has not changed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pyoxigraph as ox

from trilateral.publish.site.change import Change

# What stands in a document of one subject for it; the group is its block. Strings have no line
# breaks in any format but RDF/XML, and tags none in their text.
_BLOCK = {
    "text/turtle": rb"\n\n(.*)\Z",
    "application/trig": rb"\n[^\n]* \{\n(.*)\}\n\Z",
    "application/n-triples": rb"\A(.*)\Z",
    "application/n-quads": rb"\A(.*)\Z",
    "application/ld+json": rb'\n "@graph": \[\n(.*)\n \]\n\}\n\Z',
    "application/rdf+xml": rb"<rdf:RDF[^>]*>\n(.*)</rdf:RDF>\Z",
}
_WITH_GRAPHS = ("application/trig", "application/n-quads")
# The declarations of prefixes, which are among so many bytes.
_PREFIX = re.compile(rb"^@prefix [^\n]*| xmlns:[^ >]*", re.MULTILINE)
_HEAD = 1 << 14


def spliced(
    last: bytes, media: str, change: Change, write: Callable[[list[ox.Quad]], bytes]
) -> bytes | None:
    """Return what a file of all data holds now; None where it has to be written as a whole.

    That is where a subject comes or goes, and where other prefixes are declared, or may be.

    Args:
        last: What it held before the change.
        media: Its format.
        change: What differs.
        write: Writes quads in that format.
    """
    block = re.compile(_BLOCK[media], re.DOTALL)
    parts, gone, given = list[tuple[bytes, bytes]](), set[bytes](), set[bytes]()
    for before, now in _described(change, with_graphs=media in _WITH_GRAPHS):
        old, new = block.search(write(before)), block.search(write(now))
        if not (before and now and old and new) or last.count(old[1]) != 1:
            return None
        parts.append((old[1], new[1]))
        gone.update(_PREFIX.findall(old.string, 0, old.start(1)))
        given.update(_PREFIX.findall(new.string, 0, new.start(1)))
    if not gone <= given <= set(_PREFIX.findall(last, 0, _HEAD)):
        return None
    for part in parts:
        last = last.replace(*part)
    return last


def _described(change: Change, with_graphs: bool) -> Iterator[tuple[list[ox.Quad], list[ox.Quad]]]:
    """Yield what is said of each subject of a change before and now, in each graph or in all."""
    new = set(change.new)
    for subject in sorted(change.subjects):
        now = change.said_by(subject)
        before = {quad for quad in change.gone if quad.subject == ox.NamedNode(subject)}
        before |= now - new
        for graph in {quad.graph_name for quad in before ^ now} if with_graphs else (None,):
            yield (
                [quad for quad in before if graph in (None, quad.graph_name)],
                [quad for quad in now if graph in (None, quad.graph_name)],
            )
