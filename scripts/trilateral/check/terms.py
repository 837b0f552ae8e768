"""Term lists: which terms the vocabularies have, and which of those in use do not exist."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from trilateral.errors import InvalidDatasetError

_NAMESPACE = "# namespace: "


@dataclass(frozen=True)
class UnknownTerm:
    """A term that its vocabulary does not have, and the IRIs of terms with a near name."""

    iri: str
    near: tuple[str, ...]


def load_term_lists(folder: Path) -> dict[str, frozenset[str]]:
    """Return the local names of each vocabulary by namespace IRI, from ``folder/*.txt``.

    A list is a header of ``#`` lines, one of them ``# namespace: IRI``, then one
    local name per line.

    Raises:
        InvalidDatasetError: when a list names no namespace, or one that another list has.

    >>> from trilateral.home import find_home
    >>> lists = load_term_lists(find_home().ontology / "vocabularies")
    >>> "wasAttributedTo" in lists["http://www.w3.org/ns/prov#"]
    True
    """
    lists: dict[str, frozenset[str]] = {}
    for path in sorted(folder.glob("*.txt")):
        lines = path.read_text(encoding="utf-8").splitlines()
        named = [line.removeprefix(_NAMESPACE) for line in lines if line.startswith(_NAMESPACE)]
        if len(named) != 1:
            message = f"{path}: expected one line '{_NAMESPACE}IRI', found {len(named)}."
            raise InvalidDatasetError(message, "Name the namespace of the list once.")
        if named[0] in lists:
            message = f"{path}: another list has the namespace {named[0]} already."
            raise InvalidDatasetError(message, "Merge the two lists.")
        lists[named[0]] = frozenset(line for line in lines if line and not line.startswith("#"))
    return lists


def unknown_terms(
    used: Iterable[str],
    lists: Mapping[str, frozenset[str]],
    declared: frozenset[str],
    own_namespace: str,
) -> list[UnknownTerm]:
    """Return the IRIs among ``used`` that do not exist, sorted, with up to three near ones each.

    An IRI of ``own_namespace`` exists when it is in ``declared``; one of a listed
    namespace when its local name is in the list. IRIs of other namespaces are not
    judged: they name things, not terms. Nor is a namespace itself.

    >>> lists = {"http://www.w3.org/ns/org#": frozenset({"member", "memberOf"})}
    >>> own, declared = "https://example.org/#", frozenset({"https://example.org/#holder"})
    >>> used = ["http://www.w3.org/ns/org#member", "https://example.org/#holdr"]
    >>> unknown_terms(used, lists, declared, own)
    [UnknownTerm(iri='https://example.org/#holdr', near=('https://example.org/#holder',))]
    """
    own = frozenset(iri.removeprefix(own_namespace) for iri in declared)
    known = {**lists, own_namespace: own}
    unknown = []
    for iri in sorted(set(used)):
        namespace = iri[: max(iri.rfind("/"), iri.rfind("#")) + 1]
        name = iri.removeprefix(namespace)
        names = known.get(namespace)
        if names is None or not name or name in names:
            continue
        near = difflib.get_close_matches(name, sorted(names), n=3)
        unknown.append(UnknownTerm(iri, tuple(namespace + other for other in near)))
    return unknown
