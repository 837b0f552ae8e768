"""Words: what a shape asks for, in plain words with links to what it names.

Every property of SHACL Core has words here. One that has none is an error, so that a
constraint cannot go unsaid.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from markupsafe import Markup

from trilateral.prefixes import prefixes
from trilateral.publish.docs.described import Described, text_of
from trilateral.publish.docs.terms import Places
from trilateral.publish.release.refusals import RefusedError

if TYPE_CHECKING:
    from trilateral.publish.docs.described import Term

# What describes a shape, and is said elsewhere on its page.
_ABOUT = {
    "name", "description", "message", "severity", "path", "property", "order", "group",
    "targetClass", "targetSubjectsOf", "targetObjectsOf", "targetNode",
    "ignoredProperties", "qualifiedMinCount", "qualifiedMaxCount", "qualifiedValueShapesDisjoint",
    "flags", "minCount", "maxCount",
}  # fmt: skip
_DATATYPES = {
    "string": "text", "integer": "a whole number", "decimal": "a decimal number",
    "boolean": "true or false", "date": "a day", "gYearMonth": "a month", "gYear": "a year",
    "dateTime": "a point in time", "anyURI": "an address", "nonNegativeInteger": "a number from 0",
}  # fmt: skip
_NODE_KINDS = {
    "IRI": "an IRI",
    "Literal": "a literal",
    "BlankNode": "a blank node",
    "BlankNodeOrIRI": "a node",
    "IRIOrLiteral": "an IRI or a literal",
    "BlankNodeOrLiteral": "a blank node or a literal",
}
_SENTENCES = re.compile(r"(?<=[.!?])\s+(?=[A-Z])")


def split_message(message: str) -> tuple[str, str]:
    """Return what a message says is expected, and how to repair it: the first sentence, the rest.

    >>> split_message("Expected one kind. Pick a concept; if none fits, add it.")
    ('Expected one kind.', 'Pick a concept; if none fits, add it.')
    """
    said, *repair = _SENTENCES.split(message, maxsplit=1)
    return said, "".join(repair)


class Wording:
    """Puts the constraints of some shapes into words."""

    def __init__(self, shapes: Described, places: Places, label: Callable[[str], str]) -> None:
        self.shapes, self.places, self.label = shapes, places, label

    def constraints(self, shape: Term) -> list[Markup]:
        """Return what a shape asks of its focus nodes, or of the values of its path.

        Raises:
            RefusedError: naming a property of SHACL that has no words here.
        """
        found = list(self._counts(shape))
        prefix = prefixes()["sh"]
        for predicate, values in self.shapes.about(shape).items():
            if not predicate.startswith(prefix):
                continue
            name = predicate.removeprefix(prefix)
            if name in _ABOUT:
                continue
            say = getattr(self, f"_say_{_snake(name)}", None)
            if say is None:
                raise RefusedError(
                    f"{prefixes().compact(text_of(shape))}: the documentation has no words for "
                    f"sh:{name}.",
                    "Add them to scripts/trilateral/publish/docs/words.py.",
                )
            for value in values:
                said = say(shape, value)
                if said:
                    found.append(said)
        return found

    def path(self, path: Term | None) -> Markup:
        """Return a path as SPARQL writes it, each property a link."""
        import pyoxigraph

        if isinstance(path, pyoxigraph.NamedNode):
            return self.places.link(path.value)
        for name, before, after in (
            ("sh:inversePath", "^", ""),
            ("sh:zeroOrMorePath", "", "*"),
            ("sh:oneOrMorePath", "", "+"),
            ("sh:zeroOrOnePath", "", "?"),
        ):
            inner = self.shapes.value(path, name) if path is not None else None
            if inner is not None:
                return Markup("{}{}{}").format(before, self.path(inner), after)
        alternatives = self.shapes.value(path, "sh:alternativePath") if path is not None else None
        parts = self.shapes.items(alternatives if alternatives is not None else path)
        joint = Markup(" | ") if alternatives is not None else Markup(" / ")
        return joint.join(self.path(part) for part in parts)

    def properties(self, path: Term | None) -> Iterator[str]:
        """Yield the IRIs of the properties of a path."""
        import pyoxigraph

        if isinstance(path, pyoxigraph.NamedNode):
            yield path.value
        elif path is not None:
            for name in ("sh:inversePath", "sh:zeroOrMorePath", "sh:oneOrMorePath"):
                yield from self.properties(self.shapes.value(path, name))
            listed = self.shapes.value(path, "sh:alternativePath")
            for part in self.shapes.items(listed if listed is not None else path):
                yield from self.properties(part)

    def targets(self, shape: Term) -> list[Markup]:
        """Return what a shape is for, "" where only other shapes use it."""
        said = {
            "sh:targetClass": "each {}",
            "sh:targetSubjectsOf": "whatever has {}",
            "sh:targetObjectsOf": "whatever is a value of {}",
            "sh:targetNode": "{}",
        }
        return [
            Markup(words).format(self._term(value))
            for name, words in said.items()
            for value in self.shapes.values(shape, name)
        ]

    # ------------------------------------------------------------ one constraint each

    def _counts(self, shape: Term) -> Iterator[Markup]:
        least, most = (
            _number(self.shapes.value(shape, f"sh:{end}Count")) for end in ("min", "max")
        )
        if least is not None or most is not None:
            yield Markup(_count(least, most, "value"))

    def _say_class(self, _: Term, value: Term) -> Markup:
        named = self.label(text_of(value)) or prefixes().compact(text_of(value))
        return Markup("each value is {} {}").format(_article(named), self._term(value))

    def _say_datatype(self, _: Term, value: Term) -> Markup:
        short = prefixes().compact(text_of(value))
        words = _DATATYPES.get(text_of(value).partition("#")[2])
        code = Markup("<code>{}</code>").format(short)
        return Markup("each value is {} ({})").format(words, code) if words else code

    def _say_node_kind(self, shape: Term, value: Term) -> Markup:
        return self._each(shape, _NODE_KINDS[text_of(value).partition("#")[2]])

    def _say_pattern(self, shape: Term, value: Term) -> Markup:
        subject = "each value" if self.shapes.value(shape, "sh:path") else "its name"
        return Markup("{} matches <code>{}</code>").format(subject, text_of(value))

    def _say_in(self, shape: Term, value: Term) -> Markup:
        listed = Markup(", ").join(self._term(item) for item in self.shapes.items(value))
        return self._each(shape, Markup("one of {}").format(listed))

    def _say_has_value(self, _: Term, value: Term) -> Markup:
        return Markup("one value is {}").format(self._term(value))

    def _say_language_in(self, _: Term, value: Term) -> Markup:
        tags = ", ".join(text_of(item) for item in self.shapes.items(value))
        return Markup("each value is in one of the languages {}").format(tags)

    def _say_unique_lang(self, _: Term, value: Term) -> Markup | None:
        return Markup("one value a language at most") if text_of(value) == "true" else None

    def _say_min_inclusive(self, _: Term, value: Term) -> Markup:
        return Markup("each value is {} or more").format(text_of(value))

    def _say_max_inclusive(self, _: Term, value: Term) -> Markup:
        return Markup("each value is {} or less").format(text_of(value))

    def _say_min_exclusive(self, _: Term, value: Term) -> Markup:
        return Markup("each value is more than {}").format(text_of(value))

    def _say_max_exclusive(self, _: Term, value: Term) -> Markup:
        return Markup("each value is less than {}").format(text_of(value))

    def _say_min_length(self, _: Term, value: Term) -> Markup:
        return Markup("each value has {} characters or more").format(text_of(value))

    def _say_max_length(self, _: Term, value: Term) -> Markup:
        return Markup("each value has {} characters or fewer").format(text_of(value))

    def _say_less_than(self, _: Term, value: Term) -> Markup:
        return Markup("each value comes before each {}").format(self._term(value))

    def _say_less_than_or_equals(self, _: Term, value: Term) -> Markup:
        return Markup("no value comes after any {}").format(self._term(value))

    def _say_equals(self, _: Term, value: Term) -> Markup:
        return Markup("its values are those of {}").format(self._term(value))

    def _say_disjoint(self, _: Term, value: Term) -> Markup:
        return Markup("no value is one of {}").format(self._term(value))

    def _say_or(self, shape: Term, value: Term) -> Markup:
        return self._each(shape, self._shapes("at least one of", value), "meets")

    def _say_xone(self, shape: Term, value: Term) -> Markup:
        return self._each(shape, self._shapes("exactly one of", value), "meets")

    def _say_and(self, shape: Term, value: Term) -> Markup:
        return self._each(shape, self._shapes("all of", value), "meets")

    def _say_not(self, shape: Term, value: Term) -> Markup:
        return self._each(shape, self._shape(value), "does not meet")

    def _say_node(self, shape: Term, value: Term) -> Markup:
        return self._each(shape, self._shape(value), "meets")

    def _say_qualified_value_shape(self, shape: Term, value: Term) -> Markup:
        least, most = (
            _number(self.shapes.value(shape, f"sh:qualified{end}Count")) for end in ("Min", "Max")
        )
        count = _count(least, most, "value")
        return Markup("{} that meets {}").format(count, self._shape(value))

    def _say_closed(self, shape: Term, value: Term) -> Markup | None:
        if text_of(value) != "true":
            return None
        head = self.shapes.value(shape, "sh:ignoredProperties")
        others = Markup(", ").join(self._term(item) for item in self.shapes.items(head))
        more = Markup(" and {}").format(others) if others else ""
        return Markup("no other properties than those below{}").format(more)

    # ------------------------------------------------------------ parts of sentences

    def _each(self, shape: Term, what: Markup | str, verb: str = "is") -> Markup:
        subject = "each value" if self.shapes.value(shape, "sh:path") else "it"
        return Markup("{} {} {}").format(subject, verb, what)

    def _shapes(self, lead: str, head: Term) -> Markup:
        items = Markup(", ").join(self._shape(item) for item in self.shapes.items(head))
        return Markup("{}: {}").format(lead, items)

    def _shape(self, value: Term) -> Markup:
        import pyoxigraph

        if isinstance(value, pyoxigraph.NamedNode):
            name = self.shapes.text(value, "sh:name")
            return self.places.link(value.value, name)
        said = self.constraints(value)
        return Markup("({})").format(Markup("; ").join(said))

    def _term(self, value: Term) -> Markup:
        import pyoxigraph

        if isinstance(value, pyoxigraph.NamedNode):
            return self.places.link(value.value, self.label(value.value))
        return Markup("<code>{}</code>").format(text_of(value))


def _number(term: Term | None) -> int | None:
    return None if term is None else int(text_of(term))


def _count(least: int | None, most: int | None, thing: str) -> str:
    """Return a number of things in words.

    >>> _count(1, 1, "value"), _count(0, 1, "value"), _count(2, None, "value")
    ('exactly one value', 'at most one value', 'at least 2 values')
    >>> _count(2, 3, "value"), _count(None, 0, "value")
    ('2 to 3 values', 'no value')
    """

    def many(number: int) -> str:
        return f"one {thing}" if number == 1 else f"{number} {thing}s"

    if most == 0:
        return f"no {thing}"
    if most is None and not least:
        return f"any number of {thing}s"
    if most is None:
        return f"at least {many(least or 0)}"
    if not least:
        return f"at most {many(most)}"
    return f"exactly {many(most)}" if least == most else f"{least} to {many(most)}"


def _article(noun: str) -> str:
    """Return the article that goes before a noun.

    >>> _article("event"), _article("unit kind"), _article("stance")
    ('an', 'a', 'a')
    """
    return "an" if noun[:1].lower() in "aeio" else "a"


def _snake(name: str) -> str:
    return re.sub("([A-Z])", lambda found: f"_{found[1].lower()}", name)
