"""Wikidata beside an answer: labels and identifiers of what it is said to be the same as.

The dataset links things to items of Wikidata. What an endpoint says of those items stands in
columns of its own, beside the address of that endpoint and the time: it is Wikidata's, and no
statement of the dataset. The two endpoints are asked one after the other, without SERVICE,
which many endpoints do not allow.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from trilateral import sparql
from trilateral.ask.engines import Answer
from trilateral.errors import UnknownNameError
from trilateral.prefixes import prefixes
from trilateral.reconcile.queries import tags_of
from trilateral.remote.errors import RemoteError

if TYPE_CHECKING:
    import pyoxigraph as ox

    from trilateral.ask.engines import Row
    from trilateral.remote.client import Client

    Term = ox.NamedNode | ox.BlankNode | ox.Literal

# What stands between several values in one cell.
BETWEEN = " | "
_ITEM = re.compile(r"Q[1-9][0-9]*")
_PROPERTY = re.compile(r"P[1-9][0-9]*")
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[a-z0-9]{2,8})*", re.IGNORECASE)
_DIRECT = "http://www.wikidata.org/prop/direct/"


@dataclass(frozen=True)
class Wanted:
    """What is asked of Wikidata: labels in languages, values of properties such as P214."""

    languages: tuple[str, ...]
    properties: tuple[str, ...]


@dataclass(frozen=True)
class Joined:
    """An answer with columns of Wikidata.

    Attributes:
        answer: Its rows, with a column more for each item, label and property, and two that say
            which endpoint was asked, and when.
        columns: The columns whose things were looked up.
        linked: How many things have an item.
        unlinked: How many have none, so that the new columns are empty.
        unknown: How many of those that have one the endpoint says nothing of.
    """

    answer: Answer
    columns: tuple[str, ...]
    linked: int
    unlinked: int
    unknown: int


def read_wanted(text: str) -> Wanted:
    """Read what is wanted, such as ``ko,P297,P214``.

    Raises:
        UnknownNameError: for what is neither a language tag nor a property.

    >>> read_wanted("ko,zh-Hans,P214")
    Wanted(languages=('ko', 'zh-hans'), properties=('P214',))
    """
    words = list(dict.fromkeys(word.strip() for word in text.split(",")))
    for word in words:
        if not (_PROPERTY.fullmatch(word) or _LANGUAGE.fullmatch(word)):
            raise UnknownNameError(
                f"{word or text}: this is neither a language tag nor a property of Wikidata.",
                "Write tags for labels and numbers for identifiers: --wikidata ko,P297,P214.",
            )
    properties = tuple(word for word in words if _PROPERTY.fullmatch(word))
    languages = (word.lower() for word in words if word not in properties)
    return Wanted(tuple(dict.fromkeys(languages)), properties)


def join(
    answer: Answer,
    ask: Callable[[str], Answer],
    client: Client,
    wanted: Wanted,
    columns: Sequence[str] = (),
    *,
    batch: int = 100,
    limit: int = 1000,
) -> Joined:
    """Return an answer with what an endpoint of Wikidata says of the things in it.

    Args:
        answer: Rows.
        ask: How the dataset is asked which items its things are.
        client: The endpoint of Wikidata.
        wanted: What is asked of it.
        columns: The columns whose things are looked up; without any, each in which one has a link.
        batch: How many things go into one request.
        limit: How many things may be looked up.

    Raises:
        UnknownNameError: for a column that the answer does not have, or too many things.
        RemoteError: when an endpoint does not answer, or not what was asked.
    """
    for column in columns:
        if column not in answer.variables:
            raise UnknownNameError(
                f"{column}: the answer has no such column.",
                f"It has: {', '.join(answer.variables)}.",
            )
    places = [answer.variables.index(name) for name in columns or answer.variables]
    things = sorted({iri for row in answer.rows for at in places if (iri := _own(row[at]))})
    items: dict[str, list[str]] = defaultdict(list)
    for part in _parts(things, batch):
        for thing, item in _pairs(ask(_links(part))):
            items[thing].append(item)
    if not columns:
        places = [at for at in places if any(_own(row[at]) in items for row in answer.rows)]
        things = sorted({iri for row in answer.rows for at in places if (iri := _own(row[at]))})
    if len(items) > limit:
        raise UnknownNameError(
            f"{len(items):,} things have an item of Wikidata, more than the {limit:,} allowed.",
            "Ask for fewer, by a parameter of the question, or raise --wikidata-limit.",
        )
    begun = datetime.now(UTC)
    said: dict[str, dict[str, list[Term]]] = {}
    names = sorted({item for found in items.values() for item in found}, key=lambda q: int(q[1:]))
    client = client.of_one_limit()
    for part in _parts(names, batch):
        said |= _said(client, part, wanted)
    return Joined(
        _widened(answer, places, items, said, wanted, client.url, begun),
        tuple(answer.variables[at] for at in places),
        linked=len(items),
        unlinked=len(set(things) - set(items)),
        unknown=sum(not any(said.get(item) for item in found) for found in items.values()),
    )


def _own(term: object) -> str:
    """Return the IRI of a thing of the dataset, or "" for anything else."""
    import pyoxigraph

    own = isinstance(term, pyoxigraph.NamedNode) and term.value.startswith(prefixes().base)
    return term.value if own else ""  # type: ignore[attr-defined]


def _parts(names: Sequence[str], size: int) -> Iterator[Sequence[str]]:
    return (names[start : start + size] for start in range(0, len(names), size))


def _links(things: Sequence[str]) -> str:
    named = " ".join(f"<{thing}>" for thing in things)
    return sparql.filled(__package__, "links", {"?thing { UNDEF }": f"?thing {{ {named} }}"})


def _pairs(answer: Answer) -> Iterator[tuple[str, str]]:
    start = prefixes()["wd"]
    for thing, item in answer.rows:
        name = item.value.removeprefix(start) if item else ""
        if thing and item and item.value.startswith(start) and _ITEM.fullmatch(name):
            yield thing.value, name


def _said(client: Client, items: Sequence[str], wanted: Wanted) -> dict[str, dict[str, list[Term]]]:
    """Return what the endpoint says of items: values by property, labels by lower-case tag."""
    from pyoxigraph import Literal

    named = " ".join(f"<{prefixes()['wd']}{item}>" for item in items)
    direct = " ".join(f"<{_DIRECT}{each}>" for each in wanted.properties)
    tags = sorted({tag for language in wanted.languages for tag in tags_of(language)})
    texts = " ".join(str(Literal(tag)) for tag in tags)
    query = sparql.filled(
        __package__,
        "items",
        {
            "?item { UNDEF }": f"?item {{ {named} }}",
            "?property { UNDEF }": f"?property {{ {direct} }}",
            "?language { UNDEF }": f"?language {{ {texts} }}",
        },
    )
    answer = client.ask(query)
    if answer.variables != ("item", "property", "value"):
        raise RemoteError(
            f"{client.url}: the answer is not to what was asked: it lacks columns.",
            "Check that --wikidata-endpoint is the address of an endpoint of Wikidata's data.",
        )
    found: dict[str, dict[str, list[Term]]] = {}
    for item, prop, value in answer.rows:
        if item and prop and value and _is_known(value):
            name = item.value.removeprefix(prefixes()["wd"])
            tag = getattr(value, "language", None) or ""
            is_label = not prop.value.startswith(_DIRECT)
            key = tag.lower() if is_label else prop.value.removeprefix(_DIRECT)
            found.setdefault(name, {}).setdefault(key, []).append(value)
    return found


def _is_known(value: Term) -> bool:
    """Tell a value from Wikidata's mark for a value that exists, but that nobody knows."""
    import pyoxigraph as ox

    return not isinstance(value, ox.BlankNode) and "/.well-known/genid/" not in value.value


