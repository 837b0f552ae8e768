"""The editor in a browser: completed, run, cancelled, drawn, carried away, and never harmed."""

import re

import httpx
import pytest
from playwright.sync_api import expect
from tests.conftest import WORLD
from tests.serve.accessibility import violations
from tests.serve.conftest import WAIT, until

from trilateral.serve.web.static import asset, modules

LABELS = """PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX tri: <https://w3id.org/trilateral/ontology#>
SELECT ?state ?stateLabel WHERE {
  ?state a tri:State ; skos:prefLabel ?stateLabel .
  FILTER (LANG(?stateLabel) = "en")
} ORDER BY ?state"""
# As tests/world/data/actors/states.ttl has them.
STATES = [
    ["actor:arland", "Arland"], ["actor:borland", "Borland"],
    ["actor:corland", "Corland"], ["actor:dorland", "Dorland"],
]  # fmt: skip
RUNAWAY = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
HOSTILE = """SELECT ?x WHERE { VALUES ?x {
  <javascript:alert(1)> <data:text/html,x> <https://w3id.org/trilateral//evil.example/x>
  <https://example.org/a> "<img src=x onerror=alert(1)>" "a\\u202Eb" } }"""


@pytest.fixture(scope="module")
def url(serve):
    """A server of the tiny world that lets a query run for longer than any test waits."""
    with serve("--data", WORLD / "data", "--seconds", "600") as (_, found):
        yield found


@pytest.fixture(scope="module")
def context(browser, url):
    """What pages share: the scripts are fetched once."""
    found = browser.new_context(base_url=url)
    found.set_default_timeout(WAIT * 1000)
    yield found
    found.close()


@pytest.fixture
def page(context, url):
    """A page that must stay on its host and within the policy of the site."""
    found = context.new_page()
    wrong = []
    found.on("pageerror", lambda error: wrong.append(f"error: {error}"))
    found.on("dialog", lambda dialog: wrong.append(f"dialog: {dialog.message}"))
    found.on(
        "console",
        lambda message: (
            wrong.append(message.text) if "Content Security Policy" in message.text else None
        ),
    )
    found.on(
        "request",
        lambda request: (
            wrong.append(request.url) if not request.url.startswith((url, "blob:")) else None
        ),
    )
    yield found
    found.close()
    assert wrong == []


def open_editor(page, path="/query"):
    page.goto(path)
    page.locator(".cm-content").wait_for()


def write(page, text):
    page.locator(".cm-content").click()
    page.keyboard.press("Control+a")
    page.keyboard.insert_text(text)


def text(page):
    """The text of the editor, which a form would send."""
    return page.locator("#query").input_value()


def rows(page):
    """The values in the table, without the labels that stand beside things."""
    return page.locator("#shown tbody tr").evaluate_all(
        "rows => rows.map(row => [...row.cells].map(cell =>"
        " (cell.querySelector('a, bdi') ?? cell).innerText))"
    )


def run(page, query):
    write(page, query)
    page.get_by_role("button", name="Run", exact=True).click()
    page.locator("#status", has_text=re.compile(r"(row|triple)s? in [\d.]+ s")).wait_for()


# ---------------------------------------------------------------- writing and running


def test_a_query_is_run_and_its_link_gives_it_again(page):
    open_editor(page)
    run(page, LABELS)
    assert rows(page) == STATES
    assert page.locator("#status").inner_text().startswith("4 rows in ")
    assert page.locator("#shown tbody a").first.get_attribute("href") == "/actor/arland"
    link = page.evaluate("location.href")
    page.locator("#share summary").click()
    assert page.locator("#permalink").input_value() == link
    assert (
        page.evaluate("new Date().getFullYear().toString()") in page.locator("#today").inner_text()
    )
    open_editor(page, link)
    expect(page.locator("#status")).to_have_text("4 rows")
    assert text(page) == LABELS
    assert rows(page) == STATES


