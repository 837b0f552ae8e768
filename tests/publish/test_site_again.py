"""A site written again: what is taken from the last one, and what is not done twice."""

import asyncio
import json
import shutil

import pyoxigraph as ox
import pytest
from tests.publish.sites import ADDRESS, copied, made

from trilateral.home import find_home
from trilateral.prefixes import prefixes
from trilateral.publish.site.asked import Asked
from trilateral.publish.site.change import Change
from trilateral.publish.site.engine import Direct
from trilateral.publish.site.kept import file_for, restore
from trilateral.publish.site.listed import read_back, write_catalogue
from trilateral.publish.site.plan import make_plan
from trilateral.serve.generation import Generation
from trilateral.serve.linked_data.documents import job_of
from trilateral.serve.pages.catalogue import gather, read_catalogue
from trilateral.serve.site import Site, read_answer
from trilateral.serve.workers.limits import Limits
from trilateral.serve.workers.source import load

# File, old and new text.
A_WORD = ("stances/strait-institute-2022.ttl", '"Bay of Arland"@en', '"Bay of the Arlanders"@en')
A_COMMENT = ("actors/states.ttl", "\nactor:arland\n", "\n# Nothing is said here.\nactor:arland\n")
KEY = "query SELECT ?a WHERE { ?a ?b ?c }"
ASK = {"does": "query", "query": KEY.partition(" ")[2], "solutions": "text/csv"}


def edited(data, edit):
    file, old, new = edit
    text = (data / file).read_text("utf-8")
    assert old in text
    (data / file).write_text(text.replace(old, new, 1), "utf-8")


def opened(store):
    found = Site(Limits(budget=0), None)
    found.current = Generation(Direct(store, ""))
    return found


def catalogue_of(store):
    return asyncio.run(read_catalogue(opened(store)))


def spelled(catalogue):
    """Everything that a catalogue holds, in its order."""
    return write_catalogue(catalogue)


def designation(store):
    name = ox.NamedNode("https://w3id.org/trilateral/ontology#designates")
    return next(store.quads_for_pattern(None, name, None))


def label(store):
    name = ox.NamedNode("http://www.w3.org/2004/02/skos/core#prefLabel")
    thing = ox.NamedNode(f"{prefixes().base}actor/arland")
    return next(store.quads_for_pattern(thing, name, None))


def everything_of(store):
    thing = ox.NamedNode(f"{prefixes().base}actor/arland")
    return list(store.quads_for_pattern(thing, None, None))


@pytest.mark.parametrize(
    ("gone", "come"),
    [
        (lambda store: [label(store)], lambda quad: ox.Literal("Zarland", language="en")),
        (lambda store: [designation(store)], None),
        (everything_of, None),
    ],
    ids=["a label", "a designation", "a thing"],
)
def test_the_catalogue_of_the_last_site_becomes_the_one_that_is_read(gone, come, data):
    store, _ = load(data, None)
    last = read_back(write_catalogue(catalogue_of(store)))
    assert spelled(last) == spelled(catalogue_of(store))
    old = gone(store)
    new = [ox.Quad(q.subject, q.predicate, come(q), q.graph_name) for q in old] if come else []
    for quad in old:
        store.remove(quad)
    store.extend(new)
    now = catalogue_of(store)
    assert spelled(now) != spelled(last)
    assert spelled(Asked(opened(store), Change(store, old, new), {}).catalogue(last)) == spelled(
        now
    )


def test_names_of_a_thing_are_in_one_order_whatever_that_of_rows():
    base, tri = prefixes().base, "https://w3id.org/trilateral/ontology#"
    thing = {"type": "uri", "value": f"{base}actor/arland"}
    rows = [
        {
            "thing": thing,
            "part": {"type": "literal", "value": "name in a source"},
            "value": {"type": "literal", "value": "Arland", "xml:lang": language},
            "source": {"type": "uri", "value": f"{base}source/{source}"},
        }
        for language, source in (("en", "b"), ("en", "a"), ("de", "b"))
    ]
    of_class = {
        "thing": thing,
        "part": {"type": "literal", "value": "class"},
        "value": {"type": "uri", "value": f"{tri}Actor"},
    }

    def read(found):
        told = {
            "head": {"vars": ["thing", "part", "value", "source"]},
            "results": {"bindings": [*found, of_class]},
        }
        return spelled(gather(read_answer(json.dumps(told).encode()).rows))

    assert read(rows) == read(rows[::-1]) == read([rows[1], rows[2], rows[0]])


