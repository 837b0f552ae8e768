"""Several SHACL engines come to the same verdict on the shipped data and every fixture.

Focus node, path and constraint component of each result are compared with those of plain
pySHACL, and how often each occurs; ``proof/engines/differences.py`` lists what differs.

Plain pySHACL takes minutes on the shipped data. There the others are compared with what
this package makes of it, which they have to agree with everywhere else; ``python -m proof
engines`` runs plain pySHACL on the shipped data too.
"""

import os
from collections import Counter, defaultdict
from functools import cache

import pyoxigraph as ox
import pytest
from proof.engines.compare import ENGINES, REFERENCE, absent, installed, validate_all
from proof.engines.corpus import WORLD, corpora, fixtures
from proof.engines.differences import KNOWN, differences, problems
from proof.engines.engine import EngineError
from proof.engines.python import Trilateral
from proof.engines.report import Verdict, read_report

SH = "http://www.w3.org/ns/shacl#"
TRI = "https://w3id.org/trilateral/ontology#"
TRISH = "https://w3id.org/trilateral/shapes#"
DATATYPE = SH + "DatatypeConstraintComponent"

CORPORA = corpora()
REFERENCES = dict.fromkeys(CORPORA, REFERENCE) | {
    "shipped": next(engine for engine in ENGINES if isinstance(engine, Trilateral))
}
each_engine = pytest.mark.parametrize("engine", ENGINES, ids=lambda engine: engine.name)


@cache
def found(corpus):
    """What each installed engine finds in a corpus, side by side: nothing is timed here."""
    engines = [engine for engine in installed() if runs_on(engine, corpus)]
    return validate_all(CORPORA[corpus], engines, os.cpu_count() or 1)


def runs_on(engine, corpus):
    """Whether an engine is asked here: see above for what takes too long."""
    return engine is not REFERENCE or REFERENCES[corpus] is REFERENCE


def verdict(engine, corpus):
    if reason := engine.missing():
        pytest.skip(reason)
    outcome = found(corpus)[engine.name]
    if isinstance(outcome, EngineError):
        raise outcome
    return outcome.verdict


# ---------------------------------------------------------------- the same verdict


@pytest.mark.parametrize(
    ("engine", "corpus"),
    [
        pytest.param(engine, corpus, id=f"{corpus}-{engine.name}")
        for corpus in CORPORA
        for engine in ENGINES
        if engine is not REFERENCES[corpus] and runs_on(engine, corpus)
    ],
)
def test_verdict_is_that_of_the_reference(engine, corpus):
    reference = verdict(REFERENCES[corpus], corpus)
    assert problems(engine.name, corpus, reference, verdict(engine, corpus)) == []


@pytest.mark.parametrize("corpus", CORPORA)
def test_reference_conforms_when_it_finds_nothing(corpus):
    reference = verdict(REFERENCES[corpus], corpus)
    assert problems(REFERENCES[corpus].name, corpus, reference, reference) == []


def test_world_conforms():
    assert verdict(REFERENCE, "world") == Verdict(True, Counter())


@pytest.mark.parametrize("corpus", ["fixtures", "lint"])
def test_each_result_is_of_one_fixture_and_each_fixture_has_one(corpus):
    # So that validating all fixtures in one graph says of each what it would say alone.
    files = dict(zip(("fixtures", "lint"), fixtures(), strict=True))[corpus]
    owners = defaultdict(set)
    for file in files:
        for quad in ox.parse(path=file, format=ox.RdfFormat.TURTLE):
            owners[quad.subject.value].add(file.stem)
    focused = [owners[focus] for focus, _, _ in verdict(REFERENCE, corpus).findings]
    assert {len(stems) for stems in focused} == {1}
    assert set().union(*focused) == {file.stem for file in files}


@pytest.mark.parametrize("corpus", ["fixtures", "lint", "shipped"])
def test_no_focus_node_is_blank(corpus):
    # Blank nodes are all one to the comparison; there are none, so that nothing hides there.
    found = verdict(REFERENCES[corpus], corpus).findings
    assert all(focus != "blank node" for focus, _, _ in found)


def test_probes_have_what_the_specification_asks_for():
    # "ten", "1,5" and "yes" are no integer, decimal and boolean; no date has to be found.
    wanted = {
        ("https://w3id.org/trilateral/actor/probe", f"<{TRI}{name}>", DATATYPE)
        for name in ("amount", "sampleSize", "weaklyAttested")
    }
    left_open = {f"<{TRI}{name}>" for name in ("accessedOn", "ongoingOn", "startDate")}
    for engine in installed():
        findings = verdict(engine, "probes").findings
        assert wanted <= set(findings), engine.name
        more = {path for _, path, _ in set(findings) - wanted}
        if engine.name != "shacl-engine":
            assert more <= left_open, engine.name


# ---------------------------------------------------------------- the comparison can fail


