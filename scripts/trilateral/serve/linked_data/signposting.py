"""Signposting: typed links from a page to what it is about, how to cite it and its data.

By the FAIR Signposting Profile, level 1 (https://signposting.org/FAIR/): the home page is the
landing page of the dataset, the page of a thing that of its documents. They stand in the pages
too, since hosts of files send no headers of ours.
"""

from __future__ import annotations

from dataclasses import dataclass

from trilateral import licences
from trilateral.prefixes import prefixes
from trilateral.serve.linked_data.documents import RDF, files_of
from trilateral.serve.site import Site

_LANDING_PAGE = "https://schema.org/AboutPage"


@dataclass(frozen=True)
class Signpost:
    """A typed link: its relation (RFC 8288), where it leads, and the media type there."""

    rel: str
    href: str
    media: str = ""

    def header(self) -> str:
        """Return the link as a value of the ``Link`` header.

        >>> Signpost("item", "/dataset.ttl", "text/turtle").header()
        '</dataset.ttl>; rel="item"; type="text/turtle"'
        """
        media = f'; type="{self.media}"' if self.media else ""
        return f'<{self.href}>; rel="{self.rel}"{media}'


def of_dataset(site: Site) -> list[Signpost]:
    """Return the links of the landing page of the dataset."""
    return [
        Signpost("cite-as", prefixes().base),
        Signpost("license", licences.OF_DATA),
        Signpost("type", _LANDING_PAGE),
        Signpost("type", "https://schema.org/Dataset"),
        Signpost("describedby", "/dcat.ttl", "text/turtle"),
        Signpost("describedby", "/dcat.jsonld", "application/ld+json"),
        Signpost("describedby", "/void.ttl", "text/turtle"),
        *(Signpost("item", f"/dataset.{each.ending}", each.media) for each in files_of(site)),
    ]


def of_thing(iri: str) -> list[Signpost]:
    """Return the links of the page of a thing, but those to its formats, which pages name."""
    path = iri.removeprefix(prefixes().base)
    return [
        Signpost("cite-as", iri),
        Signpost("license", licences.OF_DATA),
        Signpost("type", _LANDING_PAGE),
        Signpost("describedby", f"/{path}.ttl", RDF[0].media),
    ]
