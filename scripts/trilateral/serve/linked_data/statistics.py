"""Statistics: how much of what the data hold, asked once for each version of them."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import resources

from trilateral.serve.site import Answer, Site


@dataclass(frozen=True)
class Statistics:
    """Counts; ``classes`` are of things, ``properties`` and ``graphs`` of triples, by IRI.

    A triple that stands in several graphs counts once, but in each of them for ``graphs``.
    """

    triples: int
    subjects: int
    objects: int
    entities: int
    classes: dict[str, int]
    properties: dict[str, int]
    graphs: dict[str, int]


def query_of(name: str) -> str:
    """Return the text of one of the queries that count.

    >>> "GRAPH ?graph" in query_of("graphs")
    True
    """
    return resources.files(__package__).joinpath(f"{name}.rq").read_text("utf-8")


async def read_statistics(site: Site) -> Statistics:
    """Return the counts of the data that are served, at no client's expense."""

    async def ask(name: str) -> Answer:
        return await site.query(query_of(name))

    async def table(name: str) -> dict[str, int]:
        answer = await ask(name)
        key, count = answer.variables
        return {row[key].value: int(row[count].value) for row in answer.rows}

    counts = (await ask("counts")).rows[0]
    entities = (await ask("entities")).rows[0]
    return Statistics(
        **{name: int(term.value) for name, term in {**counts, **entities}.items()},
        classes=await table("classes"),
        properties=await table("properties"),
        graphs=await table("graphs"),
    )