@each_engine
def test_altered_shape_is_a_difference(engine, tmp_path):
    if reason := engine.missing():
        pytest.skip(reason)
    engine.install()
    data, shapes = CORPORA["world"].write(tmp_path)
    with shapes.open("a", encoding="utf-8") as stream:
        stream.write(f"<{TRISH}MembershipShape-role> <{SH}nodeKind> <{SH}Literal> .\n")
    missing, extra = differences(verdict(engine, "world"), engine.validate(data, shapes).verdict)
    # One result for the role of each membership of the world, counted in its files.
    assert not missing
    assert extra == Counter(
        (quad.subject.value, f"<{TRI}role>", SH + "NodeKindConstraintComponent")
        for file in WORLD
        for quad in ox.parse(path=file, format=ox.RdfFormat.TURTLE)
        if quad.predicate.value == TRI + "role"
        and quad.subject.value.startswith("https://w3id.org/trilateral/membership/")
    )
    assert problems("pyrudof", "world", Verdict(True, Counter()), Verdict(False, extra))


REFERENCE_OF_PROBES = Verdict(
    False, Counter({("urn:a", f"<{TRI}accessedOn>", DATATYPE): 1, ("urn:a", "<urn:p>", "urn:c"): 2})
)


def test_listed_difference_is_no_problem():
    without = Verdict(False, Counter({("urn:a", "<urn:p>", "urn:c"): 2}))
    assert problems("pyrudof", "probes", REFERENCE_OF_PROBES, without) == []


def test_listed_difference_of_another_engine_is_one():
    without = Verdict(False, Counter({("urn:a", "<urn:p>", "urn:c"): 2}))
    (problem,) = problems("trilateral check", "probes", REFERENCE_OF_PROBES, without)
    assert problem.startswith("missing 1 times: ('urn:a', ")


def test_listed_difference_that_is_gone_is_a_problem():
    (problem,) = problems("pyrudof", "probes", REFERENCE_OF_PROBES, REFERENCE_OF_PROBES)
    assert problem.startswith("(0, 0) missing and extra, listed are (1, 0)")
    nothing = Verdict(True, Counter())
    assert len(problems("shacl-engine", "shipped", nothing, nothing)) == 2


def test_result_found_once_and_not_twice_is_a_problem():
    once = Verdict(False, Counter({("urn:a", "<urn:p>", "urn:c"): 1}))
    (problem,) = problems("pyrudof", "probes", REFERENCE_OF_PROBES, once)
    assert problem == "missing 1 times: ('urn:a', '<urn:p>', 'urn:c')"


def test_conforming_with_results_is_a_problem():
    findings = Counter({("urn:a", "<urn:p>", "urn:c"): 1})
    wrong = problems("pyrudof", "world", Verdict(False, findings), Verdict(True, findings))
    assert wrong == ["sh:conforms is True with 1 results"]


def test_known_differences_name_engines_and_corpora_that_exist():
    assert {known.engine for known in KNOWN} <= {engine.name for engine in ENGINES}
    assert {name for known in KNOWN for name in known.counts} <= set(CORPORA)


# ---------------------------------------------------------------- reports and engines

REPORT = """
PREFIX sh: <http://www.w3.org/ns/shacl#>
[] a sh:ValidationReport ; sh:conforms false ; sh:result
  [ a sh:ValidationResult ; sh:focusNode <urn:a> ; sh:sourceConstraintComponent <urn:c> ;
    sh:resultPath %s ;
    sh:detail [ a sh:ValidationResult ; sh:focusNode <urn:b> ] ] .
"""


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("<urn:p>", "<urn:p>"),
        ("[ sh:inversePath <urn:p> ]", "^<urn:p>"),
        ("( <urn:p> ( <urn:q> <urn:r> ) )", "(<urn:p>/<urn:q>/<urn:r>)"),
        (
            "[ sh:alternativePath ( [ sh:alternativePath ( <urn:p> <urn:q> ) ] <urn:r> ) ]",
            "(<urn:p>|<urn:q>|<urn:r>)",
        ),
        (
            "[ sh:alternativePath ( ( <urn:p> <urn:q> ) [ sh:inversePath <urn:r> ] ) ]",
            "((<urn:p>/<urn:q>)|^<urn:r>)",
        ),
        ("[ sh:zeroOrMorePath [ sh:inversePath <urn:p> ] ]", "^<urn:p>*"),
        ("[ sh:oneOrMorePath <urn:p> ]", "<urn:p>+"),
        ("[ sh:zeroOrOnePath <urn:p> ]", "<urn:p>?"),
        ("[]", "[]"),
    ],
)
def test_report_is_read_with_its_path_and_without_details(path, text):
    assert read_report(REPORT % path) == Verdict(False, Counter({("urn:a", text, "urn:c"): 1}))


@pytest.mark.parametrize("text", ["", "Conforms: True", "<urn:a> <urn:b> <urn:c> ."])
def test_what_is_no_report_is_refused(text):
    with pytest.raises(ValueError, match=r"no Turtle|sh:ValidationReport"):
        read_report(text)


def test_file_that_is_missing_is_an_error_of_the_engine(tmp_path):
    with pytest.raises(EngineError, match="pySHACL gave no report on none"):
        REFERENCE.validate(tmp_path / "none", tmp_path / "none")


def test_engines_that_cannot_run_are_named_with_the_reason(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    reasons = absent()
    assert reasons["TopBraid SHACL"] == "java is not on the path"
    assert reasons["Apache Jena SHACL"] == "java is not on the path"
    assert reasons["rdf-validate-shacl"] == "node is not on the path"
    assert reasons["shacl-engine"] == "node is not on the path"
    assert {"pySHACL", "trilateral check"}.isdisjoint(reasons)
