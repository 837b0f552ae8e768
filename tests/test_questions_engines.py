"""Every question: a valid header, standard SPARQL, and the same answer on both engines.

Asked of the tiny world and of the real data, with the defaults of the header, and
once more with each parameter bound.
"""

import re
from functools import cache

import pyoxigraph as ox
import pytest
import yaml

from trilateral.ask import engines, questions, values
from trilateral.check.terms import load_term_lists
from trilateral.home import find_home
from trilateral.prefixes import prefixes
from trilateral.vocabulary import terms

HOME = find_home()
QUESTIONS = questions.read_questions(HOME)
DERIVE = {
    f"derive/{path.stem}": questions.read_question(path)
    for path in sorted((HOME.queries / "derive").glob("*.rq"))
}
ALL = QUESTIONS | DERIVE
PLACES = ("world", "data")

# Things whose label would only repeat the row that they stand in.
BARE = {"affiliation", "figure", "membership", "recommendation", "stance"}
# Questions whose answer lies in the names of the graphs.
OF_GRAPHS = {"in-which-graph-does-a-statement-stand"}
# Values for parameters that no column of the answer repeats.
CHOICES = {
    "ascription": "ascription:reported",
    "date": "2021-06-30",
    "force": "force:must",
    "from": "2017-01-01",
    "language": "ko",
    "third": "framework:harbour-league",
    "to": "2020-12-31",
    "frameworkKind": "framework-kind:alliance",
    "scheme": "scheme:polarity",
}

each_question = pytest.mark.parametrize("name", sorted(QUESTIONS))
each_query = pytest.mark.parametrize("name", sorted(ALL))
each_place = pytest.mark.parametrize("place", PLACES)


@pytest.fixture(scope="session")
def flat_stores(stores):
    """The same triples, all of them in the default graph."""
    flat = {}
    for place in PLACES:
        flat[place] = ox.Store()
        flat[place].bulk_extend(
            ox.Quad(quad.subject, quad.predicate, quad.object) for quad in stores[place]
        )
    return flat


def text_of(name, store, given=None):
    return ALL[name].bound(values.bind(store, ALL[name], given or {}))


def code_of(name):
    """The query without header, comments, IRIs and strings."""
    lines = [line for line in ALL[name].text.splitlines() if not line.startswith("#")]
    return re.sub(r"<[^<>\s]*>|\"[^\"]*\"", " ", "\n".join(lines))


def names_in(name):
    return set(re.findall(r"(?<![\w:?$-])([a-z][\w-]*):([A-Za-z][\w-]*)", code_of(name)))


@cache
def term_lists():
    return load_term_lists(HOME.ontology / "vocabularies")


def test_there_are_questions_enough():
    assert len(QUESTIONS) >= 44
    assert 3 <= len(DERIVE) <= 5


def test_no_question_is_asked_twice():
    assert len({question.summary for question in ALL.values()}) == len(ALL)


@each_query
def test_header_is_complete(name):
    question = ALL[name]
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", question.path.stem)
    assert question.summary.endswith("?")
    assert question.summary[0].isupper()
    assert question.description.endswith((".", ".)"))
    assert question.tags
    for parameter in question.parameters:
        assert parameter.kind in ("date", "language", "text") or parameter.kind in prefixes()
        assert parameter.description.endswith(".")
        assert parameter.default is None or isinstance(parameter.default, str)


@each_query
def test_header_is_yaml_above_the_query(name):
    lines = ALL[name].text.splitlines()
    header = [line for line in lines if line.startswith("#+")]
    assert lines[: len(header)] == header
    assert set(yaml.safe_load("\n".join(line[2:] for line in header))) >= {"summary", "tags"}


@each_question
def test_description_names_no_unknown_column(name):
    """Words in camel case in a description are columns of the answer or parameters."""
    question = QUESTIONS[name]
    known = set(re.findall(r"\?(\w+)", question.text))
    known |= {column.removesuffix("Label") for column in known}
    assert set(re.findall(r"\b[a-z]+[A-Z]\w*\b", question.description)) <= known


@each_query
def test_parameters_and_open_values_are_the_same(name):
    opened = set(re.findall(r"VALUES \?(\w+) \{ UNDEF \}", ALL[name].text))
    assert opened == {parameter.name for parameter in ALL[name].parameters}


@each_query
def test_prefixes_are_those_used_in_alphabetical_order(name):
    lines = [line for line in ALL[name].text.splitlines() if line.startswith("PREFIX")]
    declared = [re.fullmatch(r"PREFIX ([\w-]+): <(.+)>", line).groups() for line in lines]
    assert declared == sorted(declared)
    assert all(prefixes()[prefix] == namespace for prefix, namespace in declared)
    assert {prefix for prefix, _ in declared} == {prefix for prefix, _ in names_in(name)}


