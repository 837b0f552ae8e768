"""The documentation as a site: what each part tells, that links lead somewhere, how it reads."""

import html
import json
import os
import re
import subprocess
import sys
from dataclasses import replace
from xml.etree import ElementTree as ET

import pyoxigraph as ox
import pytest
from tests.conftest import WORLD
from tests.publish.test_site_browser import host
from tests.serve.accessibility import DESK, PHONE, violations
from tests.serve.conftest import WAIT

from trilateral.ask.questions import read_questions
from trilateral.home import find_home
from trilateral.prefixes import prefixes
from trilateral.publish.docs.described import Described
from trilateral.publish.docs.guide import make_guide, read_guide
from trilateral.publish.docs.links import check_links
from trilateral.publish.docs.make import make
from trilateral.publish.docs.plan import check_target, make_plan
from trilateral.publish.docs.terms import Places
from trilateral.publish.docs.words import Wording
from trilateral.publish.release.refusals import RefusedError

SITE = "https://example.org/graph"
TAG = re.compile(r"<[^>]+>")


@pytest.fixture(scope="module")
def made():
    """The documentation of the tiny world as `make` returns it: bytes by name."""
    home = find_home(WORLD / "data")
    return make(make_plan(home, WORLD / "nothing", SITE))


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    """What the command writes in the place of an earlier one, elsewhere and in another way."""
    out = tmp_path_factory.mktemp("documentation") / "docs"
    out.mkdir()
    told = {"made_by": "trilateral publish docs", "files": {"old.html": ""}}
    (out / "manifest.json").write_text(json.dumps(told))
    (out / "old.html").write_text("an earlier one")
    command = [sys.executable, "-m", "trilateral", "publish", "docs", "--data", WORLD / "data"]
    other = {"TZ": "Asia/Tokyo", "LC_ALL": "C", "PYTHONHASHSEED": "7"}
    done = subprocess.run(
        [*map(str, command), "--out", str(out), "--site", SITE],
        capture_output=True, text=True, env={**os.environ, **other}, cwd=out.parent,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert "all links inside lead somewhere" in done.stdout
    assert "DEBUG" not in done.stderr  # what pyLODE would have all libraries log
    assert [path.name for path in out.parent.iterdir()] == ["docs"]
    return out


def page(made, name):
    return made[name].decode()


def entry(text, anchor):
    """The text of the entry of a place: up to the next place, without tags."""
    start = text.index(f'id="{anchor}"')
    end = re.search(r'<(?:div|section|h[1-6])[^>]* id="', text[start + 5 :])
    part = text[start : start + 5 + end.start()] if end else text[start:]
    return html.unescape(" ".join(TAG.sub(" ", part.partition(">")[2]).split()))


def test_the_same_bytes_and_every_file_in_the_manifest(made, written):
    found = {
        path.relative_to(written).as_posix(): path.read_bytes()
        for path in written.rglob("*")
        if path.is_file()
    }
    assert found == made
    assert set(json.loads(made["manifest.json"])["files"]) == found.keys() - {"manifest.json"}


# ------------------------------------------------------------------ the guide


def test_every_page_of_the_project_is_a_page_in_the_order_of_the_readme(made, home):
    pages = {"index.html", "contributing.html", "changelog.html"}
    pages |= {f"{path.stem}.html" for path in (home.root / "docs").glob("*.md")}
    assert pages <= made.keys()
    text = page(made, "index.html")
    listed = re.findall(r'<li><a href="([\w-]+\.html)"', text.partition("<h2>Guide</h2>")[2])
    assert listed[:3] == ["index.html", "guide.html", "serve.html"]
    assert pages <= set(listed)
    assert {"codebook.html", "completeness.html"} <= pages


def test_text_of_a_page_is_whole(made):
    text = page(made, "codebook.html")
    assert '<h1 id="codebook">Codebook</h1>' in text
    assert 'id="10-several-units-one-stance"' in text
    # A number stands to the right without a style, which the policy would not allow.
    assert '<th class="number">' in page(made, "completeness.html")
    # Code that names a term leads to it.
    assert '<a href="ontology.html#Document"><code>tri:Document</code></a>' in page(
        made, "contributing.html"
    )


def project(folder, text):
    (folder / "docs").mkdir()
    (folder / "README.md").write_text("# Home\n\n- [one](docs/one.md)\n")
    (folder / "docs" / "one.md").write_text(text)
    (folder / "Makefile").write_text("")
    return read_guide(folder)


@pytest.mark.parametrize(
    ("link", "why"),
    [
        ("two.md", "there is no file docs/two.md"),
        ("../README.md#nowhere", "README.md has no heading with the anchor #nowhere"),
        ("#elsewhere", "docs/one.md has no heading with the anchor #elsewhere"),
        ("../../outside.md", "there is no file ../outside.md"),
        ("picture.png", "there is no file docs/picture.png"),
    ],
)
def test_broken_link_is_named_with_file_line_and_target(tmp_path, link, why):
    sources = project(tmp_path, f"# One\n\nA paragraph\nof two lines, [there]({link}).\n")
    with pytest.raises(RefusedError, match=r"nothing was written") as refused:
        make_guide(tmp_path, sources, "", {})
    assert f"docs/one.md:4: the link ({link}) leads nowhere: {why}." in str(refused.value)


def test_file_that_is_no_page_is_a_link_where_the_repository_has_an_address(tmp_path):
    text = "# One\n\n[make](../Makefile), [home](../README.md#home), [us](https://example.org/)\n"
    sources = project(tmp_path, text)
    for repository, shown in [
        ("", "<a>make</a>"),
        ("https://example.org/x", '<a href="https://example.org/x/blob/HEAD/Makefile">make</a>'),
    ]:
        (_, one) = make_guide(tmp_path, sources, repository, {})
        assert shown in one.values["body"]
        assert '<a href="/index.html#home">home</a>' in one.values["body"]
        assert '<a href="https://example.org/">us</a>' in one.values["body"]
        sources = read_guide(tmp_path)


def test_markup_in_a_page_is_text(tmp_path):
    text = "# One\n\n<script>alert(1)</script>\n\n[x](javascript:alert(1)) <b>b</b>\n\n<!-- c -->\n"
    (_, one) = make_guide(tmp_path, project(tmp_path, text), "", {})
    body = one.values["body"]
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in body and "&lt;b&gt;b&lt;/b&gt;" in body
    assert "href" not in body and "--" not in body


# ------------------------------------------------------------------ links of the pages


def test_broken_link_of_a_page_is_named_with_file_and_line():
    files = {
        "a/one.html": b'<p id="x">\n<a href="../two.html#y">1</a>\n<a href="#no">2</a>',
        "two.html": b'<a id="y" href="a/gone.html">3</a><i id="z"></i><i id="z"></i>',
    }
    with pytest.raises(RefusedError) as refused:
        check_links(files)
    assert str(refused.value).splitlines()[:3] == [
        "two.html: the place #z stands there 2 times.",
        "a/one.html:3: #no: a/one.html has no such place.",
        "two.html:1: a/gone.html: there is no file a/gone.html.",
    ]
    files = {"a/one.html": files["a/one.html"].replace(b"#no", b"#x"), "two.html": b'<a id="y">'}
    assert check_links(files) == 2


def test_a_broken_link_stops_the_whole(tmp_path, monkeypatch):
    """The check is part of `make`: nothing is returned that could be written."""
    from trilateral.publish.docs import make as module

    monkeypatch.setattr(module, "_pages", lambda *_: ([], {"x.html": b'<a href="gone.html">x</a>'}))
    monkeypatch.setattr(module, "_REFERENCE", ())
    with pytest.raises(RefusedError, match=r"x\.html:1: gone\.html"):
        module.make(make_plan(find_home(), tmp_path / "docs"))


def test_pages_load_nothing_from_elsewhere_and_run_no_text_of_their_own(made):
    for name, body in made.items():
        if not name.endswith(".html"):
            continue
        for tag in re.findall(r"<[a-z][^<>]*>", body.decode()):
            assert not re.search(r"\s(?:style|on\w+)=", tag), (name, tag)
            loads = re.match(r'<(?:script|link|img|source|iframe)\b.*?(?:src|href)="([^"]*)"', tag)
            assert not loads or not loads[1].startswith(("http", "//")), (name, tag)
            assert not tag.startswith("<script") or " src=" in tag, (name, tag)


# ------------------------------------------------------------------ the ontology


def declared(folder, *kinds):
    wanted = {prefixes().expand(kind) for kind in kinds}
    return {
        quad.subject.value
        for path in folder.rglob("*.ttl")
        for quad in ox.parse(path=path, format=ox.RdfFormat.TURTLE)
        if quad.predicate.value.endswith("#type")
        and quad.object.value in wanted
        and isinstance(quad.subject, ox.NamedNode)
    }


def test_every_term_has_an_entry_at_the_fragment_of_its_iri(made, home):
    kinds = ("owl:Class", "owl:ObjectProperty", "owl:DatatypeProperty", "owl:AnnotationProperty")
    terms = {term for term in declared(home.ontology, *kinds) if term.startswith(prefixes()["tri"])}
    assert len(terms) > 180
    text = page(made, "ontology.html")
    found = re.findall(r'<div class="term" id="([^"]+)">', text)
    assert sorted(found) == sorted(term.rpartition("#")[2] for term in terms)
    for name in found:
        assert f"<code>{prefixes()['tri']}{name}</code>" in text


def test_entry_of_a_term(made):
    """As ontology/events.ttl and shapes/events.ttl have it."""
    text = page(made, "ontology.html")
    told = entry(text, "heldUnder")
    assert told.startswith("held under op tri:heldUnder IRI https://w3id.org/trilateral/ontology#")
    for part in (
        "Description Links an event with the framework whose meeting or act it is.",
        "Domain event",
        "Range framework",
        "Shapes held under",
        "Questions All 6 What has changed since a given day?",
        "In the data 1 Shapes",  # in tests/world/data/events/summits.ttl
    ):
        assert part in told
    assert 'href="shapes/events.html#EventShape-heldUnder"' in text
    assert 'href="questions/which-events-belong-to-a-framework.html"' in text
    told = entry(text, "Stance")
    # One holder by the shape of stances, no more than one by that of coded statements.
    assert "Has ascribed within [0..1], ascription [1], confidence [1], evidence [1..*], " in told
    assert "holder [1], intensity [1]," in told
    assert "Narrower than coded statement" in told
    assert "Values 4 in the list" in entry(text, "Polarity")
    assert "Characteristics asymmetric" in entry(text, "subEventOf")
    assert "Close to dct:Agent , sem:Actor" in entry(text, "Actor")
    # What is not ours has a row, from where it is a step to its own vocabulary.
    told = entry(text, "skos-exactMatch")
    assert told.startswith("skos:exactMatch object property")
    assert '<a href="http://www.w3.org/2004/02/skos/core#exactMatch"><code>' in text
    assert 'href="../ontology.html#skos-prefLabel"' in page(made, "shapes/events.html")


def test_every_value_has_an_entry_with_its_labels(made, home):
    concepts = declared(home.ontology, "skos:Concept")
    assert len(concepts) > 200
    for concept in concepts:
        name = concept.rpartition("/")[2]
        pages = [file for file in made if file.startswith("values/")]
        assert any(f'id="{name}"' in page(made, file) for file in pages), concept
    text = page(made, "values/topic.html")
    assert '<span lang="ko">동맹 내의 유연성</span> (한국어)' in text
    assert '<span lang="zh-hant">同盟內部的彈性</span> (繁體中文)' in text
    # It lies below what is broader, and so does its heading.
    assert '<h3 id="alliance-flexibility">' in text and '<h2 id="alliances">' in text
    told = entry(page(made, "values/polarity.html"), "opposes")
    assert told.startswith("opposes polarity:opposes The holder denies the proposition")


# ------------------------------------------------------------------ shapes


def test_every_shape_stands_on_the_page_of_its_file(made, home):
    shapes = 0
    for path in home.shapes.glob("*.ttl"):
        triples = [*ox.parse(path=path, format=ox.RdfFormat.TURTLE)]
        named = {t.subject.value for t in triples if isinstance(t.subject, ox.NamedNode)}
        own = {name for name in named if name.startswith(prefixes()["trish"])}
        kinds = {t.subject.value for t in triples if t.object.value.endswith("Shape")}
        if not own & kinds:
            continue
        text = page(made, f"shapes/{path.stem}.html")
        plain = " ".join(html.unescape(TAG.sub(" ", text)).split())
        for name in own & kinds:
            assert f'id="{name.rpartition("#")[2]}"' in text, name
            shapes += 1
        for triple in triples:
            if triple.predicate.value.endswith("#message"):
                # Said and repair stand apart, each whole.
                first, _, rest = triple.object.value.partition(". ")
                assert first in plain, triple.object.value
                assert rest.strip() in plain, triple.object.value
    assert shapes > 500


def test_shape_in_plain_words(made):
    """As shapes/events.ttl and shapes/quality.ttl have them."""
    text = page(made, "shapes/events.html")
    assert entry(text, "EventShape-eventKind") == (
        "event kind trish:EventShape-eventKind An event is of one kind. path tri:eventKind "
        "asks exactly one value each value is an event kind "
        "message Expected exactly one kind of event from scheme:event-kind. error "
        "repair Pick one concept of that scheme; if none fits, add it to the scheme first."
    )
    told = entry(text, "EventShape-sequence")
    assert "asks at most one value each value is a whole number ( xsd:integer ) each" in told
    assert "for each event asks it meets exactly one of: place given , place unknown" in entry(
        text, "PlaceKnownShape"
    )
    told = entry(page(made, "shapes/quality.html"), "FrameworkQualityShape-source")
    assert "path tri:attestedBy | tri:evidence asks at least one value" in told
    assert "warning repair Add tri:attestedBy, or tri:evidence" in told


SPOKEN = {
    "sh:minCount 2 ; sh:maxCount 3": "2 to 3 values",
    "sh:maxCount 0": "no value",
    "sh:nodeKind sh:IRI": "each value is an IRI",
    "sh:in ( <http://x/a> 2 )": "each value is one of http://x/a, 2",
    "sh:hasValue 1": "one value is 1",
    'sh:languageIn ( "en" "ja" )': "each value is in one of the languages en, ja",
    "sh:uniqueLang true": "one value a language at most",
    "sh:minExclusive 1": "each value is more than 1",
    "sh:maxExclusive 9": "each value is less than 9",
    "sh:maxInclusive 9": "each value is 9 or less",
    "sh:minLength 3": "each value has 3 characters or more",
    "sh:maxLength 3": "each value has 3 characters or fewer",
    "sh:lessThan <http://x/b>": "each value comes before each http://x/b",
    "sh:lessThanOrEquals <http://x/b>": "no value comes after any http://x/b",
    "sh:equals <http://x/b>": "its values are those of http://x/b",
    "sh:disjoint <http://x/b>": "no value is one of http://x/b",
    "sh:node [ sh:class <http://x/C> ]": "each value meets (each value is a http://x/C)",
    "sh:not [ sh:minCount 1 ]": "each value does not meet (at least one value)",
    "sh:and ( [ sh:minLength 1 ] [ sh:maxLength 2 ] )": (
        "each value meets all of: (each value has 1 characters or more), "
        "(each value has 2 characters or fewer)"
    ),
    "sh:qualifiedValueShape [ sh:class <http://x/C> ] ; sh:qualifiedMaxCount 1": (
        "at most one value that meets (each value is a http://x/C)"
    ),
}


def wording(text):
    turtle = (
        f"@prefix sh: <http://www.w3.org/ns/shacl#> .\n<http://x/s> sh:path <http://x/p> ; {text} ."
    )
    shapes = Described(quad.triple for quad in ox.parse(turtle, format=ox.RdfFormat.TURTLE))
    return Wording(shapes, Places({}), lambda iri: ""), ox.NamedNode("http://x/s")


@pytest.mark.parametrize(("said", "words"), SPOKEN.items(), ids=range(len(SPOKEN)))
def test_constraint_in_plain_words(said, words):
    spoken, shape = wording(said)
    found = [html.unescape(TAG.sub("", str(each))) for each in spoken.constraints(shape)]
    assert [each.replace("<http", "http").replace(">", "") for each in found] == [words]


def test_constraint_without_words_is_an_error():
    spoken, shape = wording("sh:sparql [ ]")
    with pytest.raises(RefusedError, match=r"no words for sh:sparql"):
        spoken.constraints(shape)


def test_every_rule_has_an_entry_with_severity_and_repair(made, home):
    text = page(made, "shapes/rules.html")
    for path in (home.shapes / "checks").glob("*.rq"):
        assert f'id="{path.stem}"' in text
    told = entry(text, "orphan-warning")
    assert told.startswith("Orphan Nothing speaks of this thing, and it leads to nothing. warning")
    assert "repair Link to it from what it was written for, or remove it." in told
    text = page(made, "shapes/standards.html")
    found = [*(home.shapes / "standards").rglob("*-violation.rq")]
    assert len(found) == text.count('<section class="term">')


# ------------------------------------------------------------------ pictures


def test_picture_of_events_and_its_table(made):
    """As ontology/events.ttl and shapes/events.ttl have them."""
    root = ET.fromstring(made["models/events.svg"])
    texts = {node.text for node in root.iter("{http://www.w3.org/2000/svg}text")}
    boxes = {"event", "outcome document", "participation"}  # declared in the file
    boxes |= {"framework", "place", "source", "grouping", "actor"}  # where its properties lead
    attributes = {
        "event kind: event kind [1]", "sequence: integer [0..1]", "role: role [1]",
        "genre: genre [1]", "issued: date or gYearMonth or gYear [0..1]", "url: IRI [0..*]",
    }  # fmt: skip
    arrows = {
        "event [1]", "participant [1]", "representing [0..1]", "held under [0..*]",
        "place [0..1]", "produced [0..*]", "sub event of [0..1]",
    }  # fmt: skip
    assert texts == boxes | attributes | arrows
    assert root.get("role") == "img"
    names = [node.text for node in root.iter() if node.tag.endswith(("title", "desc"))][:2]
    assert names == [
        "Events",
        "What ontology/events.ttl declares, as shapes/events.ttl constrains it.",
    ]
    text = page(made, "models.html")
    table = (
        text[text.index('<section>\n<h2 id="events"') :]
        .partition("<tbody>")[2]
        .partition("</tbody>")[0]
    )
    rows = [
        [html.unescape(TAG.sub("", cell)) for cell in re.findall(r"<td>(.*?)</td>", row)]
        for row in re.findall(r"<tr>.*?</tr>", table, re.DOTALL)
    ]
    assert ["event", "sub event of", "event", "0..1", "trish:EventShape-subEventOf"] in rows
    told = {f"{row[1]} [{row[3]}]" for row in rows} | {
        f"{row[1]}: {row[2]} [{row[3]}]" for row in rows
    }
    assert attributes | arrows <= told
    assert len(rows) == 6 + 3 + 4  # of events, outcome documents, participations


def test_every_picture_is_on_the_page_and_a_file(made):
    text = page(made, "models.html")
    files = [name for name in made if name.endswith(".svg") and name.startswith("models/")]
    assert len(files) == 8
    assert text.count("<svg ") == text.count("<tbody>") == len(files)
    for name in files:
        assert f'href="{name}"' in text
        # A picture that is opened alone leads to the IRIs of the terms.
        assert b'href="https://w3id.org/trilateral/ontology#' in made[name]


def test_core_has_what_is_inherited(made):
    root = ET.fromstring(made["models/core.svg"])
    texts = {node.text for node in root.iter("{http://www.w3.org/2000/svg}text")}
    # tri:member is of relationships, which memberships are.
    assert {"stance", "proposition", "actor", "holder [1]", "member [1]"} <= texts


# ------------------------------------------------------------------ questions


def test_every_question_has_a_page_with_its_query(made, world):
    questions = read_questions(world)
    assert len(questions) > 80
    for name, question in questions.items():
        text = page(made, f"questions/{name}.html")
        (query,) = re.findall(r"<h2>Query</h2>\n<pre[^>]*><code>(.*?)</code>", text, re.DOTALL)
        lines = [line for line in question.text.splitlines() if not line.startswith("#+")]
        assert html.unescape(TAG.sub("", query)).strip() == "\n".join(lines).strip()
        assert html.escape(question.summary, quote=False) in html.unescape(text) or (
            question.summary in html.unescape(text)
        )
        for parameter in question.parameters:
            assert f"<code>--{parameter.name}</code>" in text
        assert f'href="{SITE}/api/questions/{name}.html"' in text
        assert f'href="{SITE}/query?query=' in text
    derive = page(made, "questions/derive/propositions-as-claims.html")
    assert "statements; it begins:" in derive and "/api/questions" not in derive


def test_answer_begins_as_the_expected_one(made):
    """One row, as tests/expected/world/who-fears-what.csv has it with the reason why."""
    text = page(made, "questions/who-fears-what.html")
    assert "<p>1 row:</p>" in text
    (row,) = re.findall(r"<tr>(<td>.*?)</tr>", text)
    cells = [html.unescape(TAG.sub("", cell)) for cell in re.findall(r"<td>(.*?)</td>", row)]
    assert cells[0] == "Borland" and cells[2:5] == ["supports", "moderate", "ascribed"]
    assert cells[-1] == "the words"
    assert f'<a href="{SITE}/actor/borland">Borland</a>' in row
    assert "#:~:text=arland%20hopes,its%20cost." in row


# ------------------------------------------------------------------ search


def test_every_entry_of_the_search_leads_to_a_place(made):
    told = json.loads(made["search.json"])
    places = {
        name: set(re.findall(r'\sid="([^"]*)"', page(made, name))) for name, _ in told["pages"]
    }
    assert len(told["entries"]) > 1000
    for at, anchor, title, _ in told["entries"]:
        name = told["pages"][at][0]
        assert title
        assert not anchor or anchor in places[name], (name, anchor)


# ------------------------------------------------------------------ refusals


def test_refuses_a_folder_with_anything_else(tmp_path, written):
    check_target(written)
    (tmp_path / "notes.txt").write_text("mine")
    with pytest.raises(RefusedError, match="is not replaced"):
        check_target(tmp_path)
    told = {"made_by": "trilateral publish site", "files": {"notes.txt": ""}}
    (tmp_path / "manifest.json").write_text(json.dumps(told))
    with pytest.raises(RefusedError, match="is not replaced"):
        check_target(tmp_path)


def test_refuses_what_it_cannot_be_made_of(tmp_path, monkeypatch):
    home = find_home()
    with pytest.raises(RefusedError, match="this lies in docs/, which is read"):
        make_plan(home, home.root / "docs" / "site")
    with pytest.raises(RefusedError, match="this lies in shapes/"):
        make_plan(home, home.shapes / "site")
    with pytest.raises(RefusedError, match=r"README\.md: the guide is missing.*package"):
        make_plan(replace(home, root=tmp_path), tmp_path / "docs")
    monkeypatch.setattr("trilateral.publish.docs.plan.find_spec", lambda name: None)
    with pytest.raises(RefusedError, match=r"needs .*pylode.*\n.*pip install 'trilateral\[docs\]'"):
        make_plan(home, tmp_path / "docs")


def test_refuses_data_with_errors(tmp_path, run):
    data = tmp_path / "data"
    data.mkdir()
    (data / "broken.ttl").write_text("<a> <b> .\n")
    done = run("publish", "docs", "--data", data, "--out", tmp_path / "new" / "docs")
    assert done.returncode == 1
    assert "broken.ttl:1" in done.stdout and "nothing was written" in done.stderr
    assert not (tmp_path / "new").exists()


# ------------------------------------------------------------------ in a browser

# One page of each kind; of long ones axe sees the first entries, which are all alike.
PAGES = {
    "guide": "completeness.html",
    "ontology": "ontology.html#Actor",
    "values": "values/polarity.html",
    "pictures": "models.html#events",
    "shapes": "shapes/events.html#EventShape-eventKind",
    "rules": "shapes/rules.html",
    "questions": "questions/index.html",
    "question": "questions/who-holds.html",
    "search": "search.html?q=stance",
}
SHORTENED = """() => {
    const lists = "main section, .term, .side ul, .prose, main ul, main ol, tbody, .chips";
    for (const list of document.querySelectorAll(lists)) {
        const kept = list.matches(".prose, section, .term") ? 12 : 3;
        for (const each of [...list.children].slice(kept)) each.remove();
    }
    for (const each of [...document.querySelectorAll("main section")].slice(3)) each.remove();
}"""


@pytest.fixture(scope="module")
def url(written):
    with host(written) as address:
        yield f"{address}/"


@pytest.fixture(scope="module")
def checked(browser, url):
    context = browser.new_context(base_url=url, bypass_csp=True)
    context.set_default_timeout(WAIT * 1000)
    yield context.new_page()
    context.close()


@pytest.mark.parametrize("name", PAGES)
def test_page_for_all_readers(checked, name):
    """On a phone and at a desk, in light and dark; nothing in the console, nothing sideways."""
    told = []
    tell = lambda message: told.append(message.text) if message.type == "error" else None  # noqa: E731
    checked.on("console", tell)
    checked.set_viewport_size(PHONE)
    checked.goto(PAGES[name])
    if name == "search":
        checked.locator("#found li").first.wait_for()
    checked.remove_listener("console", tell)
    assert told == []
    assert checked.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    assert checked.locator("h1").count() == 1
    checked.evaluate(SHORTENED)
    assert violations(checked) == []


def test_axe_finds_what_is_wrong(checked):
    checked.goto("search.html")
    checked.add_style_tag(content="h1 { color: var(--panel) }")
    assert {each["rule"] for each in violations(checked)} == {"color-contrast"}


def test_search_by_keyboard_leads_to_the_entry(browser, url):
    context = browser.new_context(base_url=url, viewport=DESK)
    context.set_default_timeout(WAIT * 1000)
    asked = []
    desk = context.new_page()
    desk.on("request", lambda request: asked.append(request.url))
    desk.goto("questions/who-holds.html")
    desk.locator("#docs-search").focus()
    desk.keyboard.type("held under")
    desk.keyboard.press("Enter")
    desk.wait_for_url("**/search.html?q=held+under")
    first = desk.locator("#found a").first
    assert first.inner_text() == "held under (tri:heldUnder)"
    first.press("Enter")
    desk.wait_for_url("**/ontology.html#heldUnder")
    assert desk.locator("#heldUnder h3").is_visible()
    desk.goto("search.html?q=%3Cb%3Eqqzzx")
    desk.get_by_text("Nothing has all the words of <b>qqzzx.").wait_for()
    assert all(each.startswith(url) for each in asked)
    context.close()