def test_a_long_answer_is_fetched_when_the_page_does_not_hold_it(page):
    path = "/query?query=SELECT * { ?s ?p ?o } LIMIT 3000"
    open_editor(page, path)
    page.locator("#status", has_text="3,000 rows in").wait_for()
    assert page.get_by_text("Rows 1 to 100 of 3000").is_visible()
    assert page.evaluate("decodeURIComponent(location.pathname + location.search)") == path


def test_an_example_is_found_and_gives_what_the_api_gives(page, url):
    open_editor(page)
    page.get_by_text("Questions as examples").click()
    page.get_by_label("Find a question").fill("frameworks actor belong")
    page.get_by_role("link", name=re.compile("^Which frameworks does an actor belong")).click()
    page.locator("#views").wait_for()
    # The script's table has a column for each variable, as the endpoint does.
    answer = httpx.get(
        f"{url}/sparql",
        params={"query": text(page)},
        headers={"accept": "application/sparql-results+json"},
        timeout=WAIT,
    ).json()
    names = answer["head"]["vars"]
    assert page.locator("#shown th").all_inner_texts() == names
    told = [row.get("frameworkLabel", {}).get("value", "") for row in answer["results"]["bindings"]]
    assert len(told) > 0
    assert [row[names.index("frameworkLabel")] for row in rows(page)] == told
    page.get_by_label("actor", exact=True).fill("actor:borland")
    page.get_by_role("button", name="Ask").click()
    page.wait_for_url("**actor=actor%3Aborland**")
    page.locator("#views").wait_for()
    assert "VALUES ?actor { <https://w3id.org/trilateral/actor/borland> }" in text(page)
    assert {row[names.index("actorLabel")] for row in rows(page)} == {"Borland"}


def test_a_mistake_is_shown_where_it_is(page):
    open_editor(page)
    write(page, "SELECT ?s WHERE {\n  ?s ?p\n}")
    page.get_by_role("button", name="Run", exact=True).click()
    problem = page.get_by_role("alert")
    problem.wait_for()
    assert "The query was not answered" in problem.inner_text()
    assert "Line 3" in problem.inner_text()
    assert page.locator(".cm-wrong").inner_text() == "}"
    # It is gone when the text is mended.
    run(page, "SELECT ?s WHERE {\n  ?s ?p 1\n}")
    assert page.locator(".cm-wrong").count() == 0
    assert not problem.is_visible()


def test_a_runaway_query_is_cancelled_here_and_on_the_server(page, url):
    def at_work():
        told = httpx.get(f"{url}/metrics", timeout=WAIT).text
        return float(re.search(r"^trilateral_workers_busy (\S+)", told, re.M)[1])

    open_editor(page)
    write(page, RUNAWAY)
    page.get_by_role("button", name="Run", exact=True).click()
    cancel = page.get_by_role("button", name="Cancel")
    cancel.wait_for()
    until(lambda: at_work() == 1)  # it would be for ten minutes
    cancel.click()
    page.locator("#status", has_text="The query was cancelled.").wait_for()
    assert not cancel.is_visible()
    until(lambda: at_work() == 0)
    run(page, LABELS)
    assert rows(page) == STATES


def test_prefixes_that_a_query_lacks_are_declared(page):
    open_editor(page)
    run(page, '# says "tri:x"\nSELECT ?a { ?a a tri:State } ORDER BY ?a')
    declared = "PREFIX tri: <https://w3id.org/trilateral/ontology#>"
    assert text(page).split("\n")[:3] == [
        '# says "tri:x"', declared, "SELECT ?a { ?a a tri:State } ORDER BY ?a",
    ]  # fmt: skip
    assert [name for (name,) in rows(page)] == [name for name, _ in STATES]


