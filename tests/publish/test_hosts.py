"""Rules for hosts: Apache, nginx and Caddy give a site of files as the server gives it."""

import gzip
import json
import re
import subprocess
from contextlib import ExitStack, contextmanager

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.conftest import TESTS
from tests.npm import installed
from tests.publish.hosts import RUN, apache, folder, program
from tests.serve.conftest import WAIT
from tests.serve.test_accept import CHROME, COMPACTED, HTML, JSONLD, TURTLE, VECTORS, XML
from tests.serve.test_documents import MEDIA, links_of

from trilateral.errors import TrilateralError
from trilateral.publish.hosts import negotiation
from trilateral.publish.hosts.table import make_table
from trilateral.publish.hosts.write import site_rules, write_hosts
from trilateral.serve.linked_data.documents import FORMATS
from trilateral.serve.web.accept import choose

BASE = "https://w3id.org/trilateral/"
TOLD = {"title": "Trilateral", "abstract": "A graph"}
SEE = {"ontology/0.4.0": "ontology"}
RETIRED = {"/actor/ada": "/actor/ada-orr", "/actor/nobody": None}
WITH_PAGE = ["actor/ada-orr", "ontology", "graph/actors/persons", "scheme/polarity"]
WITHOUT_PAGE = ["dataset", "shapes", "void", "dcat", "sparql-examples"]
OTHERS = [
    *("index.html", "404.html", "about/index.html", "actor/index.html"),
    *("actor/index.kind-state.html", "context.jsonld", "api/questions/who.json"),
    *("api/questions/who.csv", "api/questions/who.tsv", "api/questions/who.xml"),
    *(
        "api/questions/which.ttl",
        "search/index.json",
        "history/a/changes.rdfp",
        "compare/a.csv",
        "compare/a.tsv",
    ),
    *("static/site.0123456789ab.css", "static/a/b.0123456789ab.js"),
    *("static/icon.0123456789ab.svg", "sitemap.xml", "robots.txt", "data/dataset.nq.gz"),
    *(".well-known/void", "data/engine.wasm", "version/2026-03-01/ontology.ttl"),
]
TYPES = {
    **MEDIA,
    "css": "text/css; charset=utf-8",
    "csv": "text/csv; charset=utf-8",
    "gz": "application/gzip",
    "js": "text/javascript; charset=utf-8",
    "json": "application/json",
    "rdfp": "application/rdf-patch",
    "svg": "image/svg+xml",
    "tsv": "text/tab-separated-values; charset=utf-8",
    "txt": "text/plain; charset=utf-8",
    "wasm": "application/wasm",
    "xml": "application/xml",
}

# As the server types the answers to questions.
ANSWERS = {
    "csv": "text/csv; charset=utf-8; header=present",
    "json": "application/sparql-results+json",
    "xml": "application/sparql-results+xml",
}

