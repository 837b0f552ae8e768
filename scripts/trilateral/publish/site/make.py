"""Make: all files of a site, written by as many processes as there are processors."""

from __future__ import annotations

import asyncio
import hashlib
import json
import multiprocessing
import os
import re
import signal
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.requests import Request

from trilateral import __version__
from trilateral.prefixes import prefixes
from trilateral.publish.history.retired import read_redirects
from trilateral.publish.hosts.table import make_table
from trilateral.publish.hosts.versions import read_versions
from trilateral.publish.hosts.write import site_rules
from trilateral.publish.site import data, names
from trilateral.publish.site.addresses import WELL_KNOWN, read_files, read_pages, read_things
from trilateral.publish.site.answers import HERE, answer, scope_of
from trilateral.publish.site.browser import browser_files
from trilateral.publish.site.engine import Direct
from trilateral.publish.site.layout import Layout, address_of
from trilateral.publish.site.links import Links
from trilateral.publish.site.plan import MADE_BY, MANIFEST, Plan
from trilateral.serve.api.names import questions_of
from trilateral.serve.app import make_parts
from trilateral.serve.generation import Generation
from trilateral.serve.linked_data.documents import RDF, job_of
from trilateral.serve.pages.catalogue import read_catalogue
from trilateral.serve.pages.problem import problem_response
from trilateral.serve.site import Site, read_labels, read_retired
from trilateral.serve.web import static
from trilateral.serve.web.http import Problem
from trilateral.serve.workers.limits import Limits
from trilateral.serve.workers.source import load

if TYPE_CHECKING:
    import pyoxigraph as ox

NOT_FOUND = "404.html"
_LOC = re.compile(rf"<loc>{re.escape(HERE)}([^<]*)</loc>")
# Things that one process makes before it takes the next.
_A_BATCH = 40


@dataclass
class Made:
    """What was written.

    Attributes:
        files: A digest of each file by name.
        found: Pages with parameters that are to be written.
        size: How many bytes there are in all.
    """

    files: dict[str, str] = field(default_factory=dict)
    found: set[str] = field(default_factory=set)
    size: int = 0

    def add(self, other: Made) -> None:
        """Take over what another process has made."""
        self.files |= other.files
        self.found |= other.found
        self.size += other.size


class Maker:
    """Writes the files of one site into a folder.

    Attributes:
        plan: What is written, and for which address.
        site: The site as the server has it, with the store in this process.
        things: What has pages and documents.
    """

    def __init__(self, plan: Plan, store: ox.Store, version: str, folder: Path) -> None:
        self.plan, self.folder = plan, folder
        self.engine = Direct(store, version)
        self.things = read_things(store)
        self.site = Site(Limits(budget=0), plan.data)
        self._made = Made()
        self._folders = {folder}

    async def open(self) -> None:
        """Read what all pages need: labels, the catalogue, and which files there will be."""
        self.site.current = Generation(
            self.engine, await read_labels(self.engine), await read_retired(self.engine)
        )
        # Read before there are several processes, which then share it.
        await read_catalogue(self.site)
        self.pages = list(read_pages())
        self.files = list(read_files(questions_of(self.site.home).values()))
        self.files += [static.asset(name) for name in _static_names()]
        indexes = {f"{path}/index.html".replace("//", "/").lstrip("/") for path in self.pages}
        plain = {path.lstrip("/") for path in self.files} - {"api/questions"}
        named = {*indexes, *plain, *WELL_KNOWN, "api/questions.json", names.FILE, "sitemap.xml"}
        self.layout = Layout(self.things.pages, named | self._documents(), self.things.versions)
        self.site.files = self.layout.file_of
        self.links = Links(self.layout)

    def _documents(self) -> set[str]:
        return {f"{path}.{each.ending}" for path in self.things.documents for each in RDF}

    @cached_property
    def parts(self) -> Starlette:
        """The application."""
        return make_parts(self.site)

    # ------------------------------------------------------------ what one process does

    def do(self, tasks: Iterable[tuple[str, str]]) -> Made:
        """Do some tasks, each the name of a method and what it is about."""
        self._made = Made()
        asyncio.run(self._do(tasks))
        self._made.found, self.layout.found = self.layout.found, set()
        return self._made

    async def _do(self, tasks: Iterable[tuple[str, str]]) -> None:
        for kind, about in tasks:
            await getattr(self, kind)(about)

    async def thing(self, path: str) -> None:
        """Write the page of a thing, where it has one, and its documents."""
        if path in self.layout.things:
            await self._page(f"/{path}.html", f"{path}.html")
        if path == "shapes":
            # They stand in no graph.
            for each in RDF:
                await self.file(f"/shapes.{each.ending}")
            return
        context = f"{self.plan.address}/context.jsonld"
        for each in RDF:
            job = job_of(prefixes().base + path, each.media, context)
            self._write(f"{path}.{each.ending}", self.engine.do(job).body)

    async def file(self, url: str) -> None:
        """Write what is there under a path, a page or anything else."""
        file = self.layout.file_of(url)
        assert file is not None, url
        if file.endswith(".html"):
            await self._page(url, file)
            return
        body = await answer(self.parts, url)
        self._write(file, body if url.startswith("/static/") else self._here(body))

    async def _page(self, url: str, file: str) -> None:
        language = self.plan.language
        asked = "" if language == "en" else f"{'&' if '?' in url else '?'}lang={language}"
        # With parameters, a page may say that there is nothing to show.
        text = (await answer(self.parts, url + asked, may_lack="?" in url)).decode()
        self._write(file, self._here(self.links.rewrite(text, file).encode()))

    def _here(self, body: bytes) -> bytes:
        return body.replace(HERE.encode(), self.plan.address.encode())

    def _write(self, file: str, body: bytes) -> None:
        path = self.folder / file
        if path.parent not in self._folders:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._folders.add(path.parent)
        path.write_bytes(body)
        self._made.size += len(body)
        self._made.files[file] = hashlib.sha256(body).hexdigest()[:16]

    # ------------------------------------------------------------ what is there once

    async def graphs(self, _: str) -> None:
        """Write the named graphs for those who load them."""
        for name, body in data.write_graphs(self.engine):
            self._write(name, body)

    async def whole(self, ending: str) -> None:
        """Write the dataset in a format; compressed too, for those who load it."""
        media = next(each.media for each in RDF if each.ending == ending)
        context = f"{self.plan.address}/context.jsonld"
        body = self.engine.do(job_of(f"{prefixes().base}dataset", media, context)).body
        self._write(f"dataset.{ending}", body)
        if ending in ("nq", "trig"):
            packed = data.compress(body)
            self._write(f"{data.FOLDER}/dataset.{ending}.gz", packed)
        if ending == "trig":
            for name, found in browser_files(self.site, packed).items():
                self._write(name, found)

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


