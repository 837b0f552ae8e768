"""Make: all files of the documentation, whose links have been checked."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from trilateral import dataset
from trilateral.ask.show import find
from trilateral.prefixes import prefixes
from trilateral.publish.docs.catalogue import labels_in, make_catalogue
from trilateral.publish.docs.described import Described
from trilateral.publish.docs.guide import make_guide, read_guide
from trilateral.publish.docs.links import check_links
from trilateral.publish.docs.model import Model
from trilateral.publish.docs.pages import Group, Page, plain, write_page
from trilateral.publish.docs.pictures import make_pictures, places_of_pictures
from trilateral.publish.docs.plan import MADE_BY, Plan
from trilateral.publish.docs.reference import Reference, count_uses
from trilateral.publish.docs.shapes import ShapesDocs
from trilateral.publish.docs.terms import find_places, questions_by_term
from trilateral.publish.docs.values import make_values
from trilateral.publish.docs.words import Wording
from trilateral.publish.manifest import MANIFEST, write_manifest
from trilateral.serve.web import static
from trilateral.vocabulary import iri

# Files of the server's pages that these pages need too, and their own.
_SHARED = ("site.css", "views.css", "icon.svg", "matching.js", "editor/element.js")
_OWN = Path(__file__).parent / "static"
_REFERENCE = ("ontology.html", "values/index.html", "models.html", "shapes/index.html",
              "questions/index.html")  # fmt: skip


def make(plan: Plan, progress: Callable[[str], None] = lambda name: None) -> dict[str, bytes]:
    """Return all files of a documentation by name; the same bytes for the same project.

    Raises:
        RefusedError: naming file, line and target of each link that leads nowhere.
    """
    pages, pictures = _pages(plan, progress)
    progress("writing")
    titles = {page.file: page.title for page in pages}
    guide = tuple((page.file, page.title) for page in pages if page.template == "guide.html")
    groups = (
        Group("Guide", guide),
        Group("Reference", tuple((file, titles[file]) for file in _REFERENCE)),
    )
    files = dict(pictures)
    for page in pages:
        assert page.file not in files, page.file
        files[page.file] = write_page(page, groups)
    for name in _SHARED:
        files[f"static/{name}"] = (static.FOLDER / name).read_bytes()
    for path in sorted(_OWN.iterdir()):
        files[f"static/{path.name}"] = path.read_bytes()
    files["search.json"] = _index(pages)
    check_links(files)
    files[MANIFEST] = write_manifest(files, MADE_BY)
    return files


def _pages(plan: Plan, progress: Callable[[str], None]) -> tuple[list[Page], dict[str, bytes]]:
    home = plan.home
    progress("reading")
    read = dataset.read_valid(home)
    ontology = Described(read.triples(home.ontology))
    shapes = Described(read.triples(home.shapes))
    store = read.store()
    places = find_places(read, ontology)
    label = labels_in(store, {"pref": iri("skos:prefLabel"), "label": iri("rdfs:label")})
    questions = [replace(question, name=name) for name, question in find(home).items()]
    by_term = questions_by_term(questions)
    wording = Wording(shapes, places, label)
    told = ShapesDocs(read, shapes, wording)
    model = Model(read, ontology, shapes)
    progress("pictures")
    picture_page, pictures = make_pictures(model, places)
    progress("terms and shapes")
    counts = count_uses(store, ontology)
    reference = Reference(ontology, places, model, told.by_term(), by_term, counts)
    short = {prefixes().compact(each): where for each, where in places.of.items()}
    pages = make_guide(home.root, read_guide(home.root), plan.repository, short)
    pages += [reference.page(places_of_pictures(model)), picture_page]
    pages += make_values(ontology, store, by_term)
    pages += told.pages()
    pages += make_catalogue(questions, store, places, plan.site, label, progress)
    pages.append(Page("search.html", "Search", "search.html"))
    return pages, pictures


def _index(pages: list[Page]) -> bytes:
    """Return what the search goes through: page, place, title and words of each entry."""
    found = [
        [at, entry.anchor, entry.title, plain(entry.text)]
        for at, page in enumerate(pages)
        for entry in page.entries
    ]
    told = {"pages": [[page.file, page.title] for page in pages], "entries": found}
    return (json.dumps(told, ensure_ascii=False, separators=(",", ":")) + "\n").encode()