# The vectors of the server, worked out by hand from RFC 9110, 12.5.1, for its four offers. Hosts
# offer three more after these, which changes what is chosen here alone.
ENDINGS = {HTML: "html", TURTLE: "ttl", JSONLD: "jsonld", XML: "rdf", None: None}
SEVEN = {"*/*, text/html;q=0.1, text/turtle;q=0.1, application/ld+json;q=0.1": "nt"}
# What clients send, with what it means by the RFC, by hand.
CLIENTS = [
    # Firefox, Chrome, curl.
    ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "html"),
    (CHROME, "html"),
    ("*/*", "html"),
    # Jena, Comunica, rdflib for its formats.
    ("text/turtle,application/n-triples;q=0.9,application/ld+json;q=0.8,application/rdf+xml;q=0.7,"
     "*/*;q=0.3", "ttl"),
    ("application/n-quads,application/trig;q=0.95,application/ld+json;q=0.9,application/n-triples;"
     "q=0.8,text/turtle;q=0.6,application/rdf+xml;q=0.5,text/n3;q=0.35,application/xml;q=0.3,"
     "image/svg+xml;q=0.3,text/xml;q=0.3,text/html;q=0.2,application/xhtml+xml;q=0.18,"
     "application/json;q=0.135,text/shaclc;q=0.1,text/shaclc-ext;q=0.05", "nq"),
    ("text/turtle, application/x-turtle, */*;q=0.1", "ttl"),
    ("application/rdf+xml, */*;q=0.1", "rdf"),
    ("application/ld+json, application/json;q=0.9, */*;q=0.1", "jsonld"),
    ("application/trig, */*;q=0.1", "trig"),
    ("text/plain, */*;q=0.1", "html"),
    # Protege and rapper; the one that no longer accepts the first four by weight.
    ("application/rdf+xml, application/xml; q=0.7, text/xml; q=0.6, text/plain; q=0.1, */*; q=0.09",
     "rdf"),
    ("application/rdf+xml, text/rdf;q=0.6, application/n-triples, text/plain;q=0.1, text/turtle, "
     "application/x-turtle, application/turtle, text/n3;q=0.3, application/xhtml+xml;q=0.4, "
     "text/html;q=0.6, text/x-nquads, */*;q=0.1", "ttl"),
    ("application/n-triples;q=0.999, application/n-quads, text/turtle;q=0.99", "nq"),
    ("application/trig;q=0.5,application/n-quads;q=0.50,application/n-triples;q=0.500", "nt"),
    ("application/n-quads;q=0.001, text/turtle;q=0.", "nq"),
]  # fmt: skip
ACCEPTED = [
    *((accept, SEVEN.get(accept, ENDINGS[chosen])) for accept, chosen in VECTORS),
    *CLIENTS,
]
# All that is read otherwise than by the server: header, what the server chooses, what hosts do.
DEVIATIONS = [
    # A range that stands twice: the server takes the larger weight, hosts the first.
    ("text/turtle;q=0.1, text/turtle;q=0.9, text/html;q=0.5", "ttl", "html"),
    # A quotation mark that nothing closes: hosts read nothing behind it.
    ('text/html;x=", text/turtle', "ttl", "html"),
    # A wildcard with a parameter of one format alone: hosts take it for none of theirs.
    (f'application/*;profile="{COMPACTED}", text/turtle;q=0.5', "jsonld", "ttl"),
]


def make_site(root):
    """Lay a small site down: each file holds its name."""
    names = [
        *(f"{name}.{ending}" for name in WITH_PAGE for ending in MEDIA),
        *(f"{name}.{ending}" for name in WITHOUT_PAGE for ending in list(MEDIA)[1:]),
        *OTHERS,
    ]
    for name in names:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        body = (name + "\n").encode()
        path.write_bytes(gzip.compress(body) if name.endswith(".gz") else body)
    for path in root.rglob("*"):
        path.chmod(0o755 if path.is_dir() else 0o644)


@contextmanager
def hosted(name, path=""):
    """Run a host with its rules on the site at a path."""
    table = make_table(path=path, see=SEE, retired=RETIRED)
    files = write_hosts(table, TOLD)
    rules = {file.partition("/")[2]: data for file, data in files.items()}
    with folder() as root, ExitStack() as stack:
        make_site(root / path.removeprefix("/"))
        yield stack.enter_context(RUN[name](root, rules, path))


@pytest.fixture(scope="module", params=[(name, path) for name in RUN for path in ("", "/sub")],
                ids=lambda param: f"{param[0]}{param[1]}")  # fmt: skip
def host(request):
    with hosted(*request.param) as found:
        yield found


def leads(host, path, *accept):
    """Return the ending of the document that a name leads to, None where it is 406."""
    answer = host.ask(f"/{path}", *accept)
    if answer.status == 406:
        return None
    assert answer.status == 303, (answer.status, answer.body)
    stem, _, ending = answer.leads.rpartition(".")
    assert stem == f"{host.path}/{path}"
    return ending


# ---------------------------------------------------------------- names and what is accepted


def test_accept_header_leads_to_what_the_rfc_says(host):
    wrong = []
    for accept, chosen in ACCEPTED:
        found = leads(host, "actor/ada-orr", *([] if accept is None else [accept]))
        if found != chosen:
            wrong.append((accept, chosen, found))
    assert wrong == []


