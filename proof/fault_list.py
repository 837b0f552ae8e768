"""The planted faults: fifty mistakes of contributors and of careless refactoring.

Each was thought out from the documents, the data, the ontology, the shapes and the
questions alone, before any check or test was read, and none was replaced by an
easier one afterwards. `proof.faults` says how they are planted.
"""

from __future__ import annotations

from dataclasses import dataclass

from trilateral import __version__

# Where (the subject of a block, or "" for the whole file), what stands there, what comes instead.
# An old text of "" stands for the whole block.
Edit = tuple[str, str, str]

# What catches a fault is `trilateral check`, whose words are those of a finding, or a test.
CHECK = "check"
_TOLD = "data/stances/china-daily-2024.ttl"
_SKOS = "@prefix skos: <http://www.w3.org/2004/02/skos/core#> .\n"


@dataclass(frozen=True)
class Fault:
    """One mistake: where it is, what it means, and what must catch it in which words."""

    name: str
    file: str
    edits: tuple[Edit, ...]
    meaning: str
    caught_by: str
    words: tuple[str, ...]


DATA = (
    Fault(
        "holder-and-ascriber-swapped",
        _TOLD,
        (
            (
                "stance:china-daily-2024-1-5",
                "ascriber actor:ling-shengli",
                "ascriber actor:united-states",
            ),
            (
                "stance:china-daily-2024-1-5",
                "holder actor:united-states",
                "holder actor:ling-shengli",
            ),
        ),
        "The author holds what he ascribes to the United States, and they tell of it.",
        "tests/test_expected.py::test_answer_is_the_one_worked_out_by_hand[data/which-goals-are-ascribed-to-an-actor-oxigraph]",
        ("found == set(expected)",),
    ),
    Fault(
        "told-event-made-attested",
        _TOLD,
        (
            ("", _SKOS, f"{_SKOS}@prefix source: <https://w3id.org/trilateral/source/> .\n"),
            (
                "event:new-delhi-leaders-meeting-per-china-daily-2024",
                "    tri:basis basis:asserted ;\n"
                '    tri:codebookVersion "1.1" ;\n'
                "    tri:codedBy coder:coder-1 ;\n"
                "    tri:codedBy coder:coder-2 ;\n",
                "    tri:attestedBy source:register-menafn-g20-new-delhi-2023 ;\n"
                "    tri:basis basis:attested ;\n",
            ),
            (
                "event:new-delhi-leaders-meeting-per-china-daily-2024",
                "    tri:evidence passage:china-daily-2024-6 ;\n",
                "",
            ),
        ),
        "A meeting that only the article tells of is on record, by a page that does not name it.",
        CHECK,
        ("basis-mixed-violation", "event:new-delhi-leaders-meeting-per-china-daily-2024"),
    ),
    Fault(
        "terms-of-office-overlap",
        "data/actors/terms-of-office.ttl",
        (("affiliation:fumio-kishida-prime-minister-of-japan", '"2024-10-01"', '"2024-11-01"'),),
        "Japan has two prime ministers for a month.",
        CHECK,
        ("office-two-holders-violation", "affiliation:fumio-kishida-prime-minister-of-japan"),
    ),
    Fault(
        "non-participant-made-participant",
        "data/frameworks/ipef-trade-pillar.ttl",
        (("membership:india-ipef-trade-pillar", "role:non-participant", "role:participant"),),
        "India, which stayed outside, takes part in the trade pillar of IPEF.",
        "tests/test_expected.py::test_answer_is_the_one_worked_out_by_hand[data/what-was-the-state-of-a-framework-on-a-date@2024-oxigraph]",
        ("ipef-trade-pillar",),
    ),
    Fault(
        "contested-name-as-label",
        "data/actors/economies.ttl",
        (
            (
                "actor:chinese-taipei",
                '    skos:altLabel "中華台北"@ja ;\n',
                '    skos:altLabel "Taiwan"@en ;\n    skos:altLabel "中華台北"@ja ;\n',
            ),
        ),
        "A name whose use is disputed stands among the names that are shown without a source.",
        "tests/test_expected.py::test_answer_is_the_one_worked_out_by_hand[data/what-is-a-thing-called-in-each-language@contested-oxigraph]",
        ("Taiwan",),
    ),
    Fault(
        "a-century-off",
        "data/actors/terms-of-office.ttl",
        (("affiliation:akihito-emperor-of-japan", '"1989-01-07"', '"1889-01-07"'),),
        "An emperor reigns for 130 years.",
        CHECK,
        ("span-too-long-violation", "affiliation:akihito-emperor-of-japan"),
    ),
    Fault(
        "day-that-no-register-bears",
        "data/frameworks/ipef-trade-pillar.ttl",
        (("membership:japan-ipef-trade-pillar", '"2024-09-24"', '"2026-09-24"'),),
        "A membership is seen in force two years after the last page that says so.",
        CHECK,
        ("ongoing-unsupported-violation", "membership:japan-ipef-trade-pillar"),
    ),
    Fault(
        "stance-on-the-wrong-passage",
        _TOLD,
        (("stance:china-daily-2024-17-1", "china-daily-2024-17 ;", "china-daily-2024-16 ;"),),
        "A stance rests on the sentence before the one that says so.",
        CHECK,
        ("holder-not-named-violation", "stance:china-daily-2024-17-1"),
    ),
    Fault(
        "person-twice",
        "data/actors/people.ttl",
        (
            (
                "actor:koichiro-gemba",
                "actor:koichiro-gemba\n",
                "actor:kishida-fumio\n"
                "    a tri:Person ;\n"
                '    skos:prefLabel "Kishida Fumio"@en ;\n'
                '    skos:definition "Prime Minister of Japan."@en ;\n'
                "    tri:actorKind actor-kind:person ;\n"
                ".\n\n"
                "actor:koichiro-gemba\n",
            ),
        ),
        "The same person stands there twice, with the family name first the second time.",
        CHECK,
        ("near-duplicate-warning", "actor:kishida-fumio"),
    ),
    Fault(
        "member-missing",
        "data/frameworks/aukus.ttl",
        (("membership:united-kingdom-aukus", "", ""),),
        "AUKUS has lost one of its three members.",
        "tests/test_rosters.py::test_members_are_those_of_the_list[aukus-2024-01-01]",
        ("missing in the data: united-kingdom",),
    ),
)

