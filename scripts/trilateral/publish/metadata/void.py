"""VoID: how much of what a release holds, by class and property, and where it can be had."""

from __future__ import annotations

import pyoxigraph as ox

from trilateral.prefixes import prefixes
from trilateral.publish.metadata.facts import Facts
from trilateral.publish.metadata.rdf import RELEASE, here
from trilateral.publish.release import digests
from trilateral.serve.linked_data.statements import Statements
from trilateral.serve.linked_data.void import say_counts

NAME = "void.ttl"


def describe(facts: Facts) -> Statements:
    """Return the statements about a release."""
    said = Statements()
    dumps = {f"{name}.gz" for name in (*digests.OF_GRAPHS, *digests.OF_TRIPLES)}
    said.add(here(NAME), rdf_type="void:DatasetDescription", foaf_primaryTopic=RELEASE)
    said.add(
        RELEASE,
        rdf_type="void:Dataset",
        dct_title=ox.Literal(facts.title, language="en"),
        dct_license=facts.licence_url,
        void_uriSpace=ox.Literal(prefixes().base),
        void_dataDump=[here(each.path) for each in facts.files if each.path in dumps],
    )
    say_counts(said, RELEASE, here(NAME) + "#", facts.counts)
    return said
