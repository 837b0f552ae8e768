"""Migrations: what broke between versions of the model, and the queries that mend it."""

import pyoxigraph as ox
import pytest
from tests.conftest import TESTS
from tests.publish.test_history import HEADER

from trilateral.prefixes import prefixes
from trilateral.sparql import read_header

ROOT = TESTS.parent
FOLDER = ROOT / "queries" / "migrations"
MIGRATIONS = sorted(path.relative_to(FOLDER).with_suffix("").as_posix()
                    for path in FOLDER.rglob("*.ru"))  # fmt: skip
RECORDED = TESTS / "recorded" / "ontology"
# What each version no longer has of the terms and axioms of the one before. Widened domains and
# ranges of 0.2.0 need no migration: the data state the classes that followed from them.
WITHDRAWN = {
    "0.2.0": {
        "tri:countryCode rdfs:domain tri:State",
        "tri:genre rdfs:domain tri:Source",
        "tri:issued rdfs:domain tri:Source",
        "tri:ongoingOn rdfs:domain tri:Relationship",
        "tri:url rdfs:domain tri:Source",
        "tri:usedIn rdfs:range tri:Document",
    },
    # 0.3.0/statements-of-org-and-foaf
    "0.3.0": {
        "tri:Membership rdfs:subClassOf org:Membership",
        "tri:constituent rdfs:subPropertyOf foaf:member",
    },
    "0.4.0": set(),
}
# Before, after, and what the report still finds after the update.
CASES = {
    "any/links-to-retired": (
        """
        <graph/retired> {
            actor:old a owl:NamedIndividual ; owl:deprecated true ; dct:isReplacedBy actor:new .
            actor:gone a owl:NamedIndividual ; owl:deprecated true .
        }
        <graph/own> {
            stance:a tri:holder actor:old, actor:other .
            stance:b tri:holder actor:gone .
        }""",
        """
        <graph/retired> {
            actor:old a owl:NamedIndividual ; owl:deprecated true ; dct:isReplacedBy actor:new .
            actor:gone a owl:NamedIndividual ; owl:deprecated true .
        }
        <graph/own> {
            stance:a tri:holder actor:new, actor:other .
            stance:b tri:holder actor:gone .
        }""",
        1,
        0,
    ),
    "0.2.0/registers-say-what-they-are": (
        """
        <graph/sources/a> {
            source:a a tri:Register .
            source:b a tri:Register ; tri:licence "CC0" ; tri:standing standing:primary .
            source:c a tri:Register ; tri:unknown tri:issued ; tri:standing standing:copy .
            source:d a tri:Register ; tri:unknown tri:licence ; tri:standing standing:copy .
            source:e a tri:Document .
        }""",
        """
        <graph/sources/a> {
            source:a a tri:Register ; tri:unknown tri:licence .
            source:b a tri:Register ; tri:licence "CC0" ; tri:standing standing:primary .
            source:c a tri:Register ; tri:unknown tri:issued, tri:licence ;
                tri:standing standing:copy .
            source:d a tri:Register ; tri:unknown tri:licence ; tri:standing standing:copy .
            source:e a tri:Document .
        }""",
        3,
        1,
    ),
    "0.3.0/statements-of-org-and-foaf": (
        """
        <graph/x> {
            membership:a a tri:Membership ; tri:role role:invited .
            membership:b a tri:Membership, org:Membership .
            affiliation:c a tri:Affiliation .
            actor:pair tri:constituent actor:one, actor:two ; foaf:member actor:one .
        }""",
        """
        <graph/x> {
            membership:a a tri:Membership, org:Membership ; tri:role role:invited .
            membership:b a tri:Membership, org:Membership .
            affiliation:c a tri:Affiliation .
            actor:pair tri:constituent actor:one, actor:two ; foaf:member actor:one, actor:two .
        }""",
        2,
        0,
    ),
    "0.4.0/partner-countries": (
        """
        <graph/frameworks/brics> {
            membership:a tri:framework framework:brics ; tri:role role:partner .
            membership:b tri:framework framework:brics ; tri:role role:member .
            membership:c tri:framework framework:sco ; tri:role role:partner .
            membership:d tri:framework framework:msp-forum ; tri:role role:partner .
        }""",
        """
        <graph/frameworks/brics> {
            membership:a tri:framework framework:brics ; tri:role role:partner-country .
            membership:b tri:framework framework:brics ; tri:role role:member .
            membership:c tri:framework framework:sco ; tri:role role:partner-country .
            membership:d tri:framework framework:msp-forum ; tri:role role:partner .
        }""",
        2,
        0,
    ),
    "0.4.0/poll-figures-as-observations": (
        """
        <graph/x> {
            poll:a a tri:PollFigure .
            poll:b a tri:PollFigure, qb:Observation .
            poll:c a tri:PollQuestion .
        }""",
        """
        <graph/x> {
            poll:a a tri:PollFigure, qb:Observation .
            poll:b a tri:PollFigure, qb:Observation .
            poll:c a tri:PollQuestion .
        }""",
        1,
        0,
    ),
}


