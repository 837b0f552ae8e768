"""The pages in a browser: for all readers, by keyboard alone, without scripts, and on a phone.

Each page of `PAGES` is held to the same: no violation that axe-core finds, in light and in
dark, at a desk and on a phone; no request to another host; nothing against the content
security policy; no error in the console; no scrolling sideways.
"""

from urllib.parse import urlsplit

import pytest
from tests.serve.accessibility import DESK, PHONE, violations
from tests.serve.conftest import WAIT

# One page of each kind: its path in the shipped data and its path in the tiny world, where
# the same pages are short.
PAGES = {
    "home": ("/", "/"),
    "home-ja": ("/?lang=ja", "/?lang=ja"),
    "search": ("/search?q=japan", "/search?q=arland"),
    "search-nothing": ("/search?q=jappan+harbuor", "/search?q=arlnad+harbuor"),
    "search-empty": ("/search", "/search"),
    "list": ("/framework/", "/actor/?lang=ja"),
    "list-narrowed": ("/event/?year=2023", "/event/?year=2021"),
    "list-none": ("/actor/?kind=none", "/poll-question/?lang=ko"),
    "about": ("/about", "/about"),
    "problem": ("/nothing/", "/nothing/"),
    "actor": ("/actor/republic-of-korea.html", "/actor/arland.html?lang=ja"),
    "person": ("/actor/yoon-suk-yeol.html", "/actor/jon-arne.html"),
    "framework": ("/framework/quad.html", "/framework/tidal-pact.html"),
    "event": (
        "/event/camp-david-summit-2023.html",
        "/event/selby-leaders-meeting-2021.html",
    ),
    "proposition": (
        "/proposition/us-japan-rok-cooperation-does-harm.html",
        "/proposition/pact-brings-losses-in-trade.html",
    ),
    "source": ("/source/china-daily-2024.html", "/source/corland-gazette-2022.html"),
    "register": (
        "/source/register-kantei-camp-david-2023.html",
        "/source/register-harbour-league.html",
    ),
    "topic": ("/topic/trade.html", "/topic/trade.html"),
    "stance": ("/stance/china-daily-2024-45-6.html", "/stance/corland-gazette-2022-8-arland.html"),
    "ontology": ("/ontology.html", "/ontology.html"),
    "compare": ("/compare", "/compare"),
    "compare-actors": (
        "/compare?one=actor:ling-shengli&two=actor:vincent-brooks",
        "/compare?one=actor:arland&two=actor:borland",
    ),
    "views": ("/views", "/views"),
    "timeline": ("/views/timeline", "/views/timeline"),
    "map": ("/views/map", "/views/map"),
    "network": ("/views/network", "/views/network"),
    "matrix": ("/views/matrix", "/views/matrix"),
    "overlap": ("/views/overlap", "/views/overlap"),
    "editor": ("/query", "/query"),
    "api": ("/api/", "/api/"),
    "question": ("/api/questions/who-holds.html", "/api/questions/who-holds.html"),
}
ALL = pytest.mark.parametrize("name", PAGES)


@pytest.fixture(scope="module")
def checked(browser, world_url):
    """A page in which axe can run: the policy of the site allows no script but its own."""
    context = browser.new_context(base_url=world_url, bypass_csp=True)
    context.set_default_timeout(WAIT * 1000)
    yield context.new_page()
    context.close()


@pytest.fixture(scope="module")
def phone(browser, shipped_url):
    """A page as a reader on a phone has it."""
    context = browser.new_context(base_url=shipped_url, viewport=PHONE, color_scheme="dark")
    context.set_default_timeout(WAIT * 1000)
    yield context.new_page()
    context.close()


@pytest.fixture
def desk(browser, shipped_url):
    """A page as a reader at a desk has it."""
    context = browser.new_context(base_url=shipped_url, viewport=DESK)
    context.set_default_timeout(WAIT * 1000)
    yield context.new_page()
    context.close()


@ALL
def test_axe_finds_nothing(checked, name):
    answer = checked.goto(PAGES[name][1], wait_until="load")
    assert answer.status == status(name)
    assert violations(checked) == []


SPOILED = {
    "h1 { color: var(--panel) }": ["light, 1200", "dark, 1200", "light, 390", "dark, 390"],
    "@media (prefers-color-scheme: dark) and (max-width: 400px) { h1 { color: var(--panel) } }": [
        "dark, 390"
    ],
}


@pytest.mark.parametrize(("style", "looks"), SPOILED.items(), ids=["each look", "one look"])
def test_axe_finds_what_is_wrong(checked, style, looks):
    checked.goto("/about")
    checked.add_style_tag(content=style)
    told = [(each["rule"], each["look"]) for each in violations(checked)]
    assert told == [("color-contrast", f"{look} pixels wide") for look in looks]