def test_a_long_answer_is_sorted_and_paged(page):
    open_editor(page)
    run(page, "SELECT ?n { VALUES ?n { " + " ".join(map(str, range(250))) + " } }")
    assert len(rows(page)) == 100
    head = page.locator("#shown th")
    head.get_by_role("button").click()
    assert head.get_attribute("aria-sort") == "ascending"
    assert [n for (n,) in rows(page)][:3] == ["0", "1", "2"]
    head.get_by_role("button").click()
    assert head.get_attribute("aria-sort") == "descending"
    assert [n for (n,) in rows(page)][:3] == ["249", "248", "247"]
    page.get_by_role("button", name="Next").click()
    page.get_by_role("button", name="Next").click()
    assert page.get_by_text("Rows 201 to 250 of 250").is_visible()
    assert [n for (n,) in rows(page)][-1] == "0"
    assert page.get_by_role("button", name="Next").is_disabled()


# ---------------------------------------------------------------- completion


def test_a_class_is_completed_and_its_prefix_declared(page):
    open_editor(page)
    write(page, "SELECT ?s WHERE { ?s a stat")
    page.get_by_role("option", name=re.compile("^state ?tri:State")).click()
    assert text(page) == (
        "PREFIX tri: <https://w3id.org/trilateral/ontology#>\nSELECT ?s WHERE { ?s a tri:State"
    )
    page.keyboard.insert_text(" ; tri:iso3")
    page.get_by_role("option", name=re.compile("tri:iso3Code")).click()
    page.keyboard.insert_text(" ?code }")
    # The prefix is declared once, and the query runs: only Arland has such a code.
    page.keyboard.press("Control+Enter")
    page.locator("#status", has_text="1 row in").wait_for()
    assert text(page).count("PREFIX") == 1
    assert rows(page) == [["actor:arland"]]


def test_a_thing_is_completed_by_its_label(page):
    open_editor(page, "/query?lang=ja")
    write(page, "SELECT ?p ?o { アー")
    page.get_by_role("option", name=re.compile("アーランド")).click()
    assert text(page).endswith("SELECT ?p ?o { actor:arland")
    assert text(page).startswith("PREFIX actor: <https://w3id.org/trilateral/actor/>\n")


def test_variables_prefixes_and_words_are_completed(page):
    open_editor(page)
    write(page, "SELECT ?harbour { ?har")
    page.get_by_role("option", name="?harbour").click()
    assert text(page) == "SELECT ?harbour { ?harbour"
    write(page, "PREFIX framew")
    page.get_by_role("option", name=re.compile("^framework:")).click()
    assert text(page) == "PREFIX framework: <https://w3id.org/trilateral/framework/>"
    write(page, "optio")
    page.get_by_role("option", name="OPTIONAL").click()
    assert text(page) == "OPTIONAL"


def test_what_is_typed_stays_until_a_name_is_chosen(page):
    open_editor(page)
    # Numbers, and what follows a group, complete to nothing.
    query = "SELECT ?s WHERE { ?s ?p ?o } LIMIT 10"
    write(page, query[:-2])
    page.keyboard.type("10")
    page.keyboard.press("Enter")
    assert text(page) == query + "\n"
    write(page, "SELECT ?s WHERE { ?s ?p ?o } arl")
    page.keyboard.press("Control+Space")
    page.get_by_role("option", name=re.compile("Arland")).first.wait_for()
    page.keyboard.press("Escape")
    # A list that opens by itself: Enter breaks the line, unless the reader moved in it.
    write(page, "SELECT ?s { ?s ?p borl")
    option = page.get_by_role("option", name=re.compile("^.?Borland"))
    option.first.wait_for()
    expect(page.locator("li[aria-selected]")).to_have_count(0)
    page.keyboard.press("Enter")
    assert text(page).rstrip(" ") == "SELECT ?s { ?s ?p borl\n"
    write(page, "SELECT ?s { ?s ?p borl")
    option.first.wait_for()
    page.keyboard.press("ArrowDown")
    page.locator("li[aria-selected]").wait_for()
    page.keyboard.press("Enter")
    assert text(page).endswith("SELECT ?s { ?s ?p actor:borland")
    # Asked for, its first entry is chosen.
    write(page, "SELECT ?s { ?s ?p borl")
    page.keyboard.press("Escape")
    page.keyboard.press("Control+Space")
    page.locator("li[aria-selected]").wait_for()
    page.keyboard.press("Enter")
    assert text(page).endswith("SELECT ?s { ?s ?p actor:borland")


