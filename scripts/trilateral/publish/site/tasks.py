"""Tasks: what is to be made of a site, in the parts and in the order in which it is shared out."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

from trilateral.publish.site.addresses import WELL_KNOWN
from trilateral.publish.site.maker import Maker, Task

# Things that one process makes before it takes the next; where few are made again, of pages with
# parameters so many, so that none is left with them at the end.
A_BATCH, FEW = 200, 8


def first_batches(maker: Maker) -> Iterator[list[Task]]:
    """Yield what is to be written, in the parts that one process does before it takes the next.

    What takes longest comes first, so that no process is left with it at the end.
    """
    yield from ([("question", name)] for name in maker.questions)
    yield [("graphs", "")]
    yield [("past", "")]
    yield from ([("file", url)] for url in maker.pages)
    # What programs look for is a copy of such a file, which is at hand then.
    first, *others = batches("file", maker.files)
    yield first + [("copy", file) for file in WELL_KNOWN]
    yield from others
    yield [("names", ""), ("sitemap", ""), ("not_found", ""), ("rules", "")]
    documents = [each for each in maker.things.documents if each != "dataset"]
    # Of one kind, whose pages ask the same questions.
    for _, alike in itertools.groupby(documents, lambda each: each.partition("/")[0]):
        yield from batches("thing", list(alike))


def ready(found: set[str], alone: bool) -> set[str]:
    """Return the pages with parameters that can be made, of those that were found.

    Those of one thing, and of one question in the editor, are made with what they are of: they
    are only to be made where nothing else is (``alone``).
    """
    if alone:
        return found
    return {url for url in found if ".html?" not in url and not url.startswith("/query?")}


def batches(kind: str, abouts: list[str], size: int = A_BATCH) -> list[list[Task]]:
    """Return tasks of one kind in parts of a size."""
    return [
        [(kind, about) for about in abouts[start : start + size]]
        for start in range(0, len(abouts), size)
    ]