@each_query
def test_runs_without_the_prefixes_of_the_runner(name):
    from rdflib.plugins.sparql import prepareQuery

    assert ox.Store().query(ALL[name].text) is not None
    assert prepareQuery(ALL[name].text).algebra is not None


@each_query
def test_uses_only_terms_that_exist(name, store):
    for prefix, local in sorted(names_in(name)):
        iri = prefixes()[prefix] + local
        if prefixes()[prefix] in term_lists():
            assert local in term_lists()[prefixes()[prefix]], iri
        elif prefix == "tri":
            assert iri in terms(), iri
        else:
            found = store.quads_for_pattern(ox.NamedNode(iri), None, None, None)
            assert next(iter(found), None), iri


def test_the_same_roles_count_as_belonging_everywhere():
    """A query that leaves out dialogue partners leaves out all whom a framework does not count."""
    lists = {}
    for path in sorted(HOME.queries.glob("*.rq")):
        for listed in re.findall(r"NOT IN \(([^()]*)\)", path.read_text(encoding="utf-8")):
            roles = frozenset(re.findall(r"role:([\w-]+)", listed))
            if "dialogue-partner" in roles:
                lists.setdefault(roles, []).append(path.stem)
    assert list(lists) == [
        {
            *("candidate", "chair", "development-partner", "dialogue-partner", "guest", "invited"),
            *("non-participant", "observer", "partner-country", "sectoral-dialogue-partner"),
        }
    ], lists


@each_query
def test_is_written_in_house_style(name):
    code = code_of(name)
    assert not re.search(r"SELECT\s+(DISTINCT\s+)?\*", code)
    assert "EXISTS" not in code
    assert "SERVICE" not in code
    assert "GROUP_CONCAT" not in code
    assert ("GRAPH" in code) == (name in OF_GRAPHS)
    assert not re.search(r"\b(select|where|optional|filter|union|bind|values|order by)\b", code)
    if ALL[name].form == "SELECT":
        assert re.search(r"\nORDER BY [^{}]*\Z", code)
        assert "SELECT DISTINCT" in code or "GROUP BY" in code
    assert all(len(line) <= 100 for line in code.splitlines())


@each_query
def test_a_label_is_chosen_by_its_language_before_anything_else_is_joined(name):
    """A group that filters by language holds one label and, at most, what leads to its bearer.

    In a group of n labels rdflib would join the labels of all languages, 5^n for each row,
    before it looks at the first filter.
    """
    chosen = r"\{(?:\s+\S+ [^\s{}]+ \?\w+ \.){1,2}\s+FILTER \(LANG\(\?\w+\) =\s*\)\s+\}"
    assert "FILTER (LANG(" not in re.sub(chosen, "{ }", code_of(name))


@pytest.fixture(scope="session")
def renamed(world_store):
    """The world whose vocabulary has English labels only, and with labels in four more.

    Topics stay as they are: their names in each language are what some questions ask for.
    """
    label, prefer = (
        ox.NamedNode(prefixes()[prefix] + local)
        for prefix, local in (("rdfs", "label"), ("skos", "prefLabel"))
    )
    graph = ox.NamedNode(prefixes()["graph"] + "names")
    own = [
        *world_store.quads_for_pattern(None, label, None, None),
        *(
            named
            for kind in ("Concept", "ConceptScheme")
            for typed in world_store.quads_for_pattern(
                None, None, ox.NamedNode(prefixes()["skos"] + kind), None
            )
            for named in world_store.quads_for_pattern(typed.subject, prefer, None, None)
        ),
    ]
    topic = ox.NamedNode(prefixes()["tri"] + "Topic")
    topics = {quad.subject for quad in world_store.quads_for_pattern(None, None, topic, None)}
    own = [quad for quad in own if quad.subject not in topics]
    plain, named = ox.Store(), ox.Store()
    plain.bulk_extend(world_store)
    for quad in own:
        if quad.object.language != "en":
            plain.remove(quad)
    named.bulk_extend(plain)
    named.bulk_extend(
        ox.Quad(quad.subject, quad.predicate, ox.Literal("x", language=language), graph)
        for quad in own
        for language in ("ja", "ko", "zh-hans", "zh-hant")
    )
    assert len(named) > len(plain) + 1000
    return plain, named


@each_question
def test_rows_are_the_same_in_however_many_languages_the_vocabulary_has_labels(name, renamed):
    text = text_of(name, renamed[0])
    plain, named = (engines.ask_oxigraph(store, text).rows for store in renamed)
    assert plain
    assert named == plain