def test_only_these_headers_are_read_otherwise(host):
    offers = [each.offer for each in FORMATS]
    for accept, chosen, given_ in DEVIATIONS:
        index = offers.index(choose(accept, offers))
        assert (FORMATS[index].ending, leads(host, "actor/ada-orr", accept)) == (chosen, given_)


def test_several_accept_headers_are_one(host):
    found = leads(host, "actor/ada-orr", "text/html;q=0.1", "text/turtle")
    # Before 1.23 nginx reads the first alone.
    old = host.name == "nginx" and _version_of_nginx() < (1, 23)
    assert found == ("html" if old else "ttl")


def _version_of_nginx():
    said = subprocess.run([program("nginx"), "-v"], capture_output=True, text=True).stderr
    return tuple(map(int, re.search(r"/(\d+)\.(\d+)", said).groups()))


@pytest.mark.parametrize("name", WITH_PAGE)
def test_name_leads_to_its_documents(host, name):
    for ending, media in MEDIA.items():
        answer = host.ask(f"/{name}", media.partition(";")[0])
        assert (answer.status, answer.leads) == (303, f"{host.path}/{name}.{ending}")
        assert answer.headers.get_all("vary") == ["Accept"]
        assert answer["cache-control"] == "private, max-age=300"


@pytest.mark.parametrize("name", WITHOUT_PAGE)
def test_name_without_a_page_leads_to_data(host, name):
    assert leads(host, name) == "ttl"
    assert leads(host, name, CHROME) == "ttl"
    assert leads(host, name, "application/n-quads, text/turtle;q=0.5") == "nq"
    assert leads(host, name, "text/html") is None


def test_parameters_of_a_name_are_left_out(host):
    assert host.ask("/actor/ada-orr?lang=ja", "text/turtle")["location"].endswith("/ada-orr.ttl")


def test_what_is_accepted_in_no_form_is_told_what_there_is(host):
    answer = host.ask("/actor/ada-orr", "image/png")
    assert answer.status == 406
    assert answer["vary"] == "Accept"
    assert answer["cache-control"] == "private, max-age=300"
    for media in MEDIA.values():
        assert media.partition(";")[0] in answer.body.decode()


def test_other_names_lead_to_the_name(host):
    for path, name in (
        ("/ontology/0.4.0", "/ontology"),
        ("/.well-known/void", "/void"),
        ("/.well-known/sparql-examples", "/sparql-examples"),
    ):
        answer = host.ask(path, "text/turtle")
        assert (answer.status, answer.leads) == (303, host.path + name)


def test_retired_name_leads_to_the_new_one_or_is_gone(host):
    for ending in ("", ".ttl", ".html"):
        moved = host.ask(f"/actor/ada{ending}")
        assert (moved.status, moved.leads) == (301, f"{host.path}/actor/ada-orr{ending}")
        gone = host.ask(f"/actor/nobody{ending}")
        assert (gone.status, gone["cache-control"]) == (410, "no-store")
    assert host.ask("/actor/nobody-else").status == 404


@pytest.mark.parametrize(
    "path",
    [
        *("/actor/nobody-else", "/actor/nobody-else.ttl", "/nothing", "/actor/ada-orr/"),
        *("/actor/ada-orr/more", "/actor/ada-orr.ttl/more", "/actor/ada-orr.ttl.ttl", "/.ttl"),
        *("/graph/actors/", "/about.html", "/static/", "/actor/ada%2dorr%0d%0aset-cookie:x"),
        *("/api/questions/which", "/version/2026-03-01/ontology", "/404"),
        *("/a%20b", "/%3Cscript%3E", "/actor/ada-orr%20", "/actor/%D0%B0"),
    ],
)
def test_what_is_not_there_is_not_found(host, path):
    answer = host.ask(path, "text/turtle")
    assert answer.status == 404, answer["location"]
    assert answer.body == b"404.html\n"
    assert answer["content-type"] == "text/html; charset=utf-8"
    assert answer["cache-control"] == "no-store"
    assert "link" not in answer.headers
    assert "set-cookie" not in answer.headers


# ---------------------------------------------------------------- files and headers


