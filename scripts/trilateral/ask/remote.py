"""Remote: a question put to an endpoint that holds the dataset, wherever that is."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from trilateral import sparql
from trilateral.ask import values
from trilateral.ask.questions import Question
from trilateral.prefixes import prefixes

if TYPE_CHECKING:
    import pyoxigraph as ox

    from trilateral.ask.engines import Answer
    from trilateral.remote.client import Client


def open_copy(url: str, timeout: float = 60.0, time_limit: float = 600.0) -> Client:
    """Return a client of an endpoint that holds the dataset, which sees the dataset alone.

    With the credentials that environment or netrc file have for it.

    Raises:
        UnknownNameError: when ``url`` is no address of a web service, or holds a password.
        RemoteError: when the endpoint does not answer.
    """
    from trilateral.load.copies import count_graphs
    from trilateral.remote.client import Client
    from trilateral.remote.credentials import find_credentials
    from trilateral.remote.view import see_whole

    client = Client(url, None, timeout, time_limit)  # which looks at the address first
    client = replace(client, credentials=find_credentials(url))
    return see_whole(client, count_graphs(client))


def ask(client: Client, question: Question, given: dict[str, str]) -> Answer:
    """Return the answer of an endpoint to a question, with parameters as a user writes them.

    Raises:
        UnknownNameError: for a parameter or a value that the endpoint does not know.
        RemoteError: when the endpoint does not answer.
    """
    terms = values.bind(known_things(client), question, given) if question.parameters else {}
    return client.ask(question.bound(terms))


def known_things(client: Client) -> ox.Store:
    """Return the things that an endpoint describes, with type and label, in a store.

    It answers the query by which values of parameters are looked up as the endpoint would.
    """
    import pyoxigraph as ox

    kind = ox.NamedNode(prefixes()["rdf"] + "type")
    label = ox.NamedNode(prefixes()["skos"] + "prefLabel")
    described = ox.NamedNode(prefixes()["rdfs"] + "Resource")
    store = ox.Store()
    for thing, name in client.ask(sparql.text_of(values.__package__, "things")).rows:
        if isinstance(thing, ox.NamedNode):
            store.add(ox.Quad(thing, kind, described))
            if isinstance(name, ox.Literal):
                store.add(ox.Quad(thing, label, name))
    return store