SHAPES = (
    Fault(
        "evidence-not-needed",
        "shapes/stances.ttl",
        (("trish:StanceShape-evidence", "    sh:minCount 1 ;\n", ""),),
        "A stance may rest on no passage.",
        "tests/test_shapes.py::test_fixture_alone_trips_its_rule_and_nothing_else[StanceShape-evidence]",
        ("StanceShape-evidence",),
    ),
    Fault(
        "list-widened",
        "shapes/names.ttl",
        (("trish:NamedShape-translatedInto", 'sh:in ( "ja"', 'sh:in ( "en" "ja"'),),
        "An English label may be passed off as a translation of ours.",
        "tests/test_limits.py::test_a_list_of_values_allows_only_what_occurs",
        ("NamedShape-translatedInto",),
    ),
    Fault(
        "target-misspelt",
        "shapes/stances.ttl",
        (("trish:SilenceShape", "sh:targetClass tri:Silence ;", "sh:targetClass tri:Silences ;"),),
        "The shape of silences looks at nothing.",
        "tests/test_shapes.py::test_fixture_alone_trips_its_rule_and_nothing_else[SilenceShape]",
        ("SilenceShape",),
    ),
    Fault(
        "severity-lowered",
        "shapes/stances.ttl",
        (
            (
                "trish:AscriberNeededShape",
                "    sh:targetClass tri:CodedStatement ;\n",
                "    sh:severity sh:Warning ;\n    sh:targetClass tri:CodedStatement ;\n",
            ),
        ),
        "A reported position without an ascriber is only warned of.",
        "tests/test_limits.py::test_only_the_shapes_of_quality_warn",
        ("AscriberNeededShape",),
    ),
    Fault(
        "wrong-path",
        "shapes/stances.ttl",
        (("trish:CausalClaimShape-effect", "sh:path tri:effect", "sh:path tri:cause"),),
        "The cause is looked at twice, and the effect never.",
        "tests/test_shapes.py::test_fixture_alone_trips_its_rule_and_nothing_else[CausalClaimShape-effect]",
        ("CausalClaimShape-effect",),
    ),
    Fault(
        "two-holders-allowed",
        "shapes/stances.ttl",
        (("trish:CodedStatementShape-holder", "sh:maxCount 1", "sh:maxCount 2"),),
        "One stance may have two holders.",
        "tests/test_shapes.py::test_fixture_alone_trips_its_rule_and_nothing_else[CodedStatementShape-holder]",
        ("CodedStatementShape-holder",),
    ),
    Fault(
        "shape-opened",
        "shapes/sources.ttl",
        (("trish:PassageShape", "sh:closed true", "sh:closed false"),),
        "A passage may carry anything, such as the words of the text.",
        "tests/test_shapes.py::test_fixture_alone_trips_its_rule_and_nothing_else[PassageShape]",
        ("PassageShape",),
    ),
    Fault(
        "limit-of-words-raised",
        "shapes/names.ttl",
        (("trish:DesignationShape-literalForm", "){0,5}$", "){0,15}$"),),
        "A designation may copy sixteen words of a text instead of six.",
        "tests/test_shapes.py::test_fixture_alone_trips_its_rule_and_nothing_else[DesignationShape-literalForm]",
        ("DesignationShape-literalForm",),
    ),
    Fault(
        "one-of-three-made-any",
        "shapes/time.ttl",
        (("trish:EndKnownShape", "sh:xone (", "sh:or ("),),
        "What has ended may be ongoing as well.",
        "tests/test_shapes.py::test_fixture_alone_trips_its_rule_and_nothing_else[EndKnownShape]",
        ("EndKnownShape",),
    ),
    Fault(
        "target-lost",
        "shapes/actors.ttl",
        (("trish:AttestedRegisterShape", "    sh:targetClass tri:Participation ;\n", ""),),
        "An attested participation needs no register.",
        "tests/test_limits.py::test_a_shape_looks_at_each_of_its_targets",
        ("AttestedRegisterShape:tri:Participation",),
    ),
)

