"""Names: the questions by name, and what a client writes for a parameter as a term.

The rules are those of ``trilateral ask``: a thing may be named by slug, short form, IRI or
label, ``all`` leaves a parameter open, and what is not given has its default. The store is
in other processes, so that labels come from those of the site, and a worker is asked about
things that have none.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping
from dataclasses import replace
from functools import cache

from pyoxigraph import Literal, NamedNode
from rapidfuzz import fuzz, process
from starlette.requests import Request

from trilateral.ask import show
from trilateral.ask.questions import Parameter, Question
from trilateral.ask.values import is_day
from trilateral.home import Home
from trilateral.prefixes import prefixes
from trilateral.serve.api.formats import JSON
from trilateral.serve.pages.table import plain
from trilateral.serve.site import Site, node, read_answer
from trilateral.serve.web.http import Problem

LONGEST = 500
LANGUAGE = r"[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*"
_NEAR = 60.0
_SHOWN = 5


@cache
def questions_of(home: Home) -> Mapping[str, Question]:
    """Return the questions of a dataset by name, the derive rules as ``derive/<name>``."""
    return {name: replace(question, name=name) for name, question in show.find(home).items()}


def unknown_question(site: Site, name: str) -> Problem:
    """Return the problem that a question does not exist, with the names that are near."""
    near = _near(name[:LONGEST], dict.fromkeys(questions_of(site.home), ""))
    return Problem(
        404, "No such question", f"There is no question {plain(name[:80])}.",
        f"Did you mean {', '.join(near)}?" if near else "All are listed at /api/questions.",
    )  # fmt: skip


async def terms_of(
    site: Site, request: Request, question: Question, given: Mapping[str, str]
) -> dict[str, str]:
    """Return SPARQL terms for the parameters of a question: those given, then the defaults.

    Raises:
        Problem: 400 for a parameter that it does not take or a value that is none of its
            kind, 404 for a name that nothing has; both with names that are near.
    """
    known = {parameter.name: parameter for parameter in question.parameters}
    for name in given:
        if name not in known:
            takes = f"It takes {', '.join(known)}." if known else "It takes no parameters."
            raise Problem(
                400, "No such parameter",
                f"{question.name} has no parameter {plain(name[:80])}.", takes,
            )  # fmt: skip
    terms = {}
    for name, parameter in known.items():
        value = given.get(name, parameter.default)
        if value is None or value == "all":
            continue
        try:
            terms[name] = await _term(site, request, question, parameter, value)
        except Problem:
            if name in given:
                raise  # a default that this dataset does not describe leaves the parameter open
    return terms


async def _term(
    site: Site, request: Request, question: Question, parameter: Parameter, value: str
) -> str:
    if not value or len(value) > LONGEST:
        raise _bad(parameter, "is empty" if not value else f"is longer than {LONGEST} characters")
    if parameter.kind == "date":
        if not is_day(value):
            raise _bad(parameter, "takes a day of the calendar, such as 2024-05-07")
        return str(Literal(value, datatype=NamedNode(prefixes()["xsd"] + "date")))
    if parameter.kind == "language" and not re.fullmatch(LANGUAGE, value):
        raise _bad(parameter, "takes a language tag such as ja or zh-hans")
    if parameter.kind in ("language", "text"):
        return str(Literal(value))
    return node(await _thing(site, request, question, parameter, value))


def _bad(parameter: Parameter, why: str) -> Problem:
    return Problem(
        400, "This value cannot be used", f"The parameter {parameter.name} {why}.",
        f"{parameter.description} The value all leaves it open.",
    )  # fmt: skip


async def _thing(
    site: Site, request: Request, question: Question, parameter: Parameter, value: str
) -> str:
    """Return the IRI of the thing that a value names."""
    namespace = prefixes()[parameter.kind]
    named_so = (namespace + value, prefixes().expand(value) or value)
    iris = [iri for iri in named_so if parameter.may_be(iri)]
    for iri in iris:
        if iri in site.labels:
            return iri
    english, others = _labels(site, namespace)
    named = english.get(value.casefold()) or others.get(value.casefold()) or []
    if len(named) == 1:
        return named[0]
    for iri in iris:
        if await _exists(site, request, iri):
            return iri
    short = [prefixes().compact(iri).strip("<>") for iri in named[:_SHOWN]]
    near = short or await asyncio.to_thread(_near, value, things_of(site, namespace))
    raise Problem(
        404, "Several of that name" if named else "Nothing of that name",
        f"The parameter {parameter.name} of {question.name} knows no "
        f"{parameter.kind if parameter.kind != 'trilateral' else 'thing'} {plain(value[:80])}.",
        f"Did you mean {', '.join(near)}?" if near else "Search for it at /search.",
    )  # fmt: skip


async def _exists(site: Site, request: Request, iri: str) -> bool:
    """Tell whether a thing is described; only those without a label must be asked for."""
    try:
        thing = node(iri)
    except Problem:
        return False
    query = f"SELECT ?class {{ VALUES ?thing {{ {thing} }} ?thing a ?class }} LIMIT 1"
    job = {"does": "query", "query": query, "solutions": JSON}
    try:
        return bool(read_answer((await site.run(request, job)).body).rows)
    except Problem as problem:
        if problem.status == 400:
            return False  # characters that an IRI may not have
        raise


def things_of(site: Site, namespace: str) -> dict[str, str]:
    """Return the labels of the things of a namespace, by slug."""
    key = f"things {namespace}"
    if key not in site.kept:
        site.kept[key] = {
            iri.removeprefix(namespace): site.label(iri)
            for iri in site.labels
            if iri.startswith(namespace)
        }
    return site.kept[key]  # type: ignore[no-any-return]


def _labels(site: Site, namespace: str) -> tuple[dict[str, list[str]], dict[str, list[str]]]:
    """Return IRIs by label in lower case, those by English labels and those by others."""
    key = f"labels {namespace}"
    if key not in site.kept:
        english: dict[str, list[str]] = {}
        others: dict[str, list[str]] = {}
        for slug in things_of(site, namespace):
            for language, label in site.labels[namespace + slug].items():
                found = (english if language == "en" else others).setdefault(label.casefold(), [])
                if namespace + slug not in found:
                    found.append(namespace + slug)
        site.kept[key] = english, others
    return site.kept[key]  # type: ignore[no-any-return]


def _near(value: str, names: Mapping[str, str]) -> list[str]:
    """Return names like a value, or with labels like it, the nearest first."""
    wanted = value.rpartition(":")[2].rpartition("/")[2].casefold()[:80]
    scored: dict[str, float] = {}
    labels = {name: label.casefold() for name, label in names.items()}
    for choices in ({name: name for name in names}, labels):
        found = process.extract(
            wanted, choices, scorer=fuzz.ratio, score_cutoff=_NEAR, limit=_SHOWN
        )
        for _, score, name in found:
            scored[name] = max(scored.get(name, 0), score)
    best = sorted(scored, key=lambda name: (-scored[name], name))
    best += [name for name in names if len(wanted) > 2 and wanted in name and name not in scored]
    return [plain(name) for name in best[:_SHOWN]]
