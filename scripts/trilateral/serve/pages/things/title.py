"""Title: what a page is headed, also where the thing has no label."""

from __future__ import annotations

from trilateral.prefixes import prefixes
from trilateral.serve.pages.table import plain
from trilateral.serve.pages.things.facts import Facts

# Things without a label, by the properties whose values name them.
_MADE_OF = {
    "participation": ("{} at {}", ("tri:participant", "tri:event")),
    "coding": ("Coding of {} by {}", ("tri:codedUnit", "tri:codedBy")),
}


def title_of(facts: Facts) -> str:
    """Return the name of a thing: its label, else one made of what it links, else its slug."""
    iri, site, language = facts.iri, facts.site, facts.language
    if iri in site.labels:
        return plain(site.label(iri, language))
    kind, _, slug = iri.removeprefix(prefixes().base).partition("/")
    document = facts.first("tri:inDocument")
    if kind == "passage" and document:
        return plain(f"Passage {slug.rpartition('-')[2]} of {site.label(document.value, language)}")
    form, names = _MADE_OF.get(kind, ("", ()))
    parts = [facts.first(name) for name in names]
    if form and all(parts):
        return plain(form.format(*(site.label(each.value, language) for each in parts if each)))
    return plain(slug or kind)
