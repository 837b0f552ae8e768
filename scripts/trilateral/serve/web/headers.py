"""Headers: what stands in every answer: who may read it, and what a page may do."""

from __future__ import annotations

import re

Fields = list[tuple[bytes, bytes]]


def _lines(fields: Fields) -> bytes:
    return b"".join([b"%b: %b\r\n" % pair for pair in fields])


# Pages load what this server gives and nothing else, and run no script of their own text.
_POLICY = (
    b"default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; "
    b"form-action 'self'; frame-ancestors 'none'"
)
# A site of files asks queries in the browser, of an engine that is WebAssembly.
STATIC_POLICY = _POLICY.replace(b";", b"; script-src 'self' 'wasm-unsafe-eval';", 1)
# What of it a page may say itself, for hosts that send no headers.
PAGE_POLICY = STATIC_POLICY.partition(b"; frame-ancestors")[0].decode()
# Of pages that are files and run no engine.
PLAIN_PAGE_POLICY = _POLICY.partition(b"; frame-ancestors")[0].decode()
_EXPOSED = b"ETag, Link, Location, Retry-After, Content-Location, X-Total-Count"
ALWAYS = [
    (b"access-control-allow-origin", b"*"),
    (b"access-control-expose-headers", _EXPOSED),
    (b"content-security-policy", _POLICY),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-opener-policy", b"same-origin"),
]
_NAMES = {name for name, _ in ALWAYS}
_LINES = _lines(ALWAYS)
# Where clients send queries of their own, by POST too.
QUERIES = ("/sparql", "/sparql/", "/query", "/query/code")
# What no value holds: it would end the field, or be read by nobody.
_CONTROL = re.compile(rb"[\x00-\x08\x0a-\x1f\x7f]")


def complete(fields: Fields) -> Fields:
    """Return the fields of an answer with those that stand in every answer.

    >>> len(complete([(b"referrer-policy", b"origin")]))
    6
    """
    names = {name for name, _ in fields}
    return [*fields, *(pair for pair in ALWAYS if pair[0] not in names)]


def preflight(path: str) -> dict[str, str]:
    """Return what a browser is told that asks whether it may ask."""
    post = "POST, " if path in QUERIES else ""
    return {
        "access-control-allow-methods": "GET, HEAD, POST, OPTIONS",
        "access-control-allow-headers": "Accept, Content-Type, If-None-Match",
        "access-control-max-age": "86400",
        "allow": f"GET, HEAD, {post}OPTIONS",
    }


def written(fields: Fields) -> bytes:
    r"""Return the fields of an answer as they are sent, with those that stand in every answer.

    Raises:
        ValueError: when a value holds a control character, such as the end of a line.

    >>> written([(b"etag", b'"a"')]).splitlines()[:2]
    [b'etag: "a"', b'access-control-allow-origin: *']
    """
    if _CONTROL.search(b"".join([value for _, value in fields])):
        raise ValueError("A header holds a control character.")
    if _NAMES.isdisjoint([name for name, _ in fields]):
        return _lines(fields) + _LINES
    return _lines(complete(fields))