ONTOLOGY = (
    Fault(
        "range-widened",
        "ontology/actors.ttl",
        (("tri:populationOf", "rdfs:range tri:State", "rdfs:range tri:Actor"),),
        "A public may be that of a person or of a think tank.",
        "tests/test_limits.py::test_the_range_of_a_property_is_a_class_that_some_shape_asks_for",
        ("tri:populationOf",),
    ),
    Fault(
        "disjointness-lost",
        "ontology/stances.ttl",
        (("tri:Coder", "    owl:disjointWith tri:Actor ;\n", ""),),
        "A coder can be a holder.",
        "tests/test_limits.py::test_classes_are_disjoint_unless_one_is_the_other",
        ("tri:Coder",),
    ),
    Fault(
        "publisher-made-creator",
        "ontology/alignments.ttl",
        (("tri:publisher", "dct:publisher", "dct:creator"),),
        "To others, the newspaper has written what it published.",
        "tests/test_entailments.py::test_case[publisher-is-not-author-OWL RL]",
        ("publisher-is-not-author",),
    ),
    Fault(
        "definition-lost",
        "ontology/frameworks.ttl",
        (
            (
                "tri:Phase",
                "    skos:definition "
                '"Stretch of time over which a framework had one status."@en ;\n',
                "",
            ),
        ),
        "A term says no longer what it means.",
        CHECK,
        ("trish:TermDefinitionShape", "tri:Phase"),
    ),
    Fault(
        "framework-made-agent",
        "ontology/alignments.ttl",
        (("tri:Framework", "skos:relatedMatch org:Org", "rdfs:subClassOf org:Org"),),
        "A strategy, a law or a mere proposal is an organization, and so an agent.",
        "tests/test_entailments.py::test_case[framework-is-no-agent-OWL RL]",
        ("framework-is-no-agent",),
    ),
    Fault(
        "members-inherit-the-stance",
        "ontology/stances.ttl",
        (
            (
                "tri:holder",
                "    rdfs:range tri:Actor ;\n",
                "    rdfs:range tri:Actor ;\n"
                "    owl:propertyChainAxiom ( tri:holder tri:constituent ) ;\n",
            ),
        ),
        "What three governments hold together is handed to each of them.",
        "tests/test_entailments.py::test_case[grouping-does-not-speak-for-its-constituents-OWL RL]",
        ("grouping-does-not-speak-for-its-constituents",),
    ),
    Fault(
        "told-and-recorded-made-one",
        "ontology/actors.ttl",
        (
            (
                "tri:corresponds",
                "    rdfs:isDefinedBy trilateral:ontology ;\n",
                "    rdfs:isDefinedBy trilateral:ontology ;\n    rdfs:subPropertyOf owl:sameAs ;\n",
            ),
        ),
        "What a document tells and what a register attests become one thing.",
        "tests/test_ontology.py::test_properties_stand_under_properties_of_their_kind",
        ("corresponds", "sameAs"),
    ),
    Fault(
        "concept-in-another-scheme",
        "ontology/schemes/ascription.ttl",
        (("ascription:inferred", "inScheme scheme:ascription", "inScheme scheme:confidence"),),
        "A value stands on the list of another variable.",
        CHECK,
        ("ascription:inferred", "scheme"),
    ),
    Fault(
        "recommendation-no-stance",
        "ontology/stances.ttl",
        (
            (
                "tri:Recommendation",
                "rdfs:subClassOf tri:Stance ;",
                "rdfs:subClassOf tri:CodedStatement ;",
            ),
        ),
        "Who recommends takes no stance.",
        "tests/test_entailments.py::test_case[recommendation-is-a-stance-and-a-plan-OWL RL]",
        ("recommendation-is-a-stance-and-a-plan",),
    ),
    Fault(
        "holder-made-author",
        "ontology/alignments.ttl",
        (
            (
                "tri:homepage",
                "tri:homepage\n",
                "tri:holder\n    rdfs:subPropertyOf prov:wasAttributedTo ;\n.\n\ntri:homepage\n",
            ),
        ),
        "Whoever is said to hold a position is responsible for the coding.",
        "tests/test_ontology.py::test_holder_and_ascriber_are_never_attributions",
        ("test_holder_and_ascriber_are_never_attributions",),
    ),
)

