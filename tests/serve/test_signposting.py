"""Typed links and schema.org in pages: programs find what a page is about, and the data."""

import json
from html.parser import HTMLParser
from types import SimpleNamespace

import pytest
import rdflib
import yaml
from tests.conftest import TESTS

from trilateral.serve.linked_data.signposting import of_dataset

BASE = "https://w3id.org/trilateral/"
LICENSE = "https://creativecommons.org/licenses/by/4.0/"
ABOUT, DATASET = "https://schema.org/AboutPage", "https://schema.org/Dataset"


class Head(HTMLParser):
    """The ``link`` elements of a page as relation, address and media type, and its JSON-LD."""

    def __init__(self, text):
        super().__init__()
        self.links, self.data, self._inside = [], "", False
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        told = dict(attrs)
        if tag == "link":
            self.links.append((told["rel"], told.get("href"), told.get("type")))
        self._inside = tag == "script" and told.get("type") == "application/ld+json"

    def handle_endtag(self, tag):
        self._inside = False

    def handle_data(self, data):
        self.data += data if self._inside else ""

    def of(self, relation):
        return [(href, media) for rel, href, media in self.links if rel == relation]


def opened(client, path, media):
    """Return what stands under a path, which has to be of a media type."""
    answer = client.get(path)
    assert answer.status_code == 200, path
    assert answer.headers["content-type"].partition(";")[0] == media, path
    return answer.text


def test_the_home_page_is_the_landing_page_of_the_dataset(world_client):
    answer = world_client.get("/")
    head = Head(answer.text)
    assert head.of("cite-as") == [(BASE, None)]
    assert head.of("license") == [(LICENSE, None)]
    assert head.of("type") == [(ABOUT, None), (DATASET, None)]
    described = dict(head.of("describedby"))
    assert described == {
        "/dcat.ttl": "text/turtle",
        "/dcat.jsonld": "application/ld+json",
        "/void.ttl": "text/turtle",
    }
    dcat = rdflib.Graph().parse(data=opened(world_client, "/dcat.ttl", "text/turtle"))
    assert (None, rdflib.RDF.type, rdflib.DCAT.Dataset) in dcat
    assert len(rdflib.Graph().parse(data=opened(world_client, "/void.ttl", "text/turtle"))) > 50
    items = head.of("item")
    assert [href.rpartition(".")[2] for href, _ in items] == [
        "ttl", "jsonld", "nt", "rdf", "trig", "nq",
    ]  # fmt: skip
    for href, media in items:
        opened(world_client, href, media)
    # The header says what the page says.
    for rel, href, media in head.links:
        if rel in ("cite-as", "license", "type", "describedby", "item"):
            told = f'<{href}>; rel="{rel}"' + (f'; type="{media}"' if media else "")
            assert told in answer.headers["link"]


def test_the_home_page_tells_search_engines_for_datasets_what_it_is(world_client):
    told = json.loads(Head(world_client.get("/").text).data)
    cited = yaml.safe_load((TESTS.parent / "CITATION.cff").read_text("utf-8"))
    assert (told["@context"], told["@type"]) == ("https://schema.org/", "Dataset")
    assert told["name"] == cited["title"]
    # So long it has to be for Google Dataset Search.
    assert told["description"] == cited["abstract"] and 50 <= len(told["description"]) <= 5000
    assert told["keywords"] == cited["keywords"]
    assert told["version"] == str(cited["version"])
    assert (told["license"], told["identifier"]) == (LICENSE, BASE)
    (author,) = cited["authors"]
    assert told["creator"] == [{"@type": "Organization", "name": author["name"]}]
    origin = str(world_client.base_url).rstrip("/")
    assert told["url"] == f"{origin}/"
    assert len(told["distribution"]) == 6
    for each in told["distribution"]:
        assert each["@type"] == "DataDownload"
        assert each["contentUrl"].startswith(f"{origin}/dataset.")
        opened(world_client, each["contentUrl"], each["encodingFormat"])


@pytest.mark.parametrize(
    "path", ["actor/arland", "framework/tidal-pact", "graph/frameworks/tidal-pact", "ontology"]
)
def test_the_page_of_a_thing_says_how_to_cite_it_and_where_its_data_are(world_client, path):
    answer = world_client.get(f"/{path}.html")
    head = Head(answer.text)
    assert head.of("cite-as") == [(BASE + path, None)]
    # Which address to prefer is that where the page is, and the header says no other.
    assert head.of("canonical") == [(str(answer.url), None)]
    assert "canonical" not in answer.headers["link"]
    assert head.of("license") == [(LICENSE, None)]
    assert head.of("type") == [(ABOUT, None)]
    assert head.of("describedby") == [(f"/{path}.ttl", "text/turtle")]
    data = rdflib.Graph().parse(data=opened(world_client, f"/{path}.ttl", "text/turtle"))
    assert len(data) > 0


def test_other_pages_are_about_nothing(world_client):
    for path in ("/actor/", "/about", "/query", "/nothing"):
        head = Head(world_client.get(path).text)
        assert not head.of("cite-as") and not head.of("type")


@pytest.mark.parametrize(("quads", "items"), [(250_000, 6), (250_001, 0)])
def test_data_that_are_not_offered_whole_are_no_items(quads, items):
    site = SimpleNamespace(engine=SimpleNamespace(quads=quads))
    found = [each.rel for each in of_dataset(site)]
    assert (found.count("item"), found.count("describedby")) == (items, 3)