def _widened(
    answer: Answer,
    places: Sequence[int],
    items: Mapping[str, Sequence[str]],
    said: Mapping[str, Mapping[str, Sequence[Term]]],
    wanted: Wanted,
    url: str,
    begun: datetime,
) -> Answer:
    """Return the answer with the new columns."""
    import pyoxigraph as ox

    names = list(answer.variables)
    for at in places:
        item = f"{answer.variables[at]}Wikidata"
        names += [item, *(f"{item}_{key}".replace("-", "_") for key in _keys(wanted))]
    if places:
        names += ["wikidataEndpoint", "wikidataTime"]
    if len(set(names)) < len(names):
        raise UnknownNameError(
            "The answer has a column by the name of one that Wikidata would fill.",
            "Give that variable another name in the query.",
        )
    moment = begun.strftime("%Y-%m-%dT%H:%M:%SZ")
    asked = (
        ox.NamedNode(url),
        ox.Literal(moment, datatype=ox.NamedNode(prefixes()["xsd"] + "dateTime")),
    )
    rows: list[Row] = []
    for row in answer.rows:
        more: list[Term | None] = []
        for at in places:
            known = items.get(_own(row[at]), ())
            more.append(_cell([ox.NamedNode(prefixes()["wd"] + item) for item in known]))
            more += [_value([said.get(item, {}) for item in known], key) for key in _keys(wanted)]
        if places:
            more += asked if any(more) else (None, None)
        rows.append((*row, *more))
    return Answer(tuple(names), tuple(rows))


def _keys(wanted: Wanted) -> tuple[str, ...]:
    return (*wanted.languages, *wanted.properties)


def _value(said: Sequence[Mapping[str, Sequence[Term]]], key: str) -> Term | None:
    """Return what is said under a key; of a language what comes nearest, with its own tag."""
    for name in (key,) if _PROPERTY.fullmatch(key) else tags_of(key):
        if values := [value for each in said for value in each.get(name, ())]:
            return _cell(values)
    return None


def _cell(values: Sequence[Term]) -> Term | None:
    import pyoxigraph as ox

    if len(values) < 2:
        return values[0] if values else None
    return ox.Literal(BETWEEN.join(sorted({value.value for value in values})))
