"""Where readers come in: the home page, the search, and the language that a URL names."""

import re
from html import unescape

import pytest

from trilateral.serve.pages.catalogue import Name, Thing
from trilateral.serve.pages.finding import Index
from trilateral.serve.pages.language import LANGUAGES


def results(page):
    """The names of the things that a page of the search lists, with their kinds."""
    found = re.findall(r'<span lang="en">([^<]+)</span></a> <span class="badge">([^<]+)<', page)
    return [(unescape(name), kind) for name, kind in found]


# ---------------------------------------------------------------- home


def test_home_leads_to_questions_and_does_not_carry_them(shipped_client):
    page = shipped_client.get("/").text
    asked = [unescape(each) for each in re.findall(r'href="(/query\?question=[^"]+)"', page)]
    assert len(asked) == 7
    assert (
        "/query?question=who-belonged-to-a-framework-on-a-date"
        "&framework=framework:ipef&date=2023-06-30"
    ) in asked
    for path in asked:
        answer = shipped_client.get(path)
        assert answer.status_code == 200, path
        assert "<tbody>" in answer.text
    # One query stands in the page, the one that counts; no query of seven does.
    assert len(re.findall(r'href="/query\?query=', page)) == 1
    assert len(page) < 20_000


# ---------------------------------------------------------------- search


def test_a_slip_of_the_pen_still_finds_the_person(shipped_client):
    page = shipped_client.get("/search", params={"q": "fumio kishda"}).text
    assert 'href="/search?q=fumio%20kishida"' in page[page.index("Did you mean") :]
    assert results(page)[0] == ("Fumio Kishida", "actor")


def test_things_come_before_what_links_them():
    base = "https://w3id.org/trilateral"

    def thing(kind, text):
        return Thing(f"{base}/{kind}/a", kind, names=[Name(text, "en", "label", "")])

    # By the words alone the participation would be first: it begins with them.
    things = [thing("participation", "Bay talks of Kell"), thing("event", "Second bay talks")]
    index = Index({each.kind: [each] for each in things})
    assert [hit.thing.kind for hit in index.find("bay talks")] == ["event", "participation"]


# ---------------------------------------------------------------- language


@pytest.mark.parametrize(
    ("tag", "language"),
    [
        ("zh", "zh-hans"), ("zh-CN", "zh-hans"), ("zh-SG", "zh-hans"), ("zh-Hans-CN", "zh-hans"),
        ("zh-TW", "zh-hant"), ("zh-HK", "zh-hant"), ("zh-Hant-HK", "zh-hant"), ("ja-JP", "ja"),
        ("ko-KR", "ko"), ("en-GB", "en"), ("zh_TW", "zh-hant"),
    ],
)  # fmt: skip
def test_a_tag_of_a_region_means_the_language_that_is_written_there(world_client, tag, language):
    found = world_client.get("/compare", params={"lang": tag})
    assert found.status_code == 200
    assert f'<html lang="{language}">' in found.text
    # What the page leads to names the language by its own tag.
    links = set(re.findall(r'href="/views(?:\?lang=([\w-]+))?"', found.text))
    assert links == {language if language != "en" else ""}
    # A page that tells of a problem speaks it too.
    wrong = world_client.get("/nothing/", params={"lang": tag}, headers={"accept": "text/html"})
    assert f'<html lang="{language}">' in wrong.text


@pytest.mark.parametrize("tag", ["xx", "", "zhx", "-", "ja" * 500])
def test_what_is_no_language_of_the_pages_is_told(world_client, tag):
    found = world_client.get("/compare", params={"lang": tag})
    assert found.status_code == 404
    assert all(each in found.json()["detail"] for each in LANGUAGES)
