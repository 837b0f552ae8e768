"""Section: one table of a page: the question behind it, and how its rows are shown."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from trilateral.ask.questions import Question, read_question
from trilateral.serve.site import Site

_HERE = Path(__file__).parent


@dataclass(frozen=True)
class Section:
    """A question bound to a thing.

    Attributes:
        question: The name of a question of the project, or of one beside this module.
        parameter: The variable that is bound to the thing; "" asks for all rows, of which
            those are shown that have the thing under one of the variables of ``where``.
        where: See ``parameter``.
        hide: Variables that the page says already.
        statement: The variable whose evidence stands in each row; rows about one
            statement become one.
        split: The variable by whose values the rows are put into tables of their own.
        addresses: Variables whose texts are addresses of pages where they look like one.
        given: Further parameters, each with a text or the short name of a thing.
        title: A heading in English, where that of the part does not say enough.
    """

    question: str
    parameter: str = ""
    where: tuple[str, ...] = ()
    hide: tuple[str, ...] = ()
    statement: str = ""
    split: str = ""
    addresses: tuple[str, ...] = ()
    given: tuple[tuple[str, str], ...] = ()
    title: str = ""


@dataclass(frozen=True)
class Part:
    """What stands under one heading of a page, in English.

    ``note`` says below the heading how the tables are to be read.
    """

    title: str
    sections: tuple[Section, ...]
    note: str = ""


def question_of(site: Site, name: str) -> Question:
    """Return a question of the project or one of the pages, by its name.

    Raises:
        KeyError: when there is none.
    """
    return site.questions.get(name) or own_questions()[name]


@cache
def own_questions() -> dict[str, Question]:
    """Return the questions that only the pages ask, by name.

    >>> own_questions()["phases"].parameters[0].name
    'framework'
    """
    return {path.stem: read_question(path) for path in sorted(_HERE.glob("*.rq"))}
