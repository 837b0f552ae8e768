"""Data: the dataset and each of its named graphs as compressed files, and the list of these."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator, Mapping
from typing import Any

from trilateral.prefixes import prefixes
from trilateral.publish.site.engine import Direct

FOLDER = "data"
LIST = f"{FOLDER}/graphs.json"
WHOLE = f"{FOLDER}/dataset.nq.gz"


def write_graphs(
    engine: Direct, same: Mapping[str, Mapping[str, Any]]
) -> Iterator[tuple[str, bytes | None]]:
    """Yield a file of N-Quads for each named graph, and the list of them with their sizes.

    Args:
        engine: What holds the data.
        same: What the list tells of those that are there already, by their IRIs: of their files
            only the names are given.
    """
    told: list[Mapping[str, Any]] = []
    for name in sorted(each.value for each in engine.store.named_graphs()):
        if name in same:
            yield same[name]["file"], None
            told.append(same[name])
            continue
        done = engine.do({"does": "graph", "name": name, "media": "application/n-quads"})
        label = name.removeprefix(prefixes()["graph"])
        file, packed = f"{FOLDER}/graphs/{label}.nq.gz", compress(done.body)
        yield file, packed
        told.append(
            {
                "iri": name,
                "label": label,
                "file": file,
                "bytes": len(done.body),
                "bytes_gzip": len(packed),
                "quads": done.head["quads"],
            }
        )
    yield LIST, (json.dumps(told, ensure_ascii=False, indent=1) + "\n").encode()


def compress(data: bytes) -> bytes:
    """Return data compressed, the same bytes for the same data."""
    return gzip.compress(data, 6, mtime=0)
