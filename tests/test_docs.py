"""Documented commands run, documented answers are the answers, links lead somewhere."""

import json
import re
import shlex

import pytest
from tests.conftest import TESTS, WORLD

from trilateral import cli, turtle
from trilateral.ask import engines
from trilateral.prefixes import prefixes

ROOT = TESTS.parent
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")])
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```", re.M | re.S)


def blocks(kind):
    for page in PAGES:
        for found, body in BLOCK.findall(page.read_text(encoding="utf-8")):
            if found == kind:
                yield page.name, body


def commands():
    """Each command once, with the first page that has it."""
    pages = {}
    for page, body in blocks("sh"):
        for line in body.splitlines():
            command = line.partition(" #")[0].strip().removeprefix(".venv/bin/")
            if command.startswith("trilateral "):
                pages.setdefault(command, page)
    for command, page in pages.items():
        yield pytest.param(command, id=f"{page}: {command}")


@pytest.mark.parametrize("command", list(commands()))
def test_documented_command_runs(command, run, tmp_path, monkeypatch):
    """A check is of the tiny world: `build` here and `make test` check all that is shipped."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))  # where an incremental check keeps its own
    words = shlex.split(command)[1:]
    words = [str(WORLD / "texts") if word == "DIR" else word for word in words]
    if words[0] == "check" or str(WORLD / "texts") in words:
        words += ["--data", str(WORLD / "data")]
    if words[0] == "fmt" and "--check" not in words:
        words.append("--check")  # a test changes nothing
    done = run(*words, cwd=tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr


def servers():
    """Each documented start of the server, which its own tests start for real."""
    for page, body in (*blocks("text"), *blocks("ini")):
        for line in body.splitlines():
            command = re.search(r"(?:^|/bin/)trilateral (serve\b[^#]*)", line)
            if command:
                yield pytest.param(command[1].strip(), id=f"{page}: {command[1].strip()}")


@pytest.mark.parametrize("command", list(servers()))
def test_documented_server_has_these_options(command):
    options, rest = cli._parser().parse_known_args(shlex.split(command))
    assert (options.verb, rest) == ("serve", [])


@pytest.mark.parametrize(("page", "body"), list(blocks("console")))
def test_documented_answer_is_the_answer(page, body, run):
    command, _, expected = body.partition("\n")
    done = run(*shlex.split(command.removeprefix("$ "))[1:])
    assert [line.rstrip() for line in done.stdout.splitlines()] == expected.rstrip().splitlines()


@pytest.mark.parametrize(("page", "body"), list(blocks("python")))
def test_documented_program_runs(page, body):
    exec(compile(body, page, "exec"), {})  # raises when an assertion of the page fails


@pytest.mark.parametrize(("page", "body"), list(blocks("sparql")))
def test_documented_query_is_answered(page, body, store):
    engines.ask_oxigraph(store, body)  # raises where it is no SPARQL


@pytest.mark.parametrize(("page", "body"), list(blocks("turtle")))
def test_documented_turtle_is_turtle(page, body):
    """With the prefixes of the project, which pages leave out."""
    heads = "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in prefixes().items())
    assert turtle.read(heads + body).triples


@pytest.mark.parametrize(("page", "body"), list(blocks("json")))
def test_documented_json_is_json(page, body):
    assert json.loads(body)


def test_every_block_is_of_a_kind_that_is_known():
    """What needs a server (py) and what configures one has tests of its own; text is not run."""
    read = {"sh", "console", "python", "sparql", "turtle", "json"}
    for page in PAGES:
        fences = re.findall(r"^```(.*)$", page.read_text(encoding="utf-8"), re.M)
        assert set(fences[0::2]) <= {*read, "text", "py", "ini", "apache", "nginx"}, page.name
        assert set(fences[1::2]) <= {""}, page.name


def test_every_make_target_that_a_page_names_exists():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for page in PAGES:
        for target in re.findall(r"\bmake (demo|test|bench|clean|\w+)`", page.read_text("utf-8")):
            assert re.search(rf"^{target}:", makefile, re.M), f"{page.name}: make {target}"


