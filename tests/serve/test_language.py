"""The pages in five languages: catalogues are whole, and no page speaks English unmarked."""

import html.parser
import json
import re
import shlex
from collections import Counter

import pytest
from babel.messages.catalog import Catalog
from babel.messages.frontend import CommandLineInterface
from babel.messages.pofile import read_po
from tests.conftest import TESTS

from trilateral.serve.pages.extraction import columns_of, problems_of, values_of
from trilateral.serve.pages.language import LANGUAGES, Message, catalogue_of, words_in
from trilateral.serve.pages.views.spans import span
from trilateral.serve.pages.views.timeline import describe
from trilateral.serve.site import Term

FOREIGN = [each for each in LANGUAGES if each != "en"]
# A page of each kind, and the queries that make its parts show; of the tiny world.
PAGES = [
    "/", "/about", "/search", "/search?q=arland", "/search?q=arlnad+harbuor", "/actor/",
    "/actor/?kind=none", "/event/?year=2021", "/poll-question/", "/actor/arland.html",
    "/framework/tidal-pact.html", "/event/selby-leaders-meeting-2021.html",
    "/proposition/pact-brings-losses-in-trade.html", "/source/corland-gazette-2022.html",
    "/source/register-harbour-league.html", "/topic/trade.html",
    "/stance/corland-gazette-2022-8-arland.html", "/ontology.html", "/graph/actors/states.html",
    "/graphs", "/compare", "/compare?one=actor:arland&two=actor:borland", "/views",
    "/views/timeline", "/views/map", "/views/map?framework=framework:tidal-pact",
    "/views/network", "/views/matrix", "/views/overlap", "/query", "/query?question=who-holds",
    "/query?query=SELECT", "/api/", "/api/?tag=stances", "/api/questions/who-holds.html",
    "/nothing/", "/actor/nobody.html", "/views/map?date=x", "/views/map?area=x",
]  # fmt: skip
PLACEHOLDER = re.compile(r"%\(\w+\)s")
TAG = re.compile(r"<[^>]+>")
SPLIT = re.compile(rf"{TAG.pattern}|{PLACEHOLDER.pattern}")


@pytest.fixture(scope="module")
def template(tmp_path_factory):
    """What the command in CONTRIBUTING.md extracts."""
    text = (TESTS.parent / "CONTRIBUTING.md").read_text(encoding="utf-8")
    [command] = re.findall(r"^\S*pybabel extract .*$", text, re.MULTILINE)
    arguments = shlex.split(command)
    path = tmp_path_factory.mktemp("words") / "pages.pot"
    arguments[arguments.index("-o") + 1] = str(path)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(TESTS.parent)
        CommandLineInterface().run(["pybabel", "-q", *arguments[1:]])
    with path.open("rb") as file:
        return read_po(file)


def read(language):
    with catalogue_of(language).open("rb") as file:
        return read_po(file)


def forms(text):
    return text if isinstance(text, (tuple, list)) else (text,)


def parts(text):
    return Counter(PLACEHOLDER.findall(text) + TAG.findall(text))


def wrong(template, catalogue):
    """Return what is wrong with the translations, by message."""
    found = []
    said = {(each.id, each.context): each for each in catalogue if each.id}
    for message in template:
        if not message.id:
            continue
        each = said.pop((message.id, message.context), None)
        if each is None:
            found.append(("not there", message.id))
        elif not all(forms(each.string)):
            found.append(("not translated", message.id))
        elif each.fuzzy:
            found.append(("fuzzy", message.id))
        else:
            source = forms(message.id)[-1]
            for form in forms(each.string):
                if parts(source) != parts(form):
                    found.append(("other parts", message.id))
                # Words stand in attributes too, which a quotation mark would end.
                if '"' in TAG.sub("", form):
                    found.append(("a quotation mark", message.id))
    found += [("of no use", each) for each, _ in said]
    return found + [("obsolete", each) for each in catalogue.obsolete]


@pytest.mark.parametrize("language", FOREIGN)
def test_a_catalogue_has_all_words_of_the_pages_and_no_others(template, language):
    assert len(template) > 1000
    assert wrong(template, read(language)) == []


