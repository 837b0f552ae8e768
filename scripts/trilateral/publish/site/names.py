"""Names: all names of all things, which the search of a site of files goes through."""

from __future__ import annotations

import json

from trilateral.prefixes import prefixes
from trilateral.serve.pages.catalogue import Catalogue, singular
from trilateral.serve.pages.finding import LINKS, in_order
from trilateral.serve.pages.language import words_in
from trilateral.serve.pages.table import plain
from trilateral.serve.site import Site

FILE = "search/names.json"


def write_names(site: Site, catalogue: Catalogue, language: str) -> bytes:
    """Return the names as JSON.

    ``kinds`` has the name of each kind and whether it only ``links`` things; ``things`` has
    path, number of the kind, label and other names of each.
    """
    say = words_in(language).gettext
    kinds = in_order(catalogue)
    things = []
    for number, kind in enumerate(kinds):
        for thing in sorted(catalogue[kind], key=lambda each: each.iri):
            label = plain(site.label(thing.iri, language))
            others = dict.fromkeys(plain(name.text) for name in thing.names)
            others.pop(label, None)
            things.append([thing.iri.removeprefix(prefixes().base), number, label, list(others)])
    told = {
        "kinds": [{"name": say(singular(kind)), "links": kind in LINKS} for kind in kinds],
        "things": things,
    }
    return json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()
