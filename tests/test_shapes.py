"""The shapes and the checks: the tiny world trips none of them, each fixture trips exactly one.

All fixtures are validated together, because each adds nodes of its own; what is found is handed
to the fixture that describes the focus node. ``TRILATERAL_EACH_FIXTURE=1`` validates every
fixture alone as well, which takes minutes.
"""

import hashlib
import importlib.util
import os
import re
from collections import defaultdict
from functools import cache
from pathlib import Path
from urllib.parse import unquote

import pyoxigraph as ox
import pyshacl
import pytest
import yaml
from rdflib import OWL, RDF, RDFS, SKOS, Graph, Namespace, URIRef

from trilateral.check.near_duplicates import compared, near_duplicates

ROOT = Path(__file__).parent.parent
WORLD = ROOT / "tests" / "world"
FIXTURES = ROOT / "tests" / "fixtures"
BASE = "https://w3id.org/trilateral/"
SH = Namespace("http://www.w3.org/ns/shacl#")
TRI = Namespace(BASE + "ontology#")
TRISH = BASE + "shapes#"
LINT = ROOT / "shapes" / "shapes-lint.ttl"
ONTOLOGY = sorted((ROOT / "ontology").rglob("*.ttl"))
DATA = sorted((WORLD / "data").rglob("*.ttl"))
SHAPES = sorted(set((ROOT / "shapes").glob("*.ttl")) - {LINT})
CHECKS = sorted((ROOT / "shapes" / "checks").glob("*.rq"))
SHAPE_FIXTURES = sorted((FIXTURES / "shapes").glob("*.ttl"))
CHECK_FIXTURES = sorted((FIXTURES / "checks").glob("*.ttl"))
# Fixtures are named after their rule and used by nothing: these look at one of their own only.
ABOUT_NAME_OR_USE = {
    "derived-name", "near-duplicate", "orphan", "topic-without-stance", "unused-term",
}  # fmt: skip
# The tiny world does not use the whole ontology, so these say nothing about its terms.
ABOUT_TERMS = {"topic-without-stance", "unused-term"}
TARGETS = (SH.targetClass, SH.targetSubjectsOf, SH.targetObjectsOf, SH.targetNode)
# Parameters that sit on the node shape itself and so are reported under its own IRI.
ON_THE_NODE = (
    SH.closed, SH.pattern, SH.nodeKind, SH["class"], SH["or"], SH.xone, SH["and"], SH["not"],
    SH["in"], SH.sparql,
)  # fmt: skip


@cache
def graph(*files):
    result = Graph()
    for file in files:
        result.parse(file, format="turtle")
    return result


def named(node):
    return str(node).removeprefix(TRISH)


def validate(data, shapes):
    """What pySHACL finds: pairs of focus node and the name of the shape."""
    _, report, text = pyshacl.validate(data, shacl_graph=shapes, advanced=False, inference="none")
    assert isinstance(report, Graph), text
    return [
        (report.value(result, SH.focusNode), named(report.value(result, SH.sourceShape)))
        for result in report.subjects(RDF.type, SH.ValidationResult)
    ]


def check(files):
    """What the checks find: triples of focus node, related node and the name of the check."""
    store = ox.Store()
    for file in files:
        store.bulk_load(path=str(file), format=ox.RdfFormat.TURTLE)
    rows = []
    for query in CHECKS:
        name = check_name(query)
        found = store.query(query.read_text(encoding="utf-8"))
        columns = {variable.value for variable in found.variables}
        if "mark" in columns:
            pairs = near_duplicates(compared(found), 0.9)
        else:
            related = "related" in columns
            pairs = [(r["focus"].value, related and r["related"].value) for r in found]
        rows += [(focus, related, name) for focus, related in pairs
                 if name not in ABOUT_TERMS or URIRef(focus) not in terms()]  # fmt: skip
    return rows


@cache
def terms():
    return set(graph(*ONTOLOGY).subjects())


def check_name(query):
    return re.sub("-(violation|warning)$", "", query.stem)