def test_labels_in_more_languages_cost_rdflib_no_look_up(renamed):
    """Of the questions with the most labels; all of them would take long."""
    most = [name for name in sorted(QUESTIONS) if code_of(name).count("FILTER (LANG(") > 6]
    assert len(most) > 5
    counted = []
    for store in renamed:
        dataset = engines.rdflib_dataset(store)
        triples, looked_up = dataset.store.triples, []

        def counting(*arguments, triples=triples, looked_up=looked_up, **options):
            looked_up.append(1)
            return triples(*arguments, **options)

        dataset.store.triples = counting
        told = {}
        for name in most:
            rows = engines.ask_rdflib_dataset(dataset, text_of(name, store)).rows
            told[name] = len(looked_up), rows
            looked_up.clear()
        counted.append(told)
    assert all(count for count, _ in counted[0].values())
    assert counted[1] == counted[0]


@each_place
@each_question
def test_engines_give_equal_rows_in_equal_order(name, place, stores, ask_rdflib):
    text = text_of(name, stores[place])
    first = engines.ask_oxigraph(stores[place], text)
    second = ask_rdflib(place, text)
    assert first.variables == second.variables
    assert first.rows == second.rows
    assert first.rows, f"{name} has no answer in the {place} data"
    assert len(set(first.rows)) == len(first.rows)


@each_place
@pytest.mark.parametrize("name", sorted(DERIVE))
def test_engines_derive_equal_triples(name, place, stores, ask_rdflib):
    text = text_of(name, stores[place])
    first = set(engines.ask_oxigraph(stores[place], text).triples)
    assert first == set(ask_rdflib(place, text).triples)
    assert first
    assert not any(isinstance(triple.subject, ox.BlankNode) for triple in first)


@each_place
@pytest.mark.parametrize("name", sorted(set(ALL) - OF_GRAPHS))
def test_named_graphs_make_no_difference(name, place, stores, flat_stores):
    text = text_of(name, stores[place])
    first = engines.ask_oxigraph(stores[place], text)
    second = engines.ask_oxigraph(flat_stores[place], text)
    assert first.rows == second.rows
    assert set(first.triples) == set(second.triples)


@each_question
def test_a_triple_in_two_graphs_counts_once(name, world_store):
    if name in OF_GRAPHS:
        return
    doubled = ox.Store()
    doubled.bulk_extend(world_store)
    copy = ox.NamedNode(prefixes()["graph"] + "copy")
    for local in ("about", "evidence", "holder", "member", "mentions", "narrows", "population"):
        predicate = ox.NamedNode(prefixes()["tri"] + local)
        doubled.bulk_extend(
            ox.Quad(quad.subject, quad.predicate, quad.object, copy)
            for quad in world_store.quads_for_pattern(None, predicate, None, None)
        )
    text = text_of(name, world_store)
    answer = engines.ask_oxigraph(doubled, text)
    assert answer.rows == engines.ask_oxigraph(world_store, text).rows


@each_question
def test_things_have_their_label_beside_them(name, world_store):
    answer = engines.ask_oxigraph(world_store, text_of(name, world_store))
    prefer = ox.NamedNode(prefixes()["skos"] + "prefLabel")
    labelled = {quad.subject for quad in world_store.quads_for_pattern(None, prefer, None, None)}
    for at, column in enumerate(answer.variables):
        rows = [row for row in answer.rows if row[at] in labelled]
        if rows and column not in BARE:
            assert f"{column}Label" in answer.variables, column
            beside = answer.variables.index(f"{column}Label")
            assert all(row[beside] for row in rows), column


@pytest.mark.parametrize(
    ("name", "parameter"),
    sorted(
        (name, parameter.name)
        for name, question in QUESTIONS.items()
        for parameter in question.parameters
    ),
)
def test_a_bound_parameter_keeps_its_rows_and_no_others(name, parameter, stores, ask_rdflib):
    store = stores["world"]
    everything = {
        known.name: "all" for known in QUESTIONS[name].parameters if known.name != parameter
    }
    whole = engines.ask_oxigraph(store, text_of(name, store, everything | {parameter: "all"}))
    if parameter in CHOICES:
        value, expected = CHOICES[parameter], None
    else:
        at = whole.variables.index(parameter)
        # A framework with organs is an actor too, in a namespace of its own.
        kind = next(known.kind for known in QUESTIONS[name].parameters if known.name == parameter)
        bound = [row[at].value for row in whole.rows if row[at]]
        value = [iri for iri in bound if iri.startswith(prefixes()[kind])][-1]
        expected = tuple(row for row in whole.rows if row[at] and row[at].value == value)
    text = text_of(name, store, everything | {parameter: value})
    answer = engines.ask_oxigraph(store, text)
    assert answer.rows == ask_rdflib("world", text).rows
    if expected is not None:
        assert answer.rows == expected