@ALL
def test_page_is_whole_on_a_phone_and_asks_nobody_else(phone, shipped_url, name):
    told, asked = [], []
    tell = lambda message: told.append(message.text) if message.type == "error" else None  # noqa: E731
    fail = lambda error: told.append(str(error))  # noqa: E731
    ask = lambda request: asked.append(request.url)  # noqa: E731
    phone.on("console", tell)
    phone.on("pageerror", fail)
    phone.on("request", ask)
    answer = phone.goto(PAGES[name][0])
    if phone.locator("script[src]").count():
        phone.wait_for_load_state("networkidle")
    for event, listener in (("console", tell), ("pageerror", fail), ("request", ask)):
        phone.remove_listener(event, listener)
    assert answer.status == status(name)
    if name == "problem":
        told = [each for each in told if "404" not in each]
    assert told == []
    assert {f"{urlsplit(url).scheme}://{urlsplit(url).netloc}" for url in asked} == {shipped_url}
    assert phone.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    assert phone.locator("h1").count() == 1
    assert phone.evaluate("document.documentElement.lang") == ("ja" if name == "home-ja" else "en")


def test_search_by_keyboard_alone(desk):
    desk.goto("/about")
    desk.keyboard.press("Tab")
    assert desk.evaluate("document.activeElement.textContent") == "Skip to the content"
    tab_to(desk, "#q")
    desk.keyboard.type("quadrilateral security")
    desk.keyboard.press("Enter")
    desk.wait_for_url("**/search?q=quadrilateral+security")
    tab_to(desk, ".results a")
    desk.keyboard.press("Enter")
    desk.wait_for_url("**/framework/quad.html")
    assert "Quad" in desk.locator("h1").inner_text()


def test_skip_link_leads_past_the_navigation(desk):
    desk.goto("/event/")
    desk.keyboard.press("Tab")
    desk.keyboard.press("Enter")
    assert desk.evaluate("document.activeElement.id") == "main"
    desk.keyboard.press("Tab")
    assert desk.evaluate("document.activeElement.closest('main') !== null")


def test_what_has_the_focus_is_seen(desk):
    desk.goto("/")
    for _ in range(12):
        desk.keyboard.press("Tab")
        outline = "getComputedStyle(document.activeElement).outlineStyle"
        assert desk.evaluate(outline) == "solid"


def test_language_switch_keeps_the_page_and_changes_the_heading(desk):
    desk.goto("/actor/japan.html")
    assert desk.locator("h1").inner_text() == "Japan"
    switch = desk.locator("nav.languages")
    switch.get_by_role("link", name="한국어").click()
    desk.wait_for_url("**/actor/japan.html?lang=ko")
    assert desk.locator("h1").inner_text() == "일본"
    desk.locator("#q").fill("quad")
    desk.keyboard.press("Enter")
    desk.wait_for_url("**/search?lang=ko&q=quad")
    switch.get_by_role("link", name="English").click()
    desk.wait_for_url("**/search?q=quad")
    assert desk.locator("#q").input_value() == "quad"


def test_reading_needs_no_script(browser, shipped_url):
    context = browser.new_context(base_url=shipped_url, java_script_enabled=False)
    page = context.new_page()
    page.goto("/")
    page.locator("#q").fill("camp david summit")
    page.get_by_role("button", name="Search").click()
    page.locator(".results a").first.click()
    page.wait_for_url("**/event/*.html")
    assert page.locator("h1").is_visible()
    page.get_by_role("navigation", name="Site").get_by_role("link", name="Events").click()
    page.get_by_label("Year").select_option("2023")
    page.get_by_role("button", name="Show").click()
    page.wait_for_url("**year=2023**")
    assert page.get_by_role("table").locator("tbody tr").count() > 10
    for path in ("/framework/quad.html", "/source/china-daily-2024.html", "/compare", "/views"):
        page.goto(path)
        assert page.locator("main").inner_text().strip()
    context.close()


def test_paper_has_the_content_without_what_is_for_the_screen(desk):
    desk.goto("/framework/quad.html")
    desk.emulate_media(media="print")
    assert not desk.get_by_role("navigation", name="Site", exact=True).is_visible()
    assert not desk.locator("#q").is_visible()
    assert desk.locator("h1").is_visible()


def test_dark_and_light_follow_the_system(desk):
    seen = set()
    desk.goto("/")
    for scheme in ("light", "dark"):
        desk.emulate_media(color_scheme=scheme)
        seen.add(desk.evaluate("getComputedStyle(document.body).backgroundColor"))
    assert len(seen) == 2


def status(name):
    return 404 if name == "problem" else 200


def tab_to(page, selector):
    """Press Tab until what is selected has the focus."""
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(f"Tab does not lead to {selector}")