def findings(fixtures):
    """The names of shapes and checks that each of these fixtures trips, all loaded together."""
    owner = {}
    for file in fixtures:
        for subject in set(graph(file).subjects()):
            owner.setdefault(str(subject), file)
    lint = [file for file in fixtures if is_lint(file)]
    other = [file for file in fixtures if not is_lint(file)]
    found = defaultdict(set)
    stray = []
    results = [(focus, None, name) for focus, name in validate(
        graph(*ONTOLOGY, *DATA, *other), graph(*SHAPES))]  # fmt: skip
    if lint:
        results += [(focus, None, name) for focus, name in validate(
            graph(*SHAPES, LINT, *lint), graph(LINT))]  # fmt: skip
    results += check([*ONTOLOGY, *DATA, *other])
    for focus, related, name in results:
        file = owner.get(str(focus)) or owner.get(str(related))
        if file is None:
            stray.append((str(focus), name))
        elif name not in ABOUT_NAME_OR_USE or name == file.stem:
            found[file].add(name)
    return found, stray


def is_lint(fixture):
    return (URIRef(TRISH + fixture.stem), None, None) in graph(LINT)


@pytest.fixture(scope="session")
def together():
    return findings((*SHAPE_FIXTURES, *CHECK_FIXTURES))


# ---------------------------------------------------------------- what trips and what does not


def test_world_trips_no_shape():
    assert validate(graph(*ONTOLOGY, *DATA), graph(*SHAPES)) == []


def test_world_trips_no_check():
    assert check([*ONTOLOGY, *DATA]) == []


def test_own_shapes_pass_the_lint():
    assert validate(graph(*SHAPES, LINT), graph(LINT)) == []


@pytest.mark.parametrize("fixture", (*SHAPE_FIXTURES, *CHECK_FIXTURES), ids=lambda f: f.stem)
def test_fixture_trips_its_rule_and_nothing_else(fixture, together):
    assert together[0][fixture] == {fixture.stem}


def test_fixtures_leave_the_world_in_order(together):
    assert together[1] == []


if os.environ.get("TRILATERAL_EACH_FIXTURE"):

    @pytest.mark.parametrize("fixture", (*SHAPE_FIXTURES, *CHECK_FIXTURES), ids=lambda f: f.stem)
    def test_fixture_alone_trips_its_rule_and_nothing_else(fixture):
        found, stray = findings((fixture,))
        assert (found[fixture], stray) == ({fixture.stem}, [])


# Of the rules with several parts, what each part finds in the fixture.
PARTS = {
    "contradictory-stances": {
        ("stance/fixture-contradictory-stances-a", "also supported, though it contradicts: "
         + BASE + "proposition/fixture-contradictory-stances-c"),
        ("stance/fixture-contradictory-stances-a", "opposed, though entailed: "
         + BASE + "proposition/fixture-contradictory-stances-b"),
    },
    "derived-name": {
        ("actor/unnamed-fixture-derived-name",
         "expected to be unnamed- and the name of the passage that it stands in"),
        ("affiliation/fixture-derived-name-per-corland-gazette-2022",
         "expected to begin with ada-orr"),
        ("coding/fixture-derived-name", "expected to begin with coder-1-corland-gazette-2022-3"),
        ("designation/fixture-derived-name", "expected to begin with corland-gazette-2022"),
        ("event/fixture-derived-name",
         "asserted, so expected to end in -per-corland-gazette-2022"),
        ("event/fixture-derived-name-per-corland-gazette-2022",
         "attested, so not expected to end in -per-corland-gazette-2022"),
        ("membership/arland-fixture-derived-name",
         "expected to begin with arland-harbour-league"),
        ("silence/fixture-derived-name", "expected to begin with corland-gazette-2022"),
        ("source/fixture-derived-name", "expected to begin with register"),
        ("stance/corland-gazette-2022-4-fixture-derived-name",
         "expected to begin with the name of one of its passages"),
        ("topic/fixture-derived-name", "expected to stand under role/, after its scheme"),
    },
    "holder-not-named": {
        ("stance/fixture-holder-not-named-a", "the passage does not mention the holder"),
        ("stance/fixture-holder-not-named-b", "the passage does not mention the holder"),
        ("stance/fixture-holder-not-named-c",
         "self-declared, and the holder is no author of the document"),
    },
    "label-script": {
        ("actor/fixture-label-script", "東灣 (zh-hans)"),
        ("ontology#FixtureLabelScript", "東灣 (zh-hans)"),
    },
    "orphan": {
        ("actor/fixture-orphan", "an actor in no relationship, event, stance, passage or source"),
        ("event/fixture-orphan",
         "an event without participants, framework, outcome or larger event"),
        ("framework/fixture-orphan",
         "a framework without members, events, figures or other frameworks"),
        ("place/fixture-orphan", "a place of no event, claim or passage"),
    },
    "unused-term": {
        ("ontology#FixtureUnusedTerm", "a class without instances"),
        ("ontology#fixtureUnusedTerm", "a property without values"),
        ("role/fixture-unused-term", "a concept that nothing is given"),
    },
}  # fmt: skip


