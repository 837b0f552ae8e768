"""Shapes: a page for each file of constraints, and pages for the rules that are queries."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from markupsafe import Markup

from trilateral import sparql
from trilateral.check.rules import rule_files
from trilateral.dataset import Dataset
from trilateral.prefixes import prefixes
from trilateral.publish.docs.described import Described, text_of
from trilateral.publish.docs.highlight import highlight
from trilateral.publish.docs.pages import Entry, Heading, Page, plain
from trilateral.publish.docs.terms import shapes_page
from trilateral.publish.docs.words import Wording, split_message
from trilateral.vocabulary import iri

if TYPE_CHECKING:
    from trilateral.publish.docs.described import Term

RULES = "shapes/rules.html"
STANDARDS = "shapes/standards.html"


@dataclass(frozen=True)
class Shape:
    """One shape as its page shows it."""

    iri: str
    anchor: str
    name: str
    description: str
    targets: list[Markup]
    path: Markup
    constraints: list[Markup]
    severity: str
    expected: str
    repair: str
    users: list[Markup]
    shared: list[Markup] = field(default_factory=list)
    properties: list[Shape] = field(default_factory=list)

    @property
    def short(self) -> str:
        """The short form of its IRI."""
        return prefixes().compact(self.iri)


class ShapesDocs:
    """What is told of the shapes of a dataset."""

    def __init__(self, dataset: Dataset, shapes: Described, wording: Wording) -> None:
        self.dataset, self.shapes, self.wording = dataset, shapes, wording
        self._users: dict[Term, list[Term]] = {}
        for shape in shapes:
            for used in self._used(shape):
                self._users.setdefault(used, []).append(shape)

    def pages(self) -> Iterator[Page]:
        """Yield the index, a page for each file, and the pages of the rules."""
        files = list(self._files())
        index = [(page.file, page.title, page.values["lead"], page.headings) for page in files]
        rules, standards = self._rules(), self._standards()
        yield Page(
            "shapes/index.html",
            "Shapes and rules",
            "shapes-index.html",
            {"files": index, "rules": rules, "standards": standards},
            entries=[Entry("", "Shapes and rules")],
        )
        yield from files
        yield rules
        yield standards

    def by_term(self) -> dict[str, list[tuple[str, str]]]:
        """Return the IRI and name of the shapes that constrain each class and property."""
        found: dict[str, list[tuple[str, str]]] = {}
        for shape in self.shapes.of_type("sh:NodeShape", "sh:PropertyShape"):
            named = (text_of(shape), self.shapes.text(shape, "sh:name"))
            targets = ("sh:targetClass", "sh:targetSubjectsOf", "sh:targetObjectsOf")
            terms = [text_of(each) for name in targets for each in self.shapes.values(shape, name)]
            terms += self.wording.properties(self.shapes.value(shape, "sh:path"))
            for term in dict.fromkeys(terms):
                found.setdefault(term, []).append(named)
        return found

    # ------------------------------------------------------------ shapes

    def _files(self) -> Iterator[Page]:
        for path, file in self.dataset.under(self.dataset.home.shapes).items():
            here: dict[Term, bool] = {triple.subject: False for triple in file.triples}
            shapes: list[Term] = [term for term in here if "sh:NodeShape" in self._kinds(term)]
            if not shapes:
                continue
            told = [self._shape(term, here) for term in shapes]
            told += [self._shape(term, here) for term in self._alone(here, shapes)]
            name = path.stem.replace("-", " ").capitalize()
            yield Page(
                shapes_page(path),
                f"Shapes: {name.lower()}",
                "shapes.html",
                {
                    "lead": _lead(path),
                    "source": self.dataset.home.name(path),
                    "shapes": told,
                },
                [Heading(2, shape.anchor, shape.name) for shape in told],
                [entry for shape in told for entry in _entries(shape)],
            )

    def _alone(self, here: dict[Term, bool], shapes: list[Term]) -> Iterator[Term]:
        """Yield property shapes of a file that no node shape of it has."""
        had = {each for shape in shapes for each in self.shapes.values(shape, "sh:property")}
        for term in here:
            if "sh:PropertyShape" in self._kinds(term) and term not in had:
                yield term

    def _shape(self, term: Term, here: dict[Term, bool]) -> Shape:
        """Return a shape with those of its properties that are told nowhere else.

        ``here`` has the subjects of the file, and whether they have been told.
        """
        here[term] = True
        properties = self.shapes.values(term, "sh:property")
        own = [each for each in properties if here.get(each) is False]
        shapes = self.shapes
        said, repair = split_message(shapes.text(term, "sh:message"))
        severity = shapes.value(term, "sh:severity")
        name = text_of(term)
        return Shape(
            name,
            name.removeprefix(prefixes()["trish"]),
            shapes.text(term, "sh:name"),
            shapes.text(term, "sh:description"),
            self.wording.targets(term),
            self.wording.path(shapes.value(term, "sh:path")),
            self.wording.constraints(term),
            "warning" if severity and text_of(severity) != iri("sh:Violation") else "error",
            said,
            repair,
            [self._link(user) for user in self._users.get(term, ())],
            [self._link(each) for each in properties if each not in own],
            [self._shape(each, here) for each in own],
        )

    def _link(self, shape: Term) -> Markup:
        return self.wording.places.link(text_of(shape), prefixes().compact(text_of(shape)))

    def _kinds(self, term: Term) -> set[str]:
        return {prefixes().compact(text_of(kind)) for kind in self.shapes.values(term, "rdf:type")}

    def _used(self, shape: Term) -> Iterator[Term]:
        for name in ("sh:node", "sh:not", "sh:qualifiedValueShape"):
            yield from self.shapes.values(shape, name)
        for name in ("sh:or", "sh:xone", "sh:and"):
            for head in self.shapes.values(shape, name):
                yield from self.shapes.items(head)

    # ------------------------------------------------------------ rules

    def _rules(self) -> Page:
        found = [_rule(path) for path in rule_files(self.dataset.home)]
        return Page(
            RULES,
            "Rules",
            "rules.html",
            {"groups_of_rules": [("", found)], "lead": "rules"},
            [],
            [Entry(each["name"], each["summary"], each["repair"]) for each in found],
        )

    def _standards(self) -> Page:
        folder = self.dataset.home.shapes / "standards"
        groups = [
            (each.name, [_rule(path, f"{each.name}-") for path in _sorted(each)])
            for each in sorted(folder.iterdir())
            if each.is_dir()
        ]
        return Page(
            STANDARDS,
            "Constraints of standards",
            "rules.html",
            {"groups_of_rules": [group for group in groups if group[1]], "lead": "standards"},
            [Heading(2, f"standard-{name}", name) for name, rules in groups if rules],
            [Entry(each["name"], each["summary"]) for _, rules in groups for each in rules],
        )


def _sorted(folder: Path) -> list[Path]:
    from trilateral.turtle import natural

    return sorted(folder.glob("*-violation.rq"), key=lambda path: natural(path.stem))


def _rule(path: Path, before: str = "") -> dict[str, str]:
    text = sparql.read_text(path)
    header = sparql.read_header(path, text)
    stem, _, ending = path.stem.rpartition("-")
    body = "\n".join(line for line in text.splitlines() if not line.startswith("#+"))
    return {
        "name": before + path.stem,
        "title": stem.replace("-", " "),
        "summary": plain(header["summary"]),
        "repair": plain(header.get("repair", "")),
        "specification": header.get("specification", ""),
        "severity": "warning" if ending == "warning" else "error",
        "query": highlight(body.strip() + "\n", "sparql"),
    }


def _lead(path: Path) -> str:
    """Return the comment at the head of a file."""
    lines = []
    for line in path.read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            break
        lines.append(line.lstrip("# "))
    return " ".join(lines)


def _entries(shape: Shape) -> Iterator[Entry]:
    text = f"{shape.short} {shape.description} {shape.expected} {shape.repair}"
    yield Entry(shape.anchor, f"Shape: {shape.name}", text)
    for each in shape.properties:
        yield from _entries(each)