def files_of(names):
    return [
        *(f"{name}.{ending}" for name in names for ending in MEDIA),
        *(f"{name}.{ending}" for name in WITHOUT_PAGE for ending in list(MEDIA)[1:]),
        *(each for each in OTHERS if not each.startswith(".well-known")),
    ]


def type_of(name):
    types = TYPES | ANSWERS if name.startswith("api/questions/") else TYPES
    return types[name.rpartition(".")[2]]


def test_files_have_their_types_and_headers(host):
    for name in files_of(WITH_PAGE):
        answer = host.ask(f"/{name}")
        assert answer.status == 200, name
        body = gzip.decompress(answer.body) if name.endswith(".gz") else answer.body
        assert body.decode() == f"{name}\n"
        assert answer["content-type"] == type_of(name), name
        assert "content-encoding" not in answer.headers, name
        forever = name.startswith(("static/", "version/"))
        cached = "public, max-age=31536000, immutable" if forever else "public, max-age=300"
        assert answer["cache-control"] == cached, name
        assert answer["etag"], name
        assert "accept" not in re.split(", *", answer["vary"].lower())


@pytest.mark.parametrize(
    "path", ["/", "/actor/ada-orr", "/actor/ada-orr.ttl", "/nothing", "/about/"]
)
def test_everybody_may_read_and_no_page_may_do_more(host, path):
    answer = host.ask(path, "text/turtle")
    assert answer["access-control-allow-origin"] == "*"
    assert "Link" in answer["access-control-expose-headers"]
    assert answer["x-content-type-options"] == "nosniff"
    assert answer["referrer-policy"] == "no-referrer"
    policy = dict(
        part.strip().split(" ", 1) for part in answer["content-security-policy"].split(";")
    )
    assert policy["default-src"] == "'self'"
    assert policy["script-src"] == "'self' 'wasm-unsafe-eval'"
    assert policy["frame-ancestors"] == "'none'"
    for name in ("access-control-allow-origin", "content-security-policy", "cache-control"):
        assert len(answer.headers.get_all(name)) == 1, name


def test_browser_is_told_that_it_may_ask(host):
    for path in ("/actor/ada-orr", "/actor/ada-orr.ttl", "/", "/api/questions/who.json"):
        answer = host.ask(path, method="OPTIONS", origin="https://example.org",
                          access_control_request_method="GET",
                          access_control_request_headers="if-none-match")  # fmt: skip
        assert (answer.status, answer.body) == (204, b"")
        assert answer["access-control-allow-origin"] == "*"
        assert answer["access-control-allow-methods"] == "GET, HEAD, OPTIONS"
        assert "If-None-Match" in answer["access-control-allow-headers"]
    assert "access-control-allow-methods" not in host.ask("/").headers


def test_nothing_is_written(host):
    for method in ("POST", "PUT", "DELETE"):
        for path in ("/actor/ada-orr", "/actor/ada-orr.ttl", "/api/questions/who.json"):
            answer = host.ask(path, method=method, content_length="0")
            assert answer.status == 405


def test_head_is_get_without_the_body(host):
    for path in ("/actor/ada-orr", "/actor/ada-orr.ttl", "/"):
        got, head = host.ask(path), host.ask(path, method="HEAD")
        assert (head.status, head.body, head.leads) == (got.status, b"", got.leads)
        assert head["link"] == got["link"]


def test_who_has_a_file_gets_it_once(host):
    etag = host.ask("/actor/ada-orr.ttl")["etag"]
    again = host.ask("/actor/ada-orr.ttl", if_none_match=etag)
    assert (again.status, again.body) == (304, b"")


def test_links_are_those_of_the_server(host):
    """As in the test of the server; the root of the site is another."""
    thing = links_of(host.ask("/actor/ada-orr", "text/turtle"))
    document = links_of(host.ask("/actor/ada-orr.ttl"))
    for ending, media in MEDIA.items():
        alternate = ("alternate", f"{host.path}/actor/ada-orr.{ending}", media.partition(";")[0])
        assert alternate in thing
        assert (alternate in document) == (ending != "ttl")
    for found in (thing, document):
        assert ("cite-as", BASE + "actor/ada-orr", "") in found
    assert ("canonical", BASE + "actor/ada-orr.ttl", "") in document
    assert ("describedby", f"{host.path}/.well-known/void", "text/turtle") in document
    data = links_of(host.ask("/void.nt"))
    assert ("alternate", f"{host.path}/void.ttl", "text/turtle") in data
    assert not any("html" in target for _, target, _ in data)
    for path in ("/", "/about/", "/actor/", "/actor/index.kind-state.html", "/context.jsonld"):
        assert "link" not in host.ask(path).headers, path