@pytest.mark.parametrize("name", PARTS)
def test_fixture_trips_every_part_of_its_rule(name):
    store = ox.Store()
    fixture = FIXTURES / "checks" / f"{name}.ttl"
    for file in (*ONTOLOGY, *DATA, fixture):
        store.bulk_load(path=str(file), format=ox.RdfFormat.TURTLE)
    query = next(query for query in CHECKS if check_name(query) == name)
    found = {
        (row["focus"].value.removeprefix(BASE), row["detail"].value)
        for row in store.query(query.read_text(encoding="utf-8"))
    }
    assert {row for row in found if "ixture" in row[0]} == PARTS[name]


# ---------------------------------------------------------------- nothing is left out


def targeted(shapes):
    return {s for target in TARGETS for s in shapes.subjects(target, None)}


def test_every_rule_has_a_fixture():
    shapes = graph(*SHAPES, LINT)
    wanted = set()
    for shape in targeted(shapes):
        wanted |= {named(p) for p in shapes.objects(shape, SH.property)}
        if any((shape, parameter, None) in shapes for parameter in ON_THE_NODE):
            wanted.add(named(shape))
    assert len(wanted) > 200
    assert {file.stem for file in SHAPE_FIXTURES} == wanted
    assert {file.stem for file in CHECK_FIXTURES} == {check_name(query) for query in CHECKS}


def test_every_property_of_the_ontology_is_constrained():
    ontology, shapes = graph(*ONTOLOGY), graph(*SHAPES)
    paths = set(shapes.objects(None, SH.path))
    kinds = (OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty)
    ours = {p for kind in kinds for p in ontology.subjects(RDF.type, kind) if p in TRI}
    assert sorted(ours - paths) == []


def classes():
    """Our classes with instances of their own: neither those of schemes nor abstract ones."""
    ontology = graph(*ONTOLOGY)
    for term in ontology.subjects(RDF.type, OWL.Class):
        note = str(ontology.value(term, SKOS.scopeNote) or "")
        of_scheme = (term, RDFS.subClassOf, SKOS.Concept) in ontology
        if term in TRI and not of_scheme and not note.startswith("Abstract"):
            yield term


def test_every_class_has_a_shape():
    shapes = graph(*SHAPES)
    assert [c for c in classes() if (None, SH.targetClass, c) not in shapes] == []


def test_every_shape_finds_something_to_look_at():
    shapes, data = graph(*SHAPES), graph(*ONTOLOGY, *DATA)
    computed = {TRI.AgreementFigure}

    def instances(term):
        return any(
            (None, RDF.type, c) in data for c in data.transitive_subjects(RDFS.subClassOf, term)
        )

    empty = [
        named(shape)
        for shape in targeted(shapes)
        if not any(c in computed or instances(c) for c in shapes.objects(shape, SH.targetClass))
        and not any((None, p, None) in data for p in shapes.objects(shape, SH.targetSubjectsOf))
    ]
    assert empty == []


def test_shapes_name_only_terms_that_exist():
    ontology = graph(*ONTOLOGY)
    shapes = graph(*SHAPES)
    terms = {term for triple in shapes for term in triple if isinstance(term, URIRef)}
    ours = {term for term in terms if term.startswith(BASE) and not term.startswith(TRISH)}
    assert sorted(t for t in ours if (t, None, None) not in ontology) == []
    used = {t for t in terms if t.startswith(TRISH)}
    assert sorted(t for t in used if (t, RDF.type, None) not in shapes) == []


@pytest.mark.parametrize("fixture", (*SHAPE_FIXTURES, *CHECK_FIXTURES), ids=lambda f: f.stem)
def test_fixture_says_what_is_wrong(fixture):
    assert re.match(r"# \S.+\.\n", fixture.read_text(encoding="utf-8"))


