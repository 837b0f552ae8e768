"""What ``trilateral ask`` shows: the list of questions, the help of one, an answer."""

from __future__ import annotations

import difflib
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from trilateral.ask import formats
from trilateral.ask.engines import Answer
from trilateral.ask.questions import Question, read_questions
from trilateral.errors import UnknownNameError
from trilateral.home import Home

if TYPE_CHECKING:
    from rich.table import Table


def find(home: Home) -> dict[str, Question]:
    """Return all questions, derive rules included under ``derive/<name>``."""
    from trilateral.ask.questions import read_question

    derive = sorted((home.queries / "derive").glob("*.rq"))
    return read_questions(home) | {f"derive/{path.stem}": read_question(path) for path in derive}


def pick(questions: dict[str, Question], name: str) -> Question:
    """Return the question of a name.

    Raises:
        UnknownNameError: with the names that are near.
    """
    if name in questions:
        return questions[name]
    near = difflib.get_close_matches(name, questions, n=5, cutoff=0.4)
    near += [each for each in questions if name in each and each not in near]
    hint = "".join(f"\n  {each}  {questions[each].summary}" for each in near)
    raise UnknownNameError(
        f"{name}: there is no such question.",
        f"Did you mean:{hint}" if near else "List them with: trilateral ask",
    )


def as_json(question: Question) -> dict[str, Any]:
    """Return name, summary, description, tags, parameters and form of a question."""
    fields = asdict(question)
    return {key: fields[key] for key in fields if key not in ("path", "text")}


def listing(questions: dict[str, Question]) -> Table:
    """Return all questions as a table: name and parameters, and what is asked."""
    from rich import box
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column("trilateral ask ...", no_wrap=True)
    table.add_column("what it asks", overflow="fold")
    for name, question in questions.items():
        takes = "".join(f"\n  --{parameter.name}" for parameter in question.parameters)
        table.add_row(name + takes, question.summary)
    return table


def help_text(question: Question) -> str:
    """Return what a question asks and which parameters it takes, as plain text."""
    lines = [question.name, "", question.summary]
    if question.description:
        lines += ["", question.description]
    if question.parameters:
        lines += ["", "parameters:"]
    for parameter in question.parameters:
        default = f" (default: {parameter.default})" if parameter.default else ""
        lines.append(f"  --{parameter.name} {parameter.kind.upper()}")
        lines.append(f"      {parameter.description}{default}")
    return "\n".join(lines)


def gives_graph(question: Question) -> bool:
    """Tell whether a question is answered by triples, and not by rows."""
    return question.form in ("CONSTRUCT", "DESCRIBE")


def check_format(question: Question, kind: str) -> None:
    """Raise an `UnknownNameError` for a format that cannot hold the answer to a question."""
    if kind == "turtle" and not gives_graph(question):
        raise UnknownNameError(
            f"{question.name} gives rows, which Turtle cannot hold.",
            "Use --format table, csv or json.",
        )


def as_shown(found: Answer, question: Question, kind: str, iris: bool) -> str | list[Any]:
    """Return the answer to a question, as text, or as parts of a terminal page for a table."""
    if gives_graph(question) and kind in ("table", "turtle"):
        return formats.to_turtle(found)
    if kind == "csv":
        return formats.to_csv(found)
    if kind == "json":
        return formats.to_json(found)
    return formats.to_page(found, question.summary, iris=iris)
