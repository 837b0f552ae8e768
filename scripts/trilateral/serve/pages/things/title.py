"""Title: what a page is headed, also where the thing has no label."""

from __future__ import annotations

from trilateral.prefixes import prefixes
from trilateral.serve.pages.language import N_, words_in
from trilateral.serve.pages.table import plain
from trilateral.serve.pages.things.facts import Facts
from trilateral.serve.pages.things.naming import made_name

# Things without a label, by the properties whose values name them.
_MADE_OF = {
    "participation": (N_("%(one)s at %(other)s"), ("tri:participant", "tri:event")),
}


def title_of(facts: Facts) -> str:
    """Return the name of a thing: its label, else one made of what it links, else its slug."""
    words = words_in(facts.language)
    iri, site, language = facts.iri, facts.site, facts.language
    if iri in site.labels:
        return plain(site.label(iri, language))
    kind, _, slug = iri.removeprefix(prefixes().base).partition("/")
    made = made_name(site, iri, language)
    if made:
        return made
    form, names = _MADE_OF.get(kind, ("", ()))
    labels = [site.label(each.value, language) for each in map(facts.first, names) if each]
    if form and len(labels) == len(names):
        return plain(words.gettext(form, one=labels[0], other=labels[1]))
    return plain(slug or kind)
