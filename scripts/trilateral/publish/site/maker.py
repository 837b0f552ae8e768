"""Maker: what writes each part of a site into a folder."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from functools import cached_property
from pathlib import Path

import pyoxigraph as ox
from starlette.applications import Starlette

from trilateral.prefixes import prefixes
from trilateral.publish.history.written import read_history
from trilateral.publish.site import names
from trilateral.publish.site.addresses import (
    WELL_KNOWN,
    read_answers,
    read_files,
    read_pages,
    read_things,
)
from trilateral.publish.site.answers import HERE, answer
from trilateral.publish.site.change import Change
from trilateral.publish.site.engine import Direct, key_of
from trilateral.publish.site.kept import Block, State
from trilateral.publish.site.layout import Layout
from trilateral.publish.site.links import Links
from trilateral.publish.site.notes import Labels, NotedKept, Places, marks_of
from trilateral.publish.site.once import ONCE
from trilateral.publish.site.plan import Plan
from trilateral.publish.site.writer import Writer
from trilateral.serve.api.names import questions_of
from trilateral.serve.app import make_parts
from trilateral.serve.generation import Generation
from trilateral.serve.linked_data.documents import RDF, job_of
from trilateral.serve.pages.catalogue import Catalogue, read_catalogue
from trilateral.serve.pages.things.ahead import ask_ahead
from trilateral.serve.site import Site, read_labels, read_retired
from trilateral.serve.web import static
from trilateral.serve.workers.limits import Limits

# Bytes of answers that one process keeps: those of a batch, and those about all things.
_ROOM = 1 << 30


# What is done (a part that there is one of, or the name of a method), and about what.
Task = tuple[str, str]


class Maker:
    """Writes the files of one site into a folder.

    Attributes:
        plan: What is written, and for which address.
        site: The site as the server has it, with the store in this process.
        quads: What the store holds, as lines of N-Quads.
        things: What has pages and documents.
        writer: What writes them.
        change: What differs from the data of that site, None where that concerns all of it.
    """

    def __init__(
        self,
        plan: Plan,
        store: ox.Store,
        version: str,
        folder: Path,
        last: Mapping[str, State] | None = None,
    ) -> None:
        self.plan, self.writer = plan, Writer(folder, last or {})
        self.change: Change | None = None
        self.engine = Direct(store, version)
        self.quads = (store.dump(format=ox.RdfFormat.N_QUADS) or b"").splitlines()
        self.things = read_things(store, self.quads)
        self.site = Site(Limits(budget=0), plan.data)
        self.site.current = Generation(self.engine)
        if plan.history:
            self.site.history = read_history(plan.history)
        self.pages = list(read_pages())
        self.files = [*read_files(), *(static.asset(name) for name in _static_names())]
        self.questions = questions_of(self.site.home)
        answers = (path for each in self.questions.values() for path in read_answers(each))
        indexes = {f"{path}/index.html".replace("//", "/").lstrip("/") for path in self.pages}
        plain = {path.lstrip("/") for path in (*self.files, *answers)} - {"api/questions"}
        named = {*indexes, *plain, *WELL_KNOWN, "api/questions.json", names.FILE, "sitemap.xml"}
        named |= self._documents() | self.site.history.files.keys()
        self.layout = Layout(self.things.pages, named, self.things.versions)
        self.site.files = self.layout.file_of
        self.links = Links(self.layout)

    async def open(self, catalogue: Catalogue | None = None) -> Catalogue:
        """Read what all pages need: labels, and the ``catalogue`` unless it is given; returns that.

        Read before there are several processes, which then share it.
        """
        self.site.current = await open_generation(self.engine)
        if catalogue is not None:
            read = asyncio.get_running_loop().create_future()
            read.set_result(catalogue)
            self.site.kept["catalogue"] = read
        return await read_catalogue(self.site)

    def _documents(self) -> set[str]:
        return {f"{path}.{each.ending}" for path in self.things.documents for each in RDF}

    @cached_property
    def parts(self) -> Starlette:
        """The application."""
        return make_parts(self.site)

    # ------------------------------------------------------------ what one process does

    def do(self, tasks: Iterable[Task]) -> Block:
        """Do some tasks, each the name of a method and what it is about."""
        self.writer.block = Block()
        asyncio.run(self._do(tasks))
        return self.writer.block

    async def _do(self, tasks: Iterable[Task]) -> None:
        kept = self.site.kept
        things: dict[str, list[str]] = {}
        for kind, about in tasks:
            if kind == "thing" and about in self.layout.things and "/" in about:
                things.setdefault(about.partition("/")[0], []).append(prefixes().base + about)
        ahead: set[str] = set()
        for kind, iris in things.items():
            if kind != "graph":
                ahead |= await ask_ahead(self.site, kind, iris)
        notes = self.engine.notes
        notes.take()
        keys = Places()
        for kind, about in tasks:
            unit = self.writer.begin(f"{kind} {about}")
            if kind in ONCE:
                await ONCE[kind](self, about)
            else:
                await getattr(self, kind)(about)
            # What is no page may lead to some too, or ask whether they are there.
            unit.found += sorted(self.layout.found)
            self.layout.found = set()
            named, looked_up, unit.all = notes.take()
            seen, self.links.seen = self.links.seen, set()
            unit.names = marks_of(named | seen)
            # What is asked for many things at once is known by their kind.
            unit.keys = keys.of(set(map(key_of, looked_up - ahead)))
        for key in ahead:
            del kept[key]
        notes.take()
        self.writer.block.keys = [(key, self.engine.answered(key)) for key in keys]

    async def thing(self, path: str) -> None:
        """Write the page of a thing, where it has one, and its documents."""
        if path in self.layout.things:
            await self._page(f"/{path}.html", f"{path}.html")
        if path == "shapes":
            # They stand in no graph.
            for each in RDF:
                await self.file(f"/shapes.{each.ending}")
            return
        for each in RDF:
            job = job_of(prefixes().base + path, each.media, f"{HERE}/context.jsonld")
            self.writer.write(f"{path}.{each.ending}", self.here(self.engine.do(job).body))

    async def file(self, url: str) -> None:
        """Write what is there under a path, a page or anything else."""
        file = self.layout.file_of(url)
        assert file is not None, url
        if "?" in url:
            self.writer.unit.done.append(url)
        if file.endswith(".html"):
            await self._page(url, file)
            return
        body = await answer(self.parts, url)
        self.writer.write(file, body if url.startswith("/static/") else self.here(body))

    async def question(self, name: str) -> None:
        """Write the answer to a question in all formats, and its pages: it is asked once."""
        for path in read_answers(self.questions[name]):
            await self.file(path)
        if name in self.site.questions:
            await self.file(f"/query?question={name}")

    async def _page(self, url: str, file: str) -> None:
        """Write a page, and those of the same thing with parameters that it leads to."""
        await self._page_alone(url, file)
        path, _, query = url.partition("?")
        # Of one thing, or one question in the editor: its answers are at hand.
        start = f"{url}&" if query else f"{path}?"
        found, self.layout.found = self.layout.found, set()
        self.writer.unit.found += sorted(found)
        for each in sorted(found - {*self.writer.unit.done}):
            if each.startswith(start) and (query or path.endswith(".html")):
                await self.file(each)

    async def _page_alone(self, url: str, file: str) -> None:
        language = self.plan.language
        asked = "" if language == "en" else f"{'&' if '?' in url else '?'}lang={language}"
        # With parameters, a page may say that there is nothing to show.
        text = (await answer(self.parts, url + asked, may_lack="?" in url)).decode()
        self.writer.write(file, self.here(self.links.rewrite(text, file).encode()))

    def here(self, body: bytes) -> bytes:
        """Return an answer with the address of the site."""
        return body.replace(HERE.encode(), self.plan.address.encode())


def _static_names() -> list[str]:
    return sorted(
        path.relative_to(static.FOLDER).as_posix()
        for path in static.FOLDER.rglob("*")
        if path.is_file()
    )


async def open_generation(engine: Direct) -> Generation:
    """Return the generation of an engine, which notes what is looked up."""
    labels = Labels(await read_labels(engine), engine.notes)
    return Generation(engine, labels, await read_retired(engine), NotedKept(_ROOM, engine.notes))
