"""Values: what a user writes for a parameter, turned into a term that exists in the dataset."""

from __future__ import annotations

import difflib
import re
from datetime import date
from typing import TYPE_CHECKING

from trilateral import sparql
from trilateral.ask.questions import Parameter, Question
from trilateral.errors import UnknownNameError
from trilateral.prefixes import prefixes

if TYPE_CHECKING:
    import pyoxigraph as ox

# How a day is written; not each that looks so is one.
DAY = "[0-9]{4}-[0-9]{2}-[0-9]{2}"
# So many are named together where none is near, and so many of more.
_FEW, _SUGGESTED = 40, 10


def bind(store: ox.Store, question: Question, given: dict[str, str]) -> dict[str, str]:
    """Return SPARQL terms for the parameters of a question: those given, then the defaults.

    A value may be a slug (``japan``), a short form (``actor:japan``), an IRI or a
    label (``Japan``). The value ``all`` leaves a parameter open.

    Raises:
        UnknownNameError: for a parameter or a value that does not exist, with those near it.
    """
    known = {parameter.name: parameter for parameter in question.parameters}
    for name in given:
        if name not in known:
            takes = ", ".join(f"--{each}" for each in known) or "no parameters"
            raise UnknownNameError(
                f"{question.name} has no parameter --{name}.", f"It takes: {takes}."
            )
    terms = {}
    for name, parameter in known.items():
        value = given.get(name, parameter.default)
        if value is None or value == "all":
            continue
        try:
            terms[name] = _term(store, question, parameter, value)
        except UnknownNameError:
            if name in given:
                raise  # a default that this dataset does not describe leaves the parameter open
    return terms


def _term(store: ox.Store, question: Question, parameter: Parameter, value: str) -> str:
    from pyoxigraph import Literal, NamedNode

    if parameter.kind == "date":
        if not is_day(value):
            raise UnknownNameError(
                f"{value}: --{parameter.name} takes a day of the calendar, such as 2024-05-07."
            )
        return str(Literal(value, datatype=NamedNode(prefixes()["xsd"] + "date")))
    if parameter.kind in ("text", "language"):
        return str(Literal(value))
    namespace = prefixes()[parameter.kind]
    things = things_of(store, namespace)
    named = prefixes().expand(value) or value
    for iri in (namespace + value, named):
        if parameter.may_be(iri) and (iri in things or iri in things_of(store, "")):
            return f"<{iri}>"
    by_label = [thing for thing, label in things.items() if label.casefold() == value.casefold()]
    if len(by_label) == 1:
        return f"<{by_label[0]}>"
    raise UnknownNameError(
        f"{value}: --{parameter.name} of {question.name} knows no such {parameter.kind}.",
        suggest({iri.removeprefix(namespace): label for iri, label in things.items()}, value),
    )


def is_day(text: str) -> bool:
    """Tell whether a text is a day of the calendar, as ISO 8601 writes it with dashes.

    >>> is_day("2024-02-29"), is_day("2024-02-30"), is_day("20240229"), is_day("2024")
    (True, False, False, False)
    """
    try:
        return bool(re.fullmatch(DAY, text) and date.fromisoformat(text))
    except ValueError:
        return False


def suggest(slugs: dict[str, str], value: str) -> str:
    """Return what may have been meant by a value, of slugs with their labels.

    Where none is near, all are named if they are few, else those that are the least far.
    """
    wanted = value.rpartition(":")[2].rpartition("/")[2].casefold()
    near = difflib.get_close_matches(wanted, slugs, n=5, cutoff=0.5)
    near += [
        slug
        for slug, label in slugs.items()
        if slug not in near and (wanted in slug or wanted in label.casefold())
    ]
    if near:
        lead, shown = "Did you mean:", near[:_SUGGESTED]
    elif len(slugs) <= _FEW:
        lead, shown = "Known are:", sorted(slugs)
    else:
        lead = f"None of {len(slugs):,} is like it; the nearest are:"
        shown = difflib.get_close_matches(wanted, slugs, n=_SUGGESTED, cutoff=0)
    return lead + "".join(f"\n  {slug}  ({slugs[slug]})" for slug in shown)


def things_of(store: ox.Store, namespace: str) -> dict[str, str]:
    """Return IRI and label of all that is described in one namespace, or anywhere for "".

    Things without a label (passages) have their last path segment for one.
    """
    return {
        iri: label or iri.removeprefix(namespace)
        for iri, label in sparql.rows(store, __package__, "things")
        if iri and iri.startswith(namespace)
    }
