"""Links: every link inside the documentation leads to a file, and to a place that it has."""

from __future__ import annotations

import html
import posixpath
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from urllib.parse import unquote, urlsplit

from trilateral.publish.release.refusals import RefusedError

_TAG = re.compile(r"<[a-z][^<>]*>")
_ATTRIBUTE = re.compile(r'\s(id|href|src|action|data-index)="([^"]*)"')


def check_links(files: Mapping[str, bytes]) -> int:
    """Check the links of all pages, and return how many lead inside.

    Raises:
        RefusedError: naming file, line and target of each that leads nowhere, and of each
            place that a page has twice.
    """
    found = {name: list(_attributes(body.decode())) for name, body in sorted(files.items())
             if name.endswith(".html")}  # fmt: skip
    places = {
        name: Counter(v for _, kind, v in told if kind == "id") for name, told in found.items()
    }
    wrong = [
        f"{name}: the place #{place} stands there {count} times."
        for name, counts in places.items()
        for place, count in counts.items()
        if count > 1
    ]
    inside = 0
    for name, told in found.items():
        for line, kind, value in told:
            parts = urlsplit(value)
            if kind == "id" or parts.scheme or parts.netloc:
                continue
            inside += 1
            target = name
            if parts.path:
                target = posixpath.normpath(
                    posixpath.join(posixpath.dirname(name), unquote(parts.path))
                )
            if target not in files:
                wrong.append(f"{name}:{line}: {value}: there is no file {target}.")
            elif parts.fragment and not places.get(target, Counter())[unquote(parts.fragment)]:
                wrong.append(f"{name}:{line}: {value}: {target} has no such place.")
    if wrong:
        raise RefusedError("\n".join(wrong), "Nothing was written.")
    return inside


def _attributes(page: str) -> Iterator[tuple[int, str, str]]:
    """Yield line, name and value of the attributes of a page that are links or places.

    All text is escaped by those who write it, so that a tag is what looks like one.
    """
    line, at = 1, 0
    for tag in _TAG.finditer(page):
        line += page.count("\n", at, tag.start())
        at = tag.start()
        for name, value in _ATTRIBUTE.findall(tag[0]):
            yield line, name, html.unescape(value)
