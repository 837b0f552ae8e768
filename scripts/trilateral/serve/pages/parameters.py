"""Parameters: what the query of a URL names, as IRIs that are known and dates that exist.

A thing is written as its short form (``actor:japan``), its IRI, or its path on this server.
"""

from __future__ import annotations

import datetime
from collections.abc import Collection
from functools import cache
from pathlib import Path
from urllib.parse import quote, urlencode

from starlette.requests import Request

from trilateral.ask.questions import Question, read_question
from trilateral.prefixes import prefixes
from trilateral.serve.pages.language import Message
from trilateral.serve.site import Site, node
from trilateral.serve.web.http import Problem


@cache
def question(module: str, name: str) -> Question:
    """Return the query that lies beside a module (its ``__file__``) under a name."""
    return read_question(Path(module).with_name(f"{name}.rq"))


def bind(module: str, name: str, **iris: str | None) -> str:
    """Return a query that lies beside a module, bound to the IRIs that there are."""
    return question(module, name).bound({key: node(iri) for key, iri in iris.items() if iri})


def thing(request: Request, name: str, *kinds: str) -> str | None:
    """Return the IRI of the thing that a parameter names, None where it is not given.

    Raises:
        Problem: 400 when it is no thing of one of the kinds, 404 when nothing is known of it.
    """
    value = request.query_params.get(name, "").strip()
    if not value:
        return None
    site: Site = request.app.state.site
    base = prefixes().base
    iri = value
    if value.startswith("/"):
        iri = base + value[1:]
    elif not value.startswith(base):
        iri = prefixes().expand(value) or value
    if not iri.startswith(tuple(prefixes()[kind] for kind in kinds)):
        example = f"{name}={kinds[0]}:..."
        raise Problem(
            400, "Not a thing of that kind",
            Message("%(given)s does not name a thing of the kind %(kinds)s.",
                    given=_given(name, value[:80]), kinds=" or ".join(kinds)),
            Message("Write %(example)s or the whole IRI; the lists of all are at %(lists)s.",
                    example=example, lists=_lists(kinds)),
        )  # fmt: skip
    if iri not in site.labels:
        raise Problem(
            404, "Not found",
            Message("%(given)s: nothing is known of %(iri)s.", given=_given(name, value[:80]),
                    iri=iri[:200]),
            Message("Look it up at %(lists)s or at /search.",
                    lists=_lists(kinds)),
        )  # fmt: skip
    return iri


def _given(name: str, value: str) -> str:
    return f"{name}={value!r}"


def _lists(kinds: Collection[str]) -> str:
    return ", ".join(f"/{kind}/" for kind in kinds)


def day(request: Request, name: str) -> datetime.date | None:
    """Return the day that a parameter names, None where it is not given.

    Raises:
        Problem: 400 when it is no day of the calendar.
    """
    value = request.query_params.get(name, "").strip()
    if not value:
        return None
    try:
        if len(value) != len("2024-05-07"):
            raise ValueError
        return datetime.date.fromisoformat(value)
    except ValueError:
        raise Problem(
            400, "Not a date",
            Message("%(given)s is no day of the calendar.", given=_given(name, value[:40])),
            "Write year, month and day, such as 2024-05-07.",
        ) from None  # fmt: skip


def year(request: Request, name: str) -> int | None:
    """Return the year that a parameter names, None where it is not given.

    Raises:
        Problem: 400 when it is none of 1000 to 2999.
    """
    value = request.query_params.get(name, "").strip()
    if not value:
        return None
    if not (value.isascii() and value.isdecimal() and len(value) == 4 and "1000" <= value < "3000"):
        raise Problem(
            400, "Not a year",
            Message("%(given)s is no year from 1000 to 2999.", given=_given(name, value[:40])),
            "Write four digits, such as 2024.",
        )  # fmt: skip
    return int(value)


def known(request: Request, *names: str) -> None:
    """Refuse parameters that are none of a page, so that a slip of the pen does not go unseen.

    Raises:
        Problem: 400, with the parameters that there are.
    """
    for name in request.query_params:
        if name not in (*names, "lang", "all"):
            raise Problem(
                400, "No such parameter",
                Message("There is no parameter %(name)s here.", name=repr(name[:40])),
                Message("There are: %(names)s.", names=", ".join((*names, "lang"))),
            )  # fmt: skip


def short(iri: str | None) -> str:
    """Return an IRI as a URL of the site names it, "" for None.

    >>> short("https://w3id.org/trilateral/actor/japan")
    'actor:japan'
    """
    return prefixes().compact(iri).strip("<>") if iri else ""


def address(path: str, **values: str | None) -> str:
    """Return a path with a query of the values that there are.

    >>> address("/compare", one="actor:japan", two=None)
    '/compare?one=actor:japan'
    """
    given = {name: value for name, value in values.items() if value}
    return f"{path}?{urlencode(given, safe=':', quote_via=quote)}" if given else path


def one_of(request: Request, name: str, choices: Collection[str], default: str) -> str:
    """Return the word that a parameter names, a default where it is not given.

    Raises:
        Problem: 400 when it is none of the choices.
    """
    value = request.query_params.get(name, "").strip() or default
    if value not in choices:
        raise Problem(
            400, "Not a choice",
            Message("%(given)s is none of the choices.", given=_given(name, value[:40])),
            Message("There are: %(names)s.", names=", ".join(choices)),
        )  # fmt: skip
    return value
