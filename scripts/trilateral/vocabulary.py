"""The terms that code uses, as short forms that must exist: a typo raises at once."""

from __future__ import annotations

from functools import cache

from trilateral.home import find_home
from trilateral.prefixes import prefixes, read_prefixes

# Namespaces whose terms are checked: own terms against the ontology, the rest by prefix alone.
_OWN = "tri"


@cache
def terms() -> frozenset[str]:
    """Return the IRIs of all terms that the ontology declares.

    Raises:
        InvalidDatasetError: naming file and line of each file of the ontology that is no Turtle.

    >>> prefixes()["tri"] + "Stance" in terms()
    True
    """
    import pyoxigraph

    namespace = prefixes()[_OWN]
    try:
        return frozenset(
            quad.subject.value
            for path in find_home().turtle_files()
            if path.is_relative_to(find_home().ontology)
            for quad in pyoxigraph.parse(path=path, format=pyoxigraph.RdfFormat.TURTLE)
            if isinstance(quad.subject, pyoxigraph.NamedNode)
            and quad.subject.value.startswith(namespace)
        )
    except (SyntaxError, OSError):
        from trilateral import dataset

        dataset.read_valid(find_home())
        raise


@cache
def iri(name: str) -> str:
    """Return the IRI of a short form.

    Raises:
        KeyError: when the prefix is not in the table or the term is not in the ontology.

    >>> iri("tri:holder")
    'https://w3id.org/trilateral/ontology#holder'
    >>> iri("tri:holdr")
    Traceback (most recent call last):
    KeyError: 'tri:holdr'
    """
    expanded = prefixes().expand(name)
    if expanded is None or (name.startswith(_OWN + ":") and expanded not in terms()):
        raise KeyError(name)
    return expanded


def forget() -> None:
    """Forget terms and prefixes, because the files that declare them have changed."""
    terms.cache_clear()
    iri.cache_clear()
    read_prefixes.cache_clear()
    prefixes.cache_clear()
