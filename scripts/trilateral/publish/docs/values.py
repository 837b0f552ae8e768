"""Values: the lists of values of the ontology, a page for each concept scheme."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from trilateral.ask.questions import Question
from trilateral.prefixes import prefixes
from trilateral.publish.docs.described import Described, text_of
from trilateral.publish.docs.pages import Entry, Heading, Page
from trilateral.publish.docs.terms import scheme_page
from trilateral.serve.pages.language import LANGUAGES
from trilateral.vocabulary import iri

if TYPE_CHECKING:
    import pyoxigraph as ox

    from trilateral.publish.docs.described import Term

_LABELS = ("skos:prefLabel", "rdfs:label")


@dataclass
class Concept:
    """A value: its labels by language, what it means, and the values below it."""

    iri: str
    anchor: str
    labels: Mapping[str, str]
    definition: str
    notes: list[str]
    used: int
    questions: Sequence[Question]
    narrower: list[Concept] = field(default_factory=list)

    @property
    def label(self) -> str:
        """The English label."""
        return self.labels.get("en", self.anchor)

    @property
    def short(self) -> str:
        """The short form of its IRI."""
        return prefixes().compact(self.iri)


def labels_of(described: Described, term: Term) -> dict[str, str]:
    """Return the labels of a term by language, in the order of the languages of the project."""
    found = {
        tag: described.text(term, name, tag)
        for tag in LANGUAGES
        for name in reversed(_LABELS)
        if tag in _tags(described, term, name)
    }
    return {tag: text for tag, text in found.items() if text}


def _tags(described: Described, term: Term, name: str) -> set[str]:
    return {getattr(value, "language", "") or "" for value in described.values(term, name)}


def make_values(
    ontology: Described, store: ox.Store, by_term: Mapping[str, Sequence[Question]]
) -> Iterator[Page]:
    """Yield the list of all schemes, and a page for each."""
    used = _uses(store)
    schemes = []
    concepts = ontology.of_type("skos:Concept")
    for scheme in ontology.of_type("skos:ConceptScheme"):
        here = [term for term in concepts if scheme in ontology.values(term, "skos:inScheme")]
        made = {
            term: Concept(
                text_of(term),
                text_of(term).rpartition("/")[2],
                labels_of(ontology, term),
                ontology.text(term, "skos:definition"),
                [
                    ontology.text(term, name)
                    for name in ("skos:scopeNote", "skos:example")
                    if ontology.text(term, name)
                ],
                used.get(text_of(term), 0),
                by_term.get(text_of(term), ()),
            )
            for term in here
        }
        top: list[Concept] = []
        for term, concept in made.items():
            above = [each for each in ontology.values(term, "skos:broader") if each in made]
            (made[above[0]].narrower if above else top).append(concept)
        label = ontology.text(scheme, "skos:prefLabel")
        languages = {tag for concept in made.values() for tag in concept.labels}
        page = Page(
            scheme_page(text_of(scheme)),
            f"Values: {label}",
            "values.html",
            {
                "iri": text_of(scheme),
                "definition": ontology.text(scheme, "skos:definition"),
                "concepts": top,
                "languages": {tag: name for tag, name in LANGUAGES.items() if tag in languages},
                "total": len(made),
            },
            [Heading(2, concept.anchor, concept.label) for concept in top],
            [Entry(each.anchor, f"{each.label} ({label})", _text(each)) for each in made.values()],
        )
        schemes.append((page.file, label, page.values["definition"], len(made)))
        yield page
    yield Page(
        "values/index.html",
        "Lists of values",
        "values-index.html",
        {"schemes": schemes},
        entries=[Entry("", "Lists of values", " ".join(each[1] for each in schemes))],
    )


def _text(concept: Concept) -> str:
    return " ".join([concept.short, concept.definition, *concept.notes, *concept.labels.values()])


def _uses(store: ox.Store) -> dict[str, int]:
    """Return how many statements of the data have each concept for their value."""
    query = f"""
        SELECT ?concept (COUNT(*) AS ?uses) {{
          GRAPH ?schemes {{ ?concept <{iri("skos:inScheme")}> ?scheme }}
          GRAPH ?graph {{ ?thing ?property ?concept }}
          FILTER (!STRSTARTS(STR(?graph), "{prefixes()["graph"]}ontology/"))
        }} GROUP BY ?concept"""
    return {row["concept"].value: int(row["uses"].value) for row in store.query(query)}  # type: ignore[union-attr]
