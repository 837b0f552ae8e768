"""What a client accepts decides what it gets, by RFC 9110, section 12.5.1."""

import pytest

from trilateral.serve.web.accept import choose, read_accept

HTML, TURTLE, XML = "text/html", "text/turtle", "application/rdf+xml"
COMPACTED = "http://www.w3.org/ns/json-ld#compacted"
JSONLD = f'application/ld+json;profile="{COMPACTED}"'
OFFERS = [HTML, TURTLE, JSONLD, XML]
CHROME = (
    "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,image/apng,"
    "*/*;q=0.8,application/signed-exchange;v=b3;q=0.7"
)

# Each with the offer that the RFC gives, worked out by hand; what is equal goes by our order.
VECTORS = [
    # No header, or one without any range: everything is accepted.
    (None, HTML),
    ("", HTML),
    (" , ,", HTML),
    ("*/*", HTML),
    # Exact types, without regard to case and spaces.
    ("text/turtle", TURTLE),
    ("TEXT/Turtle", TURTLE),
    ("  text/turtle ;  q=1.0 ", TURTLE),
    ("text/turtle\t;q=0.5", TURTLE),
    ("application/rdf+xml", XML),
    # Weights decide, wherever they stand.
    ("text/html;q=0.5, text/turtle", TURTLE),
    ("text/turtle, text/html;q=0.999", TURTLE),
    ("text/html;q=0.2, application/rdf+xml;q=0.3, text/turtle;q=0.1", XML),
    ("text/turtle;Q=0.9, text/html;q=0.8", TURTLE),
    ("text/turtle;q=0.9;version=1, text/html;q=0.8", HTML),
    # Weight 0 means not acceptable, and a closer range decides over a wider one.
    ("text/html;q=0, */*", TURTLE),
    ("text/*;q=0, */*", JSONLD),
    ("*/*;q=0", None),
    ("text/turtle;q=0", None),
    ("text/turtle;q=0.000, text/*;q=0.1", HTML),
    ("text/*;q=0.3, text/html;q=0.1, */*;q=0.2", TURTLE),
    ("*/*;q=0.9, text/html;q=0.1, text/turtle;q=0.2, application/*;q=0.3", JSONLD),
    ("*/*, text/html;q=0.1, text/turtle;q=0.1, application/ld+json;q=0.1", XML),
    # Parameters: a range with one fits what has it, more closely than one without.
    (f'application/ld+json;profile="{COMPACTED}"', JSONLD),
    (f'application/ld+json;PROFILE="{COMPACTED}"', JSONLD),
    ('application/ld+json;profile="http://www.w3.org/ns/json-ld#expanded"', None),
    ('application/ld+json;profile="http://www.w3.org/ns/json-ld#COMPACTED"', None),
    ("application/ld+json", JSONLD),
    (f'application/ld+json;profile="{COMPACTED}";q=0.1, application/ld+json, text/turtle;q=0.5',
     TURTLE),
    ("text/turtle;version=1.2", None),
    ("text/turtle;charset=utf-8", TURTLE),
    ("text/turtle;charset=UTF-8;q=0.4, text/html;q=0.3", TURTLE),
    ("text/turtle;charset=utf-8;q=0.1, text/turtle, text/html;q=0.5", HTML),
    ("text/turtle;charset=latin-1", None),
    # A comma or semicolon within quotes parts nothing.
    ('text/turtle;x="a, text/html", application/rdf+xml;q=0.1', XML),
    ('text/turtle;x="a\\", b", application/rdf+xml;q=0.1', XML),
    # What nobody offers is passed over, and all of it is 406.
    ("image/png, text/turtle;q=0.1", TURTLE),
    ("image/png", None),
    ("image/*", None),
    (CHROME, HTML),
    # What is no range, or no weight, is left out.
    ("nonsense, text/turtle", TURTLE),
    ("*/turtle, text/turtle;q=0.1", TURTLE),
    ("text/turtle;q=2, application/rdf+xml;q=0.1", XML),
    ("text/turtle;q=0.1234, application/rdf+xml;q=0.1", XML),
    ("text/turtle;q=-1, application/rdf+xml;q=0.1", XML),
    ("text/html, image/gif, image/jpeg, *; q=.2, */*; q=.2", HTML),
    ("text/turtle;", TURTLE),
    # Of what is liked as much, the first that we offer.
    ("application/rdf+xml, text/turtle", TURTLE),
    ("text/turtle, text/html", HTML),
]  # fmt: skip


@pytest.mark.parametrize(("header", "chosen"), VECTORS)
def test_accept_header_chooses_what_the_rfc_says(header, chosen):
    assert choose(header, OFFERS) == chosen


def test_hostile_headers_are_read_in_linear_time():
    # Each would take minutes where a pattern backtracks.
    for header in ('"' * 60_000, "a/b;" * 15_000, 'a/b;c="' + "\\" * 60_000, "a/b " * 15_000):
        assert len(read_accept(header)) <= 1


def test_several_header_lines_are_one(world_client):
    headers = [("accept", "text/html;q=0.1"), ("accept", "text/turtle")]
    answer = world_client.get("/actor/ada-orr", headers=headers)
    assert answer.headers["location"] == "/actor/ada-orr.ttl"
