"""Cite: how a page is cited, in which formats it comes, and where a mistake in it is reported."""

from __future__ import annotations

from urllib.parse import urlencode

from trilateral import __version__


def citation(name: str, iri: str, data: str) -> str:
    """Return how a page is cited: its name, the release, the digest of the data, the IRI.

    >>> citation("Japan", "urn:japan", "abcdef012345").partition(", data ")[2]
    'abcdef012345. urn:japan'
    """
    return f"The Trilateral contributors: {name}. Trilateral {__version__}, data {data}. {iri}"


def report(name: str, iri: str, data: str, tracker: str) -> str:
    """Return the address of a form for an issue about a page, filled in; "" without a tracker.

    ``tracker`` is the address of a form that takes ``title`` and ``body`` in its query.

    >>> report("Japan", "urn:japan", "abc", "https://example.org/new").partition("?")[0]
    'https://example.org/new'
    >>> report("Japan", "urn:japan", "abc", "")
    ''
    """
    if not tracker:
        return ""
    body = (
        f"Thing: <{iri}>\nRelease: {__version__}, data {data[:12]}\n\n"
        "What is wrong:\n\nWhat is right, and the source that shows it:\n"
    )
    return f"{tracker}?{urlencode({'title': f'Error: {name[:120]}', 'body': body})}"
