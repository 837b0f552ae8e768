"""Files of all data after a change: what is made of those before is what is written as a whole."""

from functools import partial

import pyoxigraph as ox
import pytest

from trilateral.prefixes import prefixes
from trilateral.publish.site.change import Change
from trilateral.publish.site.engine import Direct
from trilateral.publish.site.spliced import spliced
from trilateral.serve.linked_data.documents import RDF, job_of
from trilateral.serve.workers.source import load

BASE, SKOS = prefixes().base, prefixes()["skos"]
MEDIA = [each.media for each in RDF]


def node(iri):
    return ox.NamedNode(iri)


def said(store, thing, property=None):
    named = node(property) if property else None
    return list(store.quads_for_pattern(node(f"{BASE}{thing}"), named, None))


def other(quad, value):
    return ox.Quad(quad.subject, quad.predicate, value, quad.graph_name)


def text(value):
    return ox.Literal(value, language="en")


def elsewhere(quad, graph):
    return ox.Quad(quad.subject, quad.predicate, quad.object, node(f"{BASE}graph/{graph}"))


# What goes and what comes, of the tiny world.
def a_label(store):
    old = said(store, "actor/arland", f"{SKOS}prefLabel")[:1]
    return old, [other(old[0], text('Zar "land" <a>\n\t{ } . & 中'))]


def two_things(store):
    one, two = (
        said(store, f"actor/{name}", f"{SKOS}prefLabel")[0] for name in ("arland", "borland")
    )
    return [one, two], [other(one, text("B")), other(two, text("A"))]


def one_more(store):
    old = said(store, "actor/arland", f"{SKOS}prefLabel")[0]
    return [], [other(old, ox.Literal("Arlando", language="es"))]


def a_thing(store):
    return said(store, "actor/arland"), []


def a_thing_that_comes(store):
    label = said(store, "actor/arland", f"{SKOS}prefLabel")[0]
    thing = node(f"{BASE}actor/aaland")
    return [], [ox.Quad(thing, label.predicate, label.object, label.graph_name)]


def another_graph(store):
    label = said(store, "actor/arland", f"{SKOS}prefLabel")[0]
    return [], [elsewhere(label, "sources")]


def a_prefix_that_comes(store):
    label = said(store, "actor/arland", f"{SKOS}prefLabel")[0]
    return [], [ox.Quad(label.subject, node(f"{prefixes()['gn']}x"), text("x"), label.graph_name)]


def write_in(store, media):
    job = {"media": media, "context": f"{BASE}context.jsonld"}
    return partial(Direct(store, "").write, job=job)


def whole(store, media):
    job = job_of(f"{BASE}dataset", media, f"{BASE}context.jsonld")
    return Direct(store, "").do(job).body


def changed(store, gone, come):
    for quad in gone:
        store.remove(quad)
    store.extend(come)
    return Change(store, gone, come)


def after(store, media, change):
    """What is made of a file before a change, and what is written as a whole after it."""
    last = whole(store, media)
    change = changed(store, *change(store))
    return spliced(last, media, change, write_in(store, media)), whole(store, media)


@pytest.fixture
def store(data):
    return load(data, None)[0]


@pytest.mark.parametrize("media", MEDIA)
@pytest.mark.parametrize("change", [a_label, two_things, one_more])
def test_what_is_made_of_the_file_before_is_what_is_written_as_a_whole(store, media, change):
    last = whole(store, media)
    made, now = after(store, media, change)
    assert made == now != last


@pytest.mark.parametrize("media", MEDIA)
@pytest.mark.parametrize("change", [a_thing, a_thing_that_comes])
def test_where_a_thing_comes_or_goes_all_is_written(store, media, change):
    made, _ = after(store, media, change)
    assert made is None


@pytest.mark.parametrize("media", MEDIA)
def test_where_a_graph_speaks_of_a_thing_for_the_first_time_all_quads_are_written(store, media):
    made, now = after(store, media, another_graph)
    # The triple is there twice, and stands once where there are no graphs.
    assert made == (None if media in ("application/trig", "application/n-quads") else now)


@pytest.mark.parametrize("media", ["text/turtle", "application/trig", "application/rdf+xml"])
def test_another_table_of_prefixes_has_all_written(store, media):
    made, now = after(store, media, a_prefix_that_comes)
    assert made is None and any(each in now for each in (b"@prefix gn:", b" xmlns:gn="))
    come = [each for each in said(store, "actor/arland") if each.predicate.value.endswith("/x")]
    made, now = after(store, media, lambda _: (come, []))
    assert made is None and not any(each in now for each in (b"@prefix gn:", b" xmlns:gn="))


@pytest.mark.parametrize("media", MEDIA)
def test_a_file_that_does_not_hold_what_was_said_is_written_anew(store, media):
    change = changed(store, *a_label(store))
    # That of after the change, as if it were that of before.
    assert spliced(whole(store, media), media, change, write_in(store, media)) is None