def test_what_is_wrong_with_a_catalogue_is_found():
    template = Catalog()
    template.add("There are %(number)s <b>rows</b>.")
    template.add(("a row", "rows"))

    def catalogue(string, **more):
        made = Catalog(locale="ja")
        if string is not None:
            made.add("There are %(number)s <b>rows</b>.", string, **more)
        made.add(("a row", "rows"), ("行",))
        return made

    def told(made):
        return [what for what, _ in wrong(template, made)]

    assert told(catalogue("<b>行</b>は %(number)s。")) == []
    assert told(catalogue(None)) == ["not there"]
    assert told(catalogue("")) == ["not translated"]
    assert told(catalogue("<b>行</b>は %(number)s。", flags=["fuzzy"])) == ["fuzzy"]
    assert told(catalogue("<b>行</b>は %(count)s。")) == ["other parts"]
    assert told(catalogue("行は %(number)s。")) == ["other parts"]
    assert told(catalogue('<b>"行"</b>は %(number)s。')) == ["a quotation mark"]
    more = catalogue("<b>行</b>は %(number)s。")
    more.add("Gone", "なし")
    assert told(more) == ["of no use"]
    old = catalogue("<b>行</b>は %(number)s。")
    old.obsolete["Old"] = "古い"
    assert told(old) == ["obsolete"]


@pytest.mark.parametrize("language", FOREIGN)
def test_catalogues_keep_to_their_script(language):
    text = "".join("".join(forms(each.string)) for each in read(language) if each.id)
    kana, hangul = re.findall(r"[\u3041-\u30ff]", text), re.findall(r"[\uac00-\ud7a3]", text)
    # The name of the search field names two other languages in their own scripts.
    assert bool(kana) == (language == "ja")
    assert (len(hangul) > 1000) == (language == "ko")
    # 对 and 為 are written in one of the two Chinese scripts only, and often.
    assert ("对" in text) == (language == "zh-hans")
    assert ("為" in text) == (language == "zh-hant")


def test_extraction_reads_titles_columns_and_values(template):
    known = {(each.context, forms(each.id)[0]) for each in template}
    assert {
        (None, "Too much is sent"), ("column", "end date"), ("value", "searched in vain"),
        (None, "Actor kinds"), (None, "Members, from first to last"), (None, "Choose…"),
        (None, "%(number)s row"), (None, "There is no kind of thing %(kind)s."),
    } <= known  # fmt: skip
    assert columns_of("ASK { ?s ?p ?o }") == []
    query = "SELECT DISTINCT ?a (STR(MAX(?x)) AS ?endDate)\nWHERE { ?a ?b ?c }"
    assert columns_of(query) == ["a", "end date"]
    assert values_of('FILTER (LANG(?x) = "en") BIND ("no such" AS ?y) BIND ("tag"@en AS ?z)') == [
        "no such"
    ]
    assert problems_of('raise http.Problem(404, "Not found", f"{x}", "Look.")') == [
        "Not found", "Look."
    ]  # fmt: skip


# ---------------------------------------------------------------- pages


class Walk(html.parser.HTMLParser):
    """All that a reader of a page sees or hears, each with the language that it is marked as."""

    VOID = frozenset(("meta", "link", "input", "img", "br", "hr"))
    SAID = ("aria-label", "placeholder", "alt", "title")

    def __init__(self, text):
        super().__init__()
        self.open, self.found = [("", "")], []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        language = given.get("lang") or self.open[-1][1]
        self.found += [(language, given[name]) for name in self.SAID if given.get(name)]
        if tag == "meta" and given.get("name") == "description":
            self.found.append((language, given["content"]))
        if tag not in self.VOID:
            self.open.append((tag, language))

    def handle_startendtag(self, tag, attributes):
        self.handle_starttag(tag, attributes)
        if tag not in self.VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag):
        while self.open[-1][0] != tag and any(each == tag for each, _ in self.open):
            self.open.pop()
        if self.open[-1][0] == tag:
            self.open.pop()

    def handle_data(self, data):
        tag, language = self.open[-1]
        if tag not in ("script", "style", "code", "textarea") and data.strip():
            self.found.append((language, " ".join(data.split())))


def bare(text):
    """Return a text without numbers and what stands around words."""
    return re.sub(r"\d[\d,.-]*", "", text).strip(" .,:;()?…")


def spoken(template):
    """Return the English words of the pages: whole messages, and their parts around values."""
    japanese = read("ja")
    found = set()
    for message in template:
        if message.id:
            said = japanese.get(forms(message.id)[0], message.context)
            said = forms(said.string)[0] if said else ""
            pieces = {bare(piece) for each in forms(message.id) for piece in SPLIT.split(each)}
            # Names and codes are written alike in other languages.
            found |= {each for each in pieces if re.search("[a-z]{2}", each) and each not in said}
    return found


def english(page, known):
    """Return what a page says in English without marking it."""
    return [text for language, text in Walk(page).found if language != "en" and bare(text) in known]


def in_language(path, language):
    return f"{path}{'&' if '?' in path else '?'}lang={language}"


def get(client, path):
    return client.get(path, headers={"accept": "text/html"}).text


@pytest.fixture(scope="module")
def known(template):
    return spoken(template)


