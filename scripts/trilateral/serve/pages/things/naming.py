"""Naming: what things without a label are called, after what their IRIs are made of."""

from __future__ import annotations

import re

from trilateral.prefixes import prefixes
from trilateral.serve.pages.language import words_in
from trilateral.serve.pages.table import plain
from trilateral.serve.site import Site

# A passage is named after its document and its number there; a coding after its coder, the
# passage, and a number or letter of its own.
_PASSAGE = re.compile(r"passage/(?P<document>.+)-(?P<number>\d+)")
_CODING = re.compile(r"coding/(?P<coder>coder-\d+)-(?P<document>.+)-(?P<number>\d+)-(?P<which>\w+)")


def made_name(site: Site, iri: str, language: str) -> str:
    """Return the name of a passage or of a raw coding; "" for all else, and of no known document.

    >>> made_name(Site(), "https://w3id.org/trilateral/actor/japan", "en")
    ''
    """
    name = iri.removeprefix(prefixes().base)
    found = _PASSAGE.fullmatch(name) or _CODING.fullmatch(name)
    if not found:
        return ""
    parts = found.groupdict()
    document, coder = prefixes()["source"] + parts["document"], parts.get("coder")
    if document not in site.labels:
        return ""
    words, title = words_in(language), site.label(document, language)
    if coder is None:
        said = words.gettext("Passage %(number)s of %(document)s", number=parts["number"],
                             document=title)  # fmt: skip
    else:
        said = words.gettext(
            "Coding %(which)s of passage %(number)s of %(document)s by %(coder)s",
            which=parts["which"], number=parts["number"], document=title,
            coder=site.label(prefixes()["coder"] + coder, language),
        )  # fmt: skip
    return plain(said)