def test_folder_is_its_page(host):
    for path in ("/", "/about/", "/actor/"):
        answer = host.ask(path)
        assert (answer.status, answer.body.decode()) == (200, f"{path[1:]}index.html\n")
        assert answer["content-type"] == "text/html; charset=utf-8"
    answer = host.ask("/about")
    assert answer.leads == f"{host.path}/about/"


def test_long_header_is_no_trouble(host):
    """A pattern that backtracks without end would be given up, and something else be chosen."""
    for many in ("a/b," * 1500, "," * 6000, 'a/b;c="d,e",' * 500, "a/b;" * 1500 + ","):
        assert leads(host, "actor/ada-orr", many + "text/turtle") == "ttl"


# ---------------------------------------------------------------- patterns, without a host


_RULES = {each.name: each for each in negotiation.ranges(FORMATS)}


def by_patterns(accept):
    """Return what the patterns choose, as a host applies them."""

    def weight(name):
        for rule in _RULES[name].rules:
            match = re.search(rule.pattern, accept)
            if match:
                return rule.weight or "".join(group or "" for group in match.groups())
        otherwise = _RULES[name].otherwise
        return otherwise if name == "any" else weight(otherwise)

    best = re.search(negotiation.BEST, negotiation.weights(FORMATS, weight))
    return best and best[1]


_TYPES = st.sampled_from([*(each.bare for each in FORMATS), "image/png", "Text/HTML", "nonsense"])
_WIDE = st.sampled_from(["*/*", "text/*", "application/*", "Application/*", "*/html"])
_WEIGHTS = st.sampled_from(["", ";q=1", ";q=0", "; q=0.5", " ;Q=0.50", ";q=0.499", ";q=1.000",
                            ";q=0.", ";q=2", ";q=.5", ";q=0.1234", ";"])  # fmt: skip
_CHARSETS = ["", "", ";charset=utf-8", ";charset=UTF-8", ";charset=latin-1"]
_OTHERS = [f';profile="{COMPACTED}"', ';x="a, text/html"', ";v=b3"]
_RANGES = st.lists(
    st.tuples(_TYPES, st.sampled_from([*_CHARSETS, *_OTHERS]), _WEIGHTS)
    | st.tuples(_WIDE, st.sampled_from(_CHARSETS), _WEIGHTS),
    max_size=6,
    unique_by=lambda each: (each[0].lower(), each[1].lower()),
)


@settings(max_examples=200, deadline=None)
@given(_RANGES, st.sampled_from([",", ", ", " ,\t"]))
def test_patterns_choose_what_the_server_chooses(ranges, comma):
    accept = comma.join("".join(each) for each in ranges)
    offers = [each.offer for each in FORMATS]
    chosen = choose(accept, offers)
    assert by_patterns(accept) == (FORMATS[offers.index(chosen)].ending if chosen else None)


def test_weights_are_compared_as_numbers():
    order = ["0", "0.001", "0.01", "0.1", "0.11", "0.2", "0.9", "0.999", "1"]
    for at, small in enumerate(order):
        for large in order[at + 1 :]:
            for first in ({"html": small, "ttl": large}, {"html": large, "ttl": small}):
                text = negotiation.weights(FORMATS[:2], first.__getitem__)
                assert first[re.search(negotiation.BEST, text)[1]] == large
    for same in (("0.5", "0.50"), ("1", "1.000"), ("0.100", "0.1")):
        text = negotiation.weights(FORMATS[:2], dict(zip(("html", "ttl"), same, strict=True)).get)
        assert re.search(negotiation.BEST, text)[1] == "html"
    text = negotiation.weights(FORMATS[:2], {"html": "0", "ttl": "0.000"}.get)
    assert re.search(negotiation.BEST, text) is None


