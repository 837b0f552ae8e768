"""Vocabulary: words that an answer has for terms of the ontology, said in other languages.

Questions answer with the label of a term (``roleLabel``) and often without the term itself.
Within a scheme no two concepts share a label, so the word and the name of its column tell which
concept is meant.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from trilateral.prefixes import prefixes


class Vocabulary:
    """The labels of concepts, and of classes, by the English ones.

    Args:
        labels: The labels of all things, by IRI and language.

    >>> space = "https://w3id.org/trilateral/"
    >>> words = Vocabulary({
    ...     f"{space}scheme/role": {"en": "role"},
    ...     f"{space}scheme/figure-kind": {"en": "figure kind"},
    ...     f"{space}role/target": {"en": "target", "ko": "대상"},
    ...     f"{space}figure-kind/target": {"en": "target", "ko": "목표"},
    ...     f"{space}actor/target": {"en": "Target"},
    ... })
    >>> words.say("target", "roleLabel", "ko"), words.say("target", "kindLabel", "ko")
    ('대상', '목표')
    >>> words.say("target", "nameLabel", "ko"), words.say("Target", "actorLabel", "ko")
    (None, None)
    """

    def __init__(self, labels: Mapping[str, Mapping[str, str]]) -> None:
        base, scheme, terms = prefixes().base, prefixes()["scheme"], prefixes()["tri"]
        self._terms: dict[str, list[tuple[str, Mapping[str, str]]]] = {}
        for iri, names in labels.items():
            space = iri.removeprefix(base).partition("/")[0]
            if iri.startswith(terms):
                space = "class"
            elif scheme + space not in labels:
                continue
            self._terms.setdefault(names.get("en", ""), []).append((space, names))

    def say(self, word: str, column: str, language: str) -> str | None:
        """Return the label that is meant by an English one in a column of an answer.

        None where there is none in the language, or it is not known which of several is meant.
        """
        column = re.sub("[A-Z]", lambda found: f"-{found[0].lower()}", column.removesuffix("Label"))
        found = self._terms.get(word, ())
        meant = [names for space, names in found if _is_for(column, space)]
        labels = {names.get(language) for names in meant or [names for _, names in found]}
        return labels.pop() if len(labels) == 1 else None


def _is_for(column: str, space: str) -> bool:
    return f"-{column}".endswith(f"-{space}") or f"-{space}".endswith(f"-{column}")
