"""Catalogue: a page for each question, with its query and the beginning of its answer."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from typing import TYPE_CHECKING
from urllib.parse import quote

from markupsafe import Markup

from trilateral.ask import engines, values
from trilateral.ask.questions import Question
from trilateral.prefixes import prefixes
from trilateral.publish.docs.highlight import highlight
from trilateral.publish.docs.pages import Entry, Heading, Page, link, plain
from trilateral.publish.docs.terms import Places, terms_in

if TYPE_CHECKING:
    import pyoxigraph as ox

    from trilateral.ask.engines import Answer, Row

_ROWS = 5
_TRIPLES = 12


def make_catalogue(
    questions: Iterable[Question],
    store: ox.Store,
    places: Places,
    site: str,
    label: Callable[[str], str],
    progress: Callable[[str], None],
) -> Iterator[Page]:
    """Yield a page for each question, then the list of all."""
    questions = list(questions)
    for question in questions:
        progress(question.name)
        yield _page(question, store, places, site, label)
    tags: dict[str, list[Question]] = {}
    for question in questions:
        for tag in question.tags or ("other",):
            tags.setdefault(tag, []).append(question)
    yield Page(
        "questions/index.html",
        "Questions",
        "questions.html",
        {"questions": questions, "tags": sorted(tags.items())},
        headings=[Heading(2, f"tag-{tag}", tag[:1].upper() + tag[1:]) for tag in sorted(tags)],
        entries=[Entry("", "Questions", " ".join(tags))],
    )


def _page(
    question: Question,
    store: ox.Store,
    places: Places,
    site: str,
    label: Callable[[str], str],
) -> Page:
    query = question.bound(values.bind(store, question, {}))
    answer = engines.ask_oxigraph(store, query)
    text = "\n".join(line for line in question.text.splitlines() if not line.startswith("#+"))
    cells = _Cells(places, site, label)
    derive = question.name.startswith("derive/")
    return Page(
        f"questions/{question.name}.html",
        question.summary,
        "question.html",
        {
            "question": question,
            "query": highlight(text.strip() + "\n", "sparql"),
            "columns": [name.removesuffix("Label") for name in cells.columns(answer)],
            "rows": [list(cells.row(answer, row)) for row in answer.rows[:_ROWS]],
            "triples": Markup("\n").join(
                Markup(" ").join(cells.short(term) for term in triple)
                for triple in sorted(answer.triples, key=str)[:_TRIPLES]
            ),
            "total": len(answer.rows) or len(answer.triples),
            "api": "" if derive else f"{site}/api/questions/{question.name}.html",
            "editor": f"{site}/query?query={quote(query, safe='')}",
            "terms": [
                places.link(iri, label(iri))
                for iri in terms_in(question.text)
                if iri in places.of and iri.startswith(prefixes().base)
            ],
        },
        entries=[Entry("", question.summary, f"{question.name} {plain(question.description)}")],
    )


class _Cells:
    """Writes the terms of an answer for people: labels, with links to what has a page."""

    def __init__(self, places: Places, site: str, label: Callable[[str], str]) -> None:
        self.places, self.site, self.label = places, site, label

    @staticmethod
    def columns(answer: Answer) -> list[str]:
        """Return the columns that are shown: one of things is told by that of their labels."""
        return [name for name in answer.variables if f"{name}Label" not in answer.variables]

    def row(self, answer: Answer, row: Row) -> Iterator[Markup | str]:
        """Yield the cells of a row; a label leads to the thing that it names."""
        of = dict(zip(answer.variables, row, strict=True))
        for name in self.columns(answer):
            thing, label = of.get(name.removesuffix("Label")), of[name]
            named = name.endswith("Label") and thing is not None and label is not None
            yield self.cell(thing, label.value) if named else self.cell(label)  # type: ignore[union-attr]

    def cell(
        self, term: ox.NamedNode | ox.BlankNode | ox.Literal | None, label: str = ""
    ) -> Markup | str:
        """Return a term as a cell of a table, a thing by its label."""
        import pyoxigraph

        if term is None:
            return ""
        if not isinstance(term, pyoxigraph.NamedNode):
            return term.value
        where = self._place(term.value)
        if not where:
            return label or term.value
        shown = "the words" if "#:~:text=" in where else label or self.label(term.value)
        return link(where, shown or prefixes().compact(term.value).strip("<>"))

    def short(self, term: object) -> Markup | str:
        """Return a term in Turtle, with prefixes."""
        import pyoxigraph

        if not isinstance(term, pyoxigraph.NamedNode):
            return str(term)
        where = self._place(term.value)
        shown = prefixes().compact(term.value)
        return link(where, shown) if where else shown

    def _place(self, iri: str) -> str:
        if iri in self.places.of:
            return self.places.of[iri]
        if iri.startswith(prefixes().base):
            path = iri.removeprefix(prefixes().base)
            # A passage and its like have no page of their own beside that of their IRI.
            return f"{self.site}/{path}"
        return iri if iri.startswith(("https://", "http://")) else ""


def labels_in(store: ox.Store, names: Mapping[str, str]) -> Callable[[str], str]:
    """Return a function that gives the English label of a thing, "" where it has none."""

    @cache
    def label(iri: str) -> str:
        query = f"""
            SELECT ?label {{
              VALUES ?name {{ <{names["pref"]}> <{names["label"]}> }}
              <{iri}> ?name ?label FILTER (LANG(?label) IN ("en", ""))
            }} ORDER BY ?label LIMIT 1"""
        if any(each in iri for each in '<>"{}|^`\\ '):
            return ""
        found = store.query(query, use_default_graph_as_union=True)
        return next((row["label"].value for row in found), "")  # type: ignore[union-attr]

    return label