def test_a_comment_has_no_data_written_or_compressed_again(
    site, data, own_cache, tmp_path, monkeypatch
):
    out = tmp_path / "site"
    copied(site, out)
    data = shutil.copytree(data, tmp_path / "data")

    def refuse(*_):
        raise AssertionError("done again")

    monkeypatch.setattr("trilateral.publish.site.data.compress", refuse)
    edited(data, A_COMMENT)
    before = json.loads((out / "data" / "browser.json").read_bytes())
    found = made(data, out)
    assert found.kept < len(found.files)
    after = json.loads((out / "data" / "browser.json").read_bytes())
    assert before["data"] != after["data"]
    assert [before[each] for each in ("engine", "dataset")] == [
        after[each] for each in ("engine", "dataset")
    ]
    # What is known of the site is of what it has, and not of what it had as well.
    known = restore(make_plan(find_home(data), data, out, ADDRESS, "", "en"))
    assert known is not None
    assert all(block.units for block in known.blocks)
    # A word has them written again.
    edited(data, A_WORD)
    with pytest.raises(AssertionError, match="done again"):
        made(data, out)


def test_a_catalogue_that_is_damaged_is_read_from_the_data(site, data, own_cache, tmp_path):
    out = tmp_path / "site"
    copied(site, out)
    data = shutil.copytree(data, tmp_path / "data")
    path = file_for(out.resolve())
    head, _, *lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join([head, b"[[1]]\n", *lines]))
    edited(data, A_COMMENT)
    found = made(data, out)
    assert 0 < found.kept < len(found.files)
    assert (out / "search" / "names.json").read_bytes() == (
        site / "search" / "names.json"
    ).read_bytes()
    assert path.read_bytes().splitlines()[1] != b"[[1]]"


class Counting(Direct):
    """An engine that counts what it is asked."""

    asked = 0

    def do(self, job):
        self.asked += 1
        return super().do(job)


def test_what_was_asked_to_see_whether_it_is_another_is_not_asked_to_show_it():
    store = ox.Store()
    node = ox.NamedNode("http://example.org/a")
    store.add(ox.Quad(node, node, node))
    engine, plain = Counting(store, ""), Direct(store, "")
    digest = engine.ask_again(KEY)
    shown = asyncio.run(engine.run(ASK))
    assert engine.asked == 1
    assert shown.body == asyncio.run(plain.run(ASK)).body
    assert engine.answered(KEY) == plain.answered(KEY) == digest
    # Only what is made at once has it at hand.
    other = Counting(store, "")
    other.ask_again(KEY)
    other.forget()
    asyncio.run(other.run(ASK))
    assert other.asked == 2


def test_json_ld_that_a_page_holds_is_not_made_again_for_its_file(data, monkeypatch):
    store, _ = load(data, None)
    engine = Direct(store, "")
    jobs = [
        job_of(f"{prefixes().base}actor/{name}", "application/ld+json", f"{prefixes().base}{file}")
        for name, file in (("arland", "a"), ("borland", "a"), ("borland", "b"))
    ]
    expected = [Direct(store, "").do(job).body for job in jobs]
    assert len(set(expected)) == 3
    written = []
    monkeypatch.setattr(
        "trilateral.serve.linked_data.jsonld.write",
        lambda *about: written.append(about) or str(len(written)).encode(),
    )
    turtle = job_of(f"{prefixes().base}actor/arland", "text/turtle", "")
    assert [engine.do(job).body for job in (jobs[0], turtle, dict(jobs[0]))][::2] == [b"1", b"1"]
    # Another thing, and another context, is another document.
    assert [engine.do(job).body for job in jobs] == [b"1", b"2", b"3"]
