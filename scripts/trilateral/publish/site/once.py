"""Once: the parts of a site that there is one of, and how each is written."""

from __future__ import annotations

import json
import re
from collections.abc import Awaitable, Callable
from functools import partial
from typing import TYPE_CHECKING, Any

from starlette.requests import Request

from trilateral.prefixes import prefixes
from trilateral.publish.history.retired import read_redirects
from trilateral.publish.hosts.table import make_table
from trilateral.publish.hosts.versions import read_versions
from trilateral.publish.hosts.write import site_rules
from trilateral.publish.site import data, names
from trilateral.publish.site.addresses import WELL_KNOWN
from trilateral.publish.site.answers import HERE, answer, scope_of
from trilateral.publish.site.browser import browser_files
from trilateral.publish.site.layout import address_of
from trilateral.publish.site.spliced import spliced
from trilateral.serve.linked_data.documents import RDF, job_of
from trilateral.serve.pages.catalogue import read_catalogue
from trilateral.serve.pages.problem import problem_response
from trilateral.serve.web.http import Problem

if TYPE_CHECKING:
    from trilateral.publish.site.maker import Maker

NOT_FOUND = "404.html"
_LOC = re.compile(rf"<loc>{re.escape(HERE)}([^<]*)</loc>")


async def _graphs(maker: Maker, _: str) -> None:
    """Write the named graphs for those who load them."""
    same = {}
    if maker.change is not None:
        listed = json.loads((maker.plan.out / data.LIST).read_bytes())
        same = {each["iri"]: each for each in listed if each["iri"] not in maker.change.graphs}
    for name, body in data.write_graphs(maker.engine, same):
        if body is None:
            maker.writer.keep(name)
        else:
            maker.writer.write(name, body)


async def _whole(maker: Maker, ending: str) -> None:
    """Write the dataset in a format; compressed too, for those who load it."""
    media = next(each.media for each in RDF if each.ending == ending)
    context = f"{maker.plan.address}/context.jsonld"
    job = job_of(f"{prefixes().base}dataset", media, context)
    body = _after_change(maker, f"dataset.{ending}", job) or maker.engine.do(job).body
    maker.writer.write(f"dataset.{ending}", body)
    if ending in ("nq", "trig"):
        maker.writer.write(f"{data.FOLDER}/dataset.{ending}.gz", data.compress(body))


def _after_change(maker: Maker, file: str, job: dict[str, Any]) -> bytes | None:
    if maker.change is None:
        return None
    last = (maker.plan.out / file).read_bytes()
    return spliced(last, job["media"], maker.change, partial(maker.engine.write, job=job))


async def _browser(maker: Maker, _: str) -> None:
    """Write what pages need to answer queries themselves, once the dataset is there."""
    for name, body in browser_files(maker.site, partial(_there, maker)).items():
        maker.writer.write(name, body)


def _there(maker: Maker, file: str) -> bytes | None:
    """Return a file of this site that is written, or stays as it was in the last."""
    path = maker.writer.folder / file
    if not path.exists() and file not in maker.writer.last:
        return None
    return (path if path.exists() else maker.plan.out / file).read_bytes()


async def _past(maker: Maker, _: str) -> None:
    """Write what the versions changed, as it is."""
    for name, path in maker.site.history.files.items():
        maker.writer.write(name, path.read_bytes())


async def _names(maker: Maker, _: str) -> None:
    """Write the names that the search goes through."""
    catalogue = await read_catalogue(maker.site)
    maker.writer.write(names.FILE, names.write_names(maker.site, catalogue, maker.plan.language))


async def _copy(maker: Maker, file: str) -> None:
    """Write what programs look for under a name of its own."""
    maker.writer.write(file, maker.here(await answer(maker.parts, WELL_KNOWN[file])))


async def _sitemap(maker: Maker, _: str) -> None:
    """Write the sitemap, of the addresses that pages have here."""

    def lead(found: re.Match[str]) -> str:
        file = maker.layout.file_of(found[1])
        where = found[1].lstrip("/") if file is None else address_of(file)
        return f"<loc>{maker.plan.address}/{where}</loc>"

    waiting = ["/sitemap.xml"]
    for url in waiting:
        text = (await answer(maker.parts, url)).decode()
        waiting += re.findall(rf"{re.escape(HERE)}(/sitemap-\d+\.xml)", text)
        maker.writer.write(url[1:], _LOC.sub(lead, text).encode())


async def _not_found(maker: Maker, _: str) -> None:
    """Write the page for what is not found, at whatever depth it was looked for."""
    request = Request(scope_of(maker.parts, "/404"))
    problem = Problem(404, "Not found", "There is nothing at such a path.", "See /.")
    body = problem_response(request, problem).body
    text = maker.links.rewrite(bytes(body).decode(), NOT_FOUND, root=maker.plan.base_path)
    maker.writer.write(NOT_FOUND, text.encode())


async def _rules(maker: Maker, _: str) -> None:
    """Write what hosts look for at the root."""
    home = maker.site.home
    table = make_table(
        path=maker.plan.base_path, see=read_versions(home), retired=read_redirects(home)
    )
    for name, body in site_rules(table).items():
        maker.writer.write(name, body)
    # Or GitHub Pages leaves out what begins with a dot.
    maker.writer.write(".nojekyll", b"")


# By the name of a task; what it is about is a part of it, if anything.
ONCE: dict[str, Callable[[Maker, str], Awaitable[None]]] = {
    "graphs": _graphs,
    "whole": _whole,
    "browser": _browser,
    "past": _past,
    "names": _names,
    "copy": _copy,
    "sitemap": _sitemap,
    "not_found": _not_found,
    "rules": _rules,
}