def completions(page, known, texts, explicit):
    """What is offered at the end of texts, of names that are known."""
    urls = [
        asset("editor/names.js"),
        *(
            asset(modules()[f"@codemirror/{name}"])
            for name in ("state", "autocomplete", "language", "legacy-modes/mode/sparql")
        ),
    ]
    return page.evaluate(
        """async ([urls, known, texts, explicit]) => {
          const [names, state, autocomplete, language, mode] = await Promise.all(
            urls.map((url) => import(url)));
          const complete = names.completeNames(async () => known);
          const extensions = [language.StreamLanguage.define(mode.sparql)];
          return Promise.all(texts.map(async (doc) => {
            const made = state.EditorState.create({ doc, extensions });
            language.ensureSyntaxTree(made, doc.length, 10_000);
            const at = new autocomplete.CompletionContext(made, doc.length, explicit);
            const found = await complete(at);
            return (found?.options ?? []).map((option) => option.label);
          }));
        }""",
        [urls, known, texts, explicit],
    )


def test_names_are_offered_by_where_they_can_stand(page):
    open_editor(page)
    known = {
        "prefixes": {"tri": "https://t/", "framework": "https://f/"},
        "classes": [["tri:Member", "member", ""], ["tri:Quota", "quota", ""]],
        "properties": [["tri:memberOf", "member of", ""]],
        "things": [["actor:quartz", "Quartz"], ["framework:quad", "Quad"]],
    }
    classes, properties = ["tri:Member", "tri:memberOf"], ["tri:memberOf", "tri:Member"]
    for place, expected in {
        "{ ?s memb": properties,
        "{ ?s tri:x ?o ; memb": properties,
        "{ ?s tri:x ?o .\n ?t memb": properties,
        "{ ?s tri:x/memb": properties,
        "{ ?s tri:x [ memb": properties,
        "{ ?s a memb": classes,
        "{ ?s tri:x ?o ; a memb": classes,
        "{ ?s tri:x memb": classes,
        "{ ?s tri:x <http://a.b/c;d> ; memb": properties,
        "{ ?s tri:x qua": ["framework:quad", "actor:quartz"],
    }.items():
        assert completions(page, known, [place], False) == [expected], place
    nothing = [
        "LIMIT 1",
        "{ ?s tri:x 10",
        "{ } qua",
        "{ } LIMIT qua",
        "{ } ORDER BY qua",
        "{ ?s -1",
    ]
    assert completions(page, known, nothing, False) == [[]] * len(nothing)
    assert completions(page, known, ["{ } qua", "LIMIT 1"], True) == [
        ["framework:quad", "actor:quartz"], []
    ]  # fmt: skip


def test_a_thing_has_a_mark_of_its_own(page):
    open_editor(page)
    write(page, "SELECT ?s { ?s ?p arlan")
    page.locator(".cm-completionIcon-thing").first.wait_for()
    assert page.locator(".cm-completionIcon-thing").first.evaluate(
        "each => getComputedStyle(each, '::after').content"
    ) == '"◆"'  # fmt: skip


def test_things_in_tables_have_their_labels(page):
    open_editor(page)
    run(page, "SELECT ?a ?b { VALUES (?a ?b) { (actor:arland actor:borland) } }")
    cells = page.locator("#shown tbody td")
    assert cells.all_inner_texts() == ["actor:arland Arland", "actor:borland Borland"]
    # A row that brings a label of its own needs no other.
    run(page, "SELECT ?a ?aLabel { VALUES (?a ?aLabel) { (actor:arland 'my own') } }")
    assert cells.all_inner_texts() == ["actor:arland", "my own"]


