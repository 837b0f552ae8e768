"""Maker: what writes each part of a site into a folder."""

from __future__ import annotations

import asyncio
import hashlib
import json
import os
import re
from collections.abc import Iterable, Mapping
from functools import cached_property, partial
from pathlib import Path
from typing import Any

import pyoxigraph as ox
from starlette.applications import Starlette
from starlette.requests import Request

from trilateral.prefixes import prefixes
from trilateral.publish.history.retired import read_redirects
from trilateral.publish.history.written import read_history
from trilateral.publish.hosts.table import make_table
from trilateral.publish.hosts.versions import read_versions
from trilateral.publish.hosts.write import site_rules
from trilateral.publish.site import data, names
from trilateral.publish.site.addresses import (
    WELL_KNOWN,
    read_answers,
    read_files,
    read_pages,
    read_things,
)
from trilateral.publish.site.answers import HERE, answer, scope_of
from trilateral.publish.site.browser import browser_files
from trilateral.publish.site.change import Change
from trilateral.publish.site.engine import Direct, key_of
from trilateral.publish.site.kept import Block, State, Unit
from trilateral.publish.site.layout import Layout, address_of
from trilateral.publish.site.links import Links
from trilateral.publish.site.notes import Labels, NotedKept, Places, marks_of
from trilateral.publish.site.plan import Plan
from trilateral.publish.site.spliced import spliced
from trilateral.serve.api.names import questions_of
from trilateral.serve.app import make_parts
from trilateral.serve.generation import Generation
from trilateral.serve.linked_data.documents import RDF, job_of
from trilateral.serve.pages.catalogue import Catalogue, read_catalogue
from trilateral.serve.pages.problem import problem_response
from trilateral.serve.pages.things.ahead import ask_ahead
from trilateral.serve.site import Site, read_labels, read_retired
from trilateral.serve.web import static
from trilateral.serve.web.http import Problem
from trilateral.serve.workers.limits import Limits

NOT_FOUND = "404.html"
_LOC = re.compile(rf"<loc>{re.escape(HERE)}([^<]*)</loc>")
# Bytes of answers that one process keeps: those of a batch, and those about all things.
_ROOM = 1 << 30


# The name of a method, and what it is about.
Task = tuple[str, str]