@pytest.mark.parametrize("path", PAGES)
def test_no_page_speaks_english_unmarked(world_client, known, path):
    assert english(get(world_client, path).replace('lang="en"', 'lang="xx"'), known)
    for language in FOREIGN:
        page = get(world_client, in_language(path, language))
        assert f'<html lang="{language}">' in page
        assert english(page, known) == [], language


def test_unmarked_english_is_found(known):
    page = '<html lang="ja"><meta name="description" content="Graphs"><p>検索</p>{}</html>'
    assert english(page.format(""), known) == ["Graphs"]
    for part in ("<p>Search</p>", '<a aria-label="Search">→</a>', "<td>1,234 rows</td>",
                 "<p><b lang='en'>Arland</b> Search</p>", "<svg><title>Search</title></svg>",
                 "<input placeholder='Search'>"):  # fmt: skip
        assert len(english(page.format(part), known)) == 2, part
    for part in ("<p lang='en'>Search</p>", "<p lang='en'><b>Search</b></p>",
                 "<script>Search</script>", "<code>rows</code>", "<p>Searching</p>"):  # fmt: skip
        assert len(english(page.format(part), known)) == 1, part


@pytest.mark.parametrize("path", PAGES)
def test_the_switch_leads_to_the_same_page_in_each_language(world_client, path):
    for language in LANGUAGES:
        page = get(world_client, path if language == "en" else in_language(path, language))
        assert re.findall(r'<html lang="([^"]+)"', page) == [language]
        switch = re.search(r'<nav class="languages".*?</nav>', page, re.DOTALL)[0]
        links = re.findall(r'href="([^"]+)" lang="([^"]+)" hreflang="([^"]+)"( aria-c)?', switch)
        assert [each[1] for each in links] == [each[2] for each in links] == list(LANGUAGES)
        for href, tag, _, current in links:
            wanted = path if tag == "en" else in_language(path, tag)
            assert same(href) == same(wanted)
            assert bool(current) == (tag == language)
        alternates = re.findall(r'<link rel="alternate" hreflang="([^"]+)" href="([^"]+)"', page)
        # A page that tells of a problem is none that there is in other languages.
        if '<p class="kind">' not in page:
            assert [(tag, href) for href, tag, *_ in links] == alternates[:-1]
            assert alternates[-1] == ("x-default", alternates[0][1])


def same(href):
    path, _, query = html.unescape(href).partition("?")
    return path, sorted(query.replace("%3A", ":").split("&"))


@pytest.mark.parametrize(
    "path, expected",
    [
        ("/", ["<title>Who stands where in the Indo-Pacific - Trilateral</title>",
               "<h2>Begin with</h2>", "Skip to the content", "All kinds of things"]),
        ("/actor/arland.html", [">What points here</h2>", "Cite this page",
                                '<h2 id="frameworks-it-belongs-to">Frameworks it belongs to</h2>']),
        ("/compare?one=actor:arland&two=actor:borland",
         ['<span class="soft">and</span>', "How to read this", "They leave it open"]),
        ("/views/overlap", ["Overlap of frameworks by members on", "The same as a table"]),
        ("/nothing/", ["<h1>No such kind</h1>", "There is no kind of thing &#39;nothing&#39;."]),
        ("/query", ["Ctrl-Enter runs the query", '"running": "Running ..."']),
    ],
)  # fmt: skip
def test_pages_in_english_say_what_they_said(world_client, path, expected):
    page = get(world_client, path)
    assert [each for each in expected if each not in page] == []
    # On these pages nothing needs to be marked as of another language but names.
    assert "lang=ja" not in re.sub(r"<nav class=\"languages.*?</nav>|<link [^>]+>", "", page,
                                   flags=re.DOTALL)  # fmt: skip


@pytest.mark.parametrize(
    "language, search, rows, kind",
    [
        ("ja", "検索", "行", "アクター"),
        ("ko", "검색", "행", "행위자"),
        ("zh-hans", "搜索", "行", "行为体"),
        ("zh-hant", "搜尋", "列", "行為者"),
    ],
)
def test_pages_speak_the_language(world_client, language, search, rows, kind):
    page = get(world_client, in_language("/actor/arland.html", language))
    assert f"<button>{search}</button>" in page
    assert re.search(rf'<span class="count">\d+ ?{rows}</span>', page)
    assert f">{kind}</a>" in page
    assert f"<h1>{kind}</h1>" in get(world_client, in_language("/actor/", language))
    # Anchors are the same in all languages.
    assert '<h2 id="frameworks-it-belongs-to">' in page
    # The script has its words from the page.
    editor = get(world_client, in_language("/query", language))
    [words] = re.findall(r'id="words">(.*?)</script>', editor, re.DOTALL)
    assert json.loads(words)["running"] == words_in(language).gettext("Running ...")


