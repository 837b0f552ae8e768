"""Cut a text into its sentences, bullets and list items.

The cut is a rule, not a judgement, so that two coders work on the same units
and a coverage report means the same thing to everybody.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

# A sentence ends at . ! or ? (with any closing quote or bracket) before white space and
# a capital, an opening quote or a digit; an initial such as "B." does not end one.
_END = re.compile(
    r"""(?<![A-Z])(?<!\ [A-Z])[.!?]["'”’)\]]*(?=\s+["'“‘(\[]?[A-Z0-9])
      | (?<=[A-Z]{2})[.!?](?=\s+[A-Z])""",
    re.VERBOSE,
)
_LEAD = re.compile(r"[\s\u2022*\-–—]*")
# In a bullet, the words before the first colon are its heading, a unit of their own.
_BULLET_HEADING = re.compile(r"\s*\u2022[^:.]*:(?=\s+[A-Z])")


def sentences(text: str) -> Iterator[tuple[int, int]]:
    r"""Yield ``(start, end)`` of each sentence, in code points, end exclusive.

    A line break always ends a unit, as does the colon after a bullet's heading;
    bullet marks and surrounding white space belong to no unit. Lines without a
    letter or digit yield nothing.

    >>> text = "One. Two says James B. Smith.\n\u2022 Three: Four."
    >>> [text[start:end] for start, end in sentences(text)]
    ['One.', 'Two says James B. Smith.', 'Three:', 'Four.']
    """
    position = 0
    for line in text.splitlines(keepends=True):
        cuts = [match.end() for match in _END.finditer(line)] + [len(line)]
        if heading := _BULLET_HEADING.match(line):
            cuts.insert(0, heading.end())
        begin = 0
        for cut in cuts:
            start = begin + len(_LEAD.match(line[begin:cut]).group())  # type: ignore[union-attr]
            end = begin + len(line[begin:cut].rstrip())
            if any(character.isalnum() for character in line[start:end]):
                yield position + start, position + end
            begin = cut
        position += len(line)