# ---------------------------------------------------------------- w3id.org


@pytest.fixture(scope="module")
def w3id(request):
    """Apache as w3id.org runs it: the entry is a folder with nothing but its rules."""
    with ExitStack() as stack:

        def start(name):
            files = write_hosts(make_table("https://data.example.org/tri", see=SEE), TOLD)
            root = stack.enter_context(folder())
            (root / "trilateral").mkdir()
            (root / "trilateral").chmod(0o755)
            rules = {".htaccess": files[f"{name}/.htaccess"]}
            return stack.enter_context(apache(root, rules, "/trilateral"))

        yield {name: start(name) for name in ("w3id", "w3id-for-plain-files")}


def test_w3id_leads_to_a_server_which_negotiates(w3id):
    host, there = w3id["w3id"], "https://data.example.org/tri"
    for path, status in {
        "/actor/ada-orr": 303,
        "/graph/actors/persons": 303,
        "/ontology": 303,
        "/ontology/0.4.0": 303,
        "/void": 303,
        "/.well-known/void": 303,
        "/actor/ada-orr.ttl": 302,
        "/actor/ada-orr.html?lang=ja": 302,
        "/about": 302,
        "/": 302,
        "/sparql?query=ASK%20%7B%7D": 307,
    }.items():
        answer = host.ask(path, "text/turtle")
        assert (answer.status, answer["location"]) == (status, there + path)
        assert answer["access-control-allow-origin"] == "*"
    answer = host.ask("/sparql", method="POST", content_length="0")
    assert (answer.status, answer["location"]) == (307, f"{there}/sparql")


def test_w3id_negotiates_for_a_host_that_cannot(w3id):
    host, there = w3id["w3id-for-plain-files"], "https://data.example.org/tri"
    wrong = []
    for accept, chosen in ACCEPTED:
        answer = host.ask("/actor/ada-orr", *([] if accept is None else [accept]))
        expected = f"{there}/actor/ada-orr.{chosen}" if chosen else ""
        if (answer.status, answer["location"]) != (303 if chosen else 406, expected):
            wrong.append((accept, chosen, answer.status, answer["location"]))
    assert wrong == []
    answer = host.ask("/actor/ada-orr", "text/turtle")
    assert (answer["vary"], answer["access-control-allow-origin"]) == ("Accept", "*")
    assert host.ask("/void", CHROME)["location"] == f"{there}/void.ttl"
    assert host.ask("/ontology/0.4.0")["location"] == f"{BASE}ontology"
    for path in ("/actor/ada-orr.ttl", "/actor/ada-orr.html", "/about", "/", "/data/dataset.nq.gz"):
        answer = host.ask(path, "text/turtle")
        assert (answer.status, answer["location"]) == (302, there + path)


def test_w3id_entry_names_nobody():
    files = write_hosts(make_table("https://data.example.org/tri"), TOLD)
    for folder_ in ("w3id", "w3id-for-plain-files"):
        for name in (".htaccess", "README.md"):
            text = files[f"{folder_}/{name}"].decode()
            assert "FILL IN: name of the maintainer" in text
            assert "/trilateral/" in text
            assert "https://data.example.org/tri" in text
            assert "@" not in text.replace("FILL IN", "")


# ---------------------------------------------------------------- Netlify and Cloudflare Pages


@pytest.fixture(scope="module")
def netlify(tmp_path_factory):
    """What Netlify's own engines make of the files, for some paths."""
    place = tmp_path_factory.mktemp("netlify")
    for name, data in site_rules(make_table(see=SEE, retired=RETIRED)).items():
        (place / name).write_bytes(data)
    paths = [
        *(f"/{name}" for name in files_of(WITH_PAGE)),
        *(f"/{name}" for name in (*WITH_PAGE, *WITHOUT_PAGE, *SEE)),
        *("/", "/about/", "/actor/ada", "/actor/ada.ttl", "/actor/nobody", "/.well-known/void"),
    ]
    folder_ = TESTS / "publish" / "netlify"
    program_ = program("node", "nodejs")
    done = subprocess.run(
        [program_, folder_ / "match.mjs", place],
        cwd=installed(folder_),
        input=json.dumps(paths),
        capture_output=True,
        text=True,
        timeout=WAIT,
    )
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout)
    assert said["wrong"] == []
    return said["found"]


