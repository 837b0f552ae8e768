"""Make: all files of a site, written by as many processes as there are processors."""

from __future__ import annotations

import asyncio
import gc
import hashlib
import itertools
import json
import multiprocessing
import os
import re
import signal
from collections.abc import Callable, Iterable, Iterator
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
from trilateral.publish.site.addresses import (
    WELL_KNOWN,
    read_answers,
    read_files,
    read_pages,
    read_things,
)
from trilateral.publish.site.again import unconcerned
from trilateral.publish.site.answers import HERE, answer, scope_of
from trilateral.publish.site.browser import browser_files
from trilateral.publish.site.engine import Direct
from trilateral.publish.site.history import read_history
from trilateral.publish.site.kept import Known, Unit, restore, save
from trilateral.publish.site.layout import Layout, address_of
from trilateral.publish.site.links import Links
from trilateral.publish.site.notes import Labels, NotedKept
from trilateral.publish.site.plan import MADE_BY, MANIFEST, Plan
from trilateral.serve.api.names import questions_of
from trilateral.serve.app import make_parts
from trilateral.serve.generation import Generation
from trilateral.serve.linked_data.documents import RDF, job_of
from trilateral.serve.pages.catalogue import read_catalogue
from trilateral.serve.pages.problem import problem_response
from trilateral.serve.pages.things.ahead import ask_ahead
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
_A_BATCH = 200
# Parts of the last site that one process takes over before it takes the next.
_TAKEN = 1000
# Bytes of answers that one process keeps: those of a batch, and those about all things.
_ROOM = 1 << 30


# The name of a method, and what it is about.
Task = tuple[str, str]


@dataclass
class Made:
    """What was written.

    Attributes:
        files: A digest of each file by name.
        states: Size and time of change of each file.
        units: What was looked at for each part of the site, by the task that makes it.
        kept: How many files are those of the last site, but for the digest of the data.
        size: How many bytes there are in all.
    """

    files: dict[str, str] = field(default_factory=dict)
    states: dict[str, tuple[int, int]] = field(default_factory=dict)
    units: dict[str, Unit] = field(default_factory=dict)
    kept: int = 0
    size: int = 0

    def add(self, other: Made) -> None:
        """Take over what another process has made."""
        self.files |= other.files
        self.states |= other.states
        self.units |= other.units
        self.kept += other.kept
        self.size += other.size


class Maker:
    """Writes the files of one site into a folder.

    Attributes:
        plan: What is written, and for which address.
        site: The site as the server has it, with the store in this process.
        things: What has pages and documents.
    """

    def __init__(
        self,
        plan: Plan,
        store: ox.Store,
        version: str,
        folder: Path,
        known: Known | None = None,
    ) -> None:
        self.plan, self.folder, self.known = plan, folder, known
        self.engine = Direct(store, version)
        self.things = read_things(store)
        self.site = Site(Limits(budget=0), plan.data)
        self.history: dict[str, Path] = {}
        if plan.history:
            self.history, self.site.history = read_history(plan.history)
        self._made, self._unit = Made(), Unit()
        self._folders = {""}

    async def open(self) -> None:
        """Read what all pages need: labels, the catalogue, and which files there will be."""
        self.site.current = await open_generation(self.engine)
        # Read before there are several processes, which then share it.
        await read_catalogue(self.site)
        self.pages = list(read_pages())
        self.files = [*read_files(), *(static.asset(name) for name in _static_names())]
        self.questions = questions_of(self.site.home)
        answers = (path for each in self.questions.values() for path in read_answers(each))
        indexes = {f"{path}/index.html".replace("//", "/").lstrip("/") for path in self.pages}
        plain = {path.lstrip("/") for path in (*self.files, *answers)} - {"api/questions"}
        named = {*indexes, *plain, *WELL_KNOWN, "api/questions.json", names.FILE, "sitemap.xml"}
        named |= self._documents() | self.history.keys()
        self.layout = Layout(self.things.pages, named, self.things.versions)
        self.site.files = self.layout.file_of
        self.links = Links(self.layout)

    def _documents(self) -> set[str]:
        return {f"{path}.{each.ending}" for path in self.things.documents for each in RDF}

    @cached_property
    def parts(self) -> Starlette:
        """The application."""
        return make_parts(self.site)

    # ------------------------------------------------------------ what one process does

    def do(self, tasks: Iterable[Task]) -> Made:
        """Do some tasks, each the name of a method and what it is about."""
        self._made = Made()
        asyncio.run(self._do(tasks))
        return self._made

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
        for kind, about in tasks:
            if kind == "again":
                self._again(about)
                continue
            self._unit = self._made.units[f"{kind} {about}"] = Unit()
            await getattr(self, kind)(about)
            names, keys, self._unit.all = notes.take()
            seen, self.links.seen = self.links.seen, set()
            self._unit.names = frozenset(names | seen)
            # What is asked for many things at once is known by their kind.
            self._unit.keys = sorted(keys - ahead)
        for key in ahead:
            del kept[key]
        notes.take()

    def _again(self, task: str) -> None:
        """Take over a part of the last site; its pages show the digest of the data as it is."""
        assert self.known is not None
        unit = self._made.units[task] = self.known.units[task]
        same = self.known.data == self.engine.version
        old, new = self.known.data[:12].encode(), self.engine.version[:12].encode()
        of_thing, still = task.startswith("thing "), task.startswith("file /static/")
        for file in unit.files:
            self._made.kept += 1
            if same or still or (of_thing and not file.endswith(".html")):
                self._take_over(file, self.known)
            else:
                self._write_file(file, (self.plan.out / file).read_bytes().replace(old, new))

    def _take_over(self, file: str, known: Known) -> None:
        self._folder_of(file)
        try:
            # Not a copy: the folder that it is in now goes.
            os.link(f"{self.plan.out}/{file}", f"{self.folder}/{file}")
        except OSError:
            # There are file systems without links.
            self._write_file(file, (self.plan.out / file).read_bytes())
            return
        self._made.files[file], self._made.states[file] = known.digests[file], known.states[file]
        self._made.size += known.states[file][0]

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
        self._folder_of(file)
        # Not by pathlib, which takes longer than the system does: there are tens of thousands.
        handle = os.open(f"{self.folder}/{file}", os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o666)
        try:
            left = memoryview(body)
            while left:
                left = left[os.write(handle, left) :]
            self._made.states[file] = len(body), os.fstat(handle).st_mtime_ns
        finally:
            os.close(handle)
        self._made.size += len(body)
        self._made.files[file] = hashlib.sha256(body).hexdigest()[:16]

    def _folder_of(self, file: str) -> None:
        """Make the folder of a file."""
        folder = file.rpartition("/")[0]
        if folder not in self._folders:
            (self.folder / folder).mkdir(parents=True, exist_ok=True)
            self._folders.add(folder)

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

    async def past(self, _: str) -> None:
        """Write what the versions changed, as it is."""
        for name, path in self.history.items():
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


