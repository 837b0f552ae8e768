"""Page: a question with a form for its parameters, its answer as a table, and its query."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response

from trilateral.ask.questions import Parameter, Question
from trilateral.prefixes import prefixes
from trilateral.serve.api.formats import JSON, PAGE, formats_of, gives_triples
from trilateral.serve.api.names import things_of
from trilateral.serve.api.paging import Page
from trilateral.serve.pages.render import render
from trilateral.serve.site import Answer, Site, read_answer

_MOST_ROWS = 5_000
_MOST_TEXT = 20_000
_MOST_CHOICES = 400
_VALUES = ("date", "language", "text")


@dataclass(frozen=True)
class Entry:
    """A field of the form: a parameter, what is in it, and what may be chosen by slug."""

    parameter: Parameter
    value: str
    choices: dict[str, str]


async def show(
    site: Site,
    request: Request,
    question: Question,
    given: Mapping[str, str],
    query: str,
    at: Page,
) -> Response:
    """Answer the page of a question; above some thousand rows it says that it is cut."""
    text, answer, cut = "", Answer([], []), False
    if gives_triples(question):
        job = {"does": "query", "query": query, "graph": "text/turtle", "prefixes": True}
        text = (await site.run(request, job)).body.decode()
        cut = len(text) > _MOST_TEXT
        text = text[: text.rfind("\n", 0, _MOST_TEXT)] if cut else text
    else:
        most = min(at.limit or _MOST_ROWS, _MOST_ROWS)
        # One row more than is shown tells whether there are more.
        applied = Page(most + 1, at.offset).applied(query) if question.form == "SELECT" else query
        job = {"does": "query", "query": applied, "solutions": JSON, "prefixes": True}
        answer = read_answer((await site.run(request, job)).body)
        cut = len(answer.rows) > most
        answer = Answer(answer.variables, answer.rows[:most])
    asked = f"?{urlencode(list(given.items()))}" if given else ""
    formats = [each for each in formats_of(question) if each is not PAGE]
    return render(
        request, "question.html",
        question=question, entries=_entries(site, question, given), answer=answer, text=text,
        cut=cut, query=query, formats=formats, asked=asked,
    )  # fmt: skip


def _entries(site: Site, question: Question, given: Mapping[str, str]) -> list[Entry]:
    entries = []
    for parameter in question.parameters:
        choices: dict[str, str] = {}
        if parameter.kind not in _VALUES:
            things = things_of(site, prefixes()[parameter.kind])
            choices = things if len(things) <= _MOST_CHOICES else {}
        entries.append(Entry(parameter, given.get(parameter.name, ""), choices))
    return entries