def test_a_query_that_fails_leaves_nothing_of_the_one_before(page):
    open_editor(page)
    run(page, LABELS)
    share = page.locator("#share")
    expect(share).to_be_visible()
    write(page, "SELECT ?s WHERE {\n  ?s ?p\n}")
    page.get_by_role("button", name="Run", exact=True).click()
    page.get_by_role("alert").wait_for()
    expect(page.locator("#shown tbody tr")).to_have_count(0)
    for each in (share, page.locator("#programs"), page.locator("#views")):
        expect(each).to_be_hidden()
    # It is there again for a query that is answered.
    run(page, LABELS)
    assert rows(page) == STATES
    expect(share).to_be_visible()


def test_nothing_is_completed_in_comments_texts_and_iris(page):
    open_editor(page)
    things = [["actor:arland", "Arland"]]
    known = {
        "prefixes": {"actor": "https://a/"}, "classes": [], "properties": [], "things": things
    }  # fmt: skip
    texts = ["{ arl", "{ actor:ar", "# arl", "{ 'arl", '{ """a\narl', "{ <arl", "{ <a:b> arl"]
    offered = completions(page, known, texts, True)
    assert offered == [["actor:arland"], ["actor:arland"], [], [], [], [], ["actor:arland"]]


# ---------------------------------------------------------------- drawn


def test_numbers_are_drawn_as_bars(page):
    open_editor(page)
    run(page, 'SELECT ?name ?n { VALUES (?name ?n) { ("ebb" 1) ("flood" 3) } }')
    page.get_by_role("button", name="Chart").click()
    bars = page.locator("rect.bar-of")
    expect(bars).to_have_count(2)
    wide = [float(bar.get_attribute("width")) for bar in bars.all()]
    assert wide[1] == pytest.approx(3 * wide[0])
    chart = page.get_by_role("group", name="Chart: n by name")
    expect(chart.get_by_text("flood")).not_to_have_count(0)


def test_days_are_drawn_as_a_line(page):
    open_editor(page)
    days = " ".join(
        f'("{day}"^^<http://www.w3.org/2001/XMLSchema#date> {n})'
        for day, n in (("2020-01-03", 5), ("2020-01-01", 0), ("2020-01-02", 10))
    )
    run(page, f"SELECT ?day ?n {{ VALUES (?day ?n) {{ {days} }} }}")
    page.get_by_role("button", name="Chart").click()
    points = page.locator("polyline.line-of").get_attribute("points").split(" ")
    (x1, y1), (x2, y2), (x3, y3) = (map(float, each.split(",")) for each in points)
    # In the order of time, the second in the middle; 10 twice as high as 5 over 0.
    assert x2 - x1 == pytest.approx(x3 - x2)
    assert y1 - y2 == pytest.approx(2 * (y1 - y3))


def test_places_are_drawn_on_a_map(page):
    open_editor(page, "/query?question=where-can-it-be-shown-on-a-map")
    page.get_by_role("button", name="Map").click()
    place = page.get_by_role("link", name="Selby (10.75, -20.5)")
    assert place.get_attribute("href") == "/place/selby"
    # The land is under it, three times side by side, of which the area cuts out once.
    expect(page.locator(".map path.land")).to_have_count(3)
    # A point in WKT, east before north; what lies outside the world is left out.
    wkt = "<http://www.opengis.net/ont/geosparql#wktLiteral>"
    run(page, f'SELECT ?p {{ VALUES ?p {{ "POINT(150 0)"^^{wkt} "POINT (999 0)"^^{wkt} }} }}')
    drawn = page.locator(".map .dot")
    expect(drawn).to_have_count(1)
    middle = page.evaluate("document.querySelector('.map').viewBox.baseVal.width / 2")
    assert float(drawn.get_attribute("cx")) == middle


