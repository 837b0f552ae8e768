"""Terms: where the documentation speaks of each class, property, concept and shape."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from markupsafe import Markup

from trilateral.ask.questions import Question
from trilateral.dataset import Dataset
from trilateral.prefixes import prefixes
from trilateral.publish.docs.described import Described, text_of
from trilateral.publish.docs.pages import link

if TYPE_CHECKING:
    from trilateral.publish.docs.described import Term

ONTOLOGY = "ontology.html"
_KINDS = ("owl:Class", "owl:ObjectProperty", "owl:DatatypeProperty", "owl:AnnotationProperty")
# A text, an IRI, a comment or a short form: only the second and the fourth name terms.
_TOKEN = re.compile(
    r'"(?:[^"\\\n]|\\.)*"|<([^<>\s]*)>|#[^\n]*|(?<![\w?$])([A-Za-z][\w-]*):([A-Za-z][\w-]*)'
)


@dataclass(frozen=True)
class Places:
    """The place of each term and shape, from the root of the documentation, by its IRI."""

    of: Mapping[str, str]

    def link(self, iri: str, label: str = "") -> Markup:
        """Return a link to where a term is described: here, or where its IRI leads."""
        short = prefixes().compact(iri).strip("<>")
        return link(self.of.get(iri, iri), label or short, code=not label)


def own_terms(described: Described) -> list[Term]:
    """Return the classes and properties of the ontology, in the order of their IRIs."""
    own = prefixes()["tri"]
    return [term for term in described.of_type(*_KINDS) if text_of(term).startswith(own)]


def reused_terms(described: Described) -> list[Term]:
    """Return the classes and properties of other vocabularies that the ontology declares."""
    own = prefixes()["tri"]
    return [term for term in described.of_type(*_KINDS) if not text_of(term).startswith(own)]


def anchor_of_reused(iri: str) -> str:
    """Return the anchor of a term of another vocabulary.

    >>> anchor_of_reused("http://www.w3.org/2004/02/skos/core#prefLabel")
    'skos-prefLabel'
    """
    return prefixes().compact(iri).replace(":", "-")


def find_places(dataset: Dataset, ontology: Described) -> Places:
    """Return the places of all terms of the ontology, its concepts and the shapes."""
    of = {}
    for term in own_terms(ontology):
        of[text_of(term)] = f"/{ONTOLOGY}#{text_of(term).removeprefix(prefixes()['tri'])}"
    for term in reused_terms(ontology):
        of[text_of(term)] = f"/{ONTOLOGY}#{anchor_of_reused(text_of(term))}"
    for scheme in ontology.of_type("skos:ConceptScheme"):
        of[text_of(scheme)] = f"/{scheme_page(text_of(scheme))}"
    for concept in ontology.of_type("skos:Concept"):
        scheme_of = ontology.value(concept, "skos:inScheme")
        if scheme_of is not None:
            name = text_of(concept).rpartition("/")[2]
            of[text_of(concept)] = f"/{scheme_page(text_of(scheme_of))}#{name}"
    shapes = prefixes()["trish"]
    for path, file in dataset.under(dataset.home.shapes).items():
        for triple in file.triples:
            iri = text_of(triple.subject)
            if iri.startswith(shapes):
                of[iri] = f"/{shapes_page(path)}#{iri.removeprefix(shapes)}"
    return Places(of)


def scheme_page(iri: str) -> str:
    """Return the page of a concept scheme.

    >>> scheme_page("https://w3id.org/trilateral/scheme/polarity")
    'values/polarity.html'
    """
    return f"values/{iri.rpartition('/')[2]}.html"


def shapes_page(path: Path) -> str:
    """Return the page of a file of shapes.

    >>> shapes_page(Path("shapes/events.ttl"))
    'shapes/events.html'
    """
    return f"shapes/{path.stem}.html"


def terms_in(query: str) -> list[str]:
    r"""Return the IRIs that a query names, in their order, each once.

    >>> terms_in('SELECT ?a { ?a tri:holder <http://x/#b> . # tri:not\\n ?a ?p "tri:not" }')
    ['https://w3id.org/trilateral/ontology#holder', 'http://x/#b']
    """
    text = "\n".join(line for line in query.splitlines() if not re.match(r"\s*PREFIX\b", line))
    found: dict[str, None] = {}
    for match in _TOKEN.finditer(text):
        iri = match[1] or (prefixes().get(match[2], "") + match[3] if match[2] else "")
        if iri and (match[1] or match[2] in prefixes()):
            found[iri] = None
    return list(found)


def questions_by_term(questions: Iterable[Question]) -> dict[str, list[Question]]:
    """Return for each term the questions whose query names it."""
    found: dict[str, list[Question]] = {}
    for question in questions:
        for iri in terms_in(question.text):
            found.setdefault(iri, []).append(question)
    return found
