"""Statistics: how much of what the data hold, asked once for each version of them."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from importlib import resources

from trilateral.serve.site import Answer, Site, read_answer
from trilateral.serve.web.problems import problem_of
from trilateral.serve.workers.peer import JobError
from trilateral.serve.workers.pool import Engine

_JSON = "application/sparql-results+json"
# Each count may take longer than the query of a client: a million triples take seconds.
_SECONDS = 60.0


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
    """Return the counts of the data that are served, made once for all who ask for them.

    They are at no client's expense, so that there is one counting at a time, however many ask.

    Raises:
        Problem: when they could not be counted; who asks next has it tried again.
    """
    kept = site.kept
    counting: asyncio.Task[Statistics] | None = kept.get("statistics")
    if counting is None:
        counting = kept["statistics"] = asyncio.create_task(_count(site.engine))

        def note(done: asyncio.Task[Statistics]) -> None:
            if done.cancelled() or done.exception():
                kept.pop("statistics", None)

        counting.add_done_callback(note)
    try:
        return await asyncio.shield(counting)
    except JobError as error:
        raise problem_of(error, site.limits) from None


async def _count(engine: Engine) -> Statistics:
    async def ask(name: str) -> Answer:
        job = {"does": "query", "query": query_of(name), "solutions": _JSON, "prefixes": True}
        return read_answer((await engine.run(job, seconds=_SECONDS)).body)

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