def test_triples_and_rows_of_links_are_drawn_as_a_graph(page):
    open_editor(page)
    base = "https://w3id.org/trilateral"
    triples = f"<{base}/actor/arland> <a:ally> <{base}/actor/borland> . "
    triples += f'<{base}/actor/arland> <a:name> "Arland" . <{base}/actor/borland> <a:ally> <a:x>'
    run(page, f"CONSTRUCT {{ {triples} }} WHERE {{}}")
    assert page.locator("#status").inner_text().startswith("3 triples in ")
    page.get_by_role("button", name="Graph").click()
    graph = page.get_by_role("group", name="Graph of 3 things")
    expect(graph.locator("line")).to_have_count(2)
    assert graph.get_by_role("link").count() == 2  # the third is on no server
    # Things by what they are called, others by their short forms.
    assert graph.get_by_role("link", name="Borland").get_attribute("href") == "/actor/borland"
    run(page, "SELECT ?a ?b { VALUES (?a ?b) { (<a:1> <a:2>) (<a:2> <a:3>) (<a:1> <a:3>) } }")
    expect(graph.locator("line")).to_have_count(3)
    many = " ".join(f"(<a:0> <a:{n}>)" for n in range(1, 502))
    run(page, f"SELECT ?a ?b {{ VALUES (?a ?b) {{ {many} }} }}")
    expect(page.get_by_text("A graph of 502 things cannot be read")).to_be_visible()


def test_what_cannot_be_drawn_is_told(page):
    open_editor(page)
    run(page, "ASK {}")
    assert rows(page) == [["true"]]
    for view, needs in (("Chart", "numbers"), ("Map", "latitude"), ("Graph", "columns of things")):
        page.get_by_role("button", name=view).click()
        expect(page.locator("#shown")).to_contain_text(needs)
    page.get_by_role("button", name="Raw").click()
    assert '"boolean":true' in page.locator("#shown pre").inner_text()


# ---------------------------------------------------------------- carried away


def test_an_answer_is_downloaded(page):
    open_editor(page)
    write(page, LABELS)
    with page.expect_download() as waiting:
        page.get_by_role("button", name="CSV").click()
    assert waiting.value.suggested_filename == "trilateral-query.csv"
    lines = waiting.value.path().read_text(encoding="utf-8").splitlines()
    base = "https://w3id.org/trilateral/actor"
    assert lines == ["state,stateLabel", *(f"{base}/{n.lower()},{n}" for _, n in STATES)]
    # Rows are no triples: told, and nothing is saved.
    page.get_by_role("button", name="Turtle").click()
    page.get_by_role("alert").wait_for()
    assert "None of the accepted media types" in page.get_by_role("alert").inner_text()


def test_the_code_for_javascript_runs(page):
    texts = ["`", "${1}", "\\", "\\u0041", "'", '"', "two\nlines"]
    values = " ".join(
        "'''" + each.replace("\\", "\\\\").replace("'", "\\'") + "'''" for each in texts
    )
    open_editor(page)
    run(page, f"SELECT ?x {{ VALUES ?x {{ {values} }} }}")
    page.get_by_text("Code for curl, Python, R and JavaScript").click()
    snippet = page.get_by_role("region", name="Code for JavaScript").inner_text()
    told = []
    page.on("console", lambda message: told.append(message.args[0].json_value()))
    with page.expect_console_message():
        page.evaluate(f"(async () => {{ {snippet} }})()")
    assert [row["x"]["value"] for row in told[0]] == texts


# ---------------------------------------------------------------- by all, and by anyone