def test_netlify_sends_types_and_headers(netlify):
    for path, found in netlify.items():
        given_ = [name.lower() for fields in found["headers"] for name in fields]
        # Both hosts would join what comes twice.
        assert len(given_) == len(set(given_)), path
        fields = {name.lower(): value for each in found["headers"] for name, value in each.items()}
        assert fields["access-control-allow-origin"] == "*"
        assert "'wasm-unsafe-eval'" in fields["content-security-policy"]
        typed = {**MEDIA, "well-known/void": MEDIA["ttl"]}
        if path.startswith("/api/questions/"):
            typed |= TYPES | ANSWERS
        assert fields.get("content-type") == typed.get(path.rpartition(".")[2])
        forever = path.startswith(("/static/", "/version/"))
        assert ("immutable" in fields.get("cache-control", "")) == forever


def test_netlify_leads_on_where_it_can_without_end(netlify):
    led = {path: found["leads"] for path, found in netlify.items() if found["leads"]}
    assert led == {
        **{f"/{name}": [303, f"/{name}.ttl"] for name in WITHOUT_PAGE},
        "/.well-known/void": [303, "/void.ttl"],
        "/ontology/0.4.0": [303, "/ontology.html"],
        "/actor/ada": [301, "/actor/ada-orr"],
        "/actor/ada.ttl": [301, "/actor/ada-orr.ttl"],
    }


def test_files_keep_the_limits_of_cloudflare():
    """At most 100 rules for headers, one star in each; and no redirect of ours has a wildcard."""
    files = site_rules(make_table(see=SEE, retired=RETIRED))
    assert not re.search(r"^[^#\n]*[*:]", files["_redirects"].decode(), re.MULTILINE)
    rules = [line for line in files["_headers"].decode().splitlines() if line.startswith("/")]
    assert len(rules) <= 100
    assert all(rule.count("*") <= 1 for rule in rules)
    assert max(map(len, files["_headers"].decode().splitlines())) <= 2000


# ---------------------------------------------------------------- the command


def test_command_writes_the_files_of_all_hosts(run, tmp_path):
    out = tmp_path / "hosts"
    done = run("publish", "hosts", "--out", out, "--base", "https://example.org/sub/")
    assert done.returncode == 0, done.stderr
    written = {each.relative_to(out).as_posix() for each in out.rglob("*") if each.is_file()}
    assert {str(out / each) for each in written} == set(done.stdout.splitlines())
    assert written == {
        *("apache/.htaccess", "caddy/Caddyfile", "netlify/_headers", "netlify/_redirects"),
        *("nginx/maps.conf", "nginx/site.conf", "w3id/.htaccess", "w3id/README.md"),
        *("w3id-for-plain-files/.htaccess", "w3id-for-plain-files/README.md"),
    }
    assert "/ontology/0.4.0 /sub/ontology.html 303" in (out / "netlify/_redirects").read_text()
    # What stands is not written over.
    again = run("publish", "hosts", "--out", out)
    assert again.returncode == 1
    assert f"{out}: this stands" in again.stderr


def test_command_leaves_out_w3id_without_an_address(run, tmp_path):
    out = tmp_path / "hosts"
    done = run("publish", "hosts", "--out", out, "--base-path", "/sub", "--json")
    assert done.returncode == 0, done.stderr
    assert not any("w3id" in name for name in json.loads(done.stdout))
    assert "location /sub/ {" in (out / "nginx/site.conf").read_text()


@pytest.mark.parametrize("option", ["base", "path"])
@pytest.mark.parametrize(
    "wrong", ["example.org", "ftp://example.org", "https://a b", '/a"b', "/a\nb", "a"]
)
def test_what_is_no_address_is_refused(option, wrong):
    with pytest.raises(TrilateralError, match="this is no"):
        make_table(**{option: wrong})