QUERIES = (
    Fault(
        "filter-lost",
        "queries/who-belonged-to-a-framework-on-a-date.rq",
        (("", "    FILTER (?ground = basis:attested)\n", ""),),
        "Memberships that only a document asserts are told as fact.",
        "tests/test_expected.py::test_answer_is_the_one_worked_out_by_hand[world/who-belonged-to-a-framework-on-a-date-oxigraph]",
        ("found == set(expected)",),
    ),
    Fault(
        "optional-lost",
        "queries/who-holds.rq",
        (("", "  OPTIONAL {\n    ?stance tri:ascriber", "  {\n    ?stance tri:ascriber"),),
        "Positions that their holders declare themselves are gone.",
        "tests/test_expected.py::test_answer_is_the_one_worked_out_by_hand[world/who-holds-oxigraph]",
        ("found == set(expected)",),
    ),
    Fault(
        "branch-lost",
        "queries/what-is-asserted-but-not-attested.rq",
        (
            (
                "",
                """\
  } UNION {
    ?thing a tri:Event .
    ?thing tri:basis basis:asserted .
    ?thing tri:evidence ?passage .
    ?passage tri:textFragment ?link .
    ?passage tri:inDocument ?document .
    OPTIONAL {
      ?thing tri:corresponds ?record .
    }
    FILTER (!BOUND(?record))
    BIND ("event" AS ?kind)
    OPTIONAL {
      ?thing skos:prefLabel ?thingLabel .
      FILTER (LANG(?thingLabel) = "en")
    }
    OPTIONAL {
      ?document skos:prefLabel ?documentLabel .
      FILTER (LANG(?documentLabel) = "en")
    }
  }
""",
                "  }\n",
            ),
        ),
        "Events that nothing attests are passed over.",
        "tests/test_expected.py::test_answer_is_the_one_worked_out_by_hand[world/what-is-asserted-but-not-attested-oxigraph]",
        ("found == set(expected)",),
    ),
    Fault(
        "last-day-not-counted",
        "queries/who-was-in-office-on-a-date.rq",
        (("", "(?latestEnd, ?endDate) >= ?date", "(?latestEnd, ?endDate) > ?date"),),
        "On the day of a handover the one who leaves is not in office.",
        "tests/test_expected.py::test_answer_is_the_one_worked_out_by_hand[world/who-was-in-office-on-a-date@head-of-state-oxigraph]",
        ("found == set(expected)",),
    ),
    Fault(
        "language-filter-lost",
        "queries/what-happened-when.rq",
        (("", '    FILTER (LANG(?thingLabel) = "en")\n', ""),),
        "Each moment appears once for each language of its label.",
        "tests/test_expected.py::test_answer_is_the_one_worked_out_by_hand[world/what-happened-when-oxigraph]",
        ('int(notes["rows"])',),
    ),
    Fault(
        "order-lost",
        "queries/which-poll-figures-are-printed.rq",
        (("", "ORDER BY ?document ?question ?population ?figure ?link\n", ""),),
        "The same question gives its rows in another order each time.",
        "tests/test_questions_engines.py::test_is_written_in_house_style[which-poll-figures-are-printed]",
        ("ORDER BY",),
    ),
    Fault(
        "parameter-misspelt",
        "queries/who-was-in-office-on-a-date.rq",
        (("", "#+   role:\n", "#+   roles:\n"),),
        "The parameter that the page describes changes nothing.",
        CHECK,
        ("question-header", "role"),
    ),
    Fault(
        "asserted-derived-as-attested",
        "queries/derive/memberships-as-org-memberships.rq",
        (
            (
                "",
                "  ?membership tri:basis basis:attested .\n"
                "  ?membership tri:attestedBy ?register .\n",
                "  OPTIONAL {\n    ?membership tri:attestedBy ?register .\n  }\n",
            ),
        ),
        "A membership that only a document asserts is derived as one.",
        "tests/test_derive.py::test_case[memberships-as-org-memberships/asserted]",
        ("isomorphic",),
    ),
    Fault(
        "ascribed-positions-counted",
        "queries/who-agrees-with-whom.rq",
        (
            (
                "",
                "  FILTER (COALESCE(?ascription = ?otherGiven, "
                "?otherGiven != ascription:ascribed))\n",
                "",
            ),
        ),
        "An actor agrees with somebody by words that a third put into their mouth.",
        "tests/test_expected.py::test_answer_is_the_one_worked_out_by_hand[data/who-agrees-with-whom@deepening-oxigraph]",
        ('notes["never"]',),
    ),
    Fault(
        "members-counted-twice",
        "queries/what-was-the-state-of-a-framework-on-a-date.rq",
        (("", "COUNT(DISTINCT ?member)", "COUNT(?member)"),),
        "Who has two memberships in a framework counts as two members.",
        "tests/test_expected.py::test_answer_is_the_one_worked_out_by_hand[world/what-was-the-state-of-a-framework-on-a-date-oxigraph]",
        ("found == set(expected)",),
    ),
)