def test_every_link_between_pages_leads_to_a_file():
    for page in PAGES:
        for target in re.findall(r"\]\((?!https?:)([^)#]+)\)", page.read_text(encoding="utf-8")):
            assert (page.parent / target).exists(), f"{page.name}: {target}"


def test_version_is_the_same_everywhere():
    from trilateral import __version__

    assert f"version: {__version__}\n" in (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    assert f"## {__version__} " in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    ontology = (ROOT / "ontology" / "ontology.ttl").read_text(encoding="utf-8")
    assert f'owl:versionInfo "{__version__}"' in ontology
    assert f"<https://w3id.org/trilateral/ontology/{__version__}>" in ontology


def test_agreement_table_of_the_codebook_is_what_the_codings_give(store):
    from trilateral.coding import agreement

    page = (ROOT / "docs" / "codebook.md").read_text(encoding="utf-8")
    figures = agreement.agreements(store)
    assert len(figures) == 16
    for figure in figures:
        document = figure.document.rpartition("/")[2]
        row = (
            f"| {document} | `{figure.variable}` | {figure.metric} | {figure.units} "
            f"| {figure.alpha:.2f} | {figure.low:.2f} to {figure.high:.2f} |"
        )
        assert row in page


def test_codebook_version_is_the_one_that_stances_carry(home):
    page = (ROOT / "docs" / "codebook.md").read_text(encoding="utf-8")
    version = re.search(r"^Version (\d+\.\d+)\.", page, re.M)[1]
    for path in sorted((home.data / "stances").glob("*.ttl")):
        text = path.read_text(encoding="utf-8")
        assert set(re.findall(r'tri:codebookVersion "([\d.]+)"', text)) == {version}


def test_completeness_table_is_what_the_record_holds(store, home):
    from trilateral.ask import engines, values
    from trilateral.ask.show import find

    question = find(home)["how-complete-is-each-framework"]
    answer = engines.ask_oxigraph(store, question.bound(values.bind(store, question, {})))
    at = {name: answer.variables.index(name) for name in answer.variables}
    columns = ("memberships", "unknownStarts", "unknownEnds", "weak")
    held = {
        row[at["framework"]].value.rpartition("/")[2]: [
            *(row[at[column]].value for column in columns),
            "yes" if row[at["roster"]].value == "true" else "no",
        ]
        for row in answer.rows
    }
    page = (ROOT / "docs" / "completeness.md").read_text(encoding="utf-8")
    told = {
        cells[1].strip("` "): [cell.strip() for cell in cells[2:7]]
        for cells in (line.split("|") for line in page.splitlines() if line.startswith("| `"))
    }
    assert len(told) > 25
    assert told == {name: held[name] for name in told}


def labels(store, pattern):
    """The labels of what a pattern finds, by thing and language."""
    from trilateral.prefixes import prefixes

    found = {}
    for row in store.query(
        f"SELECT ?thing ?label WHERE {{ {pattern} }}",
        prefixes=dict(prefixes()),
        use_default_graph_as_union=True,
    ):
        names = found.setdefault(prefixes().compact(row["thing"].value), {})
        names[row["label"].language] = row["label"].value
    return found


LANGUAGES = ("en", "ja", "ko", "zh-hans", "zh-hant")


def test_glossary_of_the_naming_page_has_the_labels_of_the_ontology(store):
    held = labels(store, "?thing rdfs:isDefinedBy trilateral:ontology ; rdfs:label ?label")
    page = (ROOT / "docs" / "naming.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `(tri:\w+)` \| (.*) \|$", page, re.M)
    assert len(rows) > 20
    for term, cells in rows:
        assert cells.split(" | ") == [held[term][language] for language in LANGUAGES], term


def test_names_told_to_be_complete_are(store):
    classes = ["State", "Economy", "Framework", "Grouping", "Population", "Topic", "Office"]
    of_them = f"VALUES ?class {{ {' '.join('tri:' + name for name in classes)} }} "
    held = labels(store, of_them + "?thing a ?class ; skos:prefLabel ?label")
    assert len(held) > 300
    assert {thing for thing, names in held.items() if set(names) != set(LANGUAGES)} == set()
