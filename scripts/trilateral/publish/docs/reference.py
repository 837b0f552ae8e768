"""Reference: classes and properties, by pyLODE, with what leads on from each of them.

pyLODE makes entries, tables and links of the terms. To these come: the place of each entry
(the fragment of the IRI of its term), shapes, questions, values, counts and mappings.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import dominate
from dominate.tags import td, th, tr
from dominate.util import raw
from markupsafe import Markup
from rdflib import OWL, RDF, RDFS, SKOS, Graph, URIRef

from trilateral.ask.questions import Question
from trilateral.check.shacl import graph_of
from trilateral.prefixes import prefixes
from trilateral.publish.docs.described import Described, text_of
from trilateral.publish.docs.model import Model
from trilateral.publish.docs.pages import Entry, Heading, Page, link
from trilateral.publish.docs.terms import (
    ONTOLOGY,
    Places,
    anchor_of_reused,
    own_terms,
    reused_terms,
)
from trilateral.publish.docs.values import labels_of
from trilateral.serve.pages.language import LANGUAGES
from trilateral.vocabulary import iri

if TYPE_CHECKING:
    import pyoxigraph as ox

    from trilateral.publish.docs.described import Term


@contextmanager
def _logging_as_it_is() -> Iterator[None]:
    """Undo what is done to the logging of the whole process."""
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    try:
        yield
    finally:
        root.handlers[:] = handlers
        root.setLevel(level)


# It brings a server of its own, which has all libraries log all they do.
with _logging_as_it_is():
    from pylode import OntPub
    from pylode.rdf_elements import ONTDOC, PROPS
    from pylode.utils import get_ns, make_title_from_iri

# Sections of pyLODE in their order, by the identifiers that it gives them.
_SECTIONS = {
    "classes": "Classes",
    "objectproperties": "Object properties",
    "datatypeproperties": "Datatype properties",
    "annotationproperties": "Annotation properties",
}
_TERMS = (OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty)
_KINDS = (OWL.Ontology, *_TERMS)
# What rows are called, where the name of the property would not do.
_WORDS = {
    RDFS.domain: "domain", RDFS.range: "range", RDFS.subClassOf: "narrower than",
    RDFS.subPropertyOf: "narrower than", SKOS.scopeNote: "note", SKOS.example: "example",
    OWL.disjointWith: "never also", ONTDOC.inDomainOf: "domain of",
    ONTDOC.inRangeOf: "range of", ONTDOC.superClassOf: "wider than",
    ONTDOC.superPropertyOf: "wider than",
}  # fmt: skip
_MAPPINGS = {
    "skos:exactMatch": "the same as", "skos:closeMatch": "close to",
    "skos:narrowMatch": "wider than", "skos:broadMatch": "narrower than",
    "skos:relatedMatch": "related to",
}  # fmt: skip
_CHARACTERISTIC = re.compile(r"(\w+)Property$")


class _Ontology(OntPub):  # type: ignore[misc]
    """pyLODE's page of an ontology, without the vocabularies from which it names its rows.

    It parses these for seconds and keeps the result beside its own code, which need not be
    writable; the rows have names of ours.
    """

    def __init__(self, graph: Graph) -> None:
        self.ont = graph
        self._ontdoc_inference(graph)
        self.back_onts = Graph()
        self.back_onts_titles: dict[str, str] = {}
        self.props_labeled = {
            prop: {
                "title": _WORDS.get(prop, make_title_from_iri(prop)),
                "description": prefixes().compact(str(prop)).strip("<>"),
                "ont_title": "its vocabulary",
            }
            for prop in {*PROPS, *_WORDS}
        }
        self.toc: dict[str, Any] = {}
        own = prefixes()["tri"]
        terms = {str(term) for term in graph.subjects() if str(term).startswith(own)}
        self.fids = {term: term.removeprefix(own) for term in terms}
        self.ns = get_ns(graph)
        self.doc = dominate.document(title="")
        with self.doc:
            self.content = dominate.tags.div(id="content")

    def _make_namespaces(self) -> None:
        """Leave out what the page says itself, and what takes longer than all the rest."""

    _make_toc = _make_legend = _make_namespaces


class Reference:
    """The page of the terms of an ontology."""

    def __init__(
        self,
        ontology: Described,
        places: Places,
        model: Model,
        shapes: Mapping[str, Sequence[tuple[str, str]]],
        questions: Mapping[str, Sequence[Question]],
        counts: Mapping[str, int],
    ) -> None:
        self.ontology, self.places, self.model = ontology, places, model
        self.shapes, self.questions, self.counts = shapes, questions, counts

    def page(self, pictures: Mapping[str, tuple[str, str]]) -> Page:
        """Return the page; ``pictures`` has for each class the picture that shows it."""
        made = _Ontology(self._graph())
        made.make_html()
        sections, headings = [], []
        for name, title in _SECTIONS.items():
            found = [each for each in made.content.children if each.attributes.get("id") == name]
            if not found:
                continue
            entries = sorted(
                (each for each in found[0].children if each.attributes.get("class")),
                key=lambda each: each.attributes["id"].casefold(),
            )
            for entry in entries:
                self._complete(entry, pictures)
            body = Markup("".join(each.render(pretty=False) for each in entries))
            names = [each.attributes["id"] for each in entries]
            sections.append({"name": name, "title": title, "terms": names, "body": body})
            headings.append(Heading(2, name, title))
        headings.append(Heading(2, "reused", "Terms of other vocabularies"))
        about = URIRef(prefixes().base + "ontology")
        texts = {
            name: str(made.ont.value(about, URIRef(iri(f"{prefix}:{name}"))) or "")
            for prefix, name in (("dct", "description"), ("owl", "versionInfo"), ("dct", "license"))
        }
        return Page(
            ONTOLOGY,
            "Ontology",
            "ontology.html",
            {
                "sections": sections,
                "reused": list(self._reused()),
                "texts": texts,
                "namespace": prefixes()["tri"],
            },
            headings,
            list(self._entries()),
        )

    def _reused(self) -> Iterator[dict[str, object]]:
        """Yield the terms of other vocabularies: where they are defined and what asks for them."""
        for term in reused_terms(self.ontology):
            name = text_of(term)
            kinds = (
                prefixes().compact(text_of(kind)) for kind in self.ontology.values(term, "rdf:type")
            )
            shapes = self.shapes.get(name, ())
            yield {
                "anchor": anchor_of_reused(name),
                "iri": name,
                "short": prefixes().compact(name),
                "kind": make_title_from_iri(URIRef(iri(next(kinds)))).lower(),
                "uses": self.counts.get(name, 0),
                "shapes": _listed(self.places.link(each, words) for each, words in shapes),
            }

    def _graph(self) -> Graph:
        """Return what pyLODE reads: our terms, sorted, without what has rows of its own."""
        own = {*own_terms(self.ontology), *self.ontology.of_type("owl:Ontology")}
        found = Graph()
        for prefix, namespace in prefixes().items():
            found.bind(prefix, namespace)
        left_out = {RDFS.isDefinedBy, *(URIRef(iri(name)) for name in _MAPPINGS)}
        triples = graph_of(self._triples(own))
        for triple in sorted(triples):
            if triple[1] in left_out or (triple[1] == RDF.type and triple[2] not in _KINDS):
                continue
            found.add(triple)
        return found

    def _triples(self, own: Iterable[Term]) -> Iterator[ox.Triple]:
        import pyoxigraph

        for subject in own:
            for predicate, values in self.ontology.about(subject).items():
                for value in values:
                    # pyLODE puts all labels into the heading; the others have a row of ours.
                    if getattr(value, "language", None) not in (None, "en"):
                        continue
                    yield pyoxigraph.Triple(subject, pyoxigraph.NamedNode(predicate), value)  # type: ignore[arg-type]

    # ------------------------------------------------------------ one entry

    def _complete(self, entry: Any, pictures: Mapping[str, tuple[str, str]]) -> None:
        """Add to an entry of pyLODE what leads on from its term."""
        import pyoxigraph

        name = entry.attributes["id"]
        term = pyoxigraph.NamedNode(prefixes()["tri"] + name)
        title, table = entry.children
        entry.attributes["class"] = "term"
        title.add(raw(str(Markup(" <code>{}</code>").format(prefixes().compact(term.value)))))
        rows = list(table.children)
        for row in rows:
            head = row.children[0]
            head.attributes["scope"] = "row"
            for each in head.get("a"):
                # What a row says is said by its name; the vocabulary that it is of is not here.
                head.clear()
                words = str(each.children[0])
                head.add(words[:1].upper() + words[1:].lower())
        for words, cell in self._more(term, pictures):
            table.add(tr(th(words, scope="row"), td(raw(str(cell)))))

    def _more(
        self, term: ox.NamedNode, pictures: Mapping[str, tuple[str, str]]
    ) -> Iterator[tuple[str, Markup]]:
        labels = labels_of(self.ontology, term)
        if len(labels) > 1:
            shown = (
                Markup('<span lang="{}">{}</span> ({})').format(tag, text, LANGUAGES[tag])
                for tag, text in labels.items()
            )
            yield "Labels", Markup(", ").join(shown)
        characteristics = self._characteristics(term)
        if characteristics:
            yield "Characteristics", Markup(", ").join(characteristics)
        for name, words in _MAPPINGS.items():
            values = [text_of(each) for each in self.ontology.values(term, name)]
            if values:
                links = (self.places.link(each) for each in values)
                yield words.capitalize(), Markup(", ").join(links)
        scheme = iri("skos:inScheme")
        listed = [
            value
            for concept in self.ontology.of_type(prefixes().compact(term.value))
            for value in self.ontology.about(concept).get(scheme, ())
        ]
        if listed:
            where = self.places.of[text_of(listed[0])]
            yield "Values", link(where, f"{len(listed)} in the list")
        relations = self.model.relations_of(term.value)
        if relations:
            yield (
                "Has",
                Markup(", ").join(
                    Markup("{} [{}]").format(self.places.link(each.prop, each.label), each.count)
                    for each in relations
                ),
            )
        if term.value in self.counts:
            yield "In the data", Markup("{:,}").format(self.counts[term.value])
        if term.value in pictures:
            yield "Picture", link(*pictures[term.value])
        shapes = self.shapes.get(term.value, ())
        if shapes:
            yield "Shapes", _listed(self.places.link(each, name) for each, name in shapes)
        questions = self.questions.get(term.value, ())
        if questions:
            links = (link(f"/questions/{each.name}.html", each.summary) for each in questions)
            yield "Questions", _listed(links)

    def _characteristics(self, term: ox.NamedNode) -> list[str]:
        kinds = map(text_of, self.ontology.values(term, "rdf:type"))
        known = {str(each) for each in _KINDS}
        found = (_CHARACTERISTIC.search(kind) for kind in kinds if kind not in known)
        return [match[1].lower() for match in found if match]

    def _entries(self) -> Iterator[Entry]:
        for term in own_terms(self.ontology):
            short = prefixes().compact(text_of(term))
            label = self.ontology.text(term, "rdfs:label")
            names = ("skos:definition", "skos:scopeNote")
            texts = [self.ontology.text(term, name) for name in names]
            words = [*texts, *labels_of(self.ontology, term).values()]
            yield Entry(short.partition(":")[2], f"{label} ({short})", " ".join(words))


def _listed(links: Iterable[Markup]) -> Markup:
    links = list(links)
    if not links:
        return Markup()
    items = Markup("").join(Markup("<li>{}</li>").format(each) for each in links)
    if len(links) <= _SHORT:
        return Markup("<ul>{}</ul>").format(items)
    return Markup("<details><summary>All {}</summary><ul>{}</ul></details>").format(
        len(links), items
    )


_SHORT = 4


def count_uses(store: ox.Store, described: Described) -> dict[str, int]:
    """Return how many things of each class, and statements with each property, the data have."""
    found: dict[str, int] = {}
    wanted = set(map(text_of, [*own_terms(described), *reused_terms(described)]))
    for what, number in (("?a a ?term", "DISTINCT ?a"), ("?a ?term ?b", "*")):
        query = f"""
            SELECT ?term (COUNT({number}) AS ?n) {{
              GRAPH ?graph {{ {what} }}
              FILTER (!STRSTARTS(STR(?graph), "{prefixes()["graph"]}ontology/"))
            }} GROUP BY ?term"""
        for row in store.query(query):  # type: ignore[union-attr]
            if row["term"].value in wanted:
                found[row["term"].value] = int(row["n"].value)
    return found
