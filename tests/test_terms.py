"""The term lists of other vocabularies, and the gate that a misspelt term does not pass."""

import pytest

from trilateral.check.terms import UnknownTerm, load_term_lists, unknown_terms
from trilateral.errors import InvalidDatasetError
from trilateral.prefixes import prefixes
from trilateral.vocabulary import terms

TRI = "https://w3id.org/trilateral/ontology#"
PROV = "http://www.w3.org/ns/prov#"


@pytest.fixture(scope="module")
def lists(home):
    return load_term_lists(home.ontology / "vocabularies")


def test_every_list_is_named_after_its_prefix(home):
    for path in (home.ontology / "vocabularies").glob("*.txt"):
        if path.stem in prefixes():
            assert f"# namespace: {prefixes()[path.stem]}\n" in path.read_text(encoding="utf-8")


def test_lists_are_sorted_and_say_where_they_come_from(home):
    for path in sorted((home.ontology / "vocabularies").glob("*.txt")):
        lines = path.read_text(encoding="utf-8").splitlines()
        names = [line for line in lines if not line.startswith("#")]
        assert names == sorted(set(names)), path.name
        keys = [line.partition(":")[0] for line in lines[1:5]]
        assert keys == ["# namespace", "# version", "# source", "# read"], path.name
        assert lines[3].startswith("# source: http"), path.name


# rdflib ships its own copies of these vocabularies, made by others from the same files.
SHIPPED = [
    "RDF",
    "RDFS",
    "OWL",
    "SKOS",
    "SH",
    "DCTERMS",
    "PROV",
    "ORG",
    "QB",
    "FOAF",
    "VANN",
    "VOID",
]


@pytest.mark.parametrize("name", SHIPPED)
def test_lists_agree_with_the_namespaces_of_rdflib(lists, name):
    import rdflib.namespace

    namespace = getattr(rdflib.namespace, name)
    theirs = {term for term in namespace.__annotations__ if not term.startswith("_")}
    assert lists[str(namespace._NS)] == theirs | set(namespace._extras)


def test_known_terms_pass(lists):
    used = [TRI + "holder", PROV + "Entity", "https://schema.org/Claim", PROV]
    assert unknown_terms(used, lists, terms(), TRI) == []


@pytest.mark.parametrize(
    ("misspelt", "meant"),
    [
        (PROV + "wasAtributedTo", PROV + "wasAttributedTo"),
        (PROV + "Entitty", PROV + "Entity"),
        ("http://www.w3.org/ns/shacl#shape", "http://www.w3.org/ns/shacl#Shape"),
        ("http://purl.org/linked-data/cube#Dataset", "http://purl.org/linked-data/cube#DataSet"),
        ("http://www.w3.org/2001/XMLSchema#datetime", "http://www.w3.org/2001/XMLSchema#dateTime"),
        (TRI + "holders", TRI + "holder"),
        (TRI + "stance", TRI + "Stance"),
    ],
)
def test_a_misspelt_term_is_found_with_the_one_that_was_meant(lists, misspelt, meant):
    found = unknown_terms([misspelt, TRI + "holder"], lists, terms(), TRI)
    assert [term.iri for term in found] == [misspelt]
    assert meant in found[0].near


def test_things_are_not_judged(lists):
    things = ["https://w3id.org/trilateral/actor/japan", "https://schema.org/docs/terms.html"]
    assert unknown_terms(things, lists, terms(), TRI) == []


def test_nothing_near_is_said_to_be_so():
    lists = {"http://example.org/": frozenset({"holder"})}
    found = unknown_terms(["http://example.org/xyzzy"], lists, frozenset(), TRI)
    assert found == [UnknownTerm("http://example.org/xyzzy", ())]


@pytest.mark.parametrize(
    "text", ["# no namespace\nmember\n", "# namespace: a#\n# namespace: b#\nmember\n"]
)
def test_a_list_without_one_namespace_is_refused(tmp_path, text):
    (tmp_path / "x.txt").write_text(text)
    with pytest.raises(InvalidDatasetError, match=r"x\.txt: expected one line"):
        load_term_lists(tmp_path)


def test_two_lists_of_one_namespace_are_refused(tmp_path):
    for name in "ab":
        (tmp_path / f"{name}.txt").write_text("# namespace: a#\nmember\n")
    with pytest.raises(InvalidDatasetError, match=r"b\.txt: another list"):
        load_term_lists(tmp_path)