class Maker:
    """Writes the files of one site into a folder.

    Attributes:
        plan: What is written, and for which address.
        site: The site as the server has it, with the store in this process.
        quads: What the store holds, as lines of N-Quads.
        things: What has pages and documents.
        last: The state of each file of the site that stands in the place of this one: what comes
            out the same is not written.
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
        self.plan, self.folder, self.last = plan, folder, last or {}
        self.change: Change | None = None
        self.engine = Direct(store, version)
        self.quads = (store.dump(format=ox.RdfFormat.N_QUADS) or b"").splitlines()
        self.things = read_things(store, self.quads)
        self.site = Site(Limits(budget=0), plan.data)
        self.site.current = Generation(self.engine)
        if plan.history:
            self.site.history = read_history(plan.history)
        self._block, self._unit = Block(), Unit()
        self._folders = {""}
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
        self._block = Block()
        asyncio.run(self._do(tasks))
        return self._block

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
            self._unit = self._block.units[f"{kind} {about}"] = Unit()
            await getattr(self, kind)(about)
            # What is no page may lead to some too, or ask whether they are there.
            self._unit.found += sorted(self.layout.found)
            self.layout.found = set()
            named, looked_up, self._unit.all = notes.take()
            seen, self.links.seen = self.links.seen, set()
            self._unit.names = marks_of(named | seen)
            # What is asked for many things at once is known by their kind.
            self._unit.keys = keys.of(set(map(key_of, looked_up - ahead)))
        for key in ahead:
            del kept[key]
        notes.take()
        self._block.keys = [(key, self.engine.answered(key)) for key in keys]

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
            self._write(f"{path}.{each.ending}", self._here(self.engine.do(job).body))

    async def file(self, url: str) -> None:
        """Write what is there under a path, a page or anything else."""
        file = self.layout.file_of(url)
        assert file is not None, url
        if "?" in url:
            self._unit.done.append(url)
        if file.endswith(".html"):
            await self._page(url, file)
            return
        body = await answer(self.parts, url)
        self._write(file, body if url.startswith("/static/") else self._here(body))

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
        self._unit.found += sorted(found)
        for each in sorted(found - {*self._unit.done}):
            if each.startswith(start) and (query or path.endswith(".html")):
                await self.file(each)

    async def _page_alone(self, url: str, file: str) -> None:
        language = self.plan.language
        asked = "" if language == "en" else f"{'&' if '?' in url else '?'}lang={language}"
        # With parameters, a page may say that there is nothing to show.
        text = (await answer(self.parts, url + asked, may_lack="?" in url)).decode()
        self._write(file, self._here(self.links.rewrite(text, file).encode()))

    def _here(self, body: bytes) -> bytes:
        return body.replace(HERE.encode(), self.plan.address.encode())

    def _write(self, file: str, body: bytes) -> None:
        self._unit.files.append(file)
        self._write_file(file, body)

    def _write_file(self, file: str, body: bytes) -> None:
        digest = hashlib.sha256(body).hexdigest()[:16]
        state = self.last.get(file)
        if state and state[0] == digest and state[1] == len(body):
            # It stands there already.
            self._block.files[file] = state
            return
        self._folder_of(file)
        # Not by pathlib, which takes longer than the system does: there are tens of thousands.
        handle = os.open(f"{self.folder}/{file}", os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o666)
        try:
            left = memoryview(body)
            while left:
                left = left[os.write(handle, left) :]
            self._block.files[file] = digest, len(body), os.fstat(handle).st_mtime_ns
        finally:
            os.close(handle)

    def _folder_of(self, file: str) -> None:
        """Make the folder of a file."""
        folder = file.rpartition("/")[0]
        if folder not in self._folders:
            (self.folder / folder).mkdir(parents=True, exist_ok=True)
            self._folders.add(folder)

    # ------------------------------------------------------------ what is there once

    async def graphs(self, _: str) -> None:
        """Write the named graphs for those who load them."""
        same = {}
        if self.change is not None:
            listed = json.loads((self.plan.out / data.LIST).read_bytes())
            same = {each["iri"]: each for each in listed if each["iri"] not in self.change.graphs}
        for name, body in data.write_graphs(self.engine, same):
            if body is None:
                self._unit.files.append(name)
                self._block.files[name] = self.last[name]
            else:
                self._write(name, body)

    async def whole(self, ending: str) -> None:
        """Write the dataset in a format; compressed too, for those who load it."""
        media = next(each.media for each in RDF if each.ending == ending)
        context = f"{self.plan.address}/context.jsonld"
        job = job_of(f"{prefixes().base}dataset", media, context)
        body = self._after_change(f"dataset.{ending}", job) or self.engine.do(job).body
        self._write(f"dataset.{ending}", body)
        if ending in ("nq", "trig"):
            self._write(f"{data.FOLDER}/dataset.{ending}.gz", data.compress(body))

    def _after_change(self, file: str, job: dict[str, Any]) -> bytes | None:
        if self.change is None:
            return None
        last = (self.plan.out / file).read_bytes()
        return spliced(last, job["media"], self.change, partial(self.engine.write, job=job))

    async def browser(self, _: str) -> None:
        """Write what pages need to answer queries themselves, once the dataset is there."""
        for name, body in browser_files(self.site, self._there).items():
            self._write(name, body)

    def _there(self, file: str) -> bytes | None:
        """Return a file of this site that is written, or stays as it was in the last."""
        path = self.folder / file
        if not path.exists() and file not in self.last:
            return None
        return (path if path.exists() else self.plan.out / file).read_bytes()

    async def past(self, _: str) -> None:
        """Write what the versions changed, as it is."""
        for name, path in self.site.history.files.items():
            self._write(name, path.read_bytes())

    async def names(self, _: str) -> None:
        """Write the names that the search goes through."""
        catalogue = await read_catalogue(self.site)
        self._write(names.FILE, names.write_names(self.site, catalogue, self.plan.language))

    async def copy(self, file: str) -> None:
        """Write what programs look for under a name of its own."""
        self._write(file, self._here(await answer(self.parts, WELL_KNOWN[file])))

    async def sitemap(self, _: str) -> None:
        """Write the sitemap, of the addresses that pages have here."""

        def lead(found: re.Match[str]) -> str:
            file = self.layout.file_of(found[1])
            where = found[1].lstrip("/") if file is None else address_of(file)
            return f"<loc>{self.plan.address}/{where}</loc>"

        waiting = ["/sitemap.xml"]
        for url in waiting:
            text = (await answer(self.parts, url)).decode()
            waiting += re.findall(rf"{re.escape(HERE)}(/sitemap-\d+\.xml)", text)
            self._write(url[1:], _LOC.sub(lead, text).encode())

    async def not_found(self, _: str) -> None:
        """Write the page for what is not found, at whatever depth it was looked for."""
        request = Request(scope_of(self.parts, "/404"))
        problem = Problem(404, "Not found", "There is nothing at such a path.", "See /.")
        body = problem_response(request, problem).body
        text = self.links.rewrite(bytes(body).decode(), NOT_FOUND, root=self.plan.base_path)
        self._write(NOT_FOUND, text.encode())

    async def rules(self, _: str) -> None:
        """Write what hosts look for at the root."""
        home = self.site.home
        table = make_table(
            path=self.plan.base_path, see=read_versions(home), retired=read_redirects(home)
        )
        for name, body in site_rules(table).items():
            self._write(name, body)
        # Or GitHub Pages leaves out what begins with a dot.
        self._write(".nojekyll", b"")


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
