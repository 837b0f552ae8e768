"""Remote: a question put to an endpoint that holds the dataset, wherever that is."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from trilateral import sparql
from trilateral.ask import values
from trilateral.ask.questions import Question
from trilateral.errors import UnknownNameError
from trilateral.prefixes import prefixes

if TYPE_CHECKING:
    import pyoxigraph as ox

    from trilateral.ask.engines import Answer
    from trilateral.remote.client import Client


def open_copy(
    url: str, timeout: float = 60.0, time_limit: float = 600.0, *, alone: bool = False
) -> Client:
    """Return a client of an endpoint that holds the dataset, which sees the dataset alone.

    With the credentials that environment or netrc file have for it. Where the endpoint is known
    to hold nothing else (``alone``), all that it holds is asked, and nobody looks through it first,
    which takes the longer the more it holds.

    Raises:
        UnknownNameError: when ``url`` is no address of a web service, or holds a password.
        RemoteError: when the endpoint does not answer.
    """
    from trilateral.load.copies import count_graphs
    from trilateral.remote.client import Client
    from trilateral.remote.credentials import find_credentials
    from trilateral.remote.view import see_union, see_whole

    client = Client(url, None, timeout, time_limit)  # which looks at the address first
    client = replace(client, credentials=find_credentials(url))
    if alone:
        return see_union(client, lambda: count_graphs(client)) or client
    return see_whole(client, count_graphs(client))


def ask(client: Client, question: Question, given: dict[str, str]) -> Answer:
    """Return the answer of an endpoint to a question, with parameters as a user writes them.

    Raises:
        UnknownNameError: for a parameter or a value that the endpoint does not know.
        RemoteError: when the endpoint does not answer.
    """
    return client.ask(question.bound(_terms(client, question, given)))


def _terms(client: Client, question: Question, given: dict[str, str]) -> dict[str, str]:
    import pyoxigraph as ox

    if not question.parameters:
        return {}
    # An IRI or a slug names one thing. For a label, or to say what is near, all are looked at.
    meant = " ".join(_meant(question, given))
    place = {"?thing { UNDEF }": f"?thing {{ {meant} }}"}
    named = sparql.filled(values.__package__, "named", place)
    try:
        return values.bind(_things(client, named) if meant else ox.Store(), question, given)
    except UnknownNameError:
        query = sparql.text_of(values.__package__, "things")
        return values.bind(_things(client, query), question, given)


def _meant(question: Question, given: dict[str, str]) -> Iterator[str]:
    """Yield what the values of parameters may name, as terms of SPARQL."""
    import pyoxigraph as ox

    for parameter in question.parameters:
        value = given.get(parameter.name, parameter.default)
        if value is not None and parameter.kind in prefixes():
            for iri in (prefixes()[parameter.kind] + value, prefixes().expand(value) or value):
                with suppress(ValueError):  # a label is no IRI
                    yield str(ox.NamedNode(iri))


def _things(client: Client, query: str) -> ox.Store:
    """Return things that an endpoint describes, with type and label, in a store.

    It answers the query by which values of parameters are looked up as the endpoint would.
    """
    import pyoxigraph as ox

    kind = ox.NamedNode(prefixes()["rdf"] + "type")
    label = ox.NamedNode(prefixes()["skos"] + "prefLabel")
    described = ox.NamedNode(prefixes()["rdfs"] + "Resource")
    store = ox.Store()
    for thing, name in client.ask(query).rows:
        if isinstance(thing, ox.NamedNode):
            store.add(ox.Quad(thing, kind, described))
            if isinstance(name, ox.Literal):
                store.add(ox.Quad(thing, label, name))
    return store
