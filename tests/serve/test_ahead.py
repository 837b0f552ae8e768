"""Ahead: what is asked of many things at once is what each page would have been told."""

import asyncio
from collections import defaultdict

import pyoxigraph as ox
import pytest
from tests.conftest import WORLD

from trilateral.prefixes import prefixes
from trilateral.publish.site.addresses import read_things
from trilateral.publish.site.answers import answer
from trilateral.publish.site.engine import Direct
from trilateral.serve.app import make_parts
from trilateral.serve.generation import Generation, Kept
from trilateral.serve.pages.things.ahead import ask_ahead, together
from trilateral.serve.pages.things.parts import PARTS
from trilateral.serve.pages.things.section import question_of
from trilateral.serve.site import Site, read_answer, read_labels, read_retired
from trilateral.serve.workers.limits import Limits
from trilateral.serve.workers.source import load


class Counting(Direct):
    """Counts the queries that are asked."""

    asked = 0

    async def run(self, job, *rest, **named):
        self.asked += job["does"] == "query"
        return await super().run(job, *rest, **named)


@pytest.fixture(scope="module")
def site():
    data = WORLD / "data"
    engine = Counting(*load(data, None))
    site = Site(Limits(budget=0), data)

    async def opened():
        labels, retired = await read_labels(engine), await read_retired(engine)
        return Generation(engine, labels, retired, Kept(1 << 30))

    site.current = asyncio.run(opened())
    return site


@pytest.fixture(scope="module")
def kinds(site):
    found = defaultdict(list)
    lines = site.engine.store.dump(format=ox.RdfFormat.N_QUADS).splitlines()
    for path in read_things(site.engine.store, lines).pages:
        found[path.partition("/")[0]].append(prefixes().base + path)
    return found


def test_rows_are_those_that_each_page_is_told(site, kinds):
    """Of every kind that has questions, things and questions turn about, row by row."""
    checked = 0
    for kind in PARTS.keys() - {"graph"}:
        keys = asyncio.run(ask_ahead(site, kind, kinds[kind]))
        for key in sorted(each for each in keys if each.startswith("query "))[::2]:
            text = key.removeprefix("query ")
            job = {"does": "query", "query": text, "solutions": JSON, "prefixes": True}
            alone = read_answer(site.engine.do(job).body)
            assert site.kept[key] == alone, text
            checked += 1
    assert checked > 500


JSON = "application/sparql-results+json"


@pytest.mark.parametrize("path", ["actor/arland", "framework/tidal-pact", "stance/x"])
def test_pages_ask_nothing_more(site, kinds, path):
    kind = path.partition("/")[0]
    iris = kinds[kind]
    iri = prefixes().base + path if prefixes().base + path in iris else iris[0]
    asyncio.run(ask_ahead(site, kind, iris))
    parts = make_parts(site)
    url = f"/{iri.removeprefix(prefixes().base)}.html"
    # What is asked alike of all things is asked once.
    asyncio.run(answer(parts, url))
    site.engine.asked = 0
    page = asyncio.run(answer(parts, url))
    assert b"<h1>" in page and site.engine.asked == 0


@pytest.mark.parametrize("kind", sorted(PARTS))
def test_a_thing_is_bound_where_its_rows_are_its_own(site, kind):
    """A value among several gives the same rows as alone only outside OPTIONAL and MINUS."""
    for part in PARTS[kind]:
        for section in part.sections:
            if section.parameter:
                text = question_of(site, section.question).text
                made = together(text, section.parameter)
                assert f"?{section.parameter}" in made.text.partition("WHERE")[0]
                assert outermost(text, section.parameter), section.question


def outermost(text, name):
    """Whether a variable is bound by VALUES in no group that may match or must not."""
    open_groups, at = [], 0
    tokens = text[text.index("WHERE") :].replace("{", " { ").replace("}", " } ").split()
    for number, token in enumerate(tokens):
        if token == "{":
            open_groups.append(tokens[number - 1].upper())
        elif token == "}":
            open_groups.pop()
        elif token == "VALUES" and tokens[number + 1] == f"?{name}":
            at += 1
            if {"OPTIONAL", "MINUS", "EXISTS"} & set(open_groups):
                return False
    return at > 0


def test_what_is_bound_in_an_optional_group_is_found():
    assert not outermost("SELECT ?a WHERE { ?a ?b ?c OPTIONAL { VALUES ?x { 1 } } }", "x")
    assert outermost("SELECT ?a WHERE { { VALUES ?x { 1 } ?a ?b ?x } UNION { ?a ?c ?x } }", "x")


def test_counts_and_limits_are_of_each_thing():
    made = together("SELECT ?n (COUNT(?a) AS ?many)\nWHERE { ?a ?p ?x }\nGROUP BY ?n\nLIMIT 5", "x")
    assert made.text.splitlines() == [
        "SELECT ?x ?n (COUNT(?a) AS ?many)", "WHERE { ?a ?p ?x }", "GROUP BY ?x ?n",
    ]  # fmt: skip
    assert (made.added, made.lone, made.limit) == (True, False, 5)
    assert not together("SELECT ?x\nWHERE { ?a ?p ?x }", "x").added
    assert together("SELECT (MAX(?a) AS ?m)\nWHERE { ?a ?p ?x }\nORDER BY ?m", "x").lone