@pytest.mark.parametrize("query", CHECKS, ids=check_name)
def test_check_is_written_by_the_rules(query):
    text = query.read_text(encoding="utf-8")
    header = [line.removeprefix("#+ ") for line in text.splitlines() if line.startswith("#+ ")]
    compares = ["similarity"] if "?mark" in text else []
    assert list(yaml.safe_load("\n".join(header))) == ["summary", "repair", *compares]
    assert all(line.endswith(".") for line in header[:2])
    assert re.search(r"SELECT DISTINCT \?focus \?detail( \?related( \?mark \?value)?)?\n", text)
    assert "ORDER BY" in text
    # The embedded store looks one triple up; a longer pattern it reads whole for each solution.
    for pattern in re.findall(r"NOT EXISTS\s*\{([^}]*)\}", text):
        assert "?focus" in pattern.split()
        assert len(pattern.split()) == 3


# ---------------------------------------------------------------- the world keeps its promises

COMPUTED = {
    "variable",
    "codedDocument",
    "alpha",
    "alphaLow",
    "alphaHigh",
    "unitsCompared",
    "metric",
}


def test_world_uses_every_class_and_property():
    ontology, data = graph(*ONTOLOGY), graph(*DATA)
    kinds = (OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty)
    ours = {p for kind in kinds for p in ontology.subjects(RDF.type, kind) if p in TRI}
    unused = {p.removeprefix(TRI) for p in ours if (None, p, None) not in data}
    assert unused == COMPUTED
    everything = graph(*ONTOLOGY, *DATA)
    unused = {c for c in classes() if (None, RDF.type, c) not in everything}
    assert unused == {TRI.AgreementFigure}


@pytest.mark.parametrize(
    "scheme", ["ascription", "polarity", "modality", "intensity", "confidence", "basis"]
)
def test_world_uses_every_value(scheme):
    ontology, data = graph(*ONTOLOGY), graph(*DATA)
    values = set(ontology.subjects(SKOS.inScheme, URIRef(BASE + "scheme/" + scheme)))
    assert values
    assert {value for value in values if (None, None, value) not in data} == set()


def documents():
    data = graph(*DATA)
    for document in data.subjects(RDF.type, TRI.Document):
        file = WORLD / "texts" / str(data.value(document, TRI.textFile))
        with file.open(encoding="utf-8", newline="") as stream:
            yield document, stream.read()


def test_world_passages_are_the_units_of_the_texts():
    place = ROOT / "scripts" / "trilateral" / "sources" / "sentences.py"
    spec = importlib.util.spec_from_file_location("sentences_by_path", place)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    data = graph(*DATA)
    for document, text in documents():
        assert int(data.value(document, TRI.textLength)) == len(text)
        assert str(data.value(document, TRI.sha256)) == digest(text)
        passages = [p for p in data.subjects(TRI.inDocument, document)
                    if (p, RDF.type, TRI.Passage) in data]  # fmt: skip
        spots = {span(data, passage) for passage in passages}
        assert spots == set(module.sentences(text))
        for passage in passages:
            start, end = span(data, passage)
            assert str(data.value(passage, TRI.sha256)) == digest(text[start:end])
            url, fragment = str(data.value(passage, TRI.textFragment)).split("#:~:text=")
            assert url == str(data.value(document, TRI.url))
            ends = [unquote(e).lower() for e in fragment.split(",") if e.strip("-") == e]
            assert text[start:end].lower().startswith(ends[0])
            assert text[start:end].lower().endswith(ends[-1])


def span(data, passage):
    return int(data.value(passage, TRI.startPosition)), int(data.value(passage, TRI.endPosition))


def digest(text):
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def test_world_designations_and_silences_hold():
    data = graph(*DATA)
    for document, text in documents():
        for designation in data.subjects(TRI.usedIn, document):
            form = re.escape(str(data.value(designation, TRI.literalForm)))
            count = len(re.findall(rf"(?<!\w){form}(?!\w)", text))
            assert count == int(data.value(designation, TRI.occurrences)), designation
        for silence in data.subjects(RDF.type, TRI.Silence):
            if (silence, TRI.inDocument, document) in data:
                for term in data.objects(silence, TRI.searchedTerm):
                    assert str(term).lower() not in text.lower()