def test_the_keyboard_suffices(page):
    open_editor(page)
    page.get_by_role("button", name="Search").focus()

    def focused():
        return page.evaluate(
            "(document.activeElement.shadowRoot ?? document).activeElement.ariaLabel"
            " ?? document.activeElement.textContent.trim()"
        )

    for _ in range(40):
        page.keyboard.press("Tab")
        if focused() == "SPARQL query":
            break
    assert focused() == "SPARQL query"
    page.keyboard.type("SELECT ?s WHERE { ?s a dorl")
    page.get_by_role("option", name=re.compile("^Dorland")).first.wait_for()
    page.keyboard.press("Escape")
    expect(page.get_by_role("option")).to_have_count(0)
    page.keyboard.press("Control+a")
    page.keyboard.insert_text("ASK {}")
    # Tab leaves the editor, unless the reader has it indent; then Escape and Tab do.
    page.keyboard.press("Tab")
    assert focused() != "SPARQL query"
    page.keyboard.press("Space")
    assert page.get_by_label("Tab indents").is_checked()
    page.keyboard.press("Shift+Tab")
    assert focused() == "SPARQL query"
    page.keyboard.press("Tab")
    assert focused() == "SPARQL query"
    assert text(page) != "ASK {}"
    assert text(page).strip() == "ASK {}"
    page.keyboard.press("Escape")
    page.keyboard.press("Tab")
    assert focused() != "SPARQL query"
    page.keyboard.press("Tab")
    assert focused() == "Run"
    page.keyboard.press("Enter")
    page.locator("#status", has_text="1 row in").wait_for()
    assert page.get_by_role("status").filter(has_text="1 row in").is_visible()


def test_without_a_script_it_is_a_form(browser, url):
    context = browser.new_context(base_url=url, java_script_enabled=False)
    page = context.new_page()
    page.goto("/query")
    page.get_by_label("SPARQL query").fill(LABELS)
    page.get_by_role("button", name="Run", exact=True).click()
    expect(page.locator("#shown tbody tr")).to_have_count(len(STATES))
    assert page.get_by_label("SPARQL query").input_value() == LABELS
    with page.expect_download() as waiting:
        page.get_by_role("button", name="TSV").click()
    assert waiting.value.suggested_filename == "trilateral-query.tsv"
    for name in ("Cancel", "Chart", "Copy the link"):
        assert not page.get_by_role("button", name=name).is_visible()
    context.close()


def test_hostile_values_stay_values(page):
    # A path of two slashes would be another host; the IRI itself is what it says.
    fine = ["https://w3id.org/trilateral//evil.example/x", "https://example.org/a"]

    def links():
        return page.locator("#shown a").evaluate_all("all => all.map(a => a.getAttribute('href'))")

    open_editor(page)
    run(page, HOSTILE)
    told = page.locator("#shown tbody").inner_text()
    assert "<img src=x onerror=alert(1)>" in told
    assert "ab" in told
    assert "\u202e" not in told
    assert links() == fine
    # The same by the server, whose table stands there before the script does.
    page.goto(page.url)
    assert page.locator("#shown img").count() == 0
    assert links() == fine
    # Drawn, they are no links either.
    bad = "<javascript:alert(1)>"
    run(page, f"SELECT ?a ?b ?n {{ VALUES (?a ?b ?n) {{ ({bad} <data:text/html,x> 1) }} }}")
    for view, drawn in (("Table", "td"), ("Chart", ".bar-of"), ("Graph", ".dot"), ("Raw", "pre")):
        page.get_by_role("button", name=view).click()
        page.locator("#shown").locator(drawn).first.wait_for()
        assert "javascript:alert(1)" in page.locator("#shown").text_content()
        assert links() == []


def test_a_checker_of_accessibility_finds_nothing(page):
    open_editor(page, "/query?question=where-can-it-be-shown-on-a-map")
    page.evaluate("document.querySelectorAll('details').forEach(each => { each.open = true })")
    page.get_by_role("button", name="Table").click()
    found = violations(page)
    for view in ("Chart", "Map", "Graph", "Raw"):
        page.get_by_role("button", name=view).click()
        page.locator("#shown").locator("svg, pre").first.wait_for()
        found += violations(page)
    write(page, "SELECT ?s { ?s a stat")
    page.locator("li[role=option]").first.wait_for()
    # The arrow keys move in the list while the editor has the focus (aria-activedescendant),
    # which the checker sees at a combobox alone.
    found += [
        each
        for each in violations(page)
        if not (each["rule"] == "scrollable-region-focusable" and "cm-ac" in each["places"][0])
    ]
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Run", exact=True).click()
    page.get_by_role("alert").wait_for()
    assert found + violations(page) == []
