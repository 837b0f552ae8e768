"""Addresses: what a site of a dataset is made of: things, pages and other files."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from trilateral.prefixes import prefixes
from trilateral.publish.history.retired import read_retired
from trilateral.publish.site.layout import FOLDERS, check_name
from trilateral.serve.api.formats import formats_of
from trilateral.serve.linked_data import discovery
from trilateral.serve.linked_data.documents import RDF
from trilateral.serve.pages.catalogue import kinds
from trilateral.serve.pages.views import VIEWS

if TYPE_CHECKING:
    import pyoxigraph as ox

    from trilateral.ask.questions import Question

# What programs look for without an ending (RFC 8615): Turtle, as that is what they can expect.
WELL_KNOWN = {f".well-known/{name}": f"/{name}.ttl" for name in discovery.WELL_KNOWN}
_VERSION = "http://www.w3.org/2002/07/owl#versionIRI"
_INDIVIDUAL = "http://www.w3.org/2002/07/owl#NamedIndividual"


@dataclass(frozen=True)
class Things:
    """The paths of things under the base: those with pages, all that have documents.

    ``versions`` has the path of a thing under that of each version of it, ``retired`` the IRIs
    of what is not described any more.
    """

    pages: tuple[str, ...]
    documents: tuple[str, ...]
    versions: dict[str, str]
    retired: frozenset[str]


def read_things(store: ox.Store, quads: Iterable[bytes]) -> Things:
    """Return the things that a store describes, without those that are retired.

    Args:
        store: The store.
        quads: What it holds, as lines of N-Quads.

    Raises:
        RefusedError: naming the thing whose name no file can have.
    """
    import pyoxigraph

    base = prefixes().base
    individual = pyoxigraph.NamedNode(_INDIVIDUAL)
    declared = {quad.subject for quad in store.quads_for_pattern(None, None, individual)}
    retired = read_retired(
        quad for each in declared for quad in store.quads_for_pattern(each, None, None)
    )
    # The lines begin with their subjects: to make an object of each quad takes twice as long.
    iris = {line[1 : line.index(b" ") - 1].decode() for line in quads if line[:1] == b"<"}
    iris |= {each.value for each in store.named_graphs() if isinstance(each, pyoxigraph.NamedNode)}
    paths = sorted(
        iri.removeprefix(base)
        for iri in iris
        if iri.startswith(base) and "#" not in iri and iri != base and iri not in retired
    )
    for path in paths:
        check_name(path)
    versions = {
        quad.object.value.removeprefix(base): quad.subject.value.removeprefix(base)
        for quad in store.quads_for_pattern(None, pyoxigraph.NamedNode(_VERSION), None)
        if isinstance(quad.object, pyoxigraph.NamedNode)
        and isinstance(quad.subject, pyoxigraph.NamedNode)
    }
    pages = tuple(path for path in paths if "/" in path or path == "ontology")
    return Things(pages, (*paths, "dataset", "shapes"), versions, frozenset(retired))


def read_pages() -> Iterator[str]:
    """Yield the paths of all pages that are not of one thing, without parameters."""
    yield "/"
    yield "/api/"
    for name in FOLDERS:
        yield f"/{name}"
    for name in VIEWS:
        yield f"/views/{name}"
    for kind in sorted(kinds()):
        yield f"/{kind}/"


def read_files() -> Iterator[str]:
    """Yield the paths of what is neither a page, a document of a thing nor an answer."""
    yield from ("/context.jsonld", "/robots.txt", "/query/completion.json", "/query/land.json")
    yield "/api/questions"
    for name in VIEWS:
        yield from (f"/views/{name}.svg", f"/views/{name}.csv")
    for name in discovery.DESCRIPTIONS:
        for each in RDF:
            yield f"/{name}.{each.ending}"


def read_answers(question: Question) -> Iterator[str]:
    """Yield the paths of the answer to a question, its page among them."""
    for each in formats_of(question):
        yield f"/api/questions/{question.name}.{each.ending}"