def axioms(home):
    """Terms and axioms of the ontology as it is, read off its canonical files."""
    found = set()
    predicates = {"a", "rdfs:subClassOf", "rdfs:subPropertyOf", "rdfs:domain", "rdfs:range",
                  "owl:disjointWith"}  # fmt: skip
    for path in home.ontology.rglob("*.ttl"):
        if path.name in ("prefixes.ttl", "reused.ttl"):
            continue
        subject = ""
        for line in path.read_text("utf-8").splitlines():
            if line[:1].isalpha():
                subject = line
            elif line.startswith("    ") and line.split()[0] in predicates:
                found.add(" ".join([subject, *line.split()[:2]]))
    return found


def recorded(version):
    lines = (RECORDED / f"{version}.txt").read_text("utf-8").splitlines()
    return {line for line in lines if not line.startswith("#")}


def test_what_versions_withdrew_of_the_model_is_known(home):
    versions = [*(recorded(each) for each in ("0.1.0", "0.2.0", "0.3.0")), axioms(home)]
    assert [len(each) > 1000 for each in versions] == [True] * 4
    for (version, known), before, after in zip(
        WITHDRAWN.items(), versions[:-1], versions[1:], strict=True
    ):
        assert before - after == known, version


def test_no_version_removed_a_term(home):
    now = axioms(home)
    for version in ("0.1.0", "0.2.0", "0.3.0"):
        assert {line for line in recorded(version) if line.split()[1] == "a"} - now == set()


def test_every_migration_is_tested_and_has_its_report():
    assert list(CASES) == sorted(CASES, key=lambda name: (not name.startswith("any"), name))
    assert set(CASES) == set(MIGRATIONS)
    reports = {path.relative_to(FOLDER).with_suffix("").as_posix() for path in FOLDER.rglob("*.rq")}
    assert reports - set(MIGRATIONS) == {"0.2.0/chinese-without-script"}
    assert set(MIGRATIONS) < reports
    for path in FOLDER.rglob("*.r[qu]"):
        assert set(read_header(path, path.read_text("utf-8"))) == {"summary", "description"}


@pytest.mark.parametrize("name", MIGRATIONS)
def test_a_migration_changes_what_its_report_shows_and_nothing_else(name):
    before, after, shown, left = CASES[name]
    store = ox.Store()
    store.load(HEADER + before, ox.RdfFormat.TRIG)
    report = (FOLDER / f"{name}.rq").read_text("utf-8")
    assert len(list(store.query(report))) == shown
    update = (FOLDER / f"{name}.ru").read_text("utf-8")
    store.update(update)
    assert set(store) == set(ox.parse(HEADER + after, format=ox.RdfFormat.TRIG))
    assert len(list(store.query(report))) == left
    # A second time changes nothing.
    store.update(update)
    assert set(store) == set(ox.parse(HEADER + after, format=ox.RdfFormat.TRIG))


def test_chinese_without_script_is_reported():
    store = ox.Store()
    text = '<graph/x> { actor:a skos:prefLabel "日本"@zh, "日本"@zh-hans, "日本"@ja, "zh" }'
    store.load(HEADER + text, ox.RdfFormat.TRIG)
    rows = store.query((FOLDER / "0.2.0" / "chinese-without-script.rq").read_text("utf-8"))
    assert [str(row["text"]) for row in rows] == ['"日本"@zh']


def test_migrations_name_terms_that_exist(home):
    declared = {line.split()[0] for line in axioms(home)}
    used = {
        word.rstrip(")")
        for path in FOLDER.rglob("*.r[qu]")
        for line in path.read_text("utf-8").splitlines()
        if not line.startswith(("#", "PREFIX"))
        for word in line.split()
        if word.startswith(("tri:", "role:"))
    }
    assert len(used) > 8
    assert used <= declared
    assert {word.partition(":")[0] for word in used} <= set(prefixes())