_maker: Maker | None = None


def make(
    plan: Plan,
    folder: Path,
    progress: Callable[[str], None] = lambda name: None,
    whole: bool = False,
) -> Made:
    """Write all files of a site into a folder, and return what was written.

    The same bytes for the same data, package and plan. The data must have passed the checks.
    What a change of the data does not concern is taken over from the site that stands where the
    new one will be, where that is known, and not the ``whole`` is asked for.

    Raises:
        RefusedError: naming a thing that no file can be named after.
    """
    global _maker
    progress("the dataset")
    store, version = load(plan.data, None)
    known = None if whole else restore(plan)
    _maker = maker = Maker(plan, store, version, folder, known)
    asyncio.run(maker.open())
    # What is there now stays: no process has to look through it for what can go.
    gc.freeze()
    batches = list(_first_batches(maker))
    again: set[str] = set()
    if known:
        progress("what has changed")
        again = unconcerned(maker, known)
    made = Made()
    progress(f"{len(maker.things.documents):,} things")
    try:
        with multiprocessing.get_context("fork").Pool(
            len(os.sched_getaffinity(0)), _leave_interrupts
        ) as pool:
            while batches:
                for done in pool.imap_unordered(_do, _sorted_out(batches, again)):
                    made.add(done)
                # Pages with parameters that pages lead to lead to others in turn.
                found = {url for unit in made.units.values() for url in unit.found}
                found -= {url for unit in made.units.values() for url in unit.done}
                batches = _batches("file", sorted(found))
                if found:
                    progress(f"{len(found):,} pages with parameters")
    finally:
        _maker = None
        gc.unfreeze()
    manifest = manifest_of(plan, version, made)
    (folder / MANIFEST).write_bytes(manifest)
    save(plan, Known(version, made.units, made.files, made.states), manifest)
    return made


def _sorted_out(batches: list[list[Task]], again: set[str]) -> list[list[Task]]:
    """Return batches in which what is taken over stands apart, last, in long ones."""
    todo = [[task for task in batch if " ".join(task) not in again] for batch in batches]
    taken = [" ".join(task) for batch in batches for task in batch if " ".join(task) in again]
    return [*filter(None, todo), *_batches("again", taken, _TAKEN)]


def _first_batches(maker: Maker) -> Iterator[list[Task]]:
    """Yield what is to be written, in the parts that one process does before it takes the next.

    What takes longest comes first, so that no process is left with it at the end.
    """
    yield from ([("whole", each.ending)] for each in RDF)
    yield from ([("question", name)] for name in maker.questions)
    yield [("graphs", "")]
    yield [("past", "")]
    yield from ([("file", url)] for url in maker.pages)
    yield from _batches("file", maker.files)
    yield from ([("copy", file)] for file in WELL_KNOWN)
    yield [("names", ""), ("sitemap", ""), ("not_found", ""), ("rules", "")]
    documents = [each for each in maker.things.documents if each != "dataset"]
    # Of one kind, whose pages ask the same questions.
    for _, alike in itertools.groupby(documents, lambda each: each.partition("/")[0]):
        yield from _batches("thing", list(alike))


def _batches(kind: str, abouts: list[str], size: int = _A_BATCH) -> list[list[Task]]:
    return [
        [(kind, about) for about in abouts[start : start + size]]
        for start in range(0, len(abouts), size)
    ]


def _leave_interrupts() -> None:
    """Let the process that waits for the workers be the one that hears of an interrupt."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _do(tasks: list[Task]) -> Made:
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
