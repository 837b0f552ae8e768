"""Text fragments: links that open a public page on a passage.

After the URL Fragment Text Directives draft of the W3C Web Platform Incubator
Community Group: ``#:~:text=[prefix-,]start[,end][,-suffix]``, percent-encoded,
words compared without regard to letter case.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import quote, unquote

_MARK = "#:~:text="
MOST_WORDS = 6  # words of a source that may stand in the repository at one place


def _words(text: str) -> list[re.Match[str]]:
    return list(re.finditer(r"\S+", text))


def _encode(text: str) -> str:
    # A hyphen or a comma in the words would be read as syntax of the directive.
    return quote(text, safe="").replace("-", "%2D")


def fragment(text: str, start: int, end: int) -> str:
    """Return the shortest fragment that leads to one stretch of a text and to no other.

    At most six words stand in it: both ends of a long stretch, or the whole of a
    short one, with a word before or after it where the words alone would match
    earlier in the text.

    Raises:
        ValueError: when no such fragment exists.

    >>> text = "We met in Rome. We met in Oslo and stayed for a very long time."
    >>> fragment(text, 16, len(text))
    '#:~:text=we%20met%20in%20oslo,long%20time.'
    """
    for candidate in _candidates(text, start, end):
        if list(matches(text, candidate)) == [(start, end)]:
            return candidate
    raise ValueError(f"no short text fragment leads to the stretch {start} to {end}")


def _candidates(text: str, start: int, end: int) -> Iterator[str]:
    passage, words = text[start:end], _words(text[start:end])
    lower = passage.lower()
    before, after = _words(text[:start]), _words(text[end:])
    if len(words) <= MOST_WORDS:
        whole = _encode(lower)
        yield _MARK + whole
        for count in range(1, MOST_WORDS - len(words) + 1):
            if len(before) >= count:
                lead = text[before[-count].start() : start].strip().lower()
                yield f"{_MARK}{_encode(lead)}-,{whole}"
            if len(after) >= count:
                trail = text[end : end + after[count - 1].end()].strip().lower()
                yield f"{_MARK}{whole},-{_encode(trail)}"
        return
    for total in range(4, MOST_WORDS + 1):
        for head in range(2, total - 1):
            first = lower[: words[head - 1].end()]
            last = lower[words[head - total].start() :]
            yield f"{_MARK}{_encode(first)},{_encode(last)}"
    for head in range(2, MOST_WORDS - 2):
        first, last = lower[: words[head - 1].end()], lower[words[-2].start() :]
        for count in range(1, MOST_WORDS - head - 1):
            if len(before) >= count:
                lead = text[before[-count].start() : start].strip().lower()
                yield f"{_MARK}{_encode(lead)}-,{_encode(first)},{_encode(last)}"


def words_of(iri: str) -> int:
    """Return how many words of a source stand in the text fragment of an IRI.

    >>> words_of("https://example.org/#:~:text=we%20met,long%20time.")
    4
    """
    return len(unquote(iri.partition(_MARK)[2].replace(",", " ").replace("-", "")).split())


def matches(text: str, iri: str) -> Iterator[tuple[int, int]]:
    """Yield the stretches of a text that the text fragment of an IRI leads to, in order.

    A browser opens the first; `start` and `end` of a range need not be next to
    each other, the range ends at the first `end` after its `start`.

    >>> list(matches("a b c a b", "#:~:text=a%20b"))
    [(0, 3), (6, 9)]
    """
    parts = iri.partition(_MARK)[2].split(",")
    prefix = unquote(parts.pop(0)[:-1]) if parts[0].endswith("-") else ""
    suffix = unquote(parts.pop()[1:]) if parts[-1].startswith("-") else ""
    first, last = (unquote(part) for part in (parts * 2)[:2])
    for found in _bounded(first).finditer(text):
        end = found.end()
        if len(parts) > 1:
            closing = _bounded(last).search(text, end)
            if closing is None:
                continue
            end = closing.end()
        if prefix and not re.search(
            _bounded(prefix).pattern + r"\W*$", text[: found.start()], re.I
        ):
            continue
        if suffix and not re.match(r"\W*" + _bounded(suffix).pattern, text[end:], re.I):
            continue
        yield found.start(), end


def _bounded(words: str) -> re.Pattern[str]:
    """Return the pattern of whole words, letter case and kind of white space ignored."""
    body = r"\s+".join(re.escape(word) for word in words.split())
    return re.compile(rf"(?<!\w){body}(?!\w)", re.IGNORECASE)
