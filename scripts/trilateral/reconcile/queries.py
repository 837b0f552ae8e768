"""The queries that an endpoint is asked: text from ``.rq`` files, values put in as terms."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from trilateral import sparql
from trilateral.prefixes import prefixes
from trilateral.reconcile.things import Thing

# Wikidata keeps names that hold in every language under this tag.
ANY_LANGUAGE = "mul"
_SHORTEST_NAME = 3


def candidates(things: Iterable[Thing], languages: Sequence[str]) -> str:
    r"""Return the query for the items that bear a name or an identifier of some things.

    >>> from trilateral.reconcile.things import Name
    >>> thing = Thing("i", "actor:a", "A", (), (Name('Say "A"', "en", True),))
    >>> r'("actor:a" rdfs:label "Say \"A\""@en)' in candidates([thing], ["en"])
    True
    """
    from pyoxigraph import Literal

    rows = [
        f"({Literal(thing.name)} {prop} {term})"
        for thing in things
        for prop, term in sorted(set(_keys(thing, languages)))
    ]
    return sparql.filled(__package__, "candidates", {"(UNDEF UNDEF UNDEF)": "\n    ".join(rows)})


def has_keys(thing: Thing, languages: Sequence[str]) -> bool:
    """Tell whether a thing has any name or identifier to ask for."""
    return any(True for _ in _keys(thing, languages))


def items(names: Iterable[str], languages: Sequence[str]) -> str:
    """Return the query for what is said of some items, such as ``Q17``."""
    from pyoxigraph import Literal, NamedNode

    tags = sorted({tag for language in languages for tag in tags_of(language)})
    terms = " ".join(str(NamedNode(prefixes()["wd"] + name)) for name in names)
    texts = " ".join(str(Literal(tag)) for tag in tags)
    places = {"?item { UNDEF }": f"?item {{ {terms} }}"}
    return sparql.filled(
        __package__, "items", places | {"?language { UNDEF }": f"?language {{ {texts} }}"}
    )


def tags_of(language: str) -> tuple[str, ...]:
    """Return the tags under which Wikidata may keep a name in a language.

    >>> tags_of("zh-hans")
    ('zh-hans', 'zh', 'mul')
    """
    general = language.partition("-")[0]
    return tuple(dict.fromkeys((language, general, ANY_LANGUAGE)))


def same_site(address: str) -> str:
    """Return an address without what may differ between two spellings of one site.

    >>> same_site("http://www.Example.org/") == same_site("https://example.org")
    True
    """
    bare = re.sub(r"^https?://(www\.)?", "", address.strip(), flags=re.I).rstrip("/")
    host, slash, path = bare.partition("/")
    return host.lower() + slash + path


def _keys(thing: Thing, languages: Sequence[str]) -> Iterator[tuple[str, str]]:
    from pyoxigraph import Literal, NamedNode

    for name in thing.names:
        if name.language in languages and _is_telling(name.text):
            for tag in tags_of(name.language):
                term = str(Literal(name.text, language=tag))
                yield "rdfs:label", term
                yield "skos:altLabel", term
    for prop, value in thing.identifiers:
        yield f"wdt:{prop}", str(Literal(value))
    for homepage in thing.homepages:
        for scheme in ("https://", "http://"):
            for www in ("", "www."):
                for end in ("", "/"):
                    address = scheme + www + same_site(homepage) + end
                    yield "wdt:P856", str(NamedNode(address))


def _is_telling(text: str) -> bool:
    """Tell whether a name is worth looking up: two Latin letters name half the world."""
    return len(text) >= _SHORTEST_NAME or not text.isascii()
