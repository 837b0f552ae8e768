"""Cite: how a page is cited, in which formats it comes, and where a mistake in it is reported."""

from __future__ import annotations

from urllib.parse import urlencode

from trilateral import __version__

# Where issues are opened: the address of a form that takes ``title`` and ``body`` in its
# query, such as https://HOST/OWNER/NAME/issues/new. While it is "", pages have no such link.
TRACKER = ""


def citation(name: str, iri: str, data: str) -> str:
    """Return how a page is cited: its name, the release, the digest of the data, the IRI.

    >>> citation("Japan", "urn:japan", "abcdef0123456789").partition(", data ")[2]
    'abcdef012345. urn:japan'
    """
    return f"The Trilateral contributors: {name}. Trilateral {__version__}, data {data[:12]}. {iri}"


def report(name: str, iri: str, data: str, tracker: str | None = None) -> str:
    """Return the address of a form for an issue about a page, filled in; "" without a tracker.

    >>> report("Japan", "urn:japan", "abc", "https://example.org/new").partition("?")[0]
    'https://example.org/new'
    >>> report("Japan", "urn:japan", "abc", "")
    ''
    """
    address = TRACKER if tracker is None else tracker
    if not address.startswith("https://"):
        return ""
    body = (
        f"Thing: <{iri}>\nRelease: {__version__}, data {data[:12]}\n\n"
        "What is wrong:\n\nWhat is right, and the source that shows it:\n"
    )
    return f"{address}?{urlencode({'title': f'Error: {name[:120]}', 'body': body})}"