_maker: Maker | None = None


def make(plan: Plan, folder: Path, progress: Callable[[str], None] = lambda name: None) -> Made:
    """Write all files of a site into a folder, and return what was written.

    The same bytes for the same data, package and plan. The data must have passed the checks.

    Raises:
        RefusedError: naming a thing that no file can be named after.
    """
    global _maker
    progress("the dataset")
    store, version = load(plan.data, None)
    _maker = maker = Maker(plan, store, version, folder)
    asyncio.run(maker.open())
    # What takes longest comes first, so that no process is left with it at the end.
    once = [[("graphs", "")], *([("whole", each.ending)] for each in RDF)]
    once += [[("copy", file)] for file in WELL_KNOWN]
    once += [[("names", ""), ("sitemap", ""), ("not_found", ""), ("rules", "")]]
    urls = [[("file", url)] for url in maker.pages]
    urls += _batches("file", maker.files)
    documents = [each for each in maker.things.documents if each != "dataset"]
    batches = [*once, *urls, *_batches("thing", documents)]
    made, written = Made(), set(maker.pages)
    progress(f"{len(maker.things.documents):,} things")
    try:
        with multiprocessing.get_context("fork").Pool(
            len(os.sched_getaffinity(0)), _leave_interrupts
        ) as pool:
            while batches:
                for done in pool.imap_unordered(_do, batches):
                    made.add(done)
                # Pages with parameters that pages lead to lead to others in turn.
                more = sorted(made.found - written)
                written |= made.found
                batches = _batches("file", more)
                if more:
                    progress(f"{len(more):,} pages with parameters")
    finally:
        _maker = None
    (folder / MANIFEST).write_bytes(manifest_of(plan, version, made))
    return made


def _batches(kind: str, abouts: list[str]) -> list[list[tuple[str, str]]]:
    return [
        [(kind, about) for about in abouts[start : start + _A_BATCH]]
        for start in range(0, len(abouts), _A_BATCH)
    ]


def _leave_interrupts() -> None:
    """Let the process that waits for the workers be the one that hears of an interrupt."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _do(tasks: list[tuple[str, str]]) -> Made:
    assert _maker is not None
    return _maker.do(tasks)


def manifest_of(plan: Plan, version: str, made: Made) -> bytes:
    """Return what tells that a folder is a site, and of which files."""
    told = {
        "made_by": MADE_BY,
        "model": __version__,
        "data": version,
        "address": plan.address,
        "files": dict(sorted(made.files.items())),
    }
    return (json.dumps(told, ensure_ascii=False, indent=0) + "\n").encode()