METADATA = (
    Fault(
        "version-differs",
        "CITATION.cff",
        (("", f"\nversion: {__version__}\n", f"\nversion: {__version__}.1\n"),),
        "The citation names a version that does not exist.",
        "tests/test_docs.py::test_version_is_the_same_everywhere",
        ("version: ",),
    ),
    Fault(
        "wrong-count",
        "README.md",
        (("", " events with who represented", "0 events with who represented"),),
        "The first page counts events that are not there.",
        "tests/test_metadata.py::test_readme_counts_what_is_on_record[([\\\\d,]+) events with who]",
        ("test_readme_counts_what_is_on_record",),
    ),
    Fault(
        "licence-differs",
        "CITATION.cff",
        (("", "license: CC-BY-4.0\n", "license: CC-BY-SA-4.0\n"),),
        "The citation puts the dataset under other terms than the licence file.",
        "tests/test_metadata.py::test_the_licences_are_the_same_everywhere",
        ("CC-BY-SA-4.0",),
    ),
    Fault(
        "no-such-command",
        "docs/guide.md",
        (("", "trilateral sources verify DIR\n", "trilateral verify DIR\n"),),
        "The guide names a command that does not exist.",
        "tests/test_docs.py::test_documented_command_runs[guide.md: trilateral verify DIR]",
        ("invalid choice: 'verify'",),
    ),
    Fault(
        "dead-link",
        "README.md",
        (("", "(docs/completeness.md)", "(docs/completenes.md)"),),
        "A link leads nowhere.",
        "tests/test_docs.py::test_every_link_between_pages_leads_to_a_file",
        ("README.md: docs/completenes.md",),
    ),
    Fault(
        "no-entry-for-the-version",
        "CHANGELOG.md",
        (("", f"## {__version__} - ", "## Next - "),),
        "The changelog does not know the version.",
        "tests/test_docs.py::test_version_is_the_same_everywhere",
        ("CHANGELOG",),
    ),
    Fault(
        "wrong-namespace",
        "ontology/prefixes.ttl",
        (("prefix:org", '"http://www.w3.org/ns/org#"', '"https://www.w3.org/ns/org#"'),),
        "The prefix table has a namespace that is none.",
        "tests/test_terms.py::test_every_list_is_named_after_its_prefix",
        ("test_every_list_is_named_after_its_prefix",),
    ),
    Fault(
        "version-iri-differs",
        "ontology/ontology.ttl",
        (("trilateral:ontology", f"ontology/{__version__}>", "ontology/0.0.1>"),),
        "The ontology gives itself out for an older one.",
        "tests/test_docs.py::test_version_is_the_same_everywhere",
        ("trilateral/ontology/",),
    ),
    Fault(
        "author-invented",
        "CITATION.cff",
        (
            (
                "",
                '  - name: "The Trilateral contributors"\n',
                '  - name: "The Trilateral contributors"\n'
                '  - family-names: "Ling"\n    given-names: "Shengli"\n',
            ),
        ),
        "The author of a coded article is named as an author of the dataset.",
        "tests/test_metadata.py::test_the_authors_are_those_of_the_licence_and_nobody_else",
        ("Ling",),
    ),
    Fault(
        "codebook-version-differs",
        "docs/codebook.md",
        (("", "\nVersion ", "\nVersion 9"),),
        "The codebook has a version by which nothing was coded.",
        "tests/test_docs.py::test_codebook_version_is_the_one_that_stances_carry",
        ("9",),
    ),
)

AREAS = {
    "data": DATA,
    "shapes": SHAPES,
    "ontology": ONTOLOGY,
    "queries": QUERIES,
    "metadata": METADATA,
}