def test_what_has_no_translation_is_marked_as_english(world_client):
    page = get(world_client, "/query?question=who-holds&lang=ko")
    assert '<h1 lang="en">Who holds' in page
    # Why a query was refused is told by the engine, in English.
    page = get(world_client, "/query?query=SELECT&lang=ko")
    assert re.search(r"<h2>SPARQL 1.1 질의가 아님</h2>\s*<p><span lang=\"en\">", page)
    assert "<p>질의를 고치십시오.</p>" in page


def test_a_problem_is_told_in_the_language_to_people_and_in_english_to_programs(world_client):
    page = get(world_client, "/nothing/?lang=zh-hans")
    assert "<h1>没有此种类</h1>" in page
    assert "<p>没有种类为 &#39;nothing&#39; 的事物。</p>" in page
    told = world_client.get("/nothing/?lang=zh-hans", headers={"accept": "application/json"}).json()
    assert told["title"] == "Not Found"
    assert told["detail"].startswith("There is no kind of thing 'nothing'.")


def test_a_message_is_english_and_can_be_said_in_other_languages():
    message = Message("Its pages are 1 to %(last)s.", last=7)
    assert message == "Its pages are 1 to 7."
    assert words_in("en").say(message) == message
    assert words_in("ja").say(message) == "ページは 1 から 7 までです。"
    assert words_in("ja").say("No message of the pages.") is None
    assert words_in("ko").ngettext("%(number)s row", "%(number)s rows", 2000) == "2,000행"


def test_dates_stay_and_what_is_known_of_them_is_said_in_the_language():
    row = {"latestStart": Term("literal", "1999-12-31"), "endDate": Term("literal", "2001")}
    assert describe(row, span(row), words_in("en")) == "no later than 1999-12-31 to 2001"
    assert describe(row, span(row), words_in("ja")) == "遅くとも 1999-12-31～2001"


def test_tables_have_their_columns_and_values_in_the_language(world_client):
    path = "/api/questions/who-belonged-to-a-framework-on-a-date.html?date=2021-01-01"
    page = get(world_client, f"{path}&lang=ja")
    assert '<th scope="col">確実さ</th>' in page
    assert "<bdi>確実</bdi>" in page
    # The role, of which the answer has the label and not the concept, too.
    assert '<bdi lang="ja">メンバー</bdi>' in page
    assert '<bdi lang="en">' not in page
    # The file for programs has the names of the variables and the words of the query.
    csv = world_client.get(path.replace(".html", ".csv")).text
    assert "certainty" in csv.split("\n")[0]
    assert "certain" in csv.split("\n")[1]


def test_the_answer_to_somebody_elses_query_is_left_as_it_is(world_client):
    query = 'SELECT ("certain" AS ?certainty) ("member"@en AS ?roleLabel) WHERE { }'
    page = world_client.get("/query", params={"query": query, "lang": "ja"}).text
    assert '<th scope="col" lang="en">certainty</th>' in page
    assert "<bdi>certain</bdi>" in page
    assert '<bdi lang="en">member</bdi>' in page


def test_words_for_terms_are_said_in_the_language_of_questions_and_things(shipped_client):
    """Rosters have roles and events kinds, as labels without their concepts."""
    question = "/api/questions/who-belongs-to-a-framework.html?framework=quad&lang=ko"
    for path in (question, "/framework/quad.html?lang=ko"):
        page = get(shipped_client, path)
        assert '<bdi lang="ko">회원</bdi>' in page
        assert '<bdi lang="en">member</bdi>' not in page
    page = get(shipped_client, "/framework/quad.html?lang=zh-hant")
    assert '<bdi lang="zh-hant">峰會</bdi>' in page
    assert '<bdi lang="en">summit</bdi>' not in page


def test_the_drawing_and_its_file_speak_the_language(world_client):
    for path in ("/views/timeline", "/views/timeline.svg"):
        page = world_client.get(f"{path}?framework=framework:tidal-pact&lang=ja").text
        assert ">メンバーシップ</text>" in page
        assert "の年表、" in re.search(r"<title id=[^>]*>([^<]*)", page)[1]
    # Of the two members only Arland has a label in Japanese; all properties have one.
    page = world_client.get("/views/network.svg?thing=framework:tidal-pact&lang=ja").text
    labels = re.findall(r'<text [^>]*?lang="en"[^>]*>([^<]*)<', page)
    assert "Borland" in labels
    assert "設立根拠 →" not in labels
    assert "設立根拠 →</text>" in page
    assert "アーランド</text>" in page
    assert "アーランド" not in labels
    rows = world_client.get("/views/timeline.csv?framework=framework:tidal-pact&lang=ja").text
    assert rows.startswith("what,thing,thingLabel")
    assert ",membership," in rows.replace("\r", "") or "\nmembership," in rows
